"""Every engine and the oracle write equal Journals: all verbs, all rules, and ties everywhere.

`CORRIDOR_EXAMPLES=20000 pytest tests/engine/test_agreement.py` looks longer.
"""

import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor.engine import LONGEST, ClosingRule, Verb
from corridor.engine.fast import play
from corridor.engine.sweep import flows_one_way

from .oracle import oracle
from .plans import (
    Lanes,
    Unit,
    agreed,
    cells,
    crowded_plan,
    give,
    ints,
    join,
    joined,
    limit,
    move,
    one_way_plan,
    plan,
    random_plan,
    rows,
    run,
    serve,
    stamps,
    take,
)

FINISH, HOLD, RECALL = ClosingRule
ENGINES = ["simpy", "fast"]
EXAMPLES = int(os.environ.get("CORRIDOR_EXAMPLES", "500"))


def networks(units, one_way=False):
    shape = {
        "seed": st.integers(0, 2**32 - 1),
        "units": st.integers(0, units) | st.just(units),
        "stations": st.integers(0, 3),
        "rush": st.booleans(),
    }
    if one_way:
        return st.builds(one_way_plan, **shape)
    two = st.integers(0, 2)
    return st.builds(random_plan, **shape, steps=st.integers(1, 6), stocks=two, platforms=two)


@pytest.mark.parametrize("engine", ENGINES)
@settings(max_examples=EXAMPLES, deadline=None)
@given(plan=networks(15))
def test_engine_equals_oracle(engine, plan):
    journal, expected = run(plan, engine), oracle(plan)
    assert stamps(plan, journal) == stamps(plan, expected)
    assert joined(plan, journal) == joined(plan, expected)
    assert journal.equal(expected)


@settings(max_examples=EXAMPLES, deadline=None)
@given(networks(15) | networks(15, one_way=True))
def test_engines_agree(plan):
    assert run(plan, "fast").equal(run(plan, "simpy"))


@settings(max_examples=max(EXAMPLES // 20, 1), deadline=None)
@given(networks(300) | networks(300, one_way=True))
def test_engines_agree_on_crowds(plan):
    assert run(plan, "fast").equal(run(plan, "simpy"))


@settings(max_examples=max(EXAMPLES // 20, 1), deadline=None)
@given(st.builds(crowded_plan, st.integers(0, 2**32 - 1), st.integers(100, 300)))
def test_engines_agree_on_crowds_that_go_away(plan):
    assert run(plan, "fast").equal(run(plan, "simpy"))


@settings(max_examples=max(EXAMPLES // 20, 1), deadline=None)
@given(st.builds(crowded_plan, st.integers(0, 2**32 - 1), st.integers(20, 40)))
def test_crowds_that_go_away_equal_oracle(plan):
    assert run(plan, "fast").equal(oracle(plan))


def test_of_a_crowd_in_several_lines_all_go_who_find_too_many_ahead():
    """60 come at 5 to two stations in three priorities, 10 of each to each station.

    At each station the first of the most urgent begins, and four stay who find less than four
    ahead; the rest and all the less urgent go, at 5, and each then moves for 1.
    """
    steps = [[limit(ahead=4), serve(s, 100, p), move(1)] for p in range(3) for s in (0, 1)]
    crowd = plan([Unit(5, steps[i % 6]) for i in range(60)], [Lanes()] * 2)
    its = np.array(stamps(crowd, agreed(crowd))).reshape(60, 3, 4)
    gone = its[:, 1, 1] < 0
    assert np.flatnonzero(~gone).tolist() == [0, 1, 6, 7, 12, 13, 18, 19, 24, 25]
    assert (its[gone, 1, 2] == 5).all()
    assert (its[gone, 2, :3] == [5, 5, 6]).all()
    assert its[~gone, 1, 1].tolist() == [5, 5, 105, 105, 205, 205, 305, 305, 405, 405]


def test_the_crowds_go_away_in_crowds():
    """Else the tests above would hold of nothing."""
    went, served = [], []
    for seed in range(40):
        crowd = crowded_plan(seed, 200)
        journal = run(crowd, "fast")
        left = (journal.began < 0) & (journal.ended >= 0)
        went.append(np.bincount(journal.ended[left], minlength=1).max())
        serves = np.repeat(crowd.verb == Verb.SERVE, np.diff(crowd.cell_first))
        served.append(np.count_nonzero(journal.began[serves] >= 0))
    assert np.median(went) >= 50
    assert np.median(served) >= 20


@settings(max_examples=EXAMPLES, deadline=None)
@given(networks(15, one_way=True))
def test_station_by_station_equals_oracle(plan):
    assert flows_one_way(plan)
    journal, expected = run(plan, "fast"), oracle(plan)
    assert stamps(plan, journal) == stamps(plan, expected)
    assert journal.equal(expected)
    assert play(plan).equal(expected)  # event by event


@pytest.mark.parametrize(
    ("routes", "closing"),
    [
        pytest.param([[serve(0, 5), serve(0, 5)]], FINISH, id="one station twice"),
        pytest.param([[serve(0, 5), move(1), serve(0, 5)]], FINISH, id="twice, a way between"),
        pytest.param([[serve(1, 5), serve(0, 5)]], FINISH, id="backwards"),
        pytest.param([[serve(0, 5), serve(1, 5)], [serve(1, 5), serve(0, 5)]], FINISH, id="across"),
        pytest.param([[serve(0, 5)], [serve(0, 5, 1)]], FINISH, id="two priorities at one station"),
        pytest.param([[serve(0, 5)]], HOLD, id="work held at closing"),
        pytest.param([[serve(0, 5)]], RECALL, id="work recalled at closing"),
        pytest.param([[limit(), serve(0, 5)]], FINISH, id="a limit"),
        pytest.param([[join(0, 2), serve(0, 5)]], FINISH, id="the shorter line"),
        pytest.param([[serve(0, 5, keep=True), take(0, 1)]], FINISH, id="a lane that is kept"),
        pytest.param([[give(0, 1), serve(0, 5)]], FINISH, id="a stock"),
    ],
)
def test_what_does_not_flow_one_way_is_not_taken_station_by_station(routes, closing):
    lanes = Lanes([(0, 1), (12, 0), (20, 2)], closing)
    units = [Unit(start, routes[start % len(routes)]) for start in range(4)]
    made = plan(units, [lanes] * 2, [1], [], 60)
    assert not flows_one_way(made)
    agreed(made)


def test_engines_agree_where_nothing_is_compiled():
    """The compiled engine is plain Python with its compiler off, and still equal."""
    code = """
import os
assert os.environ["NUMBA_DISABLE_JIT"] == "1"
from engine.plans import one_way_plan, random_plan, run
for seed in range(300):
    for plan in (
        random_plan(seed, 15, 6, 3, 2, 2, rush=seed % 2 == 0),
        one_way_plan(seed, 15, 3, rush=seed % 2 == 0),
    ):
        assert run(plan, "fast").equal(run(plan, "simpy")), seed
"""
    environment = os.environ | {
        "NUMBA_DISABLE_JIT": "1",
        "PYTHONPATH": str(Path(__file__).parent.parent),
    }
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)


@pytest.mark.parametrize("engine", ENGINES)
@settings(max_examples=150, deadline=None)
@given(plan=networks(15), more=st.integers(1, 40))
def test_a_longer_horizon_changes_nothing_that_ended(engine, plan, more):
    short, long = run(plan, engine), run(replace(plan, horizon=plan.horizon + more), engine)
    over = short.ended >= 0
    for name in ("asked", "began", "ended", "worked"):
        np.testing.assert_array_equal(getattr(short, name)[over], getattr(long, name)[over])
    assert np.all((long.ended[~over] == -1) | (long.ended[~over] >= plan.horizon))
    chosen = short.joined >= 0
    np.testing.assert_array_equal(short.joined[chosen], long.joined[chosen])


@pytest.mark.parametrize("engine", ENGINES)
@settings(max_examples=150, deadline=None)
@given(plan=networks(15), factor=st.sampled_from([2, 60, 86_400_000]))
def test_time_has_no_unit(engine, plan, factor):
    names = ("horizon", "start", "lane_at", "train_at")
    times = {name: getattr(plan, name) * factor for name in names}
    times["time"] = np.where(plan.time < LONGEST, plan.time, LONGEST // factor) * factor
    times["time"][plan.time == LONGEST] = LONGEST
    journal, scaled = run(plan, engine), run(replace(plan, **times), engine)
    for name in ("asked", "began", "ended"):
        stamp = getattr(journal, name)
        expected = np.where(stamp < 0, -1, stamp * factor)
        np.testing.assert_array_equal(getattr(scaled, name), expected)
    np.testing.assert_array_equal(scaled.worked, journal.worked * factor)
    np.testing.assert_array_equal(scaled.joined, journal.joined)


@pytest.mark.parametrize("engine", ENGINES)
@settings(max_examples=150, deadline=None)
@given(plan=networks(15))
def test_a_route_of_its_own_changes_nothing(engine, plan):
    """Which units share a route, and in what order routes stand, is only how it is said."""
    one, other = run(plan, engine), run(alone(plan), engine)
    assert stamps(plan, one) == stamps(alone(plan), other)
    assert joined(plan, one) == joined(alone(plan), other)


def alone(plan):
    """The same with a route for each unit, and so in each row one cell."""
    first, end = plan.route_first[plan.route], plan.route_first[plan.route + 1]
    table = [np.arange(*rows) for rows in zip(first, end, strict=True)]
    names = ("verb", "where", "amount", "priority")
    return replace(
        plan,
        route=np.arange(len(plan.start), dtype=np.int32),
        route_first=rows(table),
        time=plan.time[cells(plan)],
        **{name: getattr(plan, name)[ints(np.concatenate([[], *table]))] for name in names},
    )


def test_the_networks_are_full_of_what_is_hard():
    """The fuzz is worth something only if each hard thing is met in 20 of 200 networks."""
    met = Counter()
    for seed in range(200):
        plan = random_plan(seed, 15, 6, 3, 2, 2, rush=False)
        met.update(hard_things(plan, run(plan)))
    assert len(met) == 15, met
    assert min(met.values()) >= 20, met
    one_way = Counter()
    for seed in range(200):
        plan = one_way_plan(seed, 15, 3, rush=False)
        one_way.update(hard_things(plan, run(plan)))
    assert sorted(one_way) == ["cut off", "tied", "waits to SERVE"]
    assert min(one_way.values()) >= 60, one_way


def hard_things(plan, journal):
    """Which hard things happen in this network."""
    found = set()
    for row, verb in enumerate(plan.verb):
        its = plan.cells(row)
        asked, began, ended = journal.asked[its], journal.began[its], journal.ended[its]
        begun, over, waits = began >= 0, ended >= 0, began > asked
        rule = plan.closing[plan.where[row]] if verb == Verb.SERVE else None
        at, number = np.unique(began[begun], return_counts=True)
        things = {
            f"waits to {Verb(verb).name}": waits,
            "held": (rule == ClosingRule.HOLD) & begun & over & (ended - began > plan.time[its]),
            "recalled": (rule == ClosingRule.RECALL) & (journal.worked[its] > plan.time[its]),
            "cut off": begun & ~over,
            "lost patience": ~begun & over & (ended > asked),
            "gave up at once": ~begun & over & (ended == asked),
            "tied": number[at > 0] > 1,
        }
        if verb == Verb.SERVE and plan.amount[row]:
            kept = journal.began[plan.cells(row + 1)] - ended
            things["blocked"], things["freed"] = (
                over & begun & (kept != 0),
                over & begun & (kept > 0),
            )
        found |= {thing for thing, met in things.items() if np.any(met)}
    return found | train_things(plan, journal) | join_things(plan, journal)


def train_things(plan, journal):
    found = set()
    for platform in range(len(plan.capacity)):
        rows = np.flatnonzero((plan.verb == Verb.DEPART) & (plan.where == platform))
        its = np.concatenate([np.arange(0), *(np.r_[plan.cells(row)] for row in rows)])
        asked, began = journal.asked[its], journal.began[its]
        left = np.unique(began[began >= 0])
        trains = plan.train_at[slice(*plan.train_first[platform : platform + 2])]
        stays = (began[:, None] < 0) | (began[:, None] > left)
        things = {
            "an empty train": ~np.isin(trains[trains < plan.horizon], left),
            "left when full": ~np.isin(left, trains),
            "left behind": (asked[:, None] >= 0) & (asked[:, None] <= left) & stays,
        }
        found |= {thing for thing, met in things.items() if np.any(met)}
    return found


def join_things(plan, journal):
    """Whether two at one instant choose, and choose differently."""
    joins = np.repeat(plan.verb == Verb.JOIN, np.diff(plan.cell_first))
    chosen = list(zip(journal.asked[joins], journal.joined, strict=True))
    two = any(a == b and m != n for a, m in chosen for b, n in chosen if a >= 0)
    return {"two join apart"} if two else set()

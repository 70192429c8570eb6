"""Common random numbers: two scenarios differ in nothing but what was changed."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from corridor.engine import Verb
from corridor.planning import Fate, Manifest
from corridor.planning.draws import Streams

from .small import asked, planned, shipped, times_of, way_of

BASE = """
    title: Two posts
    period: {from: 2024-03-01, until: 2024-03-15}
    ports:
      gap:
        title: A gap in the hills
        posts:
          upper:
            closing_rule: finish
            channels: {green: 0.6, red: 0.4}
            stations:
              gate: {lanes: 1, service: {exponential: {mean: 5 min}}}
              check: {lanes: 2, service: {lognormal: {mean: 20 min, cv: 0.8}}}
            stocks: {trucks: {amount: 9}}
          lower:
            closing_rule: hold
            stations:
              desk: {lanes: 2, service: {erlang: {mean: 9 min, stages: 3}}}
        travel: {tashkurgan-khunjerab_pass: {speed: 40 km/h, cv: 0.2}}
        procedures:
          lorry:
            down:
              - take: upper.trucks
              - upper.gate
              - select: upper
                routes: {green: [], red: [upper.check]}
              - travel: tashkurgan-khunjerab_pass
              - lower.desk
              - give: upper.trucks
                after: {exponential: {mean: 2 h}}
    flows:
      silk:
        port: gap
        class: lorry
        direction: down
        payload: 16 t
        payload_cv: 0.2
        volume: {vehicles: 900, per: month}
"""
STAMP = "              stamp: {lanes: 1, service: 1 min}\n"
SHUTTLE = "            trains: {shuttle: {capacity: 9, timetable: {every: 1 h}}}\n"
Steps = dict[str, tuple[np.ndarray, ...]]


def units(m: Manifest, flow: str) -> np.ndarray:
    return np.flatnonzero(m.flow == [f.name for f in m.flows].index(flow))


def arrivals(m: Manifest, flow: str) -> tuple[np.ndarray, ...]:
    mine = units(m, flow)
    return m.plan.start[mine], m.entry[mine], m.payload_kg[mine], m.fate[mine]


def steps(m: Manifest, flow: str) -> Steps:
    """Of each verb and place: who does it, for how long, in which channel; units by their rank."""
    mine = units(m, flow)
    rank = np.full(len(m.flow), -1)
    rank[mine] = np.arange(len(mine))
    found: dict[str, list[tuple[np.ndarray, ...]]] = {}
    verb, channels, places = m.plan.verb, [*m.channels, ""], [*m.places, "limit"]
    for route, (first, end) in enumerate(pairwise(m.plan.route_first)):
        for row in range(first, end):
            who = rank[m.plan.units(route)]
            if len(who) and who[0] >= 0:
                channel = np.full(len(who), channels[m.channel[row]])
                key = f"{Verb(verb[row]).name} {places[m.place[row]]}"
                columns = who, m.plan.time[m.plan.cells(row)], channel
                found.setdefault(key, []).append(columns)
    joined = {
        place: [np.concatenate(columns) for columns in zip(*parts, strict=True)]
        for place, parts in found.items()
    }
    return {
        place: tuple(column[np.lexsort((columns[1], columns[0]))] for column in columns)
        for place, columns in joined.items()
    }


def same(one: tuple[np.ndarray, ...], other: tuple[np.ndarray, ...]) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


CHANGES: dict[str, tuple[str, str, set[str]]] = {
    "a lane": ("gate: {lanes: 1,", "gate: {lanes: 4,", set()),
    "a mean at one station": ("mean: 20 min", "mean: 25 min", {"SERVE gap/upper/check"}),
    "another law at one station": (
        "{exponential: {mean: 5 min}}",
        "{uniform: {low: 1 min, high: 9 min}}",
        {"SERVE gap/upper/gate"},
    ),
    "hours": (
        "          lower:\n",
        """          lower:
            hours: {daily: "08:00-17:00"}\n""",
        set(),
    ),
    "a stock": ("amount: 9", "amount: 2", set()),
    "the way back": ("mean: 2 h", "mean: 3 h", {"GIVE gap/upper/trucks"}),
    "a speed": ("40 km/h", "30 km/h", {"MOVE link/tashkurgan-khunjerab_pass"}),
    "a station": (
        "              - lower.desk\n",
        "              - lower.desk\n              - lower.stamp\n",
        {"SERVE gap/lower/stamp"},
    ),
    "a room": (
        "check: {lanes: 2,",
        "check: {lanes: 2, room: 3,",
        {"TAKE gap/upper/check/room", "GIVE gap/upper/check/room"},
    ),
    "a limit to the line": (
        "desk: {lanes: 2,",
        "desk: {lanes: 2, turn_away_above: 5,",
        {"LIMIT limit"},
    ),
    "patience": (
        "desk: {lanes: 2,",
        "desk: {lanes: 2, patience: {exponential: {mean: 1 h}},",
        {"LIMIT limit"},
    ),
    "a line for each lane": (
        "desk: {lanes: 2,",
        "desk: {lanes: 2, lines: each,",
        {"JOIN gap/lower/desk"},
    ),
    "a turn before others": (
        "              - lower.desk\n",
        "              - {serve: lower.desk, priority: 5}\n",
        set(),
    ),
    "a train": (
        "              - lower.desk\n",
        "              - lower.desk\n              - depart: lower.shuttle\n",
        {"DEPART gap/lower/shuttle"},
    ),
    "a flow before": (
        "    flows:\n",
        """    flows:
      coal: {port: gap, class: lorry, direction: down, arrivals: {poisson: 1 per hour}}\n""",
        set(),
    ),
    "an event": (
        "    flows:\n",
        """    events:
      slide:
        title: Slide
        port: gap
        at: [upper.gate]
        sampled: {per_month: 9, during: 03-01..03-31, duration: {exponential: {mean: 9 h}}}
    flows:\n""",
        set(),
    ),
    "lanes that break": (
        "    flows:\n",
        """    events:
      breaks:
        title: Desks break
        port: gap
        at: [upper.check]
        lanes: 1
        sampled: {per_month: 30, during: 03-01..03-31, duration: {exponential: {mean: 9 h}}}
    flows:\n""",
        set(),
    ),
}  # fmt: skip


def with_parts(change: str, text: str) -> str:
    """What a changed procedure names must be there."""
    if change == "a station":
        text = text.replace("              desk:", STAMP + "              desk:")
    if change == "a train":
        text = text.replace("        travel:", SHUTTLE + "        travel:")
    return text


@pytest.mark.parametrize("change", CHANGES)
def test_one_change_moves_no_other_draw(change: str, tmp_path: Path) -> None:
    old, new, touched = CHANGES[change]
    assert old in BASE
    text = BASE.replace(old, new)
    text = with_parts(change, text)
    a, b = (planned(asked(tmp_path, t)) for t in (BASE, text))
    assert same(arrivals(a, "silk"), arrivals(b, "silk"))
    before, after = steps(a, "silk"), steps(b, "silk")
    assert len(before["SERVE gap/upper/gate"][0]) > 300
    moved = {
        p
        for p in before | after
        if p not in before or p not in after or not same(before[p], after[p])
    }
    assert moved == touched  # nothing else moved, and what should have moved did
    assert set(a.purposes) <= set(b.purposes)


def test_many_changes_at_once_move_no_other_draw(tmp_path: Path) -> None:
    """Whatever is rebuilt: what a lorry still does takes it as long as before."""
    base = planned(asked(tmp_path, BASE))
    before = steps(base, "silk")
    rng = np.random.default_rng(20241201)
    kept: set[str] = set()
    for _ in range(25):
        text, touched = BASE, set()
        for change in rng.permutation(list(CHANGES))[: rng.integers(2, 8)]:
            old, new, what = CHANGES[change]
            if old in text and not ("events:" in text and "events:" in new):
                text, touched = with_parts(change, text.replace(old, new)), touched | what
        after = steps(planned(asked(tmp_path, text)), "silk")
        moved = {step for step in before if not same(before[step], after[step])}
        assert moved <= touched
        assert set(after) - set(before) <= touched
        kept |= set(before) - touched
    assert kept == set(before)


CLOSING = """
        closed_season:
          {rush: 0.5, wait: 0.3, lost: 0.2, rush_window: 9 d, wait_window: 30 d, after: 7 d}
    events:
"""
BOOM = """
      boom:
        title: A fair
        demand: {flows: [silk], factor: 3, from: 2024-03-04, until: 2024-03-08}
"""
SLUMP = """
      slump:
        title: A strike of drivers
        demand: {flows: [silk], factor: 0.5, from: 2024-03-06, until: 2024-03-12}
"""


def first_of(m: Manifest, flow: str, n: int) -> tuple[tuple[np.ndarray, ...], Steps]:
    """What the first `n` units of a flow draw: when they come, what becomes of them, every step."""
    first = {
        place: tuple(column[columns[0] < n] for column in columns)
        for place, columns in steps(m, flow).items()
    }
    return tuple(column[:n] for column in arrivals(m, flow)), first


@pytest.mark.parametrize("others", ["", SLUMP], ids=["alone", "with another event"])
def test_more_demand_moves_nobody_who_came_anyway(others: str, tmp_path: Path) -> None:
    """Nor those who come early for a season that begins when the run ends."""
    title = "        title: A gap in the hills\n"
    text = BASE.replace(title, title + "        season: {closed: 03-15..05-31}\n").rstrip()
    assert "closed:" in text
    none = CLOSING if others else CLOSING.replace("events:", "events: {}")
    usual = planned(asked(tmp_path, BASE))
    a = planned(asked(tmp_path, text + none + others))
    b = planned(asked(tmp_path, text + CLOSING + BOOM + others))
    n = len(a.flow)
    assert np.count_nonzero(a.fate[len(usual.fate) :] == Fate.COMES) > 300  # those who come early
    assert len(b.flow) > n + 200
    (come, do), (come_too, do_too) = first_of(a, "silk", n), first_of(b, "silk", n)
    assert same(come, come_too)
    assert do.keys() == do_too.keys()
    for step in do:
        assert same(do[step], do_too[step]), step


def test_another_replication_or_seed_moves_everything(tmp_path: Path) -> None:
    scenario = asked(tmp_path, BASE)
    base = planned(scenario)
    for other in (planned(scenario, 1), planned(scenario.model_copy(update={"seed": 5}))):
        before, after = steps(base, "silk"), steps(other, "silk")
        for step in (
            "SERVE gap/upper/gate", "SERVE gap/lower/desk", "MOVE link/tashkurgan-khunjerab_pass",
        ):  # fmt: skip
            assert not np.isin(before[step][1], after[step][1]).mean() > 0.01


def test_a_date_draws_the_same_wherever_the_run_begins() -> None:
    """The winter days that year-round on paper opens."""
    paper = shipped("khunjerab_fair_weather")

    def since(day: date) -> Manifest:
        period = paper.period.model_copy(update={"from_": day})
        return planned(paper.model_copy(update={"flows": {}, "period": period}))

    whole, late = since(date(2023, 12, 1)), since(date(2024, 1, 20))
    shift = int((late.start - whole.start).total_seconds() * 1000)
    a, b = (m.openings["khunjerab/sost"] for m in (whole, late))
    assert len(b) > 150
    assert np.array_equal(a[a[:, 0] >= shift] - shift, b)


REGIMES = ("seasonal", "special_openings", "year_round", "fair_weather")


@pytest.fixture(scope="module")
def four() -> dict[str, Manifest]:
    return {name: planned(shipped(f"khunjerab_{name}")) for name in REGIMES}


def test_every_regime_meets_the_same_lorries(four: dict[str, Manifest]) -> None:
    base = four["seasonal"]
    for other in four.values():
        assert np.array_equal(other.payload_kg, base.payload_kg)
        assert np.array_equal(other.flow, base.flow)
        come = (other.fate == Fate.COMES) & (base.fate == Fate.COMES)
        both = np.flatnonzero(come & (other.plan.start == base.plan.start))
        assert len(both) > 5000
        for unit in both[:: len(both) // 500]:
            assert way_of(other, unit) == way_of(base, unit)
            assert times_of(other, unit) == times_of(base, unit)


def test_every_regime_meets_the_same_storms(four: dict[str, Manifest]) -> None:
    base = four["seasonal"]
    assert len(base.incidents) > 5
    for other in four.values():
        assert other.incidents == base.incidents


def test_an_output_moves_nothing(tmp_path: Path) -> None:
    """Targets and costs are looked at after the run: with or without, the same plan."""
    base = shipped("khunjerab_seasonal", "period.until=2024-06-01")
    bare = base.model_copy(update={"targets": {}, "costs": type(base.costs)()})
    a, b = planned(base), planned(bare)
    assert a.purposes == b.purposes
    for field in ("start", "time", "verb", "where", "route"):
        assert np.array_equal(getattr(a.plan, field), getattr(b.plan, field))


def test_a_draw_is_a_units_own_by_its_number_and_not_by_its_turn(tmp_path: Path) -> None:
    """Where all units go one way too: they are numbered as drawn, and come in another order."""
    one_way = BASE.replace("              - select: upper\n", "").replace(
        "                routes: {green: [], red: [upper.check]}\n", ""
    )
    scenario = asked(tmp_path, one_way)
    plan = (manifest := planned(scenario)).plan
    (row,) = np.flatnonzero(
        [manifest.places[place] == "gap/upper/gate" for place in manifest.place]
        & (plan.verb == Verb.SERVE)
    )
    units = plan.units(1)
    assert len(units) == len(plan.start)
    assert (np.diff(units) < 0).any()
    purpose = next(p for p in manifest.purposes if p.startswith("silk/gap/upper/gate/serve"))
    u = Streams(scenario.seed, 0).uniform(purpose, len(units))
    minutes = -5 * np.log1p(-u[units])
    np.testing.assert_allclose(plan.time[plan.cells(row)], np.rint(minutes * 60_000), atol=1)

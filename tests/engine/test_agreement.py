"""The reference and the oracle write equal Journals: all verbs, all rules, and ties everywhere.

`CORRIDOR_EXAMPLES=20000 pytest tests/engine/test_agreement.py` looks longer.
"""

import os
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor.engine import ClosingRule, Verb, simulate

from .oracle import oracle
from .plans import random_plan, stamps

networks = st.builds(
    random_plan,
    seed=st.integers(0, 2**32 - 1),
    units=st.integers(0, 15) | st.just(15),
    steps=st.integers(1, 6),
    stations=st.integers(0, 3),
    stocks=st.integers(0, 2),
    rush=st.booleans(),
)
looked_at = settings(max_examples=int(os.environ.get("CORRIDOR_EXAMPLES", "1000")), deadline=None)


@looked_at
@given(networks)
def test_reference_equals_oracle(plan):
    journal, expected = simulate(plan), oracle(plan)
    assert stamps(journal) == stamps(expected)
    assert journal.equal(expected)


@settings(max_examples=150, deadline=None)
@given(networks, st.integers(1, 40))
def test_a_longer_horizon_changes_nothing_that_ended(plan, more):
    short, long = simulate(plan), simulate(replace(plan, horizon=plan.horizon + more))
    over = short.ended >= 0
    for name in ("asked", "began", "ended", "worked"):
        np.testing.assert_array_equal(getattr(short, name)[over], getattr(long, name)[over])
    assert np.all((long.ended[~over] == -1) | (long.ended[~over] >= plan.horizon))


@settings(max_examples=150, deadline=None)
@given(networks, st.sampled_from([2, 60, 86_400_000]))
def test_time_has_no_unit(plan, factor):
    times = {name: getattr(plan, name) * factor for name in ("horizon", "start", "time", "lane_at")}
    journal, scaled = simulate(plan), simulate(replace(plan, **times))
    for name in ("asked", "began", "ended"):
        stamp = getattr(journal, name)
        expected = np.where(stamp < 0, -1, stamp * factor)
        np.testing.assert_array_equal(getattr(scaled, name), expected)
    np.testing.assert_array_equal(scaled.worked, journal.worked * factor)


def test_the_networks_are_full_of_what_is_hard():
    """The fuzz is worth something only if it meets holds, recalls, blocked takers and ties."""
    met = dict.fromkeys(["held", "recalled", "blocked", "waited", "tied", "cut off"], 0)
    for seed in range(200):
        plan = random_plan(seed, units=15, steps=6, stations=3, stocks=2, rush=False)
        journal = simulate(plan)
        serve, take = plan.verb == Verb.SERVE, plan.verb == Verb.TAKE
        rule = np.where(serve, plan.closing[plan.where * serve], -1)
        over, waits = journal.ended >= 0, (journal.began > journal.asked)
        met["held"] += np.any(over & (journal.ended - journal.began > plan.time) & serve)
        met["recalled"] += np.any((rule == ClosingRule.RECALL) & (journal.worked > plan.time))
        met["blocked"] += np.any(waits & take)
        met["waited"] += np.any(waits & serve)
        met["cut off"] += np.any((journal.began >= 0) & ~over)
        met["tied"] += len(np.unique(journal.began[journal.began >= 0])) < np.sum(serve & over)
    assert min(met.values()) >= 25, met

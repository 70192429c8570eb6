"""What is refused: malformed plans, impossible journals, unknown engines, times that are no int."""

import re
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
import simpy

from corridor.engine import ClosingRule, check, invariants, simulate
from corridor.engine.reference import due

from .plans import Lanes, Unit, give, move, plan, serve, stamps, take

HOLD = ClosingRule.HOLD
GOOD = plan(
    [Unit(0, [move(5), serve(1, 10), take(0, 1), give(0, 1, 3)]), Unit(2, [serve(0, 4)]), Unit(9)],
    [Lanes([(0, 1), (7, 0), (9, 2)]), Lanes([(0, 3), (8, 0), (20, 1)], HOLD)],
    [1],
)


def with_row(name, row, value):
    array = getattr(GOOD, name).copy()
    array[row] = value
    return replace(GOOD, **{name: array})


def test_a_good_plan_is_good():
    check(GOOD)


@pytest.mark.parametrize(
    ("name", "row", "value", "message"),
    [
        ("start", 1, -2, "start[1] is -2: must be from 0"),
        ("time", 1, -10, "time[1] is -10: must be from 0"),
        ("time", 1, 2**61, f"time[1] is {2**61}: must be from 0 to 2**60"),
        ("time", 2, 1, "time[2] is 1: must be 0 for a TAKE"),
        ("amount", 2, -1, "amount[2] is -1: must be from 0"),
        ("amount", 1, 3, "amount[1] is 3: must be 0 for a MOVE or a SERVE"),
        ("verb", 3, 4, "verb[3] is 4: must be a Verb"),
        ("where", 0, 0, "where[0] is 0: must be -1 for a MOVE"),
        ("where", 1, 2, "where[1] is 2: must be a station, 0 to 1, for a SERVE"),
        ("where", 4, -1, "where[4] is -1: must be a station, 0 to 1, for a SERVE"),
        ("where", 2, 1, "where[2] is 1: must be a stock, 0 to 0, for a TAKE or a GIVE"),
        ("first", 1, 6, "first[1] is 6: must be no greater than the next"),
        ("first", 0, 1, "first has 4 rows: must have 4, from 0 to the length of verb, 5"),
        ("lane_first", 1, 0, "lane_first[0] is 0: must be less than the next"),
        ("lane_at", 3, 1, "lane_at[3] is 1: must be 0 at a station's first row"),
        ("lane_at", 2, 7, "lane_at[2] is 7: must be later than the row before"),
        ("lane_open", 2, -1, "lane_open[2] is -1: must be from 0"),
        ("closing", 0, 3, "closing[0] is 3: must be a ClosingRule"),
        ("stock_level", 0, -1, "stock_level[0] is -1: must be from 0"),
    ],
)
def test_a_malformed_row_is_named(name, row, value, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        simulate(with_row(name, row, value))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"horizon": 0}, "horizon is 0: must be an int"),
        ({"horizon": 10.0}, "horizon is 10.0: must be an int"),
        ({"start": GOOD.start.astype(float)}, "start is float64[3]: must be one row of int64"),
        ({"verb": GOOD.verb.astype(np.int64)}, "verb is int64[5]: must be one row of int8"),
        ({"where": GOOD.where.reshape(1, -1)}, "where is int32[1, 5]: must be one row of int32"),
        ({"time": [1, 2]}, "time is a list: must be an array of int64"),
        ({"priority": GOOD.priority[:-1]}, "priority has 4 rows: must have 5, as verb"),
        ({"lane_open": GOOD.lane_open[:-1]}, "lane_open has 5 rows: must have 6, as lane_at"),
        ({"first": GOOD.first[:-1]}, "first has 3 rows: must have 4"),
        ({"closing": GOOD.closing[:-1]}, "lane_first has 3 rows: must have 2"),
    ],
)
def test_a_malformed_array_is_named(change, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        check(replace(GOOD, **change))


def test_engines():
    assert simulate(GOOD, "simpy").equal(simulate(GOOD))
    with pytest.raises(ValueError, match="not built yet"):
        simulate(GOOD, "fast")
    with pytest.raises(ValueError, match="'quick' is unknown"):
        simulate(GOOD, "quick")


@pytest.mark.parametrize("delay", [-1, 1.0, float("nan"), np.int64(3), True])
def test_only_a_whole_number_of_milliseconds_is_a_delay(delay):
    with pytest.raises(ValueError, match="non-negative int"):
        due(simpy.Event(simpy.Environment()), delay)


def test_the_journal_of_the_good_plan():
    """The lane of station 1 is held from 8 to 20."""
    journal = simulate(GOOD)
    assert stamps(journal) == [
        (0, 0, 5, 0),
        (5, 5, 27, 10),
        (27, 27, 27, 0),
        (27, 27, 27, 0),
        (2, 2, 6, 4),
    ]
    invariants(GOOD, journal)


@pytest.mark.parametrize(
    ("stamp", "row", "value", "message"),
    [
        ("began", 4, 1, "step 4 began before it was asked"),
        ("ended", 4, 1, "step 4 ended before it began"),
        ("ended", 4, 1000, "step 4 is stamped at or after the horizon"),
        ("ended", 2, 28, "step 2 took time"),
        ("asked", 4, 1, "step 4 was not asked for when"),
        ("ended", 1, 26, "step 2 was not asked for when"),
        ("ended", 4, 7, "step 4 did not last its own time"),
        ("worked", 0, 5, "step 0 occupied a lane"),
        ("worked", 1, 9, "step 1 ended before its work was done"),
        ("worked", 1, 11, "step 1 was worked on longer than it needs"),
    ],
)
def test_an_impossible_stamp_is_noticed(stamp, row, value, message):
    journal = simulate(GOOD)
    stamps_of_kind = getattr(journal, stamp).copy()
    stamps_of_kind[row] = value
    with pytest.raises(RuntimeError, match=re.escape(message)):
        invariants(GOOD, replace(journal, **{stamp: stamps_of_kind}))


def test_a_journal_made_for_other_lanes_or_stocks_is_noticed():
    two = plan([Unit(0, [serve(0, 4)])] * 2, [Lanes([(0, 2)])])
    one = replace(two, lane_open=np.array([1]))
    with pytest.raises(RuntimeError, match="station 0: start 0 found no open lane"):
        invariants(one, simulate(two))
    shut = plan([Unit(3, [serve(0, 0)])], [Lanes([(0, 0)])])
    with pytest.raises(RuntimeError, match="station 0: start 0 found no open lane"):
        invariants(shut, simulate(replace(shut, lane_open=np.array([1]))))
    rich = plan([Unit(0, [take(0, 2)])], stocks=[2])
    with pytest.raises(RuntimeError, match="stock 0: change 0 left less than nothing"):
        invariants(replace(rich, stock_level=np.array([1])), simulate(rich))


def test_equal_means_every_stamp():
    journal = simulate(GOOD)
    assert journal.equal(simulate(GOOD))
    for name in ("asked", "began", "ended", "worked"):
        assert not journal.equal(replace(journal, **{name: getattr(journal, name) + 1}))


def test_the_engine_room_imports_nothing_heavy():
    heavy = "{'simpy', 'pandas', 'scipy', 'numba', 'pydantic', 'geopandas'}"
    code = f"import corridor.engine, sys; assert not {heavy} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)

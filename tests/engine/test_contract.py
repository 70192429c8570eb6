"""What is refused: malformed plans, impossible journals, unknown engines, times that are no int."""

import re
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
import simpy

from corridor.engine import LONGEST, ClosingRule, check, invariants, simulate
from corridor.engine.places import due

from .plans import (
    Lanes,
    Trains,
    Unit,
    agreed,
    depart,
    give,
    join,
    limit,
    move,
    plan,
    run,
    serve,
    stamps,
    take,
)

FINISH, HOLD, RECALL = ClosingRule
GOOD = plan(
    [
        Unit(0, [move(5), serve(1, 10), take(0, 1), give(0, 1, 3)]),
        Unit(2, [serve(0, 4)]),
        Unit(9),
        Unit(1, [limit(2, 1, skip=1), join(0, 2), serve(0, 4, keep=True), take(0, 0), depart(0)]),
        Unit(3, [serve(0, 6)]),
    ],
    [Lanes([(0, 1), (7, 0), (9, 2)]), Lanes([(0, 3), (8, 0), (20, 1)], HOLD)],
    [1],
    [Trains(2, [30, 40])],
)
# Row 4 of the step table is of units 1 and 4: cells 4 and 5. The cell of row 5 is 6, and so on.


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
        ("route", 1, 4, "route[1] is 4: must be a route, 0 to 3"),
        ("route_first", 1, 6, "route_first[1] is 6: must be no greater than the next"),
        ("route_first", 0, 1, "route_first has 5 rows: must have 5, from 0 to the length of verb"),
        ("time", 1, -10, "time[1] is -10: must be from 0"),
        ("time", 1, 2**61, f"time[1] is {2**61}: must be from 0 to 2**60"),
        ("time", 2, 1, "time[2] is 1: must be 0 for a TAKE"),
        ("time", 7, 1, "time[7] is 1: must be 0 for a JOIN"),
        ("time", 10, 1, "time[10] is 1: must be 0 for a DEPART"),
        ("amount", 2, -1, "amount[2] is -1: must be from 0"),
        ("amount", 0, 3, "amount[0] is 3: must be 0 for a MOVE or a DEPART"),
        ("amount", 9, 3, "amount[9] is 3: must be 0 for a MOVE or a DEPART"),
        ("amount", 1, 2, "amount[1] is 2: must be 0 or 1 for a SERVE"),
        ("amount", 6, 0, "amount[6] is 0: must be 1 to the number of stations left, for a JOIN"),
        ("amount", 6, 3, "amount[6] is 3: must be 1 to the number of stations left, for a JOIN"),
        ("verb", 3, 7, "verb[3] is 7: must be a Verb"),
        ("where", 0, 0, "where[0] is 0: must be -1 for a MOVE"),
        ("where", 1, 2, "where[1] is 2: must be a station, 0 to 1, for a SERVE/JOIN"),
        ("where", 4, -1, "where[4] is -1: must be a station, 0 to 1, for a SERVE/JOIN"),
        ("where", 2, 1, "where[2] is 1: must be a stock, 0 to 0, for a TAKE/GIVE"),
        ("where", 9, 1, "where[9] is 1: must be a platform, 0 to 0, for a DEPART"),
        ("amount", 4, 1, "verb[4] is 1: must be a SERVE without amount, or before a TAKE"),
        ("where", 7, 1, "verb[6] is 5: must be before a SERVE at the same station"),
        ("where", 5, -1, "where[5] is -1: must be a number of steps within the route, for a LIMIT"),
        ("where", 5, 3, "where[5] is 3: must be a number of steps within the route, for a LIMIT"),
        ("where", 5, 0, "where[5] is 0: must be no skip to a step bound to the one before it"),
        ("lane_first", 1, 0, "lane_first[0] is 0: must be less than the next"),
        ("lane_at", 3, 1, "lane_at[3] is 1: must be 0 at a station's first row"),
        ("lane_at", 2, 7, "lane_at[2] is 7: must be later than the row before"),
        ("lane_open", 2, -1, "lane_open[2] is -1: must be from 0"),
        ("closing", 0, 3, "closing[0] is 3: must be a ClosingRule"),
        ("stock_level", 0, -1, "stock_level[0] is -1: must be from 0"),
        ("capacity", 0, 0, "capacity[0] is 0: must be 1 or more"),
        ("when_full", 0, 2, "when_full[0] is 2: must be 0 or 1"),
        ("train_first", 1, 3, "train_first has 2 rows: must have 2, from 0 to the length"),
        ("train_at", 0, -1, "train_at[0] is -1: must be from 0"),
        ("train_at", 1, 30, "train_at[1] is 30: must be later than the train before"),
    ],
)
def test_a_malformed_row_is_named(name, row, value, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        check(with_row(name, row, value))


def routed(*steps):
    return plan([Unit(0, steps)], [Lanes()] * 2, [1], [Trains(1)])


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ([limit(), move(1)], "verb[0] is 6: must be before a SERVE, TAKE, DEPART or JOIN"),
        ([limit()], "verb[0] is 6: must be before a SERVE"),
        ([limit(), limit(), serve(0, 1)], "verb[0] is 6: must be before a SERVE"),
        ([limit(), give(0, 1)], "verb[0] is 6: must be before a SERVE"),
        ([join(0, 1)], "verb[0] is 5: must be before a SERVE at the same station"),
        ([join(0, 1), take(0, 1)], "verb[0] is 5: must be before a SERVE at the same station"),
        ([join(0, 2), serve(1, 1)], "verb[0] is 5: must be before a SERVE at the same station"),
        ([join(0, 1), limit(), serve(0, 1)], "verb[0] is 5: must be before a SERVE at the same"),
        ([serve(0, 1, keep=True)], "verb[0] is 1: must be a SERVE without amount"),
        ([serve(0, 1, keep=True), limit(), take(0, 1)], "verb[0] is 1: must be a SERVE without"),
        ([limit(skip=1), serve(0, 1)], "where[0] is 1: must be a number of steps within"),
        ([limit(skip=1), join(0, 1), serve(0, 1)], "where[0] is 1: must be a number of steps"),
        ([limit(skip=1), serve(0, 1), join(0, 1), serve(0, 1)], "where[0] is 1: must be no skip"),
        ([limit(skip=1), serve(0, 1), limit(), serve(0, 1)], "where[0] is 1: must be no skip"),
        ([limit(), serve(0, 1, keep=True), take(0, 1)], "where[0] is 0: must be no skip"),
    ],
)
def test_steps_that_do_not_go_together_are_named(steps, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        check(routed(*steps))


@pytest.mark.parametrize("level", [0, 1])
def test_a_stock_never_holds_more_than_its_bits(level):
    units = [Unit(0, [give(0, LONGEST // 8)]) for _ in range(8)]
    good = plan([*units, Unit(1, [take(0, LONGEST)])], [], [0], [])
    check(good)
    for engine in ("simpy", "fast"):
        assert simulate(good, engine, thorough=True).began[-1] == 1
    one_more = plan([*units, Unit(1, [give(0, 1 - level)])], [], [level], [])
    message = f"stock_level[0] is {level}: must be at most 2**60 with all that is given to it"
    with pytest.raises(ValueError, match=re.escape(message)):
        check(one_more)


def test_steps_that_go_together():
    check(routed(limit(skip=1), serve(0, 1, keep=True), take(0, 1), give(0, 1)))
    check(routed(limit(skip=2), join(0, 2), serve(0, 1), join(1, 1), serve(1, 1)))
    check(routed(limit(), depart(0)))
    check(routed())


def test_the_next_route_is_not_the_next_step():
    """What is bound to the step behind it looks no further than its route."""
    for steps in ([limit()], [join(0, 1)], [serve(0, 1, keep=True)]):
        both = plan([Unit(0, steps), Unit(0, [take(0, 0)]), Unit(0, [serve(0, 1)])], [Lanes()], [1])
        with pytest.raises(ValueError, match=re.escape("verb[0] is")):
            check(both)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"horizon": 0}, "horizon is 0: must be an int"),
        ({"horizon": 10.0}, "horizon is 10.0: must be an int"),
        ({"start": GOOD.start.astype(float)}, "start is float64[5]: must be one row of int64"),
        ({"verb": GOOD.verb.astype(np.int64)}, "verb is int64[10]: must be one row of int8"),
        ({"where": GOOD.where.reshape(1, -1)}, "where is int32[1, 10]: must be one row of int32"),
        ({"time": [1, 2]}, "time is a list: must be an array of int64"),
        ({"time": GOOD.time[:-1]}, "time has 10 rows: must have 11, as cells of the routes"),
        ({"route": GOOD.route[:-1]}, "route has 4 rows: must have 5, as start"),
        ({"priority": GOOD.priority[:-1]}, "priority has 9 rows: must have 10, as verb"),
        ({"lane_open": GOOD.lane_open[:-1]}, "lane_open has 5 rows: must have 6, as lane_at"),
        ({"route_first": GOOD.route_first[:-1]}, "route_first has 4 rows: must have 4"),
        ({"route_first": GOOD.route_first[:0]}, "route_first has 0 rows"),
        ({"closing": GOOD.closing[:-1]}, "lane_first has 3 rows: must have 2"),
        ({"capacity": GOOD.capacity[:-1]}, "train_first has 2 rows: must have 1"),
        ({"when_full": GOOD.when_full[:-1]}, "when_full has 0 rows: must have 1, as capacity"),
    ],
)
def test_a_malformed_array_is_named(change, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        check(replace(GOOD, **change))


def test_engines():
    for engine in ("simpy", "fast"):
        assert simulate(GOOD, engine).equal(simulate(GOOD))
    with pytest.raises(ValueError, match="'quick' is unknown"):
        simulate(GOOD, "quick")
    with pytest.raises(ValueError, match=re.escape("start[0] is -1")):
        simulate(with_row("start", 0, -1))


@pytest.mark.parametrize("delay", [-1, 1.0, float("nan"), np.int64(3), True])
def test_only_a_whole_number_of_milliseconds_is_a_delay(delay):
    with pytest.raises(ValueError, match="non-negative int"):
        due(simpy.Event(simpy.Environment()), delay)


def test_the_journal_of_the_good_plan():
    """The lane of station 1 is held from 8 to 20; station 0 is shut from 7 to 9."""
    journal = agreed(GOOD)
    assert stamps(GOOD, journal) == [
        *[(0, 0, 5, 0), (5, 5, 27, 10), (27, 27, 27, 0), (27, 27, 27, 0)],
        (2, 5, 9, 4),
        *[(1, 1, 1, 0), (1, 1, 1, 0), (1, 1, 5, 4), (5, 5, 5, 0), (5, 30, 30, 0)],
        (3, 9, 15, 6),
    ]
    assert journal.joined.tolist() == [0]


@pytest.mark.parametrize(
    ("stamp", "cell", "value", "message"),
    [
        ("asked", 0, 1, "unit 0, row 0 was not asked for when the step before it ended"),
        ("asked", 5, -1, "unit 4, row 4 was not asked for when"),
        ("began", 4, 1, "unit 1, row 4 began before it was asked for"),
        ("began", 5, 1000, "unit 4, row 4 began at or after the horizon"),
        ("began", 5, -2, "unit 4, row 4 began at or after the horizon"),
        ("began", 0, 1, "unit 0, row 0 waited, though there is nothing to wait for"),
        ("began", 7, 2, "unit 3, row 6 waited, though there is nothing to wait for"),
        ("ended", 4, 8, "unit 1, row 4 did not last its own time"),
        ("ended", 4, -1, "unit 1, row 4 did not last its own time"),
        ("ended", 0, 6, "unit 0, row 0 did not last its own time"),
        ("ended", 1, 26, "unit 0, row 2 was not asked for when"),
        ("ended", 10, 31, "unit 3, row 9 took time, though it takes none"),
        ("ended", 6, 2, "unit 3, row 5 took time, though it takes none"),
        ("worked", 0, 5, "unit 0, row 0 occupied a lane, though it is no service"),
        ("worked", 1, 9, "unit 0, row 1 ended before its work was done"),
        ("worked", 1, 11, "unit 0, row 1 was worked on longer than it needs"),
        ("worked", 4, 5, "unit 1, row 4 was worked on longer or shorter than it needs"),
        ("worked", 4, 3, "unit 1, row 4 was worked on longer or shorter than it needs"),
        ("joined", 0, 2, "unit 3, row 6 joined a station that was not offered"),
        ("joined", 0, -1, "unit 3, row 6 joined a station that was not offered"),
    ],
)
def test_an_impossible_stamp_is_noticed(stamp, cell, value, message):
    with pytest.raises(RuntimeError, match=re.escape(f"engine fault: {message}")):
        invariants(GOOD, spoilt(run(GOOD), stamp, cell, value))


def spoilt(journal, stamp, cell, value):
    column = getattr(journal, stamp).copy()
    column[cell] = value
    return replace(journal, **{stamp: column})


@pytest.mark.parametrize(
    ("stamp", "cell", "value", "message"),
    [
        ("ended", 2, 8, "unit 1, row 2 gave up before its patience was over"),
        ("ended", 2, 4, "unit 1, row 2 gave up before its patience was over"),
        ("ended", 2, -1, "unit 1, row 2 did not give up when its patience was over"),
        ("began", 2, 5, "unit 1, row 2 did not last its own time"),
        ("began", 2, 10, "unit 1, row 2 did not give up when its patience was over"),
        ("worked", 2, 1, "unit 1, row 2 gave up what it had begun"),
        ("asked", 3, 9, "unit 1, row 3 was not asked for when"),
        ("asked", 4, -1, "unit 1, row 4 was not asked for when"),
        ("ended", 3, 12, "unit 1, row 3 did not last its own time"),
    ],
)
def test_an_impossible_giving_up_is_noticed(stamp, cell, value, message):
    """Unit 1 gives up at 9 and skips row 3. It must not be in line thereafter, nor have begun."""
    steps = [limit(5, skip=1), serve(0, 1), move(3), move(2)]
    written = plan([Unit(0, [serve(0, 10)]), Unit(4, steps)], [Lanes()])
    journal = run(written)
    assert stamps(written, journal)[2] == (4, -1, 9, 0)
    with pytest.raises(RuntimeError, match=re.escape(f"engine fault: {message}")):
        invariants(written, spoilt(journal, stamp, cell, value))


@pytest.mark.parametrize(("rule", "message"), [(HOLD, "ended before"), (RECALL, "shorter than")])
def test_work_that_is_lost_is_noticed(rule, message):
    written = plan([Unit(0, [serve(0, 9)])], [Lanes([(0, 1), (3, 0), (5, 1)], rule)])
    with pytest.raises(RuntimeError, match=message):
        invariants(written, spoilt(run(written), "worked", 0, 8))


def test_a_row_of_joined_that_is_missing_is_noticed():
    with pytest.raises(RuntimeError, match="joined has 0 rows, not 1"):
        invariants(GOOD, replace(run(GOOD), joined=np.zeros(0, dtype=np.int32)))


def faulty(wrong, right, message):
    """A journal made for the `right` plan is refused for the `wrong` one, if one looks closely."""
    journal = run(right)
    invariants(wrong, journal)
    with pytest.raises(RuntimeError, match=re.escape(f"engine fault: {message}")):
        invariants(wrong, journal, thorough=True)


def test_a_journal_made_for_other_lanes_is_noticed():
    two = plan([Unit(0, [serve(0, 4)])] * 2, [Lanes([(0, 2)])])
    message = "station 0: what began at 0 ms found no open lane"
    faulty(replace(two, lane_open=np.array([1])), two, message)
    open_ = plan([Unit(3, [serve(0, 0)])], [Lanes([(0, 1)])])
    message = "station 0: what began at 3 ms found no open lane"
    faulty(replace(open_, lane_open=np.array([0])), open_, message)
    apart = plan([Unit(0, [join(0, 2), serve(0, 4)])] * 2, [Lanes([(0, 2)])] * 2)
    faulty(replace(apart, lane_open=np.array([2, 0])), apart, "station 1: what began at 0 ms")


def test_a_journal_made_for_lanes_that_are_not_kept_is_noticed():
    free = plan([Unit(0, [serve(0, 4), take(0, 1)])] * 2, [Lanes()], [1])
    message = "station 0: what began at 4 ms found no open lane"
    faulty(replace(free, amount=np.array([1, 1]), stock_level=np.array([1])), late(free), message)


def late(written):
    """The same with the piece there too late."""
    return replace(written, stock_level=np.array([0]))


def test_a_journal_made_for_other_stocks_is_noticed():
    rich = plan([Unit(0, [take(0, 2)])], stocks=[2])
    message = "stock 0: what changed at 0 ms left less than nothing"
    faulty(replace(rich, stock_level=np.array([1])), rich, message)
    back = plan([Unit(0, [take(0, 1), give(0, 1, 5)]), Unit(5, [take(0, 1)])], stocks=[1])
    message = "stock 0: what changed at 5 ms left less than nothing"
    faulty(replace(back, time=np.array([0, 6, 0])), back, message)


def test_a_journal_made_for_other_trains_is_noticed():
    units = [Unit(0, [depart(0)])] * 3
    message = "platform 0: those who left at 5 ms had no train"
    written = plan(units, platforms=[Trains(3, [5])])
    faulty(replace(written, capacity=np.array([2])), written, message)
    faulty(replace(written, train_at=np.array([4])), written, message)
    full = plan([Unit(5, [depart(0)])] * 4, platforms=[Trains(2, when_full=True)])
    faulty(replace(full, when_full=np.zeros(1, dtype=np.int8)), full, message)
    faulty(replace(full, capacity=np.array([3])), full, message)


def test_equal_means_every_stamp():
    journal = run(GOOD)
    assert journal.equal(run(GOOD))
    for name in ("asked", "began", "ended", "worked", "joined"):
        assert not journal.equal(replace(journal, **{name: getattr(journal, name) + 1}))


def test_the_engine_room_imports_nothing_heavy():
    heavy = "{'simpy', 'pandas', 'scipy', 'numba', 'pydantic', 'geopandas'}"
    code = f"import corridor.engine, sys; assert not {heavy} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)

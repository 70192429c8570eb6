"""Traces worked out by hand, to the millisecond: rows of (asked, began, ended, worked)."""

import pytest

from corridor.engine import ClosingRule

from .plans import Lanes, Unit, give, move, serve, take, trace

FINISH, HOLD, RECALL = ClosingRule
ONE_LANE = Lanes()
NEVER = (-1, -1, -1, 0)


def began(rows):
    return [row[1] for row in rows]


# Verbs


def test_move_takes_its_time_and_no_lane():
    assert trace([Unit(5, [move(10), move(0)])]) == [(5, 5, 15, 0), (15, 15, 15, 0)]


def test_serve_waits_for_the_lane():
    rows = trace([Unit(0, [serve(0, 10)]), Unit(3, [serve(0, 4)])], [ONE_LANE])
    assert rows == [(0, 0, 10, 10), (3, 10, 14, 4)]


def test_two_lanes_serve_two():
    rows = trace([Unit(0, [serve(0, 10)])] * 3, [Lanes([(0, 2)])])
    assert rows == [(0, 0, 10, 10), (0, 0, 10, 10), (0, 10, 20, 10)]


def test_steps_follow_one_another():
    rows = trace(
        [Unit(2, [serve(0, 3), move(4), serve(1, 5)]), Unit(0, [serve(1, 20)])],
        [ONE_LANE, ONE_LANE],
    )
    assert rows == [(2, 2, 5, 3), (5, 5, 9, 0), (9, 20, 25, 5), (0, 0, 20, 20)]


def test_take_waits_for_what_is_given_back_later_and_the_giver_goes_on():
    rows = trace(
        [Unit(0, [take(0, 1), move(5), give(0, 1, after=3), move(2)]), Unit(2, [take(0, 1)])],
        stocks=[1],
    )
    assert rows == [(0, 0, 0, 0), (0, 0, 5, 0), (5, 5, 5, 0), (5, 5, 7, 0), (2, 8, 8, 0)]


def test_a_stock_may_grow_beyond_its_first_level():
    assert began(trace([Unit(1, [give(0, 7)]), Unit(0, [take(0, 7)])], stocks=[0])) == [1, 1]


def test_the_head_of_the_line_blocks():
    """One is there, the head wants two: whoever wants but one waits behind it, and so does zero."""
    giver = Unit(4, [give(0, 1), move(2), give(0, 1)])
    rows = trace(
        [Unit(0, [take(0, 2)]), Unit(1, [take(0, 1)]), Unit(2, [take(0, 0)]), giver], (), [1]
    )
    assert began(rows) == [4, 6, 6, 4, 4, 6]


def test_who_asked_first_takes_first():
    units = [Unit(3, [take(0, 1)]), Unit(2, [take(0, 1)]), Unit(5, [give(0, 1)])]
    assert began(trace(units, stocks=[0])) == [-1, 5, 5]


def test_priority_goes_before_a_blocked_head():
    rows = trace([Unit(0, [take(0, 2)]), Unit(1, [take(0, 1, priority=-1)])], stocks=[1])
    assert began(rows) == [-1, 1]


# The order of a line and of an instant


def test_a_line_is_ordered_by_priority_then_asked_then_unit():
    rows = trace(
        [
            Unit(5, [serve(0, 1, priority=1)]),
            Unit(6, [serve(0, 1, priority=0)]),
            Unit(5, [serve(0, 1, priority=1)]),
            Unit(4, [serve(0, 1, priority=1)]),
            Unit(0, [serve(0, 10)]),
        ],
        [ONE_LANE],
    )
    assert began(rows) == [12, 10, 13, 11, 0]


def test_who_arrives_as_a_lane_comes_free_is_in_line_before_anyone_begins():
    units = [Unit(0, [serve(0, 10)]), Unit(3, [serve(0, 1)]), Unit(10, [serve(0, 1, priority=-1)])]
    assert began(trace(units, [ONE_LANE])) == [0, 11, 10]


def test_who_ends_a_step_is_in_the_next_line_before_anyone_begins():
    """At 10 both lanes come free; unit 0 goes on to station 1, whose line it jumps by priority."""
    units = [
        Unit(0, [serve(0, 10), serve(1, 1, priority=-1)]),
        Unit(0, [serve(1, 10)]),
        Unit(3, [serve(1, 1)]),
    ]
    assert began(trace(units, [ONE_LANE, ONE_LANE])) == [0, 10, 0, 11]


@pytest.mark.parametrize("rule", ClosingRule)
def test_a_finish_goes_before_the_closing_of_the_same_instant(rule):
    units = [Unit(0, [serve(0, 10)]), Unit(3, [serve(0, 10)])]
    rows = trace(units, [Lanes([(0, 1), (10, 0), (15, 1)], rule)])
    assert rows == [(0, 0, 10, 10), (3, 15, 25, 10)]


def test_who_arrives_as_a_lane_opens_begins_and_as_it_closes_does_not():
    lanes = Lanes([(0, 0), (5, 1), (9, 0)])
    assert began(trace([Unit(5, [serve(0, 1)]), Unit(9, [serve(0, 1)])], [lanes])) == [5, -1]


def test_what_comes_back_to_a_stock_is_there_before_anyone_takes():
    units = [Unit(0, [take(0, 1), give(0, 1, after=8)]), Unit(8, [take(0, 1)])]
    assert began(trace(units, stocks=[1])) == [0, 0, 8]


# What takes no time


def test_a_chain_of_no_time_is_settled_at_once():
    rows = trace(
        [
            Unit(
                4, [move(0), serve(0, 0), take(0, 1), serve(1, 0), give(0, 1), move(0), serve(0, 2)]
            )
        ],
        [ONE_LANE, ONE_LANE],
        [1],
    )
    assert rows == [(4, 4, 4, 0)] * 6 + [(4, 4, 6, 2)]


def test_a_chain_of_no_time_is_settled_before_the_next_start():
    """Unit 0 passes station 1 and begins at station 0 before unit 2 can jump the line there."""
    units = [
        Unit(0, [serve(1, 0), serve(0, 5)]),
        Unit(0, [serve(1, 0), serve(0, 5)]),
        Unit(0, [serve(1, 0), serve(0, 5, priority=-1)]),
    ]
    assert began(trace(units, [ONE_LANE, ONE_LANE])) == [0, 0, 0, 10, 0, 5]
    assert began(trace(units, [ONE_LANE, Lanes([(0, 3)])])) == [0, 0, 0, 10, 0, 5]


def test_starts_go_station_by_station():
    """The same with the stations' numbers changed: all pass station 0 before station 1 starts."""
    units = [
        Unit(0, [serve(0, 0), serve(1, 5)]),
        Unit(0, [serve(0, 0), serve(1, 5)]),
        Unit(0, [serve(0, 0), serve(1, 5, priority=-1)]),
    ]
    assert began(trace(units, [Lanes([(0, 3)]), ONE_LANE])) == [0, 5, 0, 10, 0, 0]


def test_stations_start_before_stocks():
    """Units 0 and 1 want the one piece; unit 1 comes through a station, and by priority gets it."""
    units = [Unit(0, [take(0, 1)]), Unit(0, [serve(0, 0), take(0, 1, priority=-1)])]
    assert began(trace(units, [ONE_LANE], [1])) == [-1, 0, 0]


def test_stocks_start_in_order():
    """Units 0 and 1 want the one piece of stock 1; unit 1, by way of stock 0, comes before."""
    units = [Unit(0, [take(1, 1)]), Unit(0, [take(0, 0), take(1, 1, priority=-1)])]
    assert began(trace(units, stocks=[0, 1])) == [-1, 0, 0]


def test_all_that_comes_back_is_there_before_anyone_takes():
    """At 8 both stocks get one; unit 1 takes of stock 0 and then, by priority, of stock 1."""
    giver = Unit(0, [give(1, 1, after=8), give(0, 1, after=8)])
    units = [Unit(1, [take(1, 1)]), Unit(1, [take(0, 1), take(1, 1, priority=-1)])]
    assert began(trace([*units, giver], stocks=[0, 0])) == [-1, 8, 8, 0, 0]


def test_a_service_of_no_time_still_needs_an_open_lane():
    assert began(trace([Unit(3, [serve(0, 0)])], [Lanes([(0, 0), (7, 1)])])) == [7]


# Closing rules: three lanes, one left from 5, two from 8, three from 20


def partial_closing(rule):
    units = [Unit(0, [serve(0, 10)]), Unit(1, [serve(0, 10)]), Unit(2, [serve(0, 10)])]
    lanes = Lanes([(0, 3), (5, 1), (8, 2), (20, 3)], rule)
    return trace([*units, Unit(3, [serve(0, 4)])], [lanes])


def test_finish_runs_on_and_lets_nobody_in_until_fewer_are_busy_than_open():
    assert partial_closing(FINISH) == [
        (0, 0, 10, 10),
        (1, 1, 11, 10),
        (2, 2, 12, 10),
        (3, 11, 15, 4),
    ]


def test_hold_stops_the_last_begun_and_resumes_them_before_the_line():
    """At 5 units 1 and 2 stop with 6 and 7 to go; at 8 unit 1 resumes, at 10 unit 2."""
    assert partial_closing(HOLD) == [(0, 0, 10, 10), (1, 1, 14, 10), (2, 2, 17, 10), (3, 14, 18, 4)]


def test_recall_sends_the_last_begun_back_to_their_place_in_line():
    """At 5 units 1 and 2 lose 4 and 3; at 8 unit 1 begins anew, at 10 unit 2."""
    assert partial_closing(RECALL) == [
        (0, 0, 10, 10),
        (1, 8, 18, 4 + 10),
        (2, 10, 20, 3 + 10),
        (3, 18, 22, 4),
    ]


def test_of_two_begun_together_the_greater_number_is_held():
    rows = trace([Unit(0, [serve(0, 10)])] * 2, [Lanes([(0, 2), (4, 1), (6, 2)], HOLD)])
    assert rows == [(0, 0, 10, 10), (0, 0, 12, 10)]


def test_priority_passes_a_recalled_unit_but_not_a_held_one():
    units = [Unit(0, [serve(0, 10)]), Unit(5, [serve(0, 1, priority=-1)])]
    changes = [(0, 1), (4, 0), (6, 1)]
    assert trace(units, [Lanes(changes, HOLD)]) == [(0, 0, 12, 10), (5, 12, 13, 1)]
    assert trace(units, [Lanes(changes, RECALL)]) == [(0, 7, 17, 14), (5, 6, 7, 1)]


def test_work_is_held_as_often_as_lanes_close():
    lanes = Lanes([(0, 1), (3, 0), (5, 1), (8, 0), (20, 1)], HOLD)
    assert trace([Unit(0, [serve(0, 10)])], [lanes]) == [(0, 0, 24, 10)]


def test_work_is_recalled_as_often_as_lanes_close():
    lanes = Lanes([(0, 1), (3, 0), (5, 1), (8, 0), (20, 1)], RECALL)
    assert trace([Unit(0, [serve(0, 10)])], [lanes]) == [(0, 20, 30, 3 + 3 + 10)]


# The horizon


@pytest.mark.parametrize("rule", ClosingRule)
def test_what_is_due_at_the_horizon_does_not_happen(rule):
    lanes = Lanes([(0, 1)], rule)
    units = [Unit(0, [serve(0, 10), move(1)])]
    assert trace(units, [lanes], horizon=10) == [(0, 0, -1, 10), NEVER]
    assert trace(units, [lanes], horizon=11) == [(0, 0, 10, 10), (10, 10, -1, 0)]


def test_who_starts_at_the_horizon_never_asks():
    assert trace([Unit(10, [move(0)]), Unit(9, [move(0)])], horizon=10) == [NEVER, (9, 9, 9, 0)]


def test_who_still_waits_at_the_horizon_has_asked():
    rows = trace([Unit(0, [serve(0, 50)]), Unit(1, [serve(0, 1)])], [ONE_LANE], horizon=20)
    assert rows == [(0, 0, -1, 20), (1, -1, -1, 0)]


def test_what_was_interrupted_before_the_horizon_keeps_the_work_done():
    units, changes = [Unit(2, [serve(0, 10)])], [(0, 1), (6, 0)]
    assert trace(units, [Lanes(changes, FINISH)], horizon=9) == [(2, 2, -1, 7)]
    assert trace(units, [Lanes(changes, HOLD)], horizon=9) == [(2, 2, -1, 4)]
    assert trace(units, [Lanes(changes, RECALL)], horizon=9) == [(2, -1, -1, 4)]


# The edges


def test_nothing_to_do():
    assert trace([]) == []
    assert trace([Unit(3), Unit(0, [move(1)]), Unit(5)], [ONE_LANE], [1]) == [(0, 0, 1, 0)]


def test_a_thousand_million_lanes_cost_nothing():
    rows = trace([Unit(t, [serve(0, 500)]) for t in range(300)], [Lanes([(0, 10**9)])])
    assert rows == [(t, t, t + 500, 500) for t in range(300)]

"""Traces worked out by hand, to the millisecond: rows of (asked, began, ended, worked)."""

import pytest

from corridor.engine import ClosingRule

from .plans import (
    Lanes,
    Trains,
    Unit,
    agreed,
    depart,
    give,
    join,
    joined,
    limit,
    move,
    plan,
    serve,
    take,
    trace,
)

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


# Lanes that are kept: blocking after service


def test_a_room_of_one_blocks_the_station_before_it():
    """Behind station 0 there is room for one, who is at station 1 and gives the room back."""
    steps = [serve(0, 5, keep=True), take(0, 1), serve(1, 10), give(0, 1)]
    rows = trace([Unit(0, steps)] * 3, [ONE_LANE, ONE_LANE], [1])
    assert rows[0:4] == [(0, 0, 5, 5), (5, 5, 5, 0), (5, 5, 15, 10), (15, 15, 15, 0)]
    assert rows[4:8] == [(0, 5, 10, 5), (10, 15, 15, 0), (15, 15, 25, 10), (25, 25, 25, 0)]
    assert rows[8:12] == [(0, 15, 20, 5), (20, 25, 25, 0), (25, 25, 35, 10), (35, 35, 35, 0)]


@pytest.mark.parametrize(
    ("rule", "worker", "next_in_line"),
    [
        (FINISH, (0, 0, 10, 10), (11, 12, 13, 1)),
        (HOLD, (0, 0, 15, 10), (11, 15, 16, 1)),
        (RECALL, (0, 12, 22, 7 + 10), (11, 20, 21, 1)),
    ],
)
@pytest.mark.parametrize("left_open", [0, 1])
def test_a_closing_cannot_take_a_lane_that_is_kept(rule, worker, next_in_line, left_open):
    """From 5 to 20 unit 0 keeps one of two lanes; from 7 to 12 one is open, or none."""
    units = [
        Unit(0, [serve(0, 5, keep=True), take(0, 1)]),
        Unit(0, [serve(0, 10)]),
        Unit(11, [serve(0, 1)]),
        Unit(20, [give(0, 1)]),
    ]
    rows = trace(units, [Lanes([(0, 2), (7, left_open), (12, 2)], rule)], [0])
    assert rows == [(0, 0, 5, 5), (5, 20, 20, 0), worker, next_in_line, (20, 20, 20, 0)]


def test_who_has_the_lower_number_is_stopped_for_who_keeps_a_lane():
    """Unit 1 began later than unit 0, but keeps its lane: at 7 it is unit 0 that must stop."""
    units = [Unit(0, [serve(0, 10)]), Unit(1, [serve(0, 4, keep=True), take(0, 1)])]
    rows = trace(units, [Lanes([(0, 2), (7, 1), (9, 2)], HOLD)], [0])
    assert rows == [(0, 0, 12, 10), (1, 1, 5, 4), (5, -1, -1, 0)]


def test_a_lane_that_was_kept_is_free_before_the_next_stock_is_looked_at():
    """At 10 unit 1 enters the room; unit 2 has its lane and jumps the line of stock 1."""
    units = [
        Unit(0, [take(0, 1), move(10), give(0, 1), give(1, 1)]),
        Unit(0, [serve(0, 5, keep=True), take(0, 1)]),
        Unit(1, [serve(0, 0), take(1, 1, priority=-1)]),
        Unit(2, [take(1, 1)]),
    ]
    assert began(trace(units, [ONE_LANE], [1, 0])) == [0, 0, 10, 10, 0, 10, 10, 10, -1]


# Trains


def test_a_train_of_the_timetable_takes_two_at_most_and_leaves_empty_too():
    """At 5 nobody is there; unit 3 comes at the very instant at which the last train leaves."""
    units = [Unit(at, [depart(0), move(1)]) for at in (6, 7, 8, 20, 21)]
    rows = trace(units, platforms=[Trains(2, [5, 10, 20])])
    assert rows[0:4] == [(6, 10, 10, 0), (10, 10, 11, 0), (7, 10, 10, 0), (10, 10, 11, 0)]
    assert rows[4:8] == [(8, 20, 20, 0), (20, 20, 21, 0), (20, 20, 20, 0), (20, 20, 21, 0)]
    assert rows[8:] == [(21, -1, -1, 0), NEVER]


def test_a_train_takes_the_first_in_line():
    units = [Unit(0, [depart(0)]), Unit(1, [depart(0)]), Unit(9, [depart(0, priority=-1)])]
    assert began(trace(units, platforms=[Trains(2, [10, 12])])) == [10, 12, 10]


def test_a_train_leaves_when_it_can_be_filled():
    """At 9 three come and two leave."""
    units = [Unit(at, [depart(0)]) for at in (1, 4, 9, 9, 9)]
    assert began(trace(units, platforms=[Trains(2, when_full=True)])) == [4, 4, 9, 9, -1]


def test_a_train_of_the_timetable_leaves_before_one_that_is_full():
    """At 6 a full one, at 10 one with one. At 20 three come: two have a train, for one is left."""
    units = [Unit(at, [depart(0)]) for at in (3, 6, 9, 20, 20, 20)]
    platform = Trains(2, [10, 20], when_full=True)
    assert began(trace(units, platforms=[platform])) == [6, 6, 10, 20, 20, -1]
    five = [Unit(20, [depart(0)])] * 5
    assert began(trace(five, platforms=[platform])) == [20, 20, 20, 20, -1]


def test_who_leaves_by_train_has_left_before_the_next_train_does():
    """Unit 0 comes by the train of platform 0 to platform 1, and has the one seat by priority."""
    units = [Unit(0, [depart(0), depart(1, priority=-1)]), Unit(0, [depart(1)])]
    assert began(trace(units, platforms=[Trains(9, [5]), Trains(1, [5])])) == [5, 5, -1]
    back = [Unit(0, [depart(1), depart(0, priority=-1)]), Unit(0, [depart(0)])]
    assert began(trace(back, platforms=[Trains(1, [5]), Trains(9, [5])])) == [5, -1, 5]


def test_stocks_start_before_platforms():
    units = [Unit(0, [take(0, 1), depart(0, priority=-1)]), Unit(0, [depart(0)])]
    assert began(trace([*units, Unit(5, [give(0, 1)])], (), [0], [Trains(1, [5])]))[:3] == [
        5,
        5,
        -1,
    ]


# Giving up


def test_patience_that_ends_as_a_lane_comes_free_is_rewarded():
    """The lane comes free at 10."""
    worker = Unit(0, [serve(0, 10)])
    for patience, served in ((6, (4, 10, 11, 1)), (5, (4, -1, 9, 0))):
        rows = trace([worker, Unit(4, [limit(patience), serve(0, 1)])], [ONE_LANE])
        assert rows == [(0, 0, 10, 10), (4, 4, 4, 0), served]


def test_patience_that_ends_as_a_train_leaves_is_rewarded():
    units = [Unit(4, [limit(patience), depart(0)]) for patience in (6, 5)]
    rows = trace(units, platforms=[Trains(2, [10])])
    assert rows == [(4, 4, 4, 0), (4, 10, 10, 0), (4, 4, 4, 0), (4, -1, 9, 0)]


def test_who_gives_up_skips_so_many_steps():
    worker = Unit(0, [serve(0, 20)])
    for skip, rest in (
        (0, [(9, 9, 12, 0), (12, 12, 14, 0)]),
        (1, [NEVER, (9, 9, 11, 0)]),
        (2, [NEVER, NEVER]),
    ):
        steps = [limit(5, skip=skip), serve(0, 1), move(3), move(2)]
        rows = trace([worker, Unit(4, steps)], [ONE_LANE])
        assert rows[1:] == [(4, 4, 4, 0), (4, -1, 9, 0), *rest]


def test_a_limit_holds_for_one_step_only():
    worker = Unit(0, [serve(0, 20)])
    rows = trace([worker, Unit(4, [limit(5), move(2), serve(0, 1)][1:])], [ONE_LANE])
    assert began(rows) == [0, 4, 20]
    steps = [limit(5), serve(1, 3), serve(0, 1)]
    assert began(trace([worker, Unit(4, steps)], [ONE_LANE, ONE_LANE])) == [0, 4, 4, 20]


def test_who_finds_too_many_ahead_gives_up_at_once():
    """Unit 1 waits. Of those who come at 2 unit 2 finds one too many; then unit 3 does not."""
    units = [
        Unit(0, [serve(0, 10)]),
        Unit(1, [serve(0, 10)]),
        Unit(2, [limit(ahead=1), serve(0, 10), move(1)]),
        Unit(2, [limit(ahead=2), serve(0, 10)]),
    ]
    rows = trace(units, [ONE_LANE])
    assert rows[2:5] == [(2, 2, 2, 0), (2, -1, 2, 0), (2, 2, 3, 0)]
    assert rows[5:] == [(2, 2, 2, 0), (2, 20, 30, 10)]


def test_of_two_who_come_together_the_second_gives_up():
    late = Unit(3, [limit(ahead=1), serve(0, 10)])
    rows = trace([Unit(0, [serve(0, 10)]), late, late], [ONE_LANE])
    assert rows[1:] == [(3, 3, 3, 0), (3, 10, 20, 10), (3, 3, 3, 0), (3, -1, 3, 0)]


def test_who_is_in_work_does_not_stand_ahead_nor_who_is_passed():
    units = [Unit(0, [serve(0, 10)]), Unit(1, [serve(0, 10)])]
    rows = trace([*units, Unit(2, [limit(ahead=1), serve(0, 1, priority=-1)])], [ONE_LANE])
    assert began(rows) == [0, 11, 2, 10]


def test_whose_limit_is_nobody_ahead_and_no_time_begins_at_once_or_never():
    for nobody in (limit(patience=0), limit(ahead=0)):
        units = [Unit(at, [nobody, serve(0, 10)]) for at in (0, 9, 10)]
        rows = trace(units, [ONE_LANE])
        assert rows[1::2] == [(0, 0, 10, 10), (9, -1, 9, 0), (10, 10, 20, 10)]


def test_later_comers_drive_nobody_away():
    """Two pass unit 1 at 2; it looked at the line at 1."""
    units = [Unit(0, [serve(0, 10)]), Unit(1, [limit(ahead=1), serve(0, 10)])]
    rows = trace([*units, *[Unit(2, [serve(0, 1, priority=-1)])] * 2], [ONE_LANE])
    assert began(rows) == [0, 1, 12, 10, 11]


def test_who_is_passed_in_the_very_instant_of_coming_gives_up_after_all():
    """At 5 unit 0 stays; unit 1 gives up at station 1 and passes unit 0, who then gives up too."""
    units = [
        Unit(5, [limit(ahead=1), serve(0, 1)]),
        Unit(5, [limit(ahead=0), serve(1, 1), serve(0, 1, priority=-1)]),
    ]
    rows = trace(units, [Lanes([(0, 0)])] * 2)
    assert rows == [(5, 5, 5, 0), (5, -1, 5, 0), (5, 5, 5, 0), (5, -1, 5, 0), (5, -1, -1, 0)]


def test_a_head_of_the_line_that_gives_up_blocks_no_more():
    units = [Unit(0, [limit(5), take(0, 2)]), Unit(1, [take(0, 1)])]
    assert trace(units, stocks=[1]) == [(0, 0, 0, 0), (0, -1, 5, 0), (1, 5, 5, 0)]


def test_what_can_start_after_one_gives_up_starts_before_the_next_gives_up():
    """At 5 the patience of both is over, but what unit 1 wants is there once unit 0 has gone."""
    units = [Unit(0, [limit(5), take(0, 2)]), Unit(1, [limit(4), take(0, 1)])]
    assert began(trace(units, stocks=[1])) == [0, -1, 1, 5]


def test_who_waits_at_a_station_gives_up_before_who_waits_at_a_stock():
    """At 5 unit 0 leaves the station and takes the piece: it is gone when unit 1 gives up."""
    units = [
        Unit(0, [limit(5), serve(0, 1), take(0, 1, priority=-1)]),
        Unit(0, [limit(5), take(0, 2)]),
        Unit(1, [take(0, 1)]),
    ]
    assert began(trace(units, [Lanes([(0, 0)])], [1])) == [0, -1, 5, 0, -1, -1]


def test_who_has_once_begun_gives_up_no_more():
    lanes = Lanes([(0, 1), (3, 0), (20, 1)], RECALL)
    rows = trace([Unit(0, [limit(5, ahead=0), serve(0, 10)])], [lanes])
    assert rows == [(0, 0, 0, 0), (0, 20, 30, 3 + 10)]


def test_patience_without_end_has_none():
    rows = trace([Unit(3, [limit(), serve(0, 1)])], [Lanes([(0, 0), (900, 1)])])
    assert rows == [(3, 3, 3, 0), (3, 900, 901, 1)]


# Joining the shortest of parallel stations


def choices(units, stations, stocks=()):
    """The stations chosen."""
    written = plan(units, stations, stocks)
    return joined(written, agreed(written))


def test_who_join_at_one_instant_spread_in_their_order():
    """The first such is taken: station 0, then 1, then 0 again."""
    steps = [join(0, 2), serve(0, 5)]
    rows = trace([Unit(0, steps)] * 3, [ONE_LANE] * 2)
    assert rows == [(0, 0, 0, 0), (0, 0, 5, 5)] * 2 + [(0, 0, 0, 0), (0, 5, 10, 5)]
    assert choices([Unit(0, steps)] * 3, [ONE_LANE] * 2) == [0, 1, 0]
    later = [join(1, 2), serve(1, 5)]
    assert choices([Unit(0, later)] * 3, [ONE_LANE] * 3) == [1, 2, 1]


def test_who_has_priority_joins_first():
    units = [Unit(0, [join(0, 2, priority), serve(0, 5)]) for priority in (0, -1)]
    assert choices(units, [ONE_LANE] * 2) == [1, 0]


def test_who_joins_counts_those_in_line_and_on_a_lane_also_a_closed_one():
    joiner = Unit(2, [join(0, 2), serve(0, 1)])
    line = [Unit(0, [serve(0, 9)]), Unit(0, [serve(0, 9)]), Unit(0, [serve(1, 9)])]
    assert choices([*line, joiner], [ONE_LANE] * 2) == [1]
    assert choices([*line, joiner], [Lanes([(0, 9)]), Lanes([(0, 0)])]) == [1]
    assert choices([line[0], joiner], [Lanes([(0, 1), (1, 0)], HOLD), ONE_LANE]) == [1]
    assert choices([line[0], joiner], [Lanes([(0, 1), (1, 0)], RECALL), ONE_LANE]) == [1]
    keeper = Unit(0, [serve(0, 1, keep=True), take(0, 1)])
    assert choices([keeper, joiner], [ONE_LANE] * 2, [0]) == [1]
    assert choices([keeper, joiner], [ONE_LANE] * 2, [1]) == [0]


def test_who_joins_chooses_before_anything_starts():
    """Unit 0 is gone from station 0 at once, but is there when unit 1 chooses."""
    units = [Unit(3, [serve(0, 0)]), Unit(3, [join(0, 2), serve(0, 1)])]
    assert choices(units, [ONE_LANE] * 2) == [1]


def test_a_limit_before_a_join_is_one_on_the_line_joined():
    """Unit 4 finds unit 2 in line; units 2 and 3, the first in line, lose patience at 3."""
    steps = [limit(patience=3, ahead=1, skip=1), join(0, 2), serve(0, 5), move(1), move(2)]
    rows = trace([Unit(0, steps)] * 5, [ONE_LANE] * 2)
    served, went = (0, 0, 5, 5), (5, 5, 6, 0)
    assert [rows[at : at + 5][2:4] for at in (0, 5)] == [[served, went]] * 2
    assert [rows[at : at + 5][2:] for at in (10, 15)] == [[(0, -1, 3, 0), NEVER, (3, 3, 5, 0)]] * 2
    assert rows[20:][2:] == [(0, -1, 0, 0), NEVER, (0, 0, 2, 0)]


def test_the_closing_rule_is_that_of_the_station_joined():
    stations = [Lanes([(0, 1), (3, 0), (5, 1)], rule) for rule in (HOLD, RECALL)]
    rows = trace([Unit(0, [join(0, 2), serve(0, 10)])] * 2, stations)
    assert rows[1::2] == [(0, 0, 12, 10), (0, 5, 15, 3 + 10)]


def test_a_lane_may_be_kept_at_the_station_joined():
    steps = [join(0, 2), serve(0, 5, keep=True), take(0, 1)]
    late = Unit(6, [serve(0, 1)])
    rows = trace([*[Unit(0, steps)] * 2, late, Unit(9, [give(0, 1)])], [ONE_LANE] * 2, [1])
    assert began(rows) == [0, 0, 5, 0, 0, 9, 6, 9]


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

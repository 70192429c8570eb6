"""Step functions and intervals against the plainest truth there is: a list of milliseconds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.engine import lanes

END = 40
instants = st.integers(0, END)
intervals = st.lists(st.tuples(instants, instants).map(sorted), max_size=8)
functions = st.tuples(intervals, st.integers(0, 3)).map(
    lambda drawn: lanes.from_intervals(drawn[0], drawn[1], END)
)


def inside(rows):
    """The milliseconds that lie in the intervals."""
    return {t for a, b in rows for t in range(a, b)}


def values(at, lanes_open):
    """The lanes open in each millisecond."""
    return [int(lanes_open[max(i for i, t in enumerate(at) if t <= now)]) for now in range(END)]


def assert_tidy(rows):
    assert rows.dtype == np.int64
    assert rows.ndim == 2
    assert np.all(np.diff(rows.ravel()) > 0), "sorted, none empty, none touching"


@given(intervals, intervals)
def test_union_intersect_subtract(one, other):
    for operation, expected in (
        (lanes.union, inside(one) | inside(other)),
        (lanes.intersect, inside(one) & inside(other)),
        (lanes.subtract, inside(one) - inside(other)),
    ):
        rows = operation(one, other)
        assert_tidy(rows)
        assert inside(rows.tolist()) == expected


@given(intervals, st.integers(1, 3), st.integers(1, END))
def test_from_intervals_and_back(rows, count, horizon):
    at, lanes_open = lanes.from_intervals(rows, count, horizon)
    assert at[0] == 0
    assert np.all(np.diff(at) > 0)
    assert at[-1] < horizon
    expected = [count * (t in inside(rows)) for t in range(horizon)]
    assert values(at, lanes_open)[:horizon] == expected
    back = lanes.open_intervals(at, lanes_open, horizon)
    assert_tidy(back)
    assert inside(back.tolist()) == {t for t in inside(rows) if t < horizon}


@given(functions, functions)
def test_combine(one, other):
    for operation in (np.add, np.minimum, np.multiply, np.maximum):
        at, lanes_open = lanes.combine(operation, one, other)
        assert at[0] == 0
        assert np.all(np.diff(at) > 0)
        assert np.all(np.diff(lanes_open) != 0)
        assert values(at, lanes_open) == list(operation(values(*one), values(*other)))


@given(functions, st.lists(st.tuples(instants, instants).map(sorted), max_size=5))
def test_open_time_and_lane_time(function, spans):
    a, b = np.array(spans, dtype=np.int64).reshape(-1, 2).T
    now = values(*function)
    assert lanes.lane_time(*function, a, b).tolist() == [sum(now[i:j]) for i, j in spans]
    expected = [sum(lanes_open > 0 for lanes_open in now[i:j]) for i, j in spans]
    assert lanes.open_time(*function, a, b).tolist() == expected


def test_the_last_piece_has_no_end_and_before_zero_nothing_is_open():
    at, lanes_open = np.array([0, 10]), np.array([1, 4])
    assert lanes.lane_time(at, lanes_open, [-5, 8, 100], [3, 12, 103]).tolist() == [3, 10, 12]


def test_a_millisecond_is_not_lost_in_a_century():
    century = 100 * 365 * 86_400_000
    always = (np.array([0]), np.array([lanes.UNLIMITED]))
    total = lanes.lane_time(*always, [0], [century + 1])
    assert total.tolist() == [(century + 1) * lanes.UNLIMITED]


def test_lane_time_beyond_64_bits_is_refused():
    with pytest.raises(OverflowError, match="UNLIMITED"):
        lanes.lane_time(np.array([0]), np.array([10**9]), [0], [365 * 86_400_000])


def test_an_interval_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="ends before it begins"):
        lanes.union([(2, 1)])
    with pytest.raises(ValueError, match="ends before it begins"):
        lanes.open_time(np.array([0]), np.array([1]), [2], [1])


def test_no_intervals_at_all():
    for rows in (
        lanes.union(),
        lanes.union([]),
        lanes.intersect([], [(0, 1)]),
        lanes.subtract([], []),
    ):
        assert rows.shape == (0, 2)

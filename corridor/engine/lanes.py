"""Engine room: step functions and intervals of time, exact to the millisecond.

A **step function** is a pair of int64 arrays ``(at, open)``: from ``at[i]`` on, ``open[i]`` lanes
are open; ``at`` rises strictly from 0, and the last piece has no end. **Intervals** are an
int64 array of shape (k, 2), each row half-open, ``[from, until)``; what these functions return is
sorted, and its rows neither touch nor are empty. What they are given may be neither.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

__all__ = [
    "UNLIMITED",
    "combine",
    "from_intervals",
    "intersect",
    "lane_time",
    "open_intervals",
    "open_time",
    "subtract",
    "union",
]

Int64 = npt.NDArray[np.int64]
StepFunction = tuple[Int64, Int64]

UNLIMITED = 1_000_000
"""As many lanes as anyone can need, and few enough that 290 years of lane-time fit 64 bits."""


def from_intervals(intervals: npt.ArrayLike, lanes: int, horizon: int) -> StepFunction:
    """`lanes` open within `intervals`, none outside; only changes before `horizon` (ms) are kept.

    Examples
    --------
    >>> at, lanes_open = from_intervals([(8, 17), (32, 41)], lanes=3, horizon=40)
    >>> at.tolist(), lanes_open.tolist()
    ([0, 8, 17, 32], [0, 3, 0, 3])
    """
    edges = _within(union(intervals), 0, horizon).ravel()
    lanes_open = np.where(np.arange(len(edges)) % 2 == 0, lanes, 0)
    if not len(edges) or edges[0] > 0:
        edges, lanes_open = np.append(0, edges), np.append(0, lanes_open)
    kept = edges < horizon
    return edges[kept].astype(np.int64), lanes_open[kept].astype(np.int64)


def open_intervals(at: Int64, lanes_open: Int64, horizon: int) -> Int64:
    """The intervals before `horizon` (ms) in which any lane is open; shape (k, 2)."""
    pieces = np.column_stack([at, np.append(at[1:], max(horizon, int(at[-1])))])
    return _within(union(pieces[lanes_open > 0]), 0, horizon)


def combine(
    operation: Callable[[Int64, Int64], Int64], one: StepFunction, other: StepFunction
) -> StepFunction:
    """`operation` of two step functions, such as ``np.add``, ``np.minimum``, ``np.multiply``.

    Examples
    --------
    >>> day = from_intervals([(8, 17)], lanes=3, horizon=24)
    >>> evening = from_intervals([(12, 20)], lanes=2, horizon=24)
    >>> at, lanes_open = combine(np.add, day, evening)
    >>> at.tolist(), lanes_open.tolist()
    ([0, 8, 12, 17, 20], [0, 3, 5, 2, 0])
    """
    at = np.union1d(one[0], other[0])
    lanes_open = operation(_value(*one, at), _value(*other, at)).astype(np.int64)
    kept = np.diff(lanes_open, prepend=lanes_open[0] - 1) != 0
    return at[kept], lanes_open[kept]


def open_time(at: Int64, lanes_open: Int64, a: npt.ArrayLike, b: npt.ArrayLike) -> Int64:
    """Milliseconds of ``[a, b)`` in which any lane is open, for arrays `a` and `b` alike.

    Raises
    ------
    ValueError
        Where ``b < a``.
    """
    return lane_time(at, (lanes_open > 0).astype(np.int64), a, b)


def lane_time(at: Int64, lanes_open: Int64, a: npt.ArrayLike, b: npt.ArrayLike) -> Int64:
    """Lane-milliseconds open in ``[a, b)``: the integral of `lanes_open`; before 0 none is open.

    Raises
    ------
    ValueError
        Where ``b < a``.
    OverflowError
        When the answer might not fit 64 bits; see `UNLIMITED`.

    Examples
    --------
    >>> lane_time(*from_intervals([(8, 17)], lanes=3, horizon=24), [0, 9, 20], [24, 11, 21])
    array([27,  6,  0])
    """
    a, b = np.maximum(a, 0).astype(np.int64), np.maximum(b, 0).astype(np.int64)
    if np.any(b < a):
        raise ValueError("an interval ends before it begins")
    if int(np.max(lanes_open)) * int(np.max(b, initial=0)) >= 2**63:
        raise OverflowError("lane-time beyond 64 bits; for a station without limit use UNLIMITED")
    before = np.append(0, np.cumsum(lanes_open[:-1] * np.diff(at)))

    def until(t: Int64) -> Int64:
        piece = np.searchsorted(at, t, side="right") - 1
        return np.asarray(before[piece] + lanes_open[piece] * (t - at[piece]), dtype=np.int64)

    return until(b) - until(a)


def union(*intervals: npt.ArrayLike) -> Int64:
    """What lies in any of them.

    Examples
    --------
    >>> union([(3, 5), (1, 2)], [(2, 3), (7, 7)]).tolist()
    [[1, 5]]
    """
    parts = [_rows(part) for part in intervals]
    rows = np.concatenate(parts) if parts else np.empty((0, 2), dtype=np.int64)
    if (rows[:, 0] < rows[:, 1]).all() and (rows[:-1, 1] < rows[1:, 0]).all():
        return rows  # as most are
    return _sweep(rows, np.ones(len(rows), dtype=np.int64), 1)


def intersect(one: npt.ArrayLike, other: npt.ArrayLike) -> Int64:
    """What lies in both.

    Examples
    --------
    >>> intersect([(1, 5), (8, 9)], [(4, 10)]).tolist()
    [[4, 5], [8, 9]]
    """
    rows = np.concatenate([union(one), union(other)])
    return _sweep(rows, np.ones(len(rows), dtype=np.int64), 2)


def subtract(one: npt.ArrayLike, other: npt.ArrayLike) -> Int64:
    """What lies in `one` and not in `other`.

    Examples
    --------
    >>> subtract([(1, 9)], [(0, 2), (4, 5)]).tolist()
    [[2, 4], [5, 9]]
    """
    keep, drop = union(one), union(other)
    weight = np.repeat([1, -1], [len(keep), len(drop)])
    return _sweep(np.concatenate([keep, drop]), weight, 1)


def _value(at: Int64, lanes_open: Int64, t: Int64) -> Int64:
    piece = np.searchsorted(at, t, side="right") - 1
    return np.asarray(lanes_open[piece], dtype=np.int64)


def _rows(intervals: npt.ArrayLike) -> Int64:
    rows = np.asarray(intervals, dtype=np.int64).reshape(-1, 2)
    if np.any(rows[:, 1] < rows[:, 0]):
        raise ValueError("an interval ends before it begins")
    return rows


def _within(rows: Int64, begin: int, end: int) -> Int64:
    """What of rows that neither touch nor are empty lies between two instants."""
    rows = np.clip(rows, begin, end)
    return rows[rows[:, 0] < rows[:, 1]]


def _sweep(rows: Int64, weight: Int64, level: int) -> Int64:
    """The intervals in which the weights of the rows present add up to `level` or more."""
    edges, place = np.unique(rows, return_inverse=True)
    change = np.zeros(len(edges), dtype=np.int64)
    np.add.at(change, place.reshape(-1, 2), np.column_stack([weight, -weight]))
    inside = np.append(False, np.cumsum(change) >= level)
    return np.asarray(edges[inside[1:] != inside[:-1]].reshape(-1, 2), dtype=np.int64)

"""What happened: counting by the hour. Whole numbers, exact, and nothing is sorted."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from corridor.planning import Axis

__all__ = ["HOUR", "area", "hours_of", "lasted", "past", "since", "within"]

HOUR = 3_600_000
Int64 = npt.NDArray[np.int64]


def hours_of(axis: Axis) -> Int64:
    """Starts of the measured hours, ms, (h,)."""
    return np.arange(axis.measured, axis.horizon, HOUR, dtype=np.int64)


def past(axis: Axis, times: Int64) -> Int64:
    """How many of `times` are at or before each measured hour, (h,); -1 is never."""
    counts: Int64 = np.cumsum(since(axis, times))
    return counts


def since(axis: Axis, times: Int64) -> Int64:
    """How many of `times` come to be past at each measured hour, (h,); -1 is never.

    Sums and differences of these need be added up but once to be those of `past`.
    """
    first, late, count = _grid(axis)
    slot = times + (2 * HOUR - 1 - late)  # slot 1 + k ends at the full hour k, and holds it
    slot //= HOUR
    tally: Int64 = np.bincount(slot, minlength=first + 1 + count)
    never = len(times) - np.count_nonzero(times >= 0)  # they fell into the first slots
    tally[first + 1] += tally[: first + 1].sum() - never
    return tally[first + 1 : first + 1 + count]


def within(axis: Axis, times: Int64) -> Int64:
    """How many of `times` lie in each measured hour, its first instant included, (h,)."""
    first, late, count = _grid(axis)
    slot = times + (HOUR - late)  # slot 1 + k begins at the full hour k
    slot //= HOUR
    counts: Int64 = np.bincount(slot, minlength=first + 1 + count)
    return counts[first + 1 : first + 1 + count]


def _grid(axis: Axis) -> tuple[int, int, int]:
    """Full hours before the measured part, ms between them and it, and how many hours it has."""
    return *divmod(axis.measured, HOUR), -(-(axis.horizon - axis.measured) // HOUR)


def lasted(axis: Axis, begin: Int64, end: Int64) -> int:
    """Time of all spells together within the measured part, ms: the sum of each spell's length.

    Spells begin at `begin`, -1 for never, and end at `end`, -1 for not before the horizon.
    """
    if not len(begin):
        return 0
    (began, b), (ended, e) = (_after(axis, times) for times in (begin, end))
    return ended - began + (b - e) * (axis.horizon - axis.measured)


def _after(axis: Axis, times: Int64) -> tuple[int, int]:
    """Sum of what each of `times` lies after the start of the measured part, ms; and their number.

    What lies before counts as nothing.
    """
    count = int(np.count_nonzero(times >= 0))
    if axis.measured:
        times = np.maximum(times, axis.measured) - axis.measured
        return int(times.sum()), count
    return int(times.sum()) + len(times) - count, count


def area(axis: Axis, begin: Int64, end: Int64) -> int:
    """The same time as the integral of how many spells last, from their number at full hours.

    Between two full hours an instant adds what lies between it and the later one.
    """
    marks = np.append(hours_of(axis), axis.horizon)
    total = 0
    for times, sign in ((begin, 1), (end, -1)):
        at_mark = past(axis, times)
        between = np.diff(np.append(at_mark, np.count_nonzero(times >= 0)))
        rest = int(between @ (marks[1:] - axis.measured)) - _after(axis, times)[0]
        total += sign * (int(at_mark @ np.diff(marks)) + rest)
    return total

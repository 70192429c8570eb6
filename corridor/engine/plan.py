"""Engine room: the contract. A Plan says what must be done, a Journal when it was done.

A **unit** (a lorry, a coach, a wagon) takes the **steps** of its **route** one after another. It
*asks* for a step, the step *begins*, the step *ends*, and at that instant it asks for the next.

==========  =====================================================================================
``MOVE``    Go. Begins when asked, ends `time` later, occupies nothing.
``SERVE``   Be worked on for `time` by one **lane** of station `where`; wait in its line till then.
            With an `amount` of 1 the unit keeps the lane until its next step, a TAKE, has begun:
            that is blocking after service, and a stock is the room behind.
``TAKE``    Take `amount` of **stock** `where`; wait in its line till there is so much. No time.
``GIVE``    Give `amount` to stock `where`, where it arrives `time` later; the unit does not wait.
``DEPART``  Leave with the next train from **platform** `where`; wait in its line till then. A train
            leaves at each instant of the timetable, full or not, and, if the platform says so, as
            soon as there are enough to fill it; it takes the first `capacity` in line. No time.
``JOIN``    Choose, of the `amount` stations from `where` on, the one at which the fewest units are,
            in line, held or on a lane (the first such); the next step, a SERVE, is done there.
``LIMIT``   Give up the next step that has a line, if it has not begun when `time` is over; or at
            the instant it is asked, if `amount` units or more stand ahead in that line. Who gives
            up skips `where` steps behind it. Who has once begun gives up no more. No time.
==========  =====================================================================================

A line is ordered by (priority, asked, unit number), and only its head may begin: whoever cannot
be given enough of a stock blocks those behind.

Time is a whole number of milliseconds since the start; whatever is due before `horizon` happens.
How many lanes of a station are open is a step function of time: calendars, shifts, breakdowns.
When fewer are open than busy, its **closing rule** says what becomes of the services in progress:

==========  =====================================================================================
``FINISH``  They run to their end; nothing begins until fewer lanes are busy than open.
``HOLD``    The excess, those with the greatest (began, unit), stop where they are. As lanes come
            free they resume in the order (began, unit), before anyone in the line begins.
``RECALL``  The excess, the same, are given up: the unit stands in the line again, in its old
            place, and is later served from the beginning. `began` is its last beginning.
==========  =====================================================================================

A lane that a unit keeps is busy, and no rule takes it away: there is no work left to stop, and
the excess is made up from the services in progress, or from as many as there are.

**The rule for one instant.** All that is due at an instant happens in this order:

1. *finishes*: services and moves that end, stocks that come back; each unit then asks for its
   next step;
2. *lane changes*, and what the closing rules make of them; trains come in;
3. *arrivals*: units that ask for their first step;
4. *starts*, one by one. First who wants to join a station chooses, in the order (priority, unit);
   then of all stations, then stocks, then platforms, in index order, the first where something
   can start starts one thing: what is held resumes, else the head of the line begins; from a
   platform a whole train leaves: one of the timetable first, even if it is empty, then one that
   can be filled;
5. *givings-up*, one by one, when nothing more can start: of all stations, stocks and platforms in
   that order, the first in line who gives up. What then can start, starts before the next.

What takes no time is due at once: its finish, and all that follows from it, comes before the next
start. Nothing in 1 to 3 depends on the order within them, for they only free lanes, raise stocks
and put units in line; so a Plan has exactly one Journal, and every engine must return that one.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from enum import IntEnum
from functools import cached_property

import numpy as np
import numpy.typing as npt

__all__ = ["LONGEST", "ClosingRule", "Journal", "Plan", "Verb", "starts"]

Int64 = npt.NDArray[np.int64]
Int32 = npt.NDArray[np.int32]
Int8 = npt.NDArray[np.int8]

LONGEST = 2**60
"""The greatest time, horizon or amount allowed, and the most a stock may come to hold: two of them
still add up within 64 bits."""


def _no_rows() -> Int64:
    return np.zeros(0, dtype=np.int64)


def _no_groups() -> Int64:
    return np.zeros(1, dtype=np.int64)


def _no_flags() -> Int8:
    return np.zeros(0, dtype=np.int8)


def _no_choice() -> Int32:
    return np.zeros(0, dtype=np.int32)


class Verb(IntEnum):
    """What a step does."""

    MOVE = 0
    SERVE = 1
    TAKE = 2
    GIVE = 3
    DEPART = 4
    JOIN = 5
    LIMIT = 6


class ClosingRule(IntEnum):
    """What becomes of services in progress when fewer lanes are open than busy."""

    FINISH = 0
    HOLD = 1
    RECALL = 2


@dataclass(frozen=True, eq=False)
class Plan:
    """What must be done: U units on R routes of T steps in all; all chance already drawn.

    The steps of a route are said once, however many units take it. What differs from unit to unit
    is the time, in S **cells**: row after row of the step table, one cell for each unit whose route
    the row belongs to, in the order of their starts; see `cells` and `units`.

    Parameters
    ----------
    horizon : int
        ms, exclusive: what is due at ``t < horizon`` happens.
    start : int64[U]
        ms at which the unit asks for its first step.
    route : int32[U]
        The unit's route.
    route_first : int64[R + 1]
        The steps of route ``r`` are the rows ``route_first[r]:route_first[r + 1]`` of the step
        table; there may be none.
    verb : int8[T]
        A `Verb`.
    where : int32[T]
        Station for SERVE, first station for JOIN, stock for TAKE and GIVE, platform for DEPART,
        how many steps to skip for LIMIT, -1 for MOVE.
    amount : int64[T]
        For TAKE and GIVE how much, for JOIN of how many stations, for LIMIT how many ahead are
        too many (`LONGEST` for none), for SERVE 1 if the lane is kept; else 0.
    priority : int32[T]
        Lower goes first.
    time : int64[S]
        ms: the journey of a MOVE, the work of a SERVE, the way back of a GIVE, the patience of a
        LIMIT (`LONGEST` for no end); else 0.
    lane_first : int64[N + 1]
        The lane changes of station ``n`` are the rows ``lane_first[n]:lane_first[n + 1]``.
    lane_at, lane_open : int64[L]
        From `lane_at` (ms) on, `lane_open` lanes are open; a station's first row is at 0.
    closing : int8[N]
        A `ClosingRule`.
    stock_level : int64[K]
        What a stock holds at time zero.
    capacity : int64[P]
        How many a train from the platform takes.
    when_full : int8[P]
        1 if a train also leaves whenever it can be filled.
    train_first : int64[P + 1]
        The trains of platform ``p`` are the rows ``train_first[p]:train_first[p + 1]``.
    train_at : int64[D]
        ms, rising strictly within a platform.
    """

    horizon: int
    start: Int64
    route: Int32
    route_first: Int64
    verb: Int8
    where: Int32
    amount: Int64
    priority: Int32
    time: Int64
    lane_first: Int64
    lane_at: Int64
    lane_open: Int64
    closing: Int8
    stock_level: Int64 = field(default_factory=_no_rows)
    capacity: Int64 = field(default_factory=_no_rows)
    when_full: Int8 = field(default_factory=_no_flags)
    train_first: Int64 = field(default_factory=_no_groups)
    train_at: Int64 = field(default_factory=_no_rows)

    @cached_property
    def takers(self) -> Int64:
        """How many units take each route, (R,)."""
        return np.bincount(self.route, minlength=len(self.route_first) - 1).astype(np.int64)

    @cached_property
    def cell_first(self) -> Int64:
        """The cells of row ``t`` are ``cell_first[t]:cell_first[t + 1]``, (T + 1,)."""
        return starts(np.repeat(self.takers, np.diff(self.route_first)))

    @cached_property
    def arrivals(self) -> Int64:
        """Unit numbers in the order in which they start, (U,)."""
        units = len(self.start)
        bits = units.bit_length()
        if units == 0 or int(self.start.max()) >> (62 - bits):
            return np.argsort(self.start, kind="stable")
        # start and number in one integer: numpy sorts integers ten times as fast as it argsorts
        return np.sort(self.start << bits | np.arange(units)) & ((1 << bits) - 1)

    @cached_property
    def by_route(self) -> Int64:
        """Unit numbers, route after route, in the order in which they start in each, (U,)."""
        route = self.route[self.arrivals]
        few = len(self.route_first) <= 2**15  # 16 bits are sorted by radix, ten times as fast
        return self.arrivals[np.argsort(route.astype(np.int16) if few else route, kind="stable")]

    @cached_property
    def rank(self) -> Int64:
        """The place of each unit among those of its route: its place in each row's cells, (U,)."""
        rank = np.empty(len(self.route), dtype=np.int64)
        rank[self.by_route] = np.arange(len(rank)) - np.repeat(
            starts(self.takers)[:-1], self.takers
        )
        return rank

    def cells(self, row: int) -> slice:
        """The cells of a row of the step table, one for each of `units` of its route."""
        return slice(int(self.cell_first[row]), int(self.cell_first[row + 1]))

    def units(self, route: int) -> Int64:
        """The numbers of the units on a route, in the order of their starts and of its cells."""
        end = int(self.takers[: route + 1].sum())
        return self.by_route[end - int(self.takers[route]) : end]


@dataclass(frozen=True, eq=False)
class Journal:
    """When each step was done: int64[S] arrays in ms, in cells, -1 for *not before the horizon*.

    Parameters
    ----------
    asked, began, ended : int64[S]
        A service that was recalled and not begun again has ``began == -1``. So has a step that was
        given up, and `ended` says when; what was skipped was never asked for.
    worked : int64[S]
        How long the step has been worked on up to its end or the horizon, recalled work included;
        0 for all but SERVE.
    joined : int32[J]
        The station chosen, for the cells of every JOIN in their order; -1 if none was.
    """

    asked: Int64
    began: Int64
    ended: Int64
    worked: Int64
    joined: Int32 = field(default_factory=_no_choice)

    def equal(self, other: Journal) -> bool:
        """Whether every stamp is the same, to the millisecond."""
        return all(
            np.array_equal(getattr(self, name.name), getattr(other, name.name))
            for name in fields(self)
        )


def starts(lengths: Int64) -> Int64:
    """Where groups of such `lengths` start when they lie end to end, and where the last ends."""
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)

"""Engine room: the contract. A Plan says what must be done, a Journal when it was done.

A **unit** (a lorry, a coach, a wagon) takes its **steps** one after another. It *asks* for a
step, the step *begins*, the step *ends*, and at that instant it asks for the next.

=========  ======================================================================================
``MOVE``   Go. Begins when asked, ends `time` later, occupies nothing.
``SERVE``  Be worked on for `time` by one **lane** of station `where`; wait in its line till then.
``TAKE``   Take `amount` of **stock** `where`; wait in its line till there is so much. No time.
``GIVE``   Give `amount` to stock `where`, where it arrives `time` later; the unit does not wait.
=========  ======================================================================================

A line is ordered by (priority, asked, unit number), and only its head may begin: whoever cannot
be given enough of a stock blocks those behind.

Time is a whole number of milliseconds since the start; whatever is due before `horizon` happens.
How many lanes of a station are open is a step function of time. When fewer are open than busy,
its **closing rule** says what becomes of the services in progress:

==========  =====================================================================================
``FINISH``  They run to their end; nothing begins until fewer lanes are busy than open.
``HOLD``    The excess, those with the greatest (began, unit), stop where they are. As lanes come
            free they resume in the order (began, unit), before anyone in the line begins.
``RECALL``  The excess, the same, are given up: the unit stands in the line again, in its old
            place, and is later served from the beginning. `began` is its last beginning.
==========  =====================================================================================

**The rule for one instant.** All that is due at an instant happens in this order:

1. *finishes*: services and moves that end, stocks that come back; each unit then asks for its
   next step;
2. *lane changes*, and what the closing rules make of them;
3. *arrivals*: units that ask for their first step;
4. *starts*, one by one: of all stations and then all stocks, in index order, the first where
   something can start starts one thing: what is held resumes, else the head of the line begins.

What takes no time is due at once: its finish, and all that follows from it, comes before the next
start. Nothing in 1 to 3 depends on the order within them, for they only free lanes, raise stocks
and put units in line; so a Plan has exactly one Journal, and every engine must return that one.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import IntEnum

import numpy as np
import numpy.typing as npt

__all__ = ["LONGEST", "ClosingRule", "Journal", "Plan", "Verb", "check"]

Int64 = npt.NDArray[np.int64]
Int32 = npt.NDArray[np.int32]
Int8 = npt.NDArray[np.int8]
Integers = Int64 | Int32 | Int8

LONGEST = 2**60
"""The greatest time, horizon or amount allowed: two of them still add up within 64 bits."""


class Verb(IntEnum):
    """What a step does."""

    MOVE = 0
    SERVE = 1
    TAKE = 2
    GIVE = 3


class ClosingRule(IntEnum):
    """What becomes of services in progress when fewer lanes are open than busy."""

    FINISH = 0
    HOLD = 1
    RECALL = 2


@dataclass(frozen=True, eq=False)
class Plan:
    """What must be done: U units, S steps, N stations, K stocks; all chance already drawn.

    Parameters
    ----------
    horizon : int
        ms, exclusive: what is due at ``t < horizon`` happens.
    start : int64[U]
        ms at which the unit asks for its first step.
    first : int64[U + 1]
        The steps of unit ``u`` are the rows ``first[u]:first[u + 1]``; there may be none.
    verb : int8[S]
        A `Verb`.
    where : int32[S]
        Station for SERVE, stock for TAKE and GIVE, -1 for MOVE.
    time : int64[S]
        ms: the journey of a MOVE, the work of a SERVE, 0 for a TAKE, the way back of a GIVE.
    amount : int64[S]
        For TAKE and GIVE, 0 for the others.
    priority : int32[S]
        Lower goes first.
    lane_first : int64[N + 1]
        The lane changes of station ``n`` are the rows ``lane_first[n]:lane_first[n + 1]``.
    lane_at, lane_open : int64[L]
        From `lane_at` (ms) on, `lane_open` lanes are open; a station's first row is at 0.
    closing : int8[N]
        A `ClosingRule`.
    stock_level : int64[K]
        What a stock holds at time zero.
    """

    horizon: int
    start: Int64
    first: Int64
    verb: Int8
    where: Int32
    time: Int64
    amount: Int64
    priority: Int32
    lane_first: Int64
    lane_at: Int64
    lane_open: Int64
    closing: Int8
    stock_level: Int64


@dataclass(frozen=True, eq=False)
class Journal:
    """When each step was done: four int64[S] arrays in ms, -1 for *not before the horizon*.

    Parameters
    ----------
    asked, began, ended : int64[S]
        A service that was recalled and not begun again has ``began == -1``.
    worked : int64[S]
        How long the step has occupied a lane up to its end or the horizon, recalled work
        included; 0 for all but SERVE.
    """

    asked: Int64
    began: Int64
    ended: Int64
    worked: Int64

    def equal(self, other: Journal) -> bool:
        """Whether every stamp is the same, to the millisecond."""
        return all(
            np.array_equal(getattr(self, field.name), getattr(other, field.name))
            for field in fields(self)
        )


_DTYPES = {
    "start": "int64",
    "first": "int64",
    "verb": "int8",
    "where": "int32",
    "time": "int64",
    "amount": "int64",
    "priority": "int32",
    "lane_first": "int64",
    "lane_at": "int64",
    "lane_open": "int64",
    "closing": "int8",
    "stock_level": "int64",
}


def check(plan: Plan) -> None:
    """Insist that `plan` is well formed.

    Raises
    ------
    ValueError
        Naming the array, the row and what it must be.
    """
    if type(plan.horizon) is not int or not 0 < plan.horizon <= LONGEST:
        raise ValueError(f"plan: horizon is {plan.horizon!r}: must be an int of 1 to 2**60 ms")
    for name, dtype in _DTYPES.items():
        array = getattr(plan, name)
        if not isinstance(array, np.ndarray):
            raise ValueError(
                f"plan: {name} is a {type(array).__name__}: must be an array of {dtype}"
            )
        if array.ndim != 1 or array.dtype != dtype:
            found = f"{array.dtype}{list(array.shape)}"
            raise ValueError(f"plan: {name} is {found}: must be one row of {dtype}")
    _check_rows("first", plan.first, len(plan.start), "verb", len(plan.verb))
    _check_rows("lane_first", plan.lane_first, len(plan.closing), "lane_at", len(plan.lane_at))
    for name in ("where", "time", "amount", "priority"):
        _same_length(name, getattr(plan, name), "verb", plan.verb)
    _same_length("lane_open", plan.lane_open, "lane_at", plan.lane_at)
    for name in ("start", "time", "amount", "lane_at", "lane_open", "stock_level"):
        array = getattr(plan, name)
        _insist(name, array, (array >= 0) & (array <= LONGEST), "from 0 to 2**60")
    _check_steps(plan)
    _check_lanes(plan)


def _check_steps(plan: Plan) -> None:
    verb, where = plan.verb, plan.where
    _insist("verb", verb, (verb >= 0) & (verb < len(Verb)), "a Verb")
    move, serve = verb == Verb.MOVE, verb == Verb.SERVE
    stock = ~(move | serve)
    stations, stocks = len(plan.closing), len(plan.stock_level)
    _insist("where", where, ~move | (where == -1), "-1 for a MOVE")
    inside = (where >= 0) & (where < stations)
    _insist("where", where, ~serve | inside, f"a station, 0 to {stations - 1}, for a SERVE")
    inside = (where >= 0) & (where < stocks)
    _insist("where", where, ~stock | inside, f"a stock, 0 to {stocks - 1}, for a TAKE or a GIVE")
    _insist("time", plan.time, (verb != Verb.TAKE) | (plan.time == 0), "0 for a TAKE")
    _insist("amount", plan.amount, stock | (plan.amount == 0), "0 for a MOVE or a SERVE")


def _check_lanes(plan: Plan) -> None:
    _insist("closing", plan.closing, np.isin(plan.closing, list(ClosingRule)), "a ClosingRule")
    begins = np.zeros(len(plan.lane_at), dtype=bool)
    heads = plan.lane_first[:-1]
    _insist("lane_first", heads, np.diff(plan.lane_first) > 0, "less than the next: no lanes given")
    begins[heads] = True
    _insist("lane_at", plan.lane_at, ~begins | (plan.lane_at == 0), "0 at a station's first row")
    later = np.diff(plan.lane_at, prepend=-1) > 0
    _insist("lane_at", plan.lane_at, begins | later, "later than the row before")


def _check_rows(name: str, first: Int64, groups: int, rows_name: str, rows: int) -> None:
    if len(first) != groups + 1 or first[0] != 0 or first[-1] != rows:
        raise ValueError(
            f"plan: {name} has {len(first)} rows: must have {groups + 1},"
            f" from 0 to the length of {rows_name}, {rows}"
        )
    _insist(name, first[:-1], np.diff(first) >= 0, "no greater than the next")


def _same_length(name: str, array: Integers, other: str, model: Integers) -> None:
    if len(array) != len(model):
        raise ValueError(f"plan: {name} has {len(array)} rows: must have {len(model)}, as {other}")


def _insist(name: str, array: Integers, good: npt.NDArray[np.bool_], must: str) -> None:
    if not good.all():
        row = int(np.argmin(good))
        raise ValueError(f"plan: {name}[{row}] is {array[row]}: must be {must}")

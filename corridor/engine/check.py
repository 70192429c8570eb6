"""Engine room: whether a Plan is well formed, before any engine runs it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from corridor.engine.plan import LONGEST, ClosingRule, Plan, Verb

__all__ = ["check"]

Integers = npt.NDArray[np.int64] | npt.NDArray[np.int32] | npt.NDArray[np.int8]
Bools = npt.NDArray[np.bool_]

_DTYPES = {
    "start": "int64",
    "route": "int32",
    "route_first": "int64",
    "verb": "int8",
    "where": "int32",
    "amount": "int64",
    "priority": "int32",
    "time": "int64",
    "lane_first": "int64",
    "lane_at": "int64",
    "lane_open": "int64",
    "closing": "int8",
    "stock_level": "int64",
    "capacity": "int64",
    "when_full": "int8",
    "train_first": "int64",
    "train_at": "int64",
}
_NOT_NEGATIVE = ("start", "time", "amount", "lane_at", "lane_open", "stock_level", "train_at")
_TIMELESS = (Verb.TAKE, Verb.DEPART, Verb.JOIN)
_WAITS = (Verb.SERVE, Verb.TAKE, Verb.DEPART)


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
    routes = len(plan.route_first) - 1
    _check_rows("route_first", plan.route_first, max(routes, 0), "verb", len(plan.verb))
    _check_rows("lane_first", plan.lane_first, len(plan.closing), "lane_at", len(plan.lane_at))
    _check_rows("train_first", plan.train_first, len(plan.capacity), "train_at", len(plan.train_at))
    _same_length("route", plan.route, "start", len(plan.start))
    _insist("route", plan.route, _within(plan.route, routes), f"a route, 0 to {routes - 1}")
    for name in ("where", "amount", "priority"):
        _same_length(name, getattr(plan, name), "verb", len(plan.verb))
    _same_length("lane_open", plan.lane_open, "lane_at", len(plan.lane_at))
    _same_length("when_full", plan.when_full, "capacity", len(plan.capacity))
    for name in _NOT_NEGATIVE:
        array = getattr(plan, name)
        _insist(name, array, (array >= 0) & (array <= LONGEST), "from 0 to 2**60")
    _check_steps(plan)
    _check_pairs(plan)
    _check_stocks(plan)
    _check_lanes(plan)
    _check_trains(plan)


def _check_steps(plan: Plan) -> None:
    verb, where, amount = plan.verb, plan.where, plan.amount
    _insist("verb", verb, (verb >= 0) & (verb < len(Verb)), "a Verb")
    _insist("where", where, (verb != Verb.MOVE) | (where == -1), "-1 for a MOVE")
    stock = (verb == Verb.TAKE) | (verb == Verb.GIVE)
    stations, stocks, platforms = len(plan.closing), len(plan.stock_level), len(plan.capacity)
    for rows, count, what in (
        ((verb == Verb.SERVE) | (verb == Verb.JOIN), stations, "station"),
        (stock, stocks, "stock"),
        (verb == Verb.DEPART, platforms, "platform"),
    ):
        names = "/".join(Verb(v).name for v in np.unique(verb[rows])) or "step"
        must = f"a {what}, 0 to {count - 1}, for a {names}"
        _insist("where", where, ~rows | _within(where, count), must)
    none = (verb == Verb.MOVE) | (verb == Verb.DEPART)
    _insist("amount", amount, ~none | (amount == 0), "0 for a MOVE or a DEPART")
    _insist("amount", amount, (verb != Verb.SERVE) | (amount <= 1), "0 or 1 for a SERVE")
    join = verb == Verb.JOIN
    inside = (amount >= 1) & (amount <= stations - where.astype(np.int64))
    _insist("amount", amount, ~join | inside, "1 to the number of stations left, for a JOIN")
    _same_length("time", plan.time, "cells of the routes", int(plan.cell_first[-1]))
    for row in np.flatnonzero(np.isin(verb, _TIMELESS)):
        cells = plan.cells(int(row))
        if plan.time[cells].any():
            good = np.ones(len(plan.time), dtype=bool)
            good[cells] = plan.time[cells] == 0
            _insist("time", plan.time, good, f"0 for a {Verb(verb[row]).name}")


def _check_pairs(plan: Plan) -> None:
    """What a LIMIT, a JOIN and a lane that is kept demand of the step behind them."""
    verb, where = plan.verb, plan.where
    last = np.zeros(len(verb), dtype=bool)
    ends = plan.route_first[1:][np.diff(plan.route_first) > 0] - 1
    last[ends] = True
    after = np.where(last, -1, np.append(verb, -1)[1:])
    beyond = np.append(where, -1)[1:]
    keeps = (verb == Verb.SERVE) & (plan.amount == 1)
    _insist("verb", verb, ~keeps | (after == Verb.TAKE), "a SERVE without amount, or before a TAKE")
    serves = (after == Verb.SERVE) & (beyond == where)
    _insist("verb", verb, (verb != Verb.JOIN) | serves, "before a SERVE at the same station")
    limit = verb == Verb.LIMIT
    waits = np.isin(after, (*_WAITS, Verb.JOIN))
    _insist("verb", verb, ~limit | waits, "before a SERVE, TAKE, DEPART or JOIN")
    until = np.repeat(plan.route_first[1:], np.diff(plan.route_first))
    given_up = np.arange(len(verb)) + 1 + (after == Verb.JOIN)
    room = (where >= 0) & (given_up + 1 + where <= until)
    _insist("where", where, ~limit | room, "a number of steps within the route, for a LIMIT")
    bound = np.append(keeps | np.isin(verb, (Verb.JOIN, Verb.LIMIT)), False)
    landing = np.where(limit, given_up + 1 + where, len(verb))
    _insist("where", where, ~bound[landing - 1], "no skip to a step bound to the one before it")


def _check_stocks(plan: Plan) -> None:
    """No stock can ever hold more than 64 bits do, whatever is given back and however often."""
    most = [int(level) for level in plan.stock_level]  # Python's own: they do not wrap around
    gives = np.flatnonzero(plan.verb == Verb.GIVE)
    for row in gives:
        cells = plan.cells(int(row))
        most[plan.where[row]] += int(plan.amount[row]) * (cells.stop - cells.start)
    good = np.array([total <= LONGEST for total in most], dtype=np.bool_)
    _insist("stock_level", plan.stock_level, good, "at most 2**60 with all that is given to it")


def _check_lanes(plan: Plan) -> None:
    _insist("closing", plan.closing, np.isin(plan.closing, list(ClosingRule)), "a ClosingRule")
    begins = np.zeros(len(plan.lane_at), dtype=bool)
    heads = plan.lane_first[:-1]
    _insist("lane_first", heads, np.diff(plan.lane_first) > 0, "less than the next: no lanes given")
    begins[heads] = True
    _insist("lane_at", plan.lane_at, ~begins | (plan.lane_at == 0), "0 at a station's first row")
    later = np.diff(plan.lane_at, prepend=-1) > 0
    _insist("lane_at", plan.lane_at, begins | later, "later than the row before")


def _check_trains(plan: Plan) -> None:
    in_range = (plan.capacity >= 1) & (plan.capacity <= LONGEST)
    _insist("capacity", plan.capacity, in_range, "1 or more")
    _insist("when_full", plan.when_full, np.isin(plan.when_full, (0, 1)), "0 or 1")
    begins = np.zeros(len(plan.train_at), dtype=bool)
    begins[plan.train_first[:-1][np.diff(plan.train_first) > 0]] = True
    later = np.diff(plan.train_at, prepend=-1) > 0
    _insist("train_at", plan.train_at, begins | later, "later than the train before")


def _within(array: Integers, count: int) -> Bools:
    return (array >= 0) & (array < count)


def _check_rows(
    name: str, first: npt.NDArray[np.int64], groups: int, rows_name: str, rows: int
) -> None:
    if len(first) != groups + 1 or first[0] != 0 or first[-1] != rows:
        raise ValueError(
            f"plan: {name} has {len(first)} rows: must have {groups + 1},"
            f" from 0 to the length of {rows_name}, {rows}"
        )
    _insist(name, first[:-1], np.diff(first) >= 0, "no greater than the next")


def _same_length(name: str, array: Integers, other: str, length: int) -> None:
    if len(array) != length:
        raise ValueError(f"plan: {name} has {len(array)} rows: must have {length}, as {other}")


def _insist(name: str, array: Integers, good: Bools, must: str) -> None:
    if not good.all():
        row = int(np.argmin(good))
        raise ValueError(f"plan: {name}[{row}] is {array[row]}: must be {must}")

"""Engine room: the compiled engine. Lays a Plan out as tables of integers, for the kernel."""

from __future__ import annotations

import numpy as np

from corridor.engine import kernel as k
from corridor.engine import sweep
from corridor.engine.plan import Int64, Journal, Plan, Verb, starts

__all__ = ["play", "run", "warm"]


def run(plan: Plan) -> Journal:
    """Run a checked `plan` to its horizon; station by station where that is exact."""
    if sweep.flows_one_way(plan):
        return sweep.run(plan)
    return play(plan)


def play(plan: Plan) -> Journal:
    """Run a checked `plan` to its horizon, event by event."""
    m = _machine(plan)
    k.play(m, plan.start[plan.arrivals], _changes(plan), plan.horizon)
    k.stop(m, plan.horizon)
    return Journal(m.asked, m.began, m.ended, m.worked, m.joined)


def warm() -> None:
    """Have all of it compiled, which takes some seconds once and is kept on disk."""
    row = np.zeros(1, dtype=np.int64)
    one = Plan(
        horizon=1,
        start=row,
        route=row.astype(np.int32),
        route_first=np.array([0, 1]),
        verb=np.array([Verb.SERVE], dtype=np.int8),
        where=row.astype(np.int32),
        amount=row,
        priority=row.astype(np.int32),
        time=row,
        lane_first=np.array([0, 1]),
        lane_at=row,
        lane_open=np.array([1]),
        closing=row.astype(np.int8),
    )
    play(one)
    sweep.run(one)


def _machine(plan: Plan) -> k.Machine:
    steps, joins = _steps(plan)
    places, stations = _places(plan), len(plan.closing)
    units, cells = len(plan.start), len(plan.time)
    values, classes = np.unique(plan.priority, return_inverse=True)
    levels = max(len(values), 1)
    steps[_rows(plan), k.CLASS] = classes
    limits = int(plan.takers[_route_of(plan)] @ (plan.verb == Verb.LIMIT))
    backs = int(plan.takers[_route_of(plan)] @ (plan.verb == Verb.GIVE))
    lists = np.full((len(places) * levels + 2 * stations, 4), -1, dtype=np.int64)
    lists[:, k.COUNT] = 0

    def room(size: int) -> Int64:
        return np.empty(size + 1, dtype=np.int64)

    return k.Machine(
        unit=_units(plan),
        number=plan.arrivals,
        step=steps,
        place=places,
        lists=lists,
        held=len(places) * levels,
        work=len(places) * levels + stations,
        classes=levels,
        size=np.zeros(5, dtype=np.int64),
        due_at=room(units + limits + backs),
        due=room(units + limits + backs),
        ringing=room(len(places)),
        rung=np.zeros(len(places), dtype=np.int64),
        choosing=room(units),
        leaving=room(2 * limits),
        time=np.ascontiguousarray(plan.time),
        asked=np.empty(cells, dtype=np.int64),
        began=np.empty(cells, dtype=np.int64),
        ended=np.empty(cells, dtype=np.int64),
        worked=np.zeros(cells, dtype=np.int64),
        joined=np.full(joins, -1, dtype=np.int32),
    )


def _units(plan: Plan) -> Int64:
    """The table of units before their first step."""
    table = np.zeros((len(plan.start), 8), dtype=np.int64)
    first = plan.route_first[:-1] + np.arange(len(plan.takers))
    table[:, k.ROW] = first[plan.route[plan.arrivals]]
    table[:, k.RANK] = plan.rank[plan.arrivals]
    return table


def _route_of(plan: Plan) -> Int64:
    """The route of each row of the step table."""
    return np.repeat(np.arange(len(plan.takers)), np.diff(plan.route_first))


def _rows(plan: Plan) -> Int64:
    """Where each row stands when an END stands behind every route."""
    return np.arange(len(plan.verb)) + _route_of(plan)


def _steps(plan: Plan) -> tuple[Int64, int]:
    """The table of steps, and how many cells belong to a JOIN."""
    verb, where, rows = plan.verb.astype(np.int64), plan.where.astype(np.int64), _rows(plan)
    table = np.zeros((len(verb) + len(plan.takers), 8), dtype=np.int64)
    table[:, k.VERB], table[:, k.LIMITED], table[:, k.CHOSEN] = k.END, -1, -1
    table[rows, k.VERB], table[rows, k.WHERE], table[rows, k.AMOUNT] = verb, where, plan.amount
    stations, stocks = len(plan.closing), len(plan.stock_level)
    table[rows, k.WHERE] += np.select(
        [(verb == Verb.TAKE) | (verb == Verb.GIVE), verb == Verb.DEPART],
        [stations, stations + stocks],
        0,
    )
    table[rows, k.CELL] = plan.cell_first[:-1]
    join = rows[verb == Verb.JOIN]
    chosen = starts(np.diff(plan.cell_first)[verb == Verb.JOIN])
    table[join, k.CHOSEN] = table[join + 1, k.CHOSEN] = chosen[:-1]
    limit = rows[verb == Verb.LIMIT]
    behind = limit + 1 + (table[limit + 1, k.VERB] == Verb.JOIN)
    table[behind, k.LIMITED] = limit
    table[rows[(verb == Verb.SERVE) & (plan.amount == 1)] + 1, k.FREES] = 1
    return table, int(chosen[-1])


def _places(plan: Plan) -> Int64:
    """The table of places at time zero."""
    stations, stocks, platforms = len(plan.closing), len(plan.stock_level), len(plan.capacity)
    table = np.zeros((stations + stocks + platforms, 9), dtype=np.int64)
    table[:, k.KIND] = np.repeat([k.STATION, k.STOCK, k.PLATFORM], [stations, stocks, platforms])
    table[:stations, k.OPEN] = plan.lane_open[plan.lane_first[:-1]]
    table[:stations, k.RULE] = plan.closing
    table[stations : stations + stocks, k.LEVEL] = plan.stock_level
    table[stations + stocks :, k.CAPACITY] = plan.capacity
    table[stations + stocks :, k.WHEN_FULL] = plan.when_full
    return table


def _changes(plan: Plan) -> Int64:
    """Lane changes after time zero and trains, in the order of time: (at, place, lanes)."""
    stations = np.repeat(np.arange(len(plan.closing)), np.diff(plan.lane_first))
    platforms = np.repeat(np.arange(len(plan.capacity)), np.diff(plan.train_first))
    platforms += len(plan.closing) + len(plan.stock_level)
    later = np.ones(len(stations), dtype=bool)
    later[plan.lane_first[:-1]] = False
    lanes = np.stack([plan.lane_at, stations, plan.lane_open], axis=1)[later]
    trains = np.stack([plan.train_at, platforms, np.zeros_like(platforms)], axis=1)
    table = np.concatenate([lanes, trains])
    return np.ascontiguousarray(table[np.argsort(table[:, 0], kind="stable")])

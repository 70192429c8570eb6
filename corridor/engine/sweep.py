"""Engine room: station by station, for plans in which everything flows one way.

Where units only move and are served, where all routes pass the stations in rising index order and
each station serves first come, first served, no station depends on one behind it. So each is
evaluated alone, over its arrivals in order: the recursion of Kiefer and Wolfowitz (1955), with
lanes that open and close. Ties fall as the contract says: at one instant lower stations start
first, so all who come to a station at an instant stand in its line before it starts anything.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from corridor.engine.kernel import compiled, entry
from corridor.engine.plan import ClosingRule, Int64, Journal, Plan, Verb

__all__ = ["flows_one_way", "run"]


def flows_one_way(plan: Plan) -> bool:
    """Whether `run` gives the Journal of `plan`."""
    serve = plan.verb == Verb.SERVE
    if not np.all((plan.verb == Verb.MOVE) | (serve & (plan.amount == 0))):
        return False
    if not np.all(plan.closing == ClosingRule.FINISH):
        return False
    where, rows = plan.where[serve], np.flatnonzero(serve)
    route = np.searchsorted(plan.route_first, rows, side="right")
    if np.any((np.diff(route) == 0) & (np.diff(where) <= 0)):
        return False
    stations, classes = where.tolist(), plan.priority[serve].tolist()
    return len(set(zip(stations, classes, strict=True))) == len(set(stations))


def run(plan: Plan) -> Journal:
    """Run a checked `plan` that flows one way to its horizon."""
    cells, routes = len(plan.time), len(plan.takers)
    asked, began, ended = (np.empty(cells, dtype=np.int64) for _ in range(3))
    journal = Journal(asked, began, ended, worked=np.zeros(cells, dtype=np.int64))
    ready, row = [], plan.route_first[:-1].copy()
    for route in range(routes):
        start = plan.start[plan.units(route)]
        ready.append(np.where(start < plan.horizon, start, -1))
        row[route] = _move(plan, journal, ready, route, row[route])
    for station in range(len(plan.closing)):
        here = [r for r in range(routes) if row[r] < plan.route_first[r + 1]
                and plan.where[row[r]] == station]  # fmt: skip
        if here:
            _serve(plan, journal, station, here, row)
        for route in here:
            ready[route] = journal.ended[plan.cells(row[route])]
            row[route] = _move(plan, journal, ready, route, row[route] + 1)
    return journal


def _move(plan: Plan, journal: Journal, ready: list[Int64], route: int, row: int) -> int:
    """Let a route's units move; the row at which they next ask to be served, or the route's end."""
    while row < plan.route_first[route + 1]:
        cells, asked = plan.cells(row), ready[route]
        journal.asked[cells] = asked
        if plan.verb[row] == Verb.SERVE:
            break
        journal.began[cells] = asked
        ended = asked + plan.time[cells]
        ended[(asked < 0) | (ended >= plan.horizon)] = -1
        journal.ended[cells] = ready[route] = ended
        row += 1
    return row


def _serve(plan: Plan, journal: Journal, station: int, routes: list[int], row: Int64) -> None:
    """Serve all who come to a station."""
    slices = [plan.cells(row[route]) for route in routes]
    for cells in slices:
        journal.began[cells] = journal.ended[cells] = -1
    asked = _joined([journal.asked[cells] for cells in slices])
    unit = _joined([plan.units(route) for route in routes])
    cell = _joined([np.arange(cells.start, cells.stop) for cells in slices])
    order = np.empty(len(asked), dtype=np.int64)
    count = sort(asked, unit, order, np.zeros(len(asked) + 1, dtype=np.int64), plan.horizon)
    if count < 0:
        order = np.lexsort((unit, asked))
        count, order = int(np.sum(asked >= 0)), order[np.sum(asked < 0) :]
    changes = slice(plan.lane_first[station], plan.lane_first[station + 1])
    lane_at, lane_open = plan.lane_at[changes], plan.lane_open[changes]
    busy = np.empty(min(int(lane_open.max()), count) + 1, dtype=np.int64)
    serve(asked, cell, order[:count], lane_at, lane_open, plan.horizon, busy, plan.time,
          journal.began, journal.ended, journal.worked)  # fmt: skip


def _joined(parts: list[Int64]) -> Int64:
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


@entry
def sort(asked: Int64, unit: Int64, order: Int64, drawer: Int64, horizon: int) -> int:
    """Order those who ask at all by (asked, unit); how many, or -1 if that would take too long.

    Into as many drawers of time as there are units, then by insertion: they come nearly in order.
    """
    n, per = len(asked), len(asked) / horizon
    for i in range(n):
        if asked[i] >= 0:
            drawer[min(int(asked[i] * per), n - 1) + 1] += 1
    for i in range(n):
        drawer[i + 1] += drawer[i]
    for i in range(n):
        if asked[i] >= 0:
            at = min(int(asked[i] * per), n - 1)
            order[drawer[at]] = i
            drawer[at] += 1
    count, patience = drawer[n], 64 * n
    for i in range(1, count):
        u, j = order[i], i
        while j > 0 and later(asked, unit, order[j - 1], u):
            order[j] = order[j - 1]
            j -= 1
        order[j] = u
        patience -= i - j
        if patience < 0:
            return -1
    return int(count)


@compiled
def later(asked: Int64, unit: Int64, i: int, j: int) -> bool:
    """Whether entry `i` belongs behind entry `j`."""
    return bool(asked[i] > asked[j] or (asked[i] == asked[j] and unit[i] > unit[j]))


@entry
def serve(
    asked: Int64,
    cell: Int64,
    order: Int64,
    lane_at: Int64,
    lane_open: Int64,
    horizon: int,
    busy: Int64,
    time: Int64,
    began: Int64,
    ended: Int64,
    worked: Int64,
) -> None:
    """First come, first served: each begins as soon as fewer lanes are busy than open."""
    now = piece = working = 0
    for i in order:
        now = max(now, asked[i])
        while now < horizon:
            while working and busy[0] <= now:
                working = drop(busy, working)
            while piece + 1 < len(lane_at) and lane_at[piece + 1] <= now:
                piece += 1
            if working < lane_open[piece]:
                break
            now = busy[0] if working else horizon
            if piece + 1 < len(lane_at):
                now = min(now, lane_at[piece + 1])
        if now >= horizon:
            return
        c = cell[i]
        end = now + time[c]
        began[c], worked[c] = now, min(end, horizon) - now
        if end < horizon:
            ended[c] = end
        working = add(busy, working, end)


@compiled
def add(heap: Any, size: int, end: int) -> int:
    """Add to a heap; its size."""
    i = size
    while i > 0 and heap[(i - 1) >> 1] > end:
        heap[i] = heap[(i - 1) >> 1]
        i = (i - 1) >> 1
    heap[i] = end
    return size + 1


@compiled
def drop(heap: Any, size: int) -> int:
    """Drop the least of a heap; its size."""
    last, i, below = heap[size - 1], 0, 1
    while below < size - 1:
        if below + 1 < size - 1 and heap[below + 1] < heap[below]:
            below += 1
        if heap[below] >= last:
            break
        heap[i] = heap[below]
        i, below = below, 2 * below + 1
    heap[i] = last
    return size - 1

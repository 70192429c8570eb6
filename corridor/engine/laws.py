"""Engine room: the laws that every Journal keeps, whatever the plan."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
import numpy.typing as npt

from corridor.engine.plan import LONGEST, ClosingRule, Int32, Int64, Journal, Plan, Verb, starts

__all__ = ["invariants"]

Bool = npt.NDArray[np.bool_]

_BLOCK = 2**16  # so many units at a time: what is read of them stays in the processor's cache
MOVE, SERVE, TAKE, GIVE, DEPART, JOIN, LIMIT = map(int, Verb)  # Python 3.11 is slow to look one up
_WAITS = (SERVE, TAKE, DEPART)
_NONE = np.zeros(0, dtype=np.int64)


def invariants(plan: Plan, journal: Journal, thorough: bool = False) -> None:
    """Insist on what must hold of every Journal.

    Always: a unit asks for a step when the one before it ended, or was given up, and never else;
    then it begins, then it ends, all before the horizon; what takes no time takes none; who gives
    up does so as the limit says; who joins a station joins one that was offered; and work is
    conserved: none is lost, none is invented.

    Parameters
    ----------
    plan : Plan
    journal : Journal
    thorough : bool
        Look also at what must be sorted first: whatever begins at a station finds an open lane,
        no stock ever falls below nothing, no train takes more than it can.

    Raises
    ------
    RuntimeError
        Naming the first unit and row of the step table, station, stock or platform at fault.
    """
    joined = _joined(plan, journal)
    for route, takers in enumerate(plan.takers.tolist()):
        for first in range(0, takers, _BLOCK):
            _walk(plan, journal, joined, route, slice(first, min(first + _BLOCK, takers)))
    if thorough:
        for station in range(len(plan.closing)):
            _lanes(plan, journal, joined, station)
        for stock in range(len(plan.stock_level)):
            _stock(plan, journal, stock)
        for platform in range(len(plan.capacity)):
            _trains(plan, journal, platform)


@dataclass(frozen=True)
class _Part:
    """What the Journal says of some units of one route at one row of the step table."""

    row: int
    unit: Int64
    asked: Int64
    began: Int64
    ended: Int64
    worked: Int64
    time: Int64
    station: Int32 | None  # at a JOIN, and at the SERVE behind it

    def of(self, some: Bool) -> _Part:
        """The same of some of these units."""
        names = [field.name for field in fields(self) if field.name != "row"]
        columns = {name: getattr(self, name) for name in names}
        return replace(self, **{n: c[some] for n, c in columns.items() if c is not None})

    def insist(self, good: Bool, wrong: str) -> None:
        """Raise a RuntimeError unless all is good."""
        if not good.all():
            unit = self.unit[int(np.argmin(good))]
            raise RuntimeError(f"engine fault: unit {unit}, row {self.row} {wrong}")


def _walk(plan: Plan, journal: Journal, joined: dict[int, Int32], route: int, block: slice) -> None:
    """Go with some units of a route from step to step."""
    unit = plan.units(route)[block]
    asks = np.where(plan.start[unit] < plan.horizon, plan.start[unit], -1)
    goes_on: dict[int, tuple[Bool, Int64]] = {}  # the row at which who gave up goes on, and when
    limit = None
    for row in range(*plan.route_first[route : route + 2].tolist()):
        part = _part(plan, journal, joined, row, unit, block)
        if row in goes_on:
            who, when = goes_on[row]
            asks = np.where(who, when, asks)
        part.insist(part.asked == asks, "was not asked for when the step before it ended")
        asks, verb = part.ended, int(plan.verb[row])
        if verb == LIMIT:
            limit = part
        if limit is not None and verb in _WAITS:
            who = (part.began < 0) & (part.ended >= 0)
            _gave_up(plan, part.of(who), limit.of(who))
            _stayed(plan, part, limit.time, who)
            beyond = row + 1 + int(plan.where[limit.row])
            before, when = goes_on.get(beyond, (who, part.ended))
            goes_on[beyond] = who | before, np.where(who, part.ended, when)
            asks, part, limit = np.where(who, -1, asks), part.of(~who), None
        _step(plan, part)


def _part(
    plan: Plan, journal: Journal, joined: dict[int, Int32], row: int, unit: Int64, block: slice
) -> _Part:
    cells = plan.cells(row)
    stamps = journal.asked, journal.began, journal.ended, journal.worked, plan.time
    asked, began, ended, worked, time = (array[cells][block] for array in stamps)
    station = joined.get(row, joined.get(row - 1))
    station = None if station is None else station[block]
    return _Part(row, unit, asked, began, ended, worked, time, station)


def _step(plan: Plan, part: _Part) -> None:
    """Of who did not give up: when the step began and ended, and what was worked."""
    asked, began, ended, verb = part.asked, part.began, part.ended, int(plan.verb[part.row])
    if verb in _WAITS:
        # As an unsigned number, -1 for never is later than any time.
        in_time = (began + 1).view(np.uint64) <= plan.horizon
        part.insist(in_time, "began at or after the horizon")
        never_before = began.view(np.uint64) >= asked.view(np.uint64)
        part.insist(never_before, "began before it was asked for")
    else:
        part.insist(began == asked, "waited, though there is nothing to wait for")
    if verb == SERVE:
        if part.station is None:
            _work(plan, part, int(plan.closing[plan.where[part.row]]))
            return
        rule = plan.closing[part.station]
        for one in np.unique(rule).tolist():
            _work(plan, part.of(rule == one), one)
        return
    part.insist(part.worked == 0, "occupied a lane, though it is no service")
    if verb == MOVE:
        _lasted(plan, part)
    else:
        part.insist(began == ended, "took time, though it takes none")
    if verb == JOIN and part.station is not None:
        first, count = plan.where[part.row], plan.amount[part.row]
        offered = (part.station >= first) & (part.station - first < count)
        good = np.where(asked < 0, part.station == -1, offered)
        part.insist(good, "joined a station that was not offered")


def _lasted(plan: Plan, part: _Part) -> None:
    """What is not stopped lasts its own time; what is due before the horizon ends."""
    due = part.began + part.time
    over = (part.began >= 0) & (due < plan.horizon)
    part.insist(part.ended == np.where(over, due, -1), "did not last its own time")


def _work(plan: Plan, part: _Part, rule: int) -> None:
    """Work is conserved; `rule` is that of the station where it is done."""
    began, ended, worked, time = part.began, part.ended, part.worked, part.time
    so_far = _so_far(plan, part)
    if rule == ClosingRule.HOLD:
        part.insist((worked >= 0) & (worked <= so_far), "was worked on longer than it needs")
        over = (began >= 0) & (worked == time) & (ended - began >= time) & (ended < plan.horizon)
        part.insist((ended == -1) | over, "ended before its work was done")
        return
    _lasted(plan, part)
    if rule == ClosingRule.FINISH:
        part.insist(worked == so_far, "was worked on longer or shorter than it needs")
    else:
        part.insist(worked >= so_far, "was worked on shorter than it needs")


def _so_far(plan: Plan, part: _Part) -> Int64:
    """How long it was worked on since it last began, if nothing stopped it."""
    since = np.minimum(part.time, plan.horizon - part.began)
    return np.where(part.began >= 0, since, 0)


def _gave_up(plan: Plan, part: _Part, limit: _Part) -> None:
    """Of who gave up: never worked on, and gone at the end of patience, or at once."""
    part.insist((part.asked >= 0) & (part.asked == limit.asked), "gave up without a limit")
    part.insist(part.worked == 0, "gave up what it had begun")
    at_once = (part.ended == part.asked) & (plan.amount[limit.row] < LONGEST)
    in_time = at_once | (part.ended - part.asked == limit.time)
    part.insist(in_time & (part.ended < plan.horizon), "gave up before its patience was over")


def _stayed(plan: Plan, part: _Part, patience: Int64, gave_up: Bool) -> None:
    """Nobody else waits longer than patience lasts, but who had begun once and was recalled."""
    waited = np.where(part.began >= 0, part.began, plan.horizon) - part.asked
    recalled = part.worked > _so_far(plan, part)
    in_time = (part.asked < 0) | (waited <= patience) | recalled
    part.insist(gave_up | in_time, "did not give up when its patience was over")


def _joined(plan: Plan, journal: Journal) -> dict[int, Int32]:
    """The stations chosen at each row that is a JOIN."""
    rows = np.flatnonzero(plan.verb == JOIN)
    first = starts(np.diff(plan.cell_first)[rows])
    if first[-1] != len(journal.joined):
        raise RuntimeError(f"engine fault: joined has {len(journal.joined)} rows, not {first[-1]}")
    pieces = np.split(journal.joined, first[1:-1])
    return dict(zip(rows.tolist(), pieces, strict=False))


def _lanes(plan: Plan, journal: Journal, joined: dict[int, Int32], station: int) -> None:
    """Whatever begins finds an open lane: with it, no more are taken than lanes are open."""
    begins, frees = [], []
    for row in np.flatnonzero(plan.verb == SERVE).tolist():
        began, ended = journal.began[plan.cells(row)], journal.ended[plan.cells(row)]
        if plan.amount[row] == 1:  # the lane is kept until the TAKE behind it begins
            ended = journal.began[plan.cells(row + 1)]
        here = (began >= 0) & (joined.get(row - 1, plan.where[row]) == station)
        begins.append(began[here])
        frees.append(ended[here & (ended >= 0)])
    begin = np.sort(np.concatenate([*begins, _NONE]))
    free = np.sort(np.concatenate([*frees, _NONE]))
    changes = slice(*plan.lane_first[station : station + 2].tolist())
    piece = np.searchsorted(plan.lane_at[changes], begin, side="right") - 1
    lanes_open = plan.lane_open[changes][piece]
    taken = np.searchsorted(begin, begin, side="right")
    taken -= np.searchsorted(free, begin, side="right")
    good = (lanes_open > 0) & (taken <= lanes_open)
    _insist(good, begin, f"station {station}: what began at {{}} ms found no open lane")


def _stock(plan: Plan, journal: Journal, stock: int) -> None:
    """No stock is ever below nothing."""
    at, change = [_NONE], [_NONE]
    for verb, sign in ((GIVE, 1), (TAKE, -1)):
        for row in np.flatnonzero((plan.verb == verb) & (plan.where == stock)).tolist():
            cells = plan.cells(row)
            began = journal.began[cells]
            at.append((began + plan.time[cells])[began >= 0])
            change.append(np.full(len(at[-1]), sign * plan.amount[row]))
    when = np.concatenate(at)
    order = np.argsort(when, kind="stable")  # at one instant, what comes back before what goes
    level = plan.stock_level[stock] + np.cumsum(np.concatenate(change)[order])
    _insist(
        level >= 0, when[order], f"stock {stock}: what changed at {{}} ms left less than nothing"
    )


def _trains(plan: Plan, journal: Journal, platform: int) -> None:
    """At an instant one train of the timetable leaves at most, and else none that is not full."""
    rows = np.flatnonzero((plan.verb == DEPART) & (plan.where == platform))
    began = np.concatenate([_NONE, *(journal.began[plan.cells(row)] for row in rows.tolist())])
    at, leave = np.unique(began[began >= 0], return_counts=True)
    trains = slice(*plan.train_first[platform : platform + 2].tolist())
    due, when_full = np.isin(at, plan.train_at[trains]), plan.when_full[platform] == 1
    capacity = plan.capacity[platform]
    good = (due & (when_full | (leave <= capacity))) | (when_full & (leave % capacity == 0))
    _insist(good, at, f"platform {platform}: those who left at {{}} ms had no train")


def _insist(good: Bool, at: Int64, wrong: str) -> None:
    if not good.all():
        raise RuntimeError("engine fault: " + wrong.format(at[int(np.argmin(good))]))

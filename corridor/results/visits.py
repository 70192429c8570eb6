"""What happened: the Journal read by rows of the step table: visits, calls at posts, held work.

A row is taken by the units of one route, always in the same order, so its stamps lie side by side
and those of different rows belong together place by place. All arrays here are such columns, (n,)
for the n units of the route, and most are views into the Journal.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from corridor.engine import ClosingRule, Journal, Plan, Verb
from corridor.planning import Manifest
from corridor.results.standstill import one_by_one, stood

__all__ = ["Calls", "Held", "Visits", "calls_along", "givings_up", "held_of", "visits_along"]

Int64 = npt.NDArray[np.int64]
MOVE, SERVE, TAKE, GIVE, DEPART, JOIN, LIMIT = map(int, Verb)  # numpy is slow to compare members
HOLD = int(ClosingRule.HOLD)


@dataclass(frozen=True, eq=False)
class Visits:
    """Visits of the units of a route to a station, a stock or a platform; ms, -1 for never.

    Parameters
    ----------
    route, row : int
        The route, and the row of the step table.
    place, post : int
        By index into the Manifest's `places`; post -1 for the gate of a season.
    unit : int64 (n,)
        Their numbers, in the order of the cells.
    asked, until : int64 (n,)
        From when to when it stood in line; `until` it began or gave up. Work that a closing threw
        away is time in line.
    began, free : int64 (n,)
        From when to when a lane was taken; of a lane that the unit keeps, until it found room.
        Where there is no lane, both are the instant it was given what it came for.
    ended : int64 (n,)
        When the step was over, done or given up.
    hands_on : bool
        Whether all who are free ask for the next row, at that instant, and nobody else does.
    """

    route: int
    row: int
    place: int
    post: int
    unit: Int64
    asked: Int64
    until: Int64
    began: Int64
    free: Int64
    ended: Int64
    hands_on: bool

    @property
    def waited(self) -> Int64:
        """Time in line, ms; 0 while it lasts, or if it never came, (n,)."""
        waited: Int64 = self.until - self.asked
        np.maximum(waited, 0, out=waited)
        return waited


@dataclass(frozen=True, eq=False)
class Calls:
    """Calls of the units of a route at a post; ms, -1 for never.

    Parameters
    ----------
    route, post : int
    unit, gate_in, gate_out : int64 (n,)
        Their numbers, in the order of the cells; gate-in; gate-out, having passed.
    gone : int64 (n,)
        Gate-out, or when it was turned away.
    """

    route: int
    post: int
    unit: Int64
    gate_in: Int64
    gate_out: Int64
    gone: Int64


@dataclass(frozen=True, eq=False)
class Held:
    """Spells of work that HOLD keeps over a closing, (k,) each: few, whatever the traffic.

    Parameters
    ----------
    row : int64
        Of the step table.
    rank : int64
        Which of the units of its route: a place in the columns of the row.
    begin, end : int64
        ms; -1 if it had not resumed by the end.
    """

    row: Int64
    rank: Int64
    begin: Int64
    end: Int64

    @cached_property
    def by_row(self) -> dict[int, Held]:
        """Those of each row that has any."""
        alone = {row: self.row == row for row in np.unique(self.row).tolist()}
        return {
            row: Held(self.row[mine], self.rank[mine], self.begin[mine], self.end[mine])
            for row, mine in alone.items()
        }

    def of(self, row: int) -> Held:
        """Those of a row."""
        return self.by_row.get(row, _NOTHING_HELD)

    def lasted(self, row: int, units: int) -> Int64:
        """How long the work of a row stood still in all, of each of its `units`, ms, (units,)."""
        mine = self.of(row)
        over = mine.end >= 0
        lasted = np.zeros(units, dtype=np.int64)
        np.add.at(lasted, mine.rank[over], (mine.end - mine.begin)[over])
        return lasted


_NOTHING_HELD = Held(*np.zeros((4, 0), dtype=np.int64))


def givings_up(plan: Plan) -> dict[int, bool]:
    """Rows that may be given up, and whether who does so is turned away.

    So it is if nothing is left to do behind what is skipped but to give something back.
    """
    found: dict[int, bool] = {}
    for row in (int(row) for row in np.flatnonzero(plan.verb == LIMIT)):
        given_up = row + 1 + int(plan.verb[row + 1] == JOIN)
        end = plan.route_first[np.searchsorted(plan.route_first, row, side="right")]
        rest = plan.verb[given_up + 1 + int(plan.where[row]) : end]
        found[given_up] = bool((rest == GIVE).all())
    return found


def visits_along(manifest: Manifest, journal: Journal, route: int) -> list[Visits]:
    """Visits of the units of a route, in the order of its steps."""
    plan = manifest.plan
    rows = range(*plan.route_first[route : route + 2].tolist())
    up = {row for row in givings_up(plan) if row in rows}
    verbs = plan.verb[rows.start : rows.stop].tolist()
    return [
        _visits(manifest, journal, route, row, up)
        for row, verb in zip(rows, verbs, strict=True)
        if verb in (SERVE, TAKE, DEPART)
    ]


def _visits(manifest: Manifest, journal: Journal, route: int, row: int, up: set[int]) -> Visits:
    """The visits of a row of a route on which the rows `up` may be given up."""
    plan, cells = manifest.plan, manifest.plan.cells(row)
    asked, began, ended = journal.asked[cells], journal.began[cells], journal.ended[cells]
    keeps = plan.verb[row] == SERVE and plan.amount[row] == 1
    free = journal.began[plan.cells(row + 1)] if keeps else ended
    if plan.verb[row] != SERVE:
        free = began
    until = began
    if row in up:
        until = np.where(began < 0, ended, began)
        free = np.where(began < 0, -1, free)
    return Visits(
        route=route,
        row=row,
        place=int(manifest.place[row]),
        post=int(manifest.post[row]),
        unit=plan.units(route),
        asked=asked,
        until=until,
        began=began,
        free=free,
        ended=ended,
        hands_on=not keeps and not up and row + 1 < plan.route_first[route + 1],
    )


def calls_along(manifest: Manifest, journal: Journal, route: int) -> list[Calls]:
    """Calls of a route in the order of its steps; a journey between two steps ends a call."""
    plan = manifest.plan
    stretches: list[list[int]] = []
    post = -1  # where the units are
    for row in range(*plan.route_first[route : route + 2]):
        if plan.verb[row] == MOVE:
            post = -1
        elif manifest.post[row] >= 0 and plan.verb[row] != GIVE:
            if manifest.post[row] != post:
                stretches.append([])
            post = manifest.post[row]
            stretches[-1].append(row)
    rows = range(*plan.route_first[route : route + 2])
    up = {row: turned for row, turned in givings_up(plan).items() if row in rows}
    return [_call(manifest, journal, route, rows, up) for rows in stretches]


def _call(
    manifest: Manifest, journal: Journal, route: int, rows: list[int], up: dict[int, bool]
) -> Calls:
    plan, post = manifest.plan, int(manifest.post[rows[0]])
    unit = plan.units(route)
    gate_in = journal.asked[plan.cells(rows[0])]
    gone = journal.ended[plan.cells(rows[-1])]
    if not up:
        return Calls(route, post, unit, gate_in, gone, gone)
    gone = np.full(len(unit), -1, dtype=np.int64)  # steps may have been skipped: look at each
    gate_in, passed = gone.copy(), np.ones(len(unit), dtype=bool)
    for row in rows:
        asked, began, ended = (
            stamp[plan.cells(row)] for stamp in (journal.asked, journal.began, journal.ended)
        )
        reached = asked >= 0
        np.copyto(gate_in, asked, where=reached & (gate_in < 0))
        np.copyto(gone, ended, where=reached)
        if up.get(row):
            passed &= ~((began < 0) & (ended >= 0))
    return Calls(route, post, unit, gate_in, np.where(passed, gone, -1), gone)


def held_of(manifest: Manifest, journal: Journal, visits: tuple[Visits, ...]) -> Held:
    """What stations that HOLD kept over their closings.

    Where all lanes are open or none is, all that is held resumes at opening, and only work that
    took longer than it was worked on can have been held. Where lanes go out one by one, see
    `stood`.

    Raises
    ------
    RuntimeError
        If the spells do not make up the time that work stood still.
    """
    plan = manifest.plan
    singly = one_by_one(plan)
    parts = [np.zeros((4, 0), dtype=np.int64)]
    parts += [stood(plan, journal, i, visits) for i in singly]
    for v in visits:
        if (
            plan.where[v.row] in singly
            or plan.verb[v.row] != SERVE
            or plan.closing[plan.where[v.row]] != HOLD
        ):
            continue
        ended, worked = journal.ended[plan.cells(v.row)], journal.worked[plan.cells(v.row)]
        still = np.flatnonzero((ended - v.began != worked) & (v.began >= 0))
        for i, mine in _by_station(plan, journal, v.row, still):
            which, close, reopen = _closings(plan, i, v.began[mine], ended[mine])
            parts.append(np.stack([np.full(len(which), v.row), mine[which], close, reopen]))
            lost = np.bincount(which, reopen - close, minlength=len(mine))
            done = ended[mine] >= 0
            if np.any((lost != ended[mine] - v.began[mine] - worked[mine])[done]):
                raise RuntimeError("work stood still while its station was open")
    return Held(*np.concatenate(parts, axis=1))


def _by_station(plan: Plan, journal: Journal, row: int, some: Int64) -> Iterator[tuple[int, Int64]]:
    """Some of the units of a SERVE by the engine's station: that of the row, or the one chosen."""
    if row == 0 or plan.verb[row - 1] != JOIN:
        if len(some):
            yield int(plan.where[row]), some
        return
    cells = plan.cells(row)
    earlier = np.flatnonzero(plan.verb[: row - 1] == JOIN)
    first = int(np.diff(plan.cell_first)[earlier].sum())
    station = journal.joined[first : first + cells.stop - cells.start][some]
    for i in np.unique(station).tolist():
        yield i, some[station == i]


def _closings(plan: Plan, station: int, began: Int64, ended: Int64) -> tuple[Int64, Int64, Int64]:
    """Closings of a station that work stood through: which work, when it closed and reopened."""
    changes = slice(plan.lane_first[station], plan.lane_first[station + 1])
    at, shut = plan.lane_at[changes], plan.lane_open[changes] == 0
    close, reopen = at[shut], np.append(at[1:], -1)[shut]
    low = np.searchsorted(close, began, side="right")
    n = np.searchsorted(close, np.where(ended < 0, plan.horizon, ended), side="left") - low
    spell = np.repeat(low - np.cumsum(n) + n, n) + np.arange(n.sum())
    return np.repeat(np.arange(len(began)), n), close[spell], reopen[spell]

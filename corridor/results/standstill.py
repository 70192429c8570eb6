"""What happened: when work stood still because a station had fewer lanes than it was at work on.

Where all lanes close at once, whatever is on them stands until they open. Where lanes go out one by
one, who stands and who goes on is for the rule of HOLD, which is gone through again here; the
Journal says how long each service was worked on, and the spells must come out at that.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from heapq import heappop, heappush
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from corridor.engine import ClosingRule, Journal, Plan, Verb

if TYPE_CHECKING:
    from corridor.results.visits import Visits

__all__ = ["one_by_one", "stood"]

Int64 = npt.NDArray[np.int64]
Spell = tuple[int, int, int]
"""Which service, from when, until when: ms; -1 if it had not resumed by the end."""


def one_by_one(plan: Plan) -> list[int]:
    """Stations that HOLD, and at times have some of their lanes open and not others."""
    found = []
    for i in np.flatnonzero(plan.closing == ClosingRule.HOLD).tolist():
        lanes = plan.lane_open[plan.lane_first[i] : plan.lane_first[i + 1]]
        if np.any((lanes > 0) & (lanes < lanes.max())):
            found.append(i)
    return found


def stood(plan: Plan, journal: Journal, station: int, visits: Sequence[Visits]) -> Int64:
    """Spells of the work at a station whose lanes go out one by one, columns as of Held, (4, k).

    Raises
    ------
    RuntimeError
        If the spells do not make up the time that work stood still.
    """
    here = [v for v in visits if plan.verb[v.row] == Verb.SERVE and plan.where[v.row] == station]
    parts = [np.zeros((7, 0), dtype=np.int64)]
    for v in here:
        rank = np.flatnonzero(v.began >= 0)
        worked = journal.worked[plan.cells(v.row)]
        columns = [c.take(rank) for c in (v.unit, v.began, v.ended, v.free, worked)]
        parts.append(np.stack([np.full(len(rank), v.row), rank, *columns]))
    table = np.concatenate(parts, axis=1)
    table = table[:, np.lexsort((table[2], table[3]))]  # the order of HOLD: (began, unit)
    row, rank, _, began, ended, free, worked = table
    changes = slice(plan.lane_first[station], plan.lane_first[station + 1])
    lanes = zip(plan.lane_at[changes].tolist(), plan.lane_open[changes].tolist(), strict=True)
    spells = _gone_through(lanes, began.tolist(), ended.tolist(), free.tolist())
    which, begin, end = np.array(spells, dtype=np.int64).reshape(-1, 3).T
    over = np.where(ended < 0, plan.horizon, ended)
    lost = np.zeros(len(row), dtype=np.int64)
    np.add.at(lost, which, np.where(end < 0, plan.horizon, end) - begin)
    if np.any(lost != over - began - worked):
        raise RuntimeError("work stood still while there was a lane for it")
    return np.stack([row[which], rank[which], begin, end])


def _gone_through(
    lanes: Iterable[tuple[int, int]], began: list[int], ended: list[int], free: list[int]
) -> list[Spell]:
    """The spells of services in the order (began, unit), by the rule of HOLD."""
    due: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for at, count in lanes:
        due[at].append(("lanes", count))
    for i, begin in enumerate(began):
        done, left = ended[i], free[i]
        keeps = done >= 0 and left != done
        if done != begin:
            due[begin].append(("begins", i))
            due[done].append(("is done, keeps its lane" if keeps else "is done", i))
        elif keeps:
            due[begin].append(("keeps its lane", i))
        if keeps:
            due[left].append(("leaves", i))
    due.pop(-1, None)  # never
    hall = _Hall()
    for at in sorted(due):
        hall.instant(at, due[at])
    return hall.spells + [(i, since, -1) for i, since in hall.held]


class _Hall:
    """The lanes of a station at an instant: who works, who is held, which lanes are only kept."""

    def __init__(self) -> None:
        self.open = self.kept = 0
        self.working: set[int] = set()
        self.last: list[int] = []  # those at work and some who were, the last to begin on top
        self.held: list[tuple[int, int]] = []  # and since when, the first to begin on top
        self.spells: list[Spell] = []

    def instant(self, now: int, due: list[tuple[str, int]]) -> None:
        """Who is done goes, lanes change, the excess stops, who can resumes, others begin."""
        for what, i in due:
            if what.startswith("is done"):
                self.working.discard(i)
            self.kept += what == "is done, keeps its lane"
            self.kept -= what == "leaves"
            self.open = i if what == "lanes" else self.open
        while self.working and len(self.working) + self.kept > self.open:
            i = -heappop(self.last)
            if i in self.working:
                self.working.remove(i)
                heappush(self.held, (i, now))
        while self.held and len(self.working) + self.kept < self.open:
            i, since = heappop(self.held)
            self._works(i)
            if now > since:
                self.spells.append((i, since, now))
        for what, i in due:
            if what == "begins":
                self._works(i)
            self.kept += what == "keeps its lane"

    def _works(self, i: int) -> None:
        self.working.add(i)
        heappush(self.last, -i)

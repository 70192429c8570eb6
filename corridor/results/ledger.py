"""What happened: one replication, Manifest and Journal read together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from corridor.engine import ClosingRule, Journal, Verb
from corridor.planning import Fate, Manifest

__all__ = ["Calls", "Ledger", "Spells"]

Int64 = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Calls:
    """Calls of units at posts, one row each, (k,): unit, post, gate-in, gate-out or -1 (ms)."""

    unit: Int64
    post: Int64
    gate_in: Int64
    gate_out: Int64


@dataclass(frozen=True, eq=False)
class Spells:
    """Stretches of time in no service, one row each, (k,): step, from, until or -1 (ms)."""

    step: Int64
    begin: Int64
    end: Int64


@dataclass(frozen=True, eq=False)
class Ledger:
    """One replication.

    Parameters
    ----------
    manifest : Manifest
    journal : Journal
    """

    manifest: Manifest
    journal: Journal

    @cached_property
    def came(self) -> Bools:
        """Units that count in this run and are not lost, (U,)."""
        return np.asarray(self.manifest.fate == Fate.COMES)

    @cached_property
    def lost(self) -> Bools:
        """Units that met a closed season and went another way, (U,)."""
        return np.asarray(self.manifest.fate == Fate.LOST)

    @cached_property
    def arrived(self) -> Int64:
        """When each unit comes to its port, ms; -1 if it does not in this run, (U,).

        A class that its own season keeps out comes when the season's gate lets it through.
        """
        plan, j = self.manifest.plan, self.journal
        arrived = np.where(self.came & (plan.start < plan.horizon), plan.start, -1)
        some = np.flatnonzero(plan.first[1:] > plan.first[:-1])
        head = plan.first[some]
        gated = (plan.verb[head] == Verb.SERVE) & (self.manifest.post[head] < 0)
        arrived[some[gated]] = j.ended[head[gated]]
        return arrived

    @cached_property
    def out(self) -> Int64:
        """When each unit left the port, ms; -1 if it had not by the end, (U,)."""
        first = self.manifest.plan.first
        out = self.arrived.copy()  # whoever has nothing to do there is through at once
        some = first[1:] > first[:-1]
        out[some] = self.journal.ended[first[1:][some] - 1]
        return out

    @cached_property
    def left(self) -> Bools:
        """Units that left the port in the measured part, (U,)."""
        return self.out >= self.manifest.axis.measured

    def backlog(self, at: int) -> Bools:
        """Units that count by `at` (ms), are not lost and have not left, (U,)."""
        gone = (self.out >= 0) & (self.out < at)
        return self.came & (self.manifest.entry < at) & ~gone

    @cached_property
    def calls(self) -> Calls:
        """Calls at posts in the order of the step table; a journey between ends a call."""
        m, j = self.manifest, self.journal
        at_post = np.flatnonzero((m.post >= 0) & (m.plan.verb != Verb.GIVE))
        if not len(at_post):
            none = np.zeros(0, dtype=np.int64)
            return Calls(none, none, none, none)
        unit, post = m.unit[at_post].astype(np.int64), m.post[at_post].astype(np.int64)
        journeys = np.cumsum(m.plan.verb == Verb.MOVE)[at_post]
        new = np.ones(len(at_post), dtype=bool)
        new[1:] = (np.diff(unit) != 0) | (np.diff(post) != 0) | (np.diff(journeys) != 0)
        begin = np.flatnonzero(new)
        last = np.append(begin[1:], len(at_post)) - 1
        asked, ended = j.asked[at_post], j.ended[at_post]
        reached = asked[begin] >= 0
        return Calls(unit[begin][reached], post[begin][reached], asked[begin][reached],
                     ended[last][reached])  # fmt: skip

    @cached_property
    def line(self) -> Spells:
        """Spells in line for a lane or a stock; work that a closing threw away is one of them."""
        verb, j = self.manifest.plan.verb, self.journal
        step = np.flatnonzero(np.isin(verb, (Verb.SERVE, Verb.TAKE)) & (j.asked >= 0))
        return Spells(step, j.asked[step], j.began[step])

    @cached_property
    def held(self) -> Spells:
        """Spells of work that HOLD keeps over a closing.

        Of a station here all lanes are open or none is, so all that is held resumes at opening.
        """
        plan, j = self.manifest.plan, self.journal
        parts = [np.zeros((3, 0), dtype=np.int64)]
        for i in np.flatnonzero(plan.closing == ClosingRule.HOLD):
            changes = slice(plan.lane_first[i], plan.lane_first[i + 1])
            at, shut = plan.lane_at[changes], plan.lane_open[changes] == 0
            close, reopen = at[shut], np.append(at[1:], -1)[shut]
            step = np.flatnonzero((plan.verb == Verb.SERVE) & (plan.where == i) & (j.began >= 0))
            end = np.where(j.ended[step] >= 0, j.ended[step], plan.horizon)
            low = np.searchsorted(close, j.began[step], side="right")
            n = np.searchsorted(close, end, side="left") - low
            which = np.repeat(low - np.cumsum(n) + n, n) + np.arange(n.sum())
            parts.append(np.stack([np.repeat(step, n), close[which], reopen[which]]))
        return Spells(*np.concatenate(parts, axis=1))

    @cached_property
    def idle(self) -> Spells:
        """All spells in no service, in line or held."""
        a, b = self.line, self.held
        rows = ((a.step, b.step), (a.begin, b.begin), (a.end, b.end))
        return Spells(*(np.concatenate(pair) for pair in rows))

    @cached_property
    def waiting(self) -> Int64:
        """Time in line of steps that began, ms; -1 elsewhere, (S,)."""
        waiting = np.full(len(self.manifest.plan.verb), -1, dtype=np.int64)
        line = self.line
        waiting[line.step] = np.where(line.end >= 0, line.end - line.begin, -1)
        return waiting

    @cached_property
    def waited(self) -> Int64:
        """Time in no service of each step, ms, spells that are over, (S,)."""
        waited = np.zeros(len(self.manifest.plan.verb), dtype=np.int64)
        over = self.idle.end >= 0
        np.add.at(waited, self.idle.step[over], (self.idle.end - self.idle.begin)[over])
        return waited

    def check(self) -> None:
        """Conservation over the measured part, vehicles and kilograms, exact.

        backlog at its start + demand = left + lost + backlog at its end.

        Raises
        ------
        RuntimeError
            If a unit was lost or made on the way: a bug of ours.
        """
        m = self.manifest
        a, b = m.axis.measured, m.axis.horizon
        counted = (m.entry >= a) & (m.entry < b)
        for weight in (np.ones(len(m.entry), dtype=np.int64), m.payload_kg):
            come = weight[self.backlog(a)].sum() + weight[counted & (self.came | self.lost)].sum()
            gone = weight[self.left].sum() + weight[counted & self.lost].sum()
            if come != gone + weight[self.backlog(b)].sum():
                raise RuntimeError("vehicles or cargo are not conserved")

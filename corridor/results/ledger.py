"""What happened: one replication, Manifest and Journal read together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from corridor.engine import Journal, Verb
from corridor.planning import Fate, Manifest

__all__ = ["Calls", "Ledger"]

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
        return self.manifest.fate == Fate.COMES

    @cached_property
    def lost(self) -> Bools:
        """Units that met a closed season and went another way, (U,)."""
        return self.manifest.fate == Fate.LOST

    @cached_property
    def out(self) -> Int64:
        """When each unit left the port, ms; -1 if it had not by the end, (U,)."""
        first = self.manifest.plan.first
        out = np.full(len(first) - 1, -1, dtype=np.int64)
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
        """Calls at posts in the order of the step table."""
        m, j = self.manifest, self.journal
        at_post = np.flatnonzero((m.post >= 0) & (m.plan.verb != Verb.GIVE))
        if not len(at_post):
            none = np.zeros(0, dtype=np.int64)
            return Calls(none, none, none, none)
        unit, post = m.unit[at_post].astype(np.int64), m.post[at_post].astype(np.int64)
        new = np.ones(len(at_post), dtype=bool)
        new[1:] = (unit[1:] != unit[:-1]) | (post[1:] != post[:-1])
        begin = np.flatnonzero(new)
        last = np.append(begin[1:], len(at_post)) - 1
        asked, ended = j.asked[at_post], j.ended[at_post]
        reached = asked[begin] >= 0
        return Calls(unit[begin][reached], post[begin][reached], asked[begin][reached],
                     ended[last][reached])  # fmt: skip

    @cached_property
    def waiting(self) -> Int64:
        """Waits for a lane or a stock, ms, of steps that began; -1 elsewhere, (S,)."""
        j = self.journal
        line = np.isin(self.manifest.plan.verb, (Verb.SERVE, Verb.TAKE)) & (j.began >= 0)
        return np.where(line, j.began - j.asked, -1)

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

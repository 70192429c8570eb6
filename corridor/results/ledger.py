"""What happened: one replication, Manifest and Journal read together, a column at a time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from corridor.engine import Journal, Verb
from corridor.planning import Fate, Manifest
from corridor.results.hours import area, lasted
from corridor.results.visits import (
    Calls,
    Held,
    Visits,
    calls_along,
    givings_up,
    held_of,
    visits_along,
)

__all__ = ["Ledger"]

Int64 = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Ledger:
    """One replication.

    Arrays of units (U,) are made once and kept. Of the cells of the Journal, which are many times
    as many, nothing is copied: what stands in a row of the step table is looked at where it lies.

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
    def flow_first(self) -> Int64:
        """The units of flow ``f`` are ``flow_first[f]:flow_first[f + 1]``, (F + 1,)."""
        m = self.manifest
        return np.searchsorted(m.flow, np.arange(len(m.flows) + 1)).astype(np.int64)

    @cached_property
    def arrived(self) -> Int64:
        """When each unit comes to its port, ms; -1 if it does not in this run, (U,).

        A class that its own season keeps out comes when the season's gate lets it through.
        """
        plan = self.manifest.plan
        arrived = plan.start.copy()
        arrived[~self.came | (plan.start >= plan.horizon)] = -1
        for route in self._routes:
            head = int(plan.route_first[route])
            if self._is_gate(head):
                arrived[plan.units(route)] = self.journal.ended[plan.cells(head)]
        return arrived

    @cached_property
    def turned_away(self) -> Int64:
        """When each unit gave up and went, ms; -1 if it did not, (U,).

        Who gives up a step and has others before it, but to give something back, goes on.
        """
        plan = self.manifest.plan
        turned = np.full(len(plan.start), -1, dtype=np.int64)
        for row, away in givings_up(plan).items():
            if away:
                began, ended = (
                    s[plan.cells(row)] for s in (self.journal.began, self.journal.ended)
                )
                gone = np.flatnonzero((began < 0) & (ended >= 0))
                route = int(np.searchsorted(plan.route_first, row, side="right")) - 1
                turned[plan.units(route)[gone]] = ended[gone]
        return turned

    @cached_property
    def out(self) -> Int64:
        """When each unit left the port, having passed it, ms; -1 if it had not by the end, (U,)."""
        plan = self.manifest.plan
        out = self.arrived.copy()  # whoever has nothing to do there is through at once
        for route in self._routes:
            last = int(plan.route_first[route + 1]) - 1
            out[plan.units(route)] = self.journal.ended[plan.cells(last)]
        out[self.turned_away >= 0] = -1
        return out

    @cached_property
    def gone(self) -> Int64:
        """When each unit was out of the port, passed or turned away, ms; -1 if never, (U,)."""
        return np.maximum(self.out, self.turned_away)

    @cached_property
    def left(self) -> Bools:
        """Units that left the port in the measured part, having passed it, (U,)."""
        return self.out >= self.manifest.axis.measured

    def backlog(self, at: int) -> Bools:
        """Units that count by `at` (ms), are not lost and have not gone, (U,)."""
        gone = (self.gone >= 0) & (self.gone < at)
        return self.came & (self.manifest.entry < at) & ~gone

    @cached_property
    def visits(self) -> tuple[Visits, ...]:
        """Who stood in line and was served, a row of the step table at a time."""
        parts = (visits_along(self.manifest, self.journal, route) for route in self._routes)
        return tuple(visits for part in parts for visits in part)

    @cached_property
    def calls(self) -> tuple[Calls, ...]:
        """Calls at posts, route after route, in the order of the steps."""
        parts = (calls_along(self.manifest, self.journal, route) for route in self._routes)
        return tuple(call for part in parts for call in part)

    @cached_property
    def held(self) -> Held:
        """Spells of work that HOLD keeps over a closing."""
        return held_of(self.manifest, self.journal, self.visits)

    @property
    def _routes(self) -> list[int]:
        """Routes that have steps and are taken."""
        plan = self.manifest.plan
        some = (np.diff(plan.route_first) > 0) & (plan.takers > 0)
        return [int(route) for route in np.flatnonzero(some)]

    def _is_gate(self, row: int) -> bool:
        """Whether a route's first step is the gate of a class's own season, outside the port."""
        m = self.manifest
        return bool(int(m.plan.verb[row]) == Verb.SERVE and m.post[row] < 0)

    def check(self) -> None:
        """Insist that nobody and nothing is lost or made on the way: vehicles, kilograms, time.

        Raises
        ------
        RuntimeError
            A bug of ours.
        """
        if np.any(np.diff(self.manifest.flow) < 0):
            raise RuntimeError("units are not numbered flow after flow")
        self._conserved()
        self._littles_law()

    def _conserved(self) -> None:
        """Over the measured part, exact, in vehicles and in kilograms.

        backlog at its start + demand = left + lost + turned away + backlog at its end.
        """
        m = self.manifest
        a, b = m.axis.measured, m.axis.horizon
        counted = (m.entry >= a) & (m.entry < b)
        come = (self.backlog(a), counted & self.came, counted & self.lost)
        gone = (self.left, self.turned_away >= a, counted & self.lost, self.backlog(b))
        for weigh in (np.count_nonzero, m.payload_kg.__matmul__):
            if sum(int(weigh(who)) for who in come) != sum(int(weigh(who)) for who in gone):
                raise RuntimeError("vehicles or cargo are not conserved")

    def _littles_law(self) -> None:
        """L = lambda W, as areas: units in the port over time, and each step's time by unit.

        Little (1961), A proof for the queuing formula L = lambda W. The left side is the integral
        of how many have come and not gone, the right one the sum of all steps taken in the port;
        both within the measured part, to the millisecond.
        """
        m, j = self.manifest, self.journal
        spent = 0
        for route in self._routes:
            first, end = m.plan.route_first[route : route + 2]
            for row in range(first + self._is_gate(first), end):
                cells = m.plan.cells(row)
                spent += lasted(m.axis, j.asked[cells], j.ended[cells])
        if spent != area(m.axis, self.arrived, self.gone):
            raise RuntimeError("time in the port is not the sum of the times of its steps")

"""The books of every run must balance, and an error in them, however small, must be seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from planning.small import ran

from corridor.engine import Journal, Plan, Verb, invariants, simulate
from corridor.planning import Fate
from corridor.results import Ledger

from .proof import scenario_of
from .truths import families

Change = Callable[[Plan, dict[str, np.ndarray]], None]


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    family = next(family for family in families("networks") if family.port == "blocked")
    return ran(scenario_of(family, "period.length=2 d")).ledger


def cell(plan: Plan, verb: Verb, turn: int = 0) -> int:
    """Some unit's cell, half way through the run, of the row in which it does so."""
    row = int(np.flatnonzero(plan.verb == verb)[turn])
    cells = plan.cells(row)
    return (cells.start + cells.stop) // 2


def served(plan: Plan, stamps: dict[str, np.ndarray], turn: int = 0) -> int:
    """A cell of the measured day, in a SERVE that some unit began and ended after waiting."""
    cells = plan.cells(int(np.flatnonzero(plan.verb == Verb.SERVE)[turn]))
    waited = stamps["began"][cells] > stamps["asked"][cells]
    return cells.start + int(np.flatnonzero(waited & (stamps["ended"][cells] >= 0))[-50])


def ends_late(plan: Plan, stamps: dict[str, np.ndarray]) -> None:
    stamps["ended"][served(plan, stamps)] += 1


def begins_early(plan: Plan, stamps: dict[str, np.ndarray]) -> None:
    stamps["began"][served(plan, stamps)] -= 1


def asks_late(plan: Plan, stamps: dict[str, np.ndarray]) -> None:
    stamps["asked"][served(plan, stamps, 1)] += 1


def works_less(plan: Plan, stamps: dict[str, np.ndarray]) -> None:
    stamps["worked"][served(plan, stamps)] -= 1


def never_ends(plan: Plan, stamps: dict[str, np.ndarray]) -> None:
    stamps["ended"][served(plan, stamps)] = -1


def gives_later(plan: Plan, stamps: dict[str, np.ndarray]) -> None:
    given = cell(plan, Verb.GIVE)
    for name in ("asked", "began", "ended"):
        stamps[name][given] += 60_000


CHANGES = [ends_late, begins_early, asks_late, works_less, never_ends, gives_later]


def changed(ledger: Ledger, change: Change) -> Journal:
    stamps = {
        name: getattr(ledger.journal, name).copy() for name in ("asked", "began", "ended", "worked")
    }
    change(ledger.manifest.plan, stamps)
    return replace(ledger.journal, **stamps)


def test_books_that_balance(ledger: Ledger) -> None:
    invariants(ledger.manifest.plan, ledger.journal, thorough=True)
    ledger.check()


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_journal_changed_by_hand_is_refused(change: Change, ledger: Ledger) -> None:
    """By a millisecond, in one of thousands of steps; what every run looks at sees it."""
    with pytest.raises(RuntimeError):
        invariants(ledger.manifest.plan, changed(ledger, change))


@pytest.mark.parametrize("change", [ends_late, asks_late, never_ends], ids=lambda c: c.__name__)
def test_littles_law_sees_a_millisecond(change: Change, ledger: Ledger) -> None:
    """Little's law alone, whatever the engine says of itself."""
    with pytest.raises(RuntimeError, match="sum of the times of its steps"):
        Ledger(ledger.manifest, changed(ledger, change)).check()


def test_two_at_one_lane_are_seen(ledger: Ledger) -> None:
    """A service begun while the lane was taken: every step of the unit in itself is right."""
    plan = ledger.manifest.plan
    halved = replace(plan, lane_open=plan.lane_open * 2)
    with pytest.raises(RuntimeError, match="lane"):
        invariants(plan, simulate(halved), thorough=True)


def test_a_unit_lost_on_the_way_is_seen(ledger: Ledger) -> None:
    """Said to have gone elsewhere, though it was served; said to be due only after the run."""
    m = ledger.manifest
    passed = int(np.flatnonzero(ledger.out >= 0)[100])
    fate, entry = m.fate.copy(), m.entry.copy()
    fate[passed] = Fate.LOST
    entry[passed] = m.plan.horizon
    for wrong in (replace(m, fate=fate), replace(m, entry=entry)):
        with pytest.raises(RuntimeError, match="not conserved"):
            Ledger(wrong, ledger.journal).check()

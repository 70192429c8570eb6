"""The study room: carry replications through until there are enough; what is done stays done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from corridor.metrics import guests
from corridor.results.provenance import makers
from corridor.scenarios import Scenario
from corridor.study.precision import Miss, Stop, missed
from corridor.study.replicate import Engine, World
from corridor.study.store import finished, keep, sample
from corridor.study.task import Task, WorkersLost
from corridor.study.work import Crew

__all__ = ["Case", "Progress", "enough"]

Progress = Callable[[int, int], None]
"""Called with how many replications are done, of how many; first with those done before."""

LOSSES = 2
"""So many losses of workers in a row, without one replication between, are no accident."""


@dataclass(frozen=True)
class Case:
    """A scenario, its world, the engine, and the shelf for its replications."""

    scenario: Scenario
    world: World
    engine: Engine
    shelf: Path


def enough(
    cases: Sequence[Case], rule: Stop, crew: Crew, progress: Progress | None
) -> tuple[int, list[Miss]]:
    """Carry out as many replications of every case as the rule wants.

    Returns
    -------
    count : int
        Of each case: the same for any number and kind of workers.
    misses : list of Miss
        What is not precise enough even so.
    """
    there = [finished(case.shelf) for case in cases]
    count = rule.least
    while True:
        _carry(cases, there, count, crew, progress)
        misses = _missed(cases, rule, count)
        if not misses or count >= rule.most:
            return count, misses
        count = rule.after(count)


def _missed(cases: Sequence[Case], rule: Stop, count: int) -> list[Miss]:
    if rule.target is None:
        return []
    return [
        miss
        for case in cases
        for miss in missed(case.scenario, sample(case.shelf, count), rule.target, rule.every)
    ]


def _carry(
    cases: Sequence[Case],
    there: Sequence[set[int]],
    count: int,
    crew: Crew,
    progress: Progress | None,
) -> None:
    """Carry out what is missing of the first `count` replications of each case; keep each."""
    total = count * len(cases)
    done = sum(len(numbers & set(range(count))) for numbers in there)
    if progress:
        progress(done, total)
    losses = 0
    while done < total:
        try:
            with closing(crew(_missing(cases, there, count))) as found:
                for case, outcome in found:
                    keep(cases[case].shelf, outcome)
                    there[case].add(outcome.replication)
                    done, losses = done + 1, 0
                    if progress:
                        progress(done, total)
        except WorkersLost:
            losses += 1
            if losses == LOSSES:
                raise


def _missing(cases: Sequence[Case], there: Sequence[set[int]], count: int) -> Iterator[Task]:
    """One task after another, made when it is asked for: a large design is never in memory."""
    added = guests()
    for i, case in enumerate(cases):
        for number in range(count):
            if number not in there[i]:
                made = makers(), added, case.shelf.name
                yield Task(i, case.scenario, case.world, number, case.engine, *made)

"""The study room: a replication as a task that travels, to a process or another computer."""

from __future__ import annotations

from collections.abc import Mapping
from socket import gethostname
from typing import NamedTuple

from corridor.metrics import Metric, invite
from corridor.results.provenance import makers
from corridor.scenarios import Scenario
from corridor.study.replicate import Engine, Outcome, World, replicate

__all__ = ["Done", "Stranger", "Task", "WorkersLost", "done"]


class Stranger(RuntimeError):
    """A worker would compute with other code than was asked for."""


class WorkersLost(RuntimeError):
    """A worker died and took its task along."""


class Task(NamedTuple):
    """What a worker is to do, and with what code; `case` says for which of several scenarios.

    `added` are the indicators that are not ours: a worker has not heard of them yet.
    """

    case: int
    scenario: Scenario
    world: World
    replication: int
    engine: Engine
    makers: Mapping[str, str]
    added: tuple[Metric, ...] = ()


class Done(NamedTuple):
    """What came of a task."""

    case: int
    outcome: Outcome


def done(task: Task) -> Done:
    """Do a task; what a worker runs.

    Raises
    ------
    Stranger
        If the code or the libraries here are not those of who asked: results would not be equal.
    """
    here = makers()
    if other := [name for name, version in task.makers.items() if here.get(name) != version]:
        listed = ", ".join(f"{name} {here.get(name)} and not {task.makers[name]}" for name in other)
        raise Stranger(f"a worker on {gethostname()} has {listed}: install the same there")
    invite(task.added)
    return Done(task.case, replicate(task.scenario, task.world, task.replication, task.engine))

"""The study room: a replication as a task that travels, to a process or another computer."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from socket import gethostname
from typing import NamedTuple

from corridor.metrics import Metric, invite
from corridor.results.provenance import makers
from corridor.scenarios import Scenario
from corridor.study.replicate import Engine, Outcome, World, replicate

__all__ = ["CHANGED", "Done", "Stranger", "Task", "WorkersLost", "done"]


CHANGED = "corridor or a library was changed while this ran: run the command again"
"""What a worker means that started on this computer after us, and has other code."""


class Stranger(RuntimeError):
    """A worker would compute with other code than was asked for."""


class WorkersLost(RuntimeError):
    """A worker died and took its task along."""


class Task(NamedTuple):
    """What a worker is to do, and with what code; `case` says for which of several scenarios.

    `added` are the indicators that are not ours: a worker has not heard of them yet. `key` stands
    for the scenario and its world: what comes to a worker again need not be worked out again.
    """

    case: int
    scenario: Scenario
    world: World
    replication: int
    engine: Engine
    makers: Mapping[str, str]
    added: tuple[Metric, ...] = ()
    key: str = ""


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
        raise Stranger(f"a worker on {gethostname()} has {listed}")
    invite(task.added)
    scenario, world = _known(task)
    return Done(task.case, replicate(scenario, world, task.replication, task.engine))


_MET: OrderedDict[str, tuple[Scenario, World]] = OrderedDict()
_MOST_MET = 8


def _known(task: Task) -> tuple[Scenario, World]:
    """Scenario and world of a task: the very objects of an earlier one, if it had the same key.

    Each task brings copies of its own to another process, and what planning remembers it remembers
    by the object.
    """
    if not task.key:
        return task.scenario, task.world
    found = _MET.setdefault(task.key, (task.scenario, task.world))
    _MET.move_to_end(task.key)
    while len(_MET) > _MOST_MET:
        _MET.popitem(last=False)
    return found

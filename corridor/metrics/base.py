"""What it means: the register of indicators. To add one, decorate one function.

A metric is a function of a `View` (one replication, with its scenario and its corridors) and
yields ``(place, class, value)``; the decorator gives it a name, a unit and a title.

Units are numbered flow after flow, so whatever belongs to a class or a direction is a few stretches
of units, and what is only counted is counted once a flow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from corridor.results.ledger import Ledger
from corridor.scenarios import Scenario

__all__ = [
    "Found",
    "Leg",
    "Metric",
    "Row",
    "View",
    "guests",
    "invite",
    "measured",
    "metric",
    "once",
    "register",
]

HOUR_MS = 3_600_000
Bools = npt.NDArray[np.bool_]
Int64 = npt.NDArray[np.int64]
Found = tuple[str, str, float]
"""(place, class, value)"""
Answer = TypeVar("Answer")


class Row(NamedTuple):
    """One indicator of one replication."""

    place: str
    class_: str
    metric: str
    unit: str
    value: float


@dataclass(frozen=True)
class Leg:
    """A leg of a corridor: places at its ends, length km, running speed km/h, link id."""

    from_place: str
    to_place: str
    km: float
    speed_kmh: float
    link: str


@dataclass(frozen=True, eq=False)
class View:
    """What a metric may look at.

    Parameters
    ----------
    ledger : Ledger
        The replication.
    scenario : Scenario
    corridors : dict of str to tuple of Leg
        The legs of each corridor that a flow names, in order.
    """

    ledger: Ledger
    scenario: Scenario
    corridors: dict[str, tuple[Leg, ...]]

    @cached_property
    def groups(self) -> dict[str, list[int]]:
        """Class label -> its flows, rising: all, each class, and each with a direction."""
        labels: dict[str, list[int]] = {"all": list(range(len(self.ledger.manifest.flows)))}
        for i, flow in enumerate(self.ledger.manifest.flows):
            for label in (flow.class_, f"all {flow.direction}", f"{flow.class_} {flow.direction}"):
                labels.setdefault(label, []).append(i)
        return labels

    @property
    def classes(self) -> dict[str, list[int]]:
        """The groups without those that name a direction."""
        return {label: flows for label, flows in self.groups.items() if " " not in label}

    def flows_of(self, port: str) -> list[int]:
        """Flows that go through `port`, rising."""
        flows = self.ledger.manifest.flows
        return [i for i, flow in enumerate(flows) if flow.port == port]

    def of_port(self, port: str) -> Bools:
        """Units whose flow goes through `port`, (U,)."""
        through = np.zeros(len(self.ledger.manifest.flow), dtype=bool)
        for flow in self.flows_of(port):
            through[self.units_of(flow)] = True
        return through

    def units_of(self, flow: int) -> slice:
        """The units of a flow."""
        first = self.ledger.flow_first
        return slice(int(first[flow]), int(first[flow + 1]))

    @property
    def posts(self) -> list[str]:
        """Posts, ``port/post``."""
        return [f"{p}/{q}" for p, port in self.scenario.ports.items() for q in port.posts]

    @cached_property
    def kept(self) -> dict[Callable[[View], Any], Any]:
        """What `once` has worked out."""
        return {}


def once(find: Callable[[View], Answer]) -> Callable[[View], Answer]:
    """Work the decorated function of a View out once, and keep the answer with the View."""

    @wraps(find)
    def kept(view: View) -> Answer:
        if find not in view.kept:
            view.kept[find] = find(view)
        answer: Answer = view.kept[find]
        return answer

    return kept


Function = Callable[[View], Iterator[Found]]


@dataclass(frozen=True)
class Metric:
    """An indicator: name, unit, title for people, and the function that finds it."""

    name: str
    unit: str
    title: str
    find: Function


register: dict[str, Metric] = {}
"""All metrics by name, in the order of their definition."""


def guests() -> tuple[Metric, ...]:
    """The metrics that whoever uses this package has added."""
    return tuple(
        m for m in register.values() if not f"{m.find.__module__}.".startswith("corridor.")
    )


def invite(wanted: Sequence[Metric]) -> None:
    """Have `wanted` for the only guests: a worker may have served somebody else before."""
    for guest in guests():
        del register[guest.name]
    register.update({m.name: m for m in wanted})


def metric(name: str, unit: str, title: str) -> Callable[[Function], Function]:
    """Register the decorated function as the metric `name`, in `unit`.

    Raises
    ------
    ValueError
        If the name is taken.
    """

    def keep(find: Function) -> Function:
        if name in register:
            raise ValueError(f"metric '{name}' is defined twice")
        register[name] = Metric(name, unit, title, find)
        return find

    return keep


def measured(view: View) -> list[Row]:
    """Every registered metric of one replication; the same rows in the same order every time."""
    return [
        Row(place, class_, m.name, m.unit, float(value))
        for m in register.values()
        for place, class_, value in m.find(view)
    ]

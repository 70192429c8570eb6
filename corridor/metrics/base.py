"""What it means: the register of indicators. To add one, decorate one function.

A metric is a function of a `View` (one replication, with its scenario and its corridors) and
yields ``(place, class, value)``; the decorator gives it a name, a unit and a title.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from corridor.results.ledger import Ledger
from corridor.scenarios import Scenario

__all__ = ["Found", "Leg", "Metric", "Row", "View", "measured", "metric", "register"]

HOUR_MS = 3_600_000
Bools = npt.NDArray[np.bool_]
Found = tuple[str, str, float]
"""(place, class, value)"""


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
    def groups(self) -> dict[str, Bools]:
        """Class label -> units (U,): all, each class, and each with a direction."""
        m = self.ledger.manifest
        flows = m.flows
        labels: dict[str, list[int]] = {"all": list(range(len(flows)))}
        for i, flow in enumerate(flows):
            for label in (flow.class_, f"all {flow.direction}", f"{flow.class_} {flow.direction}"):
                labels.setdefault(label, []).append(i)
        return {label: np.isin(m.flow, which) for label, which in labels.items()}

    @property
    def classes(self) -> dict[str, Bools]:
        """The groups without those that name a direction."""
        return {label: who for label, who in self.groups.items() if " " not in label}

    def of_port(self, port: str) -> Bools:
        """Units whose flow goes through `port`, (U,)."""
        m = self.ledger.manifest
        return np.isin(m.flow, [i for i, f in enumerate(m.flows) if f.port == port])

    @property
    def posts(self) -> list[str]:
        """Posts, ``port/post``."""
        return [f"{p}/{q}" for p, port in self.scenario.ports.items() for q in port.posts]

    @cached_property
    def tonnes(self) -> npt.NDArray[np.float64]:
        """Payload of each unit, t, (U,)."""
        return self.ledger.manifest.payload_kg / 1000.0

    @cached_property
    def dwell_h(self) -> dict[str, npt.NDArray[np.float64]]:
        """Dwell of each unit at each post and, summed, at each port; NaN unless it left, (U,).

        Gate-in to gate-out, summed over a unit's calls. A unit counts at a post if it passed a
        gate-out there in the measured part, at a port if it left the port then.
        """
        ledger = self.ledger
        m, calls = ledger.manifest, ledger.calls
        hours = (calls.gate_out - calls.gate_in) / HOUR_MS

        def summed(which: Bools) -> npt.NDArray[np.float64]:
            total = np.bincount(calls.unit[which], hours[which], minlength=len(m.flow))
            return total.astype(np.float64)

        done = calls.gate_out >= 0
        spent: dict[str, npt.NDArray[np.float64]] = {}
        for port in self.scenario.ports:
            for post in self.scenario.ports[port].posts:
                name = f"{port}/{post}"
                recent = (calls.post == m.places.index(name)) & (calls.gate_out >= m.axis.measured)
                stay = summed(recent)
                stay[np.bincount(calls.unit[recent], minlength=len(m.flow)) == 0] = np.nan
                spent[name] = stay
            spent[port] = np.where(ledger.left & self.of_port(port), summed(done), np.nan)
        return spent


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

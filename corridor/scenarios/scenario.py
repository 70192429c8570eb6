"""What is asked: ports under regimes, flows, events, a period, targets, costs; one a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from corridor.faults import did_you_mean
from corridor.scenarios.base import Clock, Id, Model, Text
from corridor.scenarios.calendar import Calendar, Day
from corridor.scenarios.event import Event
from corridor.scenarios.flow import Flow
from corridor.scenarios.port import Port
from corridor.scenarios.quantity import Duration, Money, MoneyRate, Number
from corridor.scenarios.regime import RegimePapers
from corridor.scenarios.station import RULES, UNLIMITED

__all__ = ["Costs", "Period", "Scenario", "Target"]


class Period(Model):
    """The run's horizon and the part of it that is measured.

    Dates are midnights of `clock`. What lies before `measure_from` builds the start state. A plain
    station may give `length` and `warm_up` instead of dates.
    """

    from_: Day = date(2024, 1, 1)
    until: Day | None = None
    length: Duration | None = None
    measure_from: Day | None = None
    warm_up: Duration | None = None
    clock: Clock = "UTC"
    start_state: Text = "The port is empty at the start of the run."

    @model_validator(mode="after")
    def _order(self) -> Self:
        if (self.until is None) == (self.length is None):
            raise ValueError("write exactly one of until (a date) and length (such as 365 d)")
        if self.measure_from is not None and self.warm_up is not None:
            raise ValueError("write at most one of measure_from and warm_up")
        if not self.from_ <= self.first < self.end:
            raise ValueError("a period needs from <= measure_from < until")
        if (self.end - self.from_).days > 366 * 10:
            raise ValueError("a period is at most ten years long")
        return self

    @property
    def end(self) -> date:
        """First date after the run."""
        return self.until or self.from_ + _whole_days(self.length, "length")

    @property
    def first(self) -> date:
        """First measured date."""
        return self.measure_from or self.from_ + _whole_days(self.warm_up, "warm_up")


def _whole_days(length: Duration | None, key: str) -> timedelta:
    minutes = length.value if length else 0.0
    if minutes % 1440:
        raise ValueError(f"{key}: a period has whole days: write 30 d")
    if minutes > 3660 * 1440:
        raise ValueError(f"{key}: a period is at most ten years long")
    return timedelta(days=minutes / 1440)


class Target(Model):
    """An observation the model is held against: fitted, or held out and never used in fitting."""

    title: Text
    role: Literal["fitted", "held_out"]
    metric: Literal["vehicles", "tonnes", "tfi1_mean"]
    port: Id
    classes: tuple[Id, ...] = ()
    direction: Id | None = None
    from_: Day
    until: Day
    claim: str
    observed: Number
    series: Literal["customs", "border_police", "road_transport", "survey"]
    note: Text | None = None
    regimes: tuple[Id, ...] = ()
    """Regimes of the port that the observation was made under; empty for any."""


class Costs(Model):
    """What time and passage cost, for the CAREC indicators TFI2 and TFI3 and for idling CO2."""

    fees: dict[str, Money] = Field(default_factory=dict)
    """Official fees per laden vehicle by ``port.post``."""
    waiting: MoneyRate | None = None
    haul: dict[Literal["before", "after"], Money] = Field(default_factory=dict)
    """Line haul per 500 km and 20 t on the corridor before and after the port."""
    idling_co2_kg_per_h: Number | None = None


class Scenario(Model):
    """A question, whole: everything a run needs, resolved from the files it extends and names."""

    name: Id = "scenario"
    title: Text
    asks: Text | None = None
    period: Period
    ports: dict[Id, Port] = Field(min_length=1)
    regimes: dict[Id, RegimePapers] = Field(default_factory=dict)
    calendars: dict[Id, Calendar] = Field(default_factory=dict)
    flows: dict[Id, Flow] = Field(default_factory=dict)
    events: dict[Id, Event] = Field(default_factory=dict)
    targets: dict[Id, Target] = Field(default_factory=dict)
    costs: Costs = Costs()
    set_by_hand: tuple[Text, ...] = ()
    """Unknowns that were set so that the fitted targets come out; the report says so."""
    replications: int = Field(default=30, ge=1, le=100_000)
    seed: int = Field(default=20241201, ge=0, lt=2**63)

    def targets_here(self) -> dict[str, Target]:
        """The targets whose regime this scenario runs."""
        return {
            name: target
            for name, target in self.targets.items()
            if not target.regimes or self.ports[target.port].regime in target.regimes
        }

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, data: Any) -> Any:
        """``arrivals`` at the top is a flow through the only port."""
        if isinstance(data, dict) and "arrivals" in data and isinstance(data.get("ports"), dict):
            data = dict(data)
            port = next(iter(data["ports"]), "port")
            flow = {"port": port, "class": "vehicle", "arrivals": data.pop("arrivals")}
            flows = data.get("flows") or {}
            data["flows"] = {"arrivals": flow, **flows} if isinstance(flows, dict) else flows
        return data

    @model_validator(mode="after")
    def _refer(self) -> Self:
        wrong = [*self._wrong_flows(), *self._wrong_events(), *self._wrong_targets()]
        if wrong:
            raise ValueError("\n".join(wrong))
        return self

    def _wrong_flows(self) -> Iterator[str]:
        """What flows name that is not there; each fault with its place in the file."""
        for name, flow in self.flows.items():
            port = self.ports.get(flow.port)
            if port is None:
                yield _unknown("port", flow.port, self.ports, f"flows.{name}.port")
            elif port.procedures and flow.class_ not in port.procedures:
                yield _unknown("class", flow.class_, port.procedures, f"flows.{name}.class")
            elif port.procedures and flow.direction not in port.procedures[flow.class_]:
                ways = port.procedures[flow.class_]
                yield _unknown("direction", flow.direction, ways, f"flows.{name}.direction")

    def _wrong_events(self) -> Iterator[str]:
        for name, event in self.events.items():
            port = self.ports.get(event.port or "")
            if port is not None:
                there = [f"{p}.{s}" for p, post in port.posts.items() for s in post.stations]
                for i, ref in enumerate(event.at):
                    if ref not in there:
                        yield _unknown("station", ref, there, f"events.{name}.at[{i}]")
                    else:
                        yield from _wrong_closure(event, port, ref, f"events.{name}", i)
            elif event.port is not None:
                yield _unknown("port", event.port, self.ports, f"events.{name}.port")
            for i, flow in enumerate(event.demand.flows if event.demand else ()):
                if flow not in self.flows:
                    where = f"events.{name}.demand.flows[{i}]"
                    yield _unknown("flow", flow, self.flows, where)

    def _wrong_targets(self) -> Iterator[str]:
        for name, target in self.targets.items():
            if target.port not in self.ports:
                yield _unknown("port", target.port, self.ports, f"targets.{name}.port")
                continue
            flows = [flow for flow in self.flows.values() if flow.port == target.port]
            classes, ways = {f.class_ for f in flows}, {f.direction for f in flows}
            for i, class_ in enumerate(target.classes):
                if class_ not in classes:
                    yield _unknown("class", class_, classes, f"targets.{name}.classes[{i}]")
            if target.direction is not None and target.direction not in ways:
                where = f"targets.{name}.direction"
                yield _unknown("direction", target.direction, ways, where)


def _wrong_closure(event: Event, port: Port, ref: str, where: str, i: int) -> Iterator[str]:
    """Why an event cannot close a station that is there, or take lanes of it."""
    post, name = ref.split(".")
    station = port.posts[post].stations[name]
    if port.posts[post].rule_of(name) is None:
        yield (
            f"{where}.at[{i}]: this event closes {ref}, which needs closing_rule: {RULES} at"
            f" ports.{event.port}.posts.{post} or at its station {name}"
        )
    if event.lanes is None:
        return
    if station.lanes.value == UNLIMITED:
        yield (
            f"{where}.lanes: {ref} has lanes without limit, so that none is ever missed: write how"
            " many lanes it has, or close it whole without lanes here"
        )
    elif station.lines == "each":
        yield (
            f"{where}.lanes: at {ref} every lane has a line of its own, and nothing says whose lane"
            " is out: write lines: one there, or close it whole without lanes here"
        )
    elif event.lanes.value > station.lanes.value:
        yield (
            f"{where}.lanes: {ref} has no more lanes than {station.lanes.value:g}: write a number"
            " up to that, or close it whole without lanes here"
        )


def _unknown(kind: str, name: str, known: Iterable[str], where: str) -> str:
    known = sorted(known)
    hint = did_you_mean(name, known) or f": there are {', '.join(known) or 'none'}"
    return f"{where}: unknown {kind} '{name}'{hint}"

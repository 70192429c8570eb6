"""What is asked: ports under regimes, flows, events, a period, targets, costs. One question a file."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from corridor.scenarios.base import Id, Model, Text
from corridor.scenarios.calendar import Calendar, Clock, Day
from corridor.scenarios.event import Event
from corridor.scenarios.flow import Flow
from corridor.scenarios.port import Port
from corridor.scenarios.quantity import Duration, Money, MoneyRate, Number
from corridor.scenarios.regime import RegimePapers

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
        return self.until or self.from_ + _whole_days(self.length)

    @property
    def first(self) -> date:
        """First measured date."""
        return self.measure_from or self.from_ + _whole_days(self.warm_up)


def _whole_days(length: Duration | None) -> timedelta:
    minutes = length.value if length else 0.0
    if minutes % 1440:
        raise ValueError("length and warm_up of a period are whole days, such as 30 d")
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
            data["flows"] = {"arrivals": flow, **data.get("flows", {})}
        return data

    @model_validator(mode="after")
    def _refer(self) -> Self:
        for name, flow in self.flows.items():
            _known(flow.port, self.ports, f"flows.{name}.port", "port")
            port = self.ports[flow.port]
            if port.procedures and flow.direction not in port.procedures.get(flow.class_, {}):
                raise ValueError(
                    f"flows.{name}: {flow.port} has no procedure for {flow.class_} {flow.direction}"
                )
        for name, event in self.events.items():
            if event.port is not None:
                _known(event.port, self.ports, f"events.{name}.port", "port")
                posts = self.ports[event.port].posts
                for ref in event.at:
                    post, station = ref.split(".")
                    if post not in posts or station not in posts[post].stations:
                        raise ValueError(f"events.{name}.at: {event.port} has no station {ref}")
            for flow_name in event.demand.flows if event.demand else ():
                _known(flow_name, self.flows, f"events.{name}.demand.flows", "flow")
        for name, target in self.targets.items():
            _known(target.port, self.ports, f"targets.{name}.port", "port")
        return self


def _known(name: str, shelf: dict[str, Any], where: str, kind: str) -> None:
    if name not in shelf:
        raise ValueError(f"{where}: unknown {kind} '{name}': there are {', '.join(shelf) or 'none'}")

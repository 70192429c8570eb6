"""What is asked: dated or sampled closures, and changes of demand, each with its source."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from corridor.scenarios.base import Id, Model, StationRef, Text
from corridor.scenarios.calendar import Day, MonthDays, Spell
from corridor.scenarios.chance import Chance
from corridor.scenarios.quantity import Number

__all__ = ["Demand", "Event", "Sampled"]


class Sampled(Model):
    """Closures that come by chance: a Poisson stream in some months, each of random length."""

    per_month: Number
    during: MonthDays
    duration: Chance


class Demand(Model):
    """A change of demand: the named flows times `factor` between two dates."""

    flows: tuple[Id, ...]
    factor: Number
    from_: Day
    until: Day

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.until < self.from_:
            raise ValueError(f"until {self.until} lies before from {self.from_}")
        return self


class Event(Model):
    """A closure of stations (`at`, ``post.station`` of `port`) or a change of demand."""

    title: Text
    port: Id | None = None
    at: tuple[StationRef, ...] = ()
    claim: str | None = None
    derived: str | None = None
    assumed: str | None = None
    dates: dict[Id, Spell] = Field(default_factory=dict)
    sampled: Sampled | None = None
    demand: Demand | None = None

    @model_validator(mode="after")
    def _kind(self) -> Self:
        closures = [bool(self.dates), self.sampled is not None]
        if sum(closures) + (self.demand is not None) != 1:
            raise ValueError("write exactly one of dates, sampled, demand")
        if any(closures) and not (self.at and self.port):
            raise ValueError("a closure needs port and at: which stations of which port close")
        return self

"""What is asked: closures and breakdowns, dated or sampled, and changes of demand."""

from __future__ import annotations

from typing import Any, Self

from pydantic import Field, field_validator, model_validator

from corridor.scenarios.base import Id, Model, StationRef, Text
from corridor.scenarios.calendar import Day, MonthDays, Spell
from corridor.scenarios.chance import Chance
from corridor.scenarios.quantity import Count, Number
from corridor.scenarios.station import at_least_one

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
    """A closure of stations (`at`, ``post.station`` of `port`) or a change of demand.

    What becomes of work in progress is for the closing rule of each station to say.
    """

    title: Text
    port: Id | None = None
    at: tuple[StationRef, ...] = ()
    lanes: Count | None = Field(
        default=None,
        description="How many lanes of each station are out of service, as when scanners break one"
        " by one. Left out: the whole station closes. Spells that overlap add up, of this event or"
        " of several, to all lanes at most.",
    )
    claim: str | None = None
    derived: str | None = None
    assumed: str | None = None
    dates: dict[Id, Spell] = Field(default_factory=dict)
    sampled: Sampled | None = None
    demand: Demand | None = None

    @field_validator("lanes")
    @classmethod
    def _whole(cls, lanes: Count | None, info: Any) -> Count | None:
        if lanes is not None:
            at_least_one(info.field_name, lanes)
        return lanes

    @model_validator(mode="after")
    def _kind(self) -> Self:
        closures = [bool(self.dates), self.sampled is not None]
        if sum(closures) + (self.demand is not None) != 1:
            raise ValueError("write exactly one of dates, sampled, demand")
        if any(closures) and not (self.at and self.port):
            raise ValueError("a closure needs port and at: which stations of which port close")
        if self.lanes is not None and not any(closures):
            raise ValueError("lanes: a change of demand takes no lanes: write dates or sampled")
        return self

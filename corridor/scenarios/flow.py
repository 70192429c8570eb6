"""What is asked: demand by class and direction, its profile, its answer to a closed season."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, ValidationInfo, field_validator, model_validator

from corridor.scenarios.base import Clock, Id, Model, Text
from corridor.scenarios.calendar import DAYS, _minutes
from corridor.scenarios.quantity import Count, Duration, Mass, Number, Rate, Share, Teu

__all__ = ["Arrivals", "ClosedSeason", "Flow", "Volume"]


def _month_span(key: str) -> str:
    found = re.fullmatch(r"(\d{2})(?:-(\d{2}))?", key)
    if not found or not all(1 <= int(m) <= 12 for m in found.groups() if m):
        raise ValueError(f"'{key}' is no month: write 04 or 04-11")
    return key


def _day_group(key: str) -> str:
    if key not in (*DAYS, "weekdays", "weekends"):
        raise ValueError(f"'{key}' is no day: write weekdays, weekends or monday to sunday")
    return key


def _hour_span(key: str) -> str:
    ends = key.split("-")
    times = [_minutes(end) for end in ends] if len(ends) == 2 else [0, 0]
    if any(time % 60 for time in times) or times[0] >= times[1]:
        raise ValueError(f"'{key}' is no span of whole hours: write 09:00-12:00")
    return key


class Volume(Model):
    """How much a year, or a month of weight 1; in vehicles, or in tonnes divided by the payload."""

    vehicles: Number | None = None
    tonnes: Number | None = None
    per: Literal["year", "month"]

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.vehicles is None) == (self.tonnes is None):
            raise ValueError("write exactly one of vehicles and tonnes")
        return self


class Arrivals(Model):
    """A constant Poisson stream, for plain stations: ``{poisson: 20 per hour}``.

    With a `batch` convoys or sets of wagons come at that rate: ``{poisson: 2 per day, batch: 50}``.
    """

    poisson: Rate
    batch: Count | None = Field(
        default=None, description="How many units come at each arrival, all at one instant."
    )

    @model_validator(mode="after")
    def _someone(self) -> Self:
        if self.poisson.value <= 0:
            raise ValueError("poisson: a rate of zero brings nobody: write 20 per hour")
        if self.batch is not None and self.batch.value < 1:
            raise ValueError("batch: must be a whole number of at least 1")
        return self


class ClosedSeason(Model):
    """What becomes of goods that are ready while a season keeps the port closed.

    Shares sum to 1: `rush` is brought forward into the weeks before closing, `wait` comes in the
    weeks after opening, `lost` goes another way or is not shipped at all.
    """

    rush: Share
    wait: Share
    lost: Share
    rush_window: Duration
    wait_window: Duration
    after: Duration
    """Closures shorter than this are simply waited out at the gate."""

    @model_validator(mode="after")
    def _sum(self) -> Self:
        total = self.rush.value + self.wait.value + self.lost.value
        if abs(total - 1) > 1e-9:
            raise ValueError(f"rush + wait + lost is {total:.6g}: make them sum to 1")
        return self


class Flow(Model):
    """Demand of one class in one direction through one port."""

    title: Text | None = None
    port: Id
    class_: Id
    direction: Id = "through"
    corridor: Id | None = None
    volume: Volume | None = None
    arrivals: Arrivals | None = None
    clock: Clock = "UTC"
    months: dict[Annotated[str, AfterValidator(_month_span)], Number] = Field(default_factory=dict)
    weekdays: dict[Annotated[str, AfterValidator(_day_group)], Number] = Field(default_factory=dict)
    hours: dict[Annotated[str, AfterValidator(_hour_span)], Number] = Field(default_factory=dict)
    on_holidays: Literal["come", "stay_away"] = "come"
    """Whether vehicles still come on days the first post keeps as holidays, and wait."""
    payload: Mass | None = None
    payload_cv: Number | None = None
    teu: Teu | None = None
    closed_season: ClosedSeason | None = None
    priority: int = Field(default=0, ge=0, le=99)

    @field_validator("months", "weekdays", "hours", "on_holidays")
    @classmethod
    def _constant(cls, said: Any, info: ValidationInfo) -> Any:
        """A constant stream has no profile; with a volume too, that is what is wrong first."""
        if not said or said == "come" or info.data.get("volume") is not None:
            return said
        if info.data.get("arrivals") is not None:
            raise ValueError(
                f"{info.field_name}: arrivals come at one rate all the time: leave"
                f" {info.field_name} out, or write a volume instead of arrivals, such as"
                " volume: {vehicles: 480, per: month}"
            )
        return said

    @model_validator(mode="after")
    def _volume(self) -> Self:
        if (self.volume is None) == (self.arrivals is None):
            raise ValueError("write exactly one of volume and arrivals")
        if self.volume and self.volume.tonnes and not (self.payload and self.payload.value > 0):
            raise ValueError("a volume in tonnes needs a payload above zero, such as 16 t")
        return self

    def month_weights(self) -> list[float]:
        """Weight of January to December (12,); 1 where nothing is said."""
        weights = [1.0] * 12
        for key, weight in self.months.items():
            first, _, last = key.partition("-")
            a, b = int(first), int(last or first)
            for month in range(a, b + 1) if a <= b else [*range(a, 13), *range(1, b + 1)]:
                weights[month - 1] = weight.value
        return weights

    def day_weights(self) -> list[float]:
        """Weight of Monday to Sunday (7,); 1 where nothing is said."""
        weights = [1.0] * 7
        for group in ("weekdays", "weekends", *DAYS):
            if group in self.weekdays:
                for i in {"weekdays": range(5), "weekends": range(5, 7)}.get(
                    group, [DAYS.index(group) if group in DAYS else 0]
                ):
                    weights[i] = self.weekdays[group].value
        return weights

    def hour_weights(self) -> list[float]:
        """Weight of the 24 hours of the day; 1 if nothing is said, else 0 where nothing is said."""
        weights = [0.0 if self.hours else 1.0] * 24
        for key, weight in self.hours.items():
            a, b = (_minutes(end) // 60 for end in key.split("-"))
            for hour in range(a, b):
                weights[hour] = weight.value
        return weights

    @model_validator(mode="after")
    def _profile(self) -> Self:
        for name, weights in (
            ("months", self.month_weights()),
            ("weekdays", self.day_weights()),
            ("hours", self.hour_weights()),
        ):
            if sum(weights) <= 0:
                raise ValueError(f"{name}: zero throughout: no vehicle would ever come")
        spans = sorted(tuple(_minutes(end) for end in key.split("-")) for key in self.hours)
        if any(start < end for (_, end), (start, _) in pairwise(spans)):
            raise ValueError("hours: spans overlap: let each hour have one weight")
        return self

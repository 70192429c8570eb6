"""What is asked: trains, ferries, convoys, that leave by the clock or as soon as they are full."""

from __future__ import annotations

from math import nextafter
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, PlainSerializer, field_validator, model_validator

from corridor.scenarios.base import Model, Text
from corridor.scenarios.calendar import DAYS, _minutes
from corridor.scenarios.quantity import Count, Duration
from corridor.scenarios.station import at_least_one

__all__ = ["Timetable", "Train"]

_END_OF_DAY = nextafter(1440.0, 0.0)
_GROUPS = {"daily": DAYS, "weekdays": DAYS[:5], "weekends": DAYS[5:]}


def _time(text: Any) -> Any:
    if isinstance(text, str):
        return _minutes(text)
    raise ValueError(f"{str(text)[:30]} is not a time of day: write it in quotes, such as '09:30'")


Time = Annotated[
    int,
    BeforeValidator(_time, json_schema_input_type=str),
    PlainSerializer(lambda m: f"{m // 60:02d}:{m % 60:02d}", return_type=str),
]
"""A time of day in minutes after local midnight, from ``"09:30"``."""

DayGroup = Literal[
    "daily", "weekdays", "weekends",
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
]  # fmt: skip


class Timetable(Model):
    """When trains leave, by the clock of the post: at stated times, or every so often.

    ``{at: ["08:00", "14:00"]}`` or ``{every: 30 min, from: "06:00", until: "22:00"}``.
    """

    at: tuple[Time, ...] = Field(default=(), description="Times of day at which a train leaves.")
    every: Duration | None = Field(
        default=None, description="How long after one train the next leaves, from `from` on."
    )
    from_: Time | None = Field(
        default=None, description="When the first of the day leaves; midnight if nothing is said."
    )
    until: Time | None = Field(
        default=None,
        description="When the last of the day leaves, or before; the end of the day if nothing is"
        " said. A time before `from` is one of the next morning.",
    )
    days: tuple[DayGroup, ...] = Field(
        default=(),
        description="Days of the week with trains, whether the post is open or not; if nothing is"
        " said, all days on which the post opens.",
    )
    claim: str | None = None
    assumed: str | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if bool(self.at) == (self.every is not None):
            raise ValueError('write exactly one of at, ["08:00", "14:00"], and every, 30 min')
        if self.at and (self.from_ is not None or self.until is not None):
            raise ValueError("from and until go with every: a list of times needs neither")
        if self.every is not None and self.every.value < 1:
            raise ValueError("every: at least 1 min lies between two trains")
        return self

    def weekdays(self) -> tuple[int, ...]:
        """The days of the week named, 0 for Monday; none if nothing is said."""
        named = {day for group in self.days for day in _GROUPS.get(group, (group,))}
        return tuple(i for i, day in enumerate(DAYS) if day in named)

    def times(self) -> tuple[float, ...]:
        """Departures of one day in minutes after its midnight; the next morning's are over 1440.

        >>> Timetable.model_validate({"every": "8 h", "from": "06:00", "until": "00:00"}).times()
        (360.0, 840.0, 1320.0)
        """
        if self.every is None:
            return tuple(float(minute) for minute in sorted(self.at))
        first, last = float(self.from_ or 0), _END_OF_DAY
        if self.until is not None:
            last = float(self.until if self.until >= first else self.until + 1440)
        count = int((last - first) / self.every.value) + 1
        return tuple(first + i * self.every.value for i in range(count))


class Train(Model):
    """A platform, and what leaves from it with so many units at a time: train, ferry, convoy."""

    title: Text | None = None
    capacity: Count = Field(description="How many units one takes, the first in line.")
    timetable: Timetable | None = Field(
        default=None, description="When one leaves, full or not. May be left out with when_full."
    )
    when_full: bool = Field(
        default=False, description="Whether one also leaves as soon as enough wait to fill it."
    )
    when_full_claim: str | None = None
    when_full_assumed: str | None = None

    @field_validator("capacity")
    @classmethod
    def _whole(cls, capacity: Count) -> Count:
        at_least_one("capacity", capacity)
        return capacity

    @model_validator(mode="after")
    def _leaves(self) -> Self:
        if self.timetable is None and not self.when_full:
            raise ValueError("nothing ever leaves: write a timetable, or when_full: true")
        return self

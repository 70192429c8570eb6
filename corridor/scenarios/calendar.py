"""What is asked: hours, seasons, holidays and dates, read from text and kept in local time."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BeforeValidator,
    Field,
    GetJsonSchemaHandler,
    PlainSerializer,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from corridor.faults import did_you_mean
from corridor.scenarios.base import Id, Model, Text
from corridor.scenarios.quantity import Count

__all__ = ["ALWAYS", "Calendar", "Day", "Hours", "MonthDays", "Season", "Spell", "Windows"]

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_GROUPS = {"daily": DAYS, "weekdays": DAYS[:5], "weekends": DAYS[5:]}


def _day(text: Any) -> date:
    if isinstance(text, date):
        return text
    if not isinstance(text, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        raise ValueError(f"{str(text)[:40]!r} is not a date: write YYYY-MM-DD, such as 2024-04-01")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"there is no day {text}: write a date of the calendar") from None
    if not 1990 <= day.year <= 2060:
        raise ValueError(f"{text} lies outside 1990 to 2060")
    return day


Day = Annotated[date, BeforeValidator(_day, json_schema_input_type=str)]
"""A calendar date, ``2024-04-01``."""


def _minutes(text: str) -> int:
    found = re.fullmatch(r"(\d{1,2}):(\d{2})", text.strip())
    if not found:
        raise ValueError(f"'{text.strip()[:20]}' is not a time of day: write HH:MM, such as 09:30")
    hour, minute = int(found[1]), int(found[2])
    if minute > 59 or hour > 24 or (hour == 24 and minute):
        raise ValueError(f"there is no time {text.strip()}: write 00:00 to 24:00")
    return hour * 60 + minute


def _windows(text: Any) -> tuple[tuple[int, int], ...]:
    if isinstance(text, tuple):
        return text
    if not isinstance(text, str):
        raise ValueError(f"{str(text)[:30]} is not opening hours: write 09:00-17:00 or closed")
    if text.strip() == "closed":
        return ()
    spans: list[tuple[int, int]] = []
    for part in text.split(","):
        ends = part.split("-")
        if len(ends) != 2:
            raise ValueError(f"'{part.strip()[:30]}' is not a window: write 09:00-17:00 or closed")
        start, end = _minutes(ends[0]), _minutes(ends[1])
        if start == end:
            raise ValueError(f"window {part.strip()} is empty: write 00:00-24:00 for all day")
        spans.append((start, end if end > start else end + 1440))  # over midnight
    spans.sort()
    for (_, end), (start, _) in pairwise(spans):
        if start < end:
            raise ValueError(f"windows overlap in '{text[:40]}'")
    return tuple(spans)


def _window_text(spans: tuple[tuple[int, int], ...]) -> str:
    def clock(minutes: int) -> str:
        minutes = minutes if minutes <= 1440 else minutes - 1440
        return f"{minutes // 60:02d}:{minutes % 60:02d}"

    return ", ".join(f"{clock(a)}-{clock(b)}" for a, b in spans) or "closed"


Windows = Annotated[
    tuple[tuple[int, int], ...],
    BeforeValidator(_windows, json_schema_input_type=str),
    PlainSerializer(_window_text, return_type=str),
]
"""Opening windows of a day in minutes after local midnight, from ``"10:30-14:00, 15:00-19:00"``."""


class Hours(Model):
    """Opening windows of each weekday in local time; a day that is not named is closed.

    Written as ``always``, ``closed``, or a mapping with the keys daily, weekdays, weekends and the
    days of the week; a nearer name wins over a wider one.
    """

    monday: Windows = ()
    tuesday: Windows = ()
    wednesday: Windows = ()
    thursday: Windows = ()
    friday: Windows = ()
    saturday: Windows = ()
    sunday: Windows = ()

    @model_validator(mode="before")
    @classmethod
    def _groups(cls, data: Any) -> Any:
        if data == "always":
            return dict.fromkeys(DAYS, ((0, 1440),))
        if data == "closed":
            return {}
        if not isinstance(data, dict):
            if isinstance(data, Hours):
                return data
            raise ValueError('write always, closed, or a mapping such as {weekdays: "09:00-17:00"}')
        return _week(data)

    @model_validator(mode="after")
    def _apart(self) -> Self:
        """A window over midnight may not run into the next morning's."""
        for i, name in enumerate(DAYS):
            after = getattr(self, DAYS[(i + 1) % 7])
            late = max((end for _, end in getattr(self, name)), default=0) - 1440
            if after and late > after[0][0]:
                raise ValueError(
                    f"windows overlap: {name} is open into {DAYS[(i + 1) % 7]} morning,"
                    " when that day's window has begun: end it earlier"
                )
        return self

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """For editors: a word, or a mapping of days and groups of days."""
        day = {"type": "string", "examples": ["09:00-17:00", "10:30-14:00, 15:00-19:00", "closed"]}
        return {
            "title": cls.__name__,
            "anyOf": [
                {"enum": ["always", "closed"]},
                {
                    "type": "object",
                    "properties": dict.fromkeys((*_GROUPS, *DAYS), day),
                    "additionalProperties": False,
                },
            ],
        }

    def of(self, day: date) -> tuple[tuple[int, int], ...]:
        """The windows of a date."""
        windows: tuple[tuple[int, int], ...] = getattr(self, DAYS[day.weekday()])
        return windows


def _week(data: dict[str, Any]) -> dict[str, Any]:
    """Windows by weekday; groups are spread out, and a fault names the key it is under."""
    known = (*_GROUPS, *DAYS)
    windows: dict[str, Any] = {}
    for key, text in data.items():
        if key not in known:
            near = did_you_mean(str(key), known) or f": write {', '.join(known)}"
            raise ValueError(f"{key}: unknown key '{str(key)[:60]}'{near}")
        try:
            windows[key] = _windows(text)
        except ValueError as error:
            raise ValueError(f"{key}: {error}") from None
    days: dict[str, Any] = {}
    for group, members in _GROUPS.items():
        if group in windows:
            days |= dict.fromkeys(members, windows[group])
    return days | {key: value for key, value in windows.items() if key in DAYS}


ALWAYS = Hours.model_validate("always")


def _month_days(text: Any) -> tuple[tuple[int, int], tuple[int, int]]:
    if isinstance(text, tuple):
        return text
    found = (
        re.fullmatch(r"(\d{2})-(\d{2})\.\.(\d{2})-(\d{2})", text) if isinstance(text, str) else None
    )
    if not found:
        raise ValueError(f"{str(text)[:30]!r} is not a span of the year: write MM-DD..MM-DD")
    a, b, c, d = map(int, found.groups())
    for month, day in ((a, b), (c, d)):
        try:
            date(2024, month, day)
        except ValueError:
            raise ValueError(f"there is no day {month:02d}-{day:02d}: write MM-DD..MM-DD") from None
    return (a, b), (c, d)


def _span_text(span: tuple[tuple[int, int], tuple[int, int]]) -> str:
    return "..".join(f"{month:02d}-{day:02d}" for month, day in span)


MonthDays = Annotated[
    tuple[tuple[int, int], tuple[int, int]],
    BeforeValidator(_month_days, json_schema_input_type=str),
    PlainSerializer(_span_text, return_type=str),
]
"""A span of every year, both ends included, from ``"12-01..03-31"``; it may cross the new year."""


def within(day: date, span: tuple[tuple[int, int], tuple[int, int]]) -> bool:
    """Whether `day` lies in a span of the year, both ends included.

    >>> within(date(2024, 1, 5), ((12, 1), (3, 31)))
    True
    """
    first, last = span
    here = (day.month, day.day)
    return first <= here <= last if first <= last else here >= first or here <= last


class Spell(Model):
    """A span of dates, both ends included, with its evidence."""

    from_: Day
    until: Day
    title: Text | None = None
    claim: str | None = None
    assumed: str | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.until < self.from_:
            raise ValueError(f"until {self.until} lies before from {self.from_}")
        return self

    def days(self) -> list[date]:
        """Its dates."""
        return [self.from_ + timedelta(i) for i in range((self.until - self.from_).days + 1)]


def _month(key: Any) -> int:
    if not re.fullmatch(r"0?[1-9]|1[0-2]", str(key)):
        raise ValueError(f'\'{str(key)[:20]}\' is no month: write "01" to "12"')
    return int(key)


class Season(Model):
    """When the port is closed by season, and the special openings inside the closed season."""

    closed: MonthDays | None = None
    special_openings: dict[Id, Spell] = Field(default_factory=dict)
    by_class: dict[Id, MonthDays] = Field(default_factory=dict)
    open_days: dict[Annotated[int, BeforeValidator(_month)], Count] = Field(default_factory=dict)
    """Year-round on paper: in these months only so many working days are open, drawn by chance."""
    claim: str | None = None
    assumed: str | None = None

    def opens_specially(self, day: date) -> bool:
        """Whether a special opening covers `day`."""
        return any(s.from_ <= day <= s.until for s in self.special_openings.values())

    def closed_on(self, day: date) -> bool:
        """Whether the season closes the port to everybody on `day`."""
        return (
            self.closed is not None and within(day, self.closed) and not self.opens_specially(day)
        )

    def closed_to(self, class_: str, day: date) -> bool:
        """Whether the season closes the port to `class_` on `day`."""
        span = self.by_class.get(class_)
        shut = span is not None and within(day, span) and not self.opens_specially(day)
        return shut or self.closed_on(day)


class Calendar(Model):
    """The public holidays of a country, frozen as data: ISO date to name."""

    title: Text
    source: Text
    holidays: dict[Day, Text]
    kind: Literal["calendar"] = "calendar"

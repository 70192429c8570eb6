"""From asking to running: when each post is open, in milliseconds since the start of the run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from corridor.engine import lanes
from corridor.planning.clock import zone
from corridor.planning.draws import MINUTE, Streams, milliseconds, poisson_count, quantile
from corridor.planning.memory import remembered
from corridor.scenarios.calendar import Hours, within
from corridor.scenarios.event import Event
from corridor.scenarios.port import Port, Post
from corridor.scenarios.scenario import Scenario

__all__ = [
    "Axis",
    "closed_stretches",
    "closures",
    "drawn_days",
    "open_days",
    "open_intervals",
    "spells",
]

Int64 = npt.NDArray[np.int64]
Intervals = Int64
_EPOCH = date(1989, 1, 1)  # before any date that a scenario may name


@dataclass(frozen=True)
class Axis:
    """The time axis of a run.

    Parameters
    ----------
    start : datetime
        Aware; midnight of the period's first day on the period's clock.
    horizon : int
        Length in ms.
    measured : int
        Start of the measured part in ms.
    """

    start: datetime
    horizon: int
    measured: int
    clock: str

    @classmethod
    def of(cls, scenario: Scenario) -> Axis:
        """The axis of a scenario's period."""
        clock = scenario.period.clock
        start = datetime.combine(scenario.period.from_, time(), zone(clock)).astimezone(UTC)
        axis = cls(start, 0, 0, clock)
        ends = (axis.at(scenario.period.end), axis.at(scenario.period.first))
        return cls(start, ends[0], ends[1], clock)

    def at(self, day: date, minutes: int = 0, clock: str | None = None) -> int:
        """The instant `minutes` after local midnight of `day`, in ms since the start.

        Wall time: a time that a clock change skips is read with the offset before the change, one
        that happens twice is the first (fold 0, PEP 495).
        """
        return _instant(day, minutes, clock or self.clock) - _since_epoch(self.start)

    def days(self, margin: int = 2) -> tuple[date, ...]:
        """Local dates that may touch the run."""
        return _days(self, margin)

    def midnights(self, margin: int = 2) -> Int64:
        """The instants at which those days begin, ms; not to be written into."""
        return _midnights(self, margin)


@lru_cache(maxsize=64)
def _days(axis: Axis, margin: int) -> tuple[date, ...]:
    first = axis.start.astimezone(zone(axis.clock)).date() - timedelta(days=margin)
    count = axis.horizon // 86_400_000 + 2 * margin + 1
    return tuple(first + timedelta(i) for i in range(count))


@lru_cache(maxsize=64)
def _midnights(axis: Axis, margin: int) -> Int64:
    midnights = np.array([axis.at(day) for day in axis.days(margin)], dtype=np.int64)
    midnights.setflags(write=False)
    return midnights


@lru_cache(maxsize=2**16)
def _instant(day: date, minutes: int, clock: str) -> int:
    """The same in ms since 1970: every replication asks for the same days."""
    day, minutes = day + timedelta(days=minutes // 1440), minutes % 1440
    return _since_epoch(datetime.combine(day, time(minutes // 60, minutes % 60), zone(clock)))


def _since_epoch(instant: datetime) -> int:
    return round(instant.timestamp() * 1000)


def _working(port: Port, post: Post, day: date, holidays: frozenset[date]) -> bool:
    if day in holidays and day not in post.working_days:
        return False
    return not (post.keeps_season and port.season.closed_on(day))


@remembered
def holidays_of(scenario: Scenario, post: Post) -> frozenset[date]:
    """All holidays a post keeps."""
    kept = (scenario.calendars[name].holidays for name in post.holidays)
    return frozenset(day for calendar in kept for day in calendar)


def drawn_days(scenario: Scenario, name: str, axis: Axis, streams: Streams) -> frozenset[date]:
    """Days that stay shut although the calendar says open: year-round on paper.

    In each month named by ``season.open_days`` only so many of the first post's working days are
    open; which ones is drawn by date, the same for every regime and every run that meets the date.
    A month that the run only touches is drawn whole, so that its part is open in proportion.
    """
    port = scenario.ports[name]
    if not port.season.open_days:
        return frozenset()
    post = next(iter(port.posts.values()))
    holidays = holidays_of(scenario, post)
    days = _whole_months(axis.days())
    keys = streams.uniform(f"season/{name}/open_days", (days[-1] - _EPOCH).days + 1)
    months: dict[tuple[int, int], list[date]] = {}
    for day in days:
        works = bool(post.hours.of(day)) and _working(port, post, day, holidays)
        if works and day.month in port.season.open_days:
            months.setdefault((day.year, day.month), []).append(day)
    shut: set[date] = set()
    for (_, month), working in months.items():
        count = int(port.season.open_days[month].value)
        shut |= set(sorted(working, key=lambda day: keys[(day - _EPOCH).days])[count:])
    return frozenset(shut)


def _whole_months(days: Sequence[date]) -> list[date]:
    """All days of the months that `days` touch."""
    first, last = days[0].replace(day=1), days[-1].replace(day=1)
    end = date(last.year + last.month // 12, last.month % 12 + 1, 1)
    return [first + timedelta(i) for i in range((end - first).days)]


def open_days(
    scenario: Scenario,
    port: Port,
    post: Post,
    axis: Axis,
    shut: frozenset[date] = frozenset(),
    hours: Hours | None = None,
) -> frozenset[date]:
    """Dates on which a post opens, by its hours or other `hours`, season, holidays, `shut` days."""
    return _working_days(scenario, port, post, axis, hours or post.hours) - shut


@remembered
def _working_days(
    scenario: Scenario, port: Port, post: Post, axis: Axis, hours: Hours
) -> frozenset[date]:
    holidays = holidays_of(scenario, post)
    return frozenset(
        day for day in axis.days() if hours.of(day) and _working(port, post, day, holidays)
    )


@remembered
def open_intervals(
    scenario: Scenario,
    port: Port,
    post: Post,
    axis: Axis,
    hours: Hours | None = None,
    shut: frozenset[date] = frozenset(),
) -> Intervals:
    """Open intervals of a post within the run, (k, 2) ms, disjoint and sorted.

    `hours` of a station replace the post's; season, holidays and `shut` days close it all the same.
    """
    days = open_days(scenario, port, post, axis, shut, hours)
    spans = [
        window
        for day, windows in _windows(axis, post.clock, hours or post.hours)
        if day in days
        for window in windows
    ]
    rows = np.clip(np.array(spans, dtype=np.int64).reshape(-1, 2), 0, axis.horizon)
    return lanes.union(rows[rows[:, 0] < rows[:, 1]])


@lru_cache(maxsize=256)
def _windows(
    axis: Axis, clock: str, hours: Hours
) -> tuple[tuple[date, tuple[tuple[int, int], ...]], ...]:
    """The opening windows of each date in ms: the same in every replication."""
    return tuple(
        (day, tuple((axis.at(day, a, clock), axis.at(day, b, clock)) for a, b in hours.of(day)))
        for day in axis.days()
    )


def spells(event: Event, name: str, post: Post, axis: Axis, streams: Streams) -> Intervals:
    """Every closure of an event at a post, (k, 2) ms; they may overlap, none is empty.

    Dates are days of the post's clock. A sampled closure is one thing that happens at one time, so
    its days are those of the period's clock, at whichever posts it closes.
    """
    if event.dates:
        dated = [
            (axis.at(s.from_, 0, post.clock), axis.at(s.until + timedelta(1), 0, post.clock))
            for s in event.dates.values()
        ]
        rows = np.array(dated, dtype=np.int64)
    elif event.sampled is not None:
        days = [day for day in axis.days(0) if within(day, event.sampled.during)]
        mean = event.sampled.per_month.value * len(days) / 30.4375
        count = poisson_count(mean, float(streams.uniform(f"event/{name}/count", 1)[0]))
        place = streams.uniform(f"event/{name}/time", count) * len(days)
        which = np.minimum(place.astype(np.int64), len(days) - 1)
        midnights = np.array([axis.at(day) for day in days], dtype=np.int64)
        begin = midnights[which] + milliseconds((place - which) * 1440) if count else which
        length = milliseconds(
            quantile(event.sampled.duration, streams.uniform(f"event/{name}/duration", count))
        )
        rows = np.stack([begin, begin + length], axis=1)
    else:
        return np.zeros((0, 2), dtype=np.int64)
    rows = np.clip(rows, 0, axis.horizon)
    return rows[rows[:, 0] < rows[:, 1]]


def closures(event: Event, name: str, post: Post, axis: Axis, streams: Streams) -> Intervals:
    """When an event closes the stations of a post, (k, 2) ms, disjoint and sorted."""
    return lanes.union(spells(event, name, post, axis, streams))


@remembered
def closed_stretches(port: Port, class_: str, axis: Axis, after_min: float) -> Intervals:
    """Stretches of seasonal closure to a class that last longer than `after_min` minutes, (k, 2).

    A stretch that began before the run keeps its length: the days before the start count too.
    """
    days = axis.days(200)
    shut = [port.season.closed_to(class_, day) for day in days]
    rows: list[tuple[int, int]] = []
    begun: int | None = None
    for i, closed in enumerate([*shut, False]):
        if closed and begun is None:
            begun = i
        elif not closed and begun is not None:
            end = axis.at(days[i - 1] + timedelta(1)) if i else 0
            rows.append((axis.at(days[begun]), end))
            begun = None
    wide = [(a, b) for a, b in rows if b - a > after_min * MINUTE and b > 0 and a < axis.horizon]
    return np.array(wide, dtype=np.int64).reshape(-1, 2)

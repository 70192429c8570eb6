"""What theory says of ports where time counts: the hour, the day, the month, the first hours."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from . import chains
from .kinds import each, level, stay
from .proof import Family, Sight, Truth

HOUR = 60.0  # rates are per minute, times in minutes


def hours() -> Iterator[Family]:
    yield field()
    for rule in ("hold", "finish"):
        by_hour = chains.day(rule, 2, 2.2 / HOUR, 20.0, 12, 160)
        there = sum(n for n, _ in by_hour) / 24
        yield Family("hours", rule, "chain", (
            stay(there / 2.2 * HOUR, main=True, within=0.02),
            each("utilisation of open hours", 2.2 * 24 / 3 / 24, "utilisation", "q/desk"),
            *(level(f"number there at {(8 + h) % 24:02d}:00", by_hour[h][0], "in_system",
                    hour=(8 + h) % 24, within=0.05) for h in (0, 2, 6, 12, 13, 20)),
            level("number in work at 14:00", by_hour[6][1], "busy", "q/desk", hour=14, within=0.02),
        ))  # fmt: skip
    yield failing("failing", 1, 7 / HOUR, 4.0, 25.0)
    yield failing("singly", 2, 12 / HOUR, 6.0, 40.0)


def failing(port: str, lanes: int, rate: float, service: float, repair: float) -> Family:
    """Breakdowns at 12 a day, of random length: they overlap, and each takes a lane."""
    there = chains.settled(chains.failing, (0, 0), lanes, rate, service, 1 / 120, repair, 300, 9)
    number = chains.mean(there, lambda s: s[0])
    open_ = chains.mean(there, lambda s: max(lanes - s[1], 0))
    return Family("hours", port, "chain", (
        stay(number / rate, main=True, within=0.02),
        level("number there", number, "in_system", within=0.02),
        level("number in work", rate * service, "busy", "q/desk"),
        each("utilisation of open lanes", rate * service / open_, "utilisation", "q/desk"),
    ))  # fmt: skip


def field() -> Family:
    """Nobody waits: who is there are those who came in the last so many minutes.

    Eick, Massey and Whitt (1993). What comes at 06:00 in Karachi comes at 01:00 UTC, the last at
    17:00; at night the place is empty, so that each day stands for itself.
    """
    weight = np.zeros(24)
    weight[6:9], weight[9:18], weight[18:22] = 3, 2, 0.5
    minute = np.repeat(np.roll(weight / weight.sum() / 60, -5), 60)  # share of a day's vehicles
    week = np.array([1, 1, 1, 1, 1, 0.5, 0.5])
    day = week[(np.arange(60) + 2) % 7] / week.mean()  # 60 days from a Wednesday, 3 April 2024
    vehicles = 100_000 / 365.25 * day.mean()

    def papers(hour: int) -> float:
        return float(minute[hour * 60 - 100 : hour * 60].sum()) * vehicles

    def rest(hour: int) -> float:
        """Who came more than 100 min ago; and have not left since."""
        come = minute[: hour * 60 - 100][::-1]
        since = np.arange(len(come) + 1)
        return float(come @ -np.diff(45 * np.exp(-since / 45))) * vehicles

    return Family("hours", "field", "Eick, Massey and Whitt 1993", (
        *(level(f"number there at {h:02d}:00", papers(h), "busy", "q/papers", hour=h,
                within=0.02, main=h == 4) for h in (2, 4, 9, 14)),
        *(level(f"number there at {h:02d}:00, behind", rest(h), "busy", "q/rest", hour=h,
                within=0.02)
          for h in (4, 6, 12, 16)),
    ))  # fmt: skip


def year() -> Iterator[Family]:
    months = np.array([0.4] * 3 + [1.0] * 6 + [0.4] * 3)
    weights = months @ np.array([31, 28.25, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    shape = np.array([1, 1, 1, 1, 1, 0.5, 0.2])
    dates = np.arange(np.datetime64("2023-03-01"), np.datetime64("2024-03-01"))
    month = dates.astype("datetime64[M]").astype(int) % 12
    weekday = (dates.astype(int) + 3) % 7  # 1 January 1970 was a Thursday
    by_day = 20_000 / weights * months[month] * shape[weekday] / shape.mean()
    by_hour = np.array([0] * 8 + [3] * 12 + [1] * 4) / 40

    def count(what: str, days: np.ndarray, hour=slice(None), **rest) -> Truth:
        expected = float(by_day[days].sum() * by_hour[hour].sum())
        return Truth(what, expected, lambda sight: (
            float(sight.series("throughput")[days][:, hour].sum()), 1
        ), **rest)  # fmt: skip

    def spread(sight: Sight) -> tuple[float, float]:
        """The variance of the count of each day, in units of its mean: 1 for Poisson."""
        counts = sight.series("throughput").sum(axis=1)
        return float(((counts - by_day) ** 2 / by_day).sum()), len(by_day)

    every = np.ones(len(dates), dtype=bool)
    yield Family("year", "gate", "Poisson", (
        count("vehicles a year", every, main=True),
        count("vehicles in April", month == 3), count("vehicles in November", month == 10),
        count("vehicles on Sundays", weekday == 6), count("vehicles on Fridays", weekday == 4),
        count("vehicles from 8 to 9 h", every, 8), count("vehicles from 23 to 24 h", every, 23),
        Truth("variance of a day's count by its mean", 1.0, spread, within=0.02),
    ))  # fmt: skip


def transient() -> Iterator[Family]:
    flood = partial(chains.line, lanes=1, rate=1.0, service=1.2, most=400)
    chain, truths = chains.Chain(flood, 0), []
    for hour, within in ((1, 0.04), (3, 0.03), (10, 0.02)):
        known = chains.mean(chain.after(hour * 60, {0: 1.0}), int)
        truths.append(level(f"number there after {hour} h", known, "in_system", hour=hour,
                            within=within, main=hour == 10))  # fmt: skip
    yield Family("transient", "flood", "Clarke 1956", tuple(truths))

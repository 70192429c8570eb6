"""Opening hours against a clock on the wall: an oracle that walks through local time."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import reduce

import numpy as np
import pytest

from corridor.engine import lanes
from corridor.planning import Axis
from corridor.planning.openings import open_intervals, zone
from corridor.scenarios import Scenario

from .small import HOUR, MINUTE, shipped

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ZONES = ("Asia/Shanghai", "Asia/Karachi", "Asia/Almaty", "Europe/Warsaw", "Asia/Kathmandu", "UTC")
STARTS = ("2024-02-26", "2024-03-29", "2024-10-25", "2024-12-29", "2023-11-28", "2024-06-01")
# A clock that goes forth or back makes some times of the wall happen never or twice. An edge of a
# window there is a matter of convention, and tested by hand below; the oracle has none there.
DOUBTFUL = {"Europe/Warsaw": (120, 180), "Asia/Almaty": (1380, 1440)}


def windows(rng: np.random.Generator, clock: str, grain: int, nights: bool) -> str:
    """Up to three windows of a day; with nights, the last may run to 3 in the morning."""
    low, high = DOUBTFUL.get(clock, (0, 0))
    grid = [t for t in range(0, 1441, grain) if not low < t < high]
    count = int(rng.integers(0, 4))
    day = [t for t in grid if t > 180] if nights else grid
    edges = np.sort(rng.choice(day, 2 * count, replace=False)).tolist()
    if count and nights and rng.random() < 0.6:
        edges[-1] = int(rng.choice([t for t in grid if 0 < t <= 180]))
    pairs = zip(edges[::2], edges[1::2], strict=True)
    spans = [f"{a // 60:02d}:{a % 60:02d}-{b // 60:02d}:{b % 60:02d}" for a, b in pairs]
    return ", ".join(spans) or "closed"


def drawn(seed: int, grain: int) -> tuple[Scenario, frozenset[date]]:
    """A scenario of one post with everything that can close it, and days that chance shuts."""
    rng = np.random.default_rng(seed)
    clock, nights = str(rng.choice(ZONES)), bool(rng.random() < 0.5)
    start = date.fromisoformat(str(rng.choice(STARTS)))
    days = [start + timedelta(int(i)) for i in range(-1, 9)]
    some = [d for d in days if rng.random() < 0.2]
    season = (
        {} if rng.random() < 0.5 else {"closed": str(rng.choice(["12-01..03-31", "02-28..02-29"]))}
    )
    if season and rng.random() < 0.6:
        season["special_openings"] = {"window": {"from": str(days[3]), "until": str(days[6])}}
    post = {
        "clock": clock,
        "closing_rule": "finish",
        "hours": {day: windows(rng, clock, grain, nights) for day in DAYS if rng.random() < 0.9},
        "holidays": ["feasts"],
        "working_days": [str(d) for d in some[:1]],
        "stations": {"desk": {"lanes": 1, "service": "1 min"}},
    }
    length, axis = f"{rng.integers(1, 8)} d", str(rng.choice(ZONES))
    feasts = {"title": "F", "source": "S", "holidays": {str(day): "F" for day in some}}
    data = {
        "title": "Drawn",
        "period": {"from": str(start), "length": length, "clock": axis},
        "calendars": {"feasts": feasts},
        "ports": {"port": {"title": "P", "season": season, "posts": {"post": post}}},
    }
    return Scenario.model_validate(data), frozenset(d for d in days if rng.random() < 0.1)


def on_the_wall(scenario: Scenario, shut: frozenset[date], grain: int) -> list[tuple[int, int]]:
    """Walk through the run, look at the post's clock and calendar, note when the door moves."""
    port = scenario.ports["port"]
    post = port.posts["post"]
    axis = Axis.of(scenario)
    feasts = set(scenario.calendars["feasts"].holidays)
    hours = {day: getattr(post.hours, day) for day in DAYS}

    def day_opens(day: date) -> bool:
        special = any(s.from_ <= day <= s.until for s in port.season.special_openings.values())
        if port.season.closed and not special:
            (m1, d1), (m2, d2) = port.season.closed
            first, last, here = m1 * 100 + d1, m2 * 100 + d2, day.month * 100 + day.day
            inside = first <= here <= last if first <= last else not last < here < first
            if inside:
                return False
        return day not in shut and (day not in feasts or day in post.working_days)

    def is_open(now: datetime) -> bool:
        minute = now.hour * 60 + now.minute
        for back in (0, 1):
            day = now.date() - timedelta(back)
            at = minute + back * 1440
            if any(a <= at < b for a, b in hours[DAYS[day.weekday()]]) and day_opens(day):
                return True
        return False

    clock = zone(post.clock)
    edges, before = [], False
    for t in range(0, axis.horizon, grain * MINUTE):
        now = is_open((axis.start + timedelta(milliseconds=t)).astimezone(clock))
        if now != before:
            edges.append(t)
        before = now
    edges += [axis.horizon] * before
    return list(zip(edges[::2], edges[1::2], strict=True))


@pytest.mark.parametrize(("grain", "seeds"), [(15, range(300)), (1, range(1000, 1030))])
def test_openings_are_those_of_the_clock_on_the_wall(grain: int, seeds: range) -> None:
    opened = 0
    for seed in seeds:
        scenario, shut = drawn(seed, grain)
        port = scenario.ports["port"]
        found = open_intervals(scenario, port, port.posts["post"], Axis.of(scenario), shut=shut)
        assert [tuple(row) for row in found.tolist()] == on_the_wall(scenario, shut, grain), seed
        opened += len(found)
    assert opened > 3 * len(seeds)


# -- by hand -------------------------------------------------------------------------------------


def opened(
    clock: str, hours: object, first: str, last: str, axis: str = "UTC"
) -> list[list[float]]:
    """Open intervals of a plain post, in hours since the start of the run."""
    desk = {"desk": {"lanes": 1, "service": "1 min"}}
    post = {"clock": clock, "hours": hours, "closing_rule": "finish", "stations": desk}
    scenario = Scenario.model_validate({
        "title": "T",
        "period": {"from": first, "until": last, "clock": axis},
        "ports": {"port": {"title": "P", "posts": {"post": post}}},
    })  # fmt: skip
    port = scenario.ports["port"]
    rows = open_intervals(scenario, port, port.posts["post"], Axis.of(scenario))
    return (rows / HOUR).tolist()


def test_the_last_day_of_february_2024_lasts_25_hours_in_almaty() -> None:
    almaty, day = "Asia/Almaty", ("2024-02-29", "2024-03-01", "Asia/Almaty")
    assert opened(almaty, "always", *day) == [[0, 25]]
    # 22:00 to 24:00 on the wall: from 22:00 (+6) to 24:00 (+5), three hours.
    assert opened(almaty, {"daily": "22:00-24:00"}, *day) == [[22, 25]]
    # 23:30 comes twice; the first counts (PEP 495, fold 0).
    assert opened(almaty, {"daily": "23:00-23:30"}, *day) == [[23, 23.5]]


def test_a_skipped_time_is_read_with_the_old_offset() -> None:
    # Warsaw, 31 March 2024: 02:00 (+1) is followed by 03:00 (+2). 02:30 (+1) is 01:30 UTC.
    warsaw, day = "Europe/Warsaw", ("2024-03-31", "2024-04-01", "Europe/Warsaw")
    assert opened(warsaw, "always", *day) == [[0, 23]]
    assert opened(warsaw, {"daily": "02:30-06:00"}, *day) == [[2.5, 5]]
    assert opened(warsaw, {"daily": "02:30-03:10"}, *day) == []


def test_nur_zholy_moves_by_an_hour_of_beijing_time() -> None:
    """08:30-12:00 and 13:00-17:00 in Almaty are 10:30-14:00 and 15:00-19:00 in Beijing at UTC+6,
    11:30-15:00 and 16:00-20:00 at UTC+5. Khorgos keeps 10:30-14:00 and 15:00-19:00.
    """
    scenario = shipped("khorgos_fixed_hours")
    axis = Axis.of(scenario)
    port = scenario.ports["khorgos"]
    both = [open_intervals(scenario, port, post, axis) for post in port.posts.values()]
    joint = reduce(lanes.intersect, both)

    def on(day: date, rows: np.ndarray) -> list[list[float]]:
        midnight = axis.at(day)
        inside = rows[(rows[:, 0] >= midnight) & (rows[:, 0] < midnight + 24 * HOUR)]
        return ((inside - midnight) / HOUR).tolist()

    before, after = date(2024, 2, 29), date(2024, 3, 1)
    assert on(before, both[0]) == on(after, both[0]) == [[10.5, 14], [15, 19]]
    assert on(before, both[1]) == [[10.5, 14], [15, 19]]
    assert on(after, both[1]) == [[11.5, 15], [16, 20]]
    assert on(before, joint) == [[10.5, 14], [15, 19]]  # 7.5 h
    assert on(after, joint) == [[11.5, 14], [16, 19]]  # 5.5 h
    # 19 February to 31 March; all holidays in it are Kazakh: 8, 21, 22, 25 March.
    hours = (joint[:, 1] - joint[:, 0]).sum() / HOUR
    assert hours == 11 * 7.5 + (31 - 4) * 5.5


def test_a_leap_day_is_a_day() -> None:
    morning = {"daily": "08:00-09:00"}
    assert opened("UTC", morning, "2024-02-28", "2024-03-02") == [[8, 9], [32, 33], [56, 57]]
    assert opened("UTC", morning, "2023-02-28", "2023-03-02") == [[8, 9], [32, 33]]


def test_a_window_over_midnight_belongs_to_the_day_it_begins() -> None:
    # 1 March 2024 is a Friday. What began on Thursday night still runs; Sunday opens nothing.
    rows = opened("UTC", {"weekdays": "22:00-06:00"}, "2024-03-01", "2024-03-05")
    assert rows == [[0, 6], [22, 30], [94, 96]]


def test_two_clocks_over_one_port() -> None:
    day = ("2024-03-01", "2024-03-02", "Asia/Shanghai")
    # 09:00-17:00 in Karachi (UTC+5) on an axis of Shanghai (UTC+8): 12:00 to 20:00.
    assert opened("Asia/Karachi", {"daily": "09:00-17:00"}, *day) == [[12, 20]]
    # Its late evening belongs to the next day of Shanghai: 22:00 is 01:00.
    assert opened("Asia/Karachi", {"daily": "20:00-23:00"}, *day) == [[0, 2], [23, 24]]

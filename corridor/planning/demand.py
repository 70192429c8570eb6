"""From asking to running: who comes, when, and what becomes of goods that meet a closed season."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import IntEnum
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from corridor.planning.draws import Floats, Streams, lognormal, poisson_count
from corridor.planning.openings import Axis, closed_stretches, holidays_of, zone
from corridor.scenarios.event import Event
from corridor.scenarios.flow import Flow
from corridor.scenarios.scenario import Scenario

__all__ = ["Fate", "Units", "expected", "units_of"]

HOUR = 3_600_000
Int64 = npt.NDArray[np.int64]


class Fate(IntEnum):
    """What becomes of a unit of potential demand."""

    COMES = 0
    LOST = 1
    """Meets a closed season and goes another way, or is not shipped at all."""
    ABSENT = 2
    """No part of this run: brought forward to before its start, or removed by a demand event."""


@dataclass(frozen=True, eq=False)
class Units:
    """The units of one flow, (n,) each.

    Parameters
    ----------
    entry : int64
        When the unit first counts, ms: when it is ready, or when it comes if it is brought forward.
    start : int64
        When it comes to the port's first post, ms; the horizon or later if it still waits then.
    fate : int8
        A `Fate`.
    payload_kg : int64
    """

    entry: Int64
    start: Int64
    fate: npt.NDArray[np.int8]
    payload_kg: Int64


@lru_cache(maxsize=32)
def _calendar(start: datetime, hours: int, clock: str) -> tuple[Int64, Int64, Int64]:
    """Local month (0-11), weekday (0-6) and hour of day of each hour after `start`, (hours,)."""
    tz = zone(clock)
    local = [(start + timedelta(hours=h)).astimezone(tz) for h in range(hours)]
    parts = [(t.month - 1, t.weekday(), t.hour) for t in local]
    table = np.array(parts, dtype=np.int64).reshape(-1, 3)
    return table[:, 0], table[:, 1], table[:, 2]


def _profile(flow: Flow, axis: Axis, away: frozenset[date]) -> tuple[Floats, Floats]:
    """Expected vehicles of each hour (n,), and the same with every month weighing 1."""
    hours = -(-axis.horizon // HOUR)
    if flow.arrivals is not None:
        flat = np.full(hours, flow.arrivals.poisson.value)
        return flat, flat
    month, weekday, hour = _calendar(axis.start.astimezone(UTC), hours, flow.clock)
    months = np.array(flow.month_weights())
    days = np.array(flow.day_weights())
    clock = np.array(flow.hour_weights())
    assert flow.volume is not None
    amount = flow.volume.vehicles or flow.volume.tonnes
    assert amount is not None
    vehicles = amount.value
    if flow.volume.tonnes and flow.payload:
        vehicles *= 1000 / flow.payload.value
    per_day = vehicles / 30.4375 if flow.volume.per == "month" else vehicles / 365.25 / months.mean()
    shape = days[weekday] / days.mean() * clock[hour] / clock.sum()
    for day in away:
        a, b = (axis.at(day + timedelta(i), 0, flow.clock) // HOUR for i in (0, 1))
        shape[max(a, 0) : max(b, 0)] = 0.0
    return per_day * months[month] * shape, per_day * shape


def expected(flow: Flow, axis: Axis) -> float:
    """Expected vehicles of a flow within the run, before holidays and any closed season."""
    return float(_profile(flow, axis, frozenset())[0].sum())


def _away(scenario: Scenario, flow: Flow) -> frozenset[date]:
    """Days on which the flow stays away: holidays of the first post that it keeps."""
    if flow.on_holidays == "come":
        return frozenset()
    post = next(iter(scenario.ports[flow.port].posts.values()))
    return holidays_of(scenario, post) - frozenset(post.working_days)


def units_of(scenario: Scenario, name: str, axis: Axis, streams: Streams) -> Units:
    """Draw the units of a flow.

    The arrivals are a Poisson process whose rate varies by hour: a Poisson count, then times by
    inversion of the cumulative rate (safe for common random numbers, as thinning is not).
    """
    flow = scenario.flows[name]
    port = scenario.ports[flow.port]
    rate, flat = _profile(flow, axis, _away(scenario, flow))
    ready, absent = _drawn(name, rate, scenario.events, axis, streams)
    n = len(ready)
    fate = np.where(absent, Fate.ABSENT, Fate.COMES).astype(np.int8)
    entry, start = ready.copy(), ready.copy()
    if flow.closed_season is not None:
        stretches = closed_stretches(port, flow.class_, axis, flow.closed_season.after.value)
        choice = streams.uniform(f"{name}/closed_season/choice", n)
        place = streams.uniform(f"{name}/closed_season/place", n)
        _shift(flow, flat, stretches, axis, choice, place, entry, start, fate)
    kg = flow.payload.value if flow.payload else 0.0
    spread = flow.payload_cv.value if flow.payload_cv else 0.0
    load = lognormal(kg, spread, streams.uniform(f"{name}/payload", n)) if kg else np.zeros(n)
    return Units(entry, start, fate, np.rint(load).astype(np.int64))


def _drawn(
    name: str, rate: Floats, events: dict[str, Event], axis: Axis, streams: Streams
) -> tuple[Int64, npt.NDArray[np.bool_]]:
    """Ready times (n,) ms, and which units a demand event takes away."""
    ready = _inverted(rate, axis, streams, name)
    absent = np.zeros(len(ready), dtype=bool)
    for key, event in events.items():
        change = event.demand
        if change is None or name not in change.flows:
            continue
        a, b = axis.at(change.from_), axis.at(change.until + timedelta(1))
        if change.factor.value < 1:
            stays = streams.uniform(f"{name}/demand/{key}", len(ready)) < change.factor.value
            absent |= (ready >= a) & (ready < b) & ~stays
        else:
            hours = np.arange(len(rate)) * HOUR
            more = rate * (change.factor.value - 1) * ((hours >= a) & (hours < b))
            extra = _inverted(more, axis, streams, f"{name}/demand/{key}")
            ready = np.concatenate([ready, extra])
            absent = np.concatenate([absent, np.zeros(len(extra), dtype=bool)])
    return ready, absent


def _inverted(rate: Floats, axis: Axis, streams: Streams, name: str) -> Int64:
    """Times of a Poisson process of hourly `rate`, (n,) ms, in unit order (not sorted)."""
    cumulative = np.concatenate([[0.0], np.cumsum(rate)])
    n = poisson_count(cumulative[-1], float(streams.uniform(f"{name}/count", 1)[0]))
    return _place(cumulative, streams.uniform(f"{name}/time", n), 0, axis.horizon)


def _place(cumulative: Floats, u: Floats, a: int, b: int) -> Int64:
    """Times within [a, b) ms at shares `u` of the cumulative profile between them."""
    grid = np.arange(len(cumulative)) * HOUR
    low, high = np.interp([a, b], grid, cumulative)
    times = np.interp(low + u * (high - low), cumulative, grid)
    return np.clip(np.floor(times).astype(np.int64), a, b - 1)


def _shift(
    flow: Flow,
    flat: Floats,
    stretches: Int64,
    axis: Axis,
    choice: Floats,
    place: Floats,
    entry: Int64,
    start: Int64,
    fate: npt.NDArray[np.int8],
) -> None:
    """Send units that are ready in a closed stretch forward, back, or away; writes in place."""
    season = flow.closed_season
    assert season is not None
    hours = np.arange(len(flat)) * HOUR
    shut = np.zeros(len(flat), dtype=bool)
    for a, b in stretches:
        shut |= (hours >= a) & (hours < b)
    cumulative = np.concatenate([[0.0], np.cumsum(np.where(shut, 0.0, flat))])
    for i, (a, b) in enumerate(stretches):
        inside = (entry >= a) & (entry < b) & (fate == Fate.COMES)
        lost = inside & (choice >= season.rush.value + season.wait.value)
        fate[lost] = Fate.LOST
        rush = inside & (choice < season.rush.value)
        if a <= 0:
            fate[rush] = Fate.ABSENT
        else:
            since = max(0, a - int(season.rush_window.value * 60_000), stretches[i - 1, 1] if i else 0)
            start[rush] = _place(cumulative, place[rush], since, a)
            entry[rush] = start[rush]
        wait = inside & ~lost & ~rush
        until = min(b + int(season.wait_window.value * 60_000), axis.horizon)
        if i + 1 < len(stretches):
            until = min(until, stretches[i + 1, 0])
        start[wait] = _place(cumulative, place[wait], b, until) if b < until else axis.horizon

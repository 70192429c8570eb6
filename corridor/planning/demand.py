"""From asking to running: who comes, when, and what becomes of goods that meet a closed season."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, timedelta
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from corridor.planning.clock import calendar
from corridor.planning.draws import MINUTE, Floats, Streams, lognormal, poisson_count
from corridor.planning.memory import remembered
from corridor.planning.openings import Axis, closed_stretches, holidays_of
from corridor.scenarios.event import Demand, Event
from corridor.scenarios.flow import ClosedSeason, Flow
from corridor.scenarios.port import Port
from corridor.scenarios.scenario import Scenario

__all__ = ["Fate", "Units", "added", "expected", "units_of"]

HOUR = 3_600_000
_MONTH_DAYS = np.array([31, 28.25, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
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


@remembered
def _profile(flow: Flow, axis: Axis, away: frozenset[date]) -> tuple[Floats, Floats]:
    """Expected arrivals of each hour (n,), and the same with every month weighing 1."""
    hours = -(-axis.horizon // HOUR)
    if flow.arrivals is not None:
        flat = np.full(hours, flow.arrivals.poisson.value)
        return flat, flat
    month, weekday, hour = calendar(axis.start.astimezone(UTC), hours, flow.clock)
    months = np.array(flow.month_weights())
    days = np.array(flow.day_weights())
    clock = np.array(flow.hour_weights())
    assert flow.volume is not None
    amount = flow.volume.vehicles or flow.volume.tonnes
    assert amount is not None
    vehicles = amount.value
    if flow.volume.tonnes and flow.payload:
        vehicles *= 1000 / flow.payload.value
    year = float(months @ _MONTH_DAYS)  # days of a year, each by the weight of its month
    per_day = vehicles / 30.4375 if flow.volume.per == "month" else vehicles / year
    shape = days[weekday] / days.mean() * clock[hour] / clock.sum()
    for day in away:
        a, b = (axis.at(day + timedelta(i), 0, flow.clock) // HOUR for i in (0, 1))
        shape[max(a, 0) : max(b, 0)] = 0.0
    return per_day * months[month] * shape, per_day * shape


def expected(flow: Flow, axis: Axis) -> float:
    """Expected vehicles of a flow within the run, before holidays, events and any closed season."""
    return float(_profile(flow, axis, frozenset())[0].sum()) * _batch(flow)


def added(flow: Flow, change: Demand, axis: Axis) -> float:
    """Expected vehicles that a change of demand adds to those of a flow; 0 if it takes away."""
    return float(_extra(_profile(flow, axis, frozenset())[0], change, axis).sum()) * _batch(flow)


def _batch(flow: Flow) -> int:
    """How many vehicles come at each arrival."""
    return int(flow.arrivals.batch.value) if flow.arrivals and flow.arrivals.batch else 1


@remembered
def _away(scenario: Scenario, flow: Flow) -> frozenset[date]:
    """Days on which the flow stays away: holidays of the first post that it keeps."""
    if flow.on_holidays == "come":
        return frozenset()
    post = next(iter(scenario.ports[flow.port].posts.values()))
    return holidays_of(scenario, post) - frozenset(post.working_days)


def units_of(scenario: Scenario, name: str, axis: Axis, streams: Streams) -> Units:
    """Draw the units of a flow.

    The arrivals are a Poisson process whose rate varies by hour: a Poisson count, then times by
    inversion of the cumulative rate (safe for common random numbers, as thinning is not). All else
    is drawn by the number of a unit, so what events add comes last: it moves nobody's draws.
    """
    flow = scenario.flows[name]
    away = _away(scenario, flow)
    rate, _ = _profile(flow, axis, away)
    ready, season = _inverted(rate, axis, streams, name), None
    if flow.closed_season is not None:
        season = _season(flow, scenario.ports[flow.port], axis, away)
        if season.later.any():
            later = _inverted(season.later, season.axis, streams, f"{name}/later")
            ready = np.append(ready, later)
    ready, absent = _changed(name, ready, rate, scenario.events, axis, streams)
    fate = np.where(absent, Fate.ABSENT, Fate.COMES).astype(np.int8)
    entry, start = ready.copy(), ready.copy()
    if season is not None:
        choice = streams.uniform(f"{name}/closed_season/choice", len(entry))
        place = streams.uniform(f"{name}/closed_season/place", len(entry))
        _shift(season, choice, place, entry, start, fate)
        fate[entry >= axis.horizon] = Fate.ABSENT
    batch = _batch(flow)
    if batch > 1:  # a convoy keeps together, and is numbered vehicle by vehicle
        entry, start = np.repeat(entry, batch), np.repeat(start, batch)
        fate = np.repeat(fate, batch)
    kg = flow.payload.value if flow.payload else 0.0
    spread = flow.payload_cv.value if flow.payload_cv else 0.0
    n = len(entry)
    load = lognormal(kg, spread, streams.uniform(f"{name}/payload", n)) if kg else np.zeros(n)
    return Units(entry, start, fate, np.rint(load, out=load).astype(np.int64))


def _changed(
    name: str, ready: Int64, rate: Floats, events: dict[str, Event], axis: Axis, streams: Streams
) -> tuple[Int64, npt.NDArray[np.bool_]]:
    """Ready times (n,) ms with those that demand events add, and which units they take away."""
    absent = np.zeros(len(ready), dtype=bool)
    for key, event in events.items():
        change = event.demand
        if change is None or name not in change.flows:
            continue
        if change.factor.value < 1:
            a, b = _span(change, axis)
            stays = streams.uniform(f"{name}/demand/{key}", len(ready)) < change.factor.value
            absent |= (ready >= a) & (ready < b) & ~stays
        else:
            more = _extra(rate, change, axis)
            extra = _inverted(more, axis, streams, f"{name}/demand/{key}")
            ready = np.append(ready, extra)
            absent = np.append(absent, np.zeros(len(extra), dtype=bool))
    return ready, absent


def _span(change: Demand, axis: Axis) -> tuple[int, int]:
    """From when to when demand is changed, ms; no longer than the run."""
    return axis.at(change.from_), min(axis.at(change.until + timedelta(1)), axis.horizon)


def _extra(rate: Floats, change: Demand, axis: Axis) -> Floats:
    """What a change of demand adds to the `rate` of each hour, (hours,)."""
    a, b = _span(change, axis)
    hours = np.arange(len(rate)) * HOUR
    return rate * max(change.factor.value - 1, 0) * ((hours >= a) & (hours < b))


def _inverted(rate: Floats, axis: Axis, streams: Streams, name: str) -> Int64:
    """Times of a Poisson process of hourly `rate`, (n,) ms, in unit order (not sorted)."""
    cumulative = np.concatenate([[0.0], np.cumsum(rate)])
    n = poisson_count(cumulative[-1], float(streams.uniform(f"{name}/count", 1)[0]))
    return _place(cumulative, streams.uniform(f"{name}/time", n), 0, axis.horizon)


def _place(cumulative: Floats, u: Floats, a: int, b: int) -> Int64:
    """Times within [a, b) ms at shares `u` of the cumulative profile between them."""
    grid = np.arange(len(cumulative)) * HOUR
    low, high = np.interp([a, b], grid, cumulative)
    times = _inverse(cumulative, grid.astype(np.float64), low + u * (high - low))
    whole = np.floor(times, out=times).astype(np.int64)
    return np.clip(whole, a, b - 1, out=whole)


def _inverse(rising: Floats, grid: Floats, x: Floats) -> Floats:
    """``np.interp(x, rising, grid)`` to the last bit, several times as fast for a long `x`.

    There a binary search jumps about for each of them. Here a table of equal buckets says at which
    piece to begin, and few are further on.
    """
    use = np.flatnonzero(np.diff(rising) > 0)  # pieces of no width hold no x
    if not len(use):
        return np.interp(x, rising, grid)
    slope = (grid[use + 1] - grid[use]) / (rising[use + 1] - rising[use])
    begin, end = rising[use], rising[use + 1]
    buckets = 4 * len(use)
    scale = buckets / (end[-1] - begin[0])
    edges = begin[0] + (np.arange(buckets + 1) - 1) / scale  # one early: rounding is on no side
    first = np.maximum(np.searchsorted(begin, edges, side="right") - 1, 0)
    near = ((x - begin[0]) * scale).astype(np.int64)
    piece = first.take(near, mode="clip")
    late = np.arange(len(x))
    while len(late):
        late = late[(end.take(piece.take(late)) <= x.take(late)) & (piece[late] < len(use) - 1)]
        piece[late] += 1
    y: Floats = slope.take(piece) * (x - begin.take(piece)) + grid[use].take(piece)
    y[x >= end[-1]] = grid[-1]
    return y


@dataclass(frozen=True, eq=False)
class _Season:
    """What a flow does about its closed seasons.

    Parameters
    ----------
    rule : ClosedSeason
    axis : Axis
        The run's, made as long as its last closed season and the weeks of waiting after it.
    stretches : int64 (k, 2)
        The closed seasons that the run or its last rush touches, ms.
    cumulative : (hours + 1,)
        Profile of the open hours, every month weighing 1, summed up.
    later : (hours,)
        Rate of units that become ready after the run, in a season whose rush lies in it.
    """

    rule: ClosedSeason
    axis: Axis
    stretches: Int64
    cumulative: Floats
    later: Floats


@remembered
def _season(flow: Flow, port: Port, axis: Axis, away: frozenset[date]) -> _Season:
    rule = flow.closed_season
    assert rule is not None
    rush, wait = (int(w.value * MINUTE) for w in (rule.rush_window, rule.wait_window))
    seen = replace(axis, horizon=axis.horizon + rush)
    stretches = closed_stretches(port, flow.class_, seen, rule.after.value)
    end = int(np.max(stretches[:, 1] + wait, initial=axis.horizon))
    far = replace(axis, horizon=-(-end // HOUR) * HOUR)
    rate, flat = _profile(flow, far, away)
    hours = np.arange(len(flat)) * HOUR
    shut = np.zeros(len(flat), dtype=bool)
    for a, b in stretches:
        shut |= (hours >= a) & (hours < b)
    cumulative = np.concatenate([[0.0], np.cumsum(np.where(shut, 0.0, flat))])
    return _Season(
        rule, far, stretches, cumulative, np.where(shut & (hours >= axis.horizon), rate, 0.0)
    )


def _shift(
    season: _Season,
    choice: Floats,
    place: Floats,
    entry: Int64,
    start: Int64,
    fate: npt.NDArray[np.int8],
) -> None:
    """Send units that are ready in a closed stretch forward, back, or away; writes in place."""
    rule, stretches, cumulative = season.rule, season.stretches, season.cumulative
    for i, (a, b) in enumerate(stretches):
        inside = (entry >= a) & (entry < b) & (fate == Fate.COMES)
        lost = inside & (choice >= rule.rush.value + rule.wait.value)
        fate[lost] = Fate.LOST
        rush = inside & (choice < rule.rush.value)
        wait = inside & ~lost & ~rush
        since = a - int(rule.rush_window.value * MINUTE)
        since = max(since, stretches[i - 1, 1]) if i else since
        before = max(0, -since) / max(a - since, 1) if a > 0 else 1.0
        fate[rush & (place < before)] = Fate.ABSENT  # came before the run began
        rush &= place >= before
        if rush.any():
            share = (place[rush] - before) / (1 - before)
            start[rush] = entry[rush] = _place(cumulative, share, max(since, 0), a)
        until = b + int(rule.wait_window.value * MINUTE)
        if i + 1 < len(stretches):
            until = min(until, stretches[i + 1, 0])
        start[wait] = _place(cumulative, place[wait], b, max(until, b + 1))

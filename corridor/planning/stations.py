"""From asking to running: stations, stocks and platforms of every port, and when they are open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from corridor.engine import ClosingRule, lanes
from corridor.planning.draws import Streams
from corridor.planning.itinerary import season_gate
from corridor.planning.openings import (
    Axis,
    Intervals,
    closed_stretches,
    closures,
    drawn_days,
    open_intervals,
    spells,
)
from corridor.planning.trains import departures
from corridor.scenarios.port import UNLIMITED, Train
from corridor.scenarios.scenario import Scenario

__all__ = ["Stations", "stations_of"]

Int64 = npt.NDArray[np.int64]
Outages = tuple[Intervals, int]
"""Spells, (k, 2) ms, that may overlap, and how many lanes each of them takes."""

_RULES = {
    "finish": ClosingRule.FINISH,
    "hold": ClosingRule.HOLD,
    "recall": ClosingRule.RECALL,
    None: ClosingRule.FINISH,  # nothing ever closes such a station: a Scenario has made sure
}


@dataclass
class Stations:
    """Stations, stocks and platforms under construction, in index order.

    Lanes with a line each are as many stations of one lane that bear one name.
    """

    names: list[str] = field(default_factory=list)
    steps: list[tuple[Int64, Int64]] = field(default_factory=list)
    rules: list[int] = field(default_factory=list)
    stocks: list[str] = field(default_factory=list)
    levels: list[int] = field(default_factory=list)
    platforms: list[str] = field(default_factory=list)
    trains: list[Train] = field(default_factory=list)
    departures: list[Int64] = field(default_factory=list)
    openings: dict[str, Intervals] = field(default_factory=dict)
    incidents: list[tuple[str, str, int, int]] = field(default_factory=list)

    def add(
        self,
        name: str,
        intervals: Intervals,
        count: int,
        rule: int,
        horizon: int,
        outages: Sequence[Outages] = (),
    ) -> None:
        """A station of `count` lanes: within `intervals` all but those that are out, else none."""
        step = lanes.from_intervals(intervals, count, horizon)
        for rows, each in outages:
            step = lanes.combine(_less, step, _missing(rows, each, horizon))
        self.names.append(name)
        self.steps.append(step)
        self.rules.append(rule)
        self.openings[name] = lanes.open_intervals(*step, horizon) if outages else intervals


def stations_of(scenario: Scenario, axis: Axis, streams: Streams) -> Stations:
    """Stations with their lanes over time, stocks, trains, and the closures that were drawn."""
    made = Stations()
    for port_name, port in scenario.ports.items():
        shut = drawn_days(scenario, port_name, axis, streams)
        for post_name, post in port.posts.items():
            place = f"{port_name}/{post_name}"
            made.openings[place] = open_intervals(scenario, port, post, axis, shut=shut)
            closed = _closed(scenario, port_name, post_name, axis, streams, made)
            outages = _outages(scenario, port_name, post_name, axis, streams)
            for name, station in post.stations.items():
                hours = made.openings[place]
                if station.hours is not None:
                    hours = open_intervals(scenario, port, post, axis, station.hours, shut)
                hours = lanes.subtract(hours, closed.get(name, ()))
                rule = _RULES[post.rule_of(name)]
                apart = int(station.lanes.value) if station.lines == "each" else 1
                for _ in range(apart):
                    lanes_here = int(station.lanes.value) // apart
                    out = outages.get(name, ())
                    made.add(f"{place}/{name}", hours, lanes_here, rule, axis.horizon, out)
                if station.room is not None:
                    made.stocks.append(f"{place}/{name}/room")
                    made.levels.append(int(station.room.value))
            for name, stock in post.stocks.items():
                made.stocks.append(f"{place}/{name}")
                made.levels.append(int(stock.amount.value))
            for name, train in post.trains.items():
                made.platforms.append(f"{place}/{name}")
                made.trains.append(train)
                made.departures.append(departures(scenario, port, post, train, axis, shut))
        for class_ in port.season.by_class:
            days = closed_stretches(port, class_, axis, 0)
            free = lanes.subtract(np.array([[0, axis.horizon]]), np.clip(days, 0, axis.horizon))
            made.add(season_gate(port_name, class_), free, UNLIMITED, 0, axis.horizon)
    return made


def _closed(
    scenario: Scenario, port: str, name: str, axis: Axis, streams: Streams, made: Stations
) -> dict[str, Intervals]:
    """What events close of each station of a post; notes them as incidents too."""
    post = scenario.ports[port].posts[name]
    closed: dict[str, Intervals] = {}
    for key, event in scenario.events.items():
        refs = [ref.split(".") for ref in event.at if event.port == port]
        stations = [station for at, station in refs if at == name]
        if not stations or event.lanes is not None:
            continue
        rows = closures(event, key, post, axis, streams)
        made.incidents += [(event.title, f"{port}/{name}", int(a), int(b)) for a, b in rows]
        for station in stations:
            closed[station] = lanes.union(closed.get(station, ()), rows)
    return closed


def _outages(
    scenario: Scenario, port: str, name: str, axis: Axis, streams: Streams
) -> dict[str, list[Outages]]:
    """What events take of the lanes of each station of a post: no closure, so no incident."""
    post = scenario.ports[port].posts[name]
    found: dict[str, list[Outages]] = {}
    for key, event in scenario.events.items():
        if event.port == port and event.lanes is not None:
            for station in {s for at, s in (ref.split(".") for ref in event.at) if at == name}:
                rows = spells(event, key, post, axis, streams)
                found.setdefault(station, []).append((rows, int(event.lanes.value)))
    return found


def _missing(rows: Intervals, each: int, horizon: int) -> tuple[Int64, Int64]:
    """How many lanes are out: `each` for every one of the `rows` that an instant lies in."""
    at = np.union1d([0], rows)
    change = np.zeros(len(at), dtype=np.int64)
    np.add.at(change, np.searchsorted(at, rows[:, 0]), each)
    np.subtract.at(change, np.searchsorted(at, rows[:, 1]), each)
    kept = at < horizon
    return at[kept], np.cumsum(change)[kept]


def _less(lanes_open: Int64, out: Int64) -> Int64:
    return np.asarray(np.maximum(lanes_open - out, 0), dtype=np.int64)

"""From asking to running: stations, stocks and platforms of every port, and when they are open."""

from __future__ import annotations

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
)
from corridor.planning.trains import departures
from corridor.scenarios.port import UNLIMITED, Train
from corridor.scenarios.scenario import Scenario

__all__ = ["Stations", "stations_of"]

Int64 = npt.NDArray[np.int64]
_RULES = {"finish": ClosingRule.FINISH, "hold": ClosingRule.HOLD, "recall": ClosingRule.RECALL}


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

    def add(self, name: str, intervals: Intervals, count: int, rule: int, horizon: int) -> None:
        """A station of `count` lanes, all open within `intervals` and none outside."""
        self.names.append(name)
        self.steps.append(lanes.from_intervals(intervals, count, horizon))
        self.rules.append(rule)
        self.openings[name] = intervals


def stations_of(scenario: Scenario, axis: Axis, streams: Streams) -> Stations:
    """Stations with their lanes over time, stocks, trains, and the closures that were drawn."""
    made = Stations()
    for port_name, port in scenario.ports.items():
        shut = drawn_days(scenario, port_name, axis, streams)
        for post_name, post in port.posts.items():
            place = f"{port_name}/{post_name}"
            made.openings[place] = open_intervals(scenario, port, post, axis, shut=shut)
            closed = _closed(scenario, port_name, post_name, axis, streams, made)
            for name, station in post.stations.items():
                hours = made.openings[place]
                if station.hours is not None:
                    hours = open_intervals(scenario, port, post, axis, station.hours, shut)
                hours = lanes.subtract(hours, closed.get(name, ()))
                rule = _RULES[station.closing_rule or post.closing_rule or "finish"]
                apart = int(station.lanes.value) if station.lines == "each" else 1
                for _ in range(apart):
                    lanes_here = int(station.lanes.value) // apart
                    made.add(f"{place}/{name}", hours, lanes_here, rule, axis.horizon)
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
        if not stations:
            continue
        spells = closures(event, key, post, axis, streams)
        made.incidents += [(event.title, f"{port}/{name}", int(a), int(b)) for a, b in spells]
        for station in stations:
            closed[station] = lanes.union(closed.get(station, ()), spells)
    return closed

"""The study room: whether a scenario can carry its load at all: demand, open hours, lanes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from corridor.planning import Axis, expected
from corridor.planning.demand import added
from corridor.planning.itinerary import paths_of
from corridor.planning.openings import open_intervals
from corridor.scenarios.document import Path_
from corridor.scenarios.flow import Flow
from corridor.scenarios.port import Port, Station
from corridor.scenarios.scenario import Scenario

__all__ = ["MOST_VEHICLES", "idle", "overloads"]

MOST_VEHICLES = 2_000_000
"""More in one run would take hours and gigabytes."""


def idle(scenario: Scenario) -> Iterator[tuple[Path_, str]]:
    """Why a run would say nothing, or never end: nobody comes, far too many, a port never open."""
    axis = Axis.of(scenario)
    vehicles = {name: expected(flow, axis) for name, flow in scenario.flows.items()}
    if sum(vehicles.values()) <= 0:
        yield ("flows",), "no vehicle would ever come: add a flow, or arrivals"
    else:
        yield from _too_many(scenario, vehicles, axis)
    for name, port in scenario.ports.items():
        if any(flow.port == name and vehicles[f] > 0 for f, flow in scenario.flows.items()):
            yield from _never_open(scenario, name, port, axis)


def _too_many(
    scenario: Scenario, vehicles: dict[str, float], axis: Axis
) -> Iterator[tuple[Path_, str]]:
    """More `vehicles` of the flows, and of the events that add to them, than a run can carry.

    Those that an event takes away are counted: they are planned all the same.
    """
    asked = {_demand(flow, name): vehicles[name] for name, flow in scenario.flows.items()}
    for key, event in scenario.events.items():
        if event.demand is not None:
            asked["events", key, "demand", "factor"] = sum(
                added(scenario.flows[name], event.demand, axis) for name in set(event.demand.flows)
            )
    total = sum(asked.values())
    if total > MOST_VEHICLES:
        most = max(asked, key=asked.__getitem__)
        remedy = (
            "shorten the event or check its factor"
            if most[0] == "events"
            else "shorten the period or check the volumes"
        )
        yield most, f"about {total:,.0f} vehicles in a run, more than {MOST_VEHICLES:,}: {remedy}"


def _demand(flow: Flow, name: str) -> Path_:
    if flow.arrivals is not None:
        return ("flows", name, "arrivals", "poisson")
    return ("flows", name, "volume")


def _never_open(
    scenario: Scenario, name: str, port: Port, axis: Axis
) -> Iterator[tuple[Path_, str]]:
    """Posts and stations of a port that has demand, without one open hour in the run."""
    end = scenario.period.end
    for q, post in port.posts.items():
        own = {s: t.hours for s, t in post.stations.items() if t.hours is not None}
        here: Path_ = ("ports", name, "posts", q)
        ways: list[tuple[Path_, Station | None]] = [
            ((*here, "stations", s, "hours"), post.stations[s]) for s in own
        ]
        if len(own) < len(post.stations):
            ways.append(((*here, "hours"), None))
        for path, station in ways:
            hours = station.hours if station is not None else post.hours
            if not len(open_intervals(scenario, port, post, axis, hours)):
                yield (
                    path,
                    f"never open from {scenario.period.from_} to {end} while vehicles come:"
                    " check hours, season, holidays and period",
                )


def overloads(scenario: Scenario) -> list[str]:
    """Stations that get as much work as their open lanes can do, or more.

    Offered load: expected vehicles times mean service time, over lanes times open hours of the
    whole run. From 1 on a queue has no steady state, unless its line turns away: the mean wait
    depends on the horizon. What an event adds or takes is not counted, and what falls idle before
    the rush and after it is not seen here, so a load below 1 proves nothing.
    """
    axis = Axis.of(scenario)
    work: dict[str, float] = defaultdict(float)
    for flow in scenario.flows.values():
        vehicles = expected(flow, axis)
        port = scenario.ports[flow.port]
        for path in paths_of(flow.port, port, flow):
            share = 1.0
            for place, channel in path.channels:
                share *= port.posts[place.split("/")[1]].channels[channel].value
            for atom in path.atoms:
                work[atom.where] += vehicles * share * (atom.chance.mean_min if atom.chance else 0)
    found = []
    for p, port in scenario.ports.items():
        for q, post in port.posts.items():
            for s, station in post.stations.items():
                rows = open_intervals(scenario, port, post, axis, station.hours)
                minutes = float((rows[:, 1] - rows[:, 0]).sum()) / 60_000
                load = work[f"{p}/{q}/{s}"] / (station.lanes.value * minutes) if minutes else 0.0
                if load >= 1:
                    found.append(
                        f"{p}.{q}.{s} gets {load:.2f} times the work that its lanes can do in"
                        f" their open hours: {_outcome(station, load)}"
                    )
    return found


def _outcome(station: Station, load: float) -> str:
    """What comes of more work than lanes can do."""
    if station.turns_away:
        return f"at least {1 - 1 / load:.0%} of those who come leave the line unserved"
    return "waits grow without bound, and their mean depends on the length of the run"

"""What it means: how much passes, how much waits, how much is lost, how busy the posts are."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from corridor.engine import ClosingRule, lanes
from corridor.metrics.base import HOUR_MS, Bools, Found, Int64, View, metric, once
from corridor.metrics.passes import passes
from corridor.metrics.peaks import peaks
from corridor.results.hours import lasted
from corridor.results.visits import Visits, givings_up

__all__: list[str] = []


@metric("vehicles", "vehicles", "Vehicles that passed")
def vehicles(view: View) -> Iterator[Found]:
    """Passes in the measured part, by gate-out."""
    for place, found in passes(view).items():
        yield from _labelled(view, place, found.vehicles.sum(axis=1))


@metric("tonnes", "t", "Cargo that passed")
def tonnes(view: View) -> Iterator[Found]:
    """Tonnes in the measured part, by gate-out."""
    for place, found in passes(view).items():
        yield from _labelled(view, place, found.kg.sum(axis=1), 1000)


def _labelled(view: View, place: str, by_flow: Int64, per: int = 1) -> Iterator[Found]:
    counts = by_flow.tolist()
    for label, flows in view.groups.items():
        if not place.startswith("link/") or label == "all" or label.startswith("all "):
            yield place, label, sum(counts[flow] for flow in flows) / per


@metric("teu", "TEU", "Containers that passed")
def teu(view: View) -> Iterator[Found]:
    """TEU that left each port in the measured part."""
    each = [flow.teu for flow in view.ledger.manifest.flows]
    for port in view.scenario.ports:
        count = passes(view)[port].vehicles.sum(axis=1)
        yield port, "all", float(sum(n * teu for n, teu in zip(count.tolist(), each, strict=True)))


@once
def tallies(view: View) -> dict[str, tuple[list[int], list[int]]]:
    """Vehicles and kilograms by flow: demand, lost, start, unserved, turned away."""
    m, ledger = view.ledger.manifest, view.ledger
    since, horizon = m.axis.measured, m.axis.horizon
    ready = (m.entry >= since) & (m.entry < horizon)
    who = {
        "demand": ready & (ledger.came | ledger.lost),
        "lost": ready & ledger.lost,
        "start": ledger.backlog(since),
        "unserved": ledger.backlog(horizon),
        "turned_away": ledger.turned_away >= since,
    }
    flows = [view.units_of(flow) for flow in range(len(m.flows))]
    return {
        name: (
            [int(np.count_nonzero(some[units])) for units in flows],
            [int(m.payload_kg[units] @ some[units]) for units in flows],
        )
        for name, some in who.items()
    }


def _vehicles(view: View, what: str) -> Iterator[Found]:
    for port, label, flows in _classes(view):
        yield port, label, float(sum(tallies(view)[what][0][flow] for flow in flows))


def _tonnes(view: View, what: str) -> Iterator[Found]:
    for port, label, flows in _classes(view):
        yield port, label, sum(tallies(view)[what][1][flow] for flow in flows) / 1000


def _classes(view: View) -> Iterator[tuple[str, str, list[int]]]:
    """(port, class, flows) of each port."""
    for port in view.scenario.ports:
        here = view.flows_of(port)
        for label, flows in view.classes.items():
            yield port, label, [flow for flow in flows if flow in here]


@metric("demand_vehicles", "vehicles", "Vehicles that wished to pass")
def demand_vehicles(view: View) -> Iterator[Found]:
    """Units that became ready in the measured part, the lost ones included."""
    yield from _vehicles(view, "demand")


@metric("demand_tonnes", "t", "Cargo that wished to pass")
def demand_tonnes(view: View) -> Iterator[Found]:
    """Their tonnes."""
    yield from _tonnes(view, "demand")


@metric("lost_vehicles", "vehicles", "Vehicles lost to the closed season")
def lost_vehicles(view: View) -> Iterator[Found]:
    """Units that went another way or were not shipped because a season kept the port closed."""
    yield from _vehicles(view, "lost")


@metric("lost_tonnes", "t", "Cargo lost to the closed season")
def lost_tonnes(view: View) -> Iterator[Found]:
    """Their tonnes."""
    yield from _tonnes(view, "lost")


@metric("start_vehicles", "vehicles", "Vehicles waiting or inside at the start")
def start_vehicles(view: View) -> Iterator[Found]:
    """The start state of the measured part: ready or inside, and not yet out."""
    yield from _vehicles(view, "start")


@metric("start_tonnes", "t", "Cargo waiting or inside at the start")
def start_tonnes(view: View) -> Iterator[Found]:
    """Its tonnes."""
    yield from _tonnes(view, "start")


@metric("unserved_vehicles", "vehicles", "Vehicles unserved at the end")
def unserved_vehicles(view: View) -> Iterator[Found]:
    """Ready, waiting or inside when the run ends."""
    yield from _vehicles(view, "unserved")


@metric("unserved_tonnes", "t", "Cargo unserved at the end")
def unserved_tonnes(view: View) -> Iterator[Found]:
    """Its tonnes."""
    yield from _tonnes(view, "unserved")


def _can_be_left(view: View) -> set[str]:
    """Ports with a line that a unit may give up: elsewhere nobody turns away, nor is asked to."""
    m = view.ledger.manifest
    return {m.places[m.place[row]].split("/")[0] for row in givings_up(m.plan)}


@metric("turned_away_vehicles", "vehicles", "Vehicles that turned away from a line")
def turned_away_vehicles(view: View) -> Iterator[Found]:
    """Units that found a line too long or lost patience in it, in the measured part."""
    ports = _can_be_left(view)
    yield from (found for found in _vehicles(view, "turned_away") if found[0] in ports)


@metric("turned_away_tonnes", "t", "Cargo that turned away from a line")
def turned_away_tonnes(view: View) -> Iterator[Found]:
    """Their tonnes."""
    ports = _can_be_left(view)
    yield from (found for found in _tonnes(view, "turned_away") if found[0] in ports)


@metric("peak_queue", "vehicles", "Longest queue")
def peak_queue(view: View) -> Iterator[Found]:
    """Most vehicles at the posts in no service at once, in the measured part."""
    for place, most in peaks(view).items():
        yield place, "all", float(most)


@metric("open_hours", "h", "Hours open")
def open_hours(view: View) -> Iterator[Found]:
    """Opening hours of each post by its calendar, in the measured part."""
    m = view.ledger.manifest
    window = np.array([[m.axis.measured, m.axis.horizon]])
    for post in view.posts:
        spans = lanes.intersect(m.openings[post], window)
        yield post, "all", float((spans[:, 1] - spans[:, 0]).sum() / HOUR_MS)


@metric("joint_open_hours", "h", "Hours in which all posts are open at once")
def joint_open_hours(view: View) -> Iterator[Found]:
    """Intersection of the calendars of a port's posts, two national clocks and all."""
    m = view.ledger.manifest
    for port, model in view.scenario.ports.items():
        spans = np.array([[m.axis.measured, m.axis.horizon]])
        for post in model.posts:
            spans = lanes.intersect(spans, m.openings[f"{port}/{post}"])
        yield port, "all", float((spans[:, 1] - spans[:, 0]).sum() / HOUR_MS)


@metric("open_days", "days", "Days open")
def open_days(view: View) -> Iterator[Found]:
    """Days of the measured part, by the clock of the period, on which the post opens at all.

    Of a port: on which each of its posts does.
    """
    m = view.ledger.manifest
    days = np.unique(np.clip(m.axis.midnights(1), m.axis.measured, m.axis.horizon))
    opens: dict[str, Bools] = {}
    for post in view.posts:
        at, lanes_open = lanes.from_intervals(m.openings[post], 1, m.axis.horizon)
        opens[post] = lanes.open_time(at, lanes_open, days[:-1], days[1:]) > 0
        yield post, "all", float(opens[post].sum())
    for port, model in view.scenario.ports.items():
        each = [opens[f"{port}/{post}"] for post in model.posts]
        yield port, "all", float(np.logical_and.reduce(each).sum())


@metric("storm_hours", "h", "Hours closed by events")
def storm_hours(view: View) -> Iterator[Found]:
    """Hours of the measured part in which an event closes a post that its calendar opens."""
    m = view.ledger.manifest
    for post in view.posts:
        spells = np.array([[a, b] for _, p, a, b in m.incidents if p == post]).reshape(-1, 2)
        shut = lanes.intersect(lanes.union(spells), m.openings[post])
        shut = lanes.intersect(shut, [[m.axis.measured, m.axis.horizon]])
        yield post, "all", float((shut[:, 1] - shut[:, 0]).sum() / HOUR_MS)


@metric("utilisation", "share", "Utilisation of open lanes")
def utilisation(view: View) -> Iterator[Found]:
    """Lane-time at work over lane-time open, both within the measured part; overtime can pass 1.

    A lane that a unit keeps until it finds room is taken, and counts as at work. Work that a recall
    threw away counts where its service ends.
    """
    m, ledger = view.ledger.manifest, view.ledger
    horizon, since = m.axis.horizon, m.axis.measured
    servers = {
        f"{p}/{q}/{s}"
        for p, port in view.scenario.ports.items()
        for q, post in port.posts.items()
        for s, station in post.stations.items()
        if station.lanes.value < lanes.UNLIMITED
    }
    for name in dict.fromkeys(m.stations):
        if name not in servers:  # a gate
            continue
        open_ms = 0
        for i in (i for i, station in enumerate(m.stations) if station == name):
            changes = slice(m.plan.lane_first[i], m.plan.lane_first[i + 1])
            at, lanes_open = m.plan.lane_at[changes], m.plan.lane_open[changes]
            open_ms += int(lanes.lane_time(at, lanes_open, [since], [horizon])[0])
        here = m.places.index(name)
        busy = sum(_busy(view, visits) for visits in ledger.visits if visits.place == here)
        yield name, "all", busy / open_ms if open_ms else float("nan")


def _busy(view: View, visits: Visits) -> int:
    """Lane-time that the units of a row took in the measured part, ms."""
    m, ledger = view.ledger.manifest, view.ledger
    held = ledger.held.of(visits.row)
    busy = lasted(m.axis, visits.began, visits.free) - lasted(m.axis, held.begin, held.end)
    if int(m.plan.closing[m.plan.where[visits.row]]) == ClosingRule.RECALL:
        busy += _thrown_away(view, visits)
    return busy


def _thrown_away(view: View, visits: Visits) -> int:
    """Work that recalls threw away, of services that end in the measured part or not at all, ms."""
    m, journal = view.ledger.manifest, view.ledger.journal
    ended = np.where(visits.ended >= 0, visits.ended, m.axis.horizon)
    began = np.where(visits.began >= 0, visits.began, ended)
    worked = journal.worked[m.plan.cells(visits.row)]
    return int(((worked - (ended - began)) * (ended >= m.axis.measured)).sum())

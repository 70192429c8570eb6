"""What it means: how much passes, how much waits, how much is lost, how busy the posts are."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from corridor.engine import ClosingRule, Verb, lanes
from corridor.metrics.base import HOUR_MS, Bools, Found, View, metric

__all__ = ["links_of"]

Floats = npt.NDArray[np.float64]


def _passed(view: View, weight: Floats) -> Iterator[Found]:
    """Sum of `weight` over units that left each port and passed each post in the measured part."""
    ledger = view.ledger
    m, calls = ledger.manifest, ledger.calls
    for port in view.scenario.ports:
        through = ledger.left & view.of_port(port)
        for label, who in view.groups.items():
            yield port, label, float(weight[through & who].sum())
    for post in view.posts:
        mine = (calls.post == m.places.index(post)) & (calls.gate_out >= m.axis.measured)
        units = calls.unit[mine]
        for label, who in view.groups.items():
            yield post, label, float(weight[units][who[units]].sum())
    for link, flows in links_of(view).items():
        on_link = ledger.left & np.isin(m.flow, flows)
        for label, who in view.groups.items():
            if label == "all" or label.startswith("all "):
                yield f"link/{link}", label, float(weight[on_link & who].sum())


def links_of(view: View) -> dict[str, list[int]]:
    """Flows of each corridor link."""
    links: dict[str, list[int]] = {}
    for i, flow in enumerate(view.ledger.manifest.flows):
        for leg in view.corridors.get(flow.corridor, ()):
            links.setdefault(leg.link, []).append(i)
    return links


@metric("vehicles", "vehicles", "Vehicles that passed")
def vehicles(view: View) -> Iterator[Found]:
    """Passes in the measured part, by gate-out."""
    yield from _passed(view, np.ones(len(view.tonnes)))


@metric("tonnes", "t", "Cargo that passed")
def tonnes(view: View) -> Iterator[Found]:
    """Tonnes in the measured part, by gate-out."""
    yield from _passed(view, view.tonnes)


@metric("teu", "TEU", "Containers that passed")
def teu(view: View) -> Iterator[Found]:
    """TEU that left each port in the measured part."""
    m = view.ledger.manifest
    each = np.array([flow.teu for flow in m.flows])[m.flow] if m.flows else np.zeros(0)
    for port in view.scenario.ports:
        yield port, "all", float(each[view.ledger.left & view.of_port(port)].sum())


def _counted(view: View, who: Bools, weight: Floats) -> Iterator[Found]:
    for port in view.scenario.ports:
        here = who & view.of_port(port)
        for label, group in view.classes.items():
            yield port, label, float(weight[here & group].sum())


def _demand(view: View) -> Bools:
    m, ledger = view.ledger.manifest, view.ledger
    inside = (m.entry >= m.axis.measured) & (m.entry < m.axis.horizon)
    return inside & (ledger.came | ledger.lost)


@metric("demand_vehicles", "vehicles", "Vehicles that wished to pass")
def demand_vehicles(view: View) -> Iterator[Found]:
    """Units that became ready in the measured part, the lost ones included."""
    yield from _counted(view, _demand(view), np.ones(len(view.tonnes)))


@metric("demand_tonnes", "t", "Cargo that wished to pass")
def demand_tonnes(view: View) -> Iterator[Found]:
    """Their tonnes."""
    yield from _counted(view, _demand(view), view.tonnes)


@metric("lost_vehicles", "vehicles", "Vehicles lost to the closed season")
def lost_vehicles(view: View) -> Iterator[Found]:
    """Units that went another way or were not shipped because a season kept the port closed."""
    yield from _counted(view, _demand(view) & view.ledger.lost, np.ones(len(view.tonnes)))


@metric("lost_tonnes", "t", "Cargo lost to the closed season")
def lost_tonnes(view: View) -> Iterator[Found]:
    """Their tonnes."""
    yield from _counted(view, _demand(view) & view.ledger.lost, view.tonnes)


@metric("start_vehicles", "vehicles", "Vehicles waiting or inside at the start")
def start_vehicles(view: View) -> Iterator[Found]:
    """The start state of the measured part: ready or inside, and not yet out."""
    ledger = view.ledger
    yield from _counted(
        view, ledger.backlog(ledger.manifest.axis.measured), np.ones(len(view.tonnes))
    )


@metric("start_tonnes", "t", "Cargo waiting or inside at the start")
def start_tonnes(view: View) -> Iterator[Found]:
    """Its tonnes."""
    ledger = view.ledger
    yield from _counted(view, ledger.backlog(ledger.manifest.axis.measured), view.tonnes)


@metric("unserved_vehicles", "vehicles", "Vehicles unserved at the end")
def unserved_vehicles(view: View) -> Iterator[Found]:
    """Ready, waiting or inside when the run ends."""
    ledger = view.ledger
    yield from _counted(
        view, ledger.backlog(ledger.manifest.axis.horizon), np.ones(len(view.tonnes))
    )


@metric("unserved_tonnes", "t", "Cargo unserved at the end")
def unserved_tonnes(view: View) -> Iterator[Found]:
    """Its tonnes."""
    ledger = view.ledger
    yield from _counted(view, ledger.backlog(ledger.manifest.axis.horizon), view.tonnes)


@metric("peak_queue", "vehicles", "Longest queue")
def peak_queue(view: View) -> Iterator[Found]:
    """Most vehicles at the posts in no service at once, in the measured part."""
    m, idle = view.ledger.manifest, view.ledger.idle
    for place in [*view.scenario.ports, *view.posts]:
        here = [i for i, p in enumerate(m.places) if p == place or p.startswith(f"{place}/")]
        mine = np.isin(m.post[idle.step], here)
        yield place, "all", _peak(idle.begin[mine], idle.end[mine], m.axis.measured)


def _peak(begin: npt.NDArray[np.int64], end: npt.NDArray[np.int64], since: int) -> float:
    """Greatest number begun and not ended at any instant from `since` on; -1 never ends."""
    ended = np.sort(end[end >= 0])
    instants = np.unique(np.append(begin[begin >= since], since))
    level = np.searchsorted(np.sort(begin), instants, side="right") - np.searchsorted(
        ended, instants, side="right"
    )
    return float(level.max(initial=0))


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
    days = np.array([m.axis.at(day) for day in m.axis.days(1)])
    days = np.unique(np.clip(days, m.axis.measured, m.axis.horizon))
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

    Work that a recall threw away counts where its service ends.
    """
    m, j = view.ledger.manifest, view.ledger.journal
    horizon, since = m.axis.horizon, m.axis.measured
    serve = m.plan.verb == Verb.SERVE
    end = np.where(j.ended >= 0, j.ended, horizon)
    begin = np.where(j.began >= 0, j.began, end)
    work = np.maximum(end, since) - np.maximum(begin, since)
    recall = np.flatnonzero(m.plan.closing == ClosingRule.RECALL)
    recalled = serve & np.isin(m.plan.where, recall) & (end >= since)
    work += np.where(recalled, j.worked - (end - begin), 0)
    held = view.ledger.held
    over = np.where(held.end >= 0, held.end, horizon)
    np.subtract.at(work, held.step, np.maximum(over, since) - np.maximum(held.begin, since))
    servers = {
        f"{p}/{q}/{s}"
        for p, port in view.scenario.ports.items()
        for q, post in port.posts.items()
        for s, station in post.stations.items()
        if station.lanes.value < lanes.UNLIMITED
    }
    for i, name in enumerate(m.stations):
        if name not in servers:  # a gate
            continue
        changes = slice(m.plan.lane_first[i], m.plan.lane_first[i + 1])
        at, lanes_open = m.plan.lane_at[changes], m.plan.lane_open[changes]
        open_ms = lanes.lane_time(at, lanes_open, [since], [horizon])[0]
        busy = work[serve & (m.plan.where == i)].sum()
        yield name, "all", float(busy / open_ms) if open_ms else float("nan")

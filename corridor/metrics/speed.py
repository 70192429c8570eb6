"""What it means: speed along the corridor (TFI4), and its staircase of time over distance."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from corridor.engine import Verb
from corridor.metrics.base import HOUR_MS, Found, Leg, View, metric
from corridor.metrics.stays import gates, stays
from corridor.planning import FlowLabel
from corridor.planning.itinerary import paths_of

__all__ = ["Stair", "labels", "split", "staircase"]

Floats = npt.NDArray[np.float64]
Stair = tuple[str, str, str, float, Floats]
"""(place, kind, name, cumulative km, cumulative hours of each unit or of all)"""


def labels(view: View) -> dict[tuple[str, str], list[int]]:
    """(port, "class direction") -> the flows of that label that have a corridor, by number.

    Two flows may share a label, textiles and machines say: they are one row of a table.
    """
    found: dict[tuple[str, str], list[int]] = {}
    for i, flow in enumerate(view.ledger.manifest.flows):
        if flow.corridor in view.corridors:
            found.setdefault((flow.port, f"{flow.class_} {flow.direction}"), []).append(i)
    return found


def _forward(view: View, flow: FlowLabel) -> bool:
    """Whether the flow runs along its corridor in the order it is written."""
    port = view.scenario.ports[flow.port]
    order = [leg.from_place for leg in view.corridors[flow.corridor]]
    order.append(view.corridors[flow.corridor][-1].to_place)
    posts = list(port.posts)
    if port.procedures:
        steps = port.procedures[flow.class_][flow.direction]
        posts = [s.serve.split(".")[0] for s in steps if s.serve]
    seen = [port.posts[p].place for p in dict.fromkeys(posts)]
    places = [order.index(p) for p in seen if p in order]
    return places == sorted(places)


def _legs(view: View, flow: FlowLabel) -> list[Leg]:
    legs = list(view.corridors[flow.corridor])
    if _forward(view, flow):
        return legs
    return [Leg(g.to_place, g.from_place, g.km, g.speed_kmh, g.link) for g in reversed(legs)]


def split(view: View, flow: FlowLabel) -> tuple[float, float]:
    """Corridor km before and after the middle of the port, in the order the corridor is written.

    The middle is the second post of three, or the first of two: where the border lies. Haul rates
    belong to a side of the border, so the direction of the flow does not matter.
    """
    posts = [p.place for p in view.scenario.ports[flow.port].posts.values() if p.place]
    middle = posts[(len(posts) - 1) // 2] if posts else None
    before = after = 0.0
    passed = False
    for leg in view.corridors[flow.corridor]:
        passed = passed or leg.from_place == middle
        before, after = (before, after + leg.km) if passed else (before + leg.km, after)
    return (before, after)


def _moving(view: View, flow: FlowLabel) -> tuple[float, float]:
    legs = view.corridors[flow.corridor]
    return sum(g.km for g in legs), sum(g.km / g.speed_kmh for g in legs)


@metric("swod", "km/h", "Speed along the corridor without delay (TFI4)")
def swod(view: View) -> Iterator[Found]:
    """Corridor length over running time."""
    flows = view.ledger.manifest.flows
    for (port, label), which in labels(view).items():
        legs = [_moving(view, flows[i]) for i in which]
        yield port, label, sum(km for km, _ in legs) / sum(hours for _, hours in legs)


@metric("swd", "km/h", "Speed along the corridor with delay (TFI4)")
def swd(view: View) -> Iterator[Found]:
    """Corridor length over running time plus the mean time to clear the port.

    All km over all hours of the units that passed, so that every kilometre weighs the same.
    """
    m = view.ledger.manifest
    for (port, label), which in labels(view).items():
        all_km = all_hours = 0.0
        for i in which:
            km, hours = _moving(view, m.flows[i])
            dwell = stays(view)[port].of([i])
            all_km += km * len(dwell)
            all_hours += hours * len(dwell) + float(dwell.sum())
        yield port, label, all_km / all_hours if all_hours else float("nan")


def staircase(view: View, flow: FlowLabel) -> list[Stair]:
    """Cumulative time over distance (UNESCAP) of the units like `flow` that left when measured.

    Inside the port from the journal; on the corridor before and after it from leg length over
    running speed. A post gives two stairs at one distance: gate-in and gate-out; a post where not
    every unit calls is passed by.
    """
    ledger = view.ledger
    m = ledger.manifest
    alike = labels(view)[flow.port, f"{flow.class_} {flow.direction}"]
    like = [i for i in alike if m.flows[i].corridor == flow.corridor]
    who = np.concatenate(
        [units.start + np.flatnonzero(ledger.left[units]) for units in map(view.units_of, like)]
    )
    post_at = _posts_of(view, flow)
    legs = _legs(view, flow)
    stairs: list[Stair] = []
    km, hours = 0.0, np.zeros(len(who))
    upstream: float | None = None
    places = [legs[0].from_place, *(leg.to_place for leg in legs)]
    for i, place in enumerate(places):
        if i:
            km += legs[i - 1].km
            hours = hours + legs[i - 1].km / legs[i - 1].speed_kmh
        kind = "leg" if i else "start"
        post = post_at.get(place, place)
        if post == place:
            stairs.append((place, kind, post, km, hours))
            continue
        if upstream is None:
            upstream = float(hours[0]) if len(hours) else 0.0
        start = ledger.arrived[who]
        gate_in, gate_out = gates(view)[m.places.index(post)]
        arrive = upstream + (gate_in[who] - start) / HOUR_MS
        hours = upstream + (gate_out[who] - start) / HOUR_MS
        stairs.append((place, kind, post, km, arrive))
        stairs.append((place, "post", post, km, hours))
    return stairs


def _posts_of(view: View, flow: FlowLabel) -> dict[str | None, str]:
    """Place -> post, of the posts at which every way through the flow's procedure calls."""
    port = view.scenario.ports[flow.port]
    calls = [
        {atom.post for atom in path.atoms if atom.verb != Verb.GIVE}
        for path in paths_of(flow.port, port, view.scenario.flows[flow.name])
    ]
    always = set.intersection(*calls)
    names = {post.place: f"{flow.port}/{name}" for name, post in port.posts.items()}
    return {place: name for place, name in names.items() if name in always}

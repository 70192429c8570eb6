"""What it means: speed along the corridor (TFI4), and its time-cost-distance staircase (UNESCAP)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from corridor.metrics.base import HOUR_MS, Found, Leg, View, metric
from corridor.planning import FlowLabel

__all__ = ["Stair", "split", "staircase"]

Floats = npt.NDArray[np.float64]
Stair = tuple[str, str, str, float, Floats]
"""(place, kind, name, cumulative km, cumulative hours of each unit or of all)"""


def _forward(view: View, flow: FlowLabel) -> bool:
    """Whether the flow runs along its corridor in the order it is written."""
    port = view.scenario.ports[flow.port]
    order = [leg.from_place for leg in view.corridors[flow.corridor]]
    order.append(view.corridors[flow.corridor][-1].to_place)
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
    """Corridor km before and after the middle of the port, in the flow's direction.

    The middle is the second post of three, or the first of two: where the border lies.
    """
    posts = [p.place for p in view.scenario.ports[flow.port].posts.values() if p.place]
    middle = posts[(len(posts) - 1) // 2]
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
    for flow in view.ledger.manifest.flows:
        if flow.corridor in view.corridors:
            km, hours = _moving(view, flow)
            yield flow.port, f"{flow.class_} {flow.direction}", km / hours


@metric("swd", "km/h", "Speed along the corridor with delay (TFI4)")
def swd(view: View) -> Iterator[Found]:
    """Corridor length over running time plus the mean time to clear the port."""
    for flow in view.ledger.manifest.flows:
        if flow.corridor in view.corridors:
            km, hours = _moving(view, flow)
            label = f"{flow.class_} {flow.direction}"
            dwell = view.dwell_h[flow.port][view.groups[label]]
            dwell = dwell[~np.isnan(dwell)]
            border = float(dwell.mean()) if len(dwell) else float("nan")
            yield flow.port, label, km / (hours + border)


def staircase(view: View, flow: FlowLabel) -> list[Stair]:
    """Cumulative time over distance of the units of `flow` that left in the measured part.

    Inside the port from the journal; on the corridor before and after it from leg length over
    running speed. A post gives two stairs at one distance: gate-in and gate-out.
    """
    ledger = view.ledger
    m, calls = ledger.manifest, ledger.calls
    who = np.flatnonzero(ledger.left & view.groups[f"{flow.class_} {flow.direction}"])
    post_at = {p.place: f"{flow.port}/{n}" for n, p in view.scenario.ports[flow.port].posts.items()}
    legs = _legs(view, flow)
    stairs: list[Stair] = []
    km, hours = 0.0, np.zeros(len(who))
    upstream: float | None = None
    places = [legs[0].from_place, *(leg.to_place for leg in legs)]
    for i, place in enumerate(places):
        if i:
            km += legs[i - 1].km
            hours = hours + legs[i - 1].km / legs[i - 1].speed_kmh
        if place in post_at:
            index = m.places.index(post_at[place])
            row = np.full(len(m.flow), -1, dtype=np.int64)
            row[calls.unit[calls.post == index]] = np.flatnonzero(calls.post == index)
            mine = row[who]
            start = m.plan.start[who]
            if upstream is None:
                upstream = float(hours[0]) if len(hours) else 0.0
            arrive = upstream + (calls.gate_in[mine] - start) / HOUR_MS
            leave = upstream + (calls.gate_out[mine] - start) / HOUR_MS
            stairs.append((place, "leg" if i else "start", post_at[place], km, arrive))
            stairs.append((place, "post", post_at[place], km, leave))
            hours = leave
        else:
            stairs.append((place, "leg" if i else "start", place, km, hours))
    return stairs

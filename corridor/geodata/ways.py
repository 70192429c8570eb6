"""The geodata room: all ways there are, as a graph of loads that stand at places.

A load stands at a place on one mode and, on rails, on one gauge. It moves along links, and changes
mode, gauge or ship only where ``terminals.csv`` says what that takes. Every place is therefore
doubled for each mode and gauge, into what arrives and what leaves, from home or over a border:
passing through joins the two, and costs a stay at a post when either leads over the border.

Lengths are the cited kilometres of the links, never a degree and never the drawn line.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, NamedTuple

import networkx as nx

from corridor.geodata.closures import border_links, closed_links
from corridor.geodata.rates import Rate, rate
from corridor.geodata.steps import Step

if TYPE_CHECKING:
    from corridor.geodata.network import Network

__all__ = ["State", "ways"]

Stays = dict[tuple[str, str, str], dict[str, Any]]  # by place, from_mode and to_mode
_TIE = 1e-9  # of an hour's weight: of two ways equally good, the quicker


class State(NamedTuple):
    """A load at a place, on a mode and a gauge (mm; 0 where there is none).

    `side` is ``in`` or ``out``, or ``in abroad``, ``out abroad`` on a link over a border.
    """

    place: str
    mode: str
    gauge: int
    side: str


def ways(
    network: Network, by: str, modes: tuple[str, ...], season: str, closed: Collection[str]
) -> Any:
    """States joined by legs, by passing through, and by transfers; each edge with its step."""
    graph = nx.DiGraph()
    shut, abroad = closed_links(network, season, closed), border_links(network)
    country = dict(zip(network.places.place, network.places.country, strict=True))
    for row in network.links.to_dict("records"):
        if row["mode"] not in modes or row["link"] in shut:
            continue
        price, gauge = rate(network.haulage, row, country), _gauge(row)
        side = " abroad" if row["link"] in abroad else ""
        ends = (row["from_place"], row["to_place"])
        for a, b in (ends, ends[::-1]):
            step = _leg(row, a, b, season, price)
            one = State(a, step.mode, gauge, f"out{side}")
            _join(graph, one, State(b, step.mode, gauge, f"in{side}"), step, by)
    _pass_through(graph, network, by)
    return graph


def _pass_through(graph: Any, network: Network, by: str) -> None:
    """Join what arrives at each place with what leaves it, with the stay that takes."""
    stays = {(r["place"], r["from_mode"], r["to_mode"]): r
             for r in network.terminals.to_dict("records")}  # fmt: skip
    at: dict[str, list[State]] = {}
    for state in sorted(graph):
        at.setdefault(state.place, []).append(state)
    for states in at.values():
        for one in states:
            for other in states:
                if one.side.startswith("in") and other.side.startswith("out"):
                    step = _stay(stays, one, other)
                    free = one.mode != "sea" and one[1:3] == other[1:3]  # mode and gauge
                    if step is not None or free:
                        _join(graph, one, other, step, by)


def _join(graph: Any, one: State, other: State, step: Step | None, by: str) -> None:
    """An edge with its weight; of two that join the same states the better one stays."""
    weight = 0.0
    if step is not None:
        weight = {"time": step.hours, "distance": step.km, "cost": step.usd}[by]
        weight += _TIE * step.hours
    if not graph.has_edge(one, other) or weight < graph.edges[one, other]["weight"]:
        graph.add_edge(one, other, weight=weight, step=step)


def _gauge(row: dict[str, Any]) -> int:
    known = row["gauge_mm"]
    return int(known) if row["mode"] == "rail" and known == known else 0


def _leg(row: dict[str, Any], a: str, b: str, season: str, price: Rate) -> Step:
    """A link travelled from `a` to `b`; in winter at its winter speed, where one is known."""
    cold = season == "winter" and row["winter_kmh"] == row["winter_kmh"]
    speed, part = (row["winter_kmh"], "winter_") if cold else (row["speed_kmh"], "speed_")
    claims = (*row["claim"].split(), *row[f"{part}claim"].split(), *price.claims)
    return Step(
        what="leg",
        name=row["link"],
        from_place=a,
        to_place=b,
        mode=row["mode"],
        km=row["km"],
        hours=row["km"] / speed,
        usd=row["km"] * price.usd_per_teu_km,
        usd_low=row["km"] * price.low,
        usd_high=row["km"] * price.high,
        km_evidence=row["evidence"],
        hours_evidence=_weaker(row["evidence"], row[f"{part}evidence"]),
        usd_evidence=_weaker(row["evidence"], price.evidence),
        claims=tuple(dict.fromkeys(claims)),
    )


def _weaker(one: str, other: str) -> str:
    """What a product rests on: the weaker of its two factors; of two cited ones it is derived."""
    return "assumed" if "assumed" in (one, other) else "derived"


def _stay(stays: Stays, one: State, other: State) -> Step | None:
    """What it takes to go over from one mode and gauge to another, or over a border.

    A row holds both ways, unless the other way has a row of its own. Trains that keep their gauge
    pass without a stay, and so does a lorry that keeps to its own side of a border; a load goes
    over from ship to ship only where a row says what that takes.
    """
    place, same = one.place, (one.mode, one.gauge) == (other.mode, other.gauge)
    at_border = "abroad" in one.side or "abroad" in other.side
    if same and (one.mode == "rail" or (one.mode == "road" and not at_border)):
        return None
    row = stays.get((place, one.mode, other.mode)) or stays.get((place, other.mode, one.mode))
    if row is None:
        return None
    kept = "ship" if one.mode == "sea" else "border" if same else "gauge"
    what = "transfer" if one.mode != other.mode else kept
    return Step(
        what=what,
        name=place,
        from_place=place,
        to_place=place,
        mode=other.mode,
        km=0.0,
        hours=row["hours"],
        usd=row["usd_per_teu"],
        usd_low=row["usd_per_teu"],
        usd_high=row["usd_per_teu"],
        km_evidence="",
        hours_evidence=row["evidence"],
        usd_evidence=row["usd_evidence"],
        claims=tuple(row["claim"].split()),
    )

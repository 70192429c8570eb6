"""The geodata room: the shortest way between two places, by time, distance or cost.

A load stands at a place on one mode and, on rails, on one gauge. It moves along links, and changes
mode or gauge only where ``terminals.csv`` says what that takes. Every place is therefore doubled
for each mode and gauge, into what arrives and what leaves, from home or over a border: passing
through joins the two, and costs a stay at a post when either leads over the border. On that graph
the way is found by Dijkstra's rule (networkx).

Lengths are the cited kilometres of the links, never a degree and never the drawn line.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import networkx as nx

from corridor.faults import Faults, did_you_mean
from corridor.geodata.closures import border_links, closed_links
from corridor.geodata.rates import Rate, rate
from corridor.geodata.seasons import SEASONS

if TYPE_CHECKING:
    from corridor.geodata.network import Network

__all__ = ["BY", "Route", "Step", "find_route"]

BY = ("time", "distance", "cost")
MODES = ("road", "rail", "sea")
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


@dataclass(frozen=True)
class Step:
    """One part of a route: a link travelled, or a stay at a terminal.

    Parameters
    ----------
    what : str
        ``leg``, or the stay: ``gauge`` (another gauge), ``border`` (the same mode goes on) or
        ``transfer`` (another mode).
    name : str
        The id of the link; the id of the place of a stay.
    km, hours, usd : float
        Of this step alone; usd is per TEU.
    usd_low, usd_high : float
        How far the cost may lie off.
    km_evidence, hours_evidence, usd_evidence : str
        ``cited``, ``derived`` or ``assumed``; empty where the step adds nothing of it.
    claims : tuple of str
        The claims all three rest on.
    """

    what: str
    name: str
    from_place: str
    to_place: str
    mode: str
    km: float
    hours: float
    usd: float
    usd_low: float
    usd_high: float
    km_evidence: str
    hours_evidence: str
    usd_evidence: str
    claims: tuple[str, ...]


@dataclass(frozen=True)
class Route:
    """The best way from one place to another and what it adds up to.

    Parameters
    ----------
    by, season : str
        What was made least, and in which season.
    modes : tuple of str
        The modes that were allowed.
    steps : tuple of Step
        Legs and stays in order; empty when the two places are one.
    """

    from_place: str
    to_place: str
    by: str
    season: str
    modes: tuple[str, ...]
    steps: tuple[Step, ...]

    @property
    def km(self) -> float:
        """Length, km."""
        return sum(step.km for step in self.steps)

    @property
    def hours(self) -> float:
        """Running time and stays, hours."""
        return sum(step.hours for step in self.steps)

    @property
    def usd(self) -> float:
        """Cost of one TEU, USD."""
        return sum(step.usd for step in self.steps)

    def resting_on(self, what: str) -> dict[str, float]:
        """The share of the total of `what` (km, hours or usd) that is cited, derived, assumed."""
        total: float = getattr(self, what)
        shares = dict.fromkeys(("cited", "derived", "assumed"), 0.0)
        for step in self.steps:
            if total and (evidence := getattr(step, f"{what}_evidence")):
                shares[evidence] += getattr(step, what) / total
        return shares


def find_route(
    network: Network,
    a: str,
    b: str,
    by: str = "time",
    modes: Collection[str] = MODES,
    season: str = "year",
    closed: Collection[str] = (),
) -> Route:
    """What `Network.route` answers; see there."""
    _asked(network, by, modes, season, closed)
    for place in (a, b):
        network.great_circle_km(place, place)  # says which place does not exist
    allowed = tuple(mode for mode in MODES if mode in modes)
    graph = _graph(network, by, allowed, season, closed)
    start, end = State(a, "", 0, "start"), State(b, "", 0, "end")
    states = [state for state in graph if isinstance(state, State)]
    graph.add_nodes_from((start, end))
    for state in states:
        if state.place == a and state.side.startswith("out"):
            graph.add_edge(start, state, weight=0.0, step=None)
        if state.place == b and state.side.startswith("in"):
            graph.add_edge(state, end, weight=0.0, step=None)
    if a == b:
        return Route(a, b, by, season, allowed, ())
    try:
        path = nx.dijkstra_path(graph, start, end)
    except nx.NetworkXNoPath:
        shut = sorted(closed_links(network, season, closed))
        because = f" while {', '.join(shut)} is closed" if shut else ""
        message = f"no way by {', '.join(allowed)} in this season{because}"
        raise Faults.one(message, f"{a}-{b}") from None
    steps = [graph.edges[edge]["step"] for edge in pairwise(path)]
    return Route(a, b, by, season, allowed, tuple(step for step in steps if step is not None))


def _asked(
    network: Network, by: str, modes: Collection[str], season: str, closed: Collection[str]
) -> None:
    """Refuse words that are not known."""
    ports = tuple(network.ports.port)
    asked = [("by", by, BY), ("season", season, tuple(SEASONS))]
    asked += [("mode", mode, MODES) for mode in modes] + [("closed", p, ports) for p in closed]
    for name, word, known in asked:
        if word not in known:
            hint = did_you_mean(word, known) or f"; write one of {', '.join(known)}"
            raise Faults.one(f"{word!r} is not known{hint}", name)
    if not modes:
        raise Faults.one(f"name at least one of {', '.join(MODES)}", "mode")


def _graph(
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
                    if step is not None or (one.mode, one.gauge) == (other.mode, other.gauge):
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
    pass without a stay, and so does who keeps to his own side of a border.
    """
    place, same = one.place, (one.mode, one.gauge) == (other.mode, other.gauge)
    at_border = "abroad" in one.side or "abroad" in other.side
    if same and (one.mode == "rail" or not at_border):
        return None
    row = stays.get((place, one.mode, other.mode)) or stays.get((place, other.mode, one.mode))
    if row is None:
        return None
    what = "transfer" if one.mode != other.mode else "border" if same else "gauge"
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

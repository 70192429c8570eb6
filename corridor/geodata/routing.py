"""The geodata room: the shortest way between two places, by time, distance or cost.

Found by Dijkstra's rule (networkx) on the graph of all ways. Where there is none, the answer says
whether a place has no link, a port is shut, or nothing joins the two.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import pairwise
from typing import TYPE_CHECKING

import networkx as nx

from corridor.faults import Faults, did_you_mean
from corridor.geodata.closures import shut_ports
from corridor.geodata.seasons import SEASONS
from corridor.geodata.steps import Route, Step
from corridor.geodata.ways import State, ways

if TYPE_CHECKING:
    from corridor.geodata.network import Network

__all__ = ["BY", "MODES", "Route", "Step", "any_of", "find_route", "modes_at"]

BY = ("time", "distance", "cost")
MODES = ("road", "rail", "sea")
NEAR_KM = 25.0  # a place this near may be the one that was meant: the post beside the town


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
    allowed, shut = tuple(mode for mode in MODES if mode in modes), tuple(closed)
    steps = _steps(network, a, b, by, allowed, season, shut)
    if steps is None:
        raise Faults.one(_why_not(network, a, b, allowed, season, shut), f"{a}-{b}")
    return Route(a, b, by, season, allowed, steps, shut)


def _steps(
    network: Network,
    a: str,
    b: str,
    by: str,
    modes: tuple[str, ...],
    season: str,
    closed: tuple[str, ...],
) -> tuple[Step, ...] | None:
    """The steps of the best way; None where there is none."""
    if a == b:
        return ()
    graph = ways(network, by, modes, season, closed)
    start, end = State(a, "", 0, "start"), State(b, "", 0, "end")
    states = [state for state in graph if isinstance(state, State)]
    graph.add_nodes_from((start, end))
    for state in states:
        if state.place == a and state.side.startswith("out"):
            graph.add_edge(start, state, weight=0.0, step=None)
        if state.place == b and state.side.startswith("in"):
            graph.add_edge(state, end, weight=0.0, step=None)
    try:
        path = nx.dijkstra_path(graph, start, end)
    except nx.NetworkXNoPath:
        return None
    steps = [graph.edges[edge]["step"] for edge in pairwise(path)]
    return tuple(step for step in steps if step is not None)


def _why_not(
    network: Network,
    a: str,
    b: str,
    modes: tuple[str, ...],
    season: str,
    closed: tuple[str, ...],
) -> str:
    """Why there is no way: a place without a link, a port that is shut, or nothing in between."""
    for place in (a, b):
        found = modes_at(network, place)
        if not found & set(modes):
            other = f", only links by {any_of(sorted(found), 'and')}" if found else ""
            near = _nearest(network, place, modes)
            return f"no {any_of(modes)} link reaches {place} in this data{other}{near}"
    by = any_of(modes)
    asked = [port for port in shut_ports(network, "year", closed, modes) if port in closed]
    cold = [port for port in shut_ports(network, season, (), modes) if port not in asked]
    if (asked or cold) and _steps(network, a, b, "distance", modes, "year", ()) is not None:
        because = [f"{', '.join(cold)} in {season}"] if cold else []
        because += [f"{', '.join(asked)} as asked"] if asked else []
        return f"no way by {by}: what there is leads by a port that is shut: {'; '.join(because)}"
    more = ""
    if len(modes) < len(MODES) and _steps(network, a, b, "distance", MODES, "year", ()) is not None:
        more = f"; with {any_of(MODES, 'and')} together there is a way"
    return f"no way by {by}: in this data nothing joins the two by that{more}"


def _nearest(network: Network, place: str, modes: tuple[str, ...]) -> str:
    """The nearest place that such a link reaches, in words; nothing where it is far off."""
    rows = network.links[network.links["mode"].isin(modes)]
    away = [
        (network.great_circle_km(place, end), end) for end in {*rows.from_place, *rows.to_place}
    ]
    km, end = min(away, default=(NEAR_KM, ""))
    return f"; one reaches {end}, {km:.0f} km off" if km < NEAR_KM else ""


def modes_at(network: Network, place: str) -> set[str]:
    """The modes of the links that end at a place."""
    links = network.links
    return set(links["mode"][(links.from_place == place) | (links.to_place == place)])


def any_of(words: Collection[str], last: str = "or") -> str:
    """``road, rail or sea``.

    >>> any_of(("road", "rail", "sea")), any_of(("rail",)), any_of(("road", "sea"), "and")
    ('road, rail or sea', 'rail', 'road and sea')
    """
    *first, end = words
    return f"{', '.join(first)} {last} {end}" if first else end


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

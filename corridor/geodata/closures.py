"""The geodata room: which links lead over a border, and which are shut with their port."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import networkx as nx

from corridor.geodata.seasons import is_open

if TYPE_CHECKING:
    from corridor.geodata.network import Network

__all__ = ["border_links", "closed_links"]


def closed_links(network: Network, season: str, closed: Collection[str] = ()) -> set[str]:
    """Links nobody can pass: between the two posts of a port that is shut in this season.

    Parameters
    ----------
    season : str
        One of `SEASONS`.
    closed : collection of str
        Ports to count as shut whatever their season says.
    """
    found: set[str] = set()
    for port in network.ports.to_dict("records"):
        if port["port"] in closed or not is_open(port["season"], season):
            found |= set(_crossing(network, port))
    return found


def border_links(network: Network) -> set[str]:
    """Links over a border: between two countries, or between the two posts of a port.

    A place of disputed status, or on a boundary, is of no country: a link from there into one
    counts.
    """
    country = dict(zip(network.places.place, network.places.country, strict=True))
    found = {
        row["link"]
        for row in network.links.to_dict("records")
        if country.get(row["from_place"]) != country.get(row["to_place"])
    }
    for port in network.ports.to_dict("records"):
        found |= set(_crossing(network, port))
    return found


def _crossing(network: Network, port: dict[str, Any]) -> Iterator[str]:
    """The links of a port's kind on the shortest way between its two posts.

    A way of more than 2.5 great circles leads through another port: then none is its own.
    """
    mode = "rail" if port["kind"] == "rail" else "road"
    graph = nx.Graph()
    for row in network.links.to_dict("records"):
        if row["mode"] == mode:
            graph.add_edge(row["from_place"], row["to_place"], km=row["km"], link=row["link"])
    place, across = port["place"], port["across"]
    if place not in graph or across not in graph or not nx.has_path(graph, place, across):
        return
    path = nx.dijkstra_path(graph, place, across, weight="km")
    edges = [graph.edges[edge] for edge in pairwise(path)]
    if sum(e["km"] for e in edges) <= 2.5 * max(1.0, network.great_circle_km(place, across)):
        yield from (e["link"] for e in edges)

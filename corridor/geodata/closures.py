"""The geodata room: which links lead over a border, and which are shut with their port."""

from __future__ import annotations

from collections.abc import Collection
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import networkx as nx

from corridor.geodata.seasons import is_open

if TYPE_CHECKING:
    from corridor.geodata.network import Network

__all__ = ["border_links", "closed_links", "port_links", "shut_ports"]


def closed_links(network: Network, season: str, closed: Collection[str] = ()) -> set[str]:
    """Links nobody can pass: between the two posts of a port that is shut in this season.

    Parameters
    ----------
    season : str
        One of `SEASONS`.
    closed : collection of str
        Ports to count as shut whatever their season says.
    """
    own = port_links(network)
    return {link for port in _shut(network, season, closed) for link in own[port]}


def shut_ports(
    network: Network, season: str, closed: Collection[str], modes: Collection[str]
) -> list[str]:
    """The ports that are shut in this season, or by name, and bar a link of one of `modes`."""
    own, mode = (
        port_links(network),
        dict(zip(network.links.link, network.links["mode"], strict=True)),
    )
    return [
        port
        for port in _shut(network, season, closed)
        if any(mode[link] in modes for link in own[port])
    ]


def _shut(network: Network, season: str, closed: Collection[str]) -> list[str]:
    return [
        port
        for port, its in zip(network.ports.port, network.ports.season, strict=True)
        if port in closed or not is_open(its, season)
    ]


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
    return found.union(*port_links(network).values())


def port_links(network: Network) -> dict[str, tuple[str, ...]]:
    """For every port the links of its kind on the shortest way between its two posts.

    A way of more than 2.5 great circles leads through another port: then none is its own.
    """
    graphs = {"road": nx.Graph(), "rail": nx.Graph()}
    for row in network.links.to_dict("records"):
        if row["mode"] in graphs:
            ends = row["from_place"], row["to_place"]
            graphs[row["mode"]].add_edge(*ends, km=row["km"], link=row["link"])
    return {
        port["port"]: _crossing(network, port, graphs["rail" if port["kind"] == "rail" else "road"])
        for port in network.ports.to_dict("records")
    }


def _crossing(network: Network, port: dict[str, Any], graph: Any) -> tuple[str, ...]:
    place, across = port["place"], port["across"]
    if place not in graph or across not in graph or not nx.has_path(graph, place, across):
        return ()
    path = nx.dijkstra_path(graph, place, across, weight="km")
    edges = [graph.edges[edge] for edge in pairwise(path)]
    if sum(e["km"] for e in edges) > 2.5 * max(1.0, network.great_circle_km(place, across)):
        return ()
    return tuple(e["link"] for e in edges)

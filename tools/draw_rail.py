"""Build time: draw the rail links along the railways of OpenStreetMap.

Needs the graph of the Python package ``scgraph_data`` 2.0.0, installed in a throw-away
environment of its own; no part of the project needs it at run time::

    python tools/draw_rail.py .../scgraph_data/world_railways.py

The package calls itself MIT, its lines are OpenStreetMap's: what is drawn here is ODbL. Its graph
has traps, and this is what is done about them. (1) Tracks end a few hundred metres apart: dead
ends are joined to what lies within STITCH_KM, at a price, so that a joint is used only where there
is no track. It joins across gauges too; a change of gauge is therefore a place of its own, with
links of one gauge on either side. (2) Lines for fast passenger trains are in it and are shorter:
THROUGH names the towns that goods trains pass. (3) Between junctions an edge is one straight
piece, up to 190 km in Kazakhstan, though its weight is the length of the track: BENDS names towns
on such pieces. Towns are GeoNames' positions.

A line that strays (drawn length not within LEAST to MOST of km), or that has no point between its
ends on more than PIECE_KM, is not used: the link stays straight and the report says so. ``km`` is
never changed: lengths are the truth for time and cost, lines are for drawing.
"""

from __future__ import annotations

import argparse
import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import shapely
from draw_links import GEODATA, places, word, write
from pyproj import Geod
from rail_towns import BRANCHES, BRIDGES, THROUGH, TOWNS
from scipy.spatial import cKDTree

REGION = (2.0, -12.0, 68.0, 136.0)  # south, west, north, east, degrees
STITCH_KM, STITCH_PRICE = 2.0, 5.0
REACH_KM, REACH_PRICE = 14.0, 2.0  # a place in the middle of a city, a station at its edge
TOWN_KM, PIECE_KM = 9.0, 25.0  # a town's station; a straight piece long enough to be bent
LEAST, MOST = 0.60, 1.12  # drawn length over km: shortcuts and short yards; km that are assumed
TOLERANCE, FINE = 0.008, 0.001  # degrees, under 1 km and 0.1 km
CREDIT = "© OpenStreetMap contributors, ODbL 1.0"
_EARTH = Geod(ellps="WGS84")
Point = tuple[float, float]  # longitude, latitude
Line = list[Point]


def _second(pair: tuple[Any, float]) -> float:
    return pair[1]


def length_km(line: Line) -> float:
    """Length of a line over the ellipsoid, km."""
    return float(_EARTH.line_length(*zip(*line, strict=True))) / 1000


def read_graph(path: Path) -> nx.Graph:
    """The railways of the region; a node has `at`, an edge `km` and `price`, the length it
    counts for in the search."""
    text = path.read_text(encoding="utf-8")
    middle, end = text.index("\nnodes="), text.index("\nworld_railways_geograph")
    edges = json.loads(re.sub(r"(\d+):", r'"\1":', text[text.index("graph=") + 6 : middle]))
    nodes = json.loads(text[middle + 7 : end])
    south, west, north, east = REGION
    graph = nx.Graph()
    for name, (lat, lon) in enumerate(nodes):
        if south < lat < north and west < lon < east:
            graph.add_node(name, at=(lon, lat))
    for one, others in enumerate(edges):
        for other, km in others.items():
            if one != int(other) and one in graph and int(other) in graph:
                graph.add_edge(one, int(other), km=km, price=km)
    return graph


def _plane(points: Any) -> Any:
    """Longitude and latitude on a sphere of 6,371 km, so that near ones are near (km)."""
    lon, lat = np.radians(np.asarray(points, dtype=float)).T
    cos = np.cos(lat)
    return 6371 * np.column_stack((cos * np.cos(lon), cos * np.sin(lon), np.sin(lat)))


def without_returns(way: list[Any]) -> list[Any]:
    """The way without what lies between two visits to one node: a spur to a town and back."""
    kept: list[Any] = []
    for node in way:
        if node in kept:
            del kept[kept.index(node) :]
        kept.append(node)
    return kept


class Railways:
    """The stitched graph, and the ways through it."""

    def __init__(self, graph: nx.Graph) -> None:
        self.graph = graph
        self.names = list(graph)
        self.tree = cKDTree(_plane([graph.nodes[name]["at"] for name in self.names]))
        for name in [name for name in self.names if graph.degree(name) == 1]:
            for other, off in self.near(graph.nodes[name]["at"], STITCH_KM):
                if other != name and not graph.has_edge(name, other):
                    graph.add_edge(name, other, km=off, price=STITCH_PRICE * (off + 0.1))
        for ends in BRIDGES:
            spots = [self.near((lon, lat), STITCH_KM)[:1] for lat, lon in ends]
            if all(spots):
                (one, _), (other, _) = (spot[0] for spot in spots)
                km = length_km([graph.nodes[one]["at"], graph.nodes[other]["at"]])
                graph.add_edge(one, other, km=km, price=km)
        self.pieces = [(a, b) for a, b, km in graph.edges.data("km") if km > PIECE_KM]

    def near(self, at: Point, reach_km: float) -> list[tuple[Any, float]]:
        """Nodes within `reach_km` and how far they are, km, the nearest first."""
        found = self.tree.query_ball_point(_plane([at])[0], reach_km)
        away = [(self.names[i], self.graph.nodes[self.names[i]]["at"]) for i in found]
        return sorted(((name, length_km([at, spot])) for name, spot in away), key=_second)

    def node(self, name: str, at: Point, reach_km: float) -> None:
        """Put a node at `at`, joined to what is near, or into the piece it lengthens least."""
        self.graph.add_node(name, at=at)
        near = self.near(at, reach_km)
        for other, off in near:
            self.graph.add_edge(name, other, km=off, price=REACH_PRICE * off + 0.01)
        if not near:
            spots = [[self.graph.nodes[end]["at"] for end in piece] for piece in self.pieces]
            more = [length_km([a, at, b]) / length_km([a, b]) for a, b in spots]
            one, other = self.pieces[more.index(min(more))]
            piece = self.graph.edges[one, other]["km"]
            share = [length_km([at, self.graph.nodes[end]["at"]]) for end in (one, other)]
            for end, part in zip((one, other), share, strict=True):
                km = piece * part / sum(share)
                self.graph.add_edge(name, end, km=km, price=km)
                self.pieces.append((name, end))

    def between(self, stops: Line) -> tuple[Line, float]:
        """The cheapest line through `stops` in order, and the length of its track, km.

        Raises
        ------
        nx.NetworkXNoPath
            No railway joins two of them.
        """
        names = [f"stop {i}" for i in range(len(stops))]
        for i, (name, at) in enumerate(zip(names, stops, strict=True)):
            self.node(name, at, REACH_KM if i in (0, len(stops) - 1) else TOWN_KM)
        whole = names[:1]
        for last, there in enumerate(names[1:], 2):
            way = nx.shortest_path(self.graph, whole[-1], there, weight="price")
            if last < len(names) and self.near(stops[last - 1], TOWN_KM):
                way.pop()  # go on from the junction, not from the middle of the town
            whole += way[1:]
        whole = without_returns(whole)
        track = sum(self.graph.edges[pair]["km"] for pair in pairwise(whole))
        line = [self.graph.nodes[node]["at"] for node in whole]
        self.graph.remove_nodes_from(names)
        self.pieces = [pair for pair in self.pieces if not set(pair) & set(names)]
        return line, track


def thinned(line: Line, tolerance: float = TOLERANCE) -> Line:
    """The line without what a map of the region cannot show, on a grid of 0.001 degrees."""
    simple = shapely.LineString(line).simplify(tolerance)
    rounded = [(round(x, 3), round(y, 3)) for x, y in simple.coords[1:-1]]
    return [line[0], *dict.fromkeys(rounded), line[-1]]


def towns(names: str) -> Line:
    """Longitude and latitude of towns named in one string."""
    return [(TOWNS[name][1], TOWNS[name][0]) for name in names.split()]


def redraw(feature: dict[str, Any], railways: Railways, at: dict[str, list[float]]) -> str:
    """Draw one link in place; the row of the report."""
    known = feature["properties"]
    link, km = known["link"], known["km"]
    ends = [tuple(at[known[name]]) for name in ("from_place", "to_place")]
    middle = [tuple(at[name]) for name in known["via"].split()]
    stops = [ends[0], *(towns(THROUGH[link]) if link in THROUGH else middle), ends[1]]
    branch = stops[-2:] if link in BRANCHES else []
    try:
        line, track = railways.between(stops[:-1] if branch else stops)
        line, track = line + branch[1:], track + (length_km(branch) if branch else 0.0)
    except nx.NetworkXNoPath:
        line, track = [ends[0], *middle, ends[1]], float("nan")
    line = thinned(
        line, TOLERANCE if km >= PIECE_KM else FINE
    )  # at a border, streets are looked at
    drawn = length_km(line)
    shaped = len(line) > 2 or km < PIECE_KM
    good = track == track and shaped and LEAST <= drawn / km <= MOST
    if not good:
        line = [ends[0], *middle, ends[1]]
    known["drawn"] = word("osm", line) if good else "straight"
    known["drawn_credit"] = CREDIT if good else "Corridor"
    feature["geometry"]["coordinates"] = [list(point) for point in line]
    mark = "" if good else "  STRAIGHT"
    return f"{link:34}{km:7.0f}{track:9.0f}{drawn:9.0f}{drawn / km:7.3f}{len(line):6}{mark}"


def main() -> None:
    """Redraw the rail links and say how long each line came out."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("graph", type=Path, help="world_railways.py of scgraph_data 2.0.0")
    parser.add_argument("links", nargs="*", help="links to draw anew; all, if none is named")
    given = parser.parse_args()
    railways = Railways(read_graph(given.graph))
    path = GEODATA / "links" / "rail.geojson"
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    print(f"{'link':34}{'km':>7}{'track':>9}{'drawn':>9}{'ratio':>7}{'points':>7}")
    for feature in features:
        if not given.links or feature["properties"]["link"] in given.links:
            print(redraw(feature, railways, places()))
    write(path, features)


if __name__ == "__main__":
    main()

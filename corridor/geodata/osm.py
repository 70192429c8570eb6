"""The geodata room: roads and railways of OpenStreetMap as one graph; the only home of osmnx.

osmnx is asked for what its documents promise, within bounds it does not set itself: left alone it
waits 55 seconds for a busy server again and again without end, follows any redirection, takes a
part of an answer for the whole, and leaves ``socket.getaddrinfo`` changed behind it.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import networkx as nx
import numpy as np
import osmnx as ox
import requests
from numpy.typing import NDArray
from pyproj import Geod
from shapely.geometry import Polygon

from corridor import __version__
from corridor.geodata.extract import TAGS
from corridor.geodata.overpass import TIMEOUT, ServerFault, judge, kept, patiently

__all__ = ["Answers", "Tracks", "from_overpass", "from_xml"]

PAUSE = 2.0  # seconds between questions
_EARTH = Geod(ellps="WGS84")

Point = tuple[float, float]


class Answers(NamedTuple):
    """What a server answered.

    Parameters
    ----------
    tracks : Tracks
    dates : tuple of str
        ISO days of its data, oldest and newest, as far as the answers say.
    asked, kept : int
        Questions sent, and questions answered from the cache.
    """

    tracks: Tracks
    dates: tuple[str, ...]
    asked: int
    kept: int


@dataclass(frozen=True)
class Tracks:
    """Ways as one graph of all their points.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        As osmnx makes it, unsimplified, passable both ways: an alignment is wanted, not a drive.
    node : int64[N]
        Its nodes.
    lonlat : float64[N, 2]
        Degrees.
    piece : int64[N]
        Which connected piece each node belongs to, from 0.
    """

    graph: nx.MultiDiGraph
    node: NDArray[np.int64]
    lonlat: NDArray[np.float64]
    piece: NDArray[np.int64]

    def off_km(self, point: Point) -> NDArray[np.float64]:
        """Geodesic distance of every node from `point`, km (N,)."""
        lon, lat = np.broadcast_to(point, self.lonlat.shape).T
        metres = _EARTH.inv(lon, lat, self.lonlat[:, 0], self.lonlat[:, 1])[2]
        return np.asarray(metres) / 1000

    def path(self, at: int, to: int) -> NDArray[np.int64]:
        """The rows of `node` on the cheapest way between two rows of one piece, both included."""
        found = nx.shortest_path(self.graph, int(self.node[at]), int(self.node[to]), "cost")
        rows: NDArray[np.int64] = np.searchsorted(self.node, found)
        return rows


def _tracks(graph: nx.MultiDiGraph) -> Tracks:
    """The graph with a cost for each edge: metres, more for track that is no main line."""
    for _, _, edge in graph.edges(data=True):
        edge["cost"] = edge["length"] * _detour(edge)
    node = np.array(sorted(graph), np.int64)
    where = {number: (data["x"], data["y"]) for number, data in graph.nodes(data=True)}
    lonlat = np.array([where[number] for number in node.tolist()], float).reshape(-1, 2)
    piece = {n: i for i, part in enumerate(nx.weakly_connected_components(graph)) for n in part}
    return Tracks(graph, node, lonlat, np.array([piece[n] for n in node.tolist()], np.int64))


def _detour(edge: dict[str, Any]) -> float:
    """How many metres of main line a metre of this edge is worth; 1 for every road."""
    if edge.get("railway") != "rail":
        return 1.0
    if "service" in edge:  # yards, sidings, spurs, crossovers: needed to change track, no more
        return 4.0
    return {"main": 1.0, "branch": 1.5}.get(str(edge.get("usage", "")), 2.0)


def from_xml(xml: Path) -> Tracks:
    """The ways of an OSM XML file that is already filtered, for osmnx does not filter it."""
    with _settings(xml.parent, ""):
        return _tracks(ox.graph_from_xml(xml, bidirectional=True, simplify=False, retain_all=True))


def from_overpass(
    pieces: Sequence[Polygon],
    key: str,
    values: Sequence[str],
    address: str,
    cache: Path,
    tell: Callable[[str], None],
) -> Answers:
    """The ways inside `pieces`, one question a piece, each answer kept in `cache`.

    Parameters
    ----------
    pieces : sequence of Polygon
        Degrees, WGS 84.
    key, values : str, sequence of str
        A way is wanted if its tag `key` has one of `values`.
    address : str
        Of the server, up to and including ``/api``.
    cache : Path
        A folder; the same question is never sent twice.
    tell : function
        Told each wait and each question.

    Raises
    ------
    ServerFault
        No connection, no whole answer, or still busy after the last wait. What was answered
        before is kept: the same command goes on from there.
    """
    wanted = f'["{key}"~"^({"|".join(values)})$"]'
    graphs: list[nx.MultiDiGraph] = []
    dates: list[str] = []
    asked = 0
    for at, piece in enumerate(pieces, start=1):
        name = sha256(f"{address} {wanted} {piece.wkt}".encode()).hexdigest()[:32]
        folder = cache / name
        if not kept(folder):
            if asked:
                time.sleep(PAUSE)
            asked += 1
            tell(f"asking {address}: {at} of {len(pieces)}")
        graph = patiently(partial(_ask, piece, wanted, address, folder), tell)
        graphs += [graph] if graph is not None else []
        dates += kept(folder)
    whole = nx.compose_all(graphs) if graphs else nx.MultiDiGraph()
    days = sorted({date for date in dates if date})
    return Answers(_tracks(whole), tuple(days[:1] + days[-1:]), asked, len(pieces) - asked)


def _ask(piece: Polygon, wanted: str, address: str, folder: Path) -> nx.MultiDiGraph | None:
    """One question; None where no such way touches `piece`."""
    with _settings(folder, address):
        try:
            return ox.graph_from_polygon(
                piece,
                network_type="walk",  # with a filter of our own this says: passable both ways
                simplify=False,
                retain_all=True,
                truncate_by_edge=True,
                custom_filter=wanted,
            )
        except requests.RequestException as error:
            raise ServerFault(
                f"the Overpass server {address} cannot be reached ({type(error).__name__}):"
                " use a local extract, --pbf FILE"
            ) from error
        except ValueError:  # osmnx, of an answer without a way or with none inside
            if kept(folder):
                return None
            raise


@contextmanager
def _settings(cache: Path, address: str) -> Iterator[None]:
    """osmnx as we want it, and everything as it was before once it is done."""
    wanted: dict[str, Any] = {
        "cache_folder": cache,
        "use_cache": True,
        "doh_url_template": None,  # asks nobody else where the server is
        "http_referer": "corridor",
        "http_user_agent": f"corridor/{__version__} (geodata refresh; osmnx {ox.__version__})",
        "log_console": False,
        "log_file": False,
        "max_query_area_size": 1e12,  # m2; the pieces are small already, and one question each
        "overpass_rate_limit": False,  # its way to ask for a free slot can go round for ever
        "overpass_url": address,
        "requests_kwargs": {"hooks": {"response": judge}, "allow_redirects": False},
        "requests_timeout": TIMEOUT,
        "useful_tags_node": [],
        "useful_tags_way": list(TAGS),
    }
    before = {name: getattr(ox.settings, name) for name in wanted}
    lookup = socket.getaddrinfo
    try:
        for name, value in wanted.items():
            setattr(ox.settings, name, value)
        yield
    finally:
        socket.getaddrinfo = lookup
        for name, value in before.items():
            setattr(ox.settings, name, value)

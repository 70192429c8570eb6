"""The geodata room: which links to refresh from OpenStreetMap, and its ways near them.

osmnx and osmium come with the extra ``osm`` and are imported when they are needed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

import geopandas as gpd
import numpy as np
import shapely
from pyproj import Geod
from shapely.geometry import LineString, Polygon

from corridor.faults import Faults, did_you_mean
from corridor.geodata.network import Network
from corridor.geodata.redraw import plane_of

if TYPE_CHECKING:
    from corridor.geodata.osm import Tracks

__all__ = ["PUBLIC", "Gathered", "Wish", "around", "gathered", "links_of"]

PUBLIC = "https://overpass-api.de/api"
HANDFUL = 12  # questions of one command to the public server; its keepers ask for restraint
PIECE_KM = 120.0
CREDIT = "© OpenStreetMap contributors, ODbL 1.0"
ROADS = ("motorway", "trunk", "primary")
_EARTH = Geod(ellps="WGS84")


@dataclass(frozen=True)
class Wish:
    """Where to look, and how far.

    Parameters
    ----------
    pbf : tuple of Path
        Local extracts; empty to ask a server.
    overpass : str
        The server's address up to ``/api``; used when `pbf` is empty.
    cache : Path
        Folder where its answers are kept.
    near_km : float
        How far from the line drawn so far ways are looked for.
    wider : bool
        Secondary roads too.
    """

    pbf: tuple[Path, ...] = ()
    overpass: str = PUBLIC
    cache: Path = Path("out/overpass-cache")
    near_km: float = 8.0
    wider: bool = False


class Gathered(NamedTuple):
    """The ways found, and the credit for them."""

    tracks: Tracks
    credit: str


def links_of(network: Network, route: str) -> gpd.GeoDataFrame:
    """The links of a corridor, one link, or the link between two places ``a-b``, in order.

    Raises
    ------
    Faults
        No such route, or one over sea, of which OpenStreetMap has no lanes.

    Examples
    --------
    >>> from corridor.geodata import load
    >>> list(links_of(load(), "tashkurgan-kashgar").link)
    ['kashgar-tashkurgan']
    """
    links = network.links
    if route in network.corridors:
        names = [leg.link for leg in network.chain(route)]
    elif route in set(links.link):
        names = [route]
    elif route.count("-") == 1:
        names = [network.leg(*route.split("-")).link]
    else:
        known = [*network.corridors, *links.link]
        message = (
            f"no corridor or link {route[:80]!r}{did_you_mean(route, known)}; or a-b, two places"
        )
        raise Faults.one(message, "ROUTE")
    found = links.set_index("link", drop=False).loc[names].reset_index(drop=True)
    modes = set(found["mode"])
    if modes - {"road", "rail"} or len(modes) > 1:
        raise Faults.one("give links that are all road or all rail", route)
    return found


def around(lines: Sequence[LineString], near_km: float) -> list[Polygon]:
    """Pieces of `lines` of at most 120 km, each with all that lies within `near_km` of it."""
    pieces = []
    for line in lines:
        lonlat = shapely.get_coordinates(line.segmentize(0.05))
        metres = _EARTH.inv(*lonlat[:-1].T, *lonlat[1:].T)[2]
        until = np.concatenate([[0.0], np.cumsum(metres)]) / 1000
        count = max(1, int(np.ceil(until[-1] / PIECE_KM)))
        cuts = np.searchsorted(until, np.linspace(0, until[-1], count + 1)[1:-1])
        for at, to in zip([0, *cuts], [*cuts, len(lonlat) - 1], strict=True):
            piece = lonlat[at : to + 1]
            plane = plane_of(piece)
            flat = LineString(np.column_stack(plane(*piece.T))).simplify(500)
            edge = shapely.get_coordinates(flat.buffer(near_km * 1000, quad_segs=4))
            pieces.append(
                Polygon(np.column_stack(plane(edge[:, 0], edge[:, 1], inverse=True)).round(4))
            )
    return pieces


def gathered(links: gpd.GeoDataFrame, wish: Wish, tell: Callable[[str], None]) -> Gathered:
    """The ways of OpenStreetMap near `links`.

    Parameters
    ----------
    links : GeoDataFrame
        All of one mode.
    tell : function
        Told what takes time.

    Raises
    ------
    Faults
        The extra ``osm`` is not installed, an extract cannot be used, or the public server would
        have to answer more than a handful of questions.
    ServerFault
        An OSError: the server cannot be reached, stays busy, or answers no whole answer.
    """
    try:
        from corridor.geodata import extract, osm
    except ModuleNotFoundError as error:
        message = f"this needs {error.name}: pip install 'corridor[osm]'"
        raise Faults.one(message) from error
    pieces = around(list(links.geometry), wish.near_km)
    rail = links["mode"].iloc[0] == "rail"
    classes = (*ROADS, "secondary") if wish.wider else ROADS
    key = "railway" if rail else "highway"
    values = ("rail",) if rail else tuple(f"{c}{end}" for c in classes for end in ("", "_link"))
    if wish.pbf:
        stamps = [extract.stamped(path) for path in wish.pbf]
        tell(f"reading {', '.join(path.name for path in wish.pbf)}")
        with TemporaryDirectory() as folder:
            xml = Path(folder) / "near.osm"
            if not extract.write_near(stamps, pieces, key, values, xml):
                raise _nothing(wish, rail)
            tracks = osm.from_xml(xml)
        said = " and ".join(f"{s.date or 'no date'} (sha256 {s.sha256[:12]})" for s in stamps)
        return Gathered(tracks, f"{CREDIT}, extract of {said}")
    address = _address(wish.overpass, len(pieces))
    answers = osm.from_overpass(pieces, key, values, address, wish.cache, tell)
    tell(f"{answers.asked} questions asked, {answers.kept} answered from {wish.cache}")
    if not len(answers.tracks.node):
        raise _nothing(wish, rail)
    days = " to ".join(dict.fromkeys(answers.dates)) or "no date"
    return Gathered(answers.tracks, f"{CREDIT}, Overpass answer of {days}")


def _address(address: str, questions: int) -> str:
    """The server's address without a last slash, if it is one and may be asked so much."""
    address = address.rstrip("/")
    if not re.fullmatch(r"https?://[\w.:/\[\]-]+", address):
        message = "write an address such as https://overpass.example/api"
        raise Faults.one(message, "--overpass-url")
    if address == PUBLIC and questions > HANDFUL:
        message = f"{questions} questions are more than the {HANDFUL} the public server should get"
        raise Faults.one(f"{message}: use --pbf FILE, or take fewer links", "--overpass")
    return address


def _nothing(wish: Wish, rail: bool) -> Faults:
    """No way at all near the line."""
    what = "railway" if rail else "road of these classes"
    more = "" if rail or wish.wider else ", or --wider"
    where = f"within {wish.near_km:g} km of the line drawn so far"
    return Faults.one(f"no {what} lies {where}: try another extract, a greater --near{more}")

"""Drawing office: from the network's layers to the ground, the names and the views of a map."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

if TYPE_CHECKING:
    from corridor.geodata import Network

__all__ = ["basemap", "labels", "path", "point", "text", "views"]

#: Decimals of a degree: the ground is 1:50m (0.01 degree is 1 km), the subject street scale.
_GROUND, _SUBJECT = 2, 4

#: The zoom from which a place of that rank may be named.
_ZOOM = {1: 0.0, 2: 5.0, 3: 6.5}

#: Kinds of place drawn as a border crossing even when the run does not simulate it.
CROSSINGS = frozenset({"border_post", "pass", "dry_port", "trade_centre"})


def text(value: Any) -> str:
    """`value` as text; missing values of any table library as the empty text."""
    return "" if value is None or value != value else str(value)


def point(geometry: Any) -> list[float]:
    """Latitude and longitude in degrees, the order of the map script."""
    return [round(geometry.y, _SUBJECT), round(geometry.x, _SUBJECT)]


def path(geometry: Any) -> list[list[float]]:
    """The vertices of a line as latitude and longitude in degrees."""
    return [[round(y, _SUBJECT), round(x, _SUBJECT)] for x, y, *_ in geometry.coords]


def basemap(network: Network) -> dict[str, dict[str, Any]]:
    """Land, rivers, lakes, borders, disputed lines as bare geometries: no property at all.

    A line counts as disputed unless its status says ``international``: in doubt it is dashed.
    """
    ground = network.basemap
    lines = ground.get("boundaries")
    settled: list[BaseGeometry] = []
    disputed: list[BaseGeometry] = []
    if lines is not None:
        for status, geometry in zip(lines["status"], lines.geometry, strict=True):
            (settled if status == "international" else disputed).append(geometry)
    return {
        "land": _shape("MultiPolygon", _geometries(ground.get("land"))),
        "rivers": _shape("MultiLineString", _geometries(ground.get("rivers"))),
        "lakes": _shape("MultiPolygon", _geometries(ground.get("lakes"))),
        "borders": _shape("MultiLineString", settled),
        "disputed": _shape("MultiLineString", disputed),
    }


def labels(network: Network, drawn: Iterable[str]) -> list[dict[str, Any]]:
    """Places to name, most important first; those already drawn as posts are left out.

    Returns
    -------
    list of dict
        ``name``, ``local``, ``at`` (latitude, longitude), ``within_km`` (how far off that may be),
        ``rank`` (1 first), ``zoom`` (from which it may be named), ``crossing`` (drawn as a border
        crossing).
    """
    left_out = set(drawn)
    places = network.places
    ranks = places["rank"] if "rank" in places else [2] * len(places)
    found = []
    for place, name, local, kind, rank, within, geometry in zip(
        places["place"], places["name"], places["local_name"], places["kind"], ranks,
        places["within_km"], places.geometry, strict=True,
    ):  # fmt: skip
        if place in left_out:
            continue
        order = min(max(int(rank), 1), 3)
        crossing = kind in CROSSINGS
        found.append(
            {
                "place": text(place),
                "name": text(name),
                "local": text(local),
                "at": point(geometry),
                "within_km": round(float(within), 3),
                "rank": order,
                "zoom": _ZOOM[order] + (1 if crossing and order > 1 else 0),
                "crossing": crossing,
            }
        )
    return sorted(found, key=lambda label: (label["rank"], label["crossing"], label["place"]))


def views(
    network: Network, posts: list[dict[str, Any]], corridors: Iterable[str]
) -> dict[str, list[list[float]]]:
    """Three boxes (south-west, north-east; degrees): the port, its corridor, the whole network.

    Parameters
    ----------
    network : Network
    posts : list of dict
        The posts of the study, each with ``at`` and ``place_id``.
    corridors : iterable of str
        The corridors the results speak of; without any known, those through a post of the study.
    """
    at = [post["at"] for post in posts]
    named = [network.corridors[name] for name in corridors if name in network.corridors]
    ids = {post["place_id"] for post in posts}
    chosen = named or [c for c in network.corridors.values() if ids & set(c.places)][:1]
    along = {place for corridor in chosen for place in corridor.places}
    places = network.places
    inside = [point(g) for p, g in zip(places["place"], places.geometry, strict=True) if p in along]
    land = network.links[network.links["mode"] != "sea"]
    corners = shapely.points(land.total_bounds.reshape(2, 2)) if len(land) else []
    whole = [point(corner) for corner in corners] + at
    whole = whole or [point(geometry) for geometry in places.geometry]
    corridor = inside + at or whole
    return {"port": _box(at or corridor), "corridor": _box(corridor), "network": _box(whole)}


def _box(at: list[list[float]]) -> list[list[float]]:
    latitudes, longitudes = zip(*at, strict=True)
    return [[min(latitudes), min(longitudes)], [max(latitudes), max(longitudes)]]


def _geometries(table: Any) -> list[BaseGeometry]:
    return [] if table is None else list(table.geometry)


def _shape(kind: str, geometries: list[BaseGeometry]) -> dict[str, Any]:
    """One multi-part geometry of all the parts, rounded; numbers only."""
    parts = [part for part in shapely.get_parts(geometries) if not part.is_empty]
    if kind == "MultiPolygon":
        rings = [[_ring(p.exterior), *map(_ring, p.interiors)] for p in parts]
        return {"type": kind, "coordinates": rings}
    return {"type": kind, "coordinates": [_ring(part) for part in parts]}


def _ring(line: Any) -> list[list[float]]:
    rounded: list[list[float]] = np.round(shapely.get_coordinates(line), _GROUND).tolist()
    return rounded

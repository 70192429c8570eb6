"""Drawing office: where the names of countries and seas are written on the map of the world.

A country is named in the middle of what the map shows of it, by the polygons without contested
ground. Only those are named that the layers have to do with, and the large ones between them.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import shapely

from corridor.maps.ground import text

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["areas"]

#: Where a sea's name is written, latitude and longitude, and how far it is open round that point,
#: in degrees of longitude: chosen for the lettering.
SEAS = (
    ("Caspian Sea", 41.9, 50.6, 3.5), ("Black Sea", 43.3, 34.2, 5.0),
    ("Arabian Sea", 17.5, 64.5, 7.0), ("Bay of Bengal", 15.0, 88.5, 6.0),
    ("Mediterranean Sea", 34.6, 19.5, 8.0), ("Baltic Sea", 56.4, 18.6, 3.5),
    ("North Sea", 56.3, 3.4, 4.0), ("Red Sea", 20.5, 38.4, 3.0),
    ("South China Sea", 14.5, 114.5, 6.0), ("East China Sea", 29.3, 125.2, 4.5),
    ("Indian Ocean", -6.0, 76.0, 14.0),
)  # fmt: skip

#: Land, inside the view, from which a country is named though no layer has a place in it.
LARGE_KM2 = 60_000.0
_MARGIN = 4.0  # degrees beyond the view
_KM = 111.2  # a degree of latitude
_UNTIL = 7.5  # zoom from which one name for a whole area says nothing any more


def areas(
    countries: gpd.GeoDataFrame | None, view: list[list[float]], concerned: Collection[str]
) -> list[dict[str, Any]]:
    """Names of countries and seas with the point each is written at.

    Parameters
    ----------
    countries : GeoDataFrame or None
        ``iso_a2``, ``iso_a3``, ``name`` and polygons, EPSG:4326.
    view : list
        South-west and north-east corner of the start view, degrees.
    concerned : collection of str
        ISO codes, of two or three letters, of the countries the layers have to do with.

    Returns
    -------
    list of dict
        ``name``, ``kind`` (country or sea), ``at`` (latitude, longitude), ``reach`` (how far the
        area goes round that point, degrees of longitude: the name is written where it has room)
        and ``until`` (up to which zoom), the largest country first.
    """
    seas = [{"name": name, "kind": "sea", "at": [lat, lon], "reach": reach, "until": _UNTIL}
            for name, lat, lon, reach in SEAS]  # fmt: skip
    if countries is None:
        return seas
    (south, west), (north, east) = view
    window = shapely.box(west - _MARGIN, south - _MARGIN, east + _MARGIN, north + _MARGIN)
    found = []
    for two, three, name, ground in zip(
        countries["iso_a2"], countries["iso_a3"], countries["name"], countries.geometry, strict=True
    ):
        part = _widest(shapely.intersection(ground, window))
        known = bool({text(two), text(three)} & set(concerned))
        if part is None or not (known or _km2(part) >= LARGE_KM2):
            continue
        circle = shapely.maximum_inscribed_circle(part)  # a line from its middle to its rim
        lon, lat = shapely.get_coordinates(circle)[0]
        found.append((_km2(part), {
            "name": text(name), "kind": "country", "at": [round(lat, 2), round(lon, 2)],
            "reach": round(circle.length, 2), "until": _UNTIL,
        }))  # fmt: skip
    found.sort(key=lambda each: (-each[0], each[1]["name"]))
    return [each for _, each in found] + seas


def _widest(ground: Any) -> Any:
    """The largest polygon of a geometry, or None."""
    parts = [p for p in shapely.get_parts(ground) if p.geom_type == "Polygon" and not p.is_empty]
    return max(parts, key=_km2, default=None)


def _km2(part: Any) -> float:
    """About the area on the ground: the width of a degree is that of the middle latitude."""
    _, south, _, north = part.bounds
    return float(part.area) * _KM**2 * math.cos(math.radians((south + north) / 2))

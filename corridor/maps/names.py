"""Drawing office: where the names of countries and seas are written on the map of the world.

A country is named in the middle of what the map shows of it, by the polygons without contested
ground. Only those are named that the layers have to do with, and the large ones between them;
those with a place of the network come first.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
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

#: Natural Earth prints the formal name of some countries and the everyday one of others (Iran,
#: Syria); a map for reading has the everyday name of all. By ISO code, in three letters.
EVERYDAY: Mapping[str, str] = {
    "RUS": "Russia", "LAO": "Laos", "PRK": "North Korea", "KOR": "South Korea", "BRN": "Brunei",
}  # fmt: skip

#: Land, inside the view, from which a country is named though no layer has a place in it.
LARGE_KM2 = 60_000.0
_SHARES = (0.0, -0.25, 0.25, -0.5, 0.5)  # of a circle's radius: parallels looked at through it
_WIDE = 3.0  # degrees, the radius of a circle in which any name has room
_MARGIN = 4.0  # degrees beyond the view
_KM = 111.2  # a degree of latitude
_NEAR = 5.0  # degrees from the ways on land: countries farther off are named from near alone
_FROM = 5.0  # the zoom that is
_UNTIL = 7.5  # zoom from which one name for a whole area says nothing any more


def areas(
    countries: gpd.GeoDataFrame | None,
    view: list[list[float]],
    touched: Collection[str],
    partners: Collection[str],
    ways: Any,
) -> list[dict[str, Any]]:
    """Names of countries and seas with the point each is written at.

    Parameters
    ----------
    countries : GeoDataFrame or None
        ``iso_a2``, ``iso_a3``, ``name`` and polygons, EPSG:4326.
    view : list
        South-west and north-east corner of the start view, degrees.
    touched : collection of str
        ISO codes, of two letters, of the countries with a place of the network.
    partners : collection of str
        ISO codes, of three letters, of those the layers have to do with otherwise.
    ways : geometry
        All roads and railways: what is far from them is named from near alone.

    Returns
    -------
    list of dict
        ``name``, ``kind`` (country or sea), ``at`` (latitude, longitude), ``reach`` (how far the
        area goes round that point, degrees of longitude: the name is written where it has room),
        ``zoom`` and ``until`` (from and up to which zoom): countries the network touches, then the
        others, the largest of each first, then seas.
    """
    seas = [{"name": name, "kind": "sea", "at": [lat, lon], "reach": reach, "zoom": 0.0,
             "until": _UNTIL} for name, lat, lon, reach in SEAS]  # fmt: skip
    if countries is None:
        return seas
    (south, west), (north, east) = view
    window = shapely.box(west - _MARGIN, south - _MARGIN, east + _MARGIN, north + _MARGIN)
    found = []
    for two, three, name, ground in zip(
        countries["iso_a2"], countries["iso_a3"], countries["name"], countries.geometry, strict=True
    ):
        part = _widest(shapely.intersection(ground, window))
        first, known = text(two) in touched, text(three) in partners
        if part is None or not (first or known or _km2(part) >= LARGE_KM2):
            continue
        lat, lon, reach = _middle(part, first)
        far = not (first or known) and part.distance(ways) > _NEAR
        found.append((not first, -_km2(part), {
            "name": EVERYDAY.get(text(three), text(name)), "kind": "country",
            "at": [round(lat, 2), round(lon, 2)], "reach": round(reach, 2),
            "zoom": _FROM if far else 0.0, "until": _UNTIL,
        }))  # fmt: skip
    found.sort(key=lambda each: (*each[:2], each[2]["name"]))
    return [each for *_, each in found] + seas


def _middle(part: Any, first: bool) -> tuple[float, float, float]:
    """Where the name of a country is written: latitude, longitude, room to each side (degrees).

    In the middle of its widest circle. In a small country the network touches, on the longest run
    of a parallel through it: a name is wide and low, and Tajikistan is longer than its circle.
    """
    circle = shapely.maximum_inscribed_circle(part)  # a line from its middle to its rim
    lon, lat = shapely.get_coordinates(circle)[0]
    if not first or circle.length >= _WIDE:
        return float(lat), float(lon), float(circle.length)
    runs = [_run(part, lon, lat + share * circle.length) for share in _SHARES]
    west, at, east = max(runs, key=lambda run: run[2] - run[0])
    return at, (west + east) / 2, (east - west) / 2


def _run(part: Any, lon: float, lat: float) -> tuple[float, float, float]:
    """West end, latitude, east end of the run of a parallel inside a polygon that is nearest."""
    west, _, east, _ = part.bounds
    along = shapely.intersection(part, shapely.LineString([(west, lat), (east, lat)]))
    west, _, east, _ = min(shapely.get_parts(along), key=shapely.Point(lon, lat).distance).bounds
    return float(west), float(lat), float(east)


def _widest(ground: Any) -> Any:
    """The largest polygon of a geometry, or None."""
    parts = [p for p in shapely.get_parts(ground) if p.geom_type == "Polygon" and not p.is_empty]
    return max(parts, key=_km2, default=None)


def _km2(part: Any) -> float:
    """About the area on the ground: the width of a degree is that of the middle latitude."""
    _, south, _, north = part.bounds
    return float(part.area) * _KM**2 * math.cos(math.radians((south + north) / 2))

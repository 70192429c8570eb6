"""Build time: sea lanes between seaports, by the Python package searoute 1.6.0 (Apache-2.0).

It works offline on a network of sea lanes that goes back to Eurostat's SeaRoute. Run it where that
package, shapely and pyproj are installed; no part of the project needs it at run time::

    python tools/draw_sea.py

Traps. With Suez closed the shortest way from Shanghai to Hamburg is through Panama, not by the
Cape: both must be closed. In the Caspian Sea the network is one lane between Aktau and Baku: the
points next to a port are left out where it is reached without them, over water. Lengths are
geodesic, of the whole line from port to port before it is thinned.
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import shapely
from draw_links import GEODATA, places, write
from pyproj import Geod
from shapely.geometry import LineString, shape

SUEZ = ("northwest", "panama")  # passages a lane may not take
CAPE = ("northwest", "panama", "suez")
TOLERANCE = 0.02  # degrees
DRY = 0.15  # degrees of land a piece to a port may cross: quays and the coast's coarse line
FEW, NEAR_KM = 4, 600.0  # points of the network a ship may pass by on its way out of port
CREDIT = "searoute 1.6.0 (Apache-2.0), after Eurostat's SeaRoute"
_EARTH = Geod(ellps="WGS84")
Line = list[tuple[float, float]]  # longitude, latitude
OCEAN = {
    "speed_kmh": 25.93,
    "speed_low": 25.41,
    "speed_high": 29.63,
    "speed_evidence": "derived",
    "speed_claim": "SE-02 SE-01 SE-08",
    "speed_why": "mean of container ships, 14 knots, in March 2024, taken for this lane; low end "
    "13.72 knots in February 2023 (SE-01), high end 16 knots as reckoned with in comparisons "
    "(SE-08)",
}


class Lane(NamedTuple):
    """A lane to be drawn."""

    from_place: str
    to_place: str
    name: str
    claim: str  # what searoute computes between the nodes next to the ports
    closed: tuple[str, ...] = SUEZ
    variant: str = ""
    section: str = "Sea route for comparison"
    hours: float | None = None  # of the crossing, where it is published
    hours_claim: str = ""


LANES = (
    Lane("shanghai", "karachi", "By the Strait of Malacca", "SE-10"),
    Lane("shanghai", "gwadar", "By the Strait of Malacca", "SE-11"),
    Lane("shanghai", "hamburg", "By Malacca and Suez", "SE-12"),
    Lane("shanghai", "hamburg", "By the Cape of Good Hope", "SE-13", CAPE, "cape"),
    Lane("shenzhen", "karachi", "By the Strait of Malacca", "SE-14"),
    Lane("shenzhen", "gwadar", "By the Strait of Malacca", "SE-15"),
    Lane("shenzhen", "hamburg", "By Malacca and Suez", "SE-16"),
    Lane("shenzhen", "hamburg", "By the Cape of Good Hope", "SE-17", CAPE, "cape"),
    Lane("karachi", "gwadar", "Along the coast of Makran", "SE-18"),
    Lane("karachi", "hamburg", "By Suez", "SE-23"),
    Lane("gwadar", "hamburg", "By Suez", "SE-24"),
    Lane("aktau", "alat", "Caspian Sea", "SE-19", (), "", "Middle corridor", 22, "SE-04"),
    Lane("kuryk", "alat", "Caspian Sea", "SE-20", (), "", "Middle corridor", 18, "SE-05"),
    Lane("poti", "hamburg", "By the Bosporus and Gibraltar", "SE-21", section="Middle corridor"),
    Lane("aktau", "baku", "Caspian Sea", "SE-22", (), "", "Middle corridor", 22),
)


def length_km(line: Line) -> float:
    """Length of a line over the ellipsoid, km."""
    return float(_EARTH.line_length(*zip(*line, strict=True))) / 1000


def dry_land() -> Any:
    """Land without lakes, of the base map."""
    shapes = []
    for name in ("land", "lakes"):
        text = (GEODATA / "basemap" / f"{name}.geojson").read_text(encoding="utf-8")
        shapes.append(
            shapely.union_all([shape(f["geometry"]) for f in json.loads(text)["features"]])
        )
    return shapes[0].difference(shapes[1])


def straightened(line: Line, land: Any) -> Line:
    """The line from its first point straight to the farthest of the next few over water."""
    for step in range(min(FEW, len(line) - 1), 1, -1):
        direct = [line[0], line[step]]
        wet = LineString(direct).intersection(land).length <= DRY
        if wet and length_km(direct) < NEAR_KM:
            return [*direct, *line[step + 1 :]]
    return line


def lane_line(lane: Lane, at: dict[str, list[float]], land: Any) -> tuple[Line, float]:
    """The line from port to port, and what searoute gives for the network's part of it, km."""
    import searoute  # here, so that the rest can be tested without it

    one, other = tuple(at[lane.from_place]), tuple(at[lane.to_place])
    route = searoute.searoute(one, other, restrictions=list(lane.closed))
    line = [one, *map(tuple, route["geometry"]["coordinates"]), other]
    line = straightened(line, land)
    line = straightened(line[::-1], land)[::-1]
    return line, float(route["properties"]["length"])


def speed(lane: Lane, km: int) -> dict[str, Any]:
    """Sailing speed: the fleet's on the oceans, by the hours of the crossing on the Caspian Sea."""
    if lane.hours is None:
        return OCEAN
    kmh = round(km / lane.hours, 1)
    why = f"{km} km in {lane.hours} hours"
    ends = "low end general knowledge (SE-25), high end that of the oceans (SE-08)"
    return {
        "speed_kmh": kmh,
        "speed_low": 15,
        "speed_high": 29.63,
        "speed_evidence": "derived" if lane.hours_claim else "assumed",
        "speed_claim": f"{lane.hours_claim} SE-25 SE-08" if lane.hours_claim else "",
        "speed_why": f"{why}; {ends}"
        if lane.hours_claim
        else f"{why}, the time from Aktau to Alat (SE-04), taken for Baku",
    }


def feature(lane: Lane, at: dict[str, list[float]], land: Any) -> dict[str, Any]:
    """One lane as a feature, with every property of a link."""
    line, network = lane_line(lane, at, land)
    link = f"{lane.from_place}-{lane.to_place}_sea{'_' * bool(lane.variant)}{lane.variant}"
    km = round(length_km(line))
    simple = LineString(line).simplify(TOLERANCE).coords[1:-1]
    points = [line[0], *((round(x, 3), round(y, 3)) for x, y in simple), line[-1]]
    known = {
        "link": link, "from_place": lane.from_place, "to_place": lane.to_place, "via": "",
        "mode": "sea", "name": lane.name, "section": lane.section, "km": km,
        "evidence": "derived",
        "claim": lane.claim,
        "why": f"{network:,.0f} km on the network of searoute 1.6.0, {km - round(network):+,} km "
        "as the line leaves and reaches the ports straight over water",
        **speed(lane, km),
        "traffic_t": None, "traffic_trains": None, "traffic_claim": "", "traffic_period": "",
        "traffic_why": "", "class": "lane", "gauge_mm": None, "winter_kmh": None,
        "winter_evidence": "", "winter_claim": "", "winter_why": "", "drawn": "sea_lane",
        "drawn_credit": CREDIT,
    }  # fmt: skip
    geometry = {"type": "LineString", "coordinates": [list(point) for point in points]}
    return {"type": "Feature", "properties": known, "geometry": geometry}


def main() -> None:
    """Draw every lane."""
    at, land = places(), dry_land()
    features = [feature(lane, at, land) for lane in LANES]
    for each in features:
        known = each["properties"]
        print(f"{known['link']:28}{known['km']:7}{len(each['geometry']['coordinates']):5}")
    write(GEODATA / "links" / "sea.geojson", features)


if __name__ == "__main__":
    main()

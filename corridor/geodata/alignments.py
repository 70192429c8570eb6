"""The geodata room: what must be true of the drawn lines and of the heights along them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
import shapely
from pyproj import Geod

from corridor.faults import Fault
from corridor.geodata.links import CLASSES
from corridor.geodata.network import Network, geodesic_km

__all__ = ["alignment_cautions", "alignment_checks", "drawn_as", "drawn_km", "heights",
           "off_km"]  # fmt: skip

TOWN_KM = 3.0  # a highway through a town passes within this of the town's position
HIGHWAY = "Karakoram Highway"
LONGER = 1.05  # a drawn line leaves out bends; one this much longer than the road is another road
ABSURD = 1.5
SHORTER = 0.7  # a line made from data that misses more than this of the road misses a part of it
PASS_M = 150.0  # a grid of 30 arc seconds smooths a pass by about this much
DRAWN = ("terrain", "terrain_coarse", "osm", "osm_coarse", "sea_lane", "straight")
COARSE_KM = 15.0  # lines thinned to 1 km keep a vertex every 4 to 12 km; fewer: none to keep
BARE_KM = 50.0  # one piece this long may be a straight road or a gap of the source: who knows
SPIKE = 75.0  # m a km up and down again between three neighbours; the steepest so far is 52
_EARTH = Geod(ellps="WGS84")


def drawn_km(line: shapely.LineString) -> float:
    """Length of a line over the WGS 84 ellipsoid, km."""
    points = shapely.get_coordinates(line)
    return float(_EARTH.line_length(points[:, 0], points[:, 1])) / 1000


def drawn_as(source: str, line: shapely.LineString) -> str:
    """How a line that follows `source` is said to be drawn, by how finely it does.

    With its two ends alone it is ``straight``. With pieces of more than `COARSE_KM` on average, or
    a single one of more than `BARE_KM`, it is ``..._coarse``: near the road or railway at large,
    perhaps some km off it in between.

    Examples
    --------
    >>> drawn_as("osm", shapely.LineString([(80, 44), (80.1, 44.1), (80.2, 44)]))
    'osm'
    >>> drawn_as("osm", shapely.LineString([(80, 44), (80.1, 44.1), (81, 44)]))
    'osm_coarse'
    >>> drawn_as("osm", shapely.LineString([(80, 44), (80.2, 44)]))
    'straight'
    """
    points = shapely.get_coordinates(line)
    if len(points) < 3:
        return "straight"
    pieces = np.array(_EARTH.line_lengths(points[:, 0], points[:, 1])) / 1000
    coarse = pieces.mean() > COARSE_KM or pieces.max() > BARE_KM
    return f"{source}_coarse" if coarse else source


def off_km(line: shapely.LineString | shapely.MultiLineString, point: tuple[float, float]) -> float:
    """How far a point (longitude, latitude) lies from a line, km.

    The nearest point of the line is sought in degrees made equal (longitudes shrunk by the cosine
    of the latitude), then measured over the ellipsoid: good to 0.5% within some hundred km.
    """
    shrink = np.cos(np.radians(point[1]))
    flat = shapely.transform(line, lambda xy: xy * [shrink, 1])
    here = shapely.Point(point[0] * shrink, point[1])
    near = shapely.line_interpolate_point(flat, shapely.line_locate_point(flat, here))
    return geodesic_km((near.x / shrink, near.y), point)


def alignment_checks(network: Network) -> list[Fault]:
    """What must hold: words, towns on their highway, heights in order, no absurd length.

    Lines are to be sound already: of the right kind, finite, in the region.
    """
    return [*_words(network), *_towns(network), *_profiles(network),
            *_lengths(network, ABSURD, 0.0)]  # fmt: skip


def alignment_cautions(network: Network) -> dict[str, list[Fault]]:
    """What a careful reader doubts: lines longer or much shorter than the road, words that say too
    much of a line, passes too low, lengths without a source."""
    return {
        "drawn_length": list(_lengths(network, LONGER, SHORTER)),
        "drawn_word": list(_wrong_words(network)),
        "pass_height": list(_passes(network)),
        "no_source": list(_unsourced(network)),
    }


def _unsourced(network: Network) -> Iterator[Fault]:
    """Lengths that no claim gives or can be held against."""
    for row in network.rows["links"]:
        if not row["claim"].strip():
            message = "claim: name what its length was read or measured from"
            yield network.fault("link", row["link"], message)


def _words(network: Network) -> Iterator[Fault]:
    """Known classes and ways of drawing; whose data; a winter speed with its evidence."""
    for row in network.rows["links"]:
        name, allowed = row["link"], CLASSES.get(row["mode"], ())
        if row["class"] not in allowed:
            message = f"class {row['class']!r} is not one of {', '.join(allowed)}"
            yield network.fault("link", name, message)
        if row["drawn"] not in DRAWN:
            yield network.fault(
                "link", name, f"drawn {row['drawn']!r} is not one of {', '.join(DRAWN)}"
            )
        elif not row["drawn_credit"].strip():
            yield network.fault("link", name, "drawn_credit: say whose data the line is made of")
        cold = row["winter_kmh"]
        if np.isnan(cold):
            if row["winter_evidence"]:
                yield network.fault("link", name, "winter_evidence without a winter_kmh: drop it")
        elif not 0 < cold <= row["speed_high"]:
            yield network.fault(
                "link", name, f"winter_kmh {cold:g} must be above 0, at most speed_high"
            )
        elif row["winter_evidence"] not in ("cited", "derived", "assumed"):
            yield network.fault("link", name, "winter_evidence: write cited, derived or assumed")
        elif row["winter_evidence"] != "assumed" and not row["winter_claim"].strip():
            yield network.fault("link", name, "winter_claim: name the claim")
        elif row["winter_evidence"] != "cited" and not row["winter_why"].strip():
            yield network.fault("link", name, "winter_why: give the reason")


def _wrong_words(network: Network) -> Iterator[Fault]:
    """`drawn` against the points of the line. Only a doubt: a road may be straight for 60 km."""
    for row in network.rows["links"]:
        if row["drawn"] not in ("sea_lane", as_ := _as(row)):
            message = f"drawn {row['drawn']}, but by its points it is {as_}"
            yield network.fault("link", row["link"], message)


def _as(row: Mapping[str, Any]) -> str:
    """What `drawn` is by the points. A straight line may go through the places named as `via`; a
    short road or railway after a source may well be straight."""
    line, source = row["geometry"], row["drawn"].removesuffix("_coarse")
    points = shapely.get_num_coordinates(line)
    if source == "straight":
        return source if points <= 2 + len(row["via"].split()) else "of some shape"
    return row["drawn"] if points == 2 and drawn_km(line) < COARSE_KM else drawn_as(source, line)


def _towns(network: Network) -> Iterator[Fault]:
    """A line passes within 3 km of the places named as `via`; on the highway, of its ends too."""
    at = dict(zip(network.places.place, network.places.geometry, strict=True))
    for row in network.rows["links"]:
        ends = (row["from_place"], row["to_place"]) if row["section"] == HIGHWAY else ()
        for place in (*row["via"].split(), *ends):
            if place not in at:
                continue
            off = off_km(row["geometry"], (at[place].x, at[place].y))
            if off > TOWN_KM:
                message = f"the line passes {off:.1f} km from {place}, more than {TOWN_KM:g}"
                yield network.fault("link", row["link"], message)


def _lengths(network: Network, longest: float, shortest: float) -> Iterator[Fault]:
    """The drawn line against the length of the road. A line drawn straight says so and may be
    short; no line may be longer than the road."""
    for row in network.rows["links"]:
        length = drawn_km(row["geometry"])
        if length > longest * row["km"] + 1:
            message = f"the line is {length:,.0f} km long, the road {row['km']:g}: another road?"
            yield network.fault("link", row["link"], message)
        elif length < shortest * row["km"] and row["drawn"] != "straight":
            message = (
                f"the line is {length:,.0f} km long, the road {row['km']:g}: a part is missing"
            )
            yield network.fault("link", row["link"], message)


def heights(network: Network) -> Iterator[tuple[str, Any, Any]]:
    """The profile of each link that has one: its id, km and heights, m, as float64 (rows,)."""
    table = network.profiles
    km, height = (table[each].to_numpy(float) for each in ("km", "elevation_m"))
    codes, names = pd.factorize(table.link)
    for code, name in enumerate(names):
        here = codes == code
        yield str(name), km[here], height[here]


def _profiles(network: Network) -> Iterator[Fault]:
    """Heights of links that exist, from their first place to their last, in order."""
    length = dict(zip(network.links.link, network.links.km, strict=True))
    for name, km, height in heights(network):
        mark = f"{name} {km[0]}"
        if name not in length:
            yield network.fault("profiles", mark, f"no link {name!r}")
        elif len(km) < 2 or (np.diff(km) <= 0).any():
            message = "km must rise from row to row, two rows or more"
            yield network.fault("profiles", mark, message)
        elif km[0] != 0 or abs(km[-1] - length[name]) > 0.5:
            message = f"km runs from {km[0]:g} to {km[-1]:g}, not from 0 to {length[name]:g}"
            yield network.fault("profiles", mark, message)
        else:
            yield from _spikes(network, name, km, height)


def _spikes(network: Network, name: str, km: Any, height: Any) -> Iterator[Fault]:
    """One height far above both its neighbours, or far below: no road climbs so to turn back."""
    slope = np.diff(height) / np.diff(km)
    turn = (slope[:-1] * slope[1:] < 0) & (np.minimum(abs(slope[:-1]), abs(slope[1:])) > SPIKE)
    for at in np.flatnonzero(turn) + 1:
        message = f"elevation_m {height[at]:,.0f} between {height[at - 1]:,.0f} and"
        message += f" {height[at + 1]:,.0f} m: a slipped digit?"
        yield network.fault("profiles", f"{name} {km[at]}", message)


def _passes(network: Network) -> Iterator[Fault]:
    """A road over a pass comes near the height of the pass, and not above it."""
    tops = network.places[(network.places["kind"] == "pass") & network.places.elevation_m.notna()]
    height = dict(zip(tops.place, tops.elevation_m, strict=True))
    ends = {r["link"]: (r["from_place"], *r["via"].split(), r["to_place"])
            for r in network.rows["links"]}  # fmt: skip
    for name, _, reached in heights(network):
        for place in ends.get(name, ()):
            if place in height and abs(reached.max() - height[place]) > PASS_M:
                message = f"its highest point is {reached.max():,.0f} m, {place} lies at "
                yield network.fault("link", name, f"{message}{height[place]:,.0f} m")

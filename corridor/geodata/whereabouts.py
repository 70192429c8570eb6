"""The geodata room: whether places and incidents lie where they are said to, and names are names.

A position of the wrong country, or one that is hardly known, weakens every rule that measures
from it; so both are held against the base map and against bounds.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import shapely

from corridor.faults import Fault
from corridor.geodata.alignments import off_km
from corridor.geodata.network import Network, geodesic_km

__all__ = ["whereabouts_cautions", "whereabouts_checks"]

WITHIN_KM = {"cited": 10.0, "derived": 10.0, "assumed": 20.0}
"""How badly a position may be known; the worst are 6 km cited and derived, 15 km assumed."""
BORDER_KM = 5.0  # the open lines of the base map are off by so much; 5.2 km at Kalzhat
OFF_KM = 5.0  # an incident may lie this far from its road or place, beyond its own uncertainty
_NAMES = {
    "place": ("places", ("place",), ("name", "local_name")),
    "link": ("links", ("link",), ("name", "section")),
    "ports": ("ports", ("port",), ("name", "local_name")),
    "incidents": ("incidents", ("incident",), ("name",)),
}


def whereabouts_checks(network: Network) -> list[Fault]:
    """What must hold: positions that are known well enough to measure from."""
    found = []
    for row in network.rows["places"]:
        most = WITHIN_KM.get(row["evidence"], 0.0)
        if row["within_km"] > most:
            message = f"within_km {row['within_km']:g}: a position that is {row['evidence']} is"
            message += f" known to {most:g} km or better; find a better one"
            found.append(network.fault("place", row["place"], message))
    return found


def whereabouts_cautions(network: Network) -> dict[str, list[Fault]]:
    """What a careful reader doubts: places of another country, far incidents, marks in names."""
    return {
        "other_country": list(_countries(network)),
        "far_incident": list(_far_incidents(network)),
        "mark_in_name": list(_marks(network)),
    }


def _countries(network: Network) -> Iterator[Fault]:
    """A place lies in its country by the base map, or near to it; one without any, in none.

    Contested ground is cut out of every polygon, so a place on it lies in none and is let be.
    """
    if "countries" not in network.basemap:
        return
    table = network.basemap["countries"]
    ground = dict(zip(table.iso_a2, table.geometry, strict=True))
    tree = shapely.STRtree(list(ground.values()))
    codes = list(ground)
    for row in network.rows["places"]:
        slack = row["within_km"] + BORDER_KM
        for at in tree.query(row["geometry"], predicate="within"):
            lies, own = codes[at], row["country"]
            if lies == own:
                continue
            off = _to_edge(ground[own if own in ground else lies], row["geometry"])
            if off > slack:
                where = f"{off:.0f} km from {own}" if own in ground else f"{off:.0f} km inside"
                message = f"country is {own or 'empty'}, but it lies in {lies}, {where}"
                yield network.fault("place", row["place"], message)


def _to_edge(area: Any, point: shapely.Point) -> float:
    """How far a point lies from the edge of an area, km."""
    edge = shapely.MultiLineString([part.exterior for part in shapely.get_parts(area)])
    return off_km(edge, (point.x, point.y))


def _far_incidents(network: Network) -> Iterator[Fault]:
    """An incident lies at its road and at its place, if it names them."""
    lines: dict[str, Any] = dict(zip(network.links.link, network.links.geometry, strict=True))
    at = dict(zip(network.places.place, network.places.geometry, strict=True))
    for row in network.rows["incidents"]:
        here = (row["geometry"].x, row["geometry"].y)
        off = {}
        if row["link"] in lines:
            off[row["link"]] = off_km(lines[row["link"]], here)
        if row["place"] in at:
            off[row["place"]] = geodesic_km((at[row["place"]].x, at[row["place"]].y), here)
        for name, km in off.items():
            if km > row["within_km"] + OFF_KM:
                message = f"{km:.0f} km from {name}, more than it may be off"
                yield network.fault("incidents", row["incident"], message)


def _marks(network: Network) -> Iterator[Fault]:
    """A name with ``<`` in it was copied with its markup, or is meant to be taken for some."""
    for what, (table, key, columns) in _NAMES.items():
        for row in network.rows[table]:
            for column in columns:
                if "<" in row[column]:
                    message = f"{column} has '<' in it: write plain words"
                    yield network.fault(what, " ".join(row[each] for each in key), message)

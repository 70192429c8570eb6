"""The geodata room: the layers kept as CSV (ports, terminals, incidents, profiles, rates, totals).

Each becomes a table with a point a row where it has a place on the earth: a port and a terminal
at their place, an incident where its row says, a height along the drawn line of its link.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Geod

from corridor.faults import Mark
from corridor.geodata.hours import opening
from corridor.geodata.places import LOCODE
from corridor.geodata.seasons import season
from corridor.geodata.tables import Cell, day, identifier, number, one_of, read_table, words

__all__ = ["LAYERS", "read_layers"]

EVIDENCE = one_of(("cited", "derived", "assumed"))
MODE = one_of(("road", "rail", "sea"))
_GAUGE = number("a gauge in mm, such as 1435", 600.0, empty=True)
_DAYS = number("days of 0 or more", 0.0, empty=True)
_USD = number("USD of 0 or more", 0.0)
_RESTS: dict[str, Cell] = {"evidence": EVIDENCE, "claim": words, "why": words}

PORTS: dict[str, Cell] = {
    "port": identifier,
    "name": words,
    "local_name": words,
    "kind": one_of(("road", "rail", "cooperation_centre")),
    "place": identifier,
    "across": identifier,
    "mode": words,
    "season": season,
    "hours": opening,
    "elevation_m": number("metres", empty=True),
    "gauge_mm": _GAUGE,
    "gauge_across_mm": _GAUGE,
    "unlocode": LOCODE,
    "unlocode_across": LOCODE,
    **_RESTS,
    "note": words,
}
TERMINALS: dict[str, Cell] = {
    "place": identifier,
    "from_mode": MODE,
    "to_mode": MODE,
    "hours": number("hours of 0 or more", 0.0),
    "hours_low": number("hours of 0 or more", 0.0),
    "hours_high": number("hours of 0 or more", 0.0),
    "usd_per_teu": _USD,
    "evidence": EVIDENCE,
    "usd_evidence": EVIDENCE,
    "claim": words,
    "why": words,
}
INCIDENTS: dict[str, Cell] = {
    "incident": identifier,
    "kind": one_of(("landslide", "flood", "snow", "lake", "attack", "protest")),
    "name": words,
    "link": words,
    "place": words,
    "lat": number("degrees"),
    "lon": number("degrees"),
    "within_km": number("km above 0", 0.0, above=True),
    "position": EVIDENCE,
    "from": day,
    "to": day,
    "stopped": one_of(("road", "cargo", "port", "passengers", "")),
    "closed_days": _DAYS,
    "closed_days_low": _DAYS,
    "closed_days_high": _DAYS,
    **_RESTS,
}
PROFILES: dict[str, Cell] = {
    "link": words,
    "km": number("km of 0 or more", 0.0),
    "elevation_m": number("metres"),
}
HAULAGE: dict[str, Cell] = {
    "mode": MODE,
    "section": words,
    "usd_per_teu_km": _USD,
    "low": _USD,
    "high": _USD,
    **_RESTS,
}
ACCEPTED: dict[str, Cell] = {
    "caution": identifier,
    "name": words,
    "why": words,
}
TOTALS: dict[str, Cell] = {
    "corridor": identifier,
    "from_place": identifier,
    "to_place": identifier,
    "km": number("km above 0", 0.0, above=True),
    "within": number("a share of 0 or more", 0.0),
    "claim": words,
    "why": words,
}
LAYERS: dict[str, tuple[dict[str, Cell], tuple[str, ...]]] = {
    "ports": (PORTS, ("port",)),
    "terminals": (TERMINALS, ("place", "from_mode", "to_mode")),
    "incidents": (INCIDENTS, ("incident",)),
    "profiles": (PROFILES, ("link", "km")),
    "haulage": (HAULAGE, ("mode", "section")),
    "accepted": (ACCEPTED, ("caution", "name")),
    "totals": (TOTALS, ("corridor", "from_place", "to_place")),
}
_NUMBERS = ("elevation_m", "gauge_mm", "gauge_across_mm", "closed_days", "closed_days_low",
            "closed_days_high")  # empty where not known  # fmt: skip
_EARTH = Geod(ellps="WGS84")
_NOWHERE = shapely.Point()


def read_layers(
    folder: Path, places: gpd.GeoDataFrame, links: gpd.GeoDataFrame
) -> tuple[dict[str, gpd.GeoDataFrame | pd.DataFrame], dict[str, Mark]]:
    """Every layer of `LAYERS` by name, and where ``<layer>/<key>`` stands.

    A row whose place or link does not exist has an empty point; the rules say so.

    Raises
    ------
    Faults
        A file that is missing or cannot be read.
    """
    found: dict[str, gpd.GeoDataFrame | pd.DataFrame] = {}
    marks: dict[str, Mark] = {}
    for name, (columns, key) in LAYERS.items():
        rows = read_table(folder, f"{name}.csv", columns, key)
        table = pd.DataFrame([row.values for row in rows], columns=list(columns))
        for column in _NUMBERS:
            if column in table:
                table[column] = table[column].astype(float)
        found[name] = _placed(name, table, places, links)
        for row in rows:
            its = " ".join(str(row.values[column]) for column in key)
            marks[f"{name}/{its}"] = row.mark
    return found, marks


def _placed(
    name: str, table: pd.DataFrame, places: gpd.GeoDataFrame, links: gpd.GeoDataFrame
) -> gpd.GeoDataFrame | pd.DataFrame:
    """The table with its points, where it has any."""
    if name in ("ports", "terminals"):
        at = dict(zip(places.place, places.geometry, strict=True))
        points: Any = [at.get(place, _NOWHERE) for place in table.place]
    elif name == "incidents":
        points = shapely.points(table.lon.astype(float), table.lat.astype(float))
        table = table.drop(columns=["lat", "lon"])
    elif name == "profiles":
        points = _along(table, links)
    else:
        return table
    return gpd.GeoDataFrame(table, geometry=points, crs="EPSG:4326")


def _along(table: pd.DataFrame, links: gpd.GeoDataFrame) -> list[shapely.Point]:
    """The point of each height: at the share of the drawn line that its km are of the link's."""
    length = dict(zip(links.link, links.km, strict=True))
    lines = dict(zip(links.link, links.geometry, strict=True))
    points: dict[int, shapely.Point] = {}
    for name, rows in table.groupby("link", sort=False):
        link = str(name)
        if link not in lines:
            continue
        vertices = shapely.get_coordinates(lines[link])
        steps = _EARTH.line_lengths(vertices[:, 0], vertices[:, 1])
        until = np.concatenate([[0.0], np.cumsum(steps)])
        share = rows.km.to_numpy(float) / length[link] * until[-1]
        lon = np.interp(share, until, vertices[:, 0]).round(5)
        lat = np.interp(share, until, vertices[:, 1]).round(5)
        points |= dict(zip(rows.index, shapely.points(lon, lat), strict=True))
    return [points.get(i, _NOWHERE) for i in table.index]

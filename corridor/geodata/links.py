"""The geodata room: the links of road, rail and sea, one GeoJSON file a mode."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd

from corridor.faults import Fault, Faults, Mark, did_you_mean
from corridor.geodata.geojson import Feature, features

__all__ = ["CLASSES", "LINK", "LINK_MODES", "read_links"]

LINK = (
    "link", "from_place", "to_place", "via", "mode", "name", "section", "km", "evidence", "claim",
    "why", "speed_kmh", "speed_low", "speed_high", "speed_evidence", "speed_claim", "speed_why",
    "traffic_t", "traffic_trains", "traffic_claim", "traffic_period", "traffic_why", "class",
    "gauge_mm", "winter_kmh", "winter_evidence", "winter_claim", "winter_why", "drawn",
    "drawn_credit",
)  # fmt: skip
NUMBERS = ("km", "speed_kmh", "speed_low", "speed_high")
COUNTS = ("traffic_t", "traffic_trains", "gauge_mm", "winter_kmh")  # null where not known
WORDS = tuple(name for name in LINK if name not in (*NUMBERS, *COUNTS))
CLASSES = {
    "road": ("motorway", "trunk", "primary", "secondary"),
    "rail": ("main", "branch"),
    "sea": ("lane",),
}
LINK_MODES = tuple(CLASSES)


def read_links(folder: Path) -> tuple[gpd.GeoDataFrame, dict[str, Mark]]:
    """Road, rail and sea links as one table of LineStrings, and where each stands.

    Raises
    ------
    Faults
        A file that cannot be read, or properties that are missing, unknown or of the wrong type.
    """
    found = [f for mode in LINK_MODES for f in features(folder, f"links/{mode}.geojson")]
    faults = [fault for feature in found for fault in _misfits(feature)]
    if faults:
        raise Faults(faults)
    rows = [{name: each.properties[name] for name in LINK} for each in found]
    shapes = [each.geometry for each in found]
    table = gpd.GeoDataFrame(rows, geometry=shapes, crs="EPSG:4326")
    table = table.astype(dict.fromkeys((*NUMBERS, *COUNTS), float))
    marks: dict[str, Mark] = {}
    for each in found:  # of a link that stands twice, the second is the one to point at
        marks[f"link/{each.properties['link']}"] = each.mark
    return table, marks


def _misfits(feature: Feature) -> list[Fault]:
    """Properties of a link that are missing, unknown or of the wrong type."""
    found = feature.properties
    name = str(found.get("link", "link"))
    said = [f"{key}: not a property of a link{did_you_mean(key, LINK)}"
            for key in found if key not in LINK]  # fmt: skip
    said += [f"{key}: is missing" for key in LINK if key not in found]
    for key, value in found.items():
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if key in WORDS and not isinstance(value, str):
            said.append(f"{key}: write words, not {value!r}")
        if (key in NUMBERS and not number) or (key in COUNTS and not number and value is not None):
            said.append(f"{key}: write a number, not {value!r}")
    return [Fault(feature.mark, name, text) for text in said]

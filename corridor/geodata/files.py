"""The geodata room: the files of ``geodata/`` become one checked Network.

GeoJSON is read with the json module, never through GDAL: any path, prefix or text handed to GDAL
can open another file or an address, and an unknown CRS would silently pass for WGS 84.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import geopandas as gpd
import shapely
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import MarkedYAMLError
from shapely.errors import ShapelyError
from shapely.geometry import shape

from corridor.faults import Fault, Faults, Mark, did_you_mean
from corridor.geodata.network import Corridor, Network
from corridor.geodata.places import read_places
from corridor.geodata.rules import checks
from corridor.library import share

__all__ = ["load", "read"]

MODES = ("road", "rail", "sea")
BASEMAP = ("land", "lakes", "boundaries")
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
WGS84 = ("urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG::4326")


class Feature(NamedTuple):
    """One feature of a GeoJSON file and where it begins."""

    properties: dict[str, Any]
    geometry: Any
    mark: Mark


def load(folder: Path | None = None) -> Network:
    """The checked network.

    Parameters
    ----------
    folder : Path, optional
        A geodata folder; the bundled one when left out.

    Raises
    ------
    Faults
        Whatever `read` or `checks` finds wrong, with file and line.

    Examples
    --------
    >>> sorted(load().corridors)
    ['cpec_gwadar', 'cpec_road', 'cre_alashankou', 'cre_khorgos', 'khorgos_road']
    """
    network = read(folder)
    faults = checks(network)
    if faults:
        raise Faults(faults)
    return network


def read(folder: Path | None = None) -> Network:
    """The network as the files have it, before any check of what they say about the earth.

    Raises
    ------
    Faults
        A file that is missing or no GeoJSON in WGS 84, a property that is missing, unknown or of
        the wrong type, a malformed corridor.
    """
    folder = (folder or share("geodata")).resolve()
    places, marks = _places(folder)
    links, more = _links(folder)
    corridors, most = _corridors(folder)
    basemap = {}
    for name in BASEMAP:
        features = _features(folder, f"basemap/{name}.geojson")
        table = _table([each.properties for each in features], [f.geometry for f in features])
        if "status" not in table:
            table.insert(0, "status", "")
        basemap[name] = table[["status", "geometry"]]
    return Network(places, links, corridors, basemap, {**marks, **more, **most})


def _table(rows: list[dict[str, Any]], shapes: list[Any]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(rows, geometry=shapes, crs="EPSG:4326")


def _places(folder: Path) -> tuple[gpd.GeoDataFrame, dict[str, Mark]]:
    """Places as points."""
    places = read_places(folder)
    rows = [
        {
            each.name: getattr(place, each.name)
            for each in dataclasses.fields(place)
            if each.name not in ("lat", "lon", "mark")
        }
        for place in places
    ]
    points = [shapely.Point(place.lon, place.lat) for place in places]
    table = _table(rows, points).astype({"elevation_m": float})
    return table, {f"place/{place.place}": place.mark for place in places}


def _links(folder: Path) -> tuple[gpd.GeoDataFrame, dict[str, Mark]]:
    """Road and rail links as one table."""
    modes = [m for m in MODES if m != "sea" or (folder / "links/sea.geojson").exists()]
    features = [f for mode in modes for f in _features(folder, f"links/{mode}.geojson")]
    faults = [fault for feature in features for fault in _misfits(feature)]
    if faults:
        raise Faults(faults)
    rows = [{name: each.properties[name] for name in LINK} for each in features]
    table = _table(rows, [each.geometry for each in features])
    table = table.astype(dict.fromkeys((*NUMBERS, *COUNTS), float))
    marks: dict[str, Mark] = {}
    for each in features:  # of a link that stands twice, the second is the one to point at
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


def _features(folder: Path, name: str) -> list[Feature]:
    """The features of one GeoJSON file inside `folder`."""
    text, shown = _text(folder, name)
    data = _json(text, shown)
    if not isinstance(data, dict) or not isinstance(data.get("features"), list):
        raise Faults.one("not a GeoJSON FeatureCollection", "", Mark(shown, 1, 1))
    crs = data.get("crs")
    if crs is not None and (crs.get("properties") or {}).get("name") not in WGS84:
        message = "GeoJSON is WGS 84 (RFC 7946): reproject to EPSG:4326 and drop this member"
        raise Faults.one(message, "crs", Mark(shown, 1, 1))
    found = []
    for raw, line in zip(data["features"], _lines(text, len(data["features"])), strict=True):
        mark = Mark(shown, line, 1)
        try:
            found.append(Feature(dict(raw["properties"] or {}), shape(raw["geometry"]), mark))
        except (KeyError, TypeError, ValueError, AttributeError, ShapelyError) as error:
            raise Faults.one("not a feature with properties and geometry", "", mark) from error
    return found


def _text(folder: Path, name: str) -> tuple[str, str]:
    """The text of a regular file inside `folder`, and how messages call the file."""
    shown = f"{folder.name}/{name}"
    path = (folder / name).resolve()
    if not path.is_relative_to(folder) or not path.is_file():
        raise Faults.one("not a regular file in this folder", "", Mark(shown, 1, 1))
    try:
        return path.read_text(encoding="utf-8"), shown
    except UnicodeDecodeError as error:
        raise Faults.one(f"not UTF-8: {error.reason}", "", Mark(shown, 1, 1)) from error


def _json(text: str, shown: str) -> Any:
    """Strict JSON: no NaN, no Infinity."""

    def refuse(word: str) -> NoReturn:
        line = text[: text.index(word)].count("\n") + 1
        raise Faults.one(f"{word} is not a number; write one or null", "", Mark(shown, line, 1))

    try:
        return json.loads(text, parse_constant=refuse)
    except json.JSONDecodeError as error:
        mark = Mark(shown, error.lineno, error.colno)
        raise Faults.one(f"not JSON: {error.msg}", "", mark) from error
    except RecursionError as error:
        raise Faults.one("nested too deeply", "", Mark(shown, 1, 1)) from error


def _lines(text: str, count: int) -> list[int]:
    """The line on which each of the `count` features begins."""
    lines = []
    head = re.search(r'"features"\s*:\s*\[[\s,]*', text)
    at = head.end() if head else len(text)
    while at < len(text) and text[at] == "{":
        lines.append(text.count("\n", 0, at) + 1)
        _, at = json.JSONDecoder().raw_decode(text, at)
        at += len(text[at:]) - len(text[at:].lstrip(" \t\r\n,"))
    return lines if len(lines) == count else [1] * count


def _corridors(folder: Path) -> tuple[dict[str, Corridor], dict[str, Mark]]:
    """The chains of ``corridors.yaml``."""
    text, shown = _text(folder, "corridors.yaml")
    try:
        data = YAML(typ="rt", pure=True).load(text)
    except MarkedYAMLError as error:
        at = error.problem_mark
        mark = Mark(shown, at.line + 1, at.column + 1) if at else Mark(shown, 1, 1)
        raise Faults.one(f"not YAML: {error.problem}", "", mark) from error
    if not isinstance(data, CommentedMap):
        raise Faults.one("write a mapping of corridors", "", Mark(shown, 1, 1))
    found, marks = {}, {}
    for key, value in data.items():
        mark = Mark(shown, *(number + 1 for number in data.lc.key(key)))
        found[str(key)] = _corridor(str(key), value, mark)
        marks[f"corridor/{key}"] = mark
    return found, marks


def _corridor(key: str, value: Any, mark: Mark) -> Corridor:
    """One chain, its three keys checked."""
    wanted = {"title": str, "mode": str, "places": list}
    if not isinstance(value, Mapping) or set(value) != set(wanted):
        raise Faults.one("write title, mode and places, and nothing else", key, mark)
    for name, kind in wanted.items():
        if not isinstance(value[name], kind):
            raise Faults.one(f"{name}: write a {kind.__name__}", key, mark)
    return Corridor(key, value["title"], value["mode"], tuple(map(str, value["places"])))

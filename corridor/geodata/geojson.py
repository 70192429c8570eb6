"""The geodata room: GeoJSON files, read strictly, each feature with the line it stands on.

Read with the json module, never through GDAL: any path, prefix or text handed to GDAL can open
another file or an address, and an unknown CRS would silently pass for WGS 84.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from shapely.errors import ShapelyError
from shapely.geometry import shape

from corridor.faults import Faults, Mark
from corridor.geodata.tables import text_of

__all__ = ["Feature", "features"]

WGS84 = ("urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG::4326")


class Feature(NamedTuple):
    """One feature of a GeoJSON file and where it begins."""

    properties: dict[str, Any]
    geometry: Any
    mark: Mark


def features(folder: Path, name: str, marked: bool = True) -> list[Feature]:
    """The features of one GeoJSON file inside `folder`, in its order.

    To find the line of each takes as long as to read it: what is not `marked` has that of the file,
    but for a feature at fault.

    Raises
    ------
    Faults
        A file that is missing, not UTF-8, not JSON, no FeatureCollection, not in WGS 84, or a
        feature without properties or geometry.
    """
    text, shown = text_of(folder, name)
    data = _json(text, shown)
    if not isinstance(data, dict) or not isinstance(data.get("features"), list):
        raise Faults.one("not a GeoJSON FeatureCollection", "", Mark(shown, 1, 1))
    crs = data.get("crs")
    if crs is not None and (crs.get("properties") or {}).get("name") not in WGS84:
        message = "GeoJSON is WGS 84 (RFC 7946): reproject to EPSG:4326 and drop this member"
        raise Faults.one(message, "crs", Mark(shown, 1, 1))
    count = len(data["features"])
    lines = _lines(text, count) if marked else [1] * count
    found = []
    for i, raw in enumerate(data["features"]):
        mark = Mark(shown, lines[i], 1)
        try:
            found.append(Feature(dict(raw["properties"] or {}), shape(raw["geometry"]), mark))
        except (KeyError, TypeError, ValueError, AttributeError, ShapelyError) as error:
            mark = Mark(shown, _lines(text, count)[i], 1)
            raise Faults.one("not a feature with properties and geometry", "", mark) from error
    return found


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

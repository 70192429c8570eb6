"""The geodata room: the files of ``geodata/`` become one checked Network."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely

from corridor.faults import Faults, Mark
from corridor.geodata.ground import Ground
from corridor.geodata.layers import read_layers
from corridor.geodata.links import read_links
from corridor.geodata.mapping import mapping_of
from corridor.geodata.network import Corridor, Network
from corridor.geodata.places import read_places
from corridor.geodata.rules import checks
from corridor.library import Stamp, share, stamp

__all__ = ["bundled", "load", "read"]


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
    >>> "cpec_road" in load().corridors
    True
    """
    network = read(folder)
    faults = checks(network)
    if faults:
        raise Faults(faults)
    return network


def bundled() -> Network:
    """The bundled network, checked, and not to be written to: whoever asks has the same one.

    Read once a process, and again when a file of it has changed.
    """
    return _loaded(stamp(*share("geodata").rglob("*")))


@lru_cache(maxsize=1)
def _loaded(_: Stamp) -> Network:
    return load()


def read(folder: Path | None = None) -> Network:
    """The network as the files have it, before any check of what they say about the earth.

    Raises
    ------
    Faults
        A file that is missing or no GeoJSON in WGS 84, a property that is missing, unknown or of
        the wrong type, a table with another header or with cells that cannot be read, a malformed
        corridor.
    """
    folder = (folder or share("geodata")).resolve()
    places, marks = _places(folder)
    links, more = read_links(folder)
    layers, most = read_layers(folder, places, links)
    corridors, chained = _corridors(folder)
    marks = {**marks, **more, **most, **chained}
    return Network(places, links, corridors, Ground(folder), **layers, marks=marks)


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
    table = gpd.GeoDataFrame(rows, geometry=points, crs="EPSG:4326")
    table = table.astype({"elevation_m": float})
    return table, {f"place/{place.place}": place.mark for place in places}


def _corridors(folder: Path) -> tuple[dict[str, Corridor], dict[str, Mark]]:
    """The chains of ``corridors.yaml``."""
    data, shown = mapping_of(folder, "corridors.yaml", "corridors")
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

"""The geodata room: the layers of the base map, each read and checked when asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import geopandas as gpd
import shapely

from corridor.faults import Fault, Faults
from corridor.geodata.geojson import features

__all__ = ["BASEMAP", "Ground"]

BASEMAP = ("land", "lakes", "rivers", "boundaries", "countries")
STATUS = ("international", "disputed", "line_of_control", "indefinite")


class Ground(Mapping[str, gpd.GeoDataFrame]):
    """Layers of the base map by name, in EPSG:4326; a run that draws no map reads none.

    Asking for a layer raises Faults when its file is missing, is no GeoJSON, has a geometry that
    is not valid, or a boundary of unknown status.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[str, gpd.GeoDataFrame] = {}

    def __getitem__(self, name: str) -> gpd.GeoDataFrame:
        if name not in BASEMAP:
            raise KeyError(name)
        if name not in self._read:
            self._read[name] = _layer(self._folder, name)
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(BASEMAP)

    def __len__(self) -> int:
        return len(BASEMAP)


def _layer(folder: Path, name: str) -> gpd.GeoDataFrame:
    """One layer with the properties it has, and an empty `status` if it has none."""
    found = features(folder, f"basemap/{name}.geojson", marked=False)
    shapes = [each.geometry for each in found]
    table = gpd.GeoDataFrame([f.properties for f in found], geometry=shapes, crs="EPSG:4326")
    if "status" not in table:
        table.insert(0, "status", "")
    faults = []
    if not bool(shapely.is_valid(table.geometry.to_numpy()).all()):
        faults.append(Fault(None, f"basemap/{name}", "a geometry is not valid"))
    known = STATUS if name == "boundaries" else ("",)
    for status in sorted(set(table["status"]) - set(known)):
        message = f"status {status!r} is not one of {known}"
        faults.append(Fault(None, f"basemap/{name}", message))
    if faults:
        raise Faults(faults)
    return table

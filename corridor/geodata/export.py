"""The geodata room: a GeoPackage for QGIS, the same bytes each time."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import geopandas as gpd
import pyogrio

from corridor.faults import Faults

__all__ = ["write_gpkg"]

_STAMP = "2000-01-01T00:00:00Z"  # a GeoPackage records when it was written; a run must not


def write_gpkg(path: Path, ports: gpd.GeoDataFrame, links: gpd.GeoDataFrame) -> None:
    """Write the layers ``ports`` and ``links``, both in EPSG:4326, replacing `path` at once.

    Parameters
    ----------
    path : Path
        A ``.gpkg`` file in a folder that exists. A reader sees the old file or the new one.
    ports, links : GeoDataFrame
        Any CRS; columns of numbers, words or times.

    Raises
    ------
    Faults
        The folder does not exist, or the name does not end in ``.gpkg``.
    """
    path = Path(path).absolute()
    if path.suffix != ".gpkg" or not path.parent.is_dir():
        raise Faults.one("write to a .gpkg file in a folder that exists", str(path))
    draft = path.with_name(f".{path.stem}-{secrets.token_hex(4)}.gpkg")
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _STAMP})
    try:
        for layer, table in (("ports", ports), ("links", links)):
            pyogrio.write_dataframe(table.to_crs(4326), draft, layer=layer, driver="GPKG")
        os.replace(draft, path)
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})
        draft.unlink(missing_ok=True)

"""The geodata room: the layers as GeoPackage, GeoParquet and GeoJSON, the same bytes each time.

Every file says under which licence it is given and whom to name: a GeoPackage in the description
and the metadata of each layer, GeoParquet in its schema, GeoJSON in members of the collection.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely

from corridor.faults import Faults
from corridor.geodata.catalogue import Entry
from corridor.geodata.network import Network
from corridor.geodata.styles import RULES, STYLES, qml

__all__ = ["FORMATS", "export_tables", "write_gpkg", "write_layers"]

FORMATS = ("gpkg", "parquet", "geojson")
_PLAIN = {"VERSION": "1.2"}  # of GeoPackage: QGIS of some years ago reads it without a warning
_STAMP = "2000-01-01T00:00:00Z"  # a GeoPackage records when it was written; a run must not
Table = Any  # a GeoDataFrame, or a DataFrame where there are no positions


def export_tables(network: Network) -> dict[str, Table]:
    """Every layer by its name in the catalogue; haulage, totals and accepted have no positions.

    Dates are words (ISO 8601), so that the three formats say the same.
    """
    by_mode = {mode: network.links[network.links["mode"] == mode] for mode in _modes(network)}
    incidents = network.incidents.copy()
    for column in ("from", "to"):
        incidents[column] = [each.isoformat() if each else None for each in incidents[column]]
    return {
        "places": network.places, **by_mode, "corridors": _corridors(network),
        "ports": network.ports, "terminals": network.terminals, "incidents": incidents,
        "profiles": network.profiles, "haulage": network.haulage, "totals": network.totals,
        "accepted": network.accepted,
        **{name: _bare(table) for name, table in network.basemap.items()},
    }  # fmt: skip


def _modes(network: Network) -> list[str]:
    return list(dict.fromkeys(network.links["mode"]))


def _bare(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """A layer of the base map without a status that says nothing."""
    return table if table["status"].any() else table.drop(columns="status")


def _corridors(network: Network) -> gpd.GeoDataFrame:
    """Each corridor as the lines of its legs, with its length in cited km."""
    line = dict(zip(network.links.link, network.links.geometry, strict=True))
    rows = []
    for name, corridor in network.corridors.items():
        legs = network.chain(name)
        shape = shapely.MultiLineString([line[leg.link] for leg in legs])
        rows.append({"corridor": name, "title": corridor.title, "mode": corridor.mode,
                     "km": legs[-1].until_km, "places": " ".join(corridor.places),
                     "geometry": shape})  # fmt: skip
    return gpd.GeoDataFrame(rows, geometry="geometry", crs="EPSG:4326")


def write_layers(
    network: Network,
    folder: Path,
    catalogue: Mapping[str, Entry],
    formats: Collection[str] = FORMATS,
    more: Mapping[str, Table] | None = None,
) -> list[Path]:
    """Write the layers into `folder`: ``corridor.gpkg`` with all, and one file a layer.

    Parameters
    ----------
    folder : Path
        Is made if need be; a file in it is replaced at once or not at all.
    catalogue : mapping of str to Entry
        Licence and credit of each layer; one that is not in it is not written.
    formats : collection of {"gpkg", "parquet", "geojson"}
    more : mapping of str to table, optional
        Layers that are made of more than this room knows.

    Returns
    -------
    list of Path
        What was written. Tables without positions become Parquet and, in GeoJSON's place, JSON.

    Raises
    ------
    Faults
        A format that is not known.
    """
    for each in formats:
        if each not in FORMATS:
            message = f"{each!r} is not known; write one of {', '.join(FORMATS)} or all"
            raise Faults.one(message, "--format")
    folder.mkdir(parents=True, exist_ok=True)
    tables = {**export_tables(network), **(more or {})}
    tables = {name: table for name, table in tables.items() if name in catalogue}
    written = []
    if "gpkg" in formats:
        written.append(_whole(folder / "corridor.gpkg", lambda p: _gpkg(p, tables, catalogue)))
    for name, table in tables.items():
        entry = catalogue[name]
        if "parquet" in formats:
            path = folder / f"{name}.parquet"
            written.append(_whole(path, lambda p, t=table, e=entry: _parquet(p, t, e)))  # type: ignore[misc]
        if "geojson" in formats:
            suffix = "geojson" if isinstance(table, gpd.GeoDataFrame) else "json"
            path = folder / f"{name}.{suffix}"
            written.append(_whole(path, lambda p, t=table, e=entry: _geojson(p, t, e)))  # type: ignore[misc]
    return written


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

    def write(draft: Path) -> None:
        with _stamped():
            for layer, table in (("ports", ports), ("links", links)):
                pyogrio.write_dataframe(table.to_crs(4326), draft, layer=layer, driver="GPKG")

    _whole(path, write)


def _whole(path: Path, write: Callable[[Path], None]) -> Path:
    """Have `write` make a draft beside `path` and put it in place at once."""
    draft = path.with_name(f".{path.stem}-{secrets.token_hex(4)}{path.suffix}")
    try:
        write(draft)
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    return path


@contextmanager
def _stamped() -> Iterator[None]:
    """GDAL writes `_STAMP` for the time of day."""
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _STAMP})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})


def _said(entry: Entry) -> dict[str, str]:
    """What every file says of its layer."""
    return {"title": entry.title, "licence": entry.licence, "credit": entry.credit,
            "source": entry.source, "date": entry.date}  # fmt: skip


def _gpkg(path: Path, tables: Mapping[str, Table], catalogue: Mapping[str, Entry]) -> None:
    """All layers and how to draw them."""
    with _stamped():
        for name, table in tables.items():
            said = _said(catalogue[name])
            words = f"{said['credit']}. Licence: {said['licence']}. Source: {said['source']}"
            pyogrio.write_dataframe(
                table,
                path,
                layer=name,
                driver="GPKG",
                dataset_options=None if path.exists() else _PLAIN,
                layer_options={"IDENTIFIER": said["title"], "DESCRIPTION": words},
                layer_metadata=said,
            )
        drawn = _styles([name for name in tables if name in STYLES or name in RULES])
        options = {"FID": "id"}
        pyogrio.write_dataframe(
            drawn, path, layer="layer_styles", driver="GPKG", layer_options=options
        )


def _styles(names: list[str]) -> pd.DataFrame:
    """The table in which QGIS looks for the default style of a layer."""
    rows = [
        {"f_table_catalog": "", "f_table_schema": "", "f_table_name": name,
         "f_geometry_column": "geom", "styleName": name, "styleQML": qml(name), "styleSLD": "",
         "useAsDefault": True, "description": "", "owner": "", "ui": "", "update_time": _STAMP}
        for name in names
    ]  # fmt: skip
    return pd.DataFrame(rows)


def _parquet(path: Path, table: Table, entry: Entry) -> None:
    """GeoParquet, or Parquet where there are no positions; the credit stands in the schema."""
    table = table.reset_index(drop=True)
    table.attrs = _said(entry)
    table.to_parquet(path, index=False, compression="zstd")


def _geojson(path: Path, table: Table, entry: Entry) -> None:
    """One feature a line; a table without positions as a list of its rows."""
    plain = pd.DataFrame(table.drop(columns="geometry", errors="ignore"))
    said = plain.to_json(orient="records", date_format="iso", double_precision=10)
    rows = json.loads(said) if len(plain.columns) else [{} for _ in range(len(table))]
    if isinstance(table, gpd.GeoDataFrame):
        shapes = [each and json.loads(shapely.to_geojson(each)) for each in table.geometry]
        rows = [{"type": "Feature", "properties": row, "geometry": shape}
                for row, shape in zip(rows, shapes, strict=True)]  # fmt: skip
        head, key = {"type": "FeatureCollection", **_said(entry)}, "features"
    else:
        head, key = _said(entry), "rows"
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    opened = json.dumps(head, ensure_ascii=False)[:-1]
    text = f'{opened}, "{key}": [\n{lines}\n]}}\n'
    path.write_text(text, encoding="utf-8", newline="\n")

"""The layers as GeoPackage, GeoParquet and GeoJSON: what they hold, the same bytes each time."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NoReturn
from xml.etree import ElementTree

import geopandas as gpd
import pandas as pd
import pytest

from corridor.faults import Faults
from corridor.geodata import (
    FORMATS,
    Network,
    export_tables,
    read_catalogue,
    write_gpkg,
    write_layers,
)
from corridor.geodata.styles import STYLES
from corridor.maps.register import MADE

ONCE = """
import sys
from pathlib import Path
from corridor import geodata
geodata.write_layers(geodata.read(), Path(sys.argv[1]), geodata.read_catalogue())
"""


@pytest.fixture(scope="module")
def written(network: Network, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export")
    write_layers(network, folder, read_catalogue())
    return folder


def sums(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_the_same_bytes_from_another_process(written: Path, tmp_path: Path) -> None:
    """Later, in another time zone, with other hashes of words."""
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Karachi"}
    time.sleep(0.01)  # GDAL would write the time of day, in milliseconds
    subprocess.run([sys.executable, "-c", ONCE, str(tmp_path)], env=environment, check=True)
    assert sums(tmp_path) == sums(written)


def test_every_layer_is_written_in_every_format(network: Network, written: Path) -> None:
    tables = export_tables(network)
    catalogue = read_catalogue()
    assert set(tables) == set(catalogue) - {*MADE}
    names = {path.name for path in written.iterdir()}
    wanted = {"corridor.gpkg"}
    for name, table in tables.items():
        suffix = "geojson" if isinstance(table, gpd.GeoDataFrame) else "json"
        wanted |= {f"{name}.parquet", f"{name}.{suffix}"}
    assert names == wanted


def alike(one: Any, other: Any) -> bool:
    """The same number, the same words; a date may have become a time of day at midnight."""
    if isinstance(one, pd.Timestamp):
        return one.isoformat() == f"{other}T00:00:00"
    return bool(one == other) or str(one) == str(other) or abs(float(one) - float(other)) < 1e-9


def test_the_formats_say_the_same(network: Network, written: Path) -> None:
    for name, table in export_tables(network).items():
        if not isinstance(table, gpd.GeoDataFrame):
            back = pd.read_parquet(written / f"{name}.parquet")
            assert back.to_dict("records") == table.to_dict("records")
            rows = json.loads((written / f"{name}.json").read_text("utf-8"))["rows"]
            assert rows == json.loads(table.to_json(orient="records"))
            continue
        for back in (
            gpd.read_parquet(written / f"{name}.parquet"),
            gpd.read_file(written / f"{name}.geojson"),
            gpd.read_file(written / "corridor.gpkg", layer=name),
        ):
            assert back.crs == 4326, name
            assert len(back) == len(table), name
            assert back.geometry.geom_equals(table.geometry.reset_index(drop=True)).all(), name
            for column in table.columns.drop("geometry"):
                one, other = back[column], table[column].reset_index(drop=True)
                missing = other.isna()
                assert (one.isna() | (one == "")).eq(missing | (other == "")).all(), (name, column)
                kept = ~missing & (other != "")
                pairs = zip(one[kept], other[kept], strict=True)
                assert all(alike(a, b) for a, b in pairs), (name, column)


def test_every_file_carries_licence_and_credit(network: Network, written: Path) -> None:
    catalogue = read_catalogue()
    for name, table in export_tables(network).items():
        entry = catalogue[name]
        spatial = isinstance(table, gpd.GeoDataFrame)
        text = (written / f"{name}.{'geojson' if spatial else 'json'}").read_text("utf-8")

        def refuse(word: str) -> NoReturn:
            raise AssertionError(word)

        head = json.loads(text, parse_constant=refuse)
        attrs = pd.read_parquet(written / f"{name}.parquet").attrs if not spatial else (
            gpd.read_parquet(written / f"{name}.parquet").attrs)  # fmt: skip
        with sqlite3.connect(written / "corridor.gpkg") as file:
            (words,) = file.execute(
                "select description from gpkg_contents where table_name = ?", (name,)
            ).fetchone()
        for said in (entry.licence, entry.credit):
            assert said in words
        assert (head["licence"], head["credit"]) == (entry.licence, entry.credit)
        assert (attrs["licence"], attrs["credit"]) == (entry.licence, entry.credit)


def test_qgis_finds_a_symbol_for_every_value(network: Network, written: Path) -> None:
    tables = export_tables(network)
    with sqlite3.connect(written / "corridor.gpkg") as file:
        rows = file.execute(
            "select f_table_name, f_geometry_column, styleQML, useAsDefault from layer_styles"
        ).fetchall()
        version = file.execute("pragma user_version").fetchone()[0]
    assert version == 10200  # GeoPackage 1.2, which QGIS 3.22 reads without a warning
    assert {row[0] for row in rows} == {n for n, t in tables.items() if "geometry" in t}
    for name, geometry, qml, default in rows:
        assert (geometry, default) == ("geom", 1)
        style = ElementTree.fromstring(qml)
        symbols = {each.get("name") for each in style.iter("symbol")}
        column, _ = STYLES[name]
        if column:
            drawn = {each.get("value"): each.get("symbol") for each in style.iter("category")}
            assert set(drawn.values()) == symbols
            assert {str(value) for value in tables[name][column]} <= set(drawn), name
        else:
            assert symbols == {"0"}


def test_disputed_lines_are_dashed_and_grey_and_no_country_has_a_colour() -> None:
    _, lines = STYLES["boundaries"]
    assert not lines["international"].dashed  # type: ignore[union-attr]
    for status in ("disputed", "line_of_control", "indefinite"):
        assert lines[status].dashed  # type: ignore[union-attr]
    assert STYLES["countries"][1] == STYLES["land"][1]


def test_a_format_that_is_not_known(network: Network, tmp_path: Path) -> None:
    with pytest.raises(Faults, match="write one of gpkg, parquet, geojson or all"):
        write_layers(network, tmp_path, read_catalogue(), ["shp"])
    assert FORMATS == ("gpkg", "parquet", "geojson")


def test_hostile_words_stay_words(network: Network, tmp_path: Path) -> None:
    name = "<script>alert(1)</script>\"'; drop table places; --"
    network.places.loc[0, "name"], kept = name, network.places.loc[0, "name"]
    try:
        write_layers(network, tmp_path, read_catalogue(), ["gpkg", "geojson"])
    finally:
        network.places.loc[0, "name"] = kept
    assert gpd.read_file(tmp_path / "corridor.gpkg", layer="places").name[0] == name
    assert gpd.read_file(tmp_path / "places.geojson").name[0] == name


def test_a_geopackage_of_a_run_has_the_same_bytes_twice(network: Network, tmp_path: Path) -> None:
    one, two = tmp_path / "one.gpkg", tmp_path / "two.gpkg"
    write_gpkg(one, network.places, network.links)
    time.sleep(0.01)
    write_gpkg(two, network.places, network.links)
    assert one.read_bytes() == two.read_bytes()
    back: Any = gpd.read_file(one, layer="links")
    assert list(back.link) == list(network.links.link)
    assert back.geometry.geom_equals(network.links.geometry).all()
    assert len(gpd.read_file(one, layer="ports")) == len(network.places)


def test_a_failed_geopackage_leaves_the_old_one(network: Network, tmp_path: Path) -> None:
    path = tmp_path / "map.gpkg"
    write_gpkg(path, network.places, network.links)
    before = path.read_bytes()
    with pytest.raises(AttributeError):
        write_gpkg(path, network.places.iloc[:3], None)  # type: ignore[arg-type]
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(Faults):
        write_gpkg(tmp_path / "map.shp", network.places, network.links)
    with pytest.raises(Faults):
        write_gpkg(tmp_path / "no" / "map.gpkg", network.places, network.links)

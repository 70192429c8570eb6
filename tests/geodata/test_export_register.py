"""The register in an export: trade as a layer, claims and sources beside what cites them."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import geopandas as gpd
import pandas as pd
import pytest

from corridor import evidence
from corridor.geodata import Network, export_tables, read_catalogue
from corridor.geodata.styles import LEVELS, RULES, qml
from corridor.library import share
from corridor.maps.register import MADE, register_tables

ONCE = "from corridor.cli import main; main(['geodata', 'export', '--format', 'all', '--out', 'x'])"


def export(folder: Path, **environment: str) -> Path:
    command = [sys.executable, "-c", ONCE]
    subprocess.run(command, cwd=folder, env={**os.environ, **environment}, check=True)
    return folder / "x"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return export(tmp_path_factory.mktemp("export"), PYTHONHASHSEED="1")


@pytest.fixture(scope="module")
def tables(network: Network) -> dict[str, Any]:
    claims = evidence.load_claims()
    return register_tables(network, evidence.trade(claims), claims, evidence.load_sources())


def test_the_command_writes_the_same_bytes_again(written: Path, tmp_path: Path) -> None:
    time.sleep(0.01)
    again = export(tmp_path, PYTHONHASHSEED="77", TZ="Asia/Karachi")
    sums = [
        {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir()}
        for folder in (written, again)
    ]
    assert sums[0] == sums[1]
    for name in ("trade.geojson", "claims.json", "sources.parquet"):
        assert name in sums[0]


def test_the_catalogue_has_every_column_that_is_exported(network: Network, tables: Any) -> None:
    catalogue = read_catalogue()
    for name, table in {**tables, "corridors": export_tables(network)["corridors"]}.items():
        columns = [column for column in table.columns if column != "geometry"]
        assert columns == list(catalogue[name].columns), name
        assert all(catalogue[name].columns.values()), name


def test_an_id_of_a_layer_is_looked_up_in_the_same_geopackage(written: Path) -> None:
    with sqlite3.connect(written / "corridor.gpkg") as file:
        kinds = dict(file.execute("select table_name, data_type from gpkg_contents"))
        assert [kinds[name] for name in MADE] == ["features", "attributes", "attributes"]
        cited = {
            claim
            for layer, column in (("road", "claim"), ("ports", "claim"), ("trade", "claim"))
            for (cell,) in file.execute(f"select {column} from {layer}")
            for claim in (cell or "").split()
        }
        known = {claim for (claim,) in file.execute("select claim from claims")}
        assert cited
        assert cited <= known
        read = {s for (cell,) in file.execute("select source from trade") for s in cell.split()}
        assert read <= {source for (source,) in file.execute("select source from sources")}
        (publisher,) = file.execute(
            "select publisher from claims join sources using (source) where claim = '003-01'"
        ).fetchone()
    assert publisher == "Nikkei Asia"


@pytest.mark.parametrize("name", ["claims", "sources"])
def test_the_register_is_exported_as_its_file_has_it(name: str, written: Path) -> None:
    with (share("geodata") / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        wanted = list(csv.DictReader(file))
    table = pd.read_parquet(written / f"{name}.parquet")
    assert table.attrs["credit"] == "Corridor"
    assert list(table.columns) == list(wanted[0])
    assert len(table) == len(wanted)
    for column in table.columns.difference(["low", "high", "period_from", "period_to"]):
        assert list(table[column]) == [row[column] for row in wanted], column
    rows = json.loads((written / f"{name}.json").read_text("utf-8"))["rows"]
    assert len(rows) == len(wanted)


def test_trade_says_the_same_in_every_format(written: Path, tables: Any) -> None:
    table = tables["trade"]
    for back in (
        gpd.read_parquet(written / "trade.parquet"),
        gpd.read_file(written / "trade.geojson"),
        gpd.read_file(written / "corridor.gpkg", layer="trade"),
    ):
        assert back.geometry.geom_equals(table.geometry).all()
        for column in ("claim", "partner", "status", "confidence", "source", "correction"):
            assert list(back[column].fillna("")) == list(table[column]), column
        for column in ("value", "usd", "stands_low", "stands_high"):
            assert back[column].equals(table[column]), column


def test_qgis_draws_trade_by_value_and_strikes_the_rejected(written: Path) -> None:
    """Each condition is SQL, so the file itself can tell which rows a rule draws."""
    with sqlite3.connect(written / "corridor.gpkg") as file:
        (style,) = file.execute(
            "select styleQML from layer_styles where f_table_name = 'trade'"
        ).fetchone()
        hits = [
            [row for (row,) in file.execute(f"select claim from trade where {rule.where}")]
            for rule in RULES["trade"]
        ]
        latest = [c for (c,) in file.execute("select claim from trade where colours = 'latest'")]
        fallen = [c for (c,) in file.execute("select claim from trade where status = 'rejected'")]
    *classes, _, struck = hits
    assert sorted(claim for rows in classes for claim in rows) == sorted(latest)
    assert sum(map(bool, classes)) >= 2, "one colour for all would be no choropleth"
    assert sorted(struck) == sorted(fallen) != []
    assert style == qml("trade")
    tree = ElementTree.fromstring(style)
    rules = tree.findall("./renderer-v2/rules/rule")
    assert [rule.get("filter") for rule in rules] == [rule.where for rule in RULES["trade"]]
    fills = {
        symbol.get("name"): {p.get("k"): p.get("v") for p in symbol.iter("prop")}
        for symbol in tree.iter("symbol")
    }
    assert fills[str(rules[-1].get("symbol"))]["style"] == "b_diagonal"
    greens = [fills[str(rule.get("symbol"))]["color"] for rule in rules[: len(LEVELS) + 1]]
    light = [sum(map(int, green.split(",")[:3])) for green in greens]
    assert light == sorted(light, reverse=True)
    struck_out = {
        rule.get("filter"): rule.find("./settings/text-style").get("fontStrikeout")  # type: ignore[union-attr]
        for rule in tree.findall("./labeling/rules/rule")
    }
    assert struck_out[RULES["trade"][-1].where] == "1"
    assert set(struck_out.values()) == {"0", "1"}

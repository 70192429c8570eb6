"""Reading broken or hostile files, the catalogue, the build scripts."""

from __future__ import annotations

import hashlib
import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from corridor.faults import Faults
from corridor.geodata.catalogue import disagreements, read_catalogue
from corridor.library import share

Say = Callable[[], str]
Spoil = Callable[[str, str, str], None]
ROAD = "links/road.geojson"


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        (ROAD, '"km": 290', '"km": NaN', "road.geojson:3:1: NaN is not a number"),
        (ROAD, "[[", "[[[", "road.geojson:2:"),
        (ROAD, '"km": 290,', '"km": 290', "road.geojson:3:"),
        (ROAD, '"LineString"', '"Polygone"', "road.geojson:2:1: not a feature with"),
        (ROAD, '"FeatureCollection", "features"', '"Topology", "objects"', "not a GeoJSON"),
        (ROAD, '"km": 290, ', "", "kashgar-tashkurgan: km: is missing"),
        ("places.csv", "place,name", "place,title", "places.csv:1:1: the columns must be"),
        ("places.csv", ",town,", ",twon,", "'twon' is not known (did you mean 'town'?)"),
        ("places.csv", ",PK,", ",Pakistan,", "'Pakistan' is not a code of two letters"),
        ("places.csv", "\nsost,", "\nSost!,", "write an id of lower case ascii words"),
        ("places.csv", ",3,GeoNames", ",4,GeoNames", "'4' is not a rank from 1 to 3"),
        ("places.csv", ",3,GeoNames", ",3", "write 16 cells"),
        ("places.csv", ",73.2117,3,", ",73.2117,0,", "abbottabad.within_km: '0' is not km above 0"),
        ("corridors.yaml", "mode: road", "mood: road", "write title, mode and places"),
        ("corridors.yaml", "cpec_gwadar:", "cpec_road:", "corridors.yaml:23:1: not YAML"),
        ("corridors.yaml", "title: Kashgar", "title: [Kashgar", "corridors.yaml:"),
    ],
)
def test_broken_files(
    spoil: Spoil, complaint: Say, name: str, old: str, new: str, words: str
) -> None:
    spoil(name, old, new)
    assert words in complaint()


def test_a_missing_file_and_one_outside_the_folder_are_refused(
    folder: Path, complaint: Say
) -> None:
    (folder / ROAD).rename(folder.parent / "road.geojson")
    assert "road.geojson:1:1: not a regular file in this folder" in complaint()
    (folder / ROAD).symlink_to(folder.parent / "road.geojson")
    assert "road.geojson:1:1: not a regular file in this folder" in complaint()


def test_a_file_that_sends_gdal_elsewhere_is_only_text(folder: Path, complaint: Say) -> None:
    elsewhere = "<OGRVRTDataSource><OGRVRTLayer/></OGRVRTDataSource>"
    (folder / ROAD).write_text(elsewhere, "utf-8")
    assert "road.geojson:1:1: not JSON" in complaint()
    (folder / ROAD).write_text("[" * 100_000, "utf-8")
    assert "road.geojson:1:1: nested too deeply" in complaint()
    (folder / ROAD).write_bytes(b"\xff\xfe")
    assert "road.geojson:1:1: not UTF-8" in complaint()


def test_a_line_is_named_in_any_layout(folder: Path, complaint: Say) -> None:
    data = json.loads((folder / ROAD).read_text("utf-8"))
    data["features"][1]["properties"]["km"] = "far"
    text = json.dumps(data, indent=1)
    (folder / ROAD).write_text(text, "utf-8")
    feature = text[: text.index("kashgar-tashkurgan")].rindex('{\n   "type": "Feature"')
    assert f"road.geojson:{text.count(chr(10), 0, feature) + 1}:1: kashgar-tash" in complaint()


def _tool(name: str) -> Any:
    path = Path(__file__).parents[2] / "tools" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("mode", ["road", "rail"])
def test_straight_lines_are_drawn_as_the_build_script_draws_them(mode: str) -> None:
    tool = _tool("draw_links")
    path = share("geodata") / "links" / f"{mode}.geojson"
    features = json.loads(path.read_text("utf-8"))["features"]
    assert [tool.drawn(each, tool.places()) for each in features] == features


def test_the_build_script_redraws_what_is_straight_and_nothing_else(tmp_path: Path) -> None:
    tool = _tool("draw_links")
    known = {"from_place": "sost", "to_place": "gilgit", "via": ""}
    line = {"type": "LineString", "coordinates": [[1, 2], [3, 4]]}
    old = {"type": "Feature", "properties": {**known, "drawn": "terrain"}, "geometry": line}
    assert tool.drawn(old, tool.places()) == old
    old["properties"] = {**known, "drawn": "straight"}
    new = tool.drawn(old, tool.places())
    assert new["geometry"]["coordinates"][0] == tool.places()["sost"]
    tool.write(tmp_path / "out.geojson", [old, new])
    lines = (tmp_path / "out.geojson").read_text("utf-8").splitlines()
    assert [json.loads(line.removesuffix(",")) for line in lines[1:-1]] == [old, new]


def test_the_catalogue_is_true(folder: Path) -> None:
    assert disagreements() == []
    for entry in read_catalogue().values():
        if entry.sha256:
            body = (share("geodata") / entry.file).read_bytes()
            assert entry.sha256 == hashlib.sha256(body).hexdigest(), entry.file
    bare = {entry.layer for entry in read_catalogue().values() if not entry.sha256}
    assert bare == {"trade"}, "it is made of the register when it is written"


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        (ROAD, '"km": 290', '"km": 291', "road: links/road.geojson has other bytes"),
        (ROAD, '"km": 290', '"Km": 290', "road: feature 2 and the catalogue differ in Km, km"),
        ("totals.csv", ",within,", ",inside,", "totals: its columns are corridor,from_place"),
        ("catalogue.yaml", "file: totals.csv", "file: total.csv", "there is no file total.csv"),
        ("catalogue.yaml", "file: totals.csv", "file: total.csv", "totals.csv: is in no entry"),
        (
            "catalogue.yaml",
            "from: claims.csv ",
            "from: claim.csv ",
            "trade: there is no file claim",
        ),
        ("claims.csv", ",measure,", ",measured,", "claims: its columns are claim,subject,measured"),
        ("claims.csv", "\nKJ-11,", "\nKJ-110,", "claims: claims.csv has other bytes"),
        ("sources.csv", "\nS75,", "\nS750,", "sources: sources.csv has other bytes"),
    ],
)
def test_a_catalogue_that_is_not_true(
    spoil: Spoil, folder: Path, name: str, old: str, new: str, words: str
) -> None:
    spoil(name, old, new)
    assert words in "\n".join(map(str, disagreements(folder)))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("  licence: MIT\n", "", ":1: terminals: write licence"),
        ("  file: totals.csv\n", "", ":1: totals: write file"),
        ("title: Places", "title: [Places", "catalogue.yaml:"),
    ],
)
def test_a_catalogue_that_cannot_be_read(
    spoil: Spoil, folder: Path, old: str, new: str, words: str
) -> None:
    spoil("catalogue.yaml", old, new)
    with pytest.raises(Faults) as caught:
        read_catalogue(folder)
    assert words in str(caught.value)

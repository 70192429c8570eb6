"""True alignments from a local extract, by osmium's and osmnx's real code."""

from __future__ import annotations

import hashlib
import json
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import osm_world
import pytest
import typer
from hypothesis import given, settings
from hypothesis import strategies as st
from osm_world import EARTH, World, at, beside, drawn, far_m, refresh, world
from shapely.geometry import LineString

from corridor.cli import _status
from corridor.geodata.extract import stamped
from corridor.geodata.redraw import _without_spurs
from corridor.geodata.splice import spliced

__all__ = ["at", "refresh", "world"]  # fixtures

SCRIPT = "</script><script>alert(1)</script>\u202e\x1b[2J"


def test_the_line_becomes_the_road_and_nothing_else_changes(
    world: World, at: Any, refresh: Any, folder: Path, tmp_path: Path
) -> None:
    """Every figure is known: a road 4 km beside the straight line, with ramps of 45 degrees."""
    a, b = at["kashgar"], at["osm_b"]
    road = beside(a, b, 4)
    world.road(road[:30], highway="trunk", name=SCRIPT)
    world.road(road[29:], highway="motorway_link", ref=SCRIPT)
    world.road([a, b], highway="residential")  # shorter, but no road for lorries
    world.road([a, b], highway="construction", construction="trunk")
    pbf = world.write(tmp_path / "land.osm.pbf")
    before = (folder / "links/road.geojson").read_text("utf-8")

    said = refresh("kashgar-osm_b", "--pbf", str(pbf), "--json")
    assert said.status == 0, said.err
    answer = json.loads(said.out)
    (change,) = answer["links"]
    straight = EARTH.inv(*a, *b)[2] / 1000
    ramps = 2 * 4 * np.sqrt(2)
    length = straight - 8 + ramps
    assert change["cited_km"] == 70
    assert change["drawn_km"] == pytest.approx(straight, rel=1e-4)
    assert change["osm_km"] == pytest.approx(length, rel=1e-3)
    assert change["off_km"]["max"] == pytest.approx(4, abs=0.02)
    assert change["off_km"]["p95"] == pytest.approx(4, abs=0.02)
    mean = (2 * ramps + 4 * (straight - 8)) / length
    assert change["off_km"]["mean"] == pytest.approx(mean, rel=0.02)
    assert change["places_off_km"] == {"kashgar": 0, "osm_b": 0}
    assert change["warnings"] == []

    sha = hashlib.sha256(pbf.read_bytes()).hexdigest()[:12]
    credit = f"© OpenStreetMap contributors, ODbL 1.0, extract of 2026-10-31 (sha256 {sha})"
    assert answer["credit"] == credit
    new = tmp_path / "out/geodata-refresh/road.geojson"
    feature = drawn(new, "kashgar-osm_b")
    assert far_m(feature["geometry"]["coordinates"], road) < 25
    assert feature["properties"]["drawn"] == "osm"
    assert feature["properties"]["drawn_credit"] == credit

    after = new.read_text("utf-8")
    old = drawn(folder / "links/road.geojson", "kashgar-osm_b")
    for part in ("drawn", "drawn_credit"):
        feature["properties"][part] = old["properties"][part]
    feature["geometry"] = old["geometry"]
    assert json.dumps(feature, ensure_ascii=False) + ",\n" in before
    same = [line for line in after.splitlines() if '"link": "kashgar-osm_b"' not in line]
    assert same == [line for line in before.splitlines() if '"link": "kashgar-osm_b"' not in line]
    assert "script" not in after + said.out + said.err
    assert (folder / "links/road.geojson").read_text("utf-8") == before
    assert not list(new.parent.glob(".*"))


def test_a_person_is_shown_the_change_before_the_file(
    world: World, at: Any, refresh: Any, tmp_path: Path
) -> None:
    a, b = at["kashgar"], at["osm_b"]
    start = EARTH.fwd(*a, EARTH.inv(*a, *b)[0], 1_700)[:2]  # on the straight line, 1.7 km out
    world.road(beside(start, b, 14), highway="primary")
    pbf = world.write(tmp_path / "land.osm.pbf")
    said = refresh("osm_b-kashgar", "--pbf", str(pbf))
    assert said.status == 0, said.err
    shown = said.out.splitlines()
    (row,) = [line for line in shown if line.startswith("kashgar-osm_b")]
    assert row.split()[1] == "70"
    assert float(row.split()[-1]) == pytest.approx(14, abs=0.1)
    assert any("kashgar lies 1.7 km off the new line" in line for line in shown)
    assert shown.index(row) < next(i for i, line in enumerate(shown) if line.startswith("Wrote"))


def test_a_length_far_from_the_cited_one_is_said(
    world: World, at: Any, refresh: Any, tmp_path: Path
) -> None:
    a, b = at["kashgar"], at["osm_b"]
    world.road(beside(a, b, 20), highway="primary")
    said = refresh("kashgar-osm_b", "--pbf", str(world.write(tmp_path / "x.osm.pbf")))
    assert said.status == 0, said.err
    km = EARTH.inv(*a, *b)[2] / 1000 + 40 * (np.sqrt(2) - 1)
    assert f"look: OpenStreetMap has {km:.0f} km, the cited length is 70 km" in said.out


def test_two_extracts_make_one_road(world: World, at: Any, refresh: Any, tmp_path: Path) -> None:
    """A corridor crosses borders; an extract ends at one, and both have the way that crosses."""
    road = beside(at["kashgar"], at["osm_b"], 3) + beside(at["osm_b"], at["osm_c"], 2)[1:]
    east, west = World(), World()
    west.nodes = east.nodes = world.nodes
    for number, points in enumerate((road[:40], road[39:90], road[89:]), start=1):
        world.road(points, highway="trunk")
        for side in {1: [west], 2: [west, east], 3: [east]}[number]:
            side.ways[number] = world.ways[number]
    files = [str(side.write(tmp_path / f"{name}.osm.pbf"))
             for name, side in (("west", west), ("east", east))]  # fmt: skip
    alone = refresh("osm_both", "--pbf", files[0])
    assert alone.status == 2
    assert "osm_c lies" in alone.err
    assert not (tmp_path / "out").exists()
    both = refresh("osm_both", "--pbf", files[0], "--pbf", files[1])
    assert both.status == 0, both.err
    new = tmp_path / "out/geodata-refresh/road.geojson"
    lines = [
        drawn(new, link)["geometry"]["coordinates"] for link in ("kashgar-osm_b", "osm_b-osm_c")
    ]
    assert lines[0][-1] == lines[1][0]
    assert far_m(lines[0] + lines[1], road) < 25


@pytest.mark.parametrize("suffix", [".osm", ".osm.gz", ".osm.bz2", ".pbf"])
def test_every_format_says_the_same(
    suffix: str, world: World, at: Any, refresh: Any, tmp_path: Path
) -> None:
    road = beside(at["kashgar"], at["osm_b"], 2)
    world.road(road, highway="trunk")
    said = refresh("kashgar-osm_b", "--quiet", "--pbf", str(world.write(tmp_path / f"x{suffix}")))
    assert said == (0, "", "")
    line = drawn(tmp_path / "out/geodata-refresh/road.geojson", "kashgar-osm_b")["geometry"]
    assert far_m(line["coordinates"], road) < 25


class TestRoute:
    """Which way is taken."""

    def test_main_line_before_a_shorter_siding(
        self, world: World, at: Any, refresh: Any, tmp_path: Path
    ) -> None:
        a, b = at["urumqi"], at["osm_r"]
        main = beside(a, b, 3)
        world.road(main, railway="rail", usage="main")
        world.road(beside(a, b, 0), railway="rail", service="siding")
        world.road(beside(a, b, -1), railway="rail", usage="branch")
        world.road(beside(a, b, -2), railway="disused")
        said = refresh("urumqi-osm_r_rail", "--pbf", str(world.write(tmp_path / "x.osm.pbf")))
        assert said.status == 0, said.err
        new = tmp_path / "out/geodata-refresh/rail.geojson"
        assert far_m(drawn(new, "urumqi-osm_r_rail")["geometry"]["coordinates"], main) < 25

    def test_a_siding_where_there_is_nothing_else(
        self, world: World, at: Any, refresh: Any, tmp_path: Path
    ) -> None:
        main = beside(at["urumqi"], at["osm_r"], 3)
        world.road(main[:20], railway="rail", usage="main")
        world.road(main[19:22], railway="rail", service="crossover")
        world.road(main[21:], railway="rail")
        said = refresh("urumqi-osm_r_rail", "--pbf", str(world.write(tmp_path / "x.osm.pbf")))
        assert said.status == 0, said.err

    def test_through_the_places_of_via(
        self, world: World, at: Any, refresh: Any, spoil_link: Any, tmp_path: Path
    ) -> None:
        """Of two roads the longer, if a place lies there; not into the town and out again."""
        a, b = at["kashgar"], at["osm_c"]
        town = EARTH.fwd(*at["osm_b"], 180, 12_000)[:2]
        world.road(beside(at["osm_b"], b, 0), highway="trunk")
        longer = beside(at["osm_b"], town, 0) + beside(town, b, 0)[1:]
        world.road(longer, highway="trunk")
        world.road([town, EARTH.fwd(*town, 200, 2_000)[:2]], highway="primary")
        assert a != b
        csv_ = tmp_path / "geodata/places.csv"
        row = next(x for x in csv_.read_text("utf-8").splitlines() if x.startswith("osm_b,"))
        lon, lat = EARTH.fwd(*town, 200, 2_000)[:2]
        row = row.replace("osm_b", "osm_v").replace(f",{at['osm_b'][1]},{at['osm_b'][0]},",
                                                    f",{lat:.5f},{lon:.5f},")  # fmt: skip
        csv_.write_text(csv_.read_text("utf-8") + row + "\n", "utf-8")
        spoil_link("osm_b-osm_c", via="osm_v")
        said = refresh("osm_b-osm_c", "--pbf", str(world.write(tmp_path / "x.osm.pbf")))
        assert said.status == 0, said.err
        new = tmp_path / "out/geodata-refresh/road.geojson"
        assert far_m(drawn(new, "osm_b-osm_c")["geometry"]["coordinates"], longer) < 25
        assert "osm_v lies 2.0 km off the new line" in said.out

    def test_ways_cut_by_the_extract_are_used_as_far_as_they_go(
        self, world: World, at: Any, refresh: Any, tmp_path: Path
    ) -> None:
        road = beside(at["kashgar"], at["osm_b"], 2)
        run = world.road(road, highway="trunk")
        world.ways[1] = ([999_001, *run[:30], 999_002, *run[29:], 999_003], {"highway": "trunk"})
        said = refresh("kashgar-osm_b", "--pbf", str(world.write(tmp_path / "x.osm.pbf")))
        assert said.status == 0, said.err

    def test_secondary_roads_only_if_wanted(
        self, world: World, at: Any, refresh: Any, tmp_path: Path
    ) -> None:
        world.road(beside(at["kashgar"], at["osm_b"], 2), highway="secondary")
        pbf = str(world.write(tmp_path / "x.osm.pbf"))
        without = refresh("kashgar-osm_b", "--pbf", pbf)
        assert without.status == 2
        assert "no road of these classes lies within 25 km" in without.err
        assert "--wider" in without.err
        assert refresh("kashgar-osm_b", "--pbf", pbf, "--wider").status == 0

    @given(st.lists(st.integers(0, 5)))
    def test_spurs_go_and_neighbours_stay_neighbours(self, steps: list[int]) -> None:
        kept = _without_spurs(steps)
        joined = {frozenset(pair) for pair in pairwise(steps)}
        assert all(frozenset(pair) in joined for pair in pairwise(kept))
        assert kept[:1] == steps[:1]
        assert kept[-1:] == steps[-1:]
        assert all(a != b for a, b in pairwise(kept))
        assert all(a != b for a, b in zip(kept, kept[2:], strict=False))


class TestRefused:
    """What cannot be drawn is refused, with a reason, and leaves nothing behind."""

    def test_a_gap(self, world: World, at: Any, refresh: Any, tmp_path: Path) -> None:
        road = beside(at["kashgar"], at["osm_b"], 2)
        world.road(road[:30], highway="trunk")
        world.road(road[31:], highway="trunk")
        said = refresh("kashgar-osm_b", "--pbf", str(world.write(tmp_path / "x.osm.pbf")))
        assert said.status == 2
        assert "do not meet: a gap of 2.0 km at latitude" in said.err
        lon, lat = road[29]
        assert f"latitude {lat:.4f}, longitude {lon:.4f}" in said.err
        assert not (tmp_path / "out").exists()

    def test_a_place_off_the_network(
        self, world: World, at: Any, refresh: Any, tmp_path: Path
    ) -> None:
        a, b = at["kashgar"], at["osm_b"]
        world.road(beside(EARTH.fwd(*a, 0, 4_000)[:2], b, 0), highway="trunk")
        pbf = str(world.write(tmp_path / "x.osm.pbf"))
        said = refresh("kashgar-osm_b", "--pbf", pbf)
        assert said.status == 2
        assert "kashgar lies 4.0 km from the nearest way, more than 3 km" in said.err
        assert "--snap" in said.err
        assert refresh("kashgar-osm_b", "--pbf", pbf, "--snap", "4.5").status == 0

    def test_a_line_the_network_would_refuse(
        self, world: World, at: Any, refresh: Any, tmp_path: Path
    ) -> None:
        """The checks of the folder hold for the new line too: here it ends far from its place."""
        b = at["osm_b"]
        world.road(beside(EARTH.fwd(*at["kashgar"], 0, 20_000)[:2], b, 0), highway="trunk")
        pbf = str(world.write(tmp_path / "x.osm.pbf"))
        said = refresh("kashgar-osm_b", "--pbf", pbf, "--snap", "30")
        assert said.status == 2
        assert "the line ends 20 km from kashgar" in said.err
        assert not (tmp_path / "out").exists()

    def test_both_ends_at_one_point(
        self, world: World, at: Any, refresh: Any, tmp_path: Path
    ) -> None:
        middle = EARTH.npts(*at["kashgar"], *at["osm_b"], 1)[0]
        world.road([middle, EARTH.fwd(*middle, 10, 30_000)[:2]], highway="trunk")
        pbf = str(world.write(tmp_path / "x.osm.pbf"))
        said = refresh("kashgar-osm_b", "--pbf", pbf, "--snap", "50")
        assert said.status == 2
        assert "nearest to the same point" in said.err

    @pytest.mark.parametrize(
        ("words", "told"),
        [
            (["kashgar-osm_b"], "give --pbf FILE"),
            (["kashgar-osm_b", "--pbf", "x.osm.pbf", "--overpass"], "give --pbf FILE"),
            (
                ["kashgar-osm_b", "--pbf", "x.osm.pbf", "--overpass-url", "http://a/api"],
                "give --pbf",
            ),
            (["kashgar-osm_b", "--pbf", "none.osm.pbf"], "none.osm.pbf: no such file"),
            (["kashgar-osm_b", "--pbf", "http://127.0.0.1:9/x.osm.pbf"], "no such file"),
            (["kashgar-osm_b", "--pbf", "."], "no such file"),
            (["kashgar-osm_b", "--pbf", "notes.txt"], "an extract is named .osm.pbf"),
            (["kashgar-osm_b", "--pbf", "page.osm.pbf"], "the file is damaged"),
            (["kashgar-osm_b", "--pbf", "empty.osm.pbf"], "the file is damaged"),
            (["kashgar-osm_b", "--pbf", "short.osm.pbf"], "the file is damaged"),
            (["kashgar-osm_b", "--pbf", "bomb.osm"], "the file is damaged"),
            (["kashgar-osm_x", "--pbf", "x.osm.pbf"], "no place 'osm_x'"),
            (["kashgar-osm_c", "--pbf", "x.osm.pbf"], "from kashgar links lead to"),
            (["osm_bot", "--pbf", "x.osm.pbf"], "did you mean 'osm_both'?"),
            (["a-b-c", "--pbf", "x.osm.pbf"], "no corridor or link 'a-b-c'"),
            (["kashgar-osm_b", "--pbf", "x.osm.pbf", "--near", "nan"], "write km from 0.5 to 100"),
            (["kashgar-osm_b", "--pbf", "x.osm.pbf", "--snap", "-1"], "write km from 0 to 50"),
            (["kashgar-osm_b", "--pbf", "x.osm.pbf", "--write", "--json"], "give --yes too"),
        ],
    )
    def test_bad_input(
        self, words: list[str], told: str, world: World, at: Any, refresh: Any, tmp_path: Path
    ) -> None:
        world.road(beside(at["kashgar"], at["osm_b"], 2), highway="trunk")
        whole = world.write(tmp_path / "x.osm.pbf").read_bytes()
        (tmp_path / "short.osm.pbf").write_bytes(whole[:-30])
        (tmp_path / "notes.txt").write_text("notes")
        (tmp_path / "page.osm.pbf").write_text("<html>sign in</html>" * 9)
        (tmp_path / "empty.osm.pbf").write_bytes(b"")
        (tmp_path / "bomb.osm").write_text(
            '<!DOCTYPE x [<!ENTITY a "1">]>'
            '<osm version="0.6"><node id="&a;" lat="1" lon="1"/></osm>'
        )
        said = refresh(*words)
        assert said.status == 2
        assert told in " ".join(said.err.split()).replace("│ ", "").replace(" │", "")
        assert "Traceback" not in said.err
        assert not (tmp_path / "out").exists()

    def test_a_lane_over_sea(self, world: World, refresh: Any, folder: Path) -> None:
        lanes = json.loads((folder / "links/sea.geojson").read_text("utf-8"))["features"]
        said = refresh(lanes[0]["properties"]["link"], "--pbf", "x.osm.pbf")
        assert said.status == 2
        assert "give links that are all road or all rail" in said.err

    def test_a_file_that_may_not_be_read(
        self, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pbf = world.write(tmp_path / "x.osm.pbf")

        def refuse(self: Path, *_: Any, **__: Any) -> Any:
            raise PermissionError(13, "Permission denied", str(self))

        monkeypatch.setattr(Path, "open", refuse)
        with pytest.raises(PermissionError):
            stamped(pbf)

    @pytest.mark.parametrize("library", ["osmium", "osmnx"])
    def test_without_the_extra(
        self, library: str, world: World, refresh: Any, tmp_path: Path, monkeypatch: Any
    ) -> None:
        pbf = str(world.write(tmp_path / "x.osm.pbf"))
        for module in ("extract", "osm"):
            monkeypatch.delitem(sys.modules, f"corridor.geodata.{module}", raising=False)
            monkeypatch.delattr(f"corridor.geodata.{module}", raising=False)
        monkeypatch.setitem(sys.modules, library, None)
        said = refresh("kashgar-osm_b", "--pbf", pbf)
        assert said.status == 2
        assert f"this needs {library}: pip install 'corridor[osm]'" in said.err


class TestWrite:
    """Replacing the file in use."""

    @pytest.fixture
    def pbf(self, world: World, at: Any, tmp_path: Path) -> str:
        world.road(beside(at["kashgar"], at["osm_b"], 2), highway="trunk")
        return str(world.write(tmp_path / "x.osm.pbf"))

    def test_yes(self, pbf: str, refresh: Any, folder: Path, tmp_path: Path) -> None:
        said = refresh("kashgar-osm_b", "--pbf", pbf, "--write", "--yes")
        assert said.status == 0, said.err
        road = folder / "links/road.geojson"
        assert road.read_bytes() == (tmp_path / "out/geodata-refresh/road.geojson").read_bytes()
        assert drawn(road, "kashgar-osm_b")["properties"]["drawn"] == "osm"
        again = refresh("kashgar-osm_b", "--pbf", pbf, "--json")
        assert json.loads(again.out)["links"][0]["off_km"]["max"] < 0.03

    def test_no(self, pbf: str, refresh: Any, folder: Path, monkeypatch: Any) -> None:
        before = (folder / "links/road.geojson").read_bytes()

        def no(question: str, abort: bool) -> None:
            assert "road.geojson" in question
            assert abort
            raise typer.Abort

        monkeypatch.setattr(typer, "confirm", no)
        assert refresh("kashgar-osm_b", "--pbf", pbf, "--write").status == 130
        assert (folder / "links/road.geojson").read_bytes() == before

    def test_changed_while_the_question_stood(
        self, pbf: str, refresh: Any, folder: Path, monkeypatch: Any
    ) -> None:
        road = folder / "links/road.geojson"

        def edit(question: str, abort: bool) -> None:
            road.write_bytes(road.read_bytes() + b"\n")

        monkeypatch.setattr(typer, "confirm", edit)
        before = road.read_bytes()
        said = refresh("kashgar-osm_b", "--pbf", pbf, "--write")
        assert said.status == 2
        assert "has changed meanwhile" in said.err
        assert road.read_bytes() == before + b"\n"

    def test_not_in_an_installed_copy(
        self, pbf: str, folder: Path, monkeypatch: Any, capsys: Any
    ) -> None:
        installed = folder.parent / "_share"
        installed.mkdir()
        folder.rename(installed / "geodata")
        monkeypatch.setattr("corridor.cli.refresh.share", lambda name: installed / name)
        status = _status(["geodata", "refresh", "kashgar-osm_b", "--pbf", pbf, "--write", "--yes"])
        assert status == 2
        assert "give --geodata DIR" in capsys.readouterr().err

    def test_a_full_disk_leaves_the_file(
        self, pbf: str, refresh: Any, folder: Path, monkeypatch: Any
    ) -> None:
        road = folder / "links/road.geojson"
        before = road.read_bytes()
        real = Path.write_bytes

        def full(self: Path, data: bytes) -> int:
            if self.parent == folder / "links":
                real(self, data[:100])
                raise OSError(28, "No space left on device", str(self))
            return real(self, data)

        monkeypatch.setattr(Path, "write_bytes", full)
        assert refresh("kashgar-osm_b", "--pbf", pbf, "--write", "--yes").status == 4
        assert road.read_bytes() == before
        assert not list(road.parent.glob(".*"))


@settings(max_examples=50, deadline=None)
@given(
    indent=st.none() | st.integers(0, 3),
    gaps=st.sampled_from([(", ", ": "), (",", ":"), (" ,\n", "\t: ")]),
    name=st.text(),
    ascii_=st.booleans(),
)
def test_every_other_byte_stays(
    indent: int | None, gaps: tuple[str, str], name: str, ascii_: bool
) -> None:
    """However the file is laid out, and whatever its words."""

    def feature(link: str) -> Any:
        return {
            "type": "Feature",
            "properties": {
                "name": name, "link": link, "km": 1.50, "drawn": "@1", "drawn_credit": "@2",
            },
            "geometry": {"type": "LineString", "coordinates": [[1, 2], [3, 4]]},
            "id": [name, {"drawn": name}],
        }  # fmt: skip

    names = ["a", "b", "c"]
    whole = {"name": name, "features": [feature(each) for each in names], "type": "F"}
    text = json.dumps(whole, indent=indent, separators=gaps, ensure_ascii=ascii_)
    line = LineString([(5.5, 6.25), (7, 8)])
    after = spliced(text, {"b": line}, "osm", "©")
    data = json.loads(after)
    assert data["features"][1]["geometry"]["coordinates"] == [[5.5, 6.25], [7.0, 8.0]]
    assert data["features"][1]["properties"]["drawn_credit"] == "©"
    assert data["features"][0] == feature("a")
    assert data["features"][2] == feature("c")
    before = {**feature("b")}
    part = after[after.index('"b"') :]
    back = after[: after.index('"b"')] + part.replace('"osm"', '"@1"', 1).replace('"©"', '"@2"', 1)
    new = json.dumps({"type": "LineString", "coordinates": [[5.5, 6.25], [7.0, 8.0]]})
    shape = json.dumps(before["geometry"], separators=gaps)
    squeezed = ["".join(each.split()) for each in (back.replace(new, shape), text)]
    assert squeezed[0] == squeezed[1]
    with pytest.raises(KeyError):
        spliced(text, {"x": line}, "osm", "©")


def test_the_made_up_world_is_what_it_says() -> None:
    """The oracle of these tests: a road beside the straight line is as long as worked out."""
    a, b = (76.0, 39.5), (76.7, 39.6)
    straight = EARTH.inv(*a, *b)[2] / 1000
    road = np.array(beside(a, b, 4, each=0.5))
    length = EARTH.line_length(*road.T) / 1000
    assert length == pytest.approx(straight + 8 * (np.sqrt(2) - 1), rel=2e-3)
    assert osm_world.STAMP.startswith("2026-10-31")

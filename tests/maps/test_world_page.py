"""The map of the layers as a file: equal twice, small, Folium's, no data before the data."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import world_fixture
from map_hostile import PAYLOADS

from corridor import evidence, geodata
from corridor.cli import main
from corridor.maps import atlas
from corridor.maps.atlas import draw_world, world_page
from corridor.maps.offline import CREDITS, POLICY, NotOffline


def test_two_drawings_are_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.html", "b.html"):
        made = world_fixture.network()
        draw_world(made, world_fixture.figures(), world_fixture.SOURCES, tmp_path / name)
        atlas._frame.cache_clear()
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.html", "b.html"]


def test_folium_draws_the_structure_under_fixed_names() -> None:
    before, after = atlas._frame()
    assert not re.search(r"[0-9a-f]{32}", before + after)
    assert "var map_world = L.map(" in before
    for key, name in atlas.LAYERS:
        kind = "geo_json" if key in atlas._SHAPES else "feature_group"
        assert f'"{name}" : {kind}_{key}_world' in before
    assert before.index("Content-Security-Policy") < before.index("<script")
    assert POLICY in before


def test_the_script_credits_the_same_addresses_as_the_gate() -> None:
    _, after = atlas._frame()
    assert tuple(re.findall(r'"(https?://(?!www\.w3\.org)[^"]+)"', after)) == CREDITS
    assert "innerHTML" not in after


def test_data_stand_in_one_place_only() -> None:
    html = world_page(world_fixture.network("Zyxwv place"), world_fixture.figures("Qponm"), {})
    before, after = atlas._frame()
    data = html.removeprefix(before).removesuffix(after)
    for word in ("Zyxwv place", "Qponm", "KJ-40", "khunjerab"):
        assert word in data
        assert word not in before + after
    assert data.startswith('<script type="application/json" id="scene">')


def test_drawing_runs_no_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for payload in PAYLOADS:
        html = world_page(
            world_fixture.network(payload), world_fixture.figures(payload), {"003-01": payload}
        )
        if set("<>&{}") & set(payload):
            assert payload not in html
    assert list(tmp_path.iterdir()) == []


def test_a_page_that_names_an_address_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, after = atlas._frame()
    planted = before + '<img src="https://evil.invalid/x.png">'
    monkeypatch.setattr(atlas, "_frame", lambda: (planted, after))
    with pytest.raises(NotOffline, match=r"evil\.invalid"):
        draw_world(world_fixture.network(), [], {}, tmp_path / "world.html")
    assert list(tmp_path.iterdir()) == []


def test_the_bundled_world_makes_a_small_page() -> None:
    claims = evidence.load_claims()
    html = world_page(geodata.read(), evidence.trade(claims), {})
    assert len(html.encode()) < 2_000_000
    assert "409200000000" in html, "the figure that is ten times too large is shown, struck through"


def test_the_command_says_what_it_wrote(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["geodata", "map", "--out", str(tmp_path / "out")])
    assert ended.value.code == 0
    page = tmp_path / "out" / "world.html"
    assert capsys.readouterr().out == f"Wrote {page}\n"
    assert page.stat().st_size > 500_000

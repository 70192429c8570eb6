"""The page as a file: equal twice, small, Folium's, and free of data before the data."""

from __future__ import annotations

import re
from pathlib import Path

import map_fixture
import pytest
from map_hostile import PAYLOADS

from corridor.maps.draw import LAYERS, _frame, draw, page
from corridor.maps.offline import CREDITS, POLICY


def test_two_drawings_are_the_same_bytes(tmp_path: Path) -> None:
    draw(map_fixture.results(), map_fixture.network(), tmp_path / "a.html")
    _frame.cache_clear()
    draw(map_fixture.results(), map_fixture.network(), tmp_path / "b.html")
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_no_random_names_are_left() -> None:
    before, after = _frame()
    assert not re.search(r"[0-9a-f]{32}", before + after)


def test_folium_draws_the_structure() -> None:
    before, _ = _frame()
    for side in ("left", "right"):
        assert f"var map_{side} = L.map(" in before
        assert f"let layer_control_{side} = L.control.layers(" in before
        assert f"L.control.scale().addTo(map_{side})" in before
        for key, name in LAYERS:
            assert f'"{name}" : {"geo_json" if key == "disputed" else "feature_group"}_{key}_' in (
                before
            )
    assert "map_left.sync(map_right)" in before
    assert before.index("Content-Security-Policy") < before.index("<script")
    assert POLICY in before


def test_data_stand_in_one_place_only() -> None:
    network = map_fixture.network({"sost": "Zyxwv place"})
    results = map_fixture.results(headline="Qponm finding")
    html = page(results, network)
    before, after = _frame()
    data = html.removeprefix(before).removesuffix(after)
    for word in ("Zyxwv place", "Qponm finding", "KJ-42", "khunjerab"):
        assert word in data
        assert word not in before + after
    assert data.startswith('<script type="application/json" id="scene">')


def test_the_script_credits_the_same_addresses_as_the_gate() -> None:
    _, after = _frame()
    assert tuple(re.findall(r'"(https?://(?!www\.w3\.org)[^"]+)"', after)) == CREDITS
    assert "innerHTML" not in after.partition("<script>")[2]


def test_drawing_runs_no_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for payload in PAYLOADS:
        results = map_fixture.results(headline=payload)
        html = page(results, map_fixture.network({"sost": payload, "kashgar": payload}))
        if set("<>&{}") & set(payload):
            assert payload not in html
    assert list(tmp_path.iterdir()) == []


def test_the_bundled_world_makes_a_small_page() -> None:
    geodata = pytest.importorskip("corridor.geodata")
    if not hasattr(geodata, "load"):
        pytest.skip("the geodata room is not built yet")
    html = page(map_fixture.results(), geodata.load())
    assert len(html.encode()) < 1_500_000

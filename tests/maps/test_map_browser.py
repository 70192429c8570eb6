"""The page in Chromium with the network off: it opens, obeys, and shows hostile text as text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import map_fixture
import pytest
from browser import browser, open_offline
from map_hostile import PAYLOADS

from corridor.maps.draw import draw, page

pytestmark = pytest.mark.browser


def read(locator: Any) -> str:
    """The text a reader sees, with plain spaces."""
    return str(locator.inner_text()).replace("\xa0", " ")


def numbers(page: Any, where: str) -> list[str]:
    """The numbers beside the posts."""
    return [read(each) for each in page.locator(where).all()]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser() as started:
        yield started


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("maps") / "map.html"
    draw(map_fixture.results(), map_fixture.network(), path)
    return path


@pytest.mark.parametrize(
    ("width", "height", "dark"),
    [(1280, 800, False), (1280, 800, True), (390, 844, False), (390, 844, True)],
)
def test_opens_offline_without_a_complaint(chromium, drawn, width, height, dark) -> None:
    with open_offline(chromium, drawn, width=width, height=height, dark=dark) as visit:
        page = visit.page
        assert page.locator("#headline").inner_text() == (
            "Year-round opening adds 13,100 t a year, give or take 3,200 t"
        )
        assert page.title() == page.locator("#headline").inner_text()
        assert page.locator("#map_left path.post").count() == 2
        assert page.locator("#disclaimer").is_visible()
        assert page.locator("#credits a").all_inner_texts() == [
            "Natural Earth", "GeoNames (CC BY 4.0)", "© OpenStreetMap contributors (ODbL)",
            "NOAA GLOBE", "Leaflet",
        ]  # fmt: skip
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.locator("#map_left .leaflet-control-scale-line").first.is_visible()
        visit.assert_quiet()


def test_both_regimes_stand_side_by_side_and_can_be_switched(chromium, drawn) -> None:
    with open_offline(chromium, drawn) as visit:
        page = visit.page
        assert page.locator("#map_left .caption strong").inner_text() == (
            "Base: April to November season"
        )
        assert page.locator("#map_right .caption strong").inner_text() == "Year-round operation"
        assert numbers(page, "#map_left .subject b") == ["32.8 h", "19.6 h"]
        assert numbers(page, "#map_right .subject b") == ["25.9 h", "15.5 h"]
        page.get_by_label("Year-round operation", exact=True).check(force=True)
        assert not page.locator("#map_right").is_visible()
        assert page.locator("#map_left .caption strong").inner_text() == "Year-round operation"
        assert "view=other" in page.url
        page.keyboard.press("ArrowRight")
        assert page.locator("#map_right").is_visible()
        assert "view=both" in page.url
        visit.assert_quiet()


def test_the_fragment_restores_a_view(chromium, drawn) -> None:
    fragment = "#view=base&month=2024-07&hide=labels&extent=port"
    with open_offline(chromium, drawn, fragment=fragment) as visit:
        page = visit.page
        assert not page.locator("#map_right").is_visible()
        assert page.locator("#month-name").inner_text() == "July 2024"
        assert page.locator("#map_left .name.rank-1").count() == 0
        assert page.locator("[data-extent=port]").get_attribute("aria-pressed") == "true"
        visit.assert_quiet()
    hostile = "#view=<b>&month=__proto__&hide=toString&extent=constructor&at=1/x/2&other=9"
    with open_offline(chromium, drawn, fragment=hostile) as visit:
        assert visit.page.locator("#map_right").is_visible()
        visit.assert_quiet()


def test_pan_and_zoom_are_shared(chromium, drawn) -> None:
    with open_offline(chromium, drawn) as visit:
        page = visit.page
        page.mouse.move(300, 500)
        page.mouse.down()
        page.mouse.move(200, 450, steps=5)
        page.mouse.up()
        page.wait_for_timeout(600)
        page.locator("#map_right .leaflet-control-zoom-in").click()
        page.wait_for_timeout(600)
        views = page.evaluate("[map_left, map_right].map(m => [m.getZoom(), m.getCenter()])")
        assert views[0][0] == views[1][0]
        assert views[0][1] == pytest.approx(views[1][1], abs=0.02)
        assert "at=" in page.url
        for button in ("Port", "Corridor", "Whole network"):
            page.get_by_role("button", name=button, exact=True).click()
            assert f"extent={button.split()[-1].lower()}" in page.url
        visit.assert_quiet()


def test_a_card_opens_by_hand_and_by_keyboard(chromium, drawn) -> None:
    words = ["Sost", "سوست", "Sost dry port", "Year-round operation", "25.9 h (24.1 to 28)",
             "54,000 t (50,200 to 58,300)", "−6.89 h (−7.89 to −5.89)",
             "Evidence: KJ-31, KJ-40, KJ-43, KJ-C12", "Goods by month"]  # fmt: skip
    with open_offline(chromium, drawn) as visit:
        page = visit.page
        post = page.locator("#map_right path.post").first
        assert post.get_attribute("aria-label") == "Sost, Year-round operation"
        post.click()
        card = page.locator("#map_right .leaflet-popup .card")
        text = read(card)
        for word in words:
            assert word in text
        assert card.locator("svg.spark polyline").count() == 1
        page.keyboard.press("Escape")
        card.wait_for(state="detached")
        post.focus()
        page.keyboard.press("Enter")
        assert card.is_visible()
        visit.assert_quiet()


def test_on_a_phone_the_card_is_a_sheet(chromium, drawn) -> None:
    with open_offline(chromium, drawn, width=390, height=844) as visit:
        page = visit.page
        assert not page.locator("#map_right").is_visible()
        page.locator("#map_left path.post").first.click()
        assert "25.9 h" in read(page.locator("#sheet"))
        page.get_by_role("button", name="Close").click()
        assert not page.locator("#sheet").is_visible()
        for control in page.locator(".controls button, .controls label").all():
            assert control.bounding_box()["height"] >= 40
        visit.assert_quiet()


def test_links_say_what_is_simulated_and_what_is_cited(chromium, drawn) -> None:
    with open_offline(chromium, drawn, fragment="#extent=network&view=other") as visit:
        page = visit.page
        for label, words in (
            ("Tashkurgan to Khunjerab Pass, road", ["54,000 t (50,200 to 58,300)", "Goods south",
                                                    "Goods on record", "40,900 t (2024 · RL-04)"]),
            ("Urumqi to Almaty, rail", ["Cited from papers, not simulated", "27.5 million t"]),
            ("Gilgit to Karachi, road", ["No traffic simulated", "1 assumed length"]),
        ):  # fmt: skip
            page.locator(f'#map_left path[aria-label="{label}"]').dispatch_event("click")
            text = read(page.locator("#map_left .card").last)
            for word in words:
                assert word in text
        assert "on record, not simulated" in page.locator("#legend").inner_text()
        visit.assert_quiet()


def test_arrows_point_where_most_goods_go(chromium, drawn) -> None:
    with open_offline(chromium, drawn, fragment="#extent=port") as visit:
        arrows = visit.page.locator("#map_left .arrow:not([hidden])")
        turns = arrows.evaluate_all("all => all.map(a => a.style.transform)")
        angles = [float(turn.removeprefix("rotate(").removesuffix("rad)")) for turn in turns]
        assert angles
        assert all(angle > 0 for angle in angles)  # down the screen: south
        visit.assert_quiet()


def test_without_monthly_links_the_lines_of_the_year_fade(chromium, tmp_path) -> None:
    results = map_fixture.results()
    results.monthly = results.monthly[~results.monthly["place"].str.startswith("link/")]
    draw(results, map_fixture.network(), tmp_path / "map.html")
    with open_offline(chromium, tmp_path / "map.html", fragment="#month=2025-01") as visit:
        page = visit.page
        assert page.locator("#map_left path.road").count() == 3
        opacity = "getComputedStyle(document.querySelector('.leaflet-roads-pane')).opacity"
        assert float(page.evaluate(opacity)) < 0.5
        assert "Lines: simulated goods, tonnes a year" in page.locator("#subtitle").inner_text()
        visit.assert_quiet()


def test_the_slider_moves_the_year(chromium, drawn) -> None:
    with open_offline(chromium, drawn) as visit:
        page = visit.page
        slider = page.locator("#month")
        assert page.locator("#month-name").inner_text() == "Whole year"
        assert page.locator("#play").get_attribute("aria-pressed") == "false"
        widths = "[...document.querySelectorAll('#map_left path.road')].length"
        assert page.evaluate(widths) == 3
        slider.focus()
        page.keyboard.press("End")
        assert page.locator("#month-name").inner_text() == "March 2025"
        assert page.evaluate(widths) == 0
        assert numbers(page, "#map_left .subject b") == ["0 t", "0 t"]
        assert numbers(page, "#map_right .subject b") == ["4,370 t", "4,370 t"]
        assert "goods through the post" in page.locator("#legend").inner_text()
        page.keyboard.press("Home")
        page.get_by_role("button", name="Play").click()
        assert page.locator("#month-name").inner_text() == "April 2024"
        page.get_by_role("button", name="Pause").click()
        visit.assert_quiet()


def test_a_reader_who_wants_no_motion_steps(chromium, drawn) -> None:
    with open_offline(chromium, drawn, reduced_motion=True) as visit:
        page = visit.page
        assert page.get_by_role("button", name="Play").count() == 0
        page.get_by_role("button", name="Next").click()
        page.wait_for_timeout(1100)
        assert page.locator("#month-name").inner_text() == "April 2024"
        visit.assert_quiet()


def test_without_months_there_is_no_slider(chromium, tmp_path) -> None:
    results = map_fixture.results(names=(map_fixture.BASE,), monthly=False)
    draw(results, map_fixture.network(), tmp_path / "map.html")
    with open_offline(chromium, tmp_path / "map.html") as visit:
        page = visit.page
        assert not page.locator("#time").is_visible()
        assert not page.locator("#view").is_visible()
        page.locator("#map_left path.post").first.click()
        assert "Vehicles in the queue by day" in page.locator(".card").inner_text()
        visit.assert_quiet()


def test_three_regimes_share_two_sides(chromium, tmp_path) -> None:
    names = (map_fixture.BASE, map_fixture.OTHER, "khunjerab_fair_weather")
    draw(map_fixture.results(names=names), map_fixture.network(), tmp_path / "map.html")
    with open_offline(chromium, tmp_path / "map.html") as visit:
        page = visit.page
        page.get_by_label("Fair-weather winter", exact=True).check(force=True)
        page.get_by_label("Both", exact=True).check(force=True)
        assert page.locator("#map_right .caption strong").inner_text() == "Fair-weather winter"
        visit.assert_quiet()


def test_the_layer_control_speaks_for_both_maps(chromium, drawn) -> None:
    with open_offline(chromium, drawn) as visit:
        page = visit.page
        control = page.locator("#map_right .leaflet-control-layers")
        control.hover()
        names = [text.strip() for text in control.locator("label").all_inner_texts()]
        assert names == ["Basemap labels", "Border ports", "CPEC and other roads",
                         "China Railway Express", "Disputed lines"]  # fmt: skip
        for name, mark in (("Border ports", "path.post"), ("CPEC and other roads", "path.road"),
                           ("Disputed lines", "path.disputed")):  # fmt: skip
            assert page.locator(f".folium-map {mark}").count() > 0
            control.get_by_label(name).uncheck()
            assert page.locator(f".folium-map {mark}").count() == 0
        assert "hide=ports,roads,disputed" in page.url
        control.get_by_label("Border ports").check()
        assert page.locator("#map_left path.post").count() == 2
        visit.assert_quiet()


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_names_cover_nothing_at_the_start(chromium, drawn, width, height) -> None:
    with open_offline(chromium, drawn, width=width, height=height, fragment="#view=both") as visit:
        overlaps = visit.page.evaluate("""() => {
          const boxes = [];
          for (const map of document.querySelectorAll('.folium-map')) {
            const box = e => [e, e.getBoundingClientRect()];
            const seen = all => [...map.querySelectorAll(all)].map(box);
            const names = seen('.spot.placed > span');
            const others = [...names, ...seen('path.post, path.crossing, .caption')];
            for (const [name, a] of names) for (const [other, b] of others) {
              if (name !== other && a.left < b.right && b.left < a.right
                && a.top < b.bottom && b.top < a.bottom) boxes.push(name.textContent);
            }
          }
          return boxes;
        }""")
        assert overlaps == []
        for side in ("left", "right"):
            placed = visit.page.locator(f"#map_{side} .subject .placed > span").all_inner_texts()
            assert len(placed) == 2
        visit.assert_quiet()


def test_it_works_inside_a_sandboxed_frame(chromium, tmp_path) -> None:
    html = page(map_fixture.results(), map_fixture.network())
    escaped = html.replace("&", "&amp;").replace('"', "&quot;")
    (tmp_path / "report.html").write_text(
        f'<iframe sandbox="allow-scripts" width="1000" height="700" srcdoc="{escaped}"></iframe>',
        encoding="utf-8",
    )
    with open_offline(chromium, tmp_path / "report.html") as visit:
        frame = visit.page.frame_locator("iframe")
        frame.get_by_role("button", name="Port").click()
        assert frame.locator("#map_left path.post").count() == 2
        visit.assert_quiet()


def hostile(payload: str) -> tuple[Any, Any]:
    """A study in which every text that people write is the payload."""
    results = map_fixture.results(headline=payload, run_id=payload)
    for k, scenario in enumerate(results.record["scenarios"]):
        scenario["title"] = payload
        scenario["regime"]["title"] = f"{payload} {k}"
        scenario["regime"]["claim"] = payload
        for post in scenario["resolved"]["ports"]["khunjerab"]["posts"].values():
            post["title"] = payload
    for row in results.record["inputs"]:
        row["claim"] = payload
    network = map_fixture.network()
    for column in ("name", "local_name", "note", "source"):
        network.places[column] = payload
    for column in ("name", "why", "traffic_claim", "traffic_period", "claim"):
        network.links[column] = payload
    network.basemap["land"]["name"] = payload
    return results, network


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_text_is_shown_and_never_run(chromium, tmp_path, monkeypatch, payload) -> None:
    monkeypatch.chdir(tmp_path)
    draw(*hostile(payload), tmp_path / "map.html")
    assert [file.name for file in tmp_path.iterdir()] == ["map.html"]
    with open_offline(chromium, tmp_path / "map.html") as visit:
        page = visit.page
        text = "node => node.textContent"
        assert page.locator("#headline").evaluate(text) == payload
        assert page.locator("#map_right .caption strong").evaluate(text) == f"{payload} 1"
        assert payload in page.locator("#source").evaluate(text)
        assert page.locator("#map_left .name span").first.evaluate(text).startswith(payload)
        for mark in ("path.post", 'path[aria-label$="road"]', 'path[aria-label$="rail"]'):
            page.locator(f"#map_right {mark}").first.dispatch_event("click")
            assert payload in page.locator("#map_right .card").last.evaluate(text)
        assert page.evaluate("window.ran") is None
        assert page.locator("iframe, img, body > svg").count() == 0
        visit.assert_quiet()
    assert [file.name for file in tmp_path.iterdir()] == ["map.html"]

"""The map of the layers in Chromium with the network off: it opens, obeys, shows text as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import world_fixture
from browser import browser, open_offline
from map_hostile import PAYLOADS

from corridor import geodata
from corridor.maps.atlas import draw_world

pytestmark = pytest.mark.browser


def read(locator: Any) -> str:
    """The text a reader sees, with plain spaces."""
    return str(locator.inner_text()).replace("\xa0", " ")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser() as started:
        yield started


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("world") / "world.html"
    draw_world(world_fixture.network(), world_fixture.figures(), world_fixture.SOURCES, path)
    return path


@pytest.fixture(scope="module")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The map of the layers as they are."""
    path = tmp_path_factory.mktemp("bundled") / "world.html"
    draw_world(geodata.read(), [], {}, path)
    return path


@pytest.mark.parametrize(
    ("width", "height", "dark"),
    [(1440, 900, False), (1440, 900, True), (390, 844, False), (390, 844, True)],
)
def test_opens_offline_without_a_complaint(chromium, drawn, width, height, dark) -> None:
    with open_offline(chromium, drawn, width=width, height=height, dark=dark) as visit:
        page = visit.page
        assert "2 border ports, 2,590 km of road, 2,480 km of railway" in read(
            page.locator("#headline")
        )
        assert "no opinion on the legal status" in read(page.locator("#disclaimer"))
        assert "Natural Earth · GeoNames" in read(page.locator("#credits"))
        assert "© OpenStreetMap contributors (ODbL) · NOAA GLOBE" in read(page.locator("#credits"))
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.locator("path.road").count() == 5
        assert page.locator("#map_world path.disputed").count() == 1
        visit.assert_quiet()


def test_near_ports_share_a_mark_from_afar_and_posts_part_from_near(chromium, drawn) -> None:
    with open_offline(chromium, drawn, fragment="#at=4/37/75") as visit:
        page = visit.page
        shared = page.locator("path.port")
        assert shared.get_attribute("aria-label") == "Khunjerab, 2\xa0border ports"
        shared.dispatch_event("click")
        card = read(page.locator(".card").first)
        for word in ("Khunjerab road", "Khunjerab rail", "1 April to 30 November", "4,693 m",
                     "CNKJP (Tashkurgan)", "PKSOS (Sost)", "cited, KJ-40", "Tashkurgan – Sost",
                     ):  # fmt: skip
            assert word in card
        assert "port=khunjerab" in page.url
        page.get_by_role("button", name="Show its posts").first.click()
        posts = page.locator("path.spot-mark.of-port")
        assert {each.get_attribute("aria-label") for each in posts.all()} == {"Tashkurgan", "Sost"}
        visit.assert_quiet()


def test_a_link_to_a_port_opens_its_posts_at_street_scale(chromium, drawn) -> None:
    with open_offline(chromium, drawn, fragment="#port=khunjerab") as visit:
        page = visit.page
        assert page.locator("path.spot-mark.of-port").count() == 2
        assert page.locator("path.port").count() == 0
        card = read(page.locator("#panel"))
        for word in ("Khunjerab road", "weekdays 10:00-18:00", "4,693 m", "Show Karachi"):
            assert word in card
        map_box, panel = (page.locator(each).bounding_box() for each in ("#map_world", "#panel"))
        for mark in page.locator("path.spot-mark.of-port").all():
            box = mark.bounding_box()
            assert box["x"] > panel["x"] + panel["width"], "a post is under the card"
            assert box["x"] < map_box["x"] + map_box["width"]
        page.locator("#panel").get_by_role("button", name="Show Karachi").click()
        assert "place=karachi" in page.url
        assert "Karachi" in read(page.locator("#panel"))
        page.locator("#port").select_option("khunjerab")
        assert "Khunjerab road" in read(page.locator("#panel"))
        page.get_by_role("button", name="Close the panel").click()
        assert "port=" not in page.url
        visit.assert_quiet()
    with open_offline(chromium, drawn, fragment="#place=sost") as visit:
        page = visit.page
        assert page.evaluate("map_world.getZoom()") >= 12
        assert "to within 15 km" in read(page.locator(".card").first)
        assert page.locator("path.within").count() >= 1
        assert not page.locator("#map_world path.borders").first.is_visible()
        assert "none is drawn" in read(page.locator("#disclaimer"))
        visit.assert_quiet()


def drawn_again(folder: Path, **changed: object) -> Path:
    """The page with some incidents and their columns changed."""
    network = world_fixture.network()
    for column, values in changed.items():
        network.incidents[column] = values
    draw_world(network, world_fixture.figures(), world_fixture.SOURCES, folder / "w.html")
    return folder / "w.html"


@pytest.mark.parametrize(
    ("stopped", "days", "words"),
    [
        ("road", (1.5, None, None), "Road closed\n36 h"),
        ("road", (1.5, 1, 2), "Road closed\n1 to 2 days"),
        ("cargo", (68, None, None), "Goods stopped\n68 days"),
        ("passengers", (14, 14, None), "Passengers stopped\n14 days or longer"),
        ("port", (None, 1, None), "Port closed\n1 day or longer"),
        ("road", (None, None, None), "Road closed\nfor how long is not known"),
        ("", (3, None, None), "Stood still\n3 days"),
    ],
)
def test_what_stopped_and_for_how_long(chromium, tmp_path, stopped, days, words) -> None:
    columns = ("closed_days", "closed_days_low", "closed_days_high")
    changed = {column: [day, day] for column, day in zip(columns, days, strict=True)}
    page = drawn_again(tmp_path, stopped=[stopped, stopped], **changed)
    with open_offline(chromium, page, fragment="#incident=slide") as visit:
        text = read(visit.page.locator("#panel"))
        assert words in text
        assert stopped == "road" or "Road closed" not in text
        visit.assert_quiet()


def test_a_link_to_an_incident_shows_how_far_off_it_may_be(chromium, tmp_path) -> None:
    page = drawn_again(tmp_path, within_km=[120.0, 120.0])
    with open_offline(chromium, page, fragment="#incident=slide") as visit:
        page = visit.page
        circle = page.locator("path.within.asked").bounding_box()
        frame = page.locator("#map_world").bounding_box()
        assert circle["x"] >= frame["x"]
        assert circle["y"] >= frame["y"]
        assert circle["x"] + circle["width"] <= frame["x"] + frame["width"]
        assert circle["y"] + circle["height"] <= frame["y"] + frame["height"]
        assert circle["height"] > 0.4 * frame["height"]
        panel = page.locator("#panel")
        assert circle["x"] >= panel.bounding_box()["x"] + panel.bounding_box()["width"]
        card = read(panel)
        assert "On record: landslide" in card
        assert "On record: attack" in card, "both stand at one point: one mark, one card"
        assert page.locator("path.incident").count() == 1
        page.get_by_role("button", name="Close the panel").click()
        assert page.locator("path.within.asked").count() == 0
        page.locator("path.incident").dispatch_event("click")
        assert page.locator("path.within.asked").count() == 1
        page.get_by_role("button", name="Close popup").click()
        assert page.locator("path.within.asked").count() == 0
        visit.assert_quiet()


def test_posts_at_one_point_share_a_mark_and_a_card(chromium, tmp_path) -> None:
    network = world_fixture.network()
    row = network.places[network.places["place"] == "sost"].iloc[0].to_dict()
    row |= {"place": "sost_dry_port", "name": "Sost dry port", "kind": "dry_port"}
    network.places.loc[len(network.places)] = row
    draw_world(network, [], {}, tmp_path / "w.html")
    with open_offline(chromium, tmp_path / "w.html", fragment="#place=sost_dry_port") as visit:
        page = visit.page
        assert page.locator('path[aria-label="Sost, Sost dry port"]').count() == 1
        heads = [read(each) for each in page.locator("#panel h2").all()]
        assert heads[0].startswith("Sost dry port"), "what was asked for comes first"
        assert any(head.startswith("Sost") and "dry" not in head for head in heads)
        visit.assert_quiet()


@pytest.mark.parametrize("dark", [False, True])
def test_names_are_readable_on_the_darkest_colour(chromium, drawn, dark) -> None:
    """A whole rim in the colour of the land stands between a letter and the ground under it."""
    with open_offline(chromium, drawn, fragment="#trade=2023-both", dark=dark) as visit:
        rim, ink = visit.page.locator(".name .placed > span").first.evaluate(
            "node => [getComputedStyle(node).textShadow, getComputedStyle(node).color]"
        )
        shadows = [[float(n) for n in re.findall(r"(-?[\d.]+)px", each)] for each in
                   re.findall(r"rgb[^)]*\)([^r]*)", rim)]  # fmt: skip
        sharp = {(x > 0) - (x < 0) + 3 * ((y > 0) - (y < 0)) for x, y, blur in shadows if not blur}
        assert len(sharp) == 8, "the rim goes all round"
        light = [contrast(ink), contrast(re.findall(r"rgb[^)]*\)", rim)[0])]
        assert (max(light) + 0.05) / (min(light) + 0.05) > 7
        visit.assert_quiet()


def contrast(colour: str) -> float:
    """Relative luminance of ``rgb(...)``, after WCAG 2."""
    parts = [int(each) / 255 for each in re.findall(r"\d+", colour)[:3]]
    line = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * line[0] + 0.7152 * line[1] + 0.0722 * line[2]


def test_countries_and_seas_are_named_from_afar_and_not_at_street_scale(chromium, drawn) -> None:
    with open_offline(chromium, drawn, fragment="#at=5/36/70") as visit:
        placed = visit.page.locator(".name.country .placed, .name.sea .placed")
        names = {each.text_content() for each in placed.all()}
        assert "Kazakhstan" in names or "Pakistan" in names
        assert "Arabian Sea" not in names or visit.page.locator(".name.sea").count() > 0
    with open_offline(chromium, drawn, fragment="#at=3/30/65") as visit:
        placed = visit.page.locator(".name.sea .placed")
        assert "Arabian Sea" in {each.text_content() for each in placed.all()}
        visit.assert_quiet()
    with open_offline(chromium, drawn, fragment="#at=10/47/70") as visit:
        assert visit.page.locator(".name.country .placed").count() == 0


def test_the_legend_tells_the_rings_of_posts_and_stations(chromium, drawn) -> None:
    with open_offline(chromium, drawn) as visit:
        text = read(visit.page.locator("#keys"))
        for word in ("Post of a border port", "Station, sea port or other post", "thick: motorway",
                     "Change of mode or gauge, or wait at a border"):  # fmt: skip
            assert word in text
        assert visit.page.locator("#keys .spot-mark").count() == 2


@pytest.mark.parametrize(
    ("place", "name", "words"),
    [
        ("gilgit", "Gilgit", "Border crossing by road"),
        ("urumqi", "Urumqi", "Change of gauge, rail to rail"),
        ("kashgar", "Kashgar", "From road to rail"),
    ],
)
def test_a_terminal_says_what_is_done_there(chromium, drawn, place, name, words) -> None:
    """A wait of lorries at a border was told as a change of gauge of trains."""
    with open_offline(chromium, drawn, fragment=f"#terminal={place}") as visit:
        card = read(visit.page.locator(".leaflet-popup .card"))
        assert words in card
        assert ("gauge" in card) == ("gauge" in words)
        assert visit.page.locator(f'path[aria-label="{name}: {words}"]').count() == 1
        visit.assert_quiet()


def test_of_the_bundled_world_no_road_post_changes_gauge(chromium, bundled) -> None:
    with open_offline(chromium, bundled) as visit:
        labels = [each.get_attribute("aria-label") for each in
                  visit.page.locator("path.terminal").all()]  # fmt: skip
        assert "Khorgos road port: Border crossing by road" in labels
        assert sum(label.endswith("Border crossing by road") for label in labels) == 18
        assert sum(label.endswith("rail to rail") for label in labels) == 5
        visit.assert_quiet()


def test_irkeshtam_is_named_beside_topa_and_a_phone_sees_the_roads(chromium, bundled) -> None:
    """The long name of the hall at Topa stood under the mark of Irkeshtam, which had none."""
    for width in (1440, 390):
        with open_offline(
            chromium, bundled, width=width, height=850, fragment="#at=6/39.7/74"
        ) as visit:
            placed = {each.text_content(): each.bounding_box() for each in
                      visit.page.locator(".placed > span").all()}  # fmt: skip
            assert {"Irkeshtam", "Topa", "Torugart Pass", "Kyrgyzstan", "Tajikistan"} <= set(placed)
            marks = {each.get_attribute("aria-label"): each.bounding_box() for each in
                     visit.page.locator("path.port, path.of-port").all()}  # fmt: skip
            topa = {label: away(placed["Topa"], box) for label, box in marks.items()}
            assert min(topa, key=topa.__getitem__).startswith("Topa")
    with open_offline(chromium, bundled, width=390, height=844) as visit:
        assert visit.page.evaluate("map_world.getZoom()") > 3.5
        visit.assert_quiet()


def away(one: dict[str, float], other: dict[str, float]) -> float:
    """How far two boxes lie apart, pixels."""
    sides = [("x", "width"), ("y", "height")]
    gaps = [max(one[at] - other[at] - other[by], other[at] - one[at] - one[by], 0)
            for at, by in sides]  # fmt: skip
    return (gaps[0] ** 2 + gaps[1] ** 2) ** 0.5


def test_roads_bear_their_names_at_street_scale_alone(chromium, drawn) -> None:
    with open_offline(chromium, drawn, fragment="#at=11/36.4/74.75") as visit:
        page = visit.page
        assert page.locator(".name.way-road .placed").count() == 1
        page.evaluate("map_world.setZoom(7, { animate: false })")
        assert page.locator(".name.way").count() == 0
        visit.assert_quiet()


def test_the_scale_is_read_over_a_line(chromium, drawn) -> None:
    with open_offline(chromium, drawn) as visit:
        colour = visit.page.locator(".leaflet-control-scale-line").first.evaluate(
            "node => getComputedStyle(node).backgroundColor"
        )
        assert colour not in ("rgba(0, 0, 0, 0)", "transparent")


def test_layers_are_switched_and_the_address_keeps_it(chromium, drawn) -> None:
    with open_offline(chromium, drawn) as visit:
        page = visit.page
        control = page.locator(".leaflet-control-layers")
        control.hover()
        names = [text.strip() for text in control.locator("label").all_inner_texts()]
        assert names == ["Names of towns, countries and seas", "Border ports", "Roads", "Railways",
                         "Sea legs, for comparison", "Change of mode or gauge, or wait at a border",
                         "Hazards and incidents on record", "How far off a position may be",
                         "Rivers", "Disputed lines"]  # fmt: skip
        for name, mark in (("Roads", "path.road"), ("Sea legs, for comparison", "path.sea"),
                           ("Hazards and incidents on record", "path.incident"),
                           ("Change of mode or gauge, or wait at a border", "path.terminal"),
                           ("Rivers", "path.rivers")):  # fmt: skip
            assert page.locator(f"#map_world {mark}").count() > 0, name
            control.get_by_label(name).uncheck()
            assert page.locator(f"#map_world {mark}").count() == 0, name
        address = page.url
        assert "hide=roads,sea,incidents,terminals,rivers" in address
    with open_offline(chromium, drawn, fragment="#" + address.partition("#")[2]) as visit:
        assert visit.page.locator("#map_world path.road").count() == 0
        assert visit.page.locator("#map_world path.rail").count() > 0
        visit.assert_quiet()


def test_trade_is_coloured_and_the_rejected_figure_is_struck_through(chromium, drawn) -> None:
    with open_offline(chromium, drawn) as visit:
        page = visit.page
        page.locator("#trade").select_option("2023-both")
        assert "trade=2023-both" in page.url
        panel = page.locator("#panel")
        struck = panel.locator("s")
        assert [read(each) for each in struck.all()] == ["US$409.2 bn"]
        assert struck.first.is_visible()
        line = struck.first.evaluate("node => getComputedStyle(node).textDecorationLine")
        assert line == "line-through"
        text = read(panel)
        for word in ("US$50.25 bn", "stands corrected at US$40.4 bn to US$40.9 bn",
                     "rejected, 003-01: A paper", "ten times too large", "CNY 283.67 bn",
                     "under US$100 m", "hatched, never split", "not coloured"):  # fmt: skip
            assert word in text
        assert page.locator("path.trade.level-1").count() == 1
        assert page.locator("path.trade.level-3").count() == 1
        assert page.locator("path.together").count() == 1
        assert page.locator("path.trade").count() == 2, "France has one month alone"
        page.locator("path.trade.level-1").dispatch_event("click")
        assert "Xinjiang’s trade with Pakistan" in read(page.locator(".leaflet-popup .card"))
        page.locator("#trade").select_option("")
        assert page.locator("path.trade").count() == 0
        assert not panel.is_visible()
        visit.assert_quiet()


def test_nothing_stands_for_exports_where_total_trade_was_called_so(chromium, drawn) -> None:
    with open_offline(chromium, drawn, fragment="#trade=2023-export") as visit:
        page = visit.page
        panel = page.locator("#panel")
        assert [read(each) for each in panel.locator("s").all()] == ["US$409 bn"]
        text = read(panel)
        assert "nothing stands for exports: the figure is total trade" in text
        assert "see 003-01, corrected there to US$40.4 bn to US$40.9 bn" in text
        assert "stands corrected" not in text
        panel.get_by_role("button", name="Show 2023, exports and imports").click()
        assert "trade=2023-both" in page.url
        assert "US$409.2 bn" in read(panel)
        visit.assert_quiet()


def test_a_corridor_shows_its_heights_and_its_legs(chromium, drawn) -> None:
    with open_offline(chromium, drawn, fragment="#corridor=cpec_road") as visit:
        page = visit.page
        panel = page.locator("#panel")
        text = read(panel)
        for word in ("Sost to Urumqi", "1,986 km", "Sost – Khunjerab Pass", "86 km", "1 of 4"):
            assert word in text
        assert "Khunjerab Pass, 4,693 m at km 86" in panel.locator(
            "svg.heights .peak"
        ).text_content().replace("\xa0", " ")
        assert page.locator("#map_world path.chosen").count() == 4
        panel.get_by_role("button", name="Close").click()
        assert not panel.is_visible()
        visit.assert_quiet()


def test_a_road_tells_its_winter_speed_and_its_part_of_the_heights(chromium, drawn) -> None:
    with open_offline(chromium, drawn, fragment="#link=kashgar-tashkurgan") as visit:
        text = read(visit.page.locator(".leaflet-popup .card"))
        for word in ("290 km", "47.5 km/h (40 to 55)", "31 km/h (December to February)", "ice",
                     "Drawn straight"):  # fmt: skip
            assert word in text
        assert "On record here" not in text
        assert visit.page.locator(".leaflet-popup polygon.part").count() == 1
        visit.assert_quiet()


def test_a_road_lists_the_hazards_on_record(chromium, drawn) -> None:
    with open_offline(chromium, drawn, fragment="#link=sost-gilgit") as visit:
        page = visit.page
        assert "On record here" in read(page.locator(".leaflet-popup .card"))
        page.get_by_role("button", name="On record: landslide (from").click()
        assert "incident=slide" in page.url
        assert "Landslide" in read(page.locator("#panel"))
        visit.assert_quiet()


def test_on_a_phone_a_card_is_a_sheet_within_reach(chromium, drawn) -> None:
    with open_offline(chromium, drawn, width=390, height=844, fragment="#at=4/37/75") as visit:
        page = visit.page
        page.locator("path.port").dispatch_event("click")
        assert "Khunjerab road" in read(page.locator("#sheet"))
        page.get_by_role("button", name="Close", exact=True).click()
        assert not page.locator("#sheet").is_visible()
        for select in page.locator(".pick select").all():
            assert select.bounding_box()["height"] >= 40
        visit.assert_quiet()


def test_a_hostile_address_opens_the_whole(chromium, drawn) -> None:
    hostile = "#port=__proto__&corridor=constructor&trade=<b>&hide=toString&at=1/x/2&place=%00"
    with open_offline(chromium, drawn, fragment=hostile) as visit:
        assert visit.page.locator("#map_world path.road").count() == 5
        assert visit.page.locator(".card").count() == 0
        assert not visit.page.locator("#panel").is_visible()
        visit.assert_quiet()


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_text_is_shown_and_never_run(chromium, tmp_path, monkeypatch, payload) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "world.html"
    sources = {"003-01": payload}
    draw_world(world_fixture.network(payload), world_fixture.figures(payload), sources, file)
    assert [each.name for each in tmp_path.iterdir()] == ["world.html"]
    with open_offline(chromium, file, fragment="#corridor=cpec_road&at=4/33/75") as visit:
        page = visit.page
        text = "node => node.textContent"
        assert page.locator("#panel h2").evaluate(text) == payload
        marks = ("path.port", "path.incident", "path.terminal", "path.spot-mark")
        for mark in (*marks, 'path[aria-label$="road"]', 'path[aria-label$="rail"]'):
            page.locator(f"#map_world {mark}").first.dispatch_event("click")
            assert payload in page.locator(".leaflet-popup .card").last.evaluate(text), mark
        page.locator("#trade").select_option("2023-both")
        assert payload in page.locator("#panel").evaluate(text)
        assert page.evaluate("window.ran") is None
        assert page.locator("iframe, img").count() == 0
        visit.assert_quiet()
    assert [each.name for each in tmp_path.iterdir()] == ["world.html"]

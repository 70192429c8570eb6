"""The scene of the world says what the layers say, and colours only what may carry a colour."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import world_fixture

from corridor.maps.commerce import CNY_PER_USD, LEVELS, trade_scene
from corridor.maps.world import build_world


@pytest.fixture(scope="module")
def scene() -> dict[str, Any]:
    return build_world(world_fixture.network(), world_fixture.figures(), world_fixture.SOURCES)


def partners(scene: dict[str, Any], key: str = "2023-both") -> dict[str, Any]:
    (found,) = (each for each in scene["trade"]["slices"] if each["key"] == key)
    return {partner["partner"]: partner for partner in found["partners"]}


def test_a_port_stands_between_its_posts_with_all_that_its_row_says(scene: dict) -> None:
    port = scene["ports"][0]
    assert port["box"] == [[37.7776, 75.2248], [36.69, 74.82]]
    assert port["at"] == pytest.approx([37.2338, 75.0224], abs=1e-4)
    assert port["season"] == "1 April to 30 November"
    assert port["elevation_m"] == 4693
    assert port["gauges"] == [None, None]
    assert port["codes"] == [
        {"code": "CNKJP", "of": "Tashkurgan"},
        {"code": "PKSOS", "of": "Sost"},
    ]
    assert port["gauge_at"] == "", "a road has none"
    assert (port["evidence"], port["claims"]) == ("cited", ["KJ-40"])


def test_posts_and_stations_are_spots_and_towns_are_names(scene: dict) -> None:
    spots = {spot["place"]: spot for spot in scene["spots"]}
    # Tashkurgan is a town, but a post of a port stands there.
    assert set(spots) == {"tashkurgan", "khunjerab_pass", "sost", "karachi", "irkeshtam"}
    assert spots["sost"]["within_km"] == 15
    assert {label["place"] for label in scene["labels"]} == {
        "kashgar",
        "gilgit",
        "urumqi",
        "almaty",
    }


def test_links_carry_shape_speed_winter_and_gauge(scene: dict) -> None:
    links = {link["link"]: link for link in scene["links"]}
    assert links["kashgar-tashkurgan"]["winter"]["kmh"] == 31
    assert links["sost-gilgit"]["winter"] is None
    assert links["kashgar-urumqi_rail"]["gauge_mm"] == 1520
    assert links["sost-gilgit"]["gauge_mm"] is None
    assert links["sost-gilgit"]["speed"]["kmh"] == [47.5, 40, 55]
    assert links["karachi-gwadar_sea"]["line"][1] == [24, 62]


def test_the_view_of_the_whole_leaves_the_sea_out(scene: dict) -> None:
    assert scene["whole"] == [[24.86, 67.01], [43.8, 87.6]]


def test_the_view_of_a_phone_is_that_of_the_roads() -> None:
    from corridor import geodata

    world = build_world(geodata.read(), [], {})
    (south, west), (north, east) = world["roads"]
    assert 24 < south < 26
    assert 61 < west < 67
    assert 45 < north < 49
    assert 85 < east < 90
    assert world["whole"][0][1] < 7, "the railways go on to Duisburg"


def test_the_gauge_changes_where_a_terminal_says_so() -> None:
    from corridor import geodata

    ports = {port["port"]: port for port in build_world(geodata.read(), [], {})["ports"]}
    assert {name: port["gauge_at"] for name, port in ports.items() if port["gauge_at"]} == {
        "khorgos_rail": "Altynkol", "alashankou_rail": "Dostyk", "manzhouli": "Zabaykalsk",
        "erenhot": "Zamyn-Uud", "malaszewicze": "Małaszewicze",
        # both gauges cross the bridge at Terespol, and the change stands at the next station
        "brest": "Małaszewicze",
    }  # fmt: skip
    assert ports["brest"]["codes"] == [{"code": "BYBQT", "of": "Brest"}]


def test_heights_run_the_way_the_corridor_is_travelled(scene: dict) -> None:
    (corridor,) = scene["corridors"]
    assert corridor["names"] == ["Sost", "Khunjerab Pass", "Tashkurgan", "Kashgar", "Urumqi"]
    assert corridor["profile"] == [
        [0, 2790], [86, 4693], [86, 4693], [216, 3090], [216, 3090], [356, 3900], [506, 1290],
    ]  # fmt: skip
    assert corridor["hours"] == pytest.approx(1986 / 47.5, abs=0.06)


def test_what_is_open_or_unknown_is_empty_not_made_up(scene: dict) -> None:
    slide = scene["incidents"][0]
    assert (slide["from"], slide["to"], slide["days"]) == ("2010-01-04", "", [None, None, None])
    assert (slide["link"], slide["stopped"], slide["position"]) == (
        "sost-gilgit",
        "road",
        "derived",
    )


def test_layers_of_before_that_do_not_say_what_stopped_are_drawn_too() -> None:
    made = world_fixture.network()
    made.incidents = made.incidents.drop(
        columns=["stopped", "position", "closed_days_low", "closed_days_high"]
    )
    slide = build_world(made, [], {})["incidents"][0]
    assert (slide["stopped"], slide["position"], slide["days"]) == ("", "", [None, None, None])


def test_a_port_leads_to_the_posts_that_its_note_speaks_of(scene: dict) -> None:
    assert [port["named"] for port in scene["ports"]] == [["karachi"], ["karachi"]]


def test_the_card_of_khunjerab_leads_to_the_hall_at_tashkurgan() -> None:
    from corridor import geodata

    world = build_world(geodata.load(), [], {})
    named = {port["port"]: port["named"] for port in world["ports"]}
    assert named["khunjerab"] == ["tashkurgan_hall"]
    spots = {spot["place"] for spot in world["spots"]}
    assert {place for each in named.values() for place in each} <= spots
    areas = {area["name"]: area for area in world["areas"]}
    assert {"Kazakhstan", "Pakistan", "China", "Caspian Sea", "Arabian Sea"} <= set(areas)
    lat, lon = areas["Kazakhstan"]["at"]
    assert 45 < lat < 51
    assert 60 < lon < 75


def test_countries_are_named_in_the_part_the_map_shows(scene: dict) -> None:
    areas = {area["name"]: area for area in scene["areas"]}
    assert areas["Pakistan"]["kind"] == "country"
    lat, lon = areas["Pakistan"]["at"]
    assert 25 < lat < 36
    assert 63 < lon < 73  # the view begins at 63.01
    assert areas["Caspian Sea"]["kind"] == "sea"
    assert "France" not in areas, "nothing of it lies in the view"
    bare = world_fixture.network()
    bare.basemap.pop("countries")
    assert {area["kind"] for area in build_world(bare, [], {})["areas"]} == {"sea"}


def test_countries_of_the_network_come_first_with_everyday_names_and_room() -> None:
    from corridor import geodata
    from corridor.maps.names import EVERYDAY

    network = geodata.read()
    countries = network.basemap["countries"]
    assert set(EVERYDAY) <= set(countries["iso_a3"])
    found = [each for each in build_world(network, [], {})["areas"] if each["kind"] == "country"]
    names = [each["name"] for each in found]
    assert {"Russia", "Laos"} <= set(names)
    assert not {"Russian Federation", "Lao PDR"} & set(names)
    two = dict(zip(countries["name"], countries["iso_a2"], strict=True)) | {"Russia": "RU"}
    touched = [two.get(name) in set(network.places["country"]) for name in names]
    assert touched == sorted(touched, reverse=True), "those with a place of the network first"
    areas = {each["name"]: each for each in found}
    for name in ("Kyrgyzstan", "Tajikistan"):
        assert areas[name]["reach"] > 3, "a long country has room along its parallel"
    assert {areas[name]["zoom"] for name in ("Kyrgyzstan", "India", "Turkey")} == {0}
    assert min(areas[name]["zoom"] for name in ("Libya", "Chad", "Niger")) > 4, "far from all ways"


def test_a_sea_is_named_in_the_water() -> None:
    from shapely.geometry import Point

    from corridor import geodata
    from corridor.maps.names import SEAS

    ground = geodata.load().basemap
    land, lakes = ground["land"].geometry, ground["lakes"].geometry
    for name, lat, lon, _ in SEAS:
        at = Point(lon, lat)
        assert not land.contains(at).any() or lakes.contains(at).any(), name


def test_a_pass_brings_its_published_height(scene: dict) -> None:
    assert scene["corridors"][0]["tops"] == [None, 4693, None, None, None]


def test_the_colour_is_that_of_the_figure_that_stands(scene: dict) -> None:
    found = partners(scene)
    assert found["Pakistan"]["usd"] == pytest.approx(2.92e9 / CNY_PER_USD)
    assert found["Pakistan"]["level"] == 1
    assert found["Central Asia"]["level"] == len(LEVELS)
    assert "KAZ" in found["Central Asia"]["members"]
    assert found["France"]["level"] is None, "a month beside years would look like a small trade"
    first, second = found["World"]["figures"]
    assert (first["claim"], first["drawn"]) == ("TR-07b", True)
    assert second["status"] == "rejected"
    assert second["instead"] == [40.4e9, 40.9e9]
    assert second["source"] == "A paper"
    assert second["reason"] == "ten times too large"


def test_a_rejected_figure_never_gives_the_colour_its_correction_may() -> None:
    wrong = world_fixture.figures()[-2]
    rows = [replace(wrong, partner="Pakistan", iso="PAK")]
    (part,) = trade_scene(rows, None, {})["slices"][0]["partners"]
    assert part["usd"] == pytest.approx(40.65e9)
    (part,) = trade_scene([replace(rows[0], adjudicated=None)], None, {})["slices"][0]["partners"]
    assert part["level"] is None


def test_total_trade_called_exports_leads_to_total_trade(scene: dict) -> None:
    (figure,) = partners(scene, "2023-export")["World"]["figures"]
    assert figure["instead"] == []
    assert figure["belongs"] == {
        "own": "exports", "flow": "total trade (exports and imports together)", "claim": "003-01",
        "slice": "2023-both", "instead": [40.4e9, 40.9e9],
    }  # fmt: skip
    assert all(row["belongs"] is None for row in partners(scene)["World"]["figures"])


def test_of_two_figures_the_longer_period_and_the_accepted_one() -> None:
    year = world_fixture.figures()[2]
    half = replace(year, last=date(2023, 6, 30), cny=1e9, claim="half")
    doubted = replace(year, cny=9e10, claim="doubted", status="contested")
    (part,) = trade_scene([half, year, doubted], None, {})["slices"][0]["partners"]
    assert [row["claim"] for row in part["figures"] if row["drawn"]] == ["KJ-37"]


def test_only_partners_are_carried_as_shapes(scene: dict) -> None:
    assert set(scene["trade"]["shapes"]) == {"FRA", "KAZ", "PAK"}
    alone = trade_scene(world_fixture.figures()[2:3], map_world_countries(), {})
    assert set(alone["shapes"]) == {"PAK"}


def map_world_countries() -> Any:
    return world_fixture.network().basemap["countries"]


def test_contested_ground_is_no_part_of_any_country() -> None:
    from shapely.geometry import Point

    from corridor import geodata

    countries = geodata.read().basemap["countries"]
    spots = {
        "Gilgit": (74.31, 35.92), "Khunjerab Pass": (75.43, 36.85), "Srinagar": (74.8, 34.08),
        "Aksai Chin": (79.5, 35.2), "Tawang": (91.87, 27.59), "Simferopol": (34.1, 44.95),
    }  # fmt: skip
    for spot, at in spots.items():
        inside = countries[countries.contains(Point(at))]
        assert inside.empty, f"{spot} lies in {list(inside['name'])}"
    assert list(countries[countries.contains(Point(73.05, 33.6))]["iso_a3"]) == ["PAK"]

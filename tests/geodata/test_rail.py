"""The railways: gauges, lengths, and lines that follow the track."""

from __future__ import annotations

import csv
import dataclasses
import importlib
import itertools
import json
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest
from pyproj import Geod

from corridor.geodata import Network, cautions
from corridor.geodata.alignments import drawn_as
from corridor.library import share

EARTH = Geod(ellps="WGS84")
# towns on the lines that no line was drawn through (GeoNames): longitude, latitude
PASSED = {
    "lianyungang-zhengzhou_rail": (114.3074, 34.7986),  # Kaifeng
    "xian-lanzhou_rail": (108.7026, 34.3378),  # Xianyang
    "lanzhou-urumqi_rail": (98.2862, 39.8112),  # Jiayuguan
    "urumqi-jinghe_rail": (84.9007, 44.4236),  # Kuytun
    "dostyk-aktogay_rail": (82.4804, 45.2533),  # Dostyk
    "mointy-astana_rail": (72.5728, 50.5632),  # Osakarovka
    "astana-petropavl_rail": (70.189, 52.9359),  # Shchuchinsk
    "petropavl-yekaterinburg_rail": (61.9335, 56.4063),  # Kamensk-Uralsky
    "yekaterinburg-moscow_rail": (53.7978, 56.4763),  # Sarapul
    "moscow-minsk_rail": (34.297, 55.21),  # Vyazma
    "minsk-brest_rail": (25.3351, 52.7079),  # Ivatsevichy
    "malaszewicze-warsaw_rail": (23.1306, 52.0203),  # Biala Podlaska, station
    "warsaw-duisburg_rail": (15.8165, 52.2432),  # Zbaszynek
    "warsaw-hamburg_rail": (18.2512, 52.2234),  # Konin
    "omsk-yekaterinburg_rail": (66.3005, 56.6532),  # Yalutorovsk
    "novosibirsk-omsk_rail": (78.3587, 55.3507),  # Barabinsk
    "irkutsk-novosibirsk_rail": (95.7185, 56.2022),  # Kansk
    "ulan_ude-irkutsk_rail": (103.71, 51.6621),  # Slyudyanka
    "chita-ulan_ude_rail": (108.8471, 51.2758),  # Petrovsk-Zabaykalsky
    "zabaykalsk-chita_rail": (115.5755, 50.9463),  # Olovyannaya
    "harbin-manzhouli_rail": (122.7365, 48.0095),  # Zhalantun
    "shenyang-harbin_rail": (123.8414, 42.2931),  # Tieling
    "zhengzhou-beijing_rail": (114.4876, 36.61),  # Handan
    "shu-tashkent_rail": (72.7157, 42.9102),  # Kulan
    "shanghai-zhengzhou_rail": (120.2886, 31.5689),  # Wuxi
    "guangzhou-shenzhen_rail": (113.8472, 23.1144),  # Shilong
}


@pytest.fixture
def rails(network: Network) -> Any:
    return network.links[network.links["mode"] == "rail"]


def _drawn_km(line: Any) -> float:
    return float(EARTH.geometry_length(line)) / 1000


def _terminals() -> set[str]:
    with (share("geodata") / "terminals.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        return {r["place"] for r in rows if r["from_mode"] == r["to_mode"] == "rail"}


def test_every_railway_has_a_gauge_and_changes_it_only_at_a_terminal(
    network: Network, rails: Any
) -> None:
    assert set(rails.gauge_mm) == {1435, 1520}
    at: dict[str, set[float]] = {}
    for row in rails.itertuples():
        for place in (row.from_place, row.to_place):
            at.setdefault(place, set()).add(row.gauge_mm)
    changes = {place for place, gauges in at.items() if len(gauges) > 1}
    assert changes == {"altynkol", "dostyk", "malaszewicze", "zamyn_uud", "zabaykalsk"}
    travelled = {p for c in network.corridors.values() if c.mode == "rail" for p in c.places}
    assert changes & travelled <= _terminals()


def test_trains_to_europe_change_gauge_twice_and_to_central_asia_once(
    network: Network, rails: Any
) -> None:
    gauge = dict(zip(rails.link, rails.gauge_mm, strict=True))
    chains = [c for c in network.corridors.values() if c.mode == "rail"]
    assert len(chains) >= 9
    for corridor in chains:
        gauges = [gauge[leg.link] for leg in network.chain(corridor.corridor)]
        changes = sum(a != b for a, b in itertools.pairwise(gauges))
        europe = "malaszewicze" in corridor.places[:-1]
        china = {"urumqi", "zamyn_uud", "zabaykalsk"} & set(corridor.places)
        assert changes == europe + bool(china), corridor.corridor


def test_no_line_is_shorter_than_the_great_circle_or_strays(network: Network, rails: Any) -> None:
    for row in rails.itertuples():
        least = network.great_circle_km(row.from_place, row.to_place)
        drawn = _drawn_km(row.geometry)
        assert least <= row.km, row.link
        assert drawn >= least - 1, row.link
        if row.drawn != "straight":
            assert row.drawn_credit == "© OpenStreetMap contributors, ODbL 1.0"
            # a few assumed lengths are shorter than the track: by a tenth from Malaszewicze
            assert drawn <= row.km * (1.12 if row.evidence == "assumed" else 1.0) + 0.5, row.link
        if row.drawn != "straight" and row.km > 100:
            assert drawn >= row.km * 0.8, row.link
            assert len(row.geometry.coords) >= 6, row.link


def test_almost_every_line_has_its_real_shape(rails: Any) -> None:
    assert set(rails.link[rails.drawn == "straight"]) <= {"mangystau-kuryk_rail"}
    assert set(rails.drawn) <= {"osm", "osm_coarse", "straight"}
    assert rails.km[rails.drawn == "osm"].sum() > 0.3 * rails.km.sum()


def test_the_word_says_how_finely_a_line_is_drawn(network: Network, draw_rail: Any) -> None:
    """Two points are straight; less than a point every 15 km, or one piece of 50, is coarse."""
    links = network.links[network.links["mode"] != "sea"]
    for row in links.itertuples():
        points = np.array(row.geometry.coords)
        pieces = np.array(EARTH.line_lengths(points[:, 0], points[:, 1])) / 1000
        source = row.drawn.removesuffix("_coarse")
        if len(pieces) == 1:
            assert row.drawn == "straight", row.link
        elif source != "straight":
            coarse = pieces.mean() > 15 or pieces.max() > 50
            assert row.drawn == source + "_coarse" * bool(coarse), row.link
            assert draw_rail.word(source, points.tolist()) == drawn_as(source, row.geometry)


@pytest.mark.parametrize(
    ("link", "drawn", "is_"),
    [
        ("mangystau-kuryk_rail", "osm", "straight"),
        ("altynkol-zhetygen_rail", "osm", "osm_coarse"),  # a point every 38 km
        ("harbin-manzhouli_rail", "osm", "osm_coarse"),  # one every 13 km, yet 96 km without one
        ("hoshab-gwadar", "terrain", "terrain_coarse"),
        ("sost-gilgit", "straight", "of some shape"),
        ("sost-gilgit", "terrain_coarse", "terrain"),
    ],
)
def test_a_wrong_word_is_found(network: Network, link: str, drawn: str, is_: str) -> None:
    links = network.links.copy()
    links.loc[links.link == link, "drawn"] = drawn
    found = cautions(dataclasses.replace(network, links=links, basemap={}))
    words = f"drawn {drawn}, but by its points it is {is_} (drawn_word)"
    assert [fault.message for fault in found if "(drawn_word)" in fault.message] == [words]
    assert f"geodata/links/{'rail' if '_rail' in link else 'road'}.geojson:" in str(found[0])


def _off_km(rails: Any, link: str, place: Any) -> float:
    points = np.array(rails.set_index("link").geometry[link].segmentize(0.0005).coords)
    many = len(points)
    _, _, away = EARTH.inv(points[:, 0], points[:, 1], [place.x] * many, [place.y] * many)
    return float(min(away)) / 1000


def test_the_railway_passes_the_road_posts_of_khorgos_where_it_does(
    network: Network, rails: Any
) -> None:
    """610 m from the road port in print (BP-11b): not through the posts, as a straight line did."""
    at = network.places.set_index("place").geometry
    link = "khorgos_station-altynkol_rail"
    assert _off_km(rails, link, at["khorgos_road"]) == pytest.approx(0.61, abs=0.15)
    assert _off_km(rails, link, at["nur_zholy"]) > 0.3


def test_short_lines_at_the_border_keep_their_bends(draw_rail: Any) -> None:
    line = [(80.437, 44.154), (80.404, 44.152), (80.37, 44.161), (80.318, 44.168), (80.295, 44.165)]
    assert len(draw_rail.thinned(line)) == 2
    assert len(draw_rail.thinned(line, draw_rail.FINE)) == 5
    assert draw_rail.word("osm", line) == "osm"
    assert draw_rail.word("osm", line[::4]) == "straight"
    assert draw_rail.word("osm", [(80, 44), (81, 44.5), (82, 45)]) == "osm_coarse"


@pytest.mark.parametrize("link", PASSED)
def test_lines_pass_by_towns_they_were_not_drawn_through(rails: Any, link: str) -> None:
    line = rails.set_index("link").geometry[link]
    points = np.array(line.segmentize(0.01).coords)
    lon, lat = PASSED[link]
    _, _, away = EARTH.inv(points[:, 0], points[:, 1], [lon] * len(points), [lat] * len(points))
    assert min(away) / 1000 < 9  # median 2 km; Jiayuguan is passed by a bypass


@pytest.mark.parametrize(
    ("a", "b", "corridor", "claim", "share_off"),
    [
        ("dostyk", "mointy", "cre_alashankou", "RW-09", 0.01),
        ("dostyk", "brest", "cre_alashankou", "CR-08c", 0.03),
        ("chongqing", "duisburg", "cre_alashankou", "CR-08", 0.12),  # as published in 2013
        ("altynkol", "zhetygen", "cre_khorgos", "RL-19", 0),
        ("zhengzhou", "xian", "cre_zhengzhou", "RW-04", 0),
        ("lianyungang", "lanzhou", "cre_tashkent", "RW-01", 0.001),
        ("lanzhou", "urumqi", "cre_khorgos", "RW-13", 0.01),
    ],
)
def test_legs_add_up_to_what_is_published(
    network: Network, a: str, b: str, corridor: str, claim: str, share_off: float
) -> None:
    with (share("geodata") / "claims.csv").open(encoding="utf-8", newline="") as file:
        stated = {row["claim"]: row["value"] for row in csv.DictReader(file)}
    until = {network.corridors[corridor].places[0]: 0.0}
    until |= {leg.to_place: leg.until_km for leg in network.chain(corridor)}
    assert until[b] - until[a] == pytest.approx(float(stated[claim]), rel=share_off)


def test_the_way_to_the_seaports_of_china_is_about_as_long_as_printed(rails: Any) -> None:
    """By the kilometres of stations: the port lies up to 20 km from the station they count from."""
    km = dict(zip(rails.link, rails.km, strict=True))
    from_lianyungang = 572 - 223  # of Zhengzhou and of Xuzhou
    assert km["shanghai-zhengzhou_rail"] == pytest.approx(648.5 + from_lianyungang, abs=20)
    assert km["shanghai-yiwu_rail"] == pytest.approx(312, abs=20)
    assert km["guangzhou-shenzhen_rail"] == pytest.approx(130 + 18, abs=2)


def test_a_branch_that_the_graph_lacks_is_drawn_straight(draw_rail: Any) -> None:
    spots = {1: (113.25, 23.1167), 2: (114.0, 22.9), 3: (114.13, 22.672), 4: (114.25, 22.66)}
    graph = _graph(spots, (1, 2, 81.0), (2, 3, 29.0), (3, 4, 13.0))
    names = {"link": "guangzhou-shenzhen_rail", "from_place": "a", "to_place": "b", "via": ""}
    at = {"a": [113.25, 23.1167], "b": [114.2921, 22.5835]}
    feature = {"properties": {**names, "km": 125}, "geometry": {}}
    said = draw_rail.redraw(feature, draw_rail.Railways(graph), at)
    line = feature["geometry"]["coordinates"]
    assert line[-2:] == [[114.13, 22.672], [114.2921, 22.5835]]
    assert [114.25, 22.66] not in line
    assert "STRAIGHT" not in said


def test_the_file_stays_small_and_on_its_grid() -> None:
    path = share("geodata") / "links" / "rail.geojson"
    assert path.stat().st_size < 300 * 1024
    for feature in json.loads(path.read_text("utf-8"))["features"]:
        for point in feature["geometry"]["coordinates"][1:-1]:
            assert point == [round(part, 3) for part in point]


@pytest.fixture
def draw_rail(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2] / "tools"))
    return importlib.import_module("draw_rail")


def _graph(spots: dict[int, tuple[float, float]], *edges: tuple[int, int, float]) -> nx.Graph:
    graph = nx.Graph()
    for name, at in spots.items():
        graph.add_node(name, at=at)
    for one, other, km in edges:
        graph.add_edge(one, other, km=km, price=km)
    return graph


def test_a_short_gap_is_stitched_and_a_long_one_is_not(draw_rail: Any) -> None:
    spots = {1: (70.0, 45.0), 2: (70.5, 45.0), 3: (70.515, 45.0), 4: (71.0, 45.0)}
    edges = [(1, 2, 39.4), (3, 4, 38.2)]
    line, track = draw_rail.Railways(_graph(spots, *edges)).between([spots[1], spots[4]])
    assert line == [spots[n] for n in (1, 1, 2, 3, 4, 4)]
    assert track == pytest.approx(39.4 + 38.2 + 1.18, abs=0.05)
    wide = spots | {3: (70.55, 45.0)}
    with pytest.raises(nx.NetworkXNoPath):
        draw_rail.Railways(_graph(wide, *edges)).between([wide[1], wide[4]])


def test_a_town_without_a_junction_bends_the_straight_piece(draw_rail: Any) -> None:
    spots = {1: (70.0, 45.0), 2: (72.0, 45.0), 3: (72.0, 47.0)}
    railways = draw_rail.Railways(_graph(spots, (1, 2, 165.0), (2, 3, 222.4)))
    town = (71.0, 45.15)
    line, track = railways.between([spots[1], town, spots[3]])
    assert town in line
    assert track == pytest.approx(165 + 222.4)
    assert not any(str(node).startswith("stop") for node in railways.graph)


def test_a_spur_to_a_town_and_back_is_left_out(draw_rail: Any) -> None:
    assert draw_rail.without_returns([1, 2, 3, 4, 3, 5]) == [1, 2, 3, 5]
    assert draw_rail.without_returns([1, 2, 3]) == [1, 2, 3]


def test_goods_trains_do_not_take_the_fast_line(draw_rail: Any) -> None:
    spots = {1: (70.0, 45.0), 2: (71.0, 45.0), 3: (70.5, 45.3), 4: (70.5, 45.01)}
    graph = _graph(spots, (1, 4, 39.5), (4, 2, 39.5), (1, 3, 60.0), (3, 2, 60.0))
    fast, _ = draw_rail.Railways(graph).between([spots[1], spots[2]])
    slow, _ = draw_rail.Railways(graph).between([spots[1], spots[3], spots[2]])
    assert spots[4] in fast
    assert spots[4] not in slow

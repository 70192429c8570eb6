"""The drawn roads against what did not make them: towns, junctions, lengths, heights."""

from __future__ import annotations

import csv
import importlib.util
import itertools
from pathlib import Path

import numpy as np
import pytest
import shapely

from corridor.geodata import Network
from corridor.geodata.alignments import drawn_km, off_km
from corridor.library import share

NORTH = (
    "kashgar-tashkurgan", "tashkurgan-khunjerab_pass", "khunjerab_pass-sost", "sost-gilgit",
    "gilgit-raikot_bridge", "raikot_bridge-thakot", "thakot-mansehra", "mansehra-havelian",
    "havelian-burhan",
)  # fmt: skip
TOWNS = (
    "kashgar", "upal", "karasu", "tashkurgan", "khunjerab_post", "khunjerab_pass", "dih", "sost",
    "passu", "gulmit", "karimabad", "aliabad", "gilgit", "juglot", "raikot_bridge", "chilas",
    "dasu", "pattan", "besham", "thakot", "battagram", "mansehra", "abbottabad", "havelian",
    "haripur", "burhan",
)  # fmt: skip
# Junctions of OpenStreetMap's road graph on the highway (scgraph_data 2.0.0, ODbL 1.0), none of
# them a place or a point the line was held to: lon, lat.
JUNCTIONS = (
    (75.220, 37.873), (75.329, 37.648), (75.370, 37.596), (75.464, 37.149), (75.470, 37.146),
    (74.588, 36.302), (74.349, 35.911), (74.393, 35.906), (74.601, 35.755), (74.625, 35.569),
    (74.147, 35.406), (72.992, 34.675),
)  # fmt: skip
# Mean height, m, of the ground under the straight line between the ends of a leg: GLOBE 1.0, the
# lowest of 5 by 5 cells every 2 km, as profiles.csv has it under the drawn line.
STRAIGHT = {
    "tashkurgan-khunjerab_pass": 3892,
    "khunjerab_pass-sost": 3913,
    "sost-gilgit": 2998,
    "gilgit-raikot_bridge": 2507,
    "raikot_bridge-thakot": 2312,
}


def _line(network: Network, name: str) -> shapely.LineString:
    return network.links.set_index("link").geometry[name]


def _highway(network: Network) -> shapely.LineString:
    points = [shapely.get_coordinates(_line(network, name)) for name in NORTH]
    for one, two in itertools.pairwise(points):
        assert (one[-1] == two[0]).all()
    return shapely.LineString(np.vstack(points))


def _profile(network: Network, name: str) -> tuple[np.ndarray, np.ndarray]:
    rows = network.profiles[network.profiles.link == name]
    return rows.km.to_numpy(float), rows.elevation_m.to_numpy(float)


def _at(network: Network, place: str) -> tuple[float, float]:
    point = network.places.set_index("place").geometry[place]
    return point.x, point.y


@pytest.mark.parametrize("town", TOWNS)
def test_the_highway_passes_its_towns(network: Network, town: str) -> None:
    assert off_km(_highway(network), _at(network, town)) <= 3.0


@pytest.mark.parametrize("junction", JUNCTIONS)
def test_the_highway_passes_junctions_it_was_not_drawn_through(
    network: Network, junction: tuple[float, float]
) -> None:
    assert off_km(_highway(network), junction) <= 2.0


def test_the_highway_has_a_shape(network: Network) -> None:
    line = _highway(network)
    assert 200 <= len(line.coords) <= 600
    ends = [_at(network, "kashgar"), _at(network, "burhan")]
    assert drawn_km(line) > 1.5 * drawn_km(shapely.LineString(ends))
    assert all(_line(network, name).is_simple for name in NORTH)


def test_lines_are_about_as_long_as_their_roads(network: Network) -> None:
    roads = network.links[(network.links["mode"] == "road") & (network.links.drawn != "straight")]
    assert len(roads) >= 60
    share_of = {row.link: drawn_km(row.geometry) / row.km for row in roads.itertuples()}
    assert not {name for name, part in share_of.items() if part > 1.06}
    short = {name for name, part in share_of.items() if part < 0.75}
    assert short == {"burhan-islamabad"}  # its km is the difference of two rounded totals


def test_the_length_of_m8_ends_at_the_coastal_road(network: Network) -> None:
    """KK-18 gives 193 km from Hoshab to Gwadar; the line has gone that far where it meets N-10,
    and 47 km are left, which the length of the link counts in (ML-84)."""
    valley, coast = _line(network, "hoshab-gwadar"), _line(network, "karachi-gwadar")
    points = shapely.get_coordinates(shapely.segmentize(valley, 0.005))
    met = next(i for i, (x, y) in enumerate(points) if off_km(coast, (float(x), float(y))) < 1.0)
    assert drawn_km(shapely.LineString(points[: met + 1])) == pytest.approx(193, rel=0.03)
    assert drawn_km(shapely.LineString(points[met:])) == pytest.approx(47, abs=3)
    links = network.links.set_index("link")
    assert links.km["hoshab-gwadar"] == 193 + 47


def test_no_vertex_lies_outside_the_country_of_these_roads(network: Network) -> None:
    roads = network.links[network.links["mode"] == "road"]
    points = shapely.get_coordinates(roads.geometry.to_numpy())
    assert ((points >= (61.5, 24.5)) & (points <= (90.0, 48.5))).all()


def test_every_road_has_a_profile_and_no_other_link(network: Network) -> None:
    """A height every 2 km in the mountains, every 10 km or so elsewhere."""
    roads = network.links[network.links["mode"] == "road"].set_index("link")
    assert set(network.profiles.link) == set(roads.index)
    for name in sorted(set(network.profiles.link)):
        km, height = _profile(network, name)
        step = 2 if roads.drawn[name].startswith("terrain") else 10
        assert (np.diff(km) > 0).all()
        assert np.diff(km).max() <= 1.5 * step
        assert (km[0], km[-1]) == (0, roads.km[name])
        assert np.abs(np.diff(height) / np.diff(km)).max() <= 150  # m in 1 km: 15 %
        assert 0 <= height.min() <= height.max() <= 4800


@pytest.mark.parametrize(
    ("place", "links"),
    [
        ("khunjerab_pass", ("tashkurgan-khunjerab_pass", "khunjerab_pass-sost")),
        ("torugart", ("topa-torugart", "torugart-naryn")),
        ("kulma", ("karasu-kulma", "kulma-murghab")),
    ],
)
def test_roads_top_out_at_their_pass(network: Network, place: str, links: tuple[str, str]) -> None:
    top = network.places.set_index("place").elevation_m[place]
    up, down = (_profile(network, name)[1] for name in links)
    assert up.max() == pytest.approx(top, abs=150)
    assert down.max() == pytest.approx(top, abs=150)
    assert abs(up[-1] - down[0]) <= 20


@pytest.mark.parametrize("name", STRAIGHT)
def test_the_line_keeps_to_low_ground(network: Network, name: str) -> None:
    assert _profile(network, name)[1].mean() < STRAIGHT[name] - 250


def test_the_road_goes_down_with_the_indus(network: Network) -> None:
    """From Raikot to Thakot the river falls 600 m; a line that left the gorge would climb."""
    _, height = _profile(network, "raikot_bridge-thakot")
    assert height.max() <= height[0] + 50
    assert np.clip(np.diff(height), 0, None).sum() < 900
    assert height[0] - height[-1] > 500


def test_one_road_told_twice_has_one_length(network: Network) -> None:
    whole = network.leg("kashgar", "tashkurgan").km
    halves = network.leg("kashgar", "karasu").km + network.leg("karasu", "tashkurgan").km
    assert halves == whole
    assert off_km(_line(network, "kashgar-tashkurgan"), _at(network, "karasu")) < 1.5


def test_every_drawn_road_can_be_drawn_again(network: Network) -> None:
    path = Path(__file__).parents[2] / "tools" / "road_ways.py"
    spec = importlib.util.spec_from_file_location("road_ways", path)
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    roads = network.links[(network.links["mode"] == "road") & (network.links.drawn != "straight")]
    assert {name: how for name, (how, _) in tool.WAYS.items()} == dict(
        zip(roads.link, roads.drawn.str.removesuffix("_coarse"), strict=True)
    )
    for name, (_, points) in tool.WAYS.items():
        for point in points:
            assert off_km(_line(network, name), point) <= 3.5, name


def test_the_file_stays_small_and_in_whole_metres_of_a_hundred() -> None:
    path = share("geodata") / "links" / "road.geojson"
    assert path.stat().st_size < 250_000
    with_credit = path.read_text("utf-8").count("© OpenStreetMap contributors, ODbL 1.0")
    assert with_credit >= 60


def test_incidents_lie_where_they_say(network: Network) -> None:
    lines = network.links.set_index("link").geometry
    assert {"landslide", "flood", "snow", "lake", "attack", "protest"} == set(
        network.incidents.kind
    )
    for row in network.incidents.itertuples():
        here = (row.geometry.x, row.geometry.y)
        if row.link:
            assert off_km(lines[row.link], here) <= 3.0, row.incident
        if row.place:
            x, y = _at(network, row.place)
            assert np.hypot(x - here[0], y - here[1]) < 0.01, row.incident
        assert row.evidence == "cited" or row.why


def test_incidents_rest_on_claims_of_their_days() -> None:
    """Each claim exists and its period holds the days of the incident."""
    with (share("geodata") / "claims.csv").open(encoding="utf-8", newline="") as file:
        claims = {row["claim"]: row for row in csv.DictReader(file)}
    path: Path = share("geodata") / "incidents.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) >= 20
    for row in rows:
        assert row["claim"], row["incident"]
        for claim in row["claim"].split():
            said = claims[claim]
            assert said["period_from"] <= row["from"] <= row["to"] <= said["period_to"], claim

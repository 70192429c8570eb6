"""The sea lanes: over water, between seaports, as long as what is published."""

from __future__ import annotations

import csv
import importlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from pyproj import Geod

from corridor.geodata import Network
from corridor.library import share

EARTH = Geod(ellps="WGS84")


@pytest.fixture
def lanes(network: Network) -> Any:
    return network.links[network.links["mode"] == "sea"].set_index("link", drop=False)


def _km(line: Any) -> float:
    return float(EARTH.geometry_length(line)) / 1000


def test_lanes_join_seaports(network: Network, lanes: Any) -> None:
    kind = dict(zip(network.places.place, network.places.kind, strict=True))
    ends = set(lanes.from_place) | set(lanes.to_place)
    assert ends == {
        "shanghai", "shenzhen", "karachi", "gwadar", "hamburg", "aktau", "kuryk", "alat", "baku",
        "poti",
    }  # fmt: skip
    assert {kind[end] for end in ends} == {"sea_port"}
    assert lanes.gauge_mm.isna().all()
    assert set(lanes.drawn) == {"sea_lane"}
    assert set(lanes["class"]) == {"lane"}


def test_the_length_is_that_of_the_line_and_above_the_great_circle(
    network: Network, lanes: Any
) -> None:
    for row in lanes.itertuples():
        assert network.great_circle_km(row.from_place, row.to_place) <= row.km
        # the line is thinned to 0.02 degrees after it was measured
        assert 0.99 * row.km <= _km(row.geometry) <= row.km + 1, row.link


def test_lanes_run_over_water(network: Network, lanes: Any) -> None:
    land, lakes = (shapely.union_all(network.basemap[n].geometry) for n in ("land", "lakes"))
    ground = land.difference(lakes)
    for row in lanes.itertuples():
        dry = shapely.get_parts(row.geometry.intersection(ground))
        longest = max((_km(part) for part in dry), default=0.0)
        # the base map is cut at 2 N, the canal of Suez and the Elbe are land to it
        assert longest < 175, (row.link, longest)
        assert sum(map(_km, dry)) < 0.025 * row.km + 20, row.link


def test_a_lane_says_how_its_length_comes_about(lanes: Any) -> None:
    with (share("geodata") / "claims.csv").open(encoding="utf-8", newline="") as file:
        network = {row["claim"]: float(row["value"]) for row in csv.DictReader(file)
                   if row["measure"] == "computed length of a sea lane"}  # fmt: skip
    assert set(lanes.claim) == set(network)
    for row in lanes.itertuples():
        more = row.km - network[row.claim]
        assert f"{network[row.claim]:,.0f} km on the network" in row.why
        assert f", {more:+,.0f} km as the line leaves" in row.why, row.link
        assert abs(more) < 0.01 * row.km + 110, row.link


@pytest.mark.parametrize(
    ("link", "to_rotterdam_nmi"),
    [("shanghai-hamburg_sea", 10_600), ("shanghai-hamburg_sea_cape", 13_800)],
)
def test_lengths_agree_with_those_published_to_rotterdam(
    lanes: Any, link: str, to_rotterdam_nmi: int
) -> None:
    """Shanghai to Rotterdam as in Port Economics, Management and Policy; Hamburg is 500 km on."""
    assert lanes.km[link] == pytest.approx(to_rotterdam_nmi * 1.852 + 500, rel=0.01)


def test_the_cape_lane_goes_by_the_cape_and_not_by_panama(lanes: Any) -> None:
    for origin in ("shanghai", "shenzhen"):
        points = np.array(lanes.geometry[f"{origin}-hamburg_sea_cape"].coords)
        assert points[:, 1].min() < -34
        assert points[:, 0].max() < 130
        suez = np.array(lanes.geometry[f"{origin}-hamburg_sea"].coords)
        assert shapely.LineString(suez).distance(shapely.Point(32.55, 29.95)) < 0.1
        assert lanes.km[f"{origin}-hamburg_sea_cape"] > lanes.km[f"{origin}-hamburg_sea"] + 5000


def test_the_caspian_crossing_takes_about_a_day(lanes: Any) -> None:
    hours = lanes.km / lanes.speed_kmh
    assert hours["aktau-alat_sea"] == pytest.approx(22, abs=1.5)
    assert hours["kuryk-alat_sea"] < hours["aktau-alat_sea"]


def test_the_file_stays_small() -> None:
    path = share("geodata") / "links" / "sea.geojson"
    assert path.stat().st_size < 60 * 1024
    assert len(json.loads(path.read_text("utf-8"))["features"]) == 15


@pytest.fixture
def draw_sea(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2] / "tools"))
    return importlib.import_module("draw_sea")


def test_a_ship_leaves_port_straight_unless_land_is_in_the_way(draw_sea: Any) -> None:
    line = [(51.0, 43.0), (51.5, 43.5), (51.5, 42.5), (51.5, 41.0), (52.0, 40.0)]
    nowhere, cape = shapely.Polygon(), shapely.box(51.2, 41.5, 51.6, 42.0)
    assert draw_sea.straightened(line, nowhere) == [line[0], line[4]]
    assert draw_sea.straightened(line, cape) == [line[0], *line[2:]]
    assert draw_sea.straightened(line, shapely.box(50, 40, 52, 42.9)) == line
    far = [(0.0, 0.0), (0.0, 1.0), (0.0, 60.0)]
    assert draw_sea.straightened(far, nowhere) == far


def test_the_speed_of_a_crossing_comes_from_its_hours(draw_sea: Any) -> None:
    lane = draw_sea.Lane("aktau", "alat", "Caspian Sea", "SE-19", hours=20, hours_claim="SE-04")
    found = draw_sea.speed(lane, 500)
    assert (found["speed_kmh"], found["speed_evidence"]) == (25.0, "derived")
    assert draw_sea.speed(lane._replace(hours_claim=""), 500)["speed_evidence"] == "assumed"
    assert draw_sea.speed(lane._replace(hours=None), 500) == draw_sea.OCEAN

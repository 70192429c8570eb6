"""The scene says what the tables say, no more and no less."""

from __future__ import annotations

import json
from typing import Any

import map_fixture
import numpy as np
import pytest
from map_fixture import BASE, MONTHS, OTHER, SIMULATED

from corridor.maps.offline import embed_json
from corridor.maps.scene import MEASURES, build


@pytest.fixture(scope="module")
def results() -> Any:
    return map_fixture.results()


@pytest.fixture(scope="module")
def scene(results: Any) -> dict[str, Any]:
    return build(results, map_fixture.network())


def test_every_number_of_a_mark_is_a_number_of_the_table(results: Any, scene: dict) -> None:
    table = results.metrics[results.metrics["metric"].isin(MEASURES)]
    drawn = {}
    marks = [(post["place"], post) for post in scene["posts"]]
    marks += [(f"link/{road['link']}", road) for road in scene["roads"]]
    for place, mark in marks:
        for name, values in mark["measures"].items():
            drawn |= {(name, place, "all", m): v for m, v in values.items()}
        for name, ways in mark["ways"].items():
            for way, values in ways.items():
                drawn |= {(name, place, f"all {way}", m): v for m, v in values.items()}
    for scenario in scene["scenarios"]:
        values = scenario["port_measures"]
        drawn |= {(scenario["name"], "khunjerab", "all", m): v for m, v in values.items()}
    asked = {
        (row.scenario, row.place, row[3], row.metric): [row.mean, row.low, row.high]
        for row in table.itertuples()
    }
    assert drawn.keys() == asked.keys()
    for key, values in asked.items():
        assert drawn[key] == pytest.approx(values, abs=1e-6), key


def test_months_follow_the_table(results: Any, scene: dict) -> None:
    assert scene["months"] == MONTHS
    monthly = results.monthly.set_index(["scenario", "place", "month"])
    for post in scene["posts"]:
        for name in (BASE, OTHER):
            drawn = [row[0] for row in post["months"][name]]
            assert drawn == [monthly.loc[(name, post["place"], m), "mean"] for m in MONTHS]
    assert {r["link"] for r in scene["roads"] if r["months"]} == set(SIMULATED)


def test_differences_are_those_to_the_base(results: Any, scene: dict) -> None:
    table = results.differences.set_index(["place", "class", "metric"])
    for post in scene["posts"]:
        assert list(post["changes"]) == [OTHER]
        row = table.loc[(post["place"], "all", "tfi1_mean")]
        assert post["changes"][OTHER]["tfi1_mean"] == pytest.approx(
            [row["difference"], row["low"], row["high"]], abs=1e-6
        )


def test_without_months_the_daily_queue_is_the_mean_of_its_hours() -> None:
    results = map_fixture.results(names=(BASE,), monthly=False)
    scene = build(results, map_fixture.network())
    assert scene["months"] == []
    post = scene["posts"][1]
    rows = results.series[results.series["place"] == post["place"]]
    days = rows["mean"].to_numpy().reshape(-1, 24).mean(axis=1)
    assert post["days"][BASE]["from"] == "2024-04-01"
    assert post["days"][BASE]["values"] == pytest.approx(days.tolist(), abs=0.006)
    assert post["changes"] == {}


def test_only_cited_traffic_stands_on_rails(scene: dict) -> None:
    rails = {rail["link"]: rail for rail in scene["rails"]}
    assert rails["urumqi-almaty_rail"]["cited"] == {
        "tonnes": 27.5e6, "trains": None, "claims": ["RL-04"], "period": "2024",
    }  # fmt: skip
    assert rails["kashgar-urumqi_rail"]["cited"]["tonnes"] is None
    assert all("measures" not in rail for rail in scene["rails"])


def test_evidence_is_that_of_the_post_and_scenario(scene: dict) -> None:
    tashkurgan, sost = (post["evidence"] for post in scene["posts"])
    # The regime's claim, the hours' claim, and those of the inputs.
    assert sost[BASE] == {"claims": ["KJ-31", "KJ-40", "KJ-43", "KJ-C12"], "assumed": 1}
    assert tashkurgan[BASE] == {"claims": ["KJ-42", "KJ-C12"], "assumed": 0}
    # One input differs in the other scenario; the rest are the base's.
    assert sost[OTHER] == {"claims": ["KJ-31", "KJ-40", "KJ-43", "KJ-C12"], "assumed": 0}


def test_the_period_ends_on_its_last_day(scene: dict) -> None:
    assert scene["period"] == {"from": "2024-04-01", "last": "2025-03-31", "days": 365.0}


def test_lines_are_dashed_unless_they_are_settled(scene: dict) -> None:
    assert scene["basemap"]["borders"]["coordinates"] == [[[66.0, 37.0], [74.8, 37.2]]]
    assert scene["basemap"]["disputed"]["coordinates"] == [[[74.0, 36.9], [78.0, 35.4]]]
    network = map_fixture.network()
    network.basemap["boundaries"]["status"] = ["international", "a word not seen before"]
    again = build(map_fixture.results(), network)
    assert again["basemap"]["disputed"] == scene["basemap"]["disputed"]


def test_the_ground_is_shapes_without_a_word(scene: dict) -> None:
    for shape in scene["basemap"].values():
        assert set(shape) == {"type", "coordinates"}
        assert np.asarray(list(_leaves(shape["coordinates"])), dtype=float).size


def _leaves(nested: Any) -> Any:
    if isinstance(nested, list):
        for item in nested:
            yield from _leaves(item)
    else:
        yield nested


def test_views_hold_the_port_its_corridor_and_the_network(scene: dict) -> None:
    assert scene["views"]["port"] == [[36.69, 74.82], [37.7776, 75.2248]]
    assert scene["views"]["corridor"] == [[24.8608, 67.0104], [39.4672, 75.9868]]
    assert scene["views"]["network"] == [[24.8608, 67.0104], [43.801, 87.6005]]


def test_latitude_comes_first(scene: dict) -> None:
    sost = next(post for post in scene["posts"] if post["name"] == "Sost")
    assert sost["at"] == [36.69, 74.82]


def test_a_post_without_a_place_is_named_not_dropped() -> None:
    network = map_fixture.network()
    network.places = network.places[network.places["place"] != "sost"]
    scene = build(map_fixture.results(), network)
    assert [post["place_id"] for post in scene["posts"]] == ["tashkurgan"]
    assert scene["unplaced"] == ["Sost dry port"]


def test_a_study_off_the_map_still_has_a_scene() -> None:
    results = map_fixture.results(names=(BASE,))
    results.metrics["place"] = results.metrics["place"].replace(
        {"khunjerab/sost": "lab/desk", "khunjerab/tashkurgan": "lab/bench"}
    )
    results.record["scenarios"][0]["resolved"] = {}
    results.staircase["corridor"] = "none"
    scene = build(results, map_fixture.network())
    assert scene["posts"] == []
    assert scene["unplaced"] == ["lab/bench", "lab/desk"]
    assert scene["views"]["corridor"] == scene["views"]["network"]


def test_what_is_not_finite_is_not_known() -> None:
    results = map_fixture.results()
    results.metrics.loc[results.metrics["metric"] == "tfi1_mean", "high"] = np.inf
    results.metrics.loc[results.metrics["metric"] == "tonnes", "mean"] = np.nan
    scene = build(results, map_fixture.network())
    values = scene["posts"][0]["measures"][BASE]
    assert values["tfi1_mean"][2] is None
    assert values["tonnes"][0] is None
    json.loads(embed_json(scene))

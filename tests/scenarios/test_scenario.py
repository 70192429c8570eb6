"""Scenarios: the period's dates, what refers to what, and the short form of a plain station."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from corridor.scenarios.scenario import Period, Scenario

POST = {"stations": {"desk": {"lanes": 1, "service": "3 min"}}}
ASKED: dict[str, Any] = {
    "title": "x",
    "period": {"from": "2024-01-01", "until": "2024-02-01"},
    "ports": {
        "p": {"title": "p", "posts": {"a": POST}, "procedures": {"truck": {"south": ["a.desk"]}}}
    },
    "flows": {
        "f": {
            "port": "p", "class": "truck", "direction": "south",
            "volume": {"vehicles": 9, "per": "year"},
        }
    },
}  # fmt: skip
TARGET = {
    "title": "x", "role": "fitted", "metric": "vehicles", "port": "p", "from": "2024-01-01",
    "until": "2024-01-31", "claim": "KJ-10", "observed": 3, "series": "customs",
}  # fmt: skip
SPELL = {"a": {"from": "2024-01-01", "until": "2024-01-02"}}


def refused(model: Any, data: Any) -> str:
    with pytest.raises(ValidationError) as error:
        model.model_validate(data)
    return str(error.value)


@pytest.mark.parametrize(
    ("period", "first", "end"),
    [
        ({"from": "2023-12-01", "until": "2025-04-01"}, (2023, 12, 1), (2025, 4, 1)),
        (
            {"from": "2023-12-01", "measure_from": "2024-04-01", "until": "2025-04-01"},
            (2024, 4, 1), (2025, 4, 1),
        ),
        ({"length": "60 d", "warm_up": "5 d"}, (2024, 1, 6), (2024, 3, 1)),  # a leap year
        ({"from": "2023-01-01", "length": "60 d"}, (2023, 1, 1), (2023, 3, 2)),
    ],
)  # fmt: skip
def test_the_period_in_dates(period: dict[str, Any], first: Any, end: Any) -> None:
    read = Period.model_validate(period)
    assert (read.first, read.end) == (date(*first), date(*end))


@pytest.mark.parametrize(
    ("period", "said"),
    [
        ({}, "exactly one of until"),
        ({"until": "2024-06-01", "length": "30 d"}, "exactly one of until"),
        ({"length": "0 d"}, "from <= measure_from < until"),
        ({"length": "30 d", "warm_up": "30 d"}, "from <= measure_from < until"),
        ({"from": "2024-03-01", "until": "2024-02-01"}, "from <= measure_from < until"),
        (
            {"from": "2024-03-01", "until": "2024-04-01", "measure_from": "2024-02-01"},
            "from <= measure_from < until",
        ),
        ({"length": "36 h"}, "length: a period has whole days"),
        ({"length": "30 d", "warm_up": "90 min"}, "warm_up: a period has whole days"),
        ({"length": "200000 d"}, "length: a period is at most ten years"),
        ({"length": "1e14 d"}, "length: a period is at most ten years"),
        ({"from": "2024-01-01", "until": "2044-01-01"}, "at most ten years"),
        (
            {"length": "30 d", "measure_from": "2024-01-03", "warm_up": "2 d"},
            "at most one of measure_from",
        ),
    ],
)
def test_periods_that_cannot_be(period: dict[str, Any], said: str) -> None:
    assert said in refused(Period, period)


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ({"flows": {"f": {**ASKED["flows"]["f"], "port": "q"}}}, "flows.f.port: unknown port 'q'"),
        ({"flows": {"f": {**ASKED["flows"]["f"], "class": "trucks"}}}, "did you mean 'truck'?"),
        ({"flows": {"f": {**ASKED["flows"]["f"], "direction": "north"}}}, "unknown direction"),
        (
            {"events": {"e": {"title": "x", "port": "p", "at": ["a.x"], "dates": SPELL}}},
            "events.e.at[0]: unknown station 'a.x'",
        ),
        (
            {"events": {"e": {"title": "x", "port": "q", "at": ["a.desk"], "dates": SPELL}}},
            "events.e.port: unknown port 'q'",
        ),
        (
            {
                "events": {
                    "e": {"title": "x", "demand": {**SPELL["a"], "flows": ["g"], "factor": 2}}
                }
            },
            "events.e.demand.flows[0]: unknown flow 'g'",
        ),
        ({"targets": {"t": {**TARGET, "port": "q"}}}, "targets.t.port: unknown port 'q'"),
        ({"targets": {"t": {**TARGET, "classes": ["bus"]}}}, "targets.t.classes[0]: unknown class"),
        ({"targets": {"t": {**TARGET, "direction": "up"}}}, "targets.t.direction: unknown"),
        ({"targets": {"t": {**TARGET, "role": "guessed"}}}, "'fitted' or 'held_out'"),
        ({"ports": {}}, "at least 1 item"),
        ({"replications": 0}, "greater than or equal to 1"),
        ({"seed": -1}, "greater than or equal to 0"),
        ({"costs": {"waiting": "12 EUR per hour"}}, "convert to USD"),
        ({"surprise": 1}, "Extra inputs"),
    ],
)
def test_what_refers_to_nothing(part: dict[str, Any], said: str) -> None:
    assert Scenario.model_validate(ASKED)
    assert said in refused(Scenario, {**ASKED, **part})


def test_all_wrong_references_are_told_at_once() -> None:
    flow = {**ASKED["flows"]["f"], "port": "q"}
    said = refused(Scenario, {**ASKED, "flows": {"f": flow, "g": flow}, "targets": {"t": TARGET}})
    assert "flows.f.port" in said
    assert "flows.g.port" in said


def test_arrivals_at_the_top_are_a_flow_through_the_only_port() -> None:
    data = {**ASKED, "ports": {"p": {"title": "p", "posts": {"a": POST}}}, "flows": {}}
    scenario = Scenario.model_validate({**data, "arrivals": {"poisson": "20 per hour"}})
    assert scenario.flows["arrivals"].port == "p"
    assert scenario.flows["arrivals"].arrivals is not None
    for flows in ([], "x", None):  # never a traceback
        with pytest.raises(ValidationError):
            Scenario.model_validate(
                {**data, "flows": flows or ["x"], "arrivals": {"poisson": "2 per hour"}}
            )


def test_targets_belong_to_the_regimes_they_were_observed_under() -> None:
    data = {**ASKED, "targets": {"t": {**TARGET, "regimes": ["old"]}, "u": TARGET}}
    for regime, here in (("old", {"t", "u"}), ("new", {"u"})):
        ports = {"p": {**ASKED["ports"]["p"], "regime": regime}}
        assert set(Scenario.model_validate({**data, "ports": ports}).targets_here()) == here

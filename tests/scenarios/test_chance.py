"""Laws of duration: what they mean, and what cannot be one."""

from typing import Any

import pytest
from pydantic import ValidationError

from corridor.scenarios.chance import Chance


@pytest.mark.parametrize(
    ("data", "law", "mean"),
    [
        ("10 min", "constant", 10),
        ({"value": "1 h", "claim": "KJ-10"}, "constant", 60),
        ({"constant": "2 h", "assumed": "x"}, "constant", 120),
        ({"exponential": {"mean": "8 min"}}, "exponential", 8),
        ({"lognormal": {"mean": "25 min", "cv": 0.8}}, "lognormal", 25),
        ({"erlang": {"mean": "0.5 h", "stages": 3}}, "erlang", 30),
        ({"triangular": {"low": "1 min", "mode": "2 min", "high": "6 min"}}, "triangular", 3),
        ({"uniform": {"low": "1 min", "high": "2 h"}}, "uniform", 60.5),
    ],
)
def test_laws_and_their_means(data: Any, law: str, mean: float) -> None:
    chance = Chance.model_validate(data)
    assert chance.law == law
    assert chance.mean_min == pytest.approx(mean)
    written = chance.model_dump(mode="json", by_alias=True, exclude_none=True)
    assert Chance.model_validate(written) == chance


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "write exactly one law"),
        ({"assumed": "x"}, "write exactly one law"),
        ({"constant": "1 min", "exponential": {"mean": "1 min"}}, "write exactly one law"),
        ({"exponential": {"mean": "0 min"}}, "write constant for no spread"),
        ({"erlang": {"mean": "0 min", "stages": 2}}, "write constant for no spread"),
        ({"erlang": {"mean": "3 min", "stages": 0}}, "greater than or equal to 1"),
        ({"erlang": {"mean": "3 min", "stages": 2.5}}, "integer"),
        ({"lognormal": {"mean": "9 min", "cv": 0}}, "above zero"),
        ({"lognormal": {"mean": "9 min"}}, "cv"),
        ({"lognormal": {"mu": 2, "sigma": 1}}, "mu"),
        ({"triangular": {"low": "9 min", "mode": "8 min", "high": "10 min"}}, "low <= mode"),
        ({"triangular": {"low": "9 min", "mode": "9 min", "high": "9 min"}}, "low < high"),
        ({"uniform": {"low": "9 min", "high": "9 min"}}, "low < high"),
        ({"uniform": {"low": "9", "high": "10"}}, "missing unit"),
        ("-1 min", "is negative"),
        (10, "missing unit"),
    ],
)
def test_what_is_no_law(data: Any, said: str) -> None:
    with pytest.raises(ValidationError) as error:
        Chance.model_validate(data)
    assert said in str(error.value)

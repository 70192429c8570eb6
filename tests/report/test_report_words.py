"""The headline, the verdicts and the numbers: what is said must be what the tables say."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.report.numbers import interval, number
from corridor.report.words import clear, headline, labels, split_answer, verdict

NAN = float("nan")


def changed(results: Any, metric: str, **values: float) -> Any:
    """`results` with one difference at the port set."""
    table = results.differences.copy()
    row = (table["metric"] == metric) & (table["place"] == "khunjerab") & (table["class"] == "all")
    for column, value in values.items():
        table.loc[row, column] = value
    return replace(results, differences=table)


def said(results: Any, **values: float) -> str:
    return split_answer(headline(changed(results, "tonnes", **values)))[0]


def test_more_is_told_as_added(results: Any) -> None:
    text = said(results, difference=15190, low=14120, high=16260, p_adjusted=0.001)
    assert text == ("Year-round opening adds 15,200\xa0t a year at Khunjerab (14,100 to 16,300).")


def test_less_is_told_as_cut_by_its_size(results: Any) -> None:
    text = said(results, difference=-2100, low=-2900, high=-1300, p_adjusted=0.01)
    assert text == (
        "Year-round opening cuts 2,100\xa0t of cargo a year at Khunjerab (1,300 to 2,900)."
    )


def test_an_interval_with_zero_is_no_clear_difference(results: Any) -> None:
    text = said(results, difference=320, low=-410, high=1050, p_adjusted=0.4)
    assert text == (
        "Year-round opening makes no clear difference to the cargo through Khunjerab: "
        "+320\xa0t a year (−410 to +1,050)."
    )


def test_multiplicity_can_take_a_difference_back_and_says_so(results: Any) -> None:
    text = headline(changed(results, "tonnes", difference=320, low=10, high=630, p_adjusted=0.2))
    assert "makes no clear difference" in text
    assert "The interval leaves out zero, but not once several comparisons" in text
    assert "(p 0.20)" in text or "(p 0.2)" in text


def test_no_difference_at_all(results: Any) -> None:
    text = said(results, difference=0, low=0, high=0, p_adjusted=1)
    assert text == "Year-round opening makes no difference to the cargo through Khunjerab."


def test_the_second_sentence_follows_its_rows(results: Any) -> None:
    both = changed(results, "tfi1_p95", difference=12, low=9, high=15, p_adjusted=0.01)
    both = changed(both, "unserved_tonnes", difference=5, low=-5, high=15, p_adjusted=0.7)
    assert headline(both).endswith(
        "It lengthens the slowest clearances (TFI1, 95th percentile) by 12\xa0h (9 to 15); "
        "there is no clear difference in cargo waiting at the end."
    )


def test_a_part_of_a_year_is_not_called_a_year(results: Any) -> None:
    record = copy.deepcopy(results.record)
    for scenario in record["scenarios"]:
        scenario["period"]["measured_days"] = 90
    text = headline(replace(results, record=record))
    assert "in 90 days at Khunjerab" in text
    assert "a year" not in text


def test_one_regime_alone(results: Any) -> None:
    record = copy.deepcopy(results.record)
    record["scenarios"] = record["scenarios"][:1]
    metrics = results.metrics[results.metrics["scenario"] == "khunjerab_seasonal"]
    text = headline(replace(results, record=record, metrics=metrics, differences=None))
    tonnes = metrics[(metrics["metric"] == "tonnes") & (metrics["class"] == "all")].iloc[0]
    assert text.startswith("Open April to November: Khunjerab passes ")
    assert number(tonnes["mean"]) in text


def test_several_others_get_a_sentence_each(results: Any) -> None:
    record = copy.deepcopy(results.record)
    third = copy.deepcopy(record["scenarios"][1])
    third["name"], third["regime"]["title"] = "third", "Fair-weather opening"
    third["regime"]["name"] = "fair_weather"
    record["scenarios"].append(third)
    more = pd.concat([results.differences, results.differences.assign(other="third")])
    text = headline(replace(results, record=record, differences=more))
    assert text.count(" t a year at Khunjerab".replace(" t", "\xa0t")) == 2
    assert "Fair-weather opening adds" in text


def test_one_pair_is_told_without_a_verdict(results: Any) -> None:
    one = results
    for metric, x in (("tonnes", 15190), ("tfi1_p95", -12), ("unserved_tonnes", 5)):
        one = changed(one, metric, difference=x, low=NAN, high=NAN, p_adjusted=NAN)
    assert headline(one) == (
        "Year-round opening: +15,200\xa0t of cargo a year at Khunjerab. "
        "The slowest clearances (TFI1, 95th percentile): −12\xa0h; "
        "cargo waiting at the end: +5\xa0t. One pair of years has no interval."
    )


@pytest.mark.parametrize("word", ["events.sit_in none -> 25 days", "ports.khorgos.season x -> y"])
def test_a_regime_gets_no_credit_for_what_else_differs(results: Any, word: str) -> None:
    record = copy.deepcopy(results.record)
    assert list(labels(record).values()) == ["Open April to November", "Year-round opening"]
    record["changes"][0]["words"].append(word)
    assert list(labels(record).values()) == [s["title"] for s in record["scenarios"]]


def test_one_regime_twice_is_told_by_the_scenarios(results: Any) -> None:
    record = copy.deepcopy(results.record)
    record["scenarios"][1]["regime"]["name"] = record["scenarios"][0]["regime"]["name"]
    assert list(labels(record).values()) == [s["title"] for s in record["scenarios"]]


def row(x: float, low: float, high: float, p: float, metric: str = "tonnes") -> dict[str, Any]:
    return {"metric": metric, "difference": x, "low": low, "high": high, "p_adjusted": p}


@pytest.mark.parametrize(
    ("given_row", "word"),
    [
        (row(5, 1, 9, 0.01), "more"),
        (row(-5, -9, -1, 0.01), "less"),
        (row(-5, -9, -1, 0.01, "tfi1_p95"), "shorter"),
        (row(5, 1, 9, 0.051), "no clear difference"),
        (row(5, 1, 9, NAN), "–"),
        (row(5, -1, 11, 0.01), "no clear difference"),
        (row(0, 0, 0, 1.0), "the same"),
        (row(NAN, 0, 0, 1.0), "cannot be said"),
        (row(5, NAN, NAN, NAN), "cannot be said: one pair has no interval"),
    ],
)  # fmt: skip
def test_verdicts(given_row: dict[str, Any], word: str) -> None:
    assert verdict(given_row) == word
    assert clear(given_row) == (word in ("more", "less", "shorter"))


finite = st.floats(-1e9, 1e9, allow_nan=False).filter(lambda x: x == 0 or abs(x) > 1e-6)


@given(finite)
def test_a_number_is_near_what_it_stands_for(x: float) -> None:
    text = number(x).replace(",", "").replace("−", "-")
    assert float(text) == pytest.approx(x, rel=0.005)


@given(finite, st.floats(1e-3, 1e6), st.floats(1e-3, 1e6))
def test_an_interval_never_shows_an_end_past_its_middle(x: float, a: float, b: float) -> None:
    text = interval(x, x - a, x + b).replace(",", "").replace("−", "-")
    middle, _, rest = text.partition(" (")
    if rest:
        low, high = (float(v) for v in rest[:-1].split(" to "))
        assert low <= float(middle) <= high
        assert abs(low - (x - a)) <= 0.006 * max(abs(x - a), abs(x), abs(x + b))

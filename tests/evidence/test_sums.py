"""Figures that follow from others: slips that were planted in the register and passed before."""

from __future__ import annotations

from dataclasses import replace

import pytest

from corridor.evidence import Claim, Doubt, check, load_claims
from corridor.evidence.series import lost_series, other_partner
from corridor.evidence.sums import flows_add_up, recomputed, share_of_whole

CLAIMS = load_claims()


def planted(name: str, **cells: object) -> dict[str, Claim]:
    return {**CLAIMS, name: replace(CLAIMS[name], **cells)}  # type: ignore[arg-type]


def named(doubts: list[Doubt]) -> list[tuple[str, str]]:
    return [(doubt.claim, doubt.check) for doubt in doubts]


def test_exports_and_imports_are_the_total() -> None:
    assert flows_add_up(CLAIMS) == []
    slip = planted("TR-09b", value="258290000000")  # 308.29 bn in print
    (doubt,) = flows_add_up(slip)
    assert (doubt.claim, doubt.others) == ("TR-09", ("TR-09b", "TR-09c"))
    assert "exports of 258.29 bn CNY (TR-09b) and imports of 54.5 bn CNY (TR-09c)" in doubt.message
    assert "are 312.79 bn CNY" in doubt.message
    assert ("TR-09", "flows_add_up") in named(check(slip))


@pytest.mark.parametrize(("value", "found"), [("10546", 0), ("10150", 1), ("10950", 1)])
def test_trains_there_and_back_are_all_trains_within_rounding(value: str, found: int) -> None:
    assert len(flows_add_up(planted("CR-01b", value=value))) == found


def test_flows_of_another_partner_or_period_or_that_fell_are_not_added() -> None:
    fallen = planted("TR-09b", value="258290000000", status="rejected", reason="x")
    assert flows_add_up(fallen) == []
    assert flows_add_up(planted("TR-09b", value="1", partner="Kazakhstan")) == []
    assert flows_add_up(planted("TR-09b", value="1", period_to=CLAIMS["TR-04"].period_to)) == []


def test_a_share_of_the_whole_is_the_part() -> None:
    assert share_of_whole(CLAIMS) == []
    slip = planted("TR-07e", value="0.974")  # 79.4% in print
    (doubt,) = share_of_whole(slip)
    assert doubt.claim == "TR-07e"
    assert doubt.others[1] == "TR-07"
    assert "97.4% of 357.33 bn CNY (TR-07) in 2023 is 348.039 bn CNY, not 283.67" in doubt.message
    assert ("TR-07e", "share_of_whole") in named(check(slip))
    year = planted("TR-07e", value="0.974", period_to=CLAIMS["TR-06d"].period_to)
    assert share_of_whole(year) == []  # of eleven months there is no part on record


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("KR-09f", "19.0", "1.783 Mt / 163,000, is 10.9387 t/vehicle, but 19 t/vehicle"),
        ("KR-09e", "796", "163,000 / 212 days, is 768.868 per day, but 796 per day"),
        ("TR-05c", "1.455", "283.4 / 194.8 - 1, is 45.4825%, but 145.5%"),
        ("TR-01", "294900000000", "357.33 / 1.459, is 244.914 bn CNY, but 294.9 bn CNY"),
        ("IC-06c", "64150000", "is 6.41483 m persons, but 64.15 m persons"),
        ("RW-22c", "564", "1,249 less 703, is 546 km, but 564 km"),
    ],
)
def test_a_figure_is_what_its_definition_comes_to(name: str, value: str, said: str) -> None:
    assert recomputed(CLAIMS) == []
    slip = planted(name, value=value)
    assert [doubt.claim for doubt in recomputed(slip)] == [name]
    assert said in recomputed(slip)[0].message
    assert name in {doubt.claim for doubt in check(slip) if doubt.check == "recomputed"}


def test_the_range_that_stands_for_the_ten_fold_figure_is_that_of_its_own_sum() -> None:
    """It was once 40.4 to 40.9 bn, at rates of 7.03 to 7.11 that give 39.9 to 41.0."""
    assert CLAIMS["TR-05b"].span == (39.9e9, 40.5e9)
    sum_ = "283.4 / 7.11 to 288 / 7.03; bn CNY at the year's rate"
    slip = planted("TR-05b", value="40900000000", low=40.4e9, high=40.9e9, definition=sum_)
    (doubt,) = recomputed(slip)
    assert "is 39.8594 bn USD to 40.9673 bn USD, but 40.4 bn USD to 40.9 bn USD" in doubt.message


def test_the_rate_of_the_dollar_is_that_of_the_register() -> None:
    rate = (CLAIMS["TR-07"].number or 0) / (CLAIMS["TR-07b"].number or 1)
    for name in ("TR-05b", "C1-1"):
        assert f"/ {rate:.2f}" in CLAIMS[name].definition
        assert {"TR-07", "TR-07b"} <= set(CLAIMS[name].derived_from)
    low, high = CLAIMS["TR-05b"].span or (0, 0)
    assert low <= (CLAIMS["TR-05e"].number or 0) <= high  # the report that agrees with it


@pytest.mark.parametrize(
    "words",
    ["", "read 12", "12", "2024-25", "1 / 0", "2 ** 9", "9 // 2", "(1 + 2", "1 + 2)", "012 + 1",
     "twice 10.9 if half are empty", "12,432 of 5", "1 + x", "+" * 150 + "1 - 1" + " + 1" * 60,
     "(" * 199 + "1 + 1", "4 to 5"],
)  # fmt: skip
def test_words_that_are_no_sum_are_left_alone(words: str) -> None:
    assert recomputed(planted("KR-09f", definition=words)) == []


def test_a_figure_in_words_has_no_sum() -> None:
    assert recomputed(planted("KJ-C12", definition="1 + 1")) == []


def test_a_count_that_lost_its_series_is_a_caution() -> None:
    assert lost_series(CLAIMS) == []
    slip = planted("KR-09b", series="")
    (doubt,) = lost_series(slip)
    assert (doubt.claim, doubt.others) == ("KR-09b", ("KR-09",))
    assert "the road-transport administration" in doubt.message
    assert ("KR-09b", "lost_series") in named(check(slip))
    assert lost_series(planted("KR-09b", series="", source=("S41",))) == []  # of another paper


def test_a_partner_that_its_own_words_do_not_name_is_doubted() -> None:
    assert other_partner(CLAIMS) == []
    swapped = {
        **planted("TR-08", partner="Tajikistan"),
        "TR-08c": planted("TR-08c", partner="Kazakhstan")["TR-08c"],
    }
    assert [(doubt.claim, doubt.message) for doubt in other_partner(swapped)] == [
        ("TR-08", "the partner is Tajikistan, but its subject says Kazakhstan"),
        ("TR-08c", "the partner is Kazakhstan, but its subject says Tajikistan"),
    ]
    assert ("TR-08", "other_partner") in named(check(swapped))
    assert other_partner(planted("CR-01", partner="World"))  # China-Europe trains

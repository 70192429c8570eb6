"""Slips of unit, of year and of value, on the figures that had them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from corridor.evidence import Claim, check, load_claims
from corridor.evidence.slips import mis_dated, near_duplicates, printed_and_kept, ten_fold

CLAIMS = load_claims()
Register = dict[str, Claim]


def only(*names: str) -> Register:
    return {name: CLAIMS[name] for name in names}


def believed(name: str) -> Register:
    return {**CLAIMS, name: replace(CLAIMS[name], status="accepted")}


def test_billions_read_for_units_of_ten_to_the_eight() -> None:
    (doubt,) = (d for d in ten_fold(CLAIMS) if d.claim == "003-01")
    assert "409.2 bn USD in 2023-01 to 2023-10 is about 10^1 times" in doubt.message
    assert "409.2 in units of 10^8 (yi), read as billions, would be 40.92 bn USD" in doubt.message
    assert doubt in check(believed("003-01"))


def test_830000_vehicles_are_ten_times_what_the_growth_leaves_of_the_year() -> None:
    (doubt,) = ten_fold(only("C6-1", "C6-3", "C5-1", "C5-1c"))
    assert doubt.claim == "C6-1"
    assert doubt.others == ("C6-3",)
    assert "units of 10^4 (wan)" in doubt.message
    assert "83,000 vehicles" in doubt.message
    assert doubt.message in {d.message for d in check(believed("C6-1"))}
    right = replace(CLAIMS["C6-1"], value="83000", low=83000.0)
    assert ten_fold({**only("C6-3"), "C6-1": right}) == []


@pytest.mark.parametrize(
    ("value", "found"),
    [("50250000000", False), ("90000000000", False), ("210000000000", False),
     ("350000000000", True), ("502500000000", True), ("5025000000000", True),
     ("5025000000", True)],
)  # fmt: skip
def test_growth_is_no_slip_and_a_power_of_ten_is_one(value: str, found: bool) -> None:
    year = replace(CLAIMS["TR-07b"], value=value)
    doubts = ten_fold({"TR-07b": year, **only("TR-02b", "TR-10b")})
    assert ("TR-07b" in {doubt.claim for doubt in doubts}) is found


def test_a_month_may_be_ten_times_another() -> None:
    # Exports to one country were 190 m USD in October 2020 and 14.6 m USD in December.
    assert ten_fold(only("004-03", "004-04")) == []


def test_a_paper_cannot_speak_for_itself() -> None:
    # 48 bn in October goes well with 409.2 bn in ten months: the same paper made the same slip.
    pair = {name: replace(CLAIMS[name], status="accepted") for name in ("003-01", "003-02")}
    assert ten_fold(pair) == []
    assert {d.claim for d in ten_fold({**pair, **only("TR-07b")})} >= {"003-01", "003-02"}
    stranger = replace(pair["003-01"], claim="stranger", source=("S1",))
    doubts = ten_fold({**pair, **only("TR-07b"), "stranger": stranger})
    assert "003-01" not in {d.claim for d in doubts}  # another paper says so too


def test_what_derives_from_a_figure_does_not_speak_against_it() -> None:
    assert ten_fold(only("C6-1", "C6-4")) == []


@pytest.mark.parametrize(
    ("raw", "unit", "found"),
    [("409.2", "bn USD", False), ("409.2", "亿 USD", True), ("4092", "亿 USD", False),
     ("409.2", "yi USD", True), (">409.2", "bn USD", False), ("409,200", "m USD", False),
     ("40.92", "bn USD", True), ("about 409.2", "bn USD", False), ("400–409.2", "bn USD", False),
     ("many", "bn USD", False)],
)  # fmt: skip
def test_the_printed_figure_times_its_unit_is_what_is_kept(
    raw: str, unit: str, found: bool
) -> None:
    claim = replace(CLAIMS["003-01"], raw_value=raw, raw_unit=unit)
    doubts = printed_and_kept({"003-01": claim})
    assert bool(doubts) is found
    if found and unit == "亿 USD":
        assert "409.2 亿 USD is 40.92 bn USD, but 409.2 bn USD is kept" in doubts[0].message


def test_ten_thousands_of_vehicles() -> None:
    kept = replace(CLAIMS["C6-1"], raw_value="8.3", raw_unit="万 vehicles")
    assert [d.claim for d in printed_and_kept({"C6-1": kept})] == ["C6-1"]
    assert printed_and_kept({"C6-1": replace(kept, value="83000", low=None)}) == []


def test_nearly_every_figure_of_the_register_is_held_against_its_print() -> None:
    assert printed_and_kept(CLAIMS) == []
    slipped = {
        name: replace(claim, value=repr(10 * claim.number), low=None, high=None)
        for name, claim in CLAIMS.items()
        if claim.number
    }
    assert len(printed_and_kept(slipped)) > 0.8 * len(slipped)


def test_the_vehicles_of_2024_printed_for_2023_have_the_wrong_year() -> None:
    (doubt,) = mis_dated(only("000-03", "001-01", "KJ-10"))
    assert doubt.claim == "001-01"  # two figures of 2024 agree, and none of 2023
    assert doubt.others == ("000-03",)
    assert "11,000 vehicles in 2023-04 to 2023-10 is what 000-03 has for 2024-04" in doubt.message
    assert doubt in check(believed("001-01"))
    assert {d.claim for d in mis_dated(CLAIMS)} == {"001-01", "001-02"}


def test_a_figure_that_moved_with_the_year_is_not_mis_dated() -> None:
    grown = replace(CLAIMS["001-01"], value="7714")
    assert mis_dated({**only("000-03", "KJ-10"), "001-01": grown}) == []
    police = replace(CLAIMS["001-01"], series="border_police")
    assert mis_dated({**only("000-03", "KJ-10"), "001-01": police}) == []
    other_months = replace(CLAIMS["001-01"], period_to=CLAIMS["KJ-16"].period_to)
    assert mis_dated({**only("000-03", "KJ-10"), "001-01": other_months}) == []


def test_two_quantities_that_look_alike_are_a_caution_until_they_are_named_together() -> None:
    pair = only("TR-05", "TR-07d")
    assert near_duplicates(pair) == []
    apart = {name: replace(claim, conflict=()) for name, claim in pair.items()}
    (doubt,) = near_duplicates(apart)
    assert {doubt.claim, *doubt.others} == {"TR-05", "TR-07d"}
    assert doubt.message.startswith("caution: 283.4 bn CNY with World in 2023-01 to 2023-10")
    assert "283.67 bn CNY with Central Asia in 2023" in doubt.message
    shipped = {**CLAIMS, **{n: replace(c, conflict=()) for n, c in pair.items()}}
    assert "near_duplicates" in {each.check for each in check(shipped)}


def test_the_same_figure_in_two_papers_is_no_coincidence() -> None:
    plain = {n: replace(CLAIMS[n], conflict=()) for n in ("000-08", "001-06", "TR-07d")}
    assert near_duplicates(plain) == []


def test_round_figures_are_alike_by_being_round() -> None:
    assert near_duplicates(only("KJ-13", "KJ-16b")) == []  # 50,000 persons, twice

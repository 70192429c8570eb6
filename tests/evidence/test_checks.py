"""The checks find the slips that were really made, and are quiet once they are put right."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from corridor import evidence
from corridor.evidence import Claim, Doubt, check, load_claims, placed
from corridor.evidence.checks import cited_values, conflicts, never_fitted
from corridor.evidence.magnitudes import (
    back_cast,
    part_and_whole,
    partner_and_total,
    tonnes_per_vehicle,
)
from corridor.library import share
from corridor.study.inspect import inspect

CLAIMS = load_claims()
Register = dict[str, Claim]


def only(*names: str) -> Register:
    return {name: CLAIMS[name] for name in names}


def doubted(doubts: list[Doubt]) -> set[str]:
    return {doubt.claim for doubt in doubts}


def put_right(name: str) -> Claim:
    """The claim with its adjudicated value in place of its own."""
    claim = CLAIMS[name]
    low, *_, high = 2 * claim.adjudicated_value.split("..")
    return replace(claim, value=high, low=float(low), high=float(high))


def test_ten_months_are_not_more_than_twelve() -> None:
    # US$409.2 bn in January to October 2023, US$50.25 bn in all of 2023.
    (doubt,) = part_and_whole(only("003-01", "TR-07b"))
    assert doubt.claim == "003-01"
    assert doubt.others == ("TR-07b",)
    assert "409.2 bn USD in 2023-01 to 2023-10" in doubt.message
    assert "50.25 bn USD in 2023 (TR-07b)" in doubt.message


SLIPS: list[tuple[str, Callable[[Register], list[Doubt]]]] = [
    ("003-01", part_and_whole),  # ten-fold, trade
    ("003-02", part_and_whole),  # ten-fold, its October
    ("002-01", part_and_whole),  # trade called exports, and ten-fold
    ("002-02", part_and_whole),
    ("001-01", part_and_whole),  # vehicles of 2024 put in 2023
    ("001-02", part_and_whole),  # tonnes of 2024 put in 2023
    ("C6-1", tonnes_per_vehicle),  # 830,000 vehicles at Khorgos
    ("001-01", back_cast),
    ("001-02", back_cast),
    ("003-01", back_cast),
]


@pytest.mark.parametrize(("name", "find"), SLIPS)
def test_a_real_slip_is_found_and_its_adjudicated_value_is_not(
    name: str, find: Callable[[Register], list[Doubt]]
) -> None:
    assert name in doubted(find(CLAIMS))
    assert name not in doubted(find({**CLAIMS, name: put_right(name)}))


@pytest.mark.parametrize("name", sorted({name for name, _ in SLIPS}))
def test_a_slip_that_is_taken_for_true_stays_an_open_doubt(name: str) -> None:
    believed = {**CLAIMS, name: replace(CLAIMS[name], status="accepted")}
    assert name in doubted(check(believed))
    assert check(CLAIMS) == []


def test_a_partner_is_not_more_than_the_world() -> None:
    pair = only("000-08", "TR-07")
    assert partner_and_total(pair) == []
    slip = replace(CLAIMS["000-08"], value="2836700000000")
    (doubt,) = partner_and_total({**pair, "000-08": slip})
    assert (doubt.claim, doubt.check, doubt.others) == ("000-08", "partner_and_total", ("TR-07",))
    assert "2,836.7 bn CNY with Central Asia in 2023" in doubt.message
    assert part_and_whole({**pair, "000-08": slip}) == []  # each doubt has one name


def test_a_partner_in_one_year_is_not_held_against_another() -> None:
    slip = replace(CLAIMS["TR-01b"], value="400000000000", status="accepted")  # of 2022
    assert partner_and_total({"TR-01b": slip, **only("TR-07")}) == []
    assert doubted(partner_and_total({"TR-01b": slip, **only("TR-01")})) == {"TR-01b"}


def test_another_series_is_no_whole() -> None:
    # The police counted 6,700 vehicles in a part of the year where customs counted 11,000.
    part = replace(CLAIMS["KJ-10"], period_from=CLAIMS["KJ-14"].period_from,
                   period_to=CLAIMS["KJ-14"].period_to)  # fmt: skip
    assert part_and_whole({"KJ-10": part, "KJ-14": CLAIMS["KJ-14"]}) == []
    wider = replace(CLAIMS["KJ-14"], series="customs", period_to=CLAIMS["KJ-10"].period_to)
    assert doubted(part_and_whole({"KJ-10": part, "KJ-14": wider})) == {"KJ-10"}


def test_a_rejected_figure_is_no_whole() -> None:
    whole = replace(CLAIMS["TR-07b"], status="rejected", reason="x")
    assert part_and_whole({"003-01": CLAIMS["003-01"], "TR-07b": whole}) == []


@pytest.mark.parametrize(
    ("tonnes", "found"), [("1600", True), ("1700000", False), ("20750000", False), ("21e6", True)]
)
def test_the_bounds_of_a_load(tonnes: str, found: bool) -> None:
    # 830,000 vehicles: 2 t each is 1.66 Mt, 25 t each is 20.75 Mt.
    mass = replace(CLAIMS["C6-2"], value=tonnes)
    doubts = tonnes_per_vehicle({"C6-1": CLAIMS["C6-1"], "C6-2": mass})
    assert bool(doubts) is found


def test_the_load_of_other_years_raises_no_doubt() -> None:
    assert tonnes_per_vehicle(only("KJ-10", "KJ-11", "KR-07", "KR-07b", "KR-09", "KR-09b")) == []


def test_a_back_cast_reaches_over_a_leap_day() -> None:
    base = replace(CLAIMS["KJ-10"], claim="base", value="200", low=None,
                   period_from=CLAIMS["RL-16d"].period_from,
                   period_to=CLAIMS["RL-16d"].period_to)  # fmt: skip
    assert str(base.period_to) == "2025-02-28"
    growth = replace(base, claim="growth", measure="growth of vehicles", unit="share", value="1")
    end = base.period_to.replace(year=2024, day=29)
    prior = replace(base, claim="prior", value="100", period_to=end,
                    period_from=base.period_from.replace(year=2024))  # fmt: skip
    register = {"base": base, "growth": growth, "prior": prior}
    assert back_cast(register) == []
    wrong = {**register, "prior": replace(prior, value="90")}
    assert [doubt.others for doubt in back_cast(wrong)] == [("prior", "growth")]
    near = {**register, "prior": replace(prior, value="104")}
    assert back_cast(near) == []


def test_a_conflict_needs_a_rival() -> None:
    assert doubted(conflicts(only("KR-15"))) == {"KR-15"}
    assert conflicts(only("KR-15", "KR-17")) == []


def test_what_is_kept_for_comparison_is_never_fitted() -> None:
    assert never_fitted(CLAIMS, ["KJ-10", "KJ-11", "KR-17"]) == []
    assert doubted(never_fitted(CLAIMS, ["KJ-10", "KJ-17"])) == {"KJ-17"}
    through = replace(CLAIMS["KJ-10"], claim="ratio", derived_from=("KJ-30b", "KJ-10"))
    doubts = never_fitted({**CLAIMS, "ratio": through}, ["ratio"])
    assert {doubt.others[0] for doubt in doubts} == {"KJ-17", "KJ-17b", "KJ-30b"}
    assert "by way of" in doubts[0].message
    assert doubted(check(CLAIMS, fitted=["KJ-17b"])) == {"KJ-17b"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("KR-17", "51.4 h"), ("KR-17", "51.4"), ("KR-17", "3084 min"), ("KR-20", "725 per day"),
        ("KR-20", "700 per day"), ("KK-37", "16 t"), ("KK-37", "12000 kg"), ("KK-30", "24.8 km/h"),
        ("BM-13", "0.57"), ("BM-13", "57%"), ("KJ-10", "11000"), ("KJ-C17", "68 d"),
        ("KJ-C12", "anything"), ("KK-31", "anything"), ("no such claim", "1"),
    ],
)  # fmt: skip
def test_a_value_that_is_the_claims_own(name: str, text: str) -> None:
    assert cited_values(CLAIMS, {"path": (name, text)}) == []


@pytest.mark.parametrize(
    ("name", "text", "near"),
    [
        ("KR-17c", "51.4 h", ": see KR-17"),
        ("BM-07", "357 USD", ": see BM-07f"),
        ("OP-02", "3 min", ": see OP-02b"),
        ("KR-17", "52 h", ""),
        ("KR-20", "725 per hour", ""),
        ("BM-13", "57", ""),
        ("KJ-10", "11001", ""),
    ],
)
def test_a_value_that_is_not_the_claims_own(name: str, text: str, near: str) -> None:
    (doubt,) = cited_values(CLAIMS, {"path": (name, text)})
    assert doubt.claim == name
    assert doubt.message.startswith(f"path is {text}, but the claim says ")
    assert doubt.message.endswith(near)
    assert (": see" in doubt.message) is bool(near)
    assert check(CLAIMS, cited={"path": (name, text)}) == [doubt]


def test_a_doubt_says_where_its_cell_stands() -> None:
    wrong = {**CLAIMS, "TR-06b": replace(CLAIMS["TR-06b"], value="451900000000")}
    faults = {fault.path: fault for fault in placed(check(wrong))}
    mark = faults["TR-06b"].mark
    assert mark is not None
    lines = share("geodata", "claims.csv").read_text("utf-8").splitlines()
    assert mark.file == "geodata/claims.csv"
    assert lines[mark.line - 1].startswith("TR-06b,")
    assert lines[mark.line - 1][mark.column - 1 :].startswith("45190000000,USD,")
    assert str(faults["TR-06b"]).startswith(f"geodata/claims.csv:{mark.line}:{mark.column}: TR-06b")
    assert "(check " in str(faults["TR-06b"])


def test_a_doubt_points_at_the_cell_it_is_about() -> None:
    (fault,) = placed([Doubt("KR-09b", "lost_series", "x")])
    lines = share("geodata", "claims.csv").read_text("utf-8").splitlines()
    assert fault.mark is not None
    cell = lines[fault.mark.line - 1][fault.mark.column - 1 :]
    assert cell.startswith("road_transport,")
    (stranger,) = placed([Doubt("X-1", "ten_fold", "is far too large")])
    assert str(stranger) == "X-1: is far too large (check ten_fold)"


def test_the_command_prints_where_a_doubt_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {**CLAIMS, "KR-09f": replace(CLAIMS["KR-09f"], value="19")}
    monkeypatch.setattr(evidence, "load_claims", lambda: wrong)
    found = inspect(["khunjerab_seasonal"])
    (warning,) = (each for each in found["warnings"] if "recomputed" in each)
    assert re.match(r"geodata/claims\.csv:\d+:\d+: KR-09f: its definition", warning)
    assert f"warning: {warning}" in found["lines"]

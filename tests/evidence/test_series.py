"""Two vehicle series never meet in one set of observations, nor two definitions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from corridor.evidence import Observed, check, load_claims, mixed_series
from corridor.evidence.series import mixed_derivation
from corridor.scenarios import names, read_whole

CLAIMS = load_claims()
CUSTOMS = Observed("targets.vehicles_2024", "khunjerab", "vehicles", "customs", "KJ-10",
                   date(2024, 1, 1), date(2024, 10, 31))  # fmt: skip
POLICE = Observed("targets.vehicles_police", "khunjerab", "vehicles", "border_police", "KJ-14",
                  date(2024, 4, 1), date(2024, 9, 16))  # fmt: skip
DWELL = Observed("targets.dwell", "khorgos", "tfi1_mean", "survey", "KR-17",
                 date(2024, 2, 26), date(2024, 3, 31))  # fmt: skip


def test_each_alone_is_sound() -> None:
    for each in (CUSTOMS, POLICE, DWELL):
        assert mixed_series(CLAIMS, [each]) == []


def test_customs_and_police_counts_of_one_port_are_not_one_set() -> None:
    (doubt,) = mixed_series(CLAIMS, [CUSTOMS, POLICE])
    assert (doubt.claim, doubt.others, doubt.check) == ("KJ-14", ("KJ-10",), "mixed_series")
    assert doubt.message == (
        "targets.vehicles_2024 and targets.vehicles_police are both held against vehicles of"
        " khunjerab, but KJ-10 was counted by customs (supervised conveyances) and KJ-14 by the"
        " border police (their own count); the series differ up to threefold: keep one of them,"
        " or give the other to a scenario that counts its way"
    )


def test_a_police_count_called_customs_says_whose_it_is() -> None:
    (doubt,) = mixed_series(CLAIMS, [replace(POLICE, series="customs")])
    assert "says series customs, but KJ-14 was counted by the border police" in doubt.message
    assert "write series: border_police, or cite a claim of that series" in doubt.message


def test_a_processing_time_is_no_dwell_time() -> None:
    # Both are true: 6 h of customs work on a ready vehicle, 51.4 h from gate to gate.
    (doubt,) = mixed_series(CLAIMS, [replace(DWELL, claim="KR-15")])
    assert "KR-15 is processing time" in doubt.message
    assert "dwell time, the time from gate-in to gate-out" in doubt.message


def test_trucks_and_trucks_with_cage_borne_cars_are_two_definitions() -> None:
    trucks = Observed("targets.a", "khorgos", "vehicles", "road_transport", "KR-07",
                      date(2023, 1, 1), date(2023, 9, 30))  # fmt: skip
    wide = replace(trucks, path="targets.b", claim="C5-1", last=date(2023, 10, 31))
    as_if = {**CLAIMS, "C5-1": replace(CLAIMS["C5-1"], series="road_transport")}
    (doubt,) = mixed_series(as_if, [trucks, wide])
    assert "KR-07 is freight vehicles and C5-1 is vehicles" in doubt.message


def test_other_indicators_and_other_ports_are_other_sets() -> None:
    tonnes = replace(CUSTOMS, path="targets.cargo", metric="tonnes", claim="KJ-11")
    assert mixed_series(CLAIMS, [tonnes, POLICE]) == []
    assert mixed_series(CLAIMS, [CUSTOMS, replace(POLICE, port="elsewhere")]) == []


def test_a_count_is_compared_over_its_own_days() -> None:
    (doubt,) = mixed_series(CLAIMS, [replace(CUSTOMS, first=date(2024, 4, 1))])
    assert "compares 2024-04-01 to 2024-10-31, but KJ-10 counts 2024-01 to 2024-10" in (
        doubt.message
    )
    assert mixed_series(CLAIMS, [replace(CUSTOMS, first=date(2024, 4, 1), derived=True)]) == []


def test_an_unknown_claim_is_the_business_of_others() -> None:
    assert mixed_series(CLAIMS, [replace(CUSTOMS, claim="KJ-999")]) == []


@pytest.mark.parametrize("name", names())
def test_no_shipped_scenario_mixes(name: str) -> None:
    targets = read_whole(name).scenario.targets
    rows = [
        Observed(f"targets.{key}", t.port, t.metric, t.series, t.observed.claim or t.claim,
                 t.from_, t.until, t.observed.evidence == "derived")
        for key, t in targets.items()
    ]  # fmt: skip
    assert mixed_series(CLAIMS, rows) == []


def test_a_rush_worked_out_of_two_series_is_doubted() -> None:
    # Police counts less customs counts: the vehicles of November 2023 came out 1.8 times a month's.
    (doubt,) = mixed_derivation(CLAIMS)
    assert doubt.claim == "KJ-35c"
    assert "KJ-16 (border_police) and KJ-12 (customs)" in doubt.message or (
        "KJ-16 (border_police) and KJ-27c (customs)" in doubt.message
    )
    believed = {**CLAIMS, "KJ-35c": replace(CLAIMS["KJ-35c"], status="accepted", reason="")}
    assert "mixed_derivation" in {each.check for each in check(believed)}
    assert "mixed_derivation" not in {each.check for each in check(CLAIMS)}

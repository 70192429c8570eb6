"""What passed a pass that was said to be closed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from corridor.evidence import Claim, check, load_claims
from corridor.evidence.seasons import calendar_and_flow

CLAIMS = load_claims()


def only(*names: str) -> dict[str, Claim]:
    return {name: CLAIMS[name] for name in names}


def test_vehicles_were_counted_in_the_winter_that_was_called_closed() -> None:
    (doubt,) = calendar_and_flow(only("C2-5", "KJ-17", "KJ-17b", "C2-6"))
    assert doubt.claim == "C2-5"
    assert doubt.others == ("KJ-17", "KJ-17b", "C2-6")
    assert "1,271 vehicles were counted in 2025-01-01 to 2025-03-27 (KJ-17)" in doubt.message
    assert "the crossing of 2025-02-03 (C2-6)" in doubt.message


def test_a_paper_calendar_that_is_believed_is_an_open_doubt() -> None:
    believed = {**CLAIMS, "C2-5": replace(CLAIMS["C2-5"], status="accepted")}
    assert "calendar_and_flow" in {d.check for d in check(believed) if d.claim == "C2-5"}
    assert calendar_and_flow({k: v for k, v in CLAIMS.items() if k != "C2-5"}) == []


def test_counts_put_into_a_closed_winter_contradict_the_calendar() -> None:
    # The winter of 2023-24 was closed; a count of the next one dated a year too early shows.
    early = replace(CLAIMS["KJ-17"], period_from=date(2024, 2, 1), period_to=date(2024, 3, 27))
    (doubt,) = calendar_and_flow({**only("KJ-C8", "KJ-C9"), "KJ-17": early})
    assert (doubt.claim, doubt.others) == ("KJ-C8", ("KJ-17",))
    rejected = replace(early, status="rejected", reason="x")
    assert calendar_and_flow({**only("KJ-C8"), "KJ-17": rejected}) == []


def test_what_passed_by_special_opening_contradicts_nothing() -> None:
    special = replace(CLAIMS["KJ-17"], period_from=date(2024, 1, 3), period_to=date(2024, 1, 12))
    assert calendar_and_flow({**only("KJ-C8", "KJ-C9"), "KJ-17": special}) == []
    assert calendar_and_flow({**only("KJ-C8"), "KJ-17": special}) != []


def test_a_count_that_reaches_beyond_the_closed_time_may_have_passed_outside_it() -> None:
    assert calendar_and_flow(only("KJ-C8", "KJ-10")) == []


def test_another_place_may_be_open() -> None:
    elsewhere = replace(CLAIMS["KJ-17"], place="khorgos_road")
    assert calendar_and_flow({**only("C2-5"), "KJ-17": elsewhere}) == []

"""The checks find the errors of the seed articles with no verdict of ours to help them.

Every verdict is taken out of the register: what was rejected, contested or superseded is accepted,
reasons, adjudicated values and conflicts are gone, and so are the claims that we derived from a
figure in order to put it right. What is left is what the papers printed.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from corridor import geodata
from corridor.evidence import check, load_claims, mapped
from corridor.evidence.checks import FIGURES
from corridor.evidence.counts import origins

CLAIMS = load_claims()
PLACES = {each.place: (each.lat, each.lon, each.within_km) for each in geodata.read_places()}
WRONG = {name for name, claim in CLAIMS.items() if claim.status == "rejected"}
PRINTED = {
    name: replace(claim, status="accepted", reason="", adjudicated_value="", superseded_by=(),
                  conflict=())
    for name, claim in CLAIMS.items()
    if name in WRONG or not WRONG & origins(CLAIMS, name)
}  # fmt: skip
FOUND = {(doubt.claim, doubt.check) for doubt in (*check(PRINTED), *mapped(PRINTED, PLACES))}

ERRORS = [
    ("003-01", "ten_fold"),  # US$409.2 bn
    ("003-01", "part_and_whole"),
    ("003-01", "back_cast"),
    ("003-02", "ten_fold"),  # US$48 bn in October
    ("002-01", "part_and_whole"),  # 409 bn, called exports
    ("C6-1", "tonnes_per_vehicle"),  # 830,000 vehicles
    ("C6-1", "ten_fold"),
    ("001-01", "mis_dated"),  # 11,000 vehicles put in 2023
    ("001-01", "part_and_whole"),
    ("001-02", "mis_dated"),
    ("C16-1", "leg_sums"),  # 615 km
    ("C16-1", "great_circle"),
    ("C16-2", "leg_sums"),  # 188 km
    ("C14-1", "leg_sums"),  # 75 km
    ("C14-2", "leg_sums"),  # 125 km
    ("C2-5", "calendar_and_flow"),  # closed in a winter when 1,271 vehicles passed
    ("TR-05", "near_duplicates"),  # 283.4 and 283.67 bn
]


def test_the_verdicts_are_really_gone() -> None:
    assert {"C1-1", "C6-4"} & set(PRINTED) == set()  # what we derived to put a figure right
    assert {"003-01", "C6-1", "001-01", "C16-1", "C16-2"} <= set(PRINTED)
    assert {(c.status, c.reason, c.conflict) for c in PRINTED.values()} == {("accepted", "", ())}


@pytest.mark.parametrize(("name", "by"), ERRORS)
def test_an_error_is_found_unaided(name: str, by: str) -> None:
    assert (name, by) in FOUND


@pytest.mark.parametrize("name", sorted({name for name, by in ERRORS if by != "near_duplicates"}))
def test_with_its_verdict_alone_the_error_is_settled(name: str) -> None:
    assert name not in {doubt.claim for doubt in (*check(CLAIMS), *mapped(CLAIMS, PLACES))}


def test_not_everything_is_doubted() -> None:
    doubted = {name for name, _ in FOUND}
    assert len(doubted) < 0.04 * len(PRINTED)
    assert not doubted & {"KJ-10", "KJ-11", "KR-09", "TR-07", "TR-07b", "KK-10", "RL-01"}


def test_every_check_has_its_own_name() -> None:
    names = [find.__name__ for find in FIGURES]
    assert len(set(names)) == len(names)
    assert {by for _, by in ERRORS} <= {*names, "great_circle"}

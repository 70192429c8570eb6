"""The shipped register: it holds what was read, says what it believes, and keeps every rival."""

from __future__ import annotations

import csv
import itertools
import re
from collections import Counter
from pathlib import Path

import pytest

from corridor.evidence import check, load_claims, load_sources
from corridor.library import share
from corridor.units import parse

CLAIMS = load_claims()
SOURCES = load_sources()
PRINTED = (Path(__file__).parent / "seed_figures.csv").read_text(encoding="utf-8")
SEEDS = list(csv.DictReader(PRINTED.splitlines()))


@pytest.mark.parametrize("seed", ["000", "001", "002", "003", "004"])
def test_every_figure_of_a_seed_article_is_a_claim_with_its_verdict(seed: str) -> None:
    printed = Counter((r["figure"], r["unit"], r["verdict"]) for r in SEEDS if r["seed"] == seed)
    kept = Counter(
        (c.value, c.unit, c.status) for name, c in CLAIMS.items() if name.startswith(f"{seed}-")
    )
    assert kept == printed


def test_a_seed_claim_cites_its_seed_and_the_seed_its_file() -> None:
    for name, claim in CLAIMS.items():
        if name[:4] in ("000-", "001-", "002-", "003-", "004-"):
            assert claim.source == (name[:3],)
    seeds = [source for source in SOURCES.values() if source.kind == "seed"]
    assert [source.address[:3] for source in seeds] == [source.source for source in seeds]
    assert all(source.address.endswith(".txt") for source in seeds)
    assert len(seeds) == 5


def test_no_source_without_a_claim_or_a_row_of_a_table() -> None:
    cited = set(itertools.chain.from_iterable(claim.source for claim in CLAIMS.values()))
    for table in sorted(share("geodata").glob("*.csv")):
        if table.name not in ("claims.csv", "sources.csv"):
            rows = csv.DictReader(table.read_text(encoding="utf-8").splitlines())
            cited |= {each for row in rows for each in re.split(r"[;, ]+", row.get("source") or "")}
    assert set(SOURCES) <= cited


def test_every_claim_rests_on_something() -> None:
    for claim in CLAIMS.values():
        found = claim.source or claim.derived_from or claim.confidence == "GK"
        assert found or (claim.status == "contested" and "not found" in claim.reason), claim
    general = [claim for claim in CLAIMS.values() if claim.confidence == "GK"]
    assert general
    assert all("no source found yet" in c.reason and not c.source for c in general)


def test_a_derived_figure_shows_its_formula() -> None:
    for claim in CLAIMS.values():
        if claim.derived_from and not claim.source:
            assert claim.definition or claim.reason, claim


def test_every_known_conflict_has_rivals() -> None:
    size = Counter(name for claim in CLAIMS.values() for name in claim.conflict)
    known = {f"C{n}" for n in range(1, 22)} | {"C1b", "C3b"}
    assert known <= set(size)
    assert min(size.values()) >= 2


def test_the_register_of_the_shipped_data_has_no_open_doubt() -> None:
    assert check(CLAIMS, fitted=("KJ-10", "KJ-11")) == []


def test_the_ten_fold_trade_figure_is_kept_as_printed_and_rejected() -> None:
    claim = CLAIMS["003-01"]
    assert (claim.raw_value, claim.raw_unit) == ("409.2", "bn USD")
    assert claim.status == "rejected"
    assert "magnitude" in claim.reason
    low, high = map(float, claim.adjudicated_value.split(".."))
    assert (low, high) == (39.9e9, 40.5e9)
    assert claim.number == pytest.approx(10 * high, rel=0.02)
    assert set(claim.superseded_by) >= {"TR-05b", "TR-07b"}


def test_the_retelling_points_to_its_origin_and_has_a_second_reason() -> None:
    claim = CLAIMS["002-01"]
    assert claim.derived_from == ("003-01",)
    assert claim.flow == "export"
    assert CLAIMS["003-01"].flow == "both"
    assert "ten times" in claim.reason
    assert "called exports" in claim.reason


def test_the_vehicles_of_2024_are_not_those_of_2023() -> None:
    for wrong, right in (("001-01", "KJ-10"), ("001-02", "KJ-11")):
        assert CLAIMS[wrong].status == "rejected"
        assert right in CLAIMS[wrong].superseded_by
        assert CLAIMS[right].period_to.year == 2024
        assert CLAIMS[right].conflict[0] == CLAIMS[wrong].conflict[0] == "C3"


def test_six_hours_and_fifty_one_hours_both_stand_for_different_things() -> None:
    process, dwell = CLAIMS["KR-15"], CLAIMS["KR-17"]
    assert (process.number, dwell.number) == (6.0, 51.4)
    assert process.status == dwell.status == "accepted"
    assert process.measure != dwell.measure
    assert "C8" in process.conflict
    assert "C8" in dwell.conflict


def test_the_pass_was_open_in_december_2024() -> None:
    assert CLAIMS["KJ-C12"].value == "2024-12-01"
    rival = CLAIMS["C2-5"]
    assert rival.status == "rejected"
    assert rival.superseded_by == ("KJ-C12",)
    assert rival.conflict == CLAIMS["KJ-C12"].conflict == ("C2",)


def test_the_winter_of_2025_is_held_out_whole() -> None:
    held = {name for name, claim in CLAIMS.items() if claim.fit == "never"}
    winter = {"KJ-17", "KJ-17b", "KJ-17c", "KJ-18", "KJ-18b", "KJ-29", "KJ-30b", "KJ-32b"}
    assert held == winter


def test_derived_figures_follow_from_their_claims() -> None:
    number = {name: claim.number for name, claim in CLAIMS.items()}
    assert number["KJ-12"] == pytest.approx(number["KJ-10"] / (1 + number["KJ-10b"]), rel=1e-3)
    assert number["KJ-12b"] == pytest.approx(number["KJ-11"] / (1 + number["KJ-11b"]), rel=1e-3)
    assert number["KJ-30"] == pytest.approx(number["KJ-11"] / number["KJ-10"], abs=0.05)
    assert number["KJ-31"] == pytest.approx(number["KJ-11"] / number["KK-37"], rel=0.01)
    assert number["KJ-31b"] == pytest.approx(2 * number["KJ-31"] / number["KJ-10"], abs=0.01)
    assert number["KR-08"] == pytest.approx(number["KR-09"] / (1 + number["KR-09c"]), rel=1e-3)
    assert number["KR-07e"] == pytest.approx(number["KR-07"] / 273, abs=0.5)
    assert number["C16-4"] == number["KK-10"] == 335 + 280 + 118 + 60
    assert number["C17-1"] == 793 + 285 + 235 + 331 + 211 + 449 + 193
    assert number["C18-2"] == pytest.approx(number["RL-01"] / 366, abs=0.1)
    assert number["C19-2"] == pytest.approx(16400 / 1.14 - 7760, rel=0.01)
    assert number["OP-09"] == sum(number[f"OP-09{letter}"] for letter in "bcdef") == 31


def test_units_of_the_register_are_those_of_the_model() -> None:
    assert parse(f"{CLAIMS['KR-17'].value} {CLAIMS['KR-17'].unit}", "time") == 51.4 * 60
    assert parse(f"{CLAIMS['KR-20'].value} per day", "rate") == pytest.approx(725 / 24)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KJ-10", "11000"), ("KJ-11", "40900"), ("KJ-17", "1271"), ("KJ-17b", "12432"),
        ("KJ-34", "2132000000"), ("KJ-36", "10.4"), ("KK-03", "86"), ("KK-30", "24.8"),
        ("KK-32", "80.5"), ("KK-37", "16"), ("KR-01", "2023-08-14"), ("KR-05", "2024-03-01"),
        ("KR-07", "70801"), ("KR-09", "163000"), ("KR-12", "450000"), ("KR-15", "6"),
        ("KR-17", "51.4"), ("KR-20", "725"), ("KR-22", "1200"), ("BM-07", "16.8"),
        ("BM-13", "0.57"), ("RL-01", "8730"), ("RL-06", "372000"), ("RL-14", "14.4"),
        ("CR-01", "19392"), ("CR-02", "2077000"), ("TR-07", "357330000000"),
    ],
)  # fmt: skip
def test_a_plain_id_is_the_main_figure_of_its_fact(name: str, value: str) -> None:
    assert CLAIMS[name].value == value
    assert CLAIMS[name].status == "accepted"


def test_every_split_fact_has_its_plain_id() -> None:
    for name in CLAIMS:
        stem = name.rstrip("abcdefghijklmnopqrstuvwxyz")
        assert stem in CLAIMS, name


def test_no_cell_is_a_formula_to_a_spreadsheet() -> None:
    for claim in CLAIMS.values():
        for text in (claim.subject, claim.raw_value, claim.definition, claim.reason):
            assert not text.startswith(("=", "+", "@"))

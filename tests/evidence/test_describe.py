"""What ``corridor sources`` says, and what the run record keeps."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest

from corridor.evidence import card, cards, entries, load_claims, load_sources, portrait, rivals
from corridor.evidence.words import figure, when
from corridor.faults import Faults

CLAIMS = load_claims()
SOURCES = load_sources()


def test_the_table_has_a_row_for_each_claim() -> None:
    rows = {row.claim: row for row in entries(CLAIMS, SOURCES)}
    assert list(rows) == list(CLAIMS)
    assert rows["003-01"]._asdict() == {
        "claim": "003-01", "subject": "Xinjiang total goods trade", "value": "409.2 bn USD",
        "period": "2023-01 to 2023-10", "status": "rejected", "conflict": "C1",
        "source": "Nikkei Asia",
    }  # fmt: skip
    assert rows["KJ-12"].source == "derived from KJ-10, KJ-10b"
    assert rows["KJ-41"].source == "no source"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("KJ-10b", "42.6%"), ("KJ-17", "1,271 vehicles"), ("KR-09b", "1.783 m t"),
        ("RL-12e", "0.77 h"), ("KJ-35", "1.85"), ("KR-20", "725 per day"),
        ("KJ-56", "-40 °C"), ("004-08", "-1%"), ("KJ-42", "Monday to Friday"),
        ("RL-06", "372,000 TEU"), ("KR-23b", "393,200 KZT"),
    ],
)  # fmt: skip
def test_a_figure_as_people_write_it(name: str, text: str) -> None:
    assert figure(CLAIMS[name]) == text


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("TR-07", "2023"), ("KJ-23", "2016 to 2020"), ("KJ-34", "2023-11"), ("KK-03", ""),
        ("KJ-14", "2024-04-01 to 2024-09-16"), ("KJ-15c", "2024-06-11"), ("RL-16", "to 2025-03-02"),
        ("CR-18", "from 2023-01-01"), ("KJ-33", "2024-07 to 2024-12"),
    ],
)  # fmt: skip
def test_a_period_as_people_write_it(name: str, text: str) -> None:
    assert when(CLAIMS[name]) == text


def test_rivals_are_those_of_the_same_conflict_and_the_believed_come_first() -> None:
    found = rivals(CLAIMS, "C2-5")
    assert "KJ-C12" in {each.claim for each in found}
    assert "C2-5" not in {each.claim for each in found}
    assert all("C2" in each.conflict for each in found)
    order = [each.status for each in rivals(CLAIMS, "KJ-10")]
    assert order.index("contested") > max(i for i, s in enumerate(order) if s == "accepted")
    assert order[-1] == "rejected"
    assert rivals(CLAIMS, "KK-30") == []


def test_an_unknown_claim_is_a_fault_with_the_nearest_id() -> None:
    with pytest.raises(Faults, match=r"unknown claim 'KJ-100' \(did you mean 'KJ-10"):
        portrait(CLAIMS, SOURCES, "KJ-100")


def test_a_portrait_shows_the_figure_its_papers_its_rivals_and_its_use() -> None:
    uses = {"KJ-C12": ["khunjerab_year_round: regime", "khunjerab_fair_weather: regime"]}
    text = "\n".join(portrait(CLAIMS, SOURCES, "KJ-C12", uses))
    assert "value       2024-12-01" in text
    assert "China Economic Net" in text
    assert "https://www.urdupoint.com/en/world/khunjerab-pass-achieves" in text
    assert "Conflict C2" in text
    assert "Conflict C2 (* what the model uses)" in text
    assert re.search(r"^\* KJ-C12 +2024-12-01 +start of year-round operation", text, re.M)
    assert re.search(r"^  C2-5 +closed 30 November 2024 to 30 March 2025 .* rejected ", text, re.M)
    assert "repeats the old protocol notice" in text
    assert "instead: 2024-12-01; see KJ-C12" in text
    assert text.endswith(
        "Used by\n  khunjerab_year_round: regime\n  khunjerab_fair_weather: regime"
    )


def test_rivals_stand_side_by_side_with_who_counted_and_what_was_printed() -> None:
    lines = portrait(CLAIMS, SOURCES, "KJ-14", {"KJ-10": ["khunjerab_seasonal: targets"]})
    at = lines.index("Conflict C4 (* what the model uses)")
    head, mine, other = lines[at + 1], lines[at + 2], lines[at + 3 :]
    for column in ("as printed", "counted by", "period", "status", "source"):
        assert column in head
    assert mine.startswith("  KJ-14  6,700 vehicles")
    assert mine[head.index("counted by") :].startswith("border police")
    (customs,) = (line for line in other if line.startswith("* KJ-10"))
    assert customs[head.index("as printed") :].startswith(">11,000 vehicles")
    assert customs[head.index("counted by") :].startswith("customs")
    assert customs[head.index("status") :].startswith("accepted")


def test_a_portrait_of_the_ten_fold_slip_says_what_stands_instead() -> None:
    lines = portrait(CLAIMS, SOURCES, "003-01")
    assert "as printed  409.2 bn USD" in lines
    assert "instead     39.9 bn USD to 40.5 bn USD; see TR-05b, TR-06b, TR-07b" in lines
    assert lines[-1] == "Used by no scenario and no link"
    assert not any("Conflict" in line for line in portrait(CLAIMS, SOURCES, "KK-30"))


@pytest.mark.parametrize("name", list(CLAIMS))
def test_every_claim_can_be_described(name: str) -> None:
    assert portrait(CLAIMS, SOURCES, name)[0].startswith(name)


def test_a_card_is_plain_json_with_the_agreed_keys() -> None:
    found = card(CLAIMS["KJ-17"], SOURCES, used=True)
    assert found == json.loads(json.dumps(found))
    assert list(found) == [
        "claim", "subject", "value", "unit", "period", "source", "publisher", "address", "status",
        "reason", "conflict", "used", "printed", "series", "measure", "instead", "number",
    ]  # fmt: skip
    assert (found["value"], found["unit"]) == ("1,271", "vehicles")
    assert found["source"] == "S01"
    assert found["address"].startswith("https://www.pakistantoday.com.pk/2025/03/27/")
    assert "; " not in found["address"]  # a source with two addresses gives its first


def test_cards_put_the_used_and_their_rivals_in_one_conflict() -> None:
    found = {each["claim"]: each for each in cards(CLAIMS, SOURCES, ["KJ-10", "KJ-11", "KK-30"])}
    assert {name for name, each in found.items() if each["used"]} == {"KJ-10", "KJ-11", "KK-30"}
    assert found["KK-30"]["conflict"] == ""
    groups = {each["conflict"] for name, each in found.items() if name != "KK-30"}
    assert groups == {"C3, C4, C3b"}
    assert {"001-01", "KJ-14", "C3b-1", "KJ-12"} <= set(found)
    assert not found["001-01"]["used"]


def test_cards_keep_conflicts_apart_that_nothing_joins() -> None:
    found = {
        each["claim"]: each["conflict"] for each in cards(CLAIMS, SOURCES, ["KR-15", "KJ-C12"])
    }
    assert (found["KR-17"], found["C2-5"]) == ("C8", "C2")


def test_cards_refuse_a_claim_that_is_not_there() -> None:
    with pytest.raises(Faults, match="unknown claim 'KJ-99'"):
        cards(CLAIMS, SOURCES, ["KJ-99"])


def test_the_register_is_read_without_any_heavy_library() -> None:
    code = (
        "import sys; from corridor.evidence import load_claims; load_claims();"
        "print([m for m in ('pandas', 'numpy', 'pydantic', 'geopandas') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"

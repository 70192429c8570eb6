"""The library in words: regimes, claims, differences, starting files."""

from pathlib import Path

import pytest

from corridor.faults import Faults
from corridor.scenarios import names, read, regimes
from corridor.scenarios.document import parse_document, read_document
from corridor.study.inspect import (
    claim_table,
    difference_lines,
    inspect,
    starting_file,
)
from corridor.study.record import _held_equal
from corridor.study.witness import portrait


def test_inspect_reads_all_and_tells_every_regime() -> None:
    found = inspect([])
    assert found["scenarios"] == names()
    assert found["warnings"] == []
    text = "\n".join(found["lines"])
    for port in ("khunjerab", "khorgos"):
        for regime in regimes(port):
            assert f"  {regime}: " in text
    assert "    the port's file as it stands" in text
    assert "posts.khorgos.stations.documents.lanes 10 -> 3" in text


def test_inspect_tells_only_the_ports_that_are_asked_of() -> None:
    lines = inspect(["khorgos_24h"])["lines"]
    assert not [line for line in lines if line.startswith("khunjerab:")]
    counts = lines[0].split(". ")[-1]
    numbers = [int(word) for word in counts.replace(":", "").split() if word.isdigit()]
    assert numbers[0] == sum(numbers[1:])


def test_a_claim_stands_beside_its_rivals_and_its_uses() -> None:
    lines, data = portrait("KJ-10")
    assert data["used_by"]
    assert {use.split(":")[0] for use in data["used_by"]} & set(names())
    assert "11,000" in "\n".join(lines)
    with pytest.raises(Faults, match="unknown claim"):
        portrait("KJ-10000")


def test_conflicts_are_a_part_of_the_table() -> None:
    _, every = claim_table(False)
    _, contested = claim_table(True)
    assert 0 < len(contested) < len(every)
    assert all(row["conflict"] for row in contested)
    subjects = " ".join(str(row["claim"]) for row in contested)
    assert "KJ-10" in subjects


def test_a_difference_is_a_patch_that_makes_the_other(tmp_path: Path) -> None:
    lines = difference_lines("khorgos_fixed_hours", "khorgos_24h_same_staff")
    patch = parse_document(lines[-1], "patch").data
    assert patch["ports"]["khorgos"]["regime"] == "round_the_clock_same_staff"
    assert set(patch) == {"ports"}
    path = tmp_path / "made.yaml"
    path.write_text(f"title: x\nextends: khorgos_fixed_hours\n{lines[-1]}\n", encoding="utf-8")
    assert read(path).ports == read("khorgos_24h_same_staff").ports
    assert difference_lines("plain_station", "plain_station") == [
        "plain_station and plain_station ask the same"
    ]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_starting_file_asks_what_its_base_asks(here: Path) -> None:
    path = starting_file("torugart", "khunjerab_seasonal")
    data = read_document(path).data
    assert set(data) == {"title", "asks", "extends"}
    assert read(path).ports == read("khunjerab_seasonal").ports
    commented = [line[2:] for line in path.read_text().splitlines() if line.startswith("# ")]
    example = "\n".join(commented[commented.index("ports:") :])
    lanes = parse_document(example, "x").data["ports"]["khunjerab"]["posts"]["sost"]["stations"]
    assert lanes["documents"]["lanes"]["value"] == 6  # what one uncomments can be read


@pytest.mark.parametrize("name", ["../x", "a b", "", ".yaml", "x" * 41, "-x", "a\nb", "con/x"])
def test_names_that_start_no_file(name: str, here: Path) -> None:
    with pytest.raises(Faults, match="write a plain name"):
        starting_file(name, "plain_station")
    assert list(here.iterdir()) == []


def test_a_starting_file_overwrites_nothing(here: Path) -> None:
    (here / "mine.yaml").write_text("kept")
    with pytest.raises(Faults, match="exists already"):
        starting_file("mine", "plain_station")
    assert (here / "mine.yaml").read_text() == "kept"
    with pytest.raises(Faults, match="name of the base"):
        starting_file("plain_station", "plain_station")


def test_events_are_the_same_only_where_there_are_any() -> None:
    def told(*names: str) -> str:
        return " ".join(_held_equal([read(name) for name in names]))

    assert "Storms" in told("khunjerab_seasonal", "khunjerab_year_round")
    assert "Storms" not in told("khunjerab_year_round", "khunjerab_sit_in")
    assert "Storms" not in told("khorgos_fixed_hours", "khorgos_24h")
    assert "Demand" in told("khorgos_fixed_hours", "khorgos_24h")

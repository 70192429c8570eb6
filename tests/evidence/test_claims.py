"""Reading the register: every bad row has its file, line and column."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest

from corridor.evidence import Claim, Source, load_claims, load_sources
from corridor.faults import Fault, Faults

GOOD = {
    "claim": "X-1", "subject": "Vehicles, both ways", "measure": "vehicles", "value": "11000",
    "unit": "vehicles", "raw_value": ">11,000", "raw_unit": "vehicles", "period_from": "2024-01-01",
    "period_to": "2024-10-31", "source": "S1", "status": "accepted", "confidence": "H",
}  # fmt: skip
PAPER = {"source": "S1", "publisher": "Paper", "kind": "press", "reliability": "M"}


def table(kind: type, rows: list[dict[str, str]]) -> str:
    columns = [field.name for field in fields(kind)]
    quoted = [",".join(f'"{row[c]}"' if "," in row.get(c, "") else row.get(c, "") for c in columns)
              for row in rows]  # fmt: skip
    return "\n".join([",".join(columns), *quoted]) + "\n"


def write(
    folder: Path, *rows: dict[str, str], papers: tuple[dict[str, str], ...] = (PAPER,)
) -> None:
    (folder / "sources.csv").write_text(table(Source, list(papers)), encoding="utf-8")
    (folder / "claims.csv").write_text(table(Claim, list(rows)), encoding="utf-8")


def faults(folder: Path) -> tuple[Fault, ...]:
    with pytest.raises(Faults) as caught:
        load_claims(folder)
    return caught.value.faults


def test_a_row_becomes_a_claim(tmp_path: Path) -> None:
    write(tmp_path, {**GOOD, "low": "11000", "high": "11100", "conflict": "C3;C4"})
    claim = load_claims(tmp_path)["X-1"]
    assert claim.number == 11000.0
    assert claim.span == (11000.0, 11100.0)
    assert claim.raw_value == ">11,000"
    assert claim.period_to == date(2024, 10, 31)
    assert claim.source == ("S1",)
    assert claim.conflict == ("C3", "C4")


def test_words_and_dates_have_no_number(tmp_path: Path) -> None:
    write(tmp_path, {**GOOD, "value": "2024-12", "unit": "date"})
    claim = load_claims(tmp_path)["X-1"]
    assert claim.number is None
    assert claim.span is None


@pytest.mark.parametrize(
    ("change", "column", "says"),
    [
        ({"value": "11k"}, "value", "'11k' is not a number"),
        ({"value": "11,000"}, "value", "'11,000' is not a number"),
        ({"value": "nan"}, "value", "not a number"),
        ({"value": "1_000"}, "value", "not a number"),
        ({"value": ""}, "value", "not a number"),
        ({"low": "x"}, "low", "'x' is not a number"),
        ({"low": "12000"}, "value", "outside its own range"),
        ({"high": "10"}, "value", "outside its own range"),
        ({"adjudicated_value": "1..z"}, "adjudicated_value", "'z' is not a number"),
        ({"unit": "vehicels"}, "unit", "did you mean 'vehicles'?"),
        ({"value": "Dec 2024", "unit": "date"}, "value", "write 2024, 2024-12 or 2024-12-01"),
        ({"period_from": "2024-02-30"}, "period_from", "'2024-02-30' is not a day"),
        ({"period_to": "2023-12-31"}, "period_to", "is before 2024-01-01"),
        ({"status": "acepted"}, "status", "did you mean 'accepted'?"),
        ({"series": "police"}, "series", "unknown series 'police'"),
        ({"confidence": ""}, "confidence", "one of H, M, L, GK"),
        ({"fit": "no"}, "fit", "unknown fit 'no'"),
        ({"place": "sost", "to_place": "sost"}, "to_place", "name two places"),
        ({"to_place": "sost"}, "place", "name the place it begins at"),
        ({"partner": "Kyrgyzstn"}, "partner", "did you mean 'Kyrgyzstan'?"),
        ({"source": "S1;S2"}, "source", "unknown source 'S2'"),
        ({"superseded_by": "X-2"}, "superseded_by", "unknown claim 'X-2'"),
        ({"superseded_by": "X-1"}, "superseded_by", "leads back to itself"),
        ({"derived_from": "Y-9"}, "derived_from", "unknown claim 'Y-9'"),
        ({"status": "rejected"}, "reason", "say why the claim is rejected"),
        ({"status": "superseded"}, "reason", "say why the claim is superseded"),
        ({"status": "contested"}, "reason", "say why the claim is contested"),
        ({"source": ""}, "source", "name a source"),
    ],
)
def test_a_bad_cell_is_pointed_at(
    tmp_path: Path, change: dict[str, str], column: str, says: str
) -> None:
    row = {**GOOD, **change}
    write(tmp_path, {**GOOD, "claim": "X-0"}, row)
    (fault,) = faults(tmp_path)
    assert fault.path == "X-1"
    assert says in fault.message
    assert fault.mark is not None
    assert fault.mark.file == f"{tmp_path.name}/claims.csv"
    assert fault.mark.line == 3
    line = (tmp_path / "claims.csv").read_text(encoding="utf-8").split("\n")[2]
    cell = row.get(column, "")
    assert line[fault.mark.column - 1 :].lstrip('"').startswith(cell)
    before = table(Claim, [row]).split("\n")[1][: fault.mark.column - 1]
    commas = before.replace('"Vehicles, both ways"', "").replace('">11,000"', "")
    commas = commas.replace('"11,000"', "")
    assert commas.count(",") == [field.name for field in fields(Claim)].index(column)


def test_a_fault_prints_as_file_line_column(tmp_path: Path) -> None:
    write(tmp_path, {**GOOD, "value": "eleven"})
    (fault,) = faults(tmp_path)
    # X-1, then "Vehicles, both ways" in quotes, then vehicles: the value begins at 36.
    assert str(fault).startswith(f"{tmp_path.name}/claims.csv:2:36: X-1: 'eleven' is not a number")


def test_an_id_stands_once(tmp_path: Path) -> None:
    write(tmp_path, GOOD, {**GOOD, "value": "5"})
    (fault,) = faults(tmp_path)
    assert fault.mark is not None
    assert fault.mark.line == 3
    assert "stands on line 2 too" in fault.message


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    write(tmp_path, {**GOOD, "value": "x", "status": "y"}, {**GOOD, "claim": "", "unit": "z"})
    assert len(faults(tmp_path)) == 3


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "the columns must be"),
        ("claim,subjekt\n", "did you mean 'subject'?"),
    ],
)
def test_a_wrong_heading(tmp_path: Path, text: str, says: str) -> None:
    write(tmp_path, GOOD)
    (tmp_path / "claims.csv").write_text(text, encoding="utf-8")
    (fault,) = faults(tmp_path)
    assert says in fault.message
    assert fault.mark is not None
    assert fault.mark.line == 1


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("X-2,too short", "has 2 cells: write 26"),
        ("", "has 0 cells"),
        ('X-2,"open', "one line is one row"),
        ("X-2,\x1b[31mred", "U+001B"),
        ("X-2,‮dexim", "U+202E"),
    ],
)
def test_a_row_of_the_wrong_shape(tmp_path: Path, line: str, says: str) -> None:
    write(tmp_path, GOOD)
    path = tmp_path / "claims.csv"
    path.write_text(path.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")
    (fault,) = faults(tmp_path)
    assert says in fault.message
    assert fault.mark is not None
    assert fault.mark.line == 3


def test_a_missing_file_and_a_foreign_encoding(tmp_path: Path) -> None:
    with pytest.raises(Faults, match=r"sources.csv:1:1: is missing"):
        load_sources(tmp_path)
    write(tmp_path, GOOD)
    (tmp_path / "claims.csv").write_bytes("claim,Größe".encode("latin-1"))
    with pytest.raises(Faults, match="not UTF-8"):
        load_claims(tmp_path)


def test_windows_line_ends_and_byte_order_mark_are_read(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    path = tmp_path / "claims.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert list(load_claims(tmp_path)) == ["X-1"]


def test_a_source_of_unknown_kind(tmp_path: Path) -> None:
    write(tmp_path, GOOD, papers=({**PAPER, "kind": "pres"},))
    with pytest.raises(Faults, match=r"sources.csv:2:\d+: S1: .*did you mean 'press'"):
        load_claims(tmp_path)

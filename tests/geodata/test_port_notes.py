"""The note of a port says of what is empty that it was not found, and of nothing else."""

from __future__ import annotations

import csv
import re

import pytest

from corridor.library import share

with share("geodata", "ports.csv").open(encoding="utf-8", newline="") as file:
    PORTS = {row["port"]: row for row in csv.DictReader(file)}


def missing(note: str) -> set[str]:
    """What a note says was not found: of season and hours.

    >>> sorted(missing("Open at dawn. Season and hours not found."))
    ['hours', 'season']
    >>> missing("UN/LOCODE of Sost not found: the list of hours was read.")
    set()
    """
    said = re.findall(r"\b(season|hours)(?: and (season|hours))? not found", note, re.IGNORECASE)
    return {word.lower() for pair in said for word in pair if word}


@pytest.mark.parametrize("port", PORTS)
def test_a_note_says_not_found_of_what_is_empty_and_of_nothing_else(port: str) -> None:
    row = PORTS[port]
    assert missing(row["note"]) == {cell for cell in ("season", "hours") if not row[cell]}


@pytest.mark.parametrize("port", PORTS)
def test_a_note_misses_no_code_that_its_row_has(port: str) -> None:
    row = PORTS[port]
    if row["unlocode"] and row["unlocode_across"]:
        assert not re.search(r"UN/LOCODE of .* not found", row["note"])

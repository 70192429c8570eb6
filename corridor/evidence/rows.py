"""Evidence room: the rows of a CSV file, each with a way to point at its cells."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

from corridor.faults import Fault, Faults, Mark, did_you_mean

__all__ = ["Row", "read_rows"]

Row = tuple[dict[str, str], Callable[[str], Mark]]
"""The cells by column, and from the name of a column to the place where its cell begins."""


def read_rows(path: Path, columns: tuple[str, ...]) -> tuple[list[Row], list[Fault]]:
    """The rows whose shape is right, and the faults of all others.

    Parameters
    ----------
    path : Path
        A UTF-8 file; its first line names the columns, its first column holds unique ids.
    columns : tuple of str
        The columns it must have, in this order.

    Raises
    ------
    Faults
        A file that is missing or not UTF-8.
    """
    text, shown = _text(path)
    lines = text.removesuffix("\n").split("\n")
    heading, fault = _cells(lines[0], Mark(shown, 1, 1))
    if fault or heading != list(columns):
        return [], [fault or Fault(Mark(shown, 1, 1), "", _heading(heading, columns))]
    rows: list[Row] = []
    faults: list[Fault] = []
    first: dict[str, int] = {}
    for number, line in enumerate(lines[1:], start=2):
        mark = Mark(shown, number, 1)
        cells, fault = _cells(line, mark)
        if not fault and len(cells) != len(columns):
            fault = Fault(mark, "", f"has {len(cells)} cells: write {len(columns)}")
        if not fault:
            fault = _misnamed(cells[0], mark, first)
        if fault:
            faults.append(fault)
        else:
            rows.append((dict(zip(columns, cells, strict=True)), _pointer(mark, line, columns)))
    return rows, faults


def _text(path: Path) -> tuple[str, str]:
    """The text of a file, and how messages call it."""
    shown = f"{path.parent.name}/{path.name}"
    try:
        return path.read_text(encoding="utf-8-sig"), shown
    except FileNotFoundError as error:
        raise Faults.one("is missing", "", Mark(shown, 1, 1)) from error
    except UnicodeDecodeError as error:
        raise Faults.one("is not UTF-8: save it as UTF-8", "", Mark(shown, 1, 1)) from error


def _cells(line: str, mark: Mark) -> tuple[list[str], Fault | None]:
    """The cells of one line; one line is one row, so that every fault has a line."""
    for index, character in enumerate(line, start=1):
        if not character.isprintable():  # a terminal obeys some of these characters
            message = f"holds the unprintable character U+{ord(character):04X}: take it out"
            return [], Fault(mark._replace(column=index), "", message)
    try:
        return next(csv.reader([line], strict=True), []), None
    except csv.Error as error:
        return [], Fault(mark, "", f"cannot be read as CSV ({error}): one line is one row")


def _heading(cells: list[str], columns: tuple[str, ...]) -> str:
    """What is wrong with the first line."""
    for name in cells:
        if name not in columns:
            return f"unknown column '{name}'{did_you_mean(name, columns)}"
    return f"the columns must be: {', '.join(columns)}"


def _misnamed(name: str, mark: Mark, first: dict[str, int]) -> Fault | None:
    """An id that is empty or stands twice; `first` remembers the line of each."""
    if not name:
        return Fault(mark, "", "has no id: write one in the first cell")
    if name in first:
        return Fault(mark, name, f"stands on line {first[name]} too: every id stands once")
    first[name] = mark.line
    return None


def _pointer(mark: Mark, line: str, columns: tuple[str, ...]) -> Callable[[str], Mark]:
    """From the name of a column to the place where its cell begins."""

    def at(name: str) -> Mark:
        starts, quoted = [1], False
        for index, character in enumerate(line):
            quoted ^= character == '"'
            if character == "," and not quoted:
                starts.append(index + 2)
        return mark._replace(column=starts[columns.index(name)])

    return at

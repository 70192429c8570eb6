"""The geodata room: tables in CSV with a fixed header, each cell read as its column says.

Read with the csv module alone, so that whoever needs no geometry opens no geodata library.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from corridor.faults import Fault, Faults, Mark, did_you_mean

__all__ = ["Cell", "Row", "day", "identifier", "number", "one_of", "pattern", "read_table",
           "text_of", "words"]  # fmt: skip

Cell = Callable[[str], Any]
"""Reads one cell; a ValueError says what is wrong with it, and what to write instead."""


class Row(NamedTuple):
    """One row of a table and where it stands."""

    values: dict[str, Any]
    mark: Mark


def words(text: str) -> str:
    """Any words, or none."""
    return text


def identifier(text: str) -> str:
    """An id: lower case ascii words joined by ``_``."""
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", text):
        raise ValueError("write an id of lower case ascii words joined by '_'")
    return text


def number(
    wanted: str, low: float = -math.inf, *, above: bool = False, empty: bool = False
) -> Cell:
    """A finite number of at least `low` (more than that, if `above`); an empty cell is None."""

    def read(text: str) -> float | None:
        if empty and not text:
            return None
        try:
            found = float(text)
        except ValueError:
            found = math.nan
        if not math.isfinite(found) or found < low or (above and found == low):
            raise ValueError(f"{text!r} is not {wanted}")
        return found

    return read


def one_of(allowed: Iterable[str]) -> Cell:
    """One of a few words."""
    known = tuple(allowed)

    def read(text: str) -> str:
        if text not in known:
            listed = ", ".join(word or "nothing" for word in known)
            hint = did_you_mean(text, known) or f"; write one of {listed}"
            raise ValueError(f"{text!r} is not known{hint}")
        return text

    return read


def pattern(form: str, wanted: str) -> Cell:
    """Words of one form, a regular expression; `wanted` names it."""

    def read(text: str) -> str:
        if not re.fullmatch(form, text):
            raise ValueError(f"{text!r} is not {wanted}")
        return text

    return read


def day(text: str) -> date | None:
    """An ISO date, or None where the cell is empty."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a date such as 2024-04-01") from None


def text_of(folder: Path, name: str) -> tuple[str, str]:
    """The text of a regular file inside `folder`, and how messages call the file.

    Raises
    ------
    Faults
        It is missing, lies outside the folder, or is not UTF-8.
    """
    folder = folder.resolve()
    shown = f"{folder.name}/{name}"
    path = (folder / name).resolve()
    if not path.is_relative_to(folder) or not path.is_file():
        raise Faults.one("not a regular file in this folder", "", Mark(shown, 1, 1))
    try:
        return path.read_text(encoding="utf-8"), shown
    except UnicodeDecodeError as error:
        raise Faults.one(f"not UTF-8: {error.reason}", "", Mark(shown, 1, 1)) from error


def read_table(
    folder: Path, name: str, columns: Mapping[str, Cell], key: tuple[str, ...]
) -> list[Row]:
    """The rows of a CSV file, in its order.

    Parameters
    ----------
    folder : Path
        The geodata folder.
    name : str
        The file in it.
    columns : mapping of str to Cell
        Every column, in the order of the header, and how its cells are read.
    key : tuple of str
        The columns that together name a row; no two rows may have the same.

    Raises
    ------
    Faults
        Another header, a row of another length, cells that cannot be read, a key that stands twice.
    """
    text, shown = text_of(folder, name)
    reader = csv.DictReader(io.StringIO(text, newline=""))
    faults: list[Fault] = []
    found: dict[tuple[str, ...], Row] = {}
    try:
        if tuple(reader.fieldnames or ()) != tuple(columns):
            message = f"the columns must be {','.join(columns)}"
            raise Faults.one(message, "", Mark(shown, 1, 1))
        for raw in reader:
            mark = Mark(shown, reader.line_num, 1)
            row = _row(raw, columns, key, mark, faults)
            if row is None:
                continue
            its = tuple(raw[column] for column in key)
            if its in found:
                message = "this id stands twice; rename or drop one"
                faults.append(Fault(mark, " ".join(its), message))
            found[its] = row
    except csv.Error as error:
        raise Faults.one(f"not CSV: {error}", "", Mark(shown, reader.line_num, 1)) from error
    if faults:
        raise Faults(faults)
    return list(found.values())


def _row(
    raw: dict[Any, Any],
    columns: Mapping[str, Cell],
    key: tuple[str, ...],
    mark: Mark,
    faults: list[Fault],
) -> Row | None:
    """One row read, or None after noting its faults."""
    name = " ".join(str(raw[column]) for column in key)
    if None in raw or None in raw.values():
        faults.append(Fault(mark, name, f"write {len(columns)} cells"))
        return None
    values, before = {}, len(faults)
    for column, read in columns.items():
        try:
            values[column] = read(raw[column])
        except ValueError as error:
            faults.append(Fault(mark, f"{name}.{column}", str(error)))
    return Row(values, mark) if len(faults) == before else None

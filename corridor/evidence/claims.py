"""Evidence room: the register of claims and their sources, read from two CSV files.

A claim is one printed or derived figure. It is never overwritten: a wrong one stays in its row,
rejected, with the reason and the claim that takes its place. Read with the csv module alone, so
that ``corridor sources`` starts at once.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache
from pathlib import Path

from corridor.evidence.rows import read_rows
from corridor.evidence.vocabulary import STATUS, UNITS, VOCABULARY
from corridor.faults import Fault, Faults, Mark, did_you_mean
from corridor.library import Stamp, share, stamp

__all__ = ["Claim", "Source", "claim_marks", "load_claims", "load_sources"]

_LISTS = ("source", "derived_from", "superseded_by", "conflict")
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


@dataclass(frozen=True)
class Source:
    """Where claims were read: who published what, when, and at which address."""

    source: str
    publisher: str
    subject: str
    date: str
    address: str
    kind: str
    reliability: str
    note: str


@dataclass(frozen=True)
class Claim:
    """One figure as it was printed or derived, what it counts, and how far it is believed.

    Parameters
    ----------
    claim : str
        Stable id. ``KJ-30`` is the main figure of a fact, ``KJ-30b`` the next one.
    value, unit : str
        The figure in a unit of `UNITS`; an ISO date, or words, for ``date`` and ``text``.
    raw_value, raw_unit : str
        The figure as printed: the first thing to look at when a magnitude is doubted.
    series : str
        Who counted: three vehicle series exist at these ports and are never mixed.
    place, to_place : str
        Where it was counted; for a length the places at its two ends (ids of ``places.csv``), the
        second left empty when an end is none of them.
    period_from, period_to : date or None
        First and last day counted; None where the period is open.
    status, reason : str
        accepted, rejected, superseded or contested; all but the first say why.
    adjudicated_value : str
        What stands in its place: a number, a range ``a..b``, or words.
    fit : str
        ``never``: kept to compare with afterwards, no input may be fitted to it.
    """

    claim: str
    subject: str
    measure: str
    value: str
    unit: str
    low: float | None
    high: float | None
    raw_value: str
    raw_unit: str
    definition: str
    series: str
    flow: str
    place: str
    to_place: str
    partner: str
    period_from: date | None
    period_to: date | None
    source: tuple[str, ...]
    status: str
    reason: str
    adjudicated_value: str
    derived_from: tuple[str, ...]
    superseded_by: tuple[str, ...]
    conflict: tuple[str, ...]
    confidence: str
    fit: str

    @property
    def number(self) -> float | None:
        """The value as a number; None for dates and words."""
        return None if self.unit in ("date", "text") else float(self.value)

    @property
    def span(self) -> tuple[float, float] | None:
        """Lowest and highest value the claim allows; None for dates and words."""
        if self.number is None:
            return None
        low = self.number if self.low is None else self.low
        return low, self.number if self.high is None else self.high


def load_sources(folder: Path | None = None) -> dict[str, Source]:
    """The sources by id, in file order.

    Parameters
    ----------
    folder : Path, optional
        Where ``sources.csv`` lies; the bundled geodata when left out.

    Raises
    ------
    Faults
        Every malformed row, with file, line and column.

    Examples
    --------
    >>> load_sources()["003"].publisher
    'Nikkei Asia'
    """
    columns = tuple(field.name for field in fields(Source))
    rows, faults = read_rows((folder or share("geodata")) / "sources.csv", columns)
    for row, at in rows:
        faults += [Fault(at(column), row["source"], text) for column, text in _foreign(row)]
    if faults:
        raise Faults(faults)
    return {row["source"]: Source(**row) for row, _ in rows}


def load_claims(folder: Path | None = None) -> dict[str, Claim]:
    """The claims by id, in file order, each checked against the others and the sources.

    Parameters
    ----------
    folder : Path, optional
        Where ``claims.csv`` and ``sources.csv`` lie; the bundled geodata when left out.

    Raises
    ------
    Faults
        Every malformed row, with file, line and column: an id that stands twice, a number that is
        none, an unknown status, unit, source or claim, a verdict without its reason.

    Examples
    --------
    >>> claim = load_claims()["003-01"]
    >>> claim.raw_value, claim.raw_unit, claim.status
    ('409.2', 'bn USD', 'rejected')
    """
    folder = folder or share("geodata")
    return dict(_claims(folder, stamp(folder / "claims.csv", folder / "sources.csv")))


def claim_marks(folder: Path | None = None) -> dict[str, Callable[[str], Mark]]:
    """Where each claim stands in ``claims.csv``: from a column to the mark of its cell.

    Raises
    ------
    Faults
        A file that is missing or not UTF-8.

    Examples
    --------
    >>> claim_marks()["000-01"]("value")
    Mark(file='geodata/claims.csv', line=2, column=76)
    """
    columns = tuple(field.name for field in fields(Claim))
    rows, _ = read_rows((folder or share("geodata")) / "claims.csv", columns)
    return {row["claim"]: at for row, at in rows}


@lru_cache(maxsize=2)
def _claims(folder: Path, _: Stamp) -> dict[str, Claim]:
    """The register as the files are now: a study asks for it many times."""
    sources = load_sources(folder)
    columns = tuple(field.name for field in fields(Claim))
    rows, faults = read_rows(folder / "claims.csv", columns)
    names = {row["claim"] for row, _ in rows}
    for row, at in rows:
        found = [*_foreign(row), *_misread(row), *_unknown(row, names, sources)]
        found += _silent(row)
        faults += [Fault(at(column), row["claim"], text) for column, text in found]
    if faults:
        raise Faults(faults)
    return {row["claim"]: _claim(row) for row, _ in rows}


def _claim(row: Mapping[str, str]) -> Claim:
    cells: dict[str, object] = dict(row)
    for name in _LISTS:
        cells[name] = _ids(row[name])
    for name in ("low", "high"):
        cells[name] = float(row[name]) if row[name] else None
    for name in ("period_from", "period_to"):
        cells[name] = date.fromisoformat(row[name]) if row[name] else None
    return Claim(**cells)  # type: ignore[arg-type]


def _ids(cell: str) -> tuple[str, ...]:
    return tuple(cell.split(";")) if cell else ()


def _foreign(row: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Words outside their vocabulary."""
    for name, allowed in VOCABULARY.items():
        word = row.get(name, "")
        if name in row and word not in allowed:
            listed = ", ".join(each for each in allowed if each)
            yield name, f"unknown {name} '{word}'{did_you_mean(word, allowed)}: one of {listed}"


def _misread(row: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Numbers and dates that are none, and spans that do not hold their value."""
    numeric = row["unit"] in UNITS and row["unit"] not in ("date", "text")
    words = [("value", row["value"])] if numeric else []
    words += [(name, row[name]) for name in ("low", "high") if row[name]]
    if numeric and row["adjudicated_value"]:
        words += [("adjudicated_value", each) for each in row["adjudicated_value"].split("..")]
    wrong = [(name, word) for name, word in words if not _is_number(word)]
    yield from ((name, f"'{word}' is not a number: write it in {row['unit']}, digits and a"
                       " decimal point") for name, word in wrong)  # fmt: skip
    if numeric and not wrong:
        low, value, high = (float(row[name] or row["value"]) for name in ("low", "value", "high"))
        if not low <= value <= high:
            yield "value", f"{row['value']} is outside its own range {low:g} to {high:g}"
    if row["unit"] == "date" and not _DATE.fullmatch(row["value"]):
        yield "value", f"'{row['value']}' is not a date: write 2024, 2024-12 or 2024-12-01"
    yield from _misdated(row)


def _misdated(row: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Period ends that are no days, or stand the wrong way round."""
    days = []
    for name in ("period_from", "period_to"):
        try:
            days += [date.fromisoformat(row[name])] if row[name] else []
        except ValueError:
            yield name, f"'{row[name]}' is not a day: write it like 2024-12-01"
    if len(days) == 2 and days[0] > days[1]:
        yield "period_to", f"{row['period_to']} is before {row['period_from']}"


def _is_number(word: str) -> bool:
    try:
        return math.isfinite(float(word)) and "_" not in word
    except ValueError:
        return False


def _unknown(
    row: Mapping[str, str], claims: Collection[str], sources: Collection[str]
) -> Iterator[tuple[str, str]]:
    """References that lead nowhere."""
    for name, known, what in (
        ("source", sources, "source"), ("derived_from", claims, "claim"),
        ("superseded_by", claims, "claim"),
    ):  # fmt: skip
        for each in _ids(row[name]):
            if each not in known:
                yield name, f"unknown {what} '{each}'{did_you_mean(each, known)}"
            elif name != "source" and each == row["claim"]:
                yield name, f"'{each}' leads back to itself"


def _silent(row: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """A verdict without its reason, a length with one end, a figure with nothing behind it."""
    if row["to_place"] and row["to_place"] == row["place"]:
        yield "to_place", f"'{row['place']}' stands at both ends: name two places"
    if row["to_place"] and not row["place"]:
        yield "place", "is empty: a length from nowhere; name the place it begins at"
    if row["status"] in STATUS[1:] and not row["reason"]:
        yield "reason", f"is empty: say why the claim is {row['status']}"
    if not (row["source"] or row["derived_from"] or row["reason"]):
        yield "source", "is empty: name a source, the claims it derives from, or the reason"

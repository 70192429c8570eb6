"""Report room: every input with its papers, and every claim beside its rivals."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from corridor.report.numbers import count, interval, typed, unit_words
from corridor.report.terms import term

__all__ = ["Claim", "Conflict", "Input", "anchors", "conflicts", "inputs", "tally", "uncontested"]

_WEB = re.compile(r"""https?://[A-Za-z0-9][^\s"<>\\{}^|]*""", re.ASCII)
_EVIDENCE = {"cited": "cited", "derived": "derived", "assumed": "assumed", "none": "no papers"}


@dataclass(frozen=True)
class Input:
    """One input: its values by scenario (one if they agree), range, distribution and papers."""

    title: str
    path: str
    values: tuple[str, ...]
    unit: str
    range: str
    distribution: str
    evidence: str
    mark: str
    claim: str
    anchor: str
    why: str
    differs: bool


@dataclass(frozen=True)
class Claim:
    """One claim as the register has it; `href` is empty unless the address is a web address."""

    anchor: str
    claim: str
    subject: str
    value: str
    period: str
    source: str
    publisher: str
    address: str
    host: str
    href: str
    status: str
    reason: str
    used: bool
    printed: str = ""
    series: str = ""
    measure: str = ""
    instead: str = ""
    move: str = ""
    """How far the answer moves with it, or why it is no input's value."""


@dataclass(frozen=True)
class Conflict:
    """Claims that cannot all be right, the used one first."""

    name: str
    subject: str
    claims: tuple[Claim, ...]

    @property
    def used(self) -> str:
        """What the model uses, in few words; empty if no claim of the conflict is used."""
        return "; ".join(dict.fromkeys(c.value for c in self.claims if c.used))


def anchors(record: Mapping[str, Any]) -> dict[str, str]:
    """The page anchor of each claim; numbered, so that no claim's name can become markup."""
    return {str(c["claim"]): f"claim-{i + 1}" for i, c in enumerate(record["claims"])}


def inputs(record: Mapping[str, Any]) -> list[Input]:
    """Every input once; where scenarios differ, a value for each, and those inputs first."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in record["inputs"]:
        found.setdefault(str(row["path"]), []).append(row)
    where = anchors(record)
    order = [str(s["name"]) for s in record["scenarios"]]
    made = [_input(rows, order, where) for rows in found.values()]
    return sorted(made, key=lambda i: not i.differs)


def tally(found: Sequence[Input]) -> str:
    """How well papered the inputs are, in one sentence.

    >>> tally([])
    'No inputs are on record.'
    """
    if not found:
        return "No inputs are on record."
    kinds = {kind: sum(i.mark == kind for i in found) for kind in _EVIDENCE}
    parts = [
        f"{kinds[k]:,} {w}"
        for k, w in (
            ("cited", "cited from a source"),
            ("derived", "derived from cited figures"),
            ("assumed", "assumed, with the reason"),
            ("none", "without papers"),
        )
        if kinds[k]
    ]
    return f"Of {count(len(found), 'input')}, " + ", ".join(parts) + "."


def conflicts(record: Mapping[str, Any]) -> list[Conflict]:
    """The claims that contradict each other, side by side."""
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for row in record["claims"]:
        if row["conflict"]:
            groups.setdefault(str(row["conflict"]), []).append(row)
    where = anchors(record)
    return [
        Conflict(
            name,
            str(rows[0]["subject"]),
            tuple(
                replace(_claim(row, where), move=_move(row, rows, record))
                for row in sorted(rows, key=lambda row: not row["used"])
            ),
        )
        for name, rows in groups.items()
    ]


def _move(row: Mapping[str, Any], group: Sequence[Mapping[str, Any]], record: Any) -> str:
    """How far the answer moves with a rival, if that was run; or why it is no input's value."""
    trials = [each for each in record.get("rivals", ()) if each["rival"] == row["claim"]]
    tried = max(trials, key=lambda each: len(each["moves"]), default=None)
    if tried and tried["moves"]:
        return "; ".join(_moves(tried)) + (f" ({tried['why']})" if tried["why"] else "")
    if trials and not row["used"]:
        return str(_nearest(row, group, trials)["why"])
    if row["used"] or "number" not in row:  # of a record older than the column
        return ""
    if row["number"] is None:
        return "words or a date: no number to put in its place"
    rows = [each for each in group if each["used"] and each.get("measure") == row["measure"]]
    if not rows:
        return "counts something else than the claim in use"
    if any(each["number"] == row["number"] for each in rows):
        return "says the same"
    inputs = {claim for each in record["inputs"] for claim in str(each["claim"] or "").split()}
    used = [str(each["claim"]) for each in rows if each["claim"] in inputs]
    names = " ".join(f"--against {s['name']}" for s in record["scenarios"][:2])
    if used or str(row["measure"]).startswith("distance"):  # lengths are inputs of the links
        return f"to see: corridor sources {row['claim']} {names}"
    return "not an input: the claim in use is a target, or a regime's paper"


def _nearest(
    row: Mapping[str, Any], group: Sequence[Mapping[str, Any]], trials: Sequence[Mapping[str, Any]]
) -> Mapping[str, Any]:
    """The trial against the used claim that counts what the row counts; else the first.

    A claim is a rival of every other of its conflict, of tonnes as of vehicles.
    """
    alike = {each["claim"] for each in group if _kind(each) == _kind(row)}
    return next((each for each in trials if each.get("used") in alike), trials[0])


def _kind(row: Mapping[str, Any]) -> tuple[str, str]:
    """Measure and unit of a card, whose unit may have its scale before it, as ``m t``."""
    return str(row.get("measure")), str(row.get("unit") or "").rpartition(" ")[2]


def _moves(trial: Mapping[str, Any]) -> Iterator[str]:
    """What was found by running the scenarios again with the rival."""
    for move in trial["moves"]:
        still = move["moves"] == move["low"] == move["high"] == 0
        words = interval(move["moves"], move["low"], move["high"], move["unit"], signed=True)
        yield f"{term(move['metric']).name} {'does not move' if still else words}"


def uncontested(record: Mapping[str, Any]) -> list[Claim]:
    """The used claims that no other claim contradicts."""
    where = anchors(record)
    return [_claim(row, where) for row in record["claims"] if not row["conflict"]]


def _input(
    rows: Sequence[Mapping[str, Any]], order: Sequence[str], where: Mapping[str, str]
) -> Input:
    rows = sorted(rows, key=lambda r: order.index(r["scenario"]) if r["scenario"] in order else 0)
    first = rows[0]
    unit = "" if first["unit"] in (None, "count", "number") else str(first["unit"])
    values = [_value(r["value"], unit) for r in rows]
    differs = len(set(values)) > 1
    low, high = first["low"], first["high"]
    spread = (
        ""
        if low in (None, "") or high in (None, "")
        else f"{_value(low, unit)} to {_value(high, unit)}"
    )
    # Where scenarios differ, the last one's papers count: they are those of the change.
    papers = rows[-1] if differs else first
    mark = str(papers["evidence"] or "none")
    claim = str(papers["claim"] or "")
    return Input(
        title=_title(str(first["title"] or first["path"]), str(first["path"])),
        path=str(first["path"]),
        values=tuple(values) if differs else (values[0],),
        unit="" if unit == "share" or values[0].endswith(unit) else unit_words(unit),
        range=spread,
        distribution=str(first["distribution"] or ""),
        evidence=_EVIDENCE.get(mark, mark),
        mark=mark if mark in _EVIDENCE else "none",
        claim=claim,
        anchor=where.get(claim, ""),
        why=str(papers["why"] or ""),
        differs=differs,
    )


def _title(title: str, path: str) -> str:
    """A title that only spells the path is shortened to what tells inputs apart."""
    parts = [p.replace("_", " ") for p in path.split(".")]
    if title.replace(",", "") != " ".join(parts):
        return title
    return ", ".join(p for p in parts if p not in ("ports", "posts", "stations", "flows"))


def _value(value: Any, unit: str) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return typed(float(value), unit if unit == "share" else "")
    if isinstance(value, list | tuple):
        return ", ".join(_value(v, unit) for v in value)
    if isinstance(value, dict):
        return ", ".join(f"{k} {_value(v, unit)}" for k, v in value.items())
    return "none" if value is None else str(value)


def _claim(row: Mapping[str, Any], where: Mapping[str, str]) -> Claim:
    address = str(row["address"] or "")
    value = " ".join(str(row[k]) for k in ("value", "unit") if row[k] not in (None, ""))
    return Claim(
        anchor=where[str(row["claim"])],
        claim=str(row["claim"]),
        subject=str(row["subject"]),
        value=value,
        period=str(row["period"] or ""),
        source=str(row["source"] or ""),
        publisher=str(row["publisher"] or ""),
        address=address,
        href=_link(address),
        host=_host(address),
        status=str(row["status"] or ""),
        reason=str(row["reason"] or ""),
        used=bool(row["used"]),
        printed=str(row.get("printed") or value),
        series=str(row.get("series") or ""),
        measure=str(row.get("measure") or ""),
        instead=str(row.get("instead") or ""),
    )


def _link(address: str) -> str:
    """`address` if it is a plain web address, else nothing: no other scheme becomes a link.

    >>> _link("https://example.org/a_(b)"), _link("javascript:alert(1)"), _link("seed file 001")
    ('https://example.org/a_%28b%29', '', '')
    """
    plain = "".join(f"%{ord(c):02X}" if c in "()'`" else c for c in address)
    return plain if _WEB.fullmatch(plain) else ""


def _host(address: str) -> str:
    """The host of a web address without its ``www.``, as the short form of a link.

    >>> _host("https://www.example.org/a?b")
    'example.org'
    """
    return _link(address).partition("//")[2].partition("/")[0].removeprefix("www.")

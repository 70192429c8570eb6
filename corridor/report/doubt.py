"""Report room: on what assumption the answer leans most, said beside the answer."""

from __future__ import annotations

import re
from typing import Any

from corridor.report.numbers import missing, number
from corridor.report.words import labels, main_port
from corridor.results import Results

__all__ = ["change_words", "doubt"]

_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
           "October", "November", "December")  # fmt: skip


def doubt(results: Results) -> str:
    """What the change in cargo consists of, when that is not plainly the regime's doing; or ''.

    Cargo is conserved, so a change in what passed is a change in what was lost to a closed season
    (a share that is assumed), or in what waits at the start and on the last day (a matter of where
    the period is cut). Sensitivity to other inputs is a section of its own.
    """
    table, record = results.differences, results.record
    if table is None or len(record["scenarios"]) != 2:
        return ""
    rows = table[(table["place"] == main_port(record)) & (table["class"] == "all")]
    change = {r["metric"]: float(r["difference"]) for r in rows.to_dict("records")}
    parts = [change.get(f"{m}_tonnes", 0.0) for m in ("lost", "start", "unserved")]
    gain = change.get("tonnes", 0.0)
    if not gain or any(missing(x) for x in (gain, *parts)):
        return ""
    lost, waiting = -parts[0], parts[1] - parts[2]
    if lost / gain > 0.25 and lost / gain >= waiting / gain:
        return _lost(record, lost, lost / gain)
    if waiting / gain > 0.25:
        return _waiting(record, waiting, waiting / gain)
    return ""


def _much(part: float) -> str:
    return "Nearly all of the difference" if part > 0.8 else "A good part of the difference"


def _lost(record: dict[str, Any], tonnes: float, part: float) -> str:
    share = _lost_share(record)
    if share is None:
        return ""
    side = labels(record)[record["scenarios"][0 if tonnes > 0 else 1]["name"]]
    span = f", {share['low']} to {share['high']}" if share["low"] else ""
    return (
        f"{_much(part)} ({number(abs(tonnes), 't')}) is cargo that “{side}” is assumed to lose:"
        f" {share['value']} of what becomes ready while the port is closed ({share['evidence']}"
        f"{span}). The answer moves with that share."
    )


def _waiting(record: dict[str, Any], tonnes: float, part: float) -> str:
    side = labels(record)[record["scenarios"][0 if tonnes > 0 else 1]["name"]]
    amount = number(abs(tonnes), "t")
    return (
        f"{_much(part)} ({amount}) is cargo that still waits on the last day under “{side}”; none"
        " of it is lost. It depends on where the period ends and on which days the port is closed;"
        " the time to clear says more."
    )


def _lost_share(record: dict[str, Any]) -> dict[str, Any] | None:
    """The input that says which share of a laden flow a closed season loses."""
    for row in record["inputs"]:
        if row["path"].endswith(".closed_season.lost") and "laden" in row["path"]:
            return dict(row)
    return None


def change_words(word: str) -> str:
    """One change of a regime for reading: no file keys, dates spelt out, an arrow.

    >>> change_words("ports.khunjerab.season.closed 12-01..03-31 -> none")
    'season, closed: 1 December to 31 March → none'
    >>> change_words("ports.p.posts.sost.stations.documents.lanes 3 -> 6")
    'sost, documents, lanes: 3 → 6'
    """
    path, _, rest = word.partition(" ")
    if " -> " not in rest or not re.fullmatch(r"[\w.-]+", path):
        return word  # a text that is not ours to reword
    parts = path.split(".")
    if parts[:1] == ["ports"]:
        parts = [p for p in parts[2:] if p not in ("posts", "stations")]
    told = re.sub(r"(\d\d)-(\d\d)\.\.(\d\d)-(\d\d)", _span, rest.replace(" -> ", " → "))
    told = re.sub(r"[{}\[\]]", "", told.replace("[]", "none"))
    return f"{', '.join(p.replace('_', ' ') for p in parts)}: {told}"


def _span(found: re.Match[str]) -> str:
    a, b, c, d = map(int, found.groups())
    return f"{b} {_MONTHS[(a - 1) % 12]} to {d} {_MONTHS[(c - 1) % 12]}"

"""Report room: what was counted beside what the model says, and the words for a miss."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corridor.report.evidence import anchors
from corridor.report.numbers import interval, missing, number, typed
from corridor.report.words import labels

if TYPE_CHECKING:
    from corridor.results import Results

__all__ = ["Target", "targets"]


@dataclass(frozen=True)
class Target:
    """One observation: counted, predicted, where it lies, and its paper."""

    title: str
    unit: str
    regime: str
    observed: str
    predicted: str
    verdict: str
    inside: bool
    claim: str
    anchor: str
    miss: str


def targets(results: Results, role: str) -> list[Target]:
    """The observations of one role, ``fitted`` or ``held_out``, in the order of the table."""
    where, names = anchors(results.record), labels(results.record)
    table = results.targets
    return [_target(row, names, where) for row in table[table["role"] == role].to_dict("records")]


def _target(row: Mapping[Any, Any], names: Mapping[str, str], where: Mapping[str, str]) -> Target:
    unit, claim = str(row["unit"]), str(row["claim"] or "")
    share = "share" if unit == "share" else ""
    regime = names.get(row["scenario"], str(row["scenario"]))
    seen = "count" if unit in ("vehicles", "t", "TEU", "trains") else "observed value"
    return Target(
        title=str(row["title"]),
        unit="" if share else unit,
        regime=regime,
        observed=typed(row["observed"], share),
        predicted=interval(row["mean"], row["low"], row["high"], share),
        verdict=_verdict(row),
        inside=bool(row["inside"]),
        claim=claim,
        anchor=where.get(claim, ""),
        miss=f"under “{regime}” the model predicts {number(row['low'], share)} to "
        f"{number(row['high'], unit)}; the {seen} was {typed(row['observed'], share)}: outside.",
    )


def _verdict(row: Mapping[Any, Any]) -> str:
    if bool(row["inside"]):
        return "inside"
    if missing(row["low"]) or missing(row["high"]):
        return "no interval"
    return "outside: model too high" if row["low"] > row["observed"] else "outside: model too low"

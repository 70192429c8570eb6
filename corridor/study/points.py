"""The study room: what stands at one point (port, terminal, place, incident) held by claims."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from corridor import evidence
from corridor.evidence.held import Stated, disagrees, misdated, unsaid
from corridor.geodata.hours import parts

__all__ = ["Register", "Row", "judged", "of_incident", "of_place", "of_port", "of_terminal"]

Register = Mapping[str, evidence.Claim]
Row = Mapping[str, str]

_YEAR_ROUND = ("year-round", "all year")
_DAYS = {
    "daily": ("7-day", "7 days", "24 h a day", "every day", "daily"),
    "weekdays": ("Monday to Friday",),
    "Monday to Saturday": ("Monday to Saturday",),
}
_ALL_DAY = ("24-hour", "24 h a day", "round the clock")


def judged(register: Register, *figures: Stated) -> Iterator[str]:
    """Doubts of figures that are given; a cell that is no number has its own fault."""
    for stated in figures:
        if re.fullmatch(r"-?\d+(\.\d*)?(e[+-]?\d+)?", stated.text) and (
            text := disagrees(register, stated)
        ):
            yield f"{text} (check cited_values)"


def of_terminal(register: Register, row: Row) -> Iterator[str]:
    """Hours and price of a change of mode or gauge, or of a wait at a border."""
    claims, mark = tuple(row["claim"].split()), row["evidence"]
    yield from judged(
        register,
        Stated("hours", row["hours"], "h", mark, claims),
        Stated("hours_low", row["hours_low"], "h", mark, claims, end=True),
        Stated("hours_high", row["hours_high"], "h", mark, claims, end=True),
        Stated("usd_per_teu", row["usd_per_teu"], "USD", row["usd_evidence"], claims),
    )


def of_port(register: Register, row: Row) -> Iterator[str]:
    """Height and gauges; season and hours where they are cited: derived ones say how in why."""
    claims, mark = tuple(row["claim"].split()), row["evidence"]
    height = Stated("elevation_m", row["elevation_m"], "m", mark, claims, "altitude", row["place"])
    yield from judged(register, height)
    for column in ("gauge_mm", "gauge_across_mm"):
        text = row[column]
        if text.isdigit() and mark != "assumed" and unsaid(register, claims, (f"{int(text):,}",)):
            yield f"{column} is {int(text):,} mm, but no claim says so (check cited_values)"
    try:
        days, spans, _ = parts(row["hours"]) if row["hours"] else ("", [], "")
    except ValueError as error:
        yield f"hours: {error}"
        return
    if mark != "cited":
        return
    ends = (_YEAR_ROUND,) if row["season"] == "all year" else _each(row["season"], " to ")
    if row["season"] and unsaid(register, claims, *ends):
        yield f"season is {row['season']}, but no claim says so (check cited_values)"
    clock = (_ALL_DAY if span == "00:00-24:00" else (span,) for span in spans)
    if days and unsaid(register, claims, _DAYS[days], *clock):
        yield f"hours is {row['hours']}, but no claim says so (check cited_values)"


def _each(text: str, between: str) -> tuple[tuple[str], ...]:
    return tuple((part,) for part in text.split(between))


def of_place(register: Register, row: Row) -> Iterator[str]:
    """A place names no claim: its height is that of one on record for it, or near to one."""
    known = [c for c in register.values() if (c.measure, c.place) == ("altitude", row["place"])]
    names = tuple(c.claim for c in known if c.status == "accepted")
    height = Stated("elevation_m", row["elevation_m"], "m", "derived", names)
    yield from judged(register, height)


def of_incident(register: Register, row: Row) -> Iterator[str]:
    """Days that it closed a road, and the dates."""
    claims, mark = tuple(row["claim"].split()), row["evidence"]
    ends = {column: Stated(column, row[column], "days", mark, claims, end=column != "closed_days")
            for column in ("closed_days", "closed_days_low", "closed_days_high")}  # fmt: skip
    yield from judged(register, *ends.values())
    if mark != "assumed":
        try:
            said = misdated(register, row["from"], row["to"], claims)
        except ValueError:  # no day: a fault of its own
            return
        yield from (f"{text} (check cited_values)" for text in said)

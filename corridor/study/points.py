"""The study room: what stands at one point (port, terminal, place, incident) held by claims."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from corridor import evidence
from corridor.evidence.counts import counted, days, stands
from corridor.evidence.held import Stated, disagrees, misdated, unsaid
from corridor.evidence.words import figure, when
from corridor.geodata.hours import parts
from corridor.geodata.seasons import is_open_on

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
_CLOCKS = {
    "Asia/Shanghai": ("Beijing",),
    "Asia/Almaty": ("Kazakh time",),
    "Asia/Bishkek": ("Kyrgyz time", "Bishkek time"),
    "Asia/Dushanbe": ("Tajik time", "Dushanbe time"),
    "Asia/Karachi": ("Pakistani time", "Pakistan time"),
}
"""Words by which a claim names the clock of a zone."""
_DAY = date(2026, 1, 1)  # since March 2024 all of Kazakhstan is five hours ahead of Greenwich


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
    """Height, gauges and codes; season and hours, by what the row's mark promises of them."""
    claims, mark = tuple(row["claim"].split()), row["evidence"]
    height = Stated("elevation_m", row["elevation_m"], "m", mark, claims, "altitude", row["place"])
    yield from judged(register, height)
    for column in ("gauge_mm", "gauge_across_mm"):
        text = row[column]
        if text.isdigit() and mark != "assumed" and unsaid(register, claims, (f"{int(text):,}",)):
            yield f"{column} is {int(text):,} mm, but no claim says so (check cited_values)"
    known = [register[name] for name in claims if name in register]
    codes = [claim.value for claim in known if claim.measure == "UN/LOCODE"]
    for column in ("unlocode", "unlocode_across"):
        if row[column] and row[column] not in codes:
            yield f"{column} is {row[column]}, but no claim says so (check cited_values)"
    yield from _season(register, row, claims)
    try:
        yield from _opening(register, row, claims)
    except ValueError as error:
        yield f"hours: {error}"


def _season(register: Register, row: Row, claims: tuple[str, ...]) -> Iterator[str]:
    """The ends of a span are said by the claims, and nothing was counted while it is shut.

    That a port is open all year may be derived: from no season being named, or from winter's work.
    """
    season = row["season"]
    spanned = season not in ("", "all year")
    ends = (_YEAR_ROUND,) if season == "all year" else _each(season, " to ")
    if (spanned or (season and row["evidence"] == "cited")) and unsaid(register, claims, *ends):
        yield f"season is {season}, but no claim says so (check cited_values)"
    if spanned:
        at = (row["port"], row["place"], row["across"])
        seen = [flow for flow in passed_while_shut(register, season) if flow.place in at]
        if seen:
            said = ", ".join(f"{figure(c)} in {when(c)} ({c.claim})" for c in seen[:3])
            yield f"season is {season}, but then passed {said} (check calendar_and_flow)"


def _opening(register: Register, row: Row, claims: tuple[str, ...]) -> Iterator[str]:
    """Days and hours that the claims say, on the clock on which they say them.

    A derived hour may be one that they say on another clock; derived days are not said by them,
    but then no others may be.
    """
    on, spans, zone = parts(row["hours"]) if row["hours"] else ("", [], "")
    mark = row["evidence"]
    said = [each for each in _DAYS if not unsaid(register, claims, _DAYS[each])]
    strange = bool(on) and on not in said and (mark == "cited" or bool(said))
    wanted: list[tuple[str, ...]] = []
    clocks = [each for each in _CLOCKS if not unsaid(register, claims, _CLOCKS[each])]
    for span in spans:
        if span == "00:00-24:00":
            wanted.append(_ALL_DAY)
        elif mark == "cited":
            wanted.append((span,))
        elif mark == "derived":
            wanted += [_elsewhere(end, zone, clocks) for end in span.split("-")]
    if strange or unsaid(register, claims, *wanted):
        yield f"hours is {row['hours']}, but no claim says so (check cited_values)"
    for name in claims:
        own = [each for each in clocks if not unsaid(register, (name,), _CLOCKS[each])]
        if own and zone not in own and any(not unsaid(register, (name,), (s,)) for s in spans):
            clock = f"{name} has them on the clock of {own[0]}"
            yield f"hours is {row['hours']}, but {clock} (check cited_values)"


def _elsewhere(end: str, zone: str, others: list[str]) -> tuple[str, ...]:
    """An hour of one clock as the clocks of other zones show it; none of them changes for summer.

    >>> _elsewhere("10:00", "Asia/Shanghai", ["Asia/Almaty"])
    ('10:00', '07:00')
    """
    if end == "24:00":
        return (end,)
    here = datetime.combine(_DAY, time.fromisoformat(end), ZoneInfo(zone))
    shown = (f"{here.astimezone(ZoneInfo(each)):%H:%M}" for each in others)
    return tuple(dict.fromkeys((end, *shown)))


def passed_while_shut(register: Register, season: str) -> list[evidence.Claim]:
    """Counts that stand of which every day lies outside a season such as ``1 May to 31 October``.

    Those within a special opening of their place contradict nothing.
    """
    opened = [c for c in register.values() if stands(c) and c.value.startswith("special opening")]
    found = []
    for claim in counted(register):
        first, last = days(claim)
        long = (last - first).days + 1
        shut = long < 366 and not any(
            is_open_on(season, first + timedelta(day)) for day in range(long)
        )
        if shut and stands(claim) and not any(
            each.place == claim.place and days(each)[0] <= first and last <= days(each)[1]
            for each in opened
        ):  # fmt: skip
            found.append(claim)
    return found


def _each(text: str, between: str) -> tuple[tuple[str], ...]:
    return tuple((part,) for part in text.split(between))


def of_place(register: Register, row: Row) -> Iterator[str]:
    """A place names no claim: its height is that of one on record for it, or near to one."""
    known = [c for c in register.values() if (c.measure, c.place) == ("altitude", row["place"])]
    names = tuple(c.claim for c in known if c.status == "accepted")
    height = Stated("elevation_m", row["elevation_m"], "m", "derived", names)
    yield from judged(register, height)


def of_incident(register: Register, row: Row) -> Iterator[str]:
    """Days that it closed a road, the dates, and the numbers in its name."""
    claims, mark = tuple(row["claim"].split()), row["evidence"]
    ends = {column: Stated(column, row[column], "days", mark, claims, end=column != "closed_days")
            for column in ("closed_days", "closed_days_low", "closed_days_high")}  # fmt: skip
    yield from judged(register, *ends.values())
    known = [register[name] for name in claims if name in register]
    told = _digits(" ".join(f"{c.value} {c.subject} {c.definition}" for c in known))
    strange = [each for each in _digits(row["name"]) if each not in told]
    if strange:
        yield f"name has {', '.join(strange)}, which none of its claims says (check cited_values)"
    if mark != "assumed":
        try:
            said = misdated(register, row["from"], row["to"], claims)
        except ValueError:  # no day: a fault of its own
            return
        yield from (f"{text} (check cited_values)" for text in said)


def _digits(text: str) -> list[str]:
    return re.findall(r"\d+", text)

"""The study room: every figure of the layers that claims can be held against, with its line."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from corridor import evidence
from corridor.evidence.held import Stated, disagrees, misdated, unsaid
from corridor.evidence.rates import implied
from corridor.faults import Fault, Mark
from corridor.geodata.hours import parts
from corridor.library import share

__all__ = ["contradictions", "link_marks"]

Register = Mapping[str, evidence.Claim]
Row = Mapping[str, str]

_YEAR_ROUND = ("year-round", "all year")
_DAYS = {
    "daily": ("7-day", "7 days", "24 h a day", "every day", "daily"),
    "weekdays": ("Monday to Friday",),
    "Monday to Saturday": ("Monday to Saturday",),
}
_ALL_DAY = ("24-hour", "24 h a day", "round the clock")
_FAINT = 0.002  # a rate is written with three digits


def contradictions(
    register: Register, links: Iterable[tuple[Mark | None, Mapping[str, Any]]]
) -> list[Fault]:
    """Figures of the layers that are not what the claims of their rows say.

    Parameters
    ----------
    register : mapping
        The claims, from `corridor.evidence.load_claims`.
    links : iterable of (Mark, mapping)
        Every link with the line on which it stands (see `link_marks`).
    """
    found = [
        Fault(mark, str(row["link"]), text)
        for mark, row in links
        for text in _of_link(register, _text(row))
    ]
    tables: dict[str, tuple[int, Callable[[Register, Row], Iterator[str]]]] = {
        "terminals": (3, _of_terminal), "ports": (1, _of_port), "incidents": (1, _of_incident),
        "totals": (3, _of_total), "haulage": (2, _of_rate), "places": (1, _of_place),
    }  # fmt: skip
    for name, (keys, judge) in tables.items():
        for mark, row in _table(name):
            key = " ".join(list(row.values())[:keys]).strip()
            found += [Fault(mark, key, text) for text in judge(register, row)]
    return found


def link_marks(paths: Iterable[Path]) -> dict[str, Mark]:
    """From the id of a link to the line on which its feature begins: one stands on each line."""
    return {
        named[1]: Mark(f"geodata/links/{path.name}", number, 1)
        for path in paths
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if (named := re.search(r'"link"\s*:\s*"([^"]*)"', line))
    }


def _text(row: Mapping[str, Any]) -> Row:
    """Every cell as text, and an empty one for each that is missing: that is another's fault."""
    return defaultdict(str, {k: "" if v is None else str(v) for k, v in row.items()})


def _table(name: str) -> Iterator[tuple[Mark, Row]]:
    with share("geodata", f"{name}.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        for row in reader:
            yield Mark(f"geodata/{name}.csv", reader.line_num, 1), _text(row)


def _judged(register: Register, *figures: Stated) -> Iterator[str]:
    """Doubts of figures that are given; a cell that is no number has its own fault."""
    for stated in figures:
        if re.fullmatch(r"-?\d+(\.\d*)?(e[+-]?\d+)?", stated.text) and (
            text := disagrees(register, stated)
        ):
            yield f"{text} (check cited_values)"


def _of_link(register: Register, row: Row) -> Iterator[str]:
    """Lengths where they are cited; speeds; traffic, which bears no mark: cited or computed."""
    claims = tuple(row["claim"].split())
    if row["evidence"] == "cited":
        yield from _judged(register, Stated("km", row["km"], "km", "cited", claims))
    for column, part in (("speed_kmh", "speed"), ("winter_kmh", "winter")):
        named = tuple(row[f"{part}_claim"].split())
        mark = row[f"{part}_evidence"]
        yield from _judged(register, Stated(column, row[column], "km/h", mark, named))
    traffic = tuple(row["traffic_claim"].split())
    for column, unit in (("traffic_t", "t"), ("traffic_trains", "trains")):
        yield from _judged(register, Stated(column, row[column], unit, "derived", traffic))
    counted = {_period(register[name]) for name in traffic if name in register}
    if counted and row["traffic_period"] not in counted:
        said = ", ".join(sorted(counted))
        yield f"traffic_period is {row['traffic_period']}, but the claims count {said}"


def _period(claim: evidence.Claim) -> str:
    """``2024`` or ``2024-01/2024-10``, as links have it."""
    first, last = f"{claim.period_from}"[:7], f"{claim.period_to}"[:7]
    whole = first[:4] == last[:4] and (first[5:], last[5:]) == ("01", "12")
    return first[:4] if whole else f"{first}/{last}"


def _of_terminal(register: Register, row: Row) -> Iterator[str]:
    claims, mark = tuple(row["claim"].split()), row["evidence"]
    yield from _judged(
        register,
        Stated("hours", row["hours"], "h", mark, claims),
        Stated("hours_low", row["hours_low"], "h", mark, claims, end=True),
        Stated("hours_high", row["hours_high"], "h", mark, claims, end=True),
        Stated("usd_per_teu", row["usd_per_teu"], "USD", row["usd_evidence"], claims),
    )


def _of_port(register: Register, row: Row) -> Iterator[str]:
    """Height and gauges; season and hours where they are cited: derived ones say how in why."""
    claims, mark = tuple(row["claim"].split()), row["evidence"]
    height = Stated("elevation_m", row["elevation_m"], "m", mark, claims, "altitude", row["place"])
    yield from _judged(register, height)
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


def _of_place(register: Register, row: Row) -> Iterator[str]:
    """A place names no claim: its height is that of one on record for it, or near to one."""
    known = [c for c in register.values() if (c.measure, c.place) == ("altitude", row["place"])]
    names = tuple(c.claim for c in known if c.status == "accepted")
    height = Stated("elevation_m", row["elevation_m"], "m", "derived", names)
    yield from _judged(register, height)


def _of_incident(register: Register, row: Row) -> Iterator[str]:
    claims, mark = tuple(row["claim"].split()), row["evidence"]
    ends = {column: Stated(column, row[column], "days", mark, claims, end=column != "closed_days")
            for column in ("closed_days", "closed_days_low", "closed_days_high")}  # fmt: skip
    yield from _judged(register, *ends.values())
    if mark != "assumed":
        try:
            said = misdated(register, row["from"], row["to"], claims)
        except ValueError:  # no day: a fault of its own
            return
        yield from (f"{text} (check cited_values)" for text in said)


def _of_total(register: Register, row: Row) -> Iterator[str]:
    claims = tuple(row["claim"].split())
    yield from _judged(register, Stated("km", row["km"], "km", "cited", claims, "distance"))


def _of_rate(register: Register, row: Row) -> Iterator[str]:
    """A rate that is computed is one that its claims come to; an assumed one is not far off."""
    rates = implied(register, tuple(row["claim"].split()))
    for column in ("usd_per_teu_km", "low", "high"):
        try:
            value = float(row[column])
        except ValueError:  # a fault of its own
            continue
        exact = row["evidence"] != "assumed"
        fits = any(abs(value - rate) <= max(rate * _FAINT, 0.0005) for rate in rates)
        if rates and not (fits if exact else rates[0] / 2 <= value <= rates[-1] * 2):
            least, most = f"{rates[0]:.3g}", f"{rates[-1]:.3g}"
            yield (
                f"{column} is {value:g} USD per TEU-km, but the claims come to"
                f" {least if least == most else f'{least} to {most}'} (check cited_values)"
            )

"""Evidence room: slips of the pen and of the unit: ten-fold, mistyped, mis-dated, mistaken.

Chinese statistics count in units of 10^4 (wan) and 10^8 (yi). Read as thousands and billions, or
one digit off, a figure becomes ten times too large; that is the commonest error of this register.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import combinations

from corridor.evidence.claims import Claim
from corridor.evidence.counts import (
    Doubt,
    counted,
    days,
    earlier,
    origins,
    stands,
    subject,
    window,
)
from corridor.evidence.words import figure, when

__all__ = ["mis_dated", "near_duplicates", "printed_and_kept", "printed_scale", "ten_fold"]

NEAR = timedelta(days=366)
"""Figures of periods that begin within a year of each other should be of one magnitude."""

SEASON = timedelta(days=180)
"""A month may well be ten times another; half a year of the same trade is not."""

SLACK = 0.25  # how far from a whole power of ten, in powers of ten: growth between neighbours
SAME = 0.005  # two figures are one if they differ by less than this share: 40,900 and 41,000 t
EXACT = 3  # significant digits below which figures are alike by being round
ALIKE = 0.002  # two different figures look like one below this share: 283.4 and 283.67 bn

SCALES = {
    "k": 1e3, "wan": 1e4, "万": 1e4, "m": 1e6, "yi": 1e8, "亿": 1e8, "bn": 1e9,
}  # fmt: skip
"""What the first of two words of a printed unit multiplies by, as in ``bn USD``."""

UNITS_PRINTED = {
    ("%", "share"): 0.01, ("Mt", "t"): 1e6, ("kg", "t"): 1e-3, ("m", "km"): 1e-3,
    ("km²", "ha"): 100.0, ("seconds", "min"): 1 / 60, ("万", "count"): 1e4,
}  # fmt: skip
"""Units that are printed, and what makes them the unit that is kept."""

Register = Mapping[str, Claim]


def ten_fold(claims: Register) -> list[Doubt]:
    """Figures that are a power of ten above or below all their neighbours, a day each.

    Neighbours count the same thing, in the same direction, with the same partner, over at least
    `SEASON`, in a period that begins within `NEAR`. Those that derive from the figure say nothing
    about it, and those of the same paper cannot speak for it. Growth does not reach
    ``10 ** (1 - SLACK)``, 5.6 times.
    """
    found = []
    rows = counted(claims)
    for claim in rows:
        near = [p for p in rows if stands(p) and _neighbours(claim, p)]
        near = [p for p in near if claim.claim not in origins(claims, p.claim) and p.number]
        powers = {p.claim: _power(_a_day(claim) / _a_day(p)) for p in near}
        own = _papers(claims, claim)
        near = [p for p in near if powers[p.claim] or not own & _papers(claims, p)]
        if near and len(kinds := {powers[p.claim] for p in near}) == 1 and any(kinds):
            (power,) = kinds
            against = min(near, key=lambda p: abs(days(p)[0] - days(claim)[0]))
            message = (
                f"{figure(claim)} in {when(claim)} is about 10^{power} times what"
                f" {figure(against)} in {when(against)} ({against.claim}) comes to in as many"
                f" days{_reading(claim, power or 0)}"
            )
            found.append(Doubt(claim.claim, "ten_fold", message, (against.claim,)))
    return found


def _neighbours(claim: Claim, other: Claim) -> bool:
    if claim.claim == other.claim or subject(claim) != subject(other):
        return False
    near = abs(days(claim)[0] - days(other)[0]) <= NEAR
    near = near and days(other)[1] - days(other)[0] >= SEASON
    return near and (claim.flow, claim.partner) == (other.flow, other.partner)


def _papers(claims: Register, claim: Claim) -> set[str]:
    """The sources of the claim and of all it derives from."""
    return {source for name in origins(claims, claim.claim) for source in claims[name].source}


def _a_day(claim: Claim) -> float:
    first, last = days(claim)
    return (claim.number or 0.0) / ((last - first).days + 1)


def _power(ratio: float) -> int | None:
    """The power of ten that `ratio` is near; None if it is near none, 0 if it is near one."""
    if ratio <= 0:
        return None
    power = round(math.log10(ratio))
    return power if power == 0 or abs(math.log10(ratio) - power) <= SLACK else None


def _reading(claim: Claim, power: int) -> str:
    """What the printed figure would be if its unit had been one of ten thousand or of 10^8."""
    shown = claim.raw_value.lstrip("<>≤~").split()[-1:]
    if power != 1 or not shown:
        return ""
    right = figure(claim, (claim.number or 0.0) / 10)
    if claim.raw_unit.startswith("bn "):
        return f": {shown[0]} in units of 10^8 (yi), read as billions, would be {right}"
    return f": in units of 10^4 (wan) one digit is soon lost; a tenth would be {right}"


def printed_and_kept(claims: Register) -> list[Doubt]:
    """Values that are not the printed figure times the printed unit.

    ``409.2`` in ``亿 USD`` (10^8) is 40.92 bn; kept as 409.2 bn it is doubted here. Printed ranges
    and words are left alone.
    """
    found = []
    for claim in claims.values():
        scale = printed_scale(claim)
        printed = re.fullmatch(r"(?:[^\d]* )?[<>≤~]?(-?[\d,]+(?:\.\d+)?)", claim.raw_value)
        if claim.number is None or scale is None or printed is None:
            continue
        right = float(printed[1].replace(",", "")) * scale
        if not math.isclose(claim.number, right, rel_tol=1e-5):
            message = (
                f"{claim.raw_value} {claim.raw_unit} is {figure(claim, right)},"
                f" but {figure(claim)} is kept"
            )
            found.append(Doubt(claim.claim, "printed_and_kept", message))
    return found


def printed_scale(claim: Claim) -> float | None:
    """What the printed unit multiplies by; None if it is not one that can be told."""
    head, _, rest = claim.raw_unit.partition(" ")
    if rest and head in SCALES:
        return SCALES[head]
    return 1.0 if claim.raw_unit == claim.unit else UNITS_PRINTED.get((claim.raw_unit, claim.unit))


def mis_dated(claims: Register) -> list[Doubt]:
    """One figure printed for the same months of two years: one of them has the wrong year.

    The doubt is on the one that fewer other figures of its time agree with.
    """
    rows = [claim for claim in counted(claims) if claim.number]
    found = []
    for one, other in combinations(rows, 2):
        if subject(one) == subject(other) and _shifted(one, other) and _close(one, other, SAME):
            doubted, held = sorted(
                (one, other), key=lambda claim: (_support(rows, claim), stands(claim))
            )
            message = (
                f"{figure(doubted)} in {when(doubted)} is what {held.claim} has for {when(held)}:"
                " one of the two has the wrong year"
            )
            found.append(Doubt(doubted.claim, "mis_dated", message, (held.claim,)))
    return found


def _shifted(one: Claim, other: Claim) -> bool:
    """Whether both count the same days of different years."""
    early, late = sorted((one, other), key=days)
    years = days(late)[0].year - days(early)[0].year
    return years > 0 and earlier(late, years) == window(early)


def _support(rows: list[Claim], claim: Claim) -> int:
    """How many other standing claims print this figure for an overlapping time."""
    first, last = days(claim)
    return sum(
        stands(each) and each.claim != claim.claim and subject(each) == subject(claim)
        and _close(each, claim, SAME) and days(each)[0] <= last and first <= days(each)[1]
        for each in rows
    )  # fmt: skip


def near_duplicates(claims: Register) -> list[Doubt]:
    """A caution: two different quantities of one place whose values look like one.

    Total trade of ten months and trade with one region in twelve were 283.4 and 283.67 bn CNY.
    The caution is met by naming both in one conflict, with a reason: see C1b.
    """
    rows = [claim for claim in counted(claims) if stands(claim) and _digits(claim) >= EXACT]
    return list(_look_alikes(claims, rows))


def _look_alikes(claims: Register, rows: list[Claim]) -> Iterator[Doubt]:
    for one, other in combinations(rows, 2):
        kin = {one.claim, other.claim} & (
            (origins(claims, one.claim) - {one.claim})
            | (origins(claims, other.claim) - {other.claim})
        )
        apart = window(one) != window(other) and not kin and not {*one.conflict} & {*other.conflict}
        if subject(one) == subject(other) and apart and _close(one, other, ALIKE):
            message = (
                f"caution: {_keyed(one)} looks like {_keyed(other)} ({other.claim}) and is another"
                " quantity: tell them apart by partner, flow and period, never by value, and name"
                " both in one conflict"
            )
            yield Doubt(one.claim, "near_duplicates", message, (other.claim,))


def _digits(claim: Claim) -> int:
    """Significant digits as printed: 3 of ``283.4``, 1 of ``50,000``."""
    found = re.findall(r"[\d,.]*\d", claim.raw_value)
    return len(found[-1].replace(",", "").replace(".", "").strip("0")) if found else 0


def _close(one: Claim, other: Claim, share: float) -> bool:
    return math.isclose(one.number or 0.0, other.number or 0.0, rel_tol=share)


def _keyed(claim: Claim) -> str:
    partner = f" with {claim.partner}" if claim.partner else ""
    return f"{figure(claim)}{partner} in {when(claim)}"

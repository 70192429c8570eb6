"""The study room: the figures of a link held by its claims: length, speeds, traffic."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product
from typing import NamedTuple

from corridor import evidence
from corridor.evidence.held import Stated, rounding, span_in
from corridor.evidence.words import figure
from corridor.study.measured import OWN
from corridor.study.points import Register, Row, judged

__all__ = ["of_link"]

Claims = list[evidence.Claim]

BENDS = 1.08  # a way over the ground leaves out so much of the road, as its `why` says
OVER_GROUND = 0.01  # the lines were drawn again since; the lengths were taken before
MEASURED = 0.006  # a line or a track drawn again differs by so much
HARBOUR = 120.0  # km: a lane leaves the network for its ports; its line says how long it is
FAINT = 0.001  # of kilometres published, each rounded
LENGTHS, TIMES = ("km", "m"), ("h", "days", "min")
SPEEDS = ("km/h", "km/day")
CHECK = "check cited_values"


class Made(NamedTuple):
    """A figure that claims come to, how far from it one may be written, and how it is made."""

    value: float
    off: float
    words: str


def of_link(register: Register, row: Row) -> Iterator[str]:
    """What is wrong with the figures of a link, given as text.

    A length or a speed that is derived is one that its claims come to; any other is held as its
    mark says. Traffic bears no mark: it is cited or computed.
    """
    claims = tuple(row["claim"].split())
    if row["evidence"] == "derived":
        if known := _all_of(register, claims):
            yield from _misses("km", row["km"], "km", _lengths(row, known))
    else:
        yield from judged(register, Stated("km", row["km"], "km", row["evidence"], claims))
    yield from _speeds(register, row)
    traffic = tuple(row["traffic_claim"].split())
    for column, unit in (("traffic_t", "t"), ("traffic_trains", "trains")):
        yield from judged(register, Stated(column, row[column], unit, "derived", traffic))
    counted = {_period(register[name]) for name in traffic if name in register}
    if counted and row["traffic_period"] not in counted:
        said = ", ".join(sorted(counted))
        yield f"traffic_period is {row['traffic_period']}, but the claims count {said}"


def _all_of(register: Register, names: tuple[str, ...]) -> Claims:
    """The claims, or none where one is not known: that is a fault of its own."""
    return [register[name] for name in names] if {*names} <= {*register} else []


def _misses(name: str, text: str, unit: str, made: Iterator[Made]) -> Iterator[str]:
    """A figure that is none of those made; a cell that is no number has its own fault."""
    try:
        value = float(text)
    except ValueError:
        return
    found, written = list(made), rounding(text)
    if any(abs(value - each.value) <= max(each.off, written) for each in found):
        return
    if not found:
        yield f"{name} is derived, but none of its claims is in {unit} ({CHECK})"
        return
    near = min(found, key=lambda each: abs(value - each.value))
    said = f"{name} is {value:,.10g} {unit}, but the nearest its claims come to is"
    yield f"{said} {near.value:,.5g} {unit} ({near.words}) ({CHECK})"


def _lengths(row: Row, claims: Claims) -> Iterator[Made]:
    """What the claims of a derived length come to, km.

    Up to three published ones added and taken away; our own measures, alone or in parts; one of
    each; a share of a published whole, by the first of our own measures against all of them.
    """
    about = [claim for claim in claims if claim.number is not None and claim.unit in LENGTHS]
    own = [claim for claim in about if claim.measure in OWN]
    printed = [claim for claim in about if claim.measure not in OWN]
    for value, words in _sums(printed, 1, 2, 3):
        yield Made(value, FAINT * value, words)
    yield from _measures(row, own)
    for one, other in product(printed, own):
        for value, words in _sums([one, other], 2):
            yield Made(value, 1.0, words)
    if len(own) > 1:
        part = _km(own[0]) / sum(map(_km, own))
        for whole in printed:
            words = f"{part:.1%} of {whole.claim}"
            yield Made(_km(whole) * part, MEASURED * _km(whole) * part, words)


def _measures(row: Row, own: Claims) -> Iterator[Made]:
    """Our own measures as lengths of the leg, whole or in parts, by how the line was made.

    A track counts before the line that simplifies it.
    """
    best = next((kind for kind in OWN if any(claim.measure == kind for claim in own)), "")
    own = [claim for claim in own if claim.measure == best]
    for size in range(1, len(own) + 1):
        for some in combinations(own, size):
            value, words = sum(map(_km, some)), " + ".join(claim.claim for claim in some)
            if row["mode"] == "sea":
                yield Made(value, HARBOUR, words)
            elif row["drawn"].startswith("terrain"):
                value *= BENDS
                yield Made(value, OVER_GROUND * value, f"{BENDS:g} x {words}")
            else:
                yield Made(value, MEASURED * value, words)


def _sums(claims: Claims, *sizes: int) -> Iterator[tuple[float, str]]:
    """Sums and differences of so many claims, each its own figure or an end of its range."""
    for size in sizes:
        for some in combinations(claims, size):
            for signs in product((1, -1), repeat=size - 1):
                for ends in product(*map(_ends, some)):
                    terms = zip((1, *signs), ends, strict=True)
                    total = abs(sum(sign * km for sign, km in terms))
                    yield total, _told(some, signs)


def _told(some: tuple[evidence.Claim, ...], signs: tuple[int, ...]) -> str:
    rest = zip(signs, some[1:], strict=True)
    more = "".join(f" {'+' if s > 0 else '-'} {claim.claim}" for s, claim in rest)
    return f"{some[0].claim}{more}"


def _ends(claim: evidence.Claim) -> tuple[float, ...]:
    return tuple(dict.fromkeys((*span_in(claim, "km"), _km(claim))))


def _km(claim: evidence.Claim) -> float:
    """The claim's own figure, km."""
    return (claim.number or 0.0) * (0.001 if claim.unit == "m" else 1.0)


def _speeds(register: Register, row: Row) -> Iterator[str]:
    """Speeds of the year, its range, and of winter."""
    for column, part in (("speed_kmh", "speed"), ("winter_kmh", "winter")):
        names, mark = tuple(row[f"{part}_claim"].split()), row[f"{part}_evidence"]
        if mark != "derived":
            yield from judged(register, Stated(column, row[column], "km/h", mark, names))
        elif known := _all_of(register, names):
            yield from _misses(column, row[column], "km/h", _runs(row, known, known[:1]))
    yield from _cold(row, _all_of(register, tuple(row["winter_claim"].split())))
    known = _all_of(register, tuple(row["speed_claim"].split()))
    if row["speed_evidence"] in ("cited", "derived") and known:
        for column in ("speed_low", "speed_high"):
            yield from _misses(column, row[column], "km/h", _runs(row, known, known))


def _cold(row: Row, claims: Claims) -> Iterator[str]:
    """A speed of winter that is assumed as a share of the year's lies in the share's range."""
    try:
        cold, year = float(row["winter_kmh"]), float(row["speed_kmh"])
    except ValueError:
        return
    off = rounding(row["winter_kmh"])
    for claim in claims:
        if claim.unit == "share" and claim.span:
            low, high = (year * end for end in claim.span)
            if not low - off <= cold <= high + off:
                said = f"winter_kmh is {cold:,.10g} km/h, but {figure(claim)} ({claim.claim}) of"
                yield f"{said} the year's {year:,.10g} is {low:,.3g} to {high:,.3g} ({CHECK})"


def _runs(row: Row, claims: Claims, first: Claims) -> Iterator[Made]:
    """Speeds on record in `first`, km/h; the leg's length, or one on record, over a time."""
    for claim in first:
        if claim.number is not None and claim.unit in SPEEDS:
            for end in dict.fromkeys((claim.number, *(claim.span or ()))):
                yield Made(end / (24.0 if claim.unit == "km/day" else 1.0), 0.0, claim.claim)
    about = [claim for claim in claims if claim.number is not None]
    ways = [(_km(claim), claim.claim) for claim in about if claim.unit in LENGTHS]
    for claim in about:
        if claim.unit in TIMES:
            for end in dict.fromkeys(span_in(claim, "h")):
                for km, words in [(float(row["km"]), "km"), *ways]:
                    yield Made(km / end, 0.0, f"{words} / {claim.claim}")


def _period(claim: evidence.Claim) -> str:
    """``2024`` or ``2024-01/2024-10``, as links have it."""
    first, last = f"{claim.period_from}"[:7], f"{claim.period_to}"[:7]
    whole = first[:4] == last[:4] and (first[5:], last[5:]) == ("01", "12")
    return first[:4] if whole else f"{first}/{last}"

"""Evidence room: lengths held against the sum of their legs and against the map.

The room knows no map: positions come in as plain numbers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from math import asin, cos, radians, sin, sqrt

from corridor.evidence.claims import Claim
from corridor.evidence.counts import Doubt, least, most, stands
from corridor.evidence.words import figure

__all__ = ["great_circle", "leg_sums"]

ROUNDING = 0.05  # legs run between interchanges and are rounded: their sum may be off by this share
LONGEST_CHAIN = 6  # legs
DETOUR = 1.3  # a way that much longer than a known one is not the one that was measured
HINT = 0.002  # so near to another length a figure may be that one's
CIRCUITY = 2.5  # length over great circle; mountain roads of the region reach 2.1
SHORT_KM = 50.0  # below it a winding road may be any number of times the great circle
MAP = 0.01  # a sphere for an ellipsoid, and rounded lengths

_MODES = ("distance by rail", "distance by sea")  # by road where neither is said

Register = Mapping[str, Claim]
Positions = Mapping[str, tuple[float, float, float]]
"""From a place to its latitude and longitude, degrees, and how far it may be off, km."""

Roads = Mapping[str, list[tuple[str, Claim]]]
"""From a place to the standing legs that begin there and where they end."""


def leg_sums(claims: Register) -> list[Doubt]:
    """Lengths that no chain of other standing legs between the same two places adds up to.

    Compared by mode and alignment. A leg longer than the whole is not part of it, except for
    another length of the very same leg. This finds 188 km where 79 + 39 are on record.
    """
    found = []
    for whole in claims.values():
        if not (whole.measure.startswith("distance") and whole.to_place):
            continue
        roads = _roads(claims, whole)
        chains = [c for c in _chains(roads, whole, (whole.place,), ()) if _direct(roads, whole, c)]
        if chains and not any(_fits(whole, chain) for chain in chains):
            best = min(chains, key=lambda chain: abs(_sum(chain)[0] - least(whole)))
            message = (
                f"{figure(whole)} from {_named(whole.place)} to {_named(whole.to_place)}, but"
                f" {_sum_words(best)}{_hint(roads, whole, best)}"
            )
            others = tuple(leg.claim for leg in best)
            found.append(Doubt(whole.claim, "leg_sums", message, others))
    return found


def _roads(claims: Register, whole: Claim) -> Roads:
    """The standing legs that may be part of `whole`: of its mode, and of its alignment or any."""
    plain = next((m for m in _MODES if whole.measure.startswith(m)), "distance")
    found: dict[str, list[tuple[str, Claim]]] = defaultdict(list)
    for leg in claims.values():
        if (
            leg.claim != whole.claim
            and leg.to_place
            and leg.measure in (plain, whole.measure)
            and stands(leg)
        ):
            found[leg.place].append((leg.to_place, leg))
            found[leg.to_place].append((leg.place, leg))
    return found


def _chains(
    roads: Roads, whole: Claim, places: tuple[str, ...], legs: tuple[Claim, ...]
) -> Iterator[tuple[Claim, ...]]:
    """Ways from the last of `places` to the end of `whole` that pass no place twice."""
    for end, leg in roads.get(places[-1], ()):
        if end == whole.to_place:
            if len(places) == 1 or least(leg) <= most(whole):
                yield (*legs, leg)
        elif end not in places and len(places) < LONGEST_CHAIN and least(leg) <= most(whole):
            yield from _chains(roads, whole, (*places, end), (*legs, leg))


def _direct(roads: Roads, whole: Claim, legs: tuple[Claim, ...]) -> bool:
    """Whether a chain is a way one would take: no detour, and of the alignment asked for."""
    if len(legs) == 1:
        return True
    named = whole.measure in ("distance", *_MODES)
    if not named and all(leg.measure != whole.measure for leg in legs):
        return False  # the sum of another alignment
    places, sums = [whole.place], [0.0]
    for leg in legs:
        places.append(leg.to_place if leg.place == places[-1] else leg.place)
        sums.append(sums[-1] + least(leg))
    if sums[-1] > most(whole) * DETOUR:
        return False
    where = {place: i for i, place in enumerate(places)}
    return not any(
        most(leg) * DETOUR < abs(sums[where[end]] - sums[i])
        for i, place in enumerate(places)
        for end, leg in roads.get(place, ())
        if end in where and {place, end} != {whole.place, whole.to_place}
    )


def _sum(legs: tuple[Claim, ...]) -> tuple[float, float]:
    return sum(map(least, legs)), sum(map(most, legs))


def _fits(whole: Claim, legs: tuple[Claim, ...]) -> bool:
    low, high = _sum(legs)
    if whole.raw_value.startswith(">"):  # printed as more than so many
        return least(whole) <= high * (1 + ROUNDING)
    return low <= most(whole) * (1 + ROUNDING) and least(whole) <= high * (1 + ROUNDING)


def _sum_words(legs: tuple[Claim, ...]) -> str:
    low, high = _sum(legs)
    parts = " + ".join(f"{leg.value} ({leg.claim})" for leg in legs)
    total = f"{low:g}" if low == high else f"{low:g} to {high:g}"
    return f"{parts} is {total} km" if len(legs) > 1 else f"{total} km by {legs[0].claim}"


def _hint(roads: Roads, whole: Claim, legs: tuple[Claim, ...]) -> str:
    """What the figure may be instead: the length to another place, or a misprint of the sum."""
    right, value = f"{_sum(legs)[0]:g}", f"{least(whole):g}"
    if len(right) == len(value) and sum(a != b for a, b in zip(right, value, strict=True)) == 1:
        return f": one digit apart, a misprint of {right}?"
    reached = [
        (abs(_sum(chain)[0] - least(whole)), len(chain), start, end, chain)
        for start in (whole.place, whole.to_place)
        for end, chain in _reach(roads, start, (start,), ())
    ]
    off, _, start, end, chain = min(reached, key=lambda way: way[:2])
    if off > HINT * least(whole):
        return ""
    parts = " + ".join(leg.value for leg in chain)
    return f": {parts} km is the way from {_named(start)} to {_named(end)}"


def _reach(
    roads: Roads, start: str, places: tuple[str, ...], legs: tuple[Claim, ...]
) -> Iterator[tuple[str, tuple[Claim, ...]]]:
    """Every place up to three legs off, and the legs."""
    for end, leg in roads.get(start, ()):
        if end not in places:
            yield end, (*legs, leg)
            if len(legs) < 2:
                yield from _reach(roads, end, (*places, end), (*legs, leg))


def great_circle(claims: Register, positions: Positions) -> list[Doubt]:
    """Lengths below the straight line between their two places, or far above it.

    A length is at least the great circle, less what the positions may be off, and at most
    `CIRCUITY` times it. Places without a position are not judged.

    Parameters
    ----------
    claims : mapping
        The register.
    positions : mapping
        From a place to latitude and longitude, degrees, and how far it may be off, km.
    """
    found = []
    for leg in claims.values():
        ends = [positions[place] for place in (leg.place, leg.to_place) if place in positions]
        if not leg.measure.startswith("distance") or len(ends) < 2:
            continue
        straight, off = _straight(ends[0], ends[1]), ends[0][2] + ends[1][2]
        way = f"from {_named(leg.place)} to {_named(leg.to_place)}"
        if most(leg) < (straight - off) * (1 - MAP):
            message = f"{figure(leg)} {way} is less than the straight line, {straight:.0f} km"
            found.append(Doubt(leg.claim, "great_circle", message))
        elif straight > SHORT_KM and least(leg) > (straight + off) * CIRCUITY:
            times = least(leg) / straight
            message = (
                f"{figure(leg)} {way} is {times:.1f} times the straight line, {straight:.0f} km"
            )
            found.append(Doubt(leg.claim, "great_circle", message))
    return found


def _straight(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    """Great circle on a sphere of 6,371 km, by haversines; within 0.6% of the ellipsoid's, km.

    >>> round(_straight((0.0, 0.0, 0.0), (0.0, 90.0, 0.0)))
    10008
    """
    (phi, lam), (psi, mu) = (tuple(map(radians, each[:2])) for each in (one, other))
    half = sin((psi - phi) / 2) ** 2 + cos(phi) * cos(psi) * sin((mu - lam) / 2) ** 2
    return 2 * 6371.0088 * asin(sqrt(half))


def _named(place: str) -> str:
    return place.replace("_", " ")

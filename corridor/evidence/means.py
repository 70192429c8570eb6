"""Evidence room: times, costs and speeds, which do not add up, beside those of other years."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from corridor.evidence.claims import Claim
from corridor.evidence.counts import ADDITIVE, Doubt, stands
from corridor.evidence.vocabulary import UNITS
from corridor.evidence.words import figure, when

__all__ = ["slipped_point"]

OTHERS = 2  # figures of other periods that a figure is held against, at least
BEYOND = 3.0  # times the nearest of them; a pandemic made a border's time 2.4 times the next
AMID = 1.25  # how far beyond the others a tenth, or ten times the figure, may lie


def slipped_point(claims: Mapping[str, Claim]) -> list[Doubt]:
    """Means that lie far beyond those of all other periods, but amid them with the point moved.

    Compared are standing figures of one subject, measure, unit, place, series, flow and partner.
    This finds 168 h of waiting beside 4.3, 7.1, 20.7 and 23.3 h.
    """
    groups: dict[tuple[str, ...], list[Claim]] = defaultdict(list)
    for claim in claims.values():
        mean = UNITS[claim.unit] in ("time", "money", "speed") and claim.measure not in ADDITIVE
        if mean and claim.number and stands(claim):
            groups[_kind(claim)].append(claim)
    found = []
    for group in groups.values():
        for claim in group if len(group) > OTHERS else ():
            others = [each for each in group if each is not claim]
            if power := _slip(claim, others):
                near = (max if power > 0 else min)(others, key=_value)
                moved = _value(claim) / 10**power
                message = (
                    f"{figure(claim)} in {when(claim)} is far beyond {figure(near)} in"
                    f" {when(near)} ({near.claim}), {figure(claim, moved)} would lie amid the"
                    f" {len(others)} of other periods: a slipped point?"
                )
                found.append(Doubt(claim.claim, "slipped_point", message, (near.claim,)))
    return found


def _kind(claim: Claim) -> tuple[str, ...]:
    return (
        claim.subject, claim.measure, claim.unit, claim.place, claim.to_place, claim.series,
        claim.flow, claim.partner,
    )  # fmt: skip


def _value(claim: Claim) -> float:
    return claim.number or 0.0


def _slip(claim: Claim, others: list[Claim]) -> int:
    """1 where the figure seems ten times too large, -1 where it seems too small, else 0."""
    low, high = min(map(_value, others)), max(map(_value, others))
    for power, beyond in ((1, _value(claim) > high * BEYOND), (-1, _value(claim) * BEYOND < low)):
        if beyond and low / AMID <= _value(claim) / 10**power <= high * AMID:
            return power
    return 0

"""Evidence room: figures held against those of the same kind: parts, partners, loads, years."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from corridor.evidence.claims import Claim
from corridor.evidence.counts import (
    Doubt,
    counted,
    days,
    earlier,
    least,
    most,
    stands,
    subject,
    window,
)
from corridor.evidence.words import figure, when

__all__ = ["back_cast", "part_and_whole", "partner_and_total", "tonnes_per_vehicle"]

TONNES_PER_VEHICLE = (2.0, 25.0)
"""Tonnes a vehicle carries over a mixed stream, empties and coaches included."""

ROUNDING = 0.01  # printed totals are rounded, so a part may pass its whole by this share
REVISION = 0.05  # a figure printed a year later is restated by up to this share

Register = Mapping[str, Claim]


def part_and_whole(claims: Register) -> list[Doubt]:
    """Parts that are more than their whole: months of a year, exports of all trade.

    This is what finds a region's ten months above its own twelve.
    """
    return _too_much(claims, "part_and_whole", _is_part)


def partner_and_total(claims: Register) -> list[Doubt]:
    """Trade with one partner that is more than trade with the world."""
    return _too_much(claims, "partner_and_total", _is_partner)


def _too_much(claims: Register, name: str, belongs: Callable[[Claim, Claim], bool]) -> list[Doubt]:
    """Figures above the lowest standing figure that they belong to."""
    found = []
    for part in counted(claims):
        wholes = [w for w in counted(claims) if stands(w) and belongs(part, w)]
        for whole in sorted(wholes, key=most)[:1]:
            if least(part) > most(whole) * (1 + ROUNDING):
                message = (
                    f"{_told(part)} is more than the whole, {_told(whole)} ({whole.claim})"
                )  # fmt: skip
                found.append(Doubt(part.claim, name, message, (whole.claim,)))
    return found


def _told(claim: Claim) -> str:
    partner = f" with {claim.partner}" if claim.partner not in ("", "World") else ""
    return f"{figure(claim)}{partner} in {when(claim)}"


def _is_part(part: Claim, whole: Claim) -> bool:
    """Whether all that `part` counts is counted in `whole` too, and they are not the same."""
    return part.partner == whole.partner and _inside(part, whole)


def _is_partner(part: Claim, whole: Claim) -> bool:
    """As `_is_part`, where the whole is trade with all the world."""
    return whole.partner == "World" and part.partner != "World" and _inside(part, whole)


def _inside(part: Claim, whole: Claim) -> bool:
    if subject(part) != subject(whole) or window(part) == window(whole):
        return False
    (first, last), (start, end) = days(part), days(whole)
    flow = part.flow == whole.flow or whole.flow == "both"
    return start <= first and last <= end and flow


def tonnes_per_vehicle(claims: Register) -> list[Doubt]:
    """Vehicle counts whose cargo, of the same port, series and period, is an impossible load.

    The bounds are `TONNES_PER_VEHICLE`.
    """
    low, high = TONNES_PER_VEHICLE
    cargo = [claim for claim in counted(claims) if claim.measure == "cargo mass"]
    found = []
    for count in counted(claims):
        if count.measure not in ("vehicles", "freight vehicles"):
            continue
        for mass in cargo:
            same = (count.place, count.series, window(count))
            load = least(mass) / least(count)
            if same == (mass.place, mass.series, window(mass)) and not low <= load <= high:
                message = (
                    f"{figure(mass)} ({mass.claim}) over {figure(count)} is {load:.3g} t each,"
                    f" outside {low:g} to {high:g}"
                )
                found.append(Doubt(count.claim, "tonnes_per_vehicle", message, (mass.claim,)))
    return found


def back_cast(claims: Register) -> list[Doubt]:
    """Figures that do not fit a stated growth and the figure of the year before.

    The value divided by one plus its growth is the prior year; both may be restated a little
    (`REVISION`). The doubt is on the figure that does not stand, or on the later one.
    """
    found = []
    for growth in claims.values():
        if not growth.measure.startswith("growth of ") or growth.number is None:
            continue
        for base in counted(claims):
            if not _grows(growth, base):
                continue
            before = [p for p in counted(claims) if subject(p) == subject(base)]
            before = [p for p in before if window(p) == earlier(base)]
            low, high = least(base) / (1 + growth.number), most(base) / (1 + growth.number)
            found += [
                _out_of_line(growth, base, prior)
                for prior in before
                if most(prior) < low * (1 - REVISION) or least(prior) > high * (1 + REVISION)
            ]
    return found


def _grows(growth: Claim, base: Claim) -> bool:
    """Whether `growth` is that of `base`."""
    what = growth.measure.removeprefix("growth of ")
    return (
        what in (base.measure, f"{base.measure} in {base.unit}")
        and (growth.place, growth.series, window(growth)) == (base.place, base.series, window(base))
    )  # fmt: skip


def _out_of_line(growth: Claim, base: Claim, prior: Claim) -> Doubt:
    doubted, other = (prior, base) if stands(base) and not stands(prior) else (base, prior)
    message = (
        f"{figure(base)} in {when(base)} with growth {figure(growth)} ({growth.claim}) does not"
        f" fit {figure(prior)} the year before ({prior.claim} before {base.claim})"
    )
    return Doubt(doubted.claim, "back_cast", message, (other.claim, growth.claim))

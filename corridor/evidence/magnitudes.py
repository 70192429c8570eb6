"""Evidence room: doubts about the size of a figure.

A ten-fold slip is the commonest error of the trade figures at hand (Chinese units of 10^4 and 10^8
read as thousands and billions). Three comparisons within the register find it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from corridor.evidence.claims import Claim
from corridor.evidence.words import figure, when

__all__ = ["Doubt", "back_cast", "part_and_whole", "tonnes_per_vehicle"]

ADDITIVE = (
    "vehicles", "freight vehicles", "vehicles exported", "passenger vehicles", "persons",
    "cargo mass", "trade value", "trains", "containers", "customs revenue",
)  # fmt: skip
"""Measures that add up, so that a part is never more than the whole."""

TONNES_PER_VEHICLE = (2.0, 25.0)
"""Tonnes a vehicle carries over a mixed stream, empties and coaches included."""

ROUNDING = 0.01  # printed totals are rounded, so a part may pass its whole by this share
REVISION = 0.05  # a figure printed a year later is restated by up to this share


@dataclass(frozen=True)
class Doubt:
    """One thing in the register that may be wrong; `others` are the claims it was held against."""

    claim: str
    check: str
    message: str
    others: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.claim}: {self.message}"


def stands(claim: Claim) -> bool:
    """Whether a figure is taken as true, so that others can be held against it."""
    return claim.status == "accepted"


def part_and_whole(claims: Mapping[str, Claim]) -> list[Doubt]:
    """Parts that are more than their whole.

    Months are part of a year, one partner of the world, exports of all trade. This is what finds
    a region's ten months above its own twelve.
    """
    found = []
    for part in _counted(claims):
        wholes = [w for w in _counted(claims) if stands(w) and _is_part(part, w)]
        for whole in sorted(wholes, key=_most)[:1]:
            if _least(part) > _most(whole) * (1 + ROUNDING):
                message = (
                    f"{figure(part)} in {when(part)} is more than the whole,"
                    f" {figure(whole)} in {when(whole)} ({whole.claim})"
                )
                found.append(Doubt(part.claim, "part_and_whole", message, (whole.claim,)))
    return found


def _counted(claims: Mapping[str, Claim]) -> list[Claim]:
    """The claims that count something additive over a closed period."""
    return [
        claim
        for claim in claims.values()
        if claim.measure in ADDITIVE and claim.number is not None
        and claim.period_from and claim.period_to
    ]  # fmt: skip


def _is_part(part: Claim, whole: Claim) -> bool:
    """Whether all that `part` counts is counted in `whole` too, and they are not the same."""
    if _subject(part) != _subject(whole):
        return False
    (first, last), (start, end) = _days(part), _days(whole)
    within = start <= first and last <= end
    flow = part.flow == whole.flow or whole.flow == "both"
    partner = part.partner == whole.partner or whole.partner == "World"
    return within and flow and partner and _window(part) != _window(whole)


def _subject(claim: Claim) -> tuple[str, ...]:
    return claim.place, claim.measure, claim.unit, claim.series


def _days(claim: Claim) -> tuple[date, date]:
    """First and last day of a closed period, which is all that `_counted` lets through."""
    return claim.period_from or date.min, claim.period_to or date.max


def _window(claim: Claim) -> tuple[object, ...]:
    return claim.period_from, claim.period_to, claim.flow, claim.partner


def _least(claim: Claim) -> float:
    return claim.span[0] if claim.span else 0.0


def _most(claim: Claim) -> float:
    return claim.span[1] if claim.span else 0.0


def tonnes_per_vehicle(claims: Mapping[str, Claim]) -> list[Doubt]:
    """Vehicle counts whose cargo, of the same port, series and period, is an impossible load.

    The bounds are `TONNES_PER_VEHICLE`.
    """
    low, high = TONNES_PER_VEHICLE
    counted = _counted(claims)
    cargo = [claim for claim in counted if claim.measure == "cargo mass"]
    found = []
    for count in counted:
        if count.measure not in ("vehicles", "freight vehicles"):
            continue
        for mass in cargo:
            same = (count.place, count.series, _window(count))
            load = _least(mass) / _least(count)
            if same == (mass.place, mass.series, _window(mass)) and not low <= load <= high:
                message = (
                    f"{figure(mass)} ({mass.claim}) over {figure(count)} is {load:.3g} t each,"
                    f" outside {low:g} to {high:g}"
                )
                found.append(Doubt(count.claim, "tonnes_per_vehicle", message, (mass.claim,)))
    return found


def back_cast(claims: Mapping[str, Claim]) -> list[Doubt]:
    """Figures that do not fit a stated growth and the figure of the year before.

    The value divided by one plus its growth is the prior year; both may be restated a little
    (`REVISION`). The doubt is on the figure that does not stand, or on the later one.
    """
    counted = _counted(claims)
    found = []
    for growth in claims.values():
        if not growth.measure.startswith("growth of ") or growth.number is None:
            continue
        for base in counted:
            if not _grows(growth, base):
                continue
            before = [p for p in counted if _subject(p) == _subject(base)]
            before = [p for p in before if _window(p) == _year_before(base)]
            low, high = _least(base) / (1 + growth.number), _most(base) / (1 + growth.number)
            found += [
                _out_of_line(growth, base, prior)
                for prior in before
                if _most(prior) < low * (1 - REVISION) or _least(prior) > high * (1 + REVISION)
            ]
    return found


def _grows(growth: Claim, base: Claim) -> bool:
    """Whether `growth` is that of `base`."""
    what = growth.measure.removeprefix("growth of ")
    return (
        what in (base.measure, f"{base.measure} in {base.unit}")
        and (growth.place, growth.series, _window(growth))
        == (base.place, base.series, _window(base))
    )  # fmt: skip


def _year_before(claim: Claim) -> tuple[object, ...]:
    first, last = _days(claim)
    # By the day after the last one: a February ends on the 28th or the 29th.
    end = _earlier(last + timedelta(days=1)) - timedelta(days=1)
    return _earlier(first), end, claim.flow, claim.partner


def _earlier(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _out_of_line(growth: Claim, base: Claim, prior: Claim) -> Doubt:
    doubted, other = (prior, base) if stands(base) and not stands(prior) else (base, prior)
    message = (
        f"{figure(base)} in {when(base)} with growth {figure(growth)} ({growth.claim}) does not"
        f" fit {figure(prior)} the year before ({prior.claim} before {base.claim})"
    )
    return Doubt(doubted.claim, "back_cast", message, (other.claim, growth.claim))

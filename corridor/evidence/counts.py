"""Evidence room: figures that count something over a closed period, and the doubts about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from corridor.evidence.claims import Claim

__all__ = [
    "ADDITIVE",
    "Doubt",
    "counted",
    "days",
    "earlier",
    "least",
    "most",
    "origins",
    "stands",
    "subject",
    "window",
]

ADDITIVE = (
    "vehicles", "freight vehicles", "vehicles exported", "passenger vehicles", "persons",
    "cargo mass", "trade value", "trains", "containers", "customs revenue",
)  # fmt: skip
"""Measures that add up, so that a part is never more than the whole."""


@dataclass(frozen=True)
class Doubt:
    """One thing in the register that may be wrong; `others` are the claims it was held against.

    Examples
    --------
    >>> print(Doubt("KJ-10", "conflicts", "stands alone"))
    KJ-10: stands alone (check conflicts)
    """

    claim: str
    check: str
    message: str
    others: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.claim}: {self.message} (check {self.check})"


def stands(claim: Claim) -> bool:
    """Whether a figure is taken as true, so that others can be held against it."""
    return claim.status == "accepted"


def counted(claims: Mapping[str, Claim]) -> list[Claim]:
    """The claims that count something additive over a closed period."""
    return [
        claim
        for claim in claims.values()
        if claim.measure in ADDITIVE and claim.number is not None
        and claim.period_from and claim.period_to
    ]  # fmt: skip


def subject(claim: Claim) -> tuple[str, ...]:
    """What is counted, where, and by whom: figures that differ here are never compared."""
    return claim.place, claim.measure, claim.unit, claim.series


def days(claim: Claim) -> tuple[date, date]:
    """First and last day of a closed period, which is all that `counted` lets through."""
    return claim.period_from or date.min, claim.period_to or date.max


def window(claim: Claim) -> tuple[object, ...]:
    """When it was counted, in which direction and with whom."""
    return claim.period_from, claim.period_to, claim.flow, claim.partner


def earlier(claim: Claim, years: int = 1) -> tuple[object, ...]:
    """The `window` of the same days some years before."""
    first, last = days(claim)
    # By the day after the last one: a February ends on the 28th or the 29th.
    end = _back(last + timedelta(days=1), years) - timedelta(days=1)
    return _back(first, years), end, claim.flow, claim.partner


def _back(day: date, years: int) -> date:
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - years, day=28 if leap else day.day)


def least(claim: Claim) -> float:
    """The lowest value the claim allows."""
    return claim.span[0] if claim.span else 0.0


def most(claim: Claim) -> float:
    """The highest value the claim allows."""
    return claim.span[1] if claim.span else 0.0


def origins(claims: Mapping[str, Claim], name: str) -> set[str]:
    """The claim and all it derives from."""
    found: set[str] = set()
    ahead = [name]
    while ahead:
        each = ahead.pop()
        if each in claims and each not in found:
            found.add(each)
            ahead += claims[each].derived_from
    return found

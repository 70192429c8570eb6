"""Evidence room: one set of observations, one series, one definition.

Three vehicle series exist at these ports (customs-supervised conveyances, the border police's
count, freight vehicles counted by the road-transport administration) and differ up to threefold.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from corridor.evidence.claims import Claim
from corridor.evidence.counts import ADDITIVE, Doubt
from corridor.evidence.words import when

__all__ = ["Observed", "lost_series", "mixed_derivation", "mixed_series", "other_partner"]

MEANT = {
    "vehicles": ("vehicles", "freight vehicles", "passenger vehicles", "vehicles exported"),
    "tonnes": ("cargo mass",),
    "tfi1_mean": ("dwell time",),
}
"""What a claim must have measured to be held against an indicator."""

GLOSS = {"tfi1_mean": "the time from gate-in to gate-out"}

SERIES_WORDS = {
    "customs": "customs (supervised conveyances)",
    "border_police": "the border police (their own count)",
    "road_transport": "the road-transport administration (freight vehicles)",
    "tir": "the TIR system",
    "": "a survey, or nobody named",
}


@dataclass(frozen=True)
class Observed:
    """One observation that a scenario is held against, as plain data.

    Parameters
    ----------
    path : str
        Where it stands, such as ``targets.vehicles_2024``.
    port, metric, series : str
        What it is held against, and the series it says it is of.
    claim : str
        Its claim.
    first, last : date
        First and last day of the comparison.
    derived : bool
        Whether the value was worked out from the claim, for another length of time perhaps.
    """

    path: str
    port: str
    metric: str
    series: str
    claim: str
    first: date
    last: date
    derived: bool = False


Register = Mapping[str, Claim]


def mixed_series(claims: Register, observed: Sequence[Observed]) -> list[Doubt]:
    """Observations that are not what they are held against, or not of one kind with their set.

    A set is all that is held against one indicator of one port. Claims that are not in the
    register are left to others.
    """
    known = [each for each in observed if each.claim in claims]
    found = [
        Doubt(each.claim, "mixed_series", f"{each.path} {message}")
        for each in known
        for message in _misfit(each, claims[each.claim])
    ]
    for one, other in combinations(known, 2):
        if (one.port, one.metric) == (other.port, other.metric):
            found += _apart(claims, one, other)
    return found


def _misfit(each: Observed, claim: Claim) -> Iterator[str]:
    """Why a claim is not what its observation says."""
    series = "" if each.series == "survey" else each.series
    if series != claim.series:
        right = f"series: {claim.series or 'survey'}"
        yield (
            f"says series {each.series}, but {claim.claim} was counted by"
            f" {SERIES_WORDS[claim.series]}: the series differ up to threefold; write {right}, or"
            f" cite a claim of that series"
        )
    meant = MEANT.get(each.metric, (claim.measure,))
    if claim.measure not in meant:
        gloss = f", {GLOSS[each.metric]}" if each.metric in GLOSS else ""
        yield (
            f"is held against {each.metric} ({meant[0]}{gloss}), but {claim.claim} is"
            f" {claim.measure}: cite a claim that measured {meant[0]}"
        )
    days = (claim.period_from, claim.period_to)
    if claim.measure in ADDITIVE and not each.derived and days != (each.first, each.last):
        yield (
            f"compares {each.first} to {each.last}, but {claim.claim} counts {when(claim)}: give"
            " the observation the days that were counted, or say how its value was derived"
        )


def _apart(claims: Register, one: Observed, other: Observed) -> Iterator[Doubt]:
    """Why two observations cannot be held against one indicator together."""
    a, b = claims[one.claim], claims[other.claim]
    pair = f"{one.path} and {other.path} are both held against {one.metric} of {one.port}"
    way = "keep one of them, or give the other to a scenario that counts its way"
    if a.series != b.series:
        message = (
            f"{pair}, but {a.claim} was counted by {SERIES_WORDS[a.series]} and {b.claim} by"
            f" {SERIES_WORDS[b.series]}; the series differ up to threefold: {way}"
        )
        yield Doubt(other.claim, "mixed_series", message, (one.claim,))
    elif a.measure != b.measure:
        message = f"{pair}, but {a.claim} is {a.measure} and {b.claim} is {b.measure}: {way}"
        yield Doubt(other.claim, "mixed_series", message, (one.claim,))


def mixed_derivation(claims: Register) -> list[Doubt]:
    """Figures that were worked out from two vehicle series at once."""
    found = []
    for claim in claims.values():
        parents = [claims[name] for name in claim.derived_from]
        series = {parent.series: parent.claim for parent in parents if parent.series}
        if len(series) > 1:
            names = " and ".join(f"{name} ({words})" for words, name in sorted(series.items()))
            message = f"is worked out from {names}: two series do not mix"
            found.append(Doubt(claim.claim, "mixed_derivation", message, tuple(series.values())))
    return found


def lost_series(claims: Register) -> list[Doubt]:
    """A caution: counts with no series beside others of their fact that have one.

    A fact's figures (``KR-09``, ``KR-09b``) of one place, period and paper were counted by the
    same. Where no series stands, none of the checks on mixed series looks.
    """
    facts: dict[tuple[object, ...], list[Claim]] = defaultdict(list)
    for claim in claims.values():
        what = claim.measure.removeprefix("growth of ")
        if what in ADDITIVE and what != "trade value":
            fact = claim.claim.rstrip("abcdefghijklmnopqrstuvwxyz")
            key = (fact, claim.place, claim.period_from, claim.period_to, claim.source)
            facts[key].append(claim)
    found = []
    for figures in facts.values():
        named = [claim for claim in figures if claim.series]
        for claim in figures if named else ():
            if not claim.series:
                words = f"{SERIES_WORDS[named[0].series]}, as {named[0].claim} was"
                message = f"caution: names no series; was it counted by {words}? Write who counted"
                found.append(Doubt(claim.claim, "lost_series", message, (named[0].claim,)))
    return found


def other_partner(claims: Register) -> list[Doubt]:
    """Figures whose words name another partner of the register, and not their own."""
    kept = [claim for claim in claims.values() if claim.partner]
    partners = sorted({claim.partner for claim in kept}, key=lambda name: (len(name), name))
    found = []
    for claim in kept:
        named = [each for each in partners if re.search(rf"\b{re.escape(each)}\b", claim.subject)]
        if named and claim.partner not in named:
            message = f"the partner is {claim.partner}, but its subject says {named[-1]}"
            found.append(Doubt(claim.claim, "other_partner", message))
    return found

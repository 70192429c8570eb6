"""The study room: lengths that nobody published, which rest on a measure of our own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any, NamedTuple

from corridor.evidence import Claim

__all__ = ["Unpublished", "far_off", "told", "unpublished"]

ON = {
    "length of track in a graph": "the track of OpenStreetMap's routing graph",
    "measured length of a line": "our own drawing",
    "computed length of a sea lane": "the lanes of searoute",
}
"""On what each of our own measures was taken; of two that a leg names, the first counts."""

OWN = tuple(ON)
APART = 0.05  # of what was measured; a line leaves out bends
OVER_GROUND = 0.10  # a way over the ground is lengthened by 8%, as its `why` says
ROUNDED = 1.0  # km

Row = Mapping[str, Any]


class Unpublished(NamedTuple):
    """How many legs of a mode have no published length, and which share of its km they are.

    `on` counts them by what they were measured on.
    """

    legs: int
    of_legs: int
    share: float
    on: dict[str, int]

    def __str__(self) -> str:
        part = f"{self.legs} of {self.of_legs} legs, {self.share:.0%} of km,"
        more = "".join(f" ({legs} of them on {what})" for what, legs in list(self.on.items())[1:])
        what = next(iter(self.on), "a line")
        return f"{part} rest on a length measured on {what}{more}, not on a published one"


def unpublished(register: Mapping[str, Claim], links: Iterable[Row]) -> dict[str, Unpublished]:
    """For each mode the legs that rest on a measure of our line, a track or a lane alone."""
    rows = list(links)
    found = {}
    for mode in dict.fromkeys(row["mode"] for row in rows):
        legs = [row for row in rows if row["mode"] == mode]
        own = [row for row in legs if _own(register, row)]
        share = sum(row["km"] for row in own) / sum(row["km"] for row in legs)
        on = Counter(_on(register, row) for row in own)
        found[str(mode)] = Unpublished(len(own), len(legs), share, dict(on.most_common()))
    return found


def told(found: Mapping[str, Unpublished]) -> list[str]:
    """A sentence a mode, for a page: ``By road 38 of 69 legs, 47% of km, rest on ...``."""
    return [f"By {mode} {each}." for mode, each in found.items()]


def far_off(register: Mapping[str, Claim], links: Iterable[Row]) -> dict[str, str]:
    """Legs by land whose length nobody published, and that is far from what was measured.

    A leg measured in parts is near to the sum of some of them.
    """
    found = {}
    for row in links:
        if row["mode"] == "sea" or not (claims := _own(register, row)):
            continue
        limit = OVER_GROUND if row["drawn"].startswith("terrain") else APART
        sums = {sum(_km(claim) for claim in some): some for some in _parts(claims)}
        near = min(sums, key=lambda km: abs(row["km"] - km))
        if abs(row["km"] - near) > max(limit * near, ROUNDED):
            names = " + ".join(claim.claim for claim in sums[near])
            found[row["link"]] = (
                f"km is {row['km']:g} ({row['evidence']}), {row['km'] / near - 1:+.0%} of the"
                f" {near:g} km measured ({names}), and rests on no published length"
            )
    return found


def _own(register: Mapping[str, Claim], row: Row) -> list[Claim]:
    """Our own measures of a leg whose length rests on nothing published.

    General knowledge is not published; and a figure in print that an assumed length names beside
    it is not that length.
    """
    claims = [register[name] for name in row["claim"].split() if name in register]
    measured = [claim for claim in claims if claim.measure in OWN]
    printed = [claim for claim in claims if claim.measure not in OWN and claim.confidence != "GK"]
    return measured if not printed or row["evidence"] == "assumed" else []


def _on(register: Mapping[str, Claim], row: Row) -> str:
    """On what a leg was measured."""
    measures = {claim.measure for claim in _own(register, row)}
    return next(what for measure, what in ON.items() if measure in measures)


def _parts(claims: list[Claim]) -> Iterator[tuple[Claim, ...]]:
    for size in range(1, len(claims) + 1):
        yield from combinations(claims, size)


def _km(claim: Claim) -> float:
    return claim.number or 0.0

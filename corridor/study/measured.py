"""The study room: lengths that nobody published, which rest on a measure of our own drawing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from corridor.evidence import Claim

__all__ = ["Unpublished", "far_off", "told", "unpublished"]

OWN = ("measured length of a line", "computed length of a sea lane")
APART = 0.05  # of what was measured; a line leaves out bends
OVER_GROUND = 0.10  # a way over the ground is lengthened by 8%, as its `why` says
ROUNDED = 1.0  # km

Row = Mapping[str, Any]


class Unpublished(NamedTuple):
    """How many legs of a mode have no published length, and which share of its km they are."""

    legs: int
    of_legs: int
    share: float

    def __str__(self) -> str:
        part = f"{self.legs} of {self.of_legs} legs, {self.share:.0%} of km,"
        return f"{part} rest on a length measured on our own drawing, not on a published one"


def unpublished(register: Mapping[str, Claim], links: Iterable[Row]) -> dict[str, Unpublished]:
    """For each mode the legs whose every claim is a measure of our own line, track or lane."""
    rows = list(links)
    found = {}
    for mode in dict.fromkeys(row["mode"] for row in rows):
        legs = [row for row in rows if row["mode"] == mode]
        own = [row for row in legs if _own(register, row)]
        share = sum(row["km"] for row in own) / sum(row["km"] for row in legs)
        found[str(mode)] = Unpublished(len(own), len(legs), share)
    return found


def told(found: Mapping[str, Unpublished]) -> list[str]:
    """A sentence a mode, for a page: ``By road 38 of 69 legs, 47% of km, rest on ...``."""
    return [f"By {mode} {each}." for mode, each in found.items()]


def far_off(register: Mapping[str, Claim], links: Iterable[Row]) -> dict[str, str]:
    """Legs by land whose length nobody published, and that is far from the one measured."""
    found = {}
    for row in links:
        if row["mode"] == "sea" or not (claims := _own(register, row)):
            continue
        measured = claims[0].number or 0.0
        limit = OVER_GROUND if row["drawn"] == "terrain" else APART
        off = abs(row["km"] - measured)
        if off > max(limit * measured, ROUNDED):
            found[row["link"]] = (
                f"km is {row['km']:g} ({row['evidence']}), {row['km'] / measured - 1:+.0%} of the"
                f" {measured:g} km measured on the line ({claims[0].claim}), and no published"
                " length is named"
            )
    return found


def _own(register: Mapping[str, Claim], row: Row) -> list[Claim]:
    """The claims of a leg, where all of them are our own measure."""
    claims = [register[name] for name in row["claim"].split() if name in register]
    return claims if all(claim.measure in OWN for claim in claims) else []

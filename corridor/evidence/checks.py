"""Evidence room: what the register can find wrong with itself.

The loader refuses rows that cannot be read; these checks doubt figures that can. Each check is one
function from claims to doubts; a new one is written below and named in `check`. A doubt about a
figure that is already rejected, superseded or contested is settled and `check` does not repeat it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from corridor.evidence.claims import Claim
from corridor.evidence.magnitudes import (
    Doubt,
    back_cast,
    part_and_whole,
    stands,
    tonnes_per_vehicle,
)
from corridor.evidence.vocabulary import UNITS
from corridor.evidence.words import figure
from corridor.units import UnitError, parse

__all__ = [
    "Doubt",
    "back_cast",
    "check",
    "cited_values",
    "conflicts",
    "never_fitted",
    "part_and_whole",
    "tonnes_per_vehicle",
]


def check(
    claims: Mapping[str, Claim],
    fitted: Iterable[str] = (),
    cited: Mapping[str, tuple[str, str]] | None = None,
) -> list[Doubt]:
    """All doubts that are not settled.

    Parameters
    ----------
    claims : mapping
        The register, from `corridor.evidence.load_claims`.
    fitted : iterable of str
        The claims of the targets that inputs were set to.
    cited : mapping, optional
        From the path of a scenario's value to its claim and its text (see `cited_values`).
    """
    figures = [*part_and_whole(claims), *tonnes_per_vehicle(claims), *back_cast(claims)]
    open_ = [d for d in figures if all(stands(claims[i]) for i in (d.claim, *d.others))]
    return [
        *conflicts(claims),
        *open_,
        *never_fitted(claims, fitted),
        *cited_values(claims, cited or {}),
    ]


def conflicts(claims: Mapping[str, Claim]) -> list[Doubt]:
    """Conflicts that name one claim alone: there is nothing it contradicts."""
    size = Counter(name for claim in claims.values() for name in claim.conflict)
    return [
        Doubt(claim.claim, "conflicts", f"stands alone in conflict {name}: name its rival")
        for claim in claims.values()
        for name in claim.conflict
        if size[name] < 2
    ]


def never_fitted(claims: Mapping[str, Claim], fitted: Iterable[str]) -> list[Doubt]:
    """Fitted targets that are, or derive from, figures kept for comparison alone."""
    found = []
    for name in fitted:
        for origin in sorted(_origins(claims, name)):
            if claims[origin].fit == "never":
                through = "" if origin == name else f" (by way of {origin})"
                message = f"is fitted, but kept for comparison only{through}: hold it out"
                found.append(Doubt(name, "never_fitted", message, (origin,)))
    return found


def _origins(claims: Mapping[str, Claim], name: str) -> set[str]:
    """The claim and all it derives from."""
    found: set[str] = set()
    ahead = [name]
    while ahead:
        each = ahead.pop()
        if each in claims and each not in found:
            found.add(each)
            ahead += claims[each].derived_from
    return found


def cited_values(claims: Mapping[str, Claim], cited: Mapping[str, tuple[str, str]]) -> list[Doubt]:
    """Values of a scenario that are cited as a claim's figure and are another.

    Parameters
    ----------
    claims : mapping
        The register.
    cited : mapping
        From a path to the claim it names and the value as typed (``"51.4 h"``; a plain number is
        read in the claim's own unit), of the values that are cited and not derived. Claims of
        dates, words, and units that `corridor.units` does not know are left alone.
    """
    found = []
    for path, (name, text) in cited.items():
        if name in claims and not _says(claims[name], text):  # an unknown one has its own fault
            message = f"{path} is {text}, but the claim says {figure(claims[name])}"
            kin = [c for c in claims.values() if _stem(c.claim) == _stem(name) and UNITS[c.unit]]
            near = ", ".join(each.claim for each in kin if _says(each, text))
            message += f": see {near}" if near else ""
            found.append(Doubt(name, "cited_values", message))
    return found


def _stem(name: str) -> str:
    """The fact a claim belongs to: ``KJ-30b`` is of ``KJ-30``."""
    return name.rstrip("abcdefghijklmnopqrstuvwxyz")


def _says(claim: Claim, text: str) -> bool:
    """Whether `text` lies within what the claim allows, or cannot be held against it."""
    dimension = UNITS[claim.unit]
    if claim.span is None or not dimension:
        return True
    low, high = claim.span
    try:
        return _within(float(text), low, high)
    except ValueError:
        pass  # it carries a unit
    try:
        value = parse(text, dimension)
        if dimension not in ("count", "number", "share"):
            low, high = (
                parse(f"{bound!r} {_spelt(claim.unit)}", dimension) for bound in (low, high)
            )
    except UnitError:
        return False
    return _within(value, low, high)


def _within(value: float, low: float, high: float) -> bool:
    return low * (1 - 1e-9) <= value <= high * (1 + 1e-9)


def _spelt(unit: str) -> str:
    """A unit of the register as `corridor.units` spells it."""
    return {"t/vehicle": "t"}.get(unit, unit.replace("_", " "))

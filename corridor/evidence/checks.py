"""Evidence room: what the register can find wrong with itself.

The loader refuses rows that cannot be read; these checks doubt figures that can. Each check is one
function from claims to doubts; a new one is written below and named in `check`. A doubt about a
figure that is already rejected, superseded or contested is settled and `check` does not repeat it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from corridor.evidence.claims import Claim, claim_marks
from corridor.evidence.counts import Doubt, origins, stands
from corridor.evidence.legs import Positions, great_circle, leg_sums
from corridor.evidence.magnitudes import (
    back_cast,
    part_and_whole,
    partner_and_total,
    tonnes_per_vehicle,
)
from corridor.evidence.seasons import calendar_and_flow
from corridor.evidence.series import lost_series, mixed_derivation, other_partner
from corridor.evidence.slips import mis_dated, near_duplicates, printed_and_kept, ten_fold
from corridor.evidence.sums import flows_add_up, recomputed, share_of_whole
from corridor.evidence.vocabulary import UNITS
from corridor.evidence.words import figure
from corridor.faults import Fault
from corridor.units import UnitError, parse

__all__ = ["FIGURES", "check", "cited_values", "conflicts", "mapped", "never_fitted", "placed"]

CELLS = {
    "conflicts": "conflict",
    "lost_series": "series",
    "mis_dated": "period_from",
    "other_partner": "partner",
}
"""The column that a check doubts, where it is not the value."""

FIGURES: tuple[Callable[[Mapping[str, Claim]], list[Doubt]], ...] = (
    printed_and_kept, ten_fold, part_and_whole, partner_and_total, tonnes_per_vehicle, back_cast,
    flows_add_up, share_of_whole, recomputed, mis_dated, near_duplicates, leg_sums,
    calendar_and_flow, mixed_derivation, lost_series, other_partner,
)  # fmt: skip
"""The checks that need the register alone; each is known by its name."""


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
    found = [doubt for find in FIGURES for doubt in find(claims)]
    return [
        *conflicts(claims),
        *_unsettled(claims, found),
        *never_fitted(claims, fitted),
        *cited_values(claims, cited or {}),
    ]


def mapped(claims: Mapping[str, Claim], positions: Positions) -> list[Doubt]:
    """The doubts that are not settled and need a map: see `great_circle`."""
    return _unsettled(claims, great_circle(claims, positions))


def placed(doubts: Iterable[Doubt]) -> list[Fault]:
    """The doubts with file, line and column of the cells of ``claims.csv`` that they are about.

    A claim that is not in the bundled register has no mark.
    """
    found = list(doubts)
    at = claim_marks() if found else {}
    return [
        Fault(
            at[doubt.claim](CELLS.get(doubt.check, "value")) if doubt.claim in at else None,
            doubt.claim,
            f"{doubt.message} (check {doubt.check})",
        )
        for doubt in found
    ]


def _unsettled(claims: Mapping[str, Claim], doubts: Iterable[Doubt]) -> list[Doubt]:
    return [d for d in doubts if all(stands(claims[i]) for i in (d.claim, *d.others))]


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
        for origin in sorted(origins(claims, name)):
            if claims[origin].fit == "never":
                through = "" if origin == name else f" (by way of {origin})"
                message = f"is fitted, but kept for comparison only{through}: hold it out"
                found.append(Doubt(name, "never_fitted", message, (origin,)))
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

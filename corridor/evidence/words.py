"""Evidence room: a claim's figure and period as people write them."""

from __future__ import annotations

from datetime import timedelta

from corridor.evidence.claims import Claim

__all__ = ["amount", "figure", "when"]

_LARGE = ((1e9, "bn"), (1e6, "m"))
_SMALLEST_SCALED = 1e6  # below it digits are grouped, not scaled


def figure(claim: Claim, number: float | None = None) -> str:
    """The value with its unit: ``409.2 bn USD``, ``11,000 vehicles``, ``42.6%``, or its words.

    Parameters
    ----------
    claim : Claim
        Whose value and unit.
    number : float, optional
        Another number in the claim's unit, such as its lower bound.

    Examples
    --------
    >>> from corridor.evidence.claims import load_claims
    >>> [figure(load_claims()[name]) for name in ("003-01", "KJ-10", "KJ-10b", "KJ-C12")]
    ['409.2 bn USD', '11,000 vehicles', '42.6%', '2024-12-01']
    """
    value, unit = amount(claim, number)
    return value + (unit if unit == "%" else f" {unit}" if unit else "")


def amount(claim: Claim, number: float | None = None) -> tuple[str, str]:
    """The value and the unit of `figure` apart."""
    value = claim.number if number is None else number
    if value is None:
        return claim.value, ""
    if claim.unit == "share":
        return _digits(value * 100), "%"
    unit = claim.unit.replace("_", " ")
    for scale, name in _LARGE:
        if abs(value) >= max(scale, _SMALLEST_SCALED):
            return _digits(value / scale), f"{name} {unit}"
    return _digits(value), "" if unit in ("count", "ratio") else unit


def when(claim: Claim) -> str:
    """The period: ``2023``, ``2024-01 to 2024-10``, ``2024-12-01``, ``from 2024-12-01``.

    Examples
    --------
    >>> from corridor.evidence.claims import load_claims
    >>> [when(load_claims()[name]) for name in ("TR-07", "KJ-10", "KJ-34", "KJ-C12")]
    ['2023', '2024-01 to 2024-10', '2023-11', 'from 2024-12-01']
    """
    first, last = claim.period_from, claim.period_to
    if first is None or last is None:
        return f"from {first}" if first else f"to {last}" if last else ""
    whole_months = first.day == 1 and (last + timedelta(days=1)).day == 1
    if whole_months and (first.month, last.month) == (1, 12):
        return _range(str(first.year), str(last.year))
    if whole_months:
        return _range(f"{first:%Y-%m}", f"{last:%Y-%m}")
    return _range(str(first), str(last))


def _range(first: str, last: str) -> str:
    return first if first == last else f"{first} to {last}"


def _digits(value: float) -> str:
    """Grouped by thousands, up to six significant digits.

    >>> _digits(11000.0), _digits(0.77), _digits(40.9)
    ('11,000', '0.77', '40.9')
    """
    if abs(value) >= 1e5:
        return f"{value:,.0f}"
    return f"{float(f'{value:.6g}'):,}".removesuffix(".0")

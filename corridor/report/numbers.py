"""Report room: how a number is written, everywhere on the page."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

__all__ = ["count", "interval", "magnitude", "missing", "number", "typed", "unit_words"]

MISSING = "–"
_MINUS, _NARROW = "\N{MINUS SIGN}", "\N{NO-BREAK SPACE}"
_UNITS = {
    "t": "t",
    "h": "h",
    "share": "%",
    "vehicles": "vehicles",
    "TEU": "TEU",
    "USD": "USD",
    "days": "days",
    "km/h": "km/h",
    "USD per 500 km per 20 t": "USD per 500 km per 20 t",
}


def unit_words(unit: str) -> str:
    """The unit as it stands in a column header; a share is shown in per cent."""
    return _UNITS.get(unit, unit)


def number(x: float | None, unit: str = "", digits: int = 3) -> str:
    """`x` to `digits` significant figures, thousands separated, with its unit.

    >>> number(62345.1, "t")
    '62,300\\xa0t'
    >>> number(-0.0456)
    '−0.0456'
    >>> number(0.634, "share")
    '63.4%'
    >>> number(None)
    '–'
    """
    if x is None or not math.isfinite(x):
        return MISSING
    scaled = x * 100 if unit == "share" else x
    return _written(scaled, _decimals([scaled], digits)) + _suffix(unit)


def typed(x: float, unit: str = "") -> str:
    """`x` as a person would type it, not rounded like a result.

    >>> typed(51.4), typed(0.45, "share"), typed(11000.0)
    ('51.4', '45%', '11,000')
    """
    scaled = x * 100 if unit == "share" else x
    text = f"{abs(scaled):,.6f}".rstrip("0").rstrip(".")
    return ("" if scaled >= 0 else _MINUS) + text + _suffix(unit)


def interval(
    x: float | None, low: float | None, high: float | None, unit: str = "", signed: bool = False
) -> str:
    """``x (low to high)``, the three to one precision.

    Three figures of the largest value; a fourth where the interval would else lose its width.

    >>> interval(62345, 61010, 63680, "t")
    '62,300\\xa0t (61,000 to 63,700)'
    >>> interval(-0.2, -0.5, 1.23, signed=True)
    '−0.20 (−0.50 to +1.23)'
    >>> interval(3.0, None, None)
    '3'
    """
    known = [v for v in (x, low, high) if v is not None and math.isfinite(v)]
    if x is None or not math.isfinite(x):
        return MISSING
    if len(known) < 3 or low is None or high is None:
        return ("+" if signed and x > 0 else "") + number(x, unit)
    scale = 100.0 if unit == "share" else 1.0
    values = [v * scale for v in (x, low, high)]
    places = max(_decimals(values, 3), min(_width(values), _decimals(values, 4)))
    middle, bottom, top = (_written(v, places, signed) for v in values)
    if bottom == top == middle:
        return _written(values[0], _decimals(values[:1], 3), signed) + _suffix(unit)
    return f"{middle}{_suffix(unit)} ({bottom} to {top})"


def magnitude(x: float, low: float, high: float, unit: str = "") -> str:
    """A cut told as its size: -12 (-15 to -9) becomes 12 (9 to 15).

    >>> magnitude(-12.0, -15.0, -9.0, "h")
    '12\\xa0h (9 to 15)'
    """
    return interval(-x, -high, -low, unit) if x < 0 else interval(x, low, high, unit)


def missing(x: Any) -> bool:
    """Whether a cell of a table holds no value: None, NaN, NaT."""
    return bool(pd.isna(x))


def count(n: int, one: str, many: str | None = None) -> str:
    """``1 pair``, ``30 pairs``.

    >>> count(1, "pair"), count(3000, "pair")
    ('1\\xa0pair', '3,000\\xa0pairs')
    """
    return f"{n:,}{_NARROW}{one if n == 1 else many or one + 's'}"


def _decimals(values: Sequence[float], digits: int) -> int:
    """Decimal places (negative: tens, hundreds) that give the largest value `digits` figures."""
    largest = max(abs(v) for v in values)
    if largest == 0:
        return 0
    places = digits - 1 - math.floor(math.log10(largest))
    # A whole number needs no decimals: 3 lanes, not 3.00; a number of hundreds is not a measurement
    # to the unit, but below a thousand nothing is rounded away.
    if all(float(v).is_integer() for v in values) and places > 0:
        return 0
    return places


def _width(values: Sequence[float]) -> int:
    """Decimal places that show half the interval's width to one figure."""
    half = (values[2] - values[1]) / 2
    return -math.floor(math.log10(half)) if half > 0 else -99


def _written(x: float, places: int, signed: bool = False) -> str:
    rounded = round(x, places)
    if rounded == 0:
        rounded = 0.0
    text = f"{abs(rounded):,.{max(places, 0)}f}"
    sign = _MINUS if rounded < 0 else "+" if signed and rounded > 0 else ""
    return sign + text


def _suffix(unit: str) -> str:
    return "%" if unit == "share" else f"{_NARROW}{unit}" if unit else ""

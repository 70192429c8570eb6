"""Ground floor: the one table of units. ``"45 min"`` is read as 45.0 and shown as ``"45 min"``."""

from __future__ import annotations

import math
import re

from corridor.faults import did_you_mean

__all__ = ["CANONICAL", "UnitError", "example", "parse", "show", "write"]

CANONICAL: dict[str, str] = {
    "time": "min",
    "mass": "kg",
    "distance": "km",
    "speed": "km/h",
    "money": "USD",
    "money_rate": "USD per hour",
    "rate": "per hour",
    "teu": "TEU",
    "share": "share",
    "count": "count",
    "number": "number",
}
"""The unit in which `parse` answers, by dimension."""

# A unit is a whole ratio to the canonical one: 7 / 100 is exact where 7 * 0.01 is not.
_TIME = {
    "ms": (1, 60_000),
    "s": (1, 60),
    "min": (1, 1),
    "h": (60, 1),
    "d": (1440, 1),
    "week": (10_080, 1),
}
_PER = {
    "per s": (3600, 1),
    "per min": (60, 1),
    "per hour": (1, 1),
    "per day": (1, 24),
    "per week": (1, 168),
    "per year": (1, 8760),  # 365 days
}
_TABLE: dict[str, dict[str, tuple[int, int]]] = {
    "time": _TIME,
    "mass": {"g": (1, 1000), "kg": (1, 1), "t": (1000, 1), "kt": (1_000_000, 1)},
    "distance": {"m": (1, 1000), "km": (1, 1)},
    "speed": {"km/h": (1, 1)},
    "money": {"USD": (1, 1)},
    "money_rate": {f"USD {per}": ratio for per, ratio in _PER.items()},
    "rate": _PER,
    "teu": {"TEU": (1, 1)},
    "share": {"%": (1, 100)},
    "count": {},
    "number": {},
}
_SPELT = {
    "second": "s", "seconds": "s", "minute": "min", "minutes": "min", "hour": "h", "hours": "h",
    "day": "d", "days": "d", "weeks": "week", "tonne": "t", "tonnes": "t",
}  # fmt: skip
_SPELT_PER = {
    "per second": "per s", "per minute": "per min", "per h": "per hour", "per d": "per day",
}  # fmt: skip
_PLAIN = ("share", "count", "number")
_NAMES = {"teu": "TEU", "money_rate": "money rate"}
_CURRENCIES = ("CNY", "RMB", "EUR", "KZT", "PKR", "RUB", "GBP", "CHF", "JPY", "¥", "€", "$")
_SAMPLE = {
    "time": 45, "mass": 20, "distance": 120, "speed": 60, "money": 250, "money_rate": 12,
    "rate": 20, "teu": 2, "share": 30, "count": 3, "number": 0.8,
}  # fmt: skip
_QUANTITY = re.compile(
    r"(?P<number>[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)(?P<unit>.*)", re.DOTALL
)


class UnitError(ValueError):
    """A quantity that cannot be read; the message says what to write instead."""


def parse(text: str | float, dimension: str, *, negative: bool = False) -> float:
    """The value of `text` in the canonical unit of `dimension`.

    Parameters
    ----------
    text : str or float
        ``"45 min"``, ``"20 per hour"``, ``"30%"``. A number without a unit is read for the
        dimensions that have none: share (0 to 1), count (whole) and number.
    dimension : str
        A key of `CANONICAL`.
    negative : bool
        Whether a value below zero is allowed.

    Raises
    ------
    UnitError
        With what to write instead.

    Examples
    --------
    >>> parse("1.5 h", "time"), parse("300 per day", "rate"), parse("30%", "share")
    (90.0, 12.5, 0.3)
    >>> parse("45", "time")
    Traceback (most recent call last):
    corridor.units.UnitError: missing unit: write '45 min'
    """
    number, unit = _split(text, dimension)
    value = float(number)
    if unit:
        times, over = _ratio(unit, dimension, number)
        value = value * times / over
    elif dimension not in _PLAIN:
        raise UnitError(f"missing unit: write '{number} {_common(dimension)}'")
    if not math.isfinite(value):
        raise UnitError(f"{_cut(text)} is not a finite number: write {example(dimension)}")
    if value < 0 and not negative:
        raise UnitError(f"{_cut(text)} is negative: write 0 or more, such as {example(dimension)}")
    if dimension == "share" and abs(value) > 1:
        raise UnitError(_beyond_one(number, unit))
    if dimension == "count" and value != math.floor(value):
        raise UnitError(f"{_cut(text)} is not whole: write a whole number, such as 3")
    return value + 0.0  # -0.0 becomes 0.0


def show(value: float, dimension: str) -> str:
    """`value`, given in the canonical unit, as people write it: up to three significant digits.

    Examples
    --------
    >>> show(45.0, "time"), show(2160.0, "time"), show(16_000.0, "mass"), show(0.3, "share")
    ('45 min', '36 h', '16 t', '30%')
    """
    unit = _fitting(value, dimension)
    if not unit:
        return _digits(value)
    times, over = _TABLE[dimension][unit]
    return f"{_digits(value * over / times)}{'' if unit == '%' else ' '}{unit}"


def write(value: float, dimension: str) -> str:
    """`value` as text that `parse` reads back to the same float, in the fitting unit if it can.

    Examples
    --------
    >>> write(2160.0, "time"), write(1 / 7, "time"), write(3.0, "count")
    ('36 h', '0.14285714285714285 min', '3')
    """
    short = show(value, dimension)
    if parse(short, dimension, negative=True) == value:
        return short
    exact = repr(float(value)).removesuffix(".0")
    return exact if dimension in _PLAIN else f"{exact} {CANONICAL[dimension]}"


def _split(text: str | float, dimension: str) -> tuple[str, str]:
    """Number and unit of `text`, both as text."""
    if isinstance(text, bool) or not isinstance(text, str | int | float):
        raise UnitError(f"{_cut(text)} is not a quantity: write {example(dimension)}")
    if isinstance(text, int) and abs(text) > 10**18:
        raise UnitError(f"{_cut(text)} is too large: write {example(dimension)}")
    if isinstance(text, int | float):
        if not math.isfinite(text):
            raise UnitError(f"{text} is not a finite number: write {example(dimension)}")
        return repr(text), ""
    found = _QUANTITY.fullmatch(text.strip(" "))
    if found is None:
        raise UnitError(f"cannot read {_cut(text)}: write {example(dimension)}")
    number, rest = found["number"], found["unit"]
    comma = re.match(r",([0-9]+)", rest)
    if comma:
        whole = f"{number}{comma[1]}" if len(comma[1]) == 3 else f"{number}.{comma[1]}"
        raise UnitError(f"{_cut(text)} has a comma: write {whole}{rest[comma.end() :]}"
                        f" (a decimal point, no thousands mark)")  # fmt: skip
    if re.match(r"[_' ]?[0-9]", rest):
        raise UnitError(f"{_cut(text)} has a thousands mark: write the digits without a gap")
    return number, " ".join(rest.split(" ")).strip(" ")


def _ratio(unit: str, dimension: str, number: str) -> tuple[int, int]:
    """The ratio of `unit` to the canonical unit, or a UnitError that says what to write."""
    table = _TABLE[dimension]
    head, per, tail = unit.partition("per ")
    word = _SPELT.get(unit, unit)
    if per:
        word = head + _SPELT_PER.get(per + tail, per + tail)
    if word in table:
        return table[word]
    name = _NAMES.get(dimension, dimension)
    if not table:
        raise UnitError(f"'{_short(unit)}' after a plain {name}: write {number} alone")
    if dimension in ("money", "money_rate") and unit.upper().startswith(_CURRENCIES):
        currency = unit.split(" ")[0]
        raise UnitError(f"'{_short(currency)}' is not read: convert to USD, write "
                        f"'{number} {_common(dimension)}', and cite the exchange rate")  # fmt: skip
    other = [_NAMES.get(d, d) for d, units in _TABLE.items() if word in units]
    what = f"is a unit of {other[0]}, not" if other else "is not a unit"
    near = "" if other else did_you_mean(unit, table)
    raise UnitError(
        f"'{_short(unit)}' {what} of {name}{near}: write one of {', '.join(table)},"
        f" such as {example(dimension)}"
    )


def _beyond_one(number: str, unit: str) -> str:
    if unit:
        return f"'{number}{unit}' is more than the whole: write at most '100%'"
    part = repr(float(number) / 100)
    return f"{number} looks like a percentage: write '{number}%' or {part}"


def _fitting(value: float, dimension: str) -> str:
    """The unit in which people would say `value`."""
    size = abs(value)
    if dimension == "time":
        steps = [(72 * 60, "d"), (120, "h"), (1, "min"), (1 / 60, "s")]
        return next((unit for least, unit in steps if size >= least), "ms" if size else "min")
    if dimension == "mass":
        return "t" if size >= 1000 else "kg"
    if dimension == "distance":
        return "km" if size >= 1 or not size else "m"
    if dimension == "rate":
        steps = [(1, "per hour"), (1 / 24, "per day")]
        return next((unit for least, unit in steps if size >= least), "per year")
    return _common(dimension)


def _common(dimension: str) -> str:
    return {"share": "%", "count": "", "number": "", "mass": "t"}.get(
        dimension, CANONICAL[dimension]
    )


def example(dimension: str) -> str:
    """A well-formed quantity, in quotes where YAML text needs none but a reader does."""
    unit = _common(dimension)
    if not unit:
        return str(_SAMPLE[dimension])
    return f"'{_SAMPLE[dimension]}{'' if unit == '%' else ' '}{unit}'"


def _digits(value: float) -> str:
    """Three significant digits, no exponent for numbers people meet."""
    rounded = float(f"{value:.3g}")
    if rounded and not 1e-6 <= abs(rounded) < 1e15:
        return f"{rounded:.3g}"
    return f"{rounded:.9f}".rstrip("0").rstrip(".")


def _cut(thing: object) -> str:
    if isinstance(thing, int) and not isinstance(thing, bool):
        return str(thing) if abs(thing) <= 10**18 else "a number of more than 18 digits"
    return f"'{_short(thing)}'" if isinstance(thing, str) else _short(repr(thing))


def _short(text: object) -> str:
    words = str(text)
    return words if len(words) <= 40 else words[:40] + "…"

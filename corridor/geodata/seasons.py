"""The geodata room: when in the year a port is open, and what a season of travel means."""

from __future__ import annotations

import re
from datetime import date

__all__ = ["SEASONS", "is_open", "is_open_on", "season"]

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
SEASONS = {"year": 0, "winter": 1, "spring": 4, "summer": 7, "autumn": 10}
"""A season of travel and the month whose middle day stands for it; 0: no time of the year."""

_DAY = rf"([1-9]|[12]\d|3[01]) ({'|'.join(MONTHS)})"
_SPAN = re.compile(rf"{_DAY} to {_DAY}")


def season(text: str) -> str:
    """``all year``, a span such as ``1 April to 30 November``, or nothing where it is not known.

    >>> season("1 April to 30 November")
    '1 April to 30 November'
    """
    if text in ("", "all year"):
        return text
    span = _SPAN.fullmatch(text)
    if span is None:
        wanted = "'all year', '1 April to 30 November', or nothing where it is not known"
        raise ValueError(f"{text!r}: write {wanted}")
    for number, month in (span.group(1, 2), span.group(3, 4)):
        try:
            date(2024, MONTHS.index(month) + 1, int(number))
        except ValueError:
            raise ValueError(f"there is no {number} {month}") from None
    return text


def is_open(season: str, travel: str) -> bool:
    """Whether a port of this season is open in a season of travel, judged on its middle day.

    A port whose season is not known counts as open: the map and the tables say that it is unknown.

    Parameters
    ----------
    season : str
        As in ``ports.csv``.
    travel : {"year", "winter", "spring", "summer", "autumn"}
        ``year`` asks of no time of the year: everything is open.

    Examples
    --------
    >>> is_open("1 April to 30 November", "winter"), is_open("1 April to 30 November", "summer")
    (False, True)
    >>> is_open("1 November to 31 March", "winter")
    True
    """
    if SEASONS[travel] == 0:
        return True
    return is_open_on(season, date(2024, SEASONS[travel], 15))


def is_open_on(season: str, day: date) -> bool:
    """Whether a port of this season is open on a day of the year; always, if it is not known.

    Examples
    --------
    >>> is_open_on("1 April to 30 November", date(2025, 3, 31))
    False
    """
    span = _SPAN.fullmatch(season)
    if span is None:
        return True
    first = (MONTHS.index(span.group(2)), int(span.group(1)))
    last = (MONTHS.index(span.group(4)), int(span.group(3)))
    now = (day.month - 1, day.day)
    if first <= last:
        return first <= now <= last
    return now >= first or now <= last

"""The geodata room: the working hours of a port, in words of one pattern."""

from __future__ import annotations

import re
from itertools import pairwise
from zoneinfo import ZoneInfo

__all__ = ["opening", "parts"]

_SPAN = r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-4]):[0-5]\d"
_DAYS = "daily|weekdays|Monday to Saturday"
_HOURS = re.compile(rf"(?P<days>{_DAYS})( (?P<spans>{_SPAN}(, {_SPAN})*) (?P<zone>\w+/\w+))?")


def opening(text: str) -> str:
    """The hours as written, or nothing where they are not known; refuses what no clock shows.

    >>> opening("weekdays 10:00-18:00 Asia/Shanghai")
    'weekdays 10:00-18:00 Asia/Shanghai'
    """
    if text:
        parts(text)
    return text


def parts(text: str) -> tuple[str, list[str], str]:
    """Days, spans and time zone of a port's hours.

    Raises
    ------
    ValueError
        Words of another pattern, hours that do not rise, a zone that does not exist.

    Examples
    --------
    >>> parts("daily 10:00-14:00, 15:00-19:00 Asia/Shanghai")
    ('daily', ['10:00-14:00', '15:00-19:00'], 'Asia/Shanghai')
    >>> parts("weekdays")
    ('weekdays', [], '')
    """
    found = _HOURS.fullmatch(text)
    if found is None:
        wanted = "daily, weekdays or Monday to Saturday, then 10:00-18:00 Asia/Shanghai"
        raise ValueError(f"{text!r}: write {wanted}, or nothing where they are not known")
    spans = found["spans"].split(", ") if found["spans"] else []
    ends = [end for span in spans for end in span.split("-")]
    if any(a >= b for a, b in pairwise(ends)) or any(end > "24:00" for end in ends):
        raise ValueError(f"{text!r}: the hours must rise, to 24:00 at most")
    if found["zone"]:
        try:
            ZoneInfo(found["zone"])
        except (KeyError, ValueError):
            raise ValueError(f"{found['zone']!r} is not a time zone such as Asia/Almaty") from None
    return found["days"], spans, found["zone"] or ""

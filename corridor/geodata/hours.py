"""The geodata room: the working hours of a port, in words of one pattern."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from zoneinfo import ZoneInfo

__all__ = ["opening", "parts", "zones_of"]

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


@lru_cache(maxsize=1)
def _zones() -> dict[str, tuple[str, ...]]:
    """The time zones of every country, by the table ``zone.tab`` of the IANA data in tzdata."""
    text = files("tzdata.zoneinfo").joinpath("zone.tab").read_text("utf-8")
    found: dict[str, tuple[str, ...]] = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            country, _, zone, *_ = line.split("\t")
            found[country] = (*found.get(country, ()), zone)
    return found


def zones_of(country: str) -> tuple[str, ...]:
    """The time zones of a country (ISO 3166 code of two letters); none where there is no such.

    >>> zones_of("CN"), zones_of("KG")
    (('Asia/Shanghai', 'Asia/Urumqi'), ('Asia/Bishkek',))
    """
    return _zones().get(country, ())

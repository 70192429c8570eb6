"""From asking to running: the clocks of countries, and what they show hour by hour."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from importlib import resources
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

__all__ = ["calendar", "zone"]

Int64 = npt.NDArray[np.int64]


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    """The time zone from the pinned tzdata package, not from the computer's own database.

    A system's data may predate the Kazakh change of 2024-03-01, and results must not.
    """
    *folders, leaf = name.split("/")
    package = ".".join(["tzdata.zoneinfo", *folders])
    with resources.files(package).joinpath(leaf).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


@lru_cache(maxsize=32)
def calendar(start: datetime, hours: int, clock: str) -> tuple[Int64, Int64, Int64]:
    """Local month (0-11), weekday (0-6) and hour of day of each hour after `start`, (hours,)."""
    utc = int(start.timestamp()) + 3600 * np.arange(hours)
    day, second = np.divmod(utc + _ahead(start, hours, clock), 86_400)
    month = day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return month % 12, (day + 3) % 7, second // 3600  # the epoch began on a Thursday


def _ahead(start: datetime, hours: int, clock: str) -> Int64:
    """What a clock is ahead of UTC at each hour after `start`, s, (hours,).

    It is asked once a day, and every hour of a day on which it changes: to ask is slow.
    """
    tz = zone(clock)

    def ahead(hour: int) -> int:
        offset = (start + timedelta(hours=hour)).astimezone(tz).utcoffset()
        assert offset is not None
        return round(offset.total_seconds())

    found = np.empty(hours, dtype=np.int64)
    asked = {hour: ahead(hour) for hour in [*range(0, hours, 24), hours]}
    for a, b in pairwise(asked):
        each = asked[a] if asked[a] == asked[b] else [ahead(hour) for hour in range(a, b)]
        found[a:b] = each
    return found

"""Report room, charts: clocks and months, shared by the charts that run over time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from corridor.report.charts.canvas import COLOUR
from corridor.report.terms import place_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from corridor.results import Results

__all__ = [
    "clocks",
    "date_words",
    "days",
    "local",
    "month_axis",
    "month_name",
    "months_words",
    "source_note",
    "spans",
]


def local(hours: pd.Series[Any], clock: str) -> pd.DatetimeIndex:
    """Naive UTC as naive local time of an IANA zone."""
    index = pd.DatetimeIndex(hours)
    return index.tz_localize("UTC").tz_convert(clock).tz_localize(None)


def spans(calendar: pd.DataFrame, clock: str) -> pd.DataFrame:
    """The calendar with `begin` and `end` as naive local time of one clock.

    A bare date stands for the whole day of the port, the last day included.
    """
    zone, table = ZoneInfo(clock), calendar.copy()
    for name, column, days_on in (("begin", "from", 0), ("end", "until", 1)):
        moments = [_moment(text, zone, days_on) for text in table[column].tolist()]
        table[name] = pd.DatetimeIndex(moments)
    return table


def _moment(text: str, zone: ZoneInfo, days_on: int) -> datetime:
    stamp = datetime.fromisoformat(text)
    if stamp.tzinfo is None:
        return stamp + timedelta(days=days_on if len(text) == 10 else 0)
    return stamp.astimezone(zone).replace(tzinfo=None)


def clocks(results: Results) -> str:
    """Both clocks named: which one the axis is in, and how far the posts' own are from it.

    The offsets are read from the opening hours in the calendar: a zone's name alone does not say
    what it was that year, nor when it changed.
    """
    clock = results.record["scenarios"][0]["period"]["clock"]
    since = datetime.fromisoformat(results.record["scenarios"][0]["period"]["measure_from"])
    own = _hours(since.replace(tzinfo=ZoneInfo(clock)))
    said = [f"Hours are in {clock.replace('_', ' ')} (UTC{own:+g})"]
    for place, moments in _offsets(results.calendar, clock).items():
        told = [
            f"{_gap(theirs - ours)}{f' from {date_words(since)}' if k else ''} (UTC{theirs:+g})"
            for k, (since, theirs, ours) in enumerate(moments)
        ]
        said.append(f"{place_words(place)} is {', '.join(told)}")
    return "; ".join(said) + "."


def _offsets(calendar: pd.DataFrame, clock: str) -> dict[str, list[tuple[datetime, float, float]]]:
    """For each post, (since, its offset, the axis's offset) in hours, one entry a change."""
    zone = ZoneInfo(clock)
    found: dict[str, list[tuple[datetime, float, float]]] = {}
    rows = calendar[(calendar["kind"] == "open") & (calendar["place"].str.count("/") == 1)]
    stamps = [
        (datetime.fromisoformat(text), str(place))
        for end in ("from", "until")
        for place, text in zip(rows["place"].tolist(), rows[end].tolist(), strict=True)
    ]
    for stamp, place in sorted(s for s in stamps if s[0].tzinfo is not None):
        here = found.setdefault(place, [])
        theirs = _hours(stamp)
        ours = _hours(stamp.astimezone(zone))
        if not here or here[-1][1] - here[-1][2] != theirs - ours:
            here.append((stamp.replace(tzinfo=None), theirs, ours))
    order = list(dict.fromkeys(rows["place"]))
    return {place: found[place] for place in order if place in found}


def _gap(hours: float) -> str:
    if hours == 0:
        return "on the same clock"
    return f"{abs(hours):g} h {'ahead' if hours > 0 else 'behind'}"


def _hours(stamp: datetime) -> float:
    offset = stamp.utcoffset()
    return 0.0 if offset is None else offset.total_seconds() / 3600


def months_words(month: str) -> str:
    """``2024-04`` as ``April 2024``, in English on every computer.

    >>> months_words("2024-04")
    'April 2024'
    """
    year, number = month.split("-")[:2]
    return f"{_MONTHS[int(number) - 1]} {year}"


def month_axis(ax: Axes, begin: pd.Timestamp, end: pd.Timestamp, narrow: bool) -> None:
    """Ticks at the months' beginnings, their names between; the year under January."""
    ax.set_xlim(_day(begin), _day(end))
    starts = pd.date_range(begin.to_period("M").start_time, end, freq="MS")
    inside = [_day(s) for s in starts if begin <= s <= end]
    ax.set_xticks(inside, labels=[""] * len(inside))
    named = 0
    for i, start in enumerate(starts):
        stop = min(starts[i + 1] if i + 1 < len(starts) else end, end)
        first = max(start, begin)
        if (stop - first).days >= 12:
            month_name(ax, (_day(first) + _day(stop)) / 2, f"{start:%Y-%m}", named == 0, narrow)
            named += 1


def month_name(ax: Axes, x: float, month: str, first: bool, narrow: bool) -> None:
    """The name of ``"2024-04"`` under the axis at `x`; the year too if `first` or January."""
    lines = [months_words(month)[: 1 if narrow else 3]]
    if first or month.endswith("-01"):
        lines.append(month[:4])
    for row, text in enumerate(lines):
        ax.annotate(
            text,
            (x, 0),
            xycoords=("data", "axes fraction"),
            xytext=(0, -17 - 16 * row),
            textcoords="offset points",
            ha="center",
            va="baseline",
            color=COLOUR["ink-soft"],
        )


def days(index: Any) -> Any:
    """Moments as days since 1970: a float axis that needs no date converter."""
    values = np.asarray(index, dtype="datetime64[s]")
    return values.astype("int64") / 86400.0


def _day(moment: pd.Timestamp) -> float:
    return float(moment.timestamp() / 86400.0)


_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def date_words(moment: datetime) -> str:
    """``4 April 2024``."""
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def source_note(record: Mapping[str, Any]) -> str:
    """The source line of every chart that comes from the runs."""
    n = record["design"]["replications"]
    return f"Source: simulation, {n:,} replications a regime; run {record['run_id']}."

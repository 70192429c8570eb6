"""Report room, charts: the worst week of the year, hour by hour, on the port's clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from corridor.report.charts.canvas import COLOUR, Chart, chart, safe
from corridor.report.charts.label import direct_labels, pixel_axes
from corridor.report.charts.queue import paint_queue, port_queue, queue_table
from corridor.report.charts.time import clocks, date_words, days, source_note, spans
from corridor.report.numbers import number
from corridor.report.terms import place_words
from corridor.report.words import labels, main_port

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from corridor.results import Results

__all__ = ["worst_week"]

_WEEK = pd.Timedelta(days=7)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def worst_week(results: Results) -> Chart | None:
    """The week with the longest median queue under any regime, from a Monday where it can be."""
    hourly = port_queue(results)
    if not hourly:
        return None
    names, port = labels(results.record), main_port(results.record)
    worst = max(hourly, key=lambda n: float(hourly[n]["p50"].max()))
    peak = pd.Timestamp(str(hourly[worst]["p50"].idxmax()))
    first = _first_day(peak, hourly[worst].index)
    week = {n: f[(f.index >= first) & (f.index < first + _WEEK)] for n, f in hourly.items()}
    opening = spans(results.calendar, results.record["scenarios"][0]["period"]["clock"])
    opening = opening[(opening["kind"] == "open") & (opening["scenario"] == worst)]

    def paint(figure: Figure, narrow: bool) -> None:
        places = list(opening["place"].unique())[:3]
        ax = pixel_axes(figure, 40, 30, 8, None, bottom=30 + 30 * len(places))
        lines = paint_queue(ax, week, names)
        _axis(ax, first, narrow)
        direct_labels(ax, lines)
        _opening(ax, opening, places, (first, first + _WEEK))

    longest = float(week[worst]["p50"].max())
    return chart(
        "week",
        paint,
        (330, 330),
        f"The worst week begins on {date_words(first)}: {number(longest)} vehicles wait under "
        f"“{names[worst]}”",
        f"{place_words(port)}: vehicles waiting, hour by hour; line: median, band: P10 to P90. "
        f"Bars below: hours each post is open under “{names[worst]}”",
        f"{clocks(results)} {source_note(results.record)}",
        queue_table("Vehicles waiting, hour by hour", "local hour", week, names),
    )


def _first_day(peak: pd.Timestamp, index: pd.Index[Any]) -> pd.Timestamp:
    """The Monday before the peak; a week that would overrun the period is moved into it."""
    monday = peak.normalize() - pd.Timedelta(days=peak.weekday())
    latest = (pd.Timestamp(index[-1]) + pd.Timedelta(hours=1)).normalize() - _WEEK
    return max(min(monday, latest), pd.Timestamp(index[0]).normalize())


def _axis(ax: Axes, begin: pd.Timestamp, narrow: bool) -> None:
    first = float(begin.timestamp() / 86400)
    ax.set_xlim(first, first + 7)
    ax.set_xticks([first + d for d in range(8)], labels=[""] * 8)
    for d in range(7):
        date = begin + pd.Timedelta(days=d)
        name = _DAYS[date.weekday()]
        text = f"{name[:1]} {date.day}" if narrow else f"{name[:3]} {date.day}"
        ax.annotate(
            text,
            (first + d + 0.5, 0),
            xycoords=("data", "axes fraction"),
            xytext=(0, -6),
            textcoords="offset points",
            ha="center",
            va="top",
            color=COLOUR["ink-soft"],
        )


def _opening(
    ax: Axes, opening: pd.DataFrame, places: list[str], week: tuple[pd.Timestamp, pd.Timestamp]
) -> None:
    """Under the axis, a row of opening hours for each post, all on the axis's clock."""
    height = ax.get_window_extent().height
    first = float(week[0].timestamp() / 86400)
    for i, place in enumerate(places):
        y = -(44 + 30 * i) / height
        ax.text(
            0,
            y,
            f"open: {safe(place_words(place), 24)}",
            transform=ax.transAxes,
            color=COLOUR["ink-soft"],
            va="baseline",
            ha="left",
        )
        rows = opening[opening["place"] == place]
        bars = [
            (max(b, first), min(e, first + 7) - max(b, first))
            for b, e in zip(days(rows["begin"]), days(rows["end"]), strict=True)
            if e > first and b < first + 7
        ]
        ax.broken_barh(
            bars,
            (y - 11 / height, 6 / height),
            transform=ax.get_xaxis_transform(),
            facecolor=COLOUR["ink-faint"],
            linewidth=0,
            clip_on=False,
        )

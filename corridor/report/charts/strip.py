"""Report room, charts: the year on one strip, and the queue under it on the same days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corridor.report.charts.canvas import COLOUR, Chart, chart, safe, tint
from corridor.report.charts.label import LETTER, direct_labels, pixel_axes
from corridor.report.charts.queue import paint_queue, port_queue, queue_table
from corridor.report.charts.time import clocks, date_words, days, month_axis, source_note, spans
from corridor.report.numbers import number
from corridor.report.terms import place_words
from corridor.report.words import labels, main_port

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from corridor.results import Results

__all__ = ["year"]

ROW, HOLIDAY = 38, 26  # pixels: a regime's row with its label, a row of holidays or events


def year(results: Results) -> Chart | None:
    """The strip of open and closed days for each regime, over the queue at the port."""
    hourly = port_queue(results)
    if not hourly:
        return None
    names = labels(results.record)
    period = results.record["scenarios"][0]["period"]
    begin, end = pd.Timestamp(period["measure_from"]), pd.Timestamp(period["until"])
    daily = {n: f.groupby(pd.DatetimeIndex(f.index).normalize()).max() for n, f in hourly.items()}
    daily = {n: f[(f.index >= begin) & (f.index < end)] for n, f in daily.items()}
    table = spans(results.calendar, period["clock"])
    rows = _rows(table)

    def paint(figure: Figure, narrow: bool) -> None:
        top = len(daily) * ROW + len(rows) * HOLIDAY
        strip = pixel_axes(figure, 40, 4, 8, top)
        _strip(strip, table, _short(names, narrow), rows, (begin, end))
        queue = pixel_axes(figure, 40, top + 24, 8, None, bottom=42)
        lines = paint_queue(queue, daily, names)
        month_axis(queue, begin, end, narrow)
        strip.set_xlim(queue.get_xlim())
        direct_labels(queue, lines)

    extra = len(daily) * ROW + len(rows) * HOLIDAY
    peaks = "; on ".join(_peak(names[n], f) for n, f in daily.items())
    return chart(
        "year",
        paint,
        (extra + 300, extra + 290),
        f"The queue is longest on {peaks}",
        f"{place_words(main_port(results.record))}: days on which every post opens (hatched: "
        "closed season; outlined: special opening; storms as in one simulated year), and vehicles "
        "waiting at the fullest hour of "
        "each day; line: median, band: 8 in 10 years (P10 to P90)",
        f"{clocks(results)} {source_note(results.record)}",
        queue_table("Vehicles waiting at the fullest hour of the day", "day", daily, names),
    )


def open_days(table: pd.DataFrame, begin: pd.Timestamp, end: pd.Timestamp) -> NDArray[np.bool_]:
    """For each day from `begin` to `end`: does every post that has hours open on it?"""
    mine = table[table["kind"] == "open"]
    start, total = float(days(begin)), (end - begin).days
    joint = np.ones(total, dtype=bool)
    places = [p for p in mine["place"].unique() if "/" not in p] or list(mine["place"].unique())
    for place in places:
        here = mine[mine["place"] == place]
        first = np.floor(days(here["begin"]) - start).clip(0, total).astype(int)
        beyond = np.ceil(days(here["end"]) - start).clip(0, total).astype(int)
        some = beyond > first
        change = np.bincount(first[some], minlength=total + 1)
        change -= np.bincount(beyond[some], minlength=total + 1)
        joint &= np.cumsum(change)[:total] > 0
    return joint if places else np.zeros(total, dtype=bool)


def runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """The stretches of true, as (first, length).

    >>> runs(np.array([True, True, False, True]))
    [(0, 2), (3, 1)]
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(int)))
    return [(int(a), int(b - a)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _strip(
    ax: Axes,
    table: pd.DataFrame,
    names: dict[str, str],
    rows: list[tuple[str, pd.DataFrame]],
    period: tuple[pd.Timestamp, pd.Timestamp],
) -> None:
    """Rows from the top: each regime, then the holidays and the events, ticked."""
    ax.set_axis_off()
    ax.set_ylim(ax.get_window_extent().height, 0)  # one unit down is one pixel
    left, right = (float(d) for d in days(pd.DatetimeIndex(period)))
    ax.set_xlim(left, right)
    y = 0.0
    for i, (name, label) in enumerate(names.items()):
        ax.text(left, y + 12, label, color=tint(i, True), weight="bold", va="baseline")
        _regime(ax, table[table["scenario"] == name], period, y + 17, i, label)
        y += ROW
    for label, marks in rows:
        event = bool((marks["kind"] == "event").any())
        ax.text(left, y + 12, safe(label, 44), color=COLOUR["storm" if event else "ink-soft"])
        ticks = [
            (a, max(n, 1.0))
            for kind in ("holiday", "event")
            for a, n in _spans_of(marks, kind, left, right)
        ]
        ax.broken_barh(
            ticks, (y + 16, 6), facecolor=COLOUR["storm" if event else "ink"], linewidth=0
        )
        y += HOLIDAY


def _short(names: dict[str, str], narrow: bool) -> dict[str, str]:
    return {name: safe(label, 36 if narrow else 80) for name, label in names.items()}


def _regime(
    ax: Axes,
    table: pd.DataFrame,
    period: tuple[pd.Timestamp, pd.Timestamp],
    y: float,
    i: int,
    label: str,
) -> None:
    """One bar: open days full, other days of the season faint, the closed season hatched."""
    left, right = ax.get_xlim()
    letter = LETTER * (right - left) / ax.get_window_extent().width  # days a letter
    bar = (y, 15.0)
    ax.broken_barh([(left, right - left)], bar, facecolor=tint(i), alpha=0.16, linewidth=0)
    shut = _spans_of(table, "season_closed", left, right)
    ax.broken_barh(shut, bar, facecolor=COLOUR["paper"], linewidth=0)
    hatch: dict[str, Any] = {
        "facecolor": "none",
        "edgecolor": COLOUR["closed"],
        "hatch": "////",
        "linewidth": 0,
    }
    ax.broken_barh(shut, bar, **hatch)
    opened = [(left + a, n) for a, n in runs(open_days(table, *period))]
    ax.broken_barh(opened, bar, facecolor=tint(i), linewidth=0)
    special = _spans_of(table, "special_opening", left, right)
    _special(ax, special, bar, (left, right), tint(i, True), len(label) * letter)
    for a, n in _between(shut, special)[:1]:
        if n > 8 * letter:
            paper = {"facecolor": COLOUR["paper"], "edgecolor": "none", "pad": 1.5}
            ax.text(
                a + n / 2,
                y + 7.5,
                "closed",
                ha="center",
                va="center",
                bbox=paper,
                color=COLOUR["ink-soft"],
            )


def _special(
    ax: Axes,
    found: list[tuple[float, float]],
    bar: tuple[float, float],
    edges: tuple[float, float],
    colour: str,
    taken: float,
) -> None:
    """Outlined spans, named where the row's own label (`taken` days long) leaves room."""
    for a, n in found:
        ax.broken_barh([(a, n)], bar, facecolor=COLOUR["paper"], edgecolor=colour, linewidth=1.6)
        ax.broken_barh([(a, n)], bar, facecolor=colour, alpha=0.45, linewidth=0)
    if found:
        a, n = found[0]
        late = (a - edges[0]) / (edges[1] - edges[0]) > 0.6
        text = "special opening" if len(found) == 1 else "special openings"
        letter = LETTER * (edges[1] - edges[0]) / ax.get_window_extent().width
        begins = a + n - len(text) * letter if late else a
        if begins > edges[0] + taken + letter:
            ax.text(
                a + n if late else a,
                bar[0] - 5,
                text,
                ha="right" if late else "left",
                fontsize=12,
                color=colour,
            )


def _between(
    spans_: list[tuple[float, float]], cuts: list[tuple[float, float]]
) -> list[tuple[float, float]]:
    """What is left of the spans without the cuts, the longest first."""
    left = [(a, a + n) for a, n in spans_]
    for cut, n in cuts:
        left = [
            piece
            for a, b in left
            for piece in ((a, min(b, cut)), (max(a, cut + n), b))
            if piece[1] > piece[0]
        ]
    return sorted(((a, b - a) for a, b in left), key=lambda p: -p[1])


def _rows(table: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """Up to four rows of holidays, by country or post, and up to three of events, by name."""
    holidays: dict[str, list[int]] = {}
    events: dict[str, list[int]] = {}
    for i, row in enumerate(table.to_dict("records")):
        if row["kind"] == "holiday":
            country, colon, _ = str(row["name"]).partition(": ")
            holidays.setdefault(country if colon else place_words(row["place"]), []).append(i)
        elif row["kind"] == "event":
            events.setdefault(str(row["name"]), []).append(i)
    found = [(f"Holidays, {who}", table.iloc[rows]) for who, rows in holidays.items()][:4]
    return found + [(name, table.iloc[rows]) for name, rows in events.items()][:3]


def _spans_of(
    table: pd.DataFrame, kind: str, left: float, right: float
) -> list[tuple[float, float]]:
    """(first day, days) of one kind, cut to the strip; the posts' own spans are merged."""
    rows = table[table["kind"] == kind]
    merged: list[list[float]] = []
    for a, b in sorted(zip(days(rows["begin"]), days(rows["end"]), strict=True)):
        a, b = max(float(a), left), min(float(b), right)
        if b <= a:
            continue
        if merged and a <= merged[-1][1] + 0.3:
            merged[-1][1] = max(merged[-1][1], b)
        else:
            merged.append([a, b])
    return [(a, b - a) for a, b in merged]


def _peak(label: str, frame: pd.DataFrame) -> str:
    day, most = pd.Timestamp(str(frame["p50"].idxmax())), float(frame["p50"].max())
    return f"{date_words(day)} under “{label}” ({number(most)} vehicles)"

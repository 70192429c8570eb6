"""Report room, charts: what passes in each month of the year, with its interval."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from corridor.report.charts.canvas import Chart, axis_words, chart, open_axes, safe, tint
from corridor.report.charts.label import Line, direct_labels, pixel_axes
from corridor.report.charts.time import month_name, months_words, source_note
from corridor.report.numbers import number
from corridor.report.tables import frame_table
from corridor.report.terms import place_words
from corridor.report.words import labels, main_port

if TYPE_CHECKING:
    from corridor.results import Results

__all__ = ["months"]


def months(results: Results) -> Chart | None:
    """Tonnes a month through the port under each regime, with the 95% interval as a band."""
    table, port, names = results.monthly, main_port(results.record), labels(results.record)
    if table.empty:
        return None
    table = table[(table["place"] == port) & (table["class"] == "all")]
    table = table[table["metric"] == "tonnes"]
    if table.empty:
        return None
    order = sorted(table["month"].unique())
    frames = {
        n: table[table["scenario"] == n].set_index("month")[["mean", "low", "high"]].reindex(order)
        for n in names
        if (table["scenario"] == n).any()
    }

    where = place_words(port)
    return chart(
        "months",
        lambda figure, narrow: _paint(figure, narrow, frames, names),
        (300, 290),
        _finding(frames, names),
        f"{where}: cargo through the port, t a month, both directions; band: 95% interval of the "
        "mean",
        source_note(results.record),
        frame_table("Cargo through the port, t", _data(frames, names), texts=("month",)),
    )


def _paint(
    figure: Figure, narrow: bool, frames: dict[str, pd.DataFrame], names: dict[str, str]
) -> None:
    ax = pixel_axes(figure, 48, 30, 8, None, bottom=42)
    open_axes(ax)
    order = list(next(iter(frames.values())).index)
    x = np.arange(len(order), dtype=float)
    lines = []
    for i, (name, frame) in enumerate(frames.items()):
        mean = frame["mean"].to_numpy(dtype=float)
        low, high = (frame[k].fillna(frame["mean"]).to_numpy(dtype=float) for k in ("low", "high"))
        ax.fill_between(x, low, high, color=tint(i), alpha=0.25, linewidth=0)
        ax.plot(x, mean, color=tint(i), linewidth=1.8, marker="o", markersize=4.5)
        lines.append(Line(safe(names[name], 40), x, low, high, tint(i, True)))
    ax.set_xlim(-0.5, len(order) - 0.5)
    ax.set_ylim(0, 1.2 * float(np.nanmax([f.to_numpy() for f in frames.values()])) or 1)
    ax.yaxis.set_major_formatter(lambda v, _: f"{v:,.0f}")
    ax.set_xticks(x, labels=[""] * len(order))
    for i, month in enumerate(order):
        month_name(ax, float(i), month, i == 0, narrow)
    axis_words(ax, "t a month", over=True, dx=-44)
    direct_labels(ax, lines)


def _finding(frames: dict[str, pd.DataFrame], names: dict[str, str]) -> str:
    """What the months say: where two regimes lie furthest apart, or one's best month."""
    keys = list(frames)
    if len(keys) != 2:
        best = [
            f"{months_words(str(f['mean'].idxmax()))} under “{names[n]}”" for n, f in frames.items()
        ]
        return f"The fullest month is {', '.join(best)}"
    gap = frames[keys[1]]["mean"] - frames[keys[0]]["mean"]
    most, least = str(gap.idxmax()), str(gap.idxmin())
    parts = []
    if gap[most] > 0:
        parts.append(f"gains most in {months_words(most)} (+{number(float(gap[most]), 't')})")
    if gap[least] < 0:
        parts.append(f"loses most in {months_words(least)} ({number(float(gap[least]), 't')})")
    told = " and ".join(parts) or "moves the same every month"
    return f"“{names[keys[1]]}” {told}, against “{names[keys[0]]}”"


def _data(frames: dict[str, pd.DataFrame], names: dict[str, str]) -> pd.DataFrame:
    first = next(iter(frames.values()))
    columns: dict[str, object] = {"month": list(first.index)}
    for name, f in frames.items():
        for column, words in (("mean", "mean"), ("low", "low"), ("high", "high")):
            columns[f"{names[name]}, {words}"] = f[column].to_numpy()
    return pd.DataFrame(columns)

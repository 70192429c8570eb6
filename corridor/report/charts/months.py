"""Report room, charts: what passes in each month of the year, with its interval."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from corridor.report.charts.canvas import (
    Chart,
    axis_words,
    chart,
    dashes,
    open_axes,
    safe,
    tint,
)
from corridor.report.charts.label import Line, direct_labels, pixel_axes
from corridor.report.charts.time import month_name, months_words, source_note
from corridor.report.numbers import number
from corridor.report.tables import frame_table
from corridor.report.terms import place_words, sentence
from corridor.report.words import labels, main_metric, main_port

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from corridor.results import Results

__all__ = ["months"]


def months(results: Results) -> Chart | None:
    """Tonnes a month through the port under each regime, with the 95% interval as a band."""
    table, port, names = results.monthly, main_port(results.record), labels(results.record)
    if table.empty:
        return None
    table = table[(table["place"] == port) & (table["class"] == "all")]
    metric = main_metric(results)
    table = table[table["metric"] == metric]
    order = sorted(table["month"].unique())
    if len(order) < 3:
        return None
    what, unit = ("cargo", "t") if metric == "tonnes" else ("vehicles", "vehicles")
    frames = {
        n: table[table["scenario"] == n].set_index("month")[["mean", "low", "high"]].reindex(order)
        for n in names
        if (table["scenario"] == n).any()
    }

    where = place_words(port)
    return chart(
        "months",
        lambda figure, narrow: _paint(figure, narrow, frames, names, unit),
        (300, 290),
        _finding(frames, names, unit),
        f"{where}: {what} through the port, {unit} a month, both directions; "
        "band: 95% interval of the mean",
        source_note(results.record),
        frame_table(
            f"{sentence(what)} through the port, {unit}", _data(frames, names), texts=("month",)
        ),
    )


def _paint(
    figure: Figure,
    narrow: bool,
    frames: dict[str, pd.DataFrame],
    names: dict[str, str],
    unit: str,
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
        ax.plot(
            x, mean, color=tint(i), linewidth=1.8, marker="o", markersize=4.5, linestyle=dashes(i)
        )
        lines.append(Line(safe(names[name], 40), x, low, high, tint(i, True)))
    ax.set_xlim(-0.5, len(order) - 0.5)
    ax.set_ylim(0, 1.2 * float(np.nanmax([f.to_numpy() for f in frames.values()])) or 1)
    ax.yaxis.set_major_formatter(lambda v, _: f"{v:,.0f}")
    ax.set_xticks(x, labels=[""] * len(order))
    for i, month in enumerate(order):
        month_name(ax, float(i), month, i == 0, narrow)
    axis_words(ax, f"{unit} a month", over=True, dx=-44)
    direct_labels(ax, lines)


def _finding(frames: dict[str, pd.DataFrame], names: dict[str, str], unit: str) -> str:
    """What the months say: where two regimes lie furthest apart, or one's best month."""
    keys = list(frames)
    if len(keys) != 2:
        best = {n: months_words(str(f["mean"].idxmax())) for n, f in frames.items()}
        if len(set(best.values())) == 1:
            every = " under every regime" if len(best) > 1 else ""
            return f"The fullest month is {next(iter(best.values()))}{every}"
        said = [f"{month} under “{names[n]}”" for n, month in best.items()]
        return f"The fullest month is {', '.join(said)}"
    gap = frames[keys[1]]["mean"] - frames[keys[0]]["mean"]
    most, least = str(gap.idxmax()), str(gap.idxmin())
    parts = []
    if gap[most] > 0:
        parts.append(f"gains most in {months_words(most)} (+{number(float(gap[most]), unit)})")
    if gap[least] < 0:
        parts.append(f"loses most in {months_words(least)} ({number(float(gap[least]), unit)})")
    told = " and ".join(parts) or "moves the same every month"
    return f"“{names[keys[1]]}” {told}, against “{names[keys[0]]}”"


def _data(frames: dict[str, pd.DataFrame], names: dict[str, str]) -> pd.DataFrame:
    first = next(iter(frames.values()))
    columns: dict[str, object] = {"month": list(first.index)}
    for name, f in frames.items():
        for column, words in (("mean", "mean"), ("low", "low"), ("high", "high")):
            columns[f"{names[name]}, {words}"] = f[column].to_numpy()
    return pd.DataFrame(columns)

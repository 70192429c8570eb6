"""Report room, charts: the time-distance and cost-distance staircase of UNESCAP.

Distance runs along, cumulated time (or cost) runs up: a leg slopes, a border stands upright.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from corridor.report.charts.canvas import (
    COLOUR,
    Chart,
    axis_words,
    chart,
    dashes,
    open_axes,
    safe,
    tint,
)
from corridor.report.charts.label import HEIGHT, LETTER, Box, pixel_axes, write
from corridor.report.charts.time import source_note
from corridor.report.numbers import number
from corridor.report.tables import frame_table
from corridor.report.terms import class_words, title_words
from corridor.report.words import labels

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from corridor.results import Results

__all__ = ["staircases"]


def staircases(results: Results) -> list[Chart]:
    """Time, and cost where it is known, for each corridor and direction of one class of unit.

    Laden trucks where the table has them, else its first class. The first chart is the one the
    page opens with.
    """
    table = results.staircase
    if table.empty:
        return []
    classes = list(table["class"].unique())
    chosen = next((c for c in classes if c.startswith("truck_laden")), classes[0])
    table = table[table["class"] == chosen]
    charts = []
    for i, ((corridor, direction), rows) in enumerate(
        table.groupby(["corridor", "direction"], sort=False)
    ):
        for what in ("hours", "usd"):
            if rows[f"{what}_mean"].notna().any() and float(rows[f"{what}_mean"].max()) > 0:
                about = (title_words(str(corridor)), str(direction), class_words(chosen))
                charts.append(_chart(results, rows, what, about, f"stair{i}{what[0]}"))
    return charts


def _chart(
    results: Results, rows: pd.DataFrame, what: str, about: tuple[str, str, str], key: str
) -> Chart:
    names = labels(results.record)
    frames = {n: rows[rows["scenario"] == n].sort_values("order") for n in names}
    frames = {n: f for n, f in frames.items() if not f.empty}
    noun, unit = ("time", "h") if what == "hours" else ("cost", "USD")

    def paint(figure: Figure, narrow: bool) -> None:
        ax = pixel_axes(figure, 48, 34, 12 if narrow else 16, None, bottom=34)
        _steps(ax, frames, what, narrow)
        axis_words(ax, f"{noun} since the start, {unit}", over=True, dx=-44)
        _places(ax, frames, what, narrow, _ends(ax, frames, what, names))

    corridor, direction, who = about
    ends = [str(name) for name in next(iter(frames.values()))["name"]]
    band = "; band: P10 to P90" if what == "hours" else ""
    return chart(
        key,
        paint,
        (400, 400),
        _finding(frames, names, what),
        f"{corridor}, {direction}, {ends[0]} to {ends[-1]}, {who}: {noun} since the start, {unit}, "
        f"over distance, km. A slope is road, an upright is a border post{band}",
        source_note(results.record),
        frame_table(
            f"Cumulated {noun}, {unit}", _data(frames, names, what), texts=("place", "kind")
        ),
    )


def _steps(ax: Axes, frames: dict[str, pd.DataFrame], what: str, narrow: bool) -> None:
    open_axes(ax)
    top = 0.0
    for i, frame in enumerate(frames.values()):
        x = frame["km"].to_numpy(dtype=float)
        y = frame[f"{what}_mean"].to_numpy(dtype=float)
        if what == "hours":
            low, high = (frame[f"hours_{p}"].to_numpy(dtype=float) for p in ("p10", "p90"))
            ax.fill_between(x, low, high, color=tint(i), alpha=0.2, linewidth=0)
            top = max(top, float(np.nanmax(high)))
        ax.plot(x, y, color=tint(i), linewidth=2, solid_joinstyle="miter", linestyle=dashes(i))
        top = max(top, float(np.nanmax(y)))
    ax.set_xlim(0, max(float(f["km"].max()) for f in frames.values()) or 1)
    ax.set_ylim(0, 1.15 * top)
    from matplotlib.ticker import MaxNLocator

    ax.xaxis.set_major_locator(MaxNLocator(5 if narrow else 8))
    ax.yaxis.set_major_formatter(lambda v, _: f"{v:,.0f}")
    ax.xaxis.set_major_formatter(lambda v, _: f"{v:,.0f}")
    ax.annotate(
        "km",
        (1, 0),
        xycoords="axes fraction",
        xytext=(0, -26),
        textcoords="offset points",
        ha="right",
        color=COLOUR["ink-soft"],
    )


def _places(
    ax: Axes, frames: dict[str, pd.DataFrame], what: str, narrow: bool, taken: list[Box]
) -> None:
    """Names on the steps: posts first and in bold, then the places that still have room.

    A name stands left of its step and over the highest line, where a rising line leaves room; a
    post's that would run out at the left stands under the line instead. What then meets another
    name is left to the table.
    """
    mean = f"{what}_mean"
    highest = max(frames.values(), key=lambda f: float(f[mean].max()))
    rows = highest[highest["km"] > 0].to_dict("records")
    posts = [r for r in rows if r["kind"] == "post"]
    posted = {r["name"] for r in posts}
    frame = ax.get_window_extent()
    for row in [*posts, *(r for r in rows if r["name"] not in posted)]:
        post = row["kind"] == "post"
        name = safe(str(row["name"]), 18 if narrow else 28)
        width = len(name) * LETTER
        x, y = ax.transData.transform((row["km"], row[mean]))
        y += 2 if post else 6
        room = Box(x - 5 - width, y, x - 5, y + HEIGHT)
        if post and room.left < frame.x0:
            low = min(float(f.loc[f["km"] == row["km"], mean].min()) for f in frames.values())
            y = max(ax.transData.transform((0, low))[1] - HEIGHT, frame.y0 + 2)
            room = Box(x + 5, y, x + 5 + width, y + HEIGHT)
        if room.left < frame.x0 or any(room.meets(other) for other in taken):
            continue
        taken.append(room)
        write(ax, room.left, room.bottom, name, COLOUR["ink" if post else "ink-soft"], bold=post)


def _ends(ax: Axes, frames: dict[str, pd.DataFrame], what: str, names: dict[str, str]) -> list[Box]:
    """Each regime's name and total: two at the ends of their lines, over and under them.

    More than two, or two without room, stand one under another in the corner that a staircase
    leaves free.
    """
    edges = ("hours_p10", "hours_p90") if what == "hours" else ("usd_mean", "usd_mean")
    unit, frame = "h" if what == "hours" else "USD", ax.get_window_extent()
    order = list(frames)
    ends = sorted(order, key=lambda n: -float(frames[n][f"{what}_mean"].iloc[-1]))
    texts = {
        n: f"{safe(names[n], 30)}: {number(float(frames[n][f'{what}_mean'].iloc[-1]), unit)}"
        for n in ends
    }
    widths = {n: len(text) * LETTER for n, text in texts.items()}
    top = ax.transData.transform((0, float(frames[ends[0]][edges[1]].max())))[1] + 5
    under = [_under(ax, frames[n], edges[0], widths[n]) - 6 - HEIGHT for n in ends[1:]]
    if len(ends) > 2 or any(y < frame.y0 + 2 for y in under):
        lows = [frame.y1 - 4 - (HEIGHT + 4) * (k + 1) for k in range(len(ends))]
        boxes = [
            Box(frame.x0 + 6, y, frame.x0 + 6 + widths[n], y + HEIGHT)
            for n, y in zip(ends, lows, strict=True)
        ]
    else:
        boxes = [
            Box(frame.x1 - widths[n], y, frame.x1, y + HEIGHT)
            for n, y in zip(ends, [top, *under], strict=True)
        ]
    for name, box in zip(ends, boxes, strict=True):
        colour = tint(order.index(name), True)
        if box.right == frame.x1:
            write(ax, box.right, box.bottom, texts[name], colour, "right", bold=True)
        else:
            write(ax, box.left, box.bottom, texts[name], colour, bold=True)
    return boxes


def _under(ax: Axes, frame: pd.DataFrame, edge: str, width: float) -> float:
    """The lowest pixel of a line's edge over the last `width` pixels of the axes."""
    points = ax.transData.transform(frame[["km", edge]].to_numpy(dtype=float))
    left = ax.get_window_extent().x1 - width
    return float(min(np.interp(left, points[:, 0], points[:, 1]), points[-1, 1]))


def _finding(frames: dict[str, pd.DataFrame], names: dict[str, str], what: str) -> str:
    """How much of the whole journey stands at the border."""
    unit = "h" if what == "hours" else "USD"
    told = []
    for name, frame in frames.items():
        total = frame[f"{what}_mean"].to_numpy(dtype=float)
        steps = np.diff(total, prepend=0.0)
        border = float(steps[(frame["kind"] == "post").to_numpy()].sum())
        told.append((f"{number(border)} of {number(float(total[-1]), unit)}", names[name]))
    shares = {share for share, _ in told}
    if len(shares) == 1 and len(told) > 1:
        return f"The border posts take {shares.pop()} under every regime"
    return "The border posts take " + ", ".join(f"{s} under “{label}”" for s, label in told)


def _data(frames: dict[str, pd.DataFrame], names: dict[str, str], what: str) -> pd.DataFrame:
    first = next(iter(frames.values()))
    columns: dict[str, object] = {
        "place": list(first["name"]),
        "kind": list(first["kind"]),
        "km": first["km"].to_numpy(),
    }
    parts = ("mean", "p10", "p90") if what == "hours" else ("mean",)
    for name, frame in frames.items():
        if len(frame) == len(first):
            for part in parts:
                columns[f"{names[name]}, {part}"] = frame[f"{what}_{part}"].to_numpy()
    return pd.DataFrame(columns)

"""Report room, charts: what was counted beside what the model predicts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corridor.report.charts.canvas import COLOUR, Chart, axis_words, chart, open_axes, safe
from corridor.report.charts.label import pixel_axes, write
from corridor.report.charts.time import source_note
from corridor.report.words import labels

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from corridor.results import Results

__all__ = ["validation"]


def validation(results: Results) -> Chart | None:
    """Prediction intervals as multiples of the count; the count itself stands at 1."""
    table = results.targets
    if table.empty:
        return None
    known = table[(table["observed"] > 0) & table["low"].notna() & table["high"].notna()]
    if known.empty:
        return None
    rows = known.sort_values("role", ascending=False, kind="stable").to_dict("records")
    names = labels(results.record)
    if known["target"].duplicated().any():
        for row in rows:
            row["title"] = f"{names.get(row['scenario'], row['scenario'])}: {row['title']}"

    height = int(72 + 44 * _depth(rows))
    return chart(
        "valid",
        lambda figure, narrow: _paint(figure, narrow, rows),
        (height, height),
        _finding(rows),
        "Dot: mean; bar: 95% prediction interval of one year, both divided by the count",
        source_note(results.record),
    )


HEADING = 0.62  # rows that the heading of a group takes


def _depth(rows: list[dict[Any, Any]]) -> float:
    return len(rows) + HEADING * len({r["role"] for r in rows})


def _paint(figure: Figure, narrow: bool, rows: list[dict[Any, Any]]) -> None:
    ax = pixel_axes(figure, 10, 24, 14, None, bottom=48)
    open_axes(ax, grid=False)
    ax.set_ylim(_depth(rows), 0)
    ax.set_yticks([])
    ax.set_xlim(0, max(1.5, 1.08 * max(r["high"] / r["observed"] for r in rows)))
    ax.axvline(1, color=COLOUR["ink"], linewidth=1.2)
    top = ax.get_window_extent().y1
    write(
        ax,
        ax.transData.transform((1, 0))[0],
        top + 5,
        "as counted",
        COLOUR["ink"],
        "center",
        bold=True,
    )
    y, role = 0.0, ""
    for row in rows:
        if row["role"] != role:
            role = row["role"]
            words = "never fitted" if role == "held_out" else "fitted"
            _written(ax, y + 0.42, words, COLOUR["ink-soft"], "bold")
            y += HEADING
        _target(ax, row, y, narrow)
        y += 1
    axis_words(ax, "model as a multiple of the count", over=False)


def _target(ax: Axes, row: dict[Any, Any], y: float, narrow: bool) -> None:
    """One row: its name, and under it the interval and the mean."""
    low, mean, high = (row[k] / row["observed"] for k in ("low", "mean", "high"))
    inside = bool(row["inside"])
    colour = COLOUR["ink-soft" if inside else "storm"]
    ax.plot(
        [low, high], [y + 0.72] * 2, color=colour, linewidth=6, alpha=0.45, solid_capstyle="butt"
    )
    ax.plot([mean], [y + 0.72], "o", color=colour, markersize=8)
    name = safe(row["title"], 46 if narrow else 90) + ("" if inside else ": outside")
    _written(ax, y + 0.4, name, COLOUR["ink"] if inside else colour)


def _written(ax: Axes, y: float, text: str, colour: str, weight: str = "normal") -> None:
    paper = {"facecolor": COLOUR["paper"], "edgecolor": "none", "pad": 1.0}
    ax.text(0, y, text, color=colour, weight=weight, va="baseline", bbox=paper)


def _finding(rows: list[dict[Any, Any]]) -> str:
    held = [r for r in rows if r["role"] == "held_out"]
    pool, what = (held, "counts the model has never seen") if held else (rows, "fitted counts")
    inside = sum(bool(r["inside"]) for r in pool)
    if len(pool) == 1:
        where = "inside" if inside else "outside"
        return f"The one of the {what} lies {where} the model’s interval"
    lie = "lies" if inside == 1 else "lie"
    return f"{inside} of {len(pool)} {what} {lie} inside the model’s interval"

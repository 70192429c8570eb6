"""Report room, charts: the queue at the port, for the charts of the year and of the week."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from corridor.report.charts.canvas import axis_words, dashes, open_axes, safe, tint
from corridor.report.charts.label import Line
from corridor.report.charts.time import days, local
from corridor.report.tables import Table, frame_table
from corridor.report.words import main_port

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from corridor.results import Results

__all__ = ["paint_queue", "port_queue", "queue_table"]


def port_queue(results: Results) -> dict[str, pd.DataFrame]:
    """The hourly queue at the port, one frame a scenario, indexed by the port's own time.

    Columns mean, p10, p50, p90; the index is naive local time of the record's clock.
    """
    series, port = results.series, main_port(results.record)
    if series.empty:
        return {}
    table = series[(series["place"] == port) & (series["measure"] == "queue")]
    clock = results.record["scenarios"][0]["period"]["clock"]
    queues = {}
    for scenario in results.record["scenarios"]:
        mine = table[table["scenario"] == scenario["name"]].sort_values("hour")
        if not mine.empty:
            frame = mine[["mean", "p10", "p50", "p90"]].reset_index(drop=True)
            frame.index = local(mine["hour"], clock)
            queues[scenario["name"]] = frame
    return queues


def paint_queue(ax: Axes, frames: dict[str, pd.DataFrame], names: dict[str, str]) -> list[Line]:
    """The median of each regime with its band P10 to P90; the lines, to be named later."""
    open_axes(ax)
    lines = []
    for i, (name, frame) in enumerate(frames.items()):
        if frame.empty:
            continue
        x = days(frame.index)
        low, high = (frame[p].to_numpy(dtype=float) for p in ("p10", "p90"))
        ax.fill_between(x, low, high, color=tint(i), alpha=0.22, linewidth=0)
        ax.plot(x, frame["p50"], color=tint(i), linewidth=1.6, linestyle=dashes(i))
        lines.append(Line(safe(names[name], 40), x, low, high, tint(i, True)))
    ax.set_ylim(0, 1.22 * max(float(line.high.max()) for line in lines) or 1)
    ax.yaxis.set_major_formatter(lambda v, _: f"{v:,.0f}")
    axis_words(ax, "vehicles waiting", over=True, dx=-36)
    return lines


def queue_table(
    caption: str, when: str, frames: dict[str, pd.DataFrame], names: dict[str, str]
) -> Table:
    """The data of a queue chart: one row a moment, P10, median and P90 of each regime."""
    first = next(iter(frames.values()))
    hourly = len(first) > 1 and first.index[1] - first.index[0] < pd.Timedelta(days=1)
    moments = pd.DatetimeIndex(first.index).strftime("%Y-%m-%d %H:%M" if hourly else "%Y-%m-%d")
    columns: dict[str, object] = {when: list(moments)}
    for name, frame in frames.items():
        for column, words in (("p10", "P10"), ("p50", "median"), ("p90", "P90")):
            columns[f"{names[name]}, {words}"] = frame[column].reindex(first.index).to_numpy()
    return frame_table(caption, pd.DataFrame(columns), texts=(when,))

"""Report room, charts: where things stand on the drawing, in page pixels, and direct labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["HEIGHT", "LETTER", "Box", "Line", "direct_labels", "pixel_axes", "write"]

Floats = NDArray[np.float64]
LETTER = 7.4  # pixels a bold letter at 12 px, on the wide side
HEIGHT = 14.0  # pixels a line of text


class Line(NamedTuple):
    """A line to be named: its label, its points, the lower and upper edge of its band."""

    label: str
    x: Floats
    low: Floats
    high: Floats
    colour: str


class Box(NamedTuple):
    """Room that a text takes, in pixels."""

    left: float
    bottom: float
    right: float
    top: float

    def meets(self, other: Box) -> bool:
        """Whether the two overlap."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.bottom < other.top
            and other.bottom < self.top
        )


def pixel_axes(
    figure: Figure,
    left: float,
    top: float,
    right: float,
    height: float | None,
    bottom: float | None = None,
) -> Axes:
    """Axes set by page pixels from the figure's edges; `height` or `bottom`, not both."""
    width_all, height_all = figure.get_size_inches() * 72
    if height is None:
        height = height_all - top - (bottom or 0)
    return figure.add_axes(
        (
            left / width_all,
            (height_all - top - height) / height_all,
            (width_all - left - right) / width_all,
            height / height_all,
        )
    )


def direct_labels(ax: Axes, lines: Sequence[Line]) -> None:
    """Each label beside its own line, where it stands clearest of all the others.

    Every place over or under the line is tried: a label may not leave the axes, nor touch its own
    band; of the rest the one farthest from other bands and labels wins, and at equal distance the
    one where the line is highest, which is where the eye is.
    """
    frame = ax.get_window_extent()
    pixels = [_in_pixels(ax, line) for line in lines]
    placed: list[Box] = []
    for i, line in enumerate(lines):
        width = len(line.label) * LETTER
        box = _best(pixels, i, width, placed, Box(frame.x0, frame.y0, frame.x1, frame.y1))
        placed.append(box)
        write(ax, box.left + width / 2, box.bottom, line.label, line.colour, "center", bold=True)


def write(
    ax: Axes, x: float, y: float, text: str, colour: str, ha: str = "left", bold: bool = False
) -> None:
    """Text whose lower edge stands at a pixel of the figure."""
    at = ax.transAxes.inverted().transform((x, y))
    ax.text(
        float(at[0]),
        float(at[1]),
        text,
        transform=ax.transAxes,
        ha=ha,
        va="bottom",
        color=colour,
        weight="bold" if bold else "normal",
    )


def _best(
    lines: Sequence[tuple[Floats, Floats, Floats]],
    own: int,
    width: float,
    placed: Sequence[Box],
    frame: Box,
) -> Box:
    x, low, high = lines[own]
    top = max(float(np.nanmax(high)) - frame.bottom, 1.0)
    best, score = Box(frame.left, frame.top - HEIGHT, frame.left + width, frame.top), -np.inf
    room = max(frame.right - frame.left - width, 0.0)
    for left in np.linspace(frame.left, frame.left + room, 80):
        span = (x >= left - 2) & (x <= left + width + 2)
        if not span.any():
            continue
        over = float(np.nanmax(high[span])) + 4
        under = float(np.nanmin(low[span])) - 4 - HEIGHT
        for bottom, cost in ((over, 0.0), (under, 8.0)):
            box = Box(float(left), bottom, float(left) + width, bottom + HEIGHT)
            if bottom < frame.bottom + 2 or box.top > frame.top + 6:
                continue
            if any(box.meets(other) for other in placed):
                continue
            clear = min(
                (_clearance(line, box) for j, line in enumerate(lines) if j != own), default=30.0
            )
            height = (float(np.nanmean(high[span])) - frame.bottom) / top
            value = min(clear, 30.0) + 12 * height - cost
            if value > score:
                best, score = box, value
    return best


def _clearance(line: tuple[Floats, Floats, Floats], box: Box) -> float:
    """Pixels between a box and a band; negative where they overlap."""
    x, low, high = line
    span = (x >= box.left - 4) & (x <= box.right + 4)
    if not span.any():
        return 30.0
    return float(np.nanmin(np.maximum(box.bottom - high[span], low[span] - box.top)))


def _in_pixels(ax: Axes, line: Line) -> tuple[Floats, Floats, Floats]:
    """A line's points in pixels, twelve between every two, so that slopes are seen."""
    n = max(2, min(len(line.x) * 12, 4000))
    x = np.linspace(float(line.x[0]), float(line.x[-1]), n)
    edges = [np.interp(x, line.x, edge) for edge in (line.low, line.high)]
    low, high = (ax.transData.transform(np.column_stack([x, e]))[:, 1] for e in edges)
    return ax.transData.transform(np.column_stack([x, edges[0]]))[:, 0], low, high

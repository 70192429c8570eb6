"""Report room, charts: all charts of a page in one go, so that another process may draw them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from corridor.report.charts.canvas import Chart
from corridor.report.charts.months import months
from corridor.report.charts.staircase import staircases
from corridor.report.charts.strip import year
from corridor.report.charts.validation import validation
from corridor.report.charts.week import worst_week

if TYPE_CHECKING:
    from corridor.results import Results

__all__ = ["Drawn", "drawn"]


@dataclass(frozen=True)
class Drawn:
    """The charts of a page, by section; those whose data are absent are left out.

    Parameters
    ----------
    days : tuple of Chart
        The period day by day, by months, and its worst week.
    stairs : tuple of Chart
        Where the time goes, a corridor and direction each.
    validation : Chart or None
        What was counted beside what the model says.
    """

    days: tuple[Chart, ...]
    stairs: tuple[Chart, ...]
    validation: Chart | None


def drawn(results: Results) -> Drawn:
    """All charts of `results`; their visits are not looked at."""
    days = (year(results), months(results), worst_week(results))
    return Drawn(
        tuple(chart for chart in days if chart is not None),
        tuple(staircases(results)),
        None if results.targets.empty else validation(results),
    )

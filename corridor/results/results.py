"""What happened: Results, the tables of a run or a comparison, and nothing that computes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

__all__ = ["Results", "measure"]


@dataclass(frozen=True, eq=False)
class Results:
    """Tables and run record of one scenario or of several compared; columns in ``schema``.

    Parameters
    ----------
    record : dict
        The run record, without wall time and outputs.
    metrics, replications, series, visits, monthly, calendar, targets, staircase : DataFrame
    differences : DataFrame or None
        None for a single scenario.
    """

    record: dict[str, Any]
    metrics: pd.DataFrame
    replications: pd.DataFrame
    series: pd.DataFrame
    visits: pd.DataFrame
    monthly: pd.DataFrame
    calendar: pd.DataFrame
    targets: pd.DataFrame
    staircase: pd.DataFrame
    differences: pd.DataFrame | None = None

    def _repr_html_(self) -> str:
        """The main indicators, for notebooks."""
        table = self.metrics
        main = table[(table["class"] == "all") & ~table["place"].str.contains("/")]
        return str(main.to_html(index=False))


def measure(results: Results) -> pd.DataFrame:
    """The tidy table of indicators: scenario, place, class, metric, unit, mean, low, high, n."""
    return results.metrics.copy()

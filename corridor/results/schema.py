"""What happened: the columns of every table, in order. Units stand in a column or in the name."""

from __future__ import annotations

__all__ = ["COLUMNS", "FILES"]

COLUMNS: dict[str, tuple[str, ...]] = {
    "metrics": ("scenario", "place", "class", "metric", "unit", "mean", "low", "high", "n"),
    "differences": (
        "base", "other", "place", "class", "metric", "unit", "difference", "low", "high",
        "pairs", "variance_reduction", "p_adjusted",
    ),
    "replications": ("scenario", "replication", "place", "class", "metric", "unit", "value"),
    "series": ("scenario", "place", "measure", "hour", "mean", "p10", "p50", "p90"),
    "visits": (
        "scenario", "unit", "flow", "class", "direction", "place", "channel", "asked", "began",
        "ended", "wait_min", "closed_wait_min", "service_min",
    ),
    "monthly": (
        "scenario", "place", "class", "month", "metric", "unit", "mean", "low", "high", "n",
    ),
    "calendar": ("scenario", "place", "kind", "name", "from", "until"),
    "targets": (
        "scenario", "target", "title", "role", "place", "metric", "unit", "from", "until", "claim",
        "observed", "mean", "low", "high", "n", "inside",
    ),
    "staircase": (
        "scenario", "corridor", "class", "direction", "order", "place", "kind", "name", "km",
        "hours_mean", "hours_p10", "hours_p90", "usd_mean",
    ),
}  # fmt: skip

FILES: dict[str, str] = {
    name: f"{name}.{'parquet' if name in ('replications', 'series', 'visits') else 'csv'}"
    for name in COLUMNS
}

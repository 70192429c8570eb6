"""What it means: time to clear a border-crossing point (CAREC TFI1), and what it is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from corridor.metrics.base import HOUR_MS, Found, View, metric

__all__: list[str] = []


def _of_dwell(view: View, statistic: Callable[[Any], Any]) -> Iterator[Found]:
    """A statistic of dwell by post, port and class; NaN where nobody passed."""
    for place, dwell in view.dwell_h.items():
        passed = ~np.isnan(dwell)
        for label, who in view.groups.items():
            hours = dwell[passed & who]
            yield place, label, float(statistic(hours)) if len(hours) else float("nan")


@metric("tfi1_mean", "h", "Time to clear the port, mean (TFI1)")
def tfi1_mean(view: View) -> Iterator[Found]:
    """Mean dwell, gate-in to gate-out; at a port the sum over its posts, travel left out."""
    yield from _of_dwell(view, np.mean)


@metric("tfi1_median", "h", "Time to clear the port, median")
def tfi1_median(view: View) -> Iterator[Found]:
    """Median dwell."""
    yield from _of_dwell(view, np.median)


@metric("tfi1_p90", "h", "Time to clear the port, 9 of 10 faster")
def tfi1_p90(view: View) -> Iterator[Found]:
    """90th percentile of dwell within a replication."""
    yield from _of_dwell(view, lambda hours: np.percentile(hours, 90))


@metric("tfi1_p95", "h", "Time to clear the port, 19 of 20 faster")
def tfi1_p95(view: View) -> Iterator[Found]:
    """95th percentile of dwell within a replication."""
    yield from _of_dwell(view, lambda hours: np.percentile(hours, 95))


@metric("wait_mean", "h", "Waiting within that time, mean")
def wait_mean(view: View) -> Iterator[Found]:
    """Mean time in no service at the posts: in line for a lane or a stock, or held at closing.

    With the time in service it makes up the dwell, to the millisecond.
    """
    ledger = view.ledger
    m = ledger.manifest
    inside = m.post >= 0
    waited = np.bincount(m.unit[inside], ledger.waited[inside] / HOUR_MS, minlength=len(m.flow))
    for port in view.scenario.ports:
        through = ledger.left & view.of_port(port)
        for label, who in view.classes.items():
            hours = waited[through & who]
            yield port, label, float(hours.mean()) if len(hours) else float("nan")


@metric("station_wait_mean", "h", "Wait at the station, mean")
def station_wait_mean(view: View) -> Iterator[Found]:
    """Mean time in line of what began in the measured part, by station and stock (Wq)."""
    m, j = view.ledger.manifest, view.ledger.journal
    recent = (view.ledger.waiting >= 0) & (j.began >= m.axis.measured)
    for i, name in enumerate(m.places):
        if name.count("/") == 2:
            waits = view.ledger.waiting[recent & (m.where == i)]
            yield name, "all", float(waits.mean() / HOUR_MS) if len(waits) else float("nan")


@metric("opening_wait_mean", "h", "Wait of goods for the season to open, mean")
def opening_wait_mean(view: View) -> Iterator[Found]:
    """Mean time from ready to coming to the port, of units that passed; not part of dwell."""
    ledger = view.ledger
    away = (ledger.arrived - ledger.manifest.entry) / HOUR_MS
    for port in view.scenario.ports:
        through = ledger.left & view.of_port(port)
        for label, who in view.classes.items():
            hours = away[through & who]
            yield port, label, float(hours.mean()) if len(hours) else float("nan")

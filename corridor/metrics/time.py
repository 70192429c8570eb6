"""What it means: time to clear a border-crossing point (CAREC TFI1), and what it is made of."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from corridor.metrics.base import HOUR_MS, Found, View, metric
from corridor.metrics.stays import joined, spreads, waited

__all__: list[str] = []


@metric("tfi1_mean", "h", "Time to clear the port, mean (TFI1)")
def tfi1_mean(view: View) -> Iterator[Found]:
    """Mean dwell, gate-in to gate-out; at a port the sum over its posts, travel left out."""
    for (place, label), spread in spreads(view).items():
        yield place, label, spread.mean


@metric("tfi1_median", "h", "Time to clear the port, median")
def tfi1_median(view: View) -> Iterator[Found]:
    """Median dwell."""
    for (place, label), spread in spreads(view).items():
        yield place, label, spread.median


@metric("tfi1_p90", "h", "Time to clear the port, 9 of 10 faster")
def tfi1_p90(view: View) -> Iterator[Found]:
    """90th percentile of dwell within a replication."""
    for (place, label), spread in spreads(view).items():
        yield place, label, spread.p90


@metric("tfi1_p95", "h", "Time to clear the port, 19 of 20 faster")
def tfi1_p95(view: View) -> Iterator[Found]:
    """95th percentile of dwell within a replication."""
    for (place, label), spread in spreads(view).items():
        yield place, label, spread.p95


@metric("wait_mean", "h", "Waiting within that time, mean")
def wait_mean(view: View) -> Iterator[Found]:
    """Mean time in no service at the posts: in line for a lane, a stock or a train, or held.

    With the time in service it makes up the dwell, to the millisecond.
    """
    for port, spent in waited(view).items():
        for label, flows in view.classes.items():
            hours = spent.of(flows)
            yield port, label, float(hours.mean()) if len(hours) else float("nan")


@metric("station_wait_mean", "h", "Wait at the station, mean")
def station_wait_mean(view: View) -> Iterator[Found]:
    """Mean time in line of what began in the measured part, wherever there is a line (Wq)."""
    m = view.ledger.manifest
    for i, name in enumerate(m.places):
        if name.count("/") >= 2:
            count = total = 0
            for visits in (visits for visits in view.ledger.visits if visits.place == i):
                other = np.flatnonzero(visits.began < m.axis.measured)
                count += len(visits.unit) - len(other)
                total += int(visits.began.sum() - visits.began.take(other).sum())
                total -= int(visits.asked.sum() - visits.asked.take(other).sum())
            yield name, "all", total / count / HOUR_MS if count else float("nan")


@metric("opening_wait_mean", "h", "Wait of goods for the season to open, mean")
def opening_wait_mean(view: View) -> Iterator[Found]:
    """Mean time from ready to coming to the port, of units that passed; not part of dwell."""
    ledger = view.ledger
    for port, passed in waited(view).items():
        away = (ledger.arrived - ledger.manifest.entry)[passed.who] / HOUR_MS
        for label, flows in view.classes.items():
            hours = joined(away, passed.first, flows)
            yield port, label, float(hours.mean()) if len(hours) else float("nan")

"""What it means: passes by month, and the counts that targets are held against."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from corridor.metrics.base import View
from corridor.metrics.throughput import links_of
from corridor.scenarios.scenario import Target

__all__ = ["MonthLabel", "monthly", "observed"]

MonthLabel = tuple[str, str, str, str]
"""(place, class, month, metric)"""


def _months(view: View) -> tuple[list[str], npt.NDArray[np.int64]]:
    """Measured calendar months of the period's clock and their edges, ms."""
    axis = view.ledger.manifest.axis
    day, names, edges = view.scenario.period.first, [], []
    while axis.at(day) < axis.horizon:
        names.append(f"{day:%Y-%m}")
        edges.append(axis.at(day))
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return names, np.array([*edges, axis.horizon], dtype=np.int64)


def monthly(view: View) -> dict[MonthLabel, float]:
    """Vehicles and tonnes by month and class: out of each port and post, and over each link.

    A unit counts on the links of its corridor in the month in which it leaves the port.
    """
    ledger = view.ledger
    m, calls = ledger.manifest, ledger.calls
    names, edges = _months(view)
    found: dict[MonthLabel, float] = {}

    def count(place: str, units: npt.NDArray[np.int64], times: npt.NDArray[np.int64]) -> None:
        month = np.searchsorted(edges, times, side="right") - 1
        for label, who in view.classes.items():
            mine = who[units]
            for metric, weight in (("vehicles", np.ones(len(who))), ("tonnes", view.tonnes)):
                sums = np.bincount(month[mine], weight[units][mine], minlength=len(names))
                for name, value in zip(names, sums, strict=True):
                    found[place, label, name, metric] = float(value)

    for port in view.scenario.ports:
        units = np.flatnonzero(ledger.left & view.of_port(port))
        count(port, units, ledger.out[units])
    for post in view.posts:
        mine = (calls.post == m.places.index(post)) & (calls.gate_out >= m.axis.measured)
        count(post, calls.unit[mine], calls.gate_out[mine])
    for link, flows in links_of(view).items():
        units = np.flatnonzero(ledger.left & np.isin(m.flow, flows))
        count(f"link/{link}", units, ledger.out[units])
    return found


def observed(view: View, target: Target) -> float:
    """What the model gives for a target: units that left the port in its window, or their dwell.

    NaN where the run does not cover the whole window, or nobody passed whose dwell could count.
    """
    ledger = view.ledger
    axis = ledger.manifest.axis
    a, b = axis.at(target.from_), axis.at(target.until + timedelta(1))
    if a < 0 or b > axis.horizon:
        return float("nan")
    units = (ledger.out >= a) & (ledger.out < b) & view.of_port(target.port)
    if target.classes or target.direction:
        wanted = [
            (not target.classes or f.class_ in target.classes)
            and target.direction in (None, f.direction)
            for f in ledger.manifest.flows
        ]
        units &= np.array(wanted)[ledger.manifest.flow]
    if target.metric == "vehicles":
        return float(units.sum())
    if target.metric == "tonnes":
        return float(view.tonnes[units].sum())
    dwell = view.dwell_h[target.port][units]
    dwell = dwell[~np.isnan(dwell)]
    return float(dwell.mean()) if len(dwell) else float("nan")

"""What it means: passes by month, and the counts that targets are held against."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from corridor.metrics.base import View
from corridor.metrics.passes import months, passes
from corridor.metrics.stays import joined, stays
from corridor.scenarios.scenario import Target

__all__ = ["MonthLabel", "monthly", "observed"]

MonthLabel = tuple[str, str, str, str]
"""(place, class, month, metric)"""


def monthly(view: View) -> dict[MonthLabel, float]:
    """Vehicles and tonnes by month and class: out of each port and post, and over each link.

    A unit counts on the links of its corridor in the month in which it leaves the port.
    """
    names, _ = months(view)
    found: dict[MonthLabel, float] = {}
    for place, passed in passes(view).items():
        for label, flows in view.classes.items():
            vehicles = passed.vehicles[flows].sum(axis=0)
            tonnes = passed.kg[flows].sum(axis=0) / 1000
            for metric, sums in (("vehicles", vehicles), ("tonnes", tonnes)):
                for name, value in zip(names, sums, strict=True):
                    found[place, label, name, metric] = float(value)
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
    wanted = [
        flow
        for flow in view.flows_of(target.port)
        if (not target.classes or ledger.manifest.flows[flow].class_ in target.classes)
        and target.direction in (None, ledger.manifest.flows[flow].direction)
    ]
    if target.metric in ("vehicles", "tonnes"):
        vehicles = kg = 0
        for units in map(view.units_of, wanted):
            who = (ledger.out[units] >= a) & (ledger.out[units] < b)
            vehicles += int(np.count_nonzero(who))
            kg += int(ledger.manifest.payload_kg[units] @ who)
        return float(vehicles) if target.metric == "vehicles" else kg / 1000
    left = stays(view)[target.port]
    out = ledger.out[left.who]
    dwell = joined(np.where((out >= a) & (out < b), left.hours, np.nan), left.first, wanted)
    dwell = dwell[~np.isnan(dwell)]
    return float(dwell.mean()) if len(dwell) else float("nan")

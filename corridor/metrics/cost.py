"""What it means: cost at the port (TFI2) and along the corridor (TFI3), and CO2 from waiting."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from corridor.metrics.base import Found, View, metric, once
from corridor.metrics.speed import labels, split
from corridor.metrics.stays import callers, joined, stays, waited

__all__ = ["border_costs"]

Floats = npt.NDArray[np.float64]


@once
def border_costs(view: View) -> dict[str, Floats]:
    """Cost at each port of the units that left it, USD, in the order of `stays`; NaN if empty.

    Fees of the posts it called at, once each, plus dwell times the hourly cost of waiting.
    """
    costs, m = view.scenario.costs, view.ledger.manifest
    hourly = costs.waiting.value if costs.waiting else 0.0
    found = {}
    for port in view.scenario.ports:
        left = stays(view)[port]
        usd = hourly * left.hours
        for post, fee in costs.fees.items():
            place = post.replace(".", "/")
            if place in view.posts and m.places.index(place) in callers(view):
                called = callers(view)[m.places.index(place)][left.who]
                usd += fee.value * called  # once, however often it called
        usd[m.payload_kg[left.who] == 0] = np.nan
        found[port] = usd
    return found


@metric("tfi2_mean", "USD", "Cost to clear the port, laden truck (TFI2)")
def tfi2_mean(view: View) -> Iterator[Found]:
    """Mean over laden units: official fees and the cost of time."""
    if view.scenario.costs.waiting is None:
        return
    for port in view.scenario.ports:
        yield port, "all", _mean(border_costs(view)[port])


def _mean(usd: Floats) -> float:
    """The mean of what is known."""
    known = usd[~np.isnan(usd)]
    return float(known.mean()) if len(known) else float("nan")


@metric("tfi3_mean", "USD per 500 km per 20 t", "Cost of the corridor (TFI3)")
def tfi3_mean(view: View) -> Iterator[Found]:
    """Line haul before and after the port and the border cost, per 500 km and 20 t.

    TFI3 = 500 / km * (haul_before * km_before / 500 + haul_after * km_after / 500
    + TFI2 * 20 / payload), with the payload of the flow; the mean over the units of a label.
    """
    haul = view.scenario.costs.haul
    if set(haul) != {"before", "after"}:
        return
    m = view.ledger.manifest
    for (port, label), flows in labels(view).items():
        loads = {i: view.scenario.flows[m.flows[i].name].payload for i in flows}
        laden = {i: load.value for i, load in loads.items() if load is not None and load.value > 0}
        if not laden:
            continue
        parts = [np.zeros(0)]
        for i, kg in laden.items():
            before, after = split(view, m.flows[i])
            line = haul["before"].value * before / 500 + haul["after"].value * after / 500
            cost = joined(border_costs(view)[port], stays(view)[port].first, [i])
            parts.append(500 / (before + after) * (line + cost * 20_000 / kg))
        yield port, label, _mean(np.concatenate(parts))


@metric("co2_idling", "t", "CO2 while waiting")
def co2_idling(view: View) -> Iterator[Found]:
    """Time in no service (as in `wait_mean`) of all units that left, times the hourly emission."""
    rate = view.scenario.costs.idling_co2_kg_per_h
    if rate is None:
        return
    for port, spent in waited(view).items():
        yield port, "all", float(spent.hours.sum() * rate.value / 1000)

"""What it means: cost at the port (TFI2) and along the corridor (TFI3), and CO2 from waiting."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from corridor.metrics.base import HOUR_MS, Found, View, metric
from corridor.metrics.speed import labels, split

__all__ = ["border_cost"]


def border_cost(view: View, port: str) -> npt.NDArray[np.float64]:
    """Cost at the port of each laden unit that left it, USD, (U,); NaN for others.

    Fees of the posts it called at, once each, plus dwell times the hourly cost of waiting.
    """
    costs, calls = view.scenario.costs, view.ledger.calls
    hourly = costs.waiting.value if costs.waiting else 0.0
    usd = hourly * view.dwell_h[port]
    for post, fee in costs.fees.items():
        place = post.replace(".", "/")
        if place in view.posts:
            called = calls.unit[calls.post == view.ledger.manifest.places.index(place)]
            usd[called] += fee.value  # once, however often it called
    return np.where(view.tonnes > 0, usd, np.nan)


@metric("tfi2_mean", "USD", "Cost to clear the port, laden truck (TFI2)")
def tfi2_mean(view: View) -> Iterator[Found]:
    """Mean over laden units: official fees and the cost of time."""
    if view.scenario.costs.waiting is None:
        return
    for port in view.scenario.ports:
        cost = border_cost(view, port)
        cost = cost[~np.isnan(cost)]
        yield port, "all", float(cost.mean()) if len(cost) else float("nan")


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
        usd = np.full(len(m.flow), np.nan)
        cost = border_cost(view, port)
        for i, kg in laden.items():
            before, after = split(view, m.flows[i])
            line = haul["before"].value * before / 500 + haul["after"].value * after / 500
            mine = m.flow == i
            usd[mine] = 500 / (before + after) * (line + cost[mine] * 20_000 / kg)
        known = usd[~np.isnan(usd)]
        yield port, label, float(known.mean()) if len(known) else float("nan")


@metric("co2_idling", "t", "CO2 while waiting")
def co2_idling(view: View) -> Iterator[Found]:
    """Time in no service (as in `wait_mean`) of all units that left, times the hourly emission."""
    rate = view.scenario.costs.idling_co2_kg_per_h
    if rate is None:
        return
    ledger = view.ledger
    m = ledger.manifest
    inside = m.post >= 0
    waited = np.bincount(m.unit[inside], ledger.waited[inside] / HOUR_MS, minlength=len(m.flow))
    for port in view.scenario.ports:
        hours = waited[ledger.left & view.of_port(port)].sum()
        yield port, "all", float(hours * rate.value / 1000)

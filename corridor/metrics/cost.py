"""What it means: cost at the port (TFI2) and along the corridor (TFI3), and CO2 from waiting."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from corridor.metrics.base import Found, View, metric
from corridor.metrics.speed import split

__all__ = ["border_cost"]


def border_cost(view: View, port: str) -> npt.NDArray[np.float64]:
    """Cost at the port of each laden unit that left it, USD, (U,); NaN for others.

    Fees of the posts it passed plus dwell times the hourly cost of waiting.
    """
    costs = view.scenario.costs
    fees = sum(m.value for post, m in costs.fees.items() if post.split(".")[0] == port)
    hourly = costs.waiting.value if costs.waiting else 0.0
    dwell = view.dwell_h[port]
    return np.where(view.tonnes > 0, fees + hourly * dwell, np.nan)


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
    + TFI2 * 20 / payload).
    """
    haul = view.scenario.costs.haul
    for flow in view.ledger.manifest.flows:
        legs = view.corridors.get(flow.corridor)
        load = view.scenario.flows[flow.name].payload
        if not legs or load is None or load.value == 0 or set(haul) != {"before", "after"}:
            continue
        cost = border_cost(view, flow.port)[view.groups[f"{flow.class_} {flow.direction}"]]
        cost = cost[~np.isnan(cost)]
        before, after = split(view, flow)
        line = haul["before"].value * before / 500 + haul["after"].value * after / 500
        border = float(cost.mean()) * 20_000 / load.value if len(cost) else float("nan")
        yield flow.port, f"{flow.class_} {flow.direction}", 500 / (before + after) * (line + border)


@metric("co2_idling", "t", "CO2 from waiting vehicles")
def co2_idling(view: View) -> Iterator[Found]:
    """Dwell of all units that left, times the emission of a waiting vehicle."""
    rate = view.scenario.costs.idling_co2_kg_per_h
    if rate is None:
        return
    for port in view.scenario.ports:
        yield port, "all", float(np.nansum(view.dwell_h[port]) * rate.value / 1000)

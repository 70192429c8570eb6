"""What it means: who left each port, and who passed each post, by flow and month, counted once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from corridor.metrics.base import Int64, View, once

__all__ = ["Passes", "links_of", "months", "passes"]


Part = tuple[int | npt.NDArray[np.int16], Int64, Int64]
"""Flow, kilograms and time of each unit of a part; of all the one flow, or of each its own."""


@dataclass(frozen=True, eq=False)
class Passes:
    """Passes at a place in the measured part, (flows, months): vehicles, and their kilograms."""

    vehicles: Int64
    kg: Int64


def months(view: View) -> tuple[list[str], Int64]:
    """Measured calendar months of the period's clock and their edges, ms."""
    axis = view.ledger.manifest.axis
    day, names, edges = view.scenario.period.first, [], []
    while axis.at(day) < axis.horizon:
        names.append(f"{day:%Y-%m}")
        edges.append(axis.at(day))
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return names, np.array([*edges, axis.horizon], dtype=np.int64)


def links_of(view: View) -> dict[str, list[int]]:
    """Flows of each corridor link, rising."""
    links: dict[str, list[int]] = {}
    for i, flow in enumerate(view.ledger.manifest.flows):
        for leg in view.corridors.get(flow.corridor, ()):
            if i not in links.setdefault(leg.link, []):
                links[leg.link].append(i)
    return links


@once
def passes(view: View) -> dict[str, Passes]:
    """Of each port, of each post, and of each link of a corridor, in that order.

    A unit counts at a port when it leaves it, at a post at every gate-out, and on the links of its
    corridor when it leaves the port.
    """
    m, ledger, count = view.ledger.manifest, view.ledger, _counter(view)
    found: dict[str, Passes] = {}
    flows = ((flow, view.units_of(flow)) for flow in range(len(m.flows)))
    through = count((flow, m.payload_kg[units], ledger.out[units]) for flow, units in flows)
    for port in view.scenario.ports:
        found[port] = _only(through, view.flows_of(port))
    for post in view.posts:
        i = m.places.index(post)
        found[post] = count(
            (m.flow[call.unit], m.payload_kg[call.unit], call.gate_out)
            for call in ledger.calls
            if call.post == i
        )
    for link, over in links_of(view).items():
        found[f"link/{link}"] = _only(through, over)
    return found


def _only(passes: Passes, flows: list[int]) -> Passes:
    mine = np.isin(np.arange(len(passes.vehicles)), flows)[:, None]
    return Passes(passes.vehicles * mine, passes.kg * mine)


def _counter(view: View) -> Callable[[Iterable[Part]], Passes]:
    """A function that adds up parts by flow and month."""
    (_, edges), flows = months(view), len(view.ledger.manifest.flows)
    size = np.int64(len(edges))  # column 0 is whatever lies before the measured part
    step = int(np.gcd.reduce(np.diff(edges)))  # an hour, if the clock changes, else a day
    month = np.repeat(np.arange(size), np.append(1, np.diff(edges) // step))

    def count(parts: Iterable[Part]) -> Passes:
        vehicles, kg = (np.zeros(flows * size, dtype=np.int64) for _ in range(2))
        for flow, weight, times in parts:
            slot = times - (edges[0] - step)
            slot //= step
            cell = month[np.maximum(slot, 0, out=slot)]
            cell += flow * size
            vehicles += np.bincount(cell, minlength=flows * size)
            kg += np.bincount(cell, weight, flows * size).astype(np.int64)
        by_month = (table.reshape(flows, size)[:, 1:] for table in (vehicles, kg))
        return Passes(*by_month)

    return count

"""Ciw: an open network with a schedule at the gate; services and routes by lorry."""

from __future__ import annotations

import ciw
import numpy as np

from benchmarks.process import Clock, engine
from benchmarks.tandem import GATE, Tandem


class Gaps(ciw.dists.Distribution):
    """Times between arrivals, in their order, and then no more."""

    def __init__(self, gaps: list[int]) -> None:
        self.gaps = iter(gaps)

    def sample(self, t: float | None = None, ind: object = None) -> float:
        """Give the next."""
        return next(self.gaps, float("inf"))


class Service(ciw.dists.Distribution):
    """The service of a lorry at one station; Ciw numbers lorries as they come, from 1."""

    def __init__(self, times: list[int]) -> None:
        self.times = times

    def sample(self, t: float | None = None, ind: ciw.Individual | None = None) -> float:
        """Give that of the lorry `ind`."""
        return self.times[ind.id_number - 1]


def servers(tandem: Tandem) -> list[ciw.Schedule | int]:
    """Lanes of each station; of the gate a schedule."""
    changes, opens = tandem.opens
    gate = [0 if opening else tandem.lanes[GATE] for opening in opens]
    ends = [*changes[1:], 2 * changes[-1]]
    return [ciw.Schedule(gate, ends, preemption=False), *tandem.lanes[GATE + 1 :]]


def run(tandem: Tandem) -> tuple[np.ndarray, float]:
    """Departures (V,), and the seconds it took."""
    order = tandem.order
    gaps = np.diff(tandem.plan.start[order], prepend=0).tolist()
    columns = tandem.service[order].T.tolist()
    routes = [[station + 1 for station in visits[1:]] for visits in tandem.visits]
    route = tandem.plan.route[order].tolist()
    stations = len(columns)
    with Clock() as clock:
        network = ciw.create_network(
            arrival_distributions=[Gaps(gaps)] + [None] * (stations - 1),
            service_distributions=[Service(times) for times in columns],
            routing=ciw.routing.ProcessBased(
                lambda ind, simulation: list(routes[route[ind.id_number - 1]])
            ),
            number_of_servers=servers(tandem),
        )
        simulation = ciw.Simulation(network)
        simulation.simulate_until_max_customers(len(order), method="Finish")
        left = np.zeros(len(order), dtype=np.int64)
        for lorry in simulation.nodes[-1].all_individuals:
            left[order[lorry.id_number - 1]] = lorry.data_records[-1].exit_date
    return left, clock.seconds


if __name__ == "__main__":
    engine("ciw", run)

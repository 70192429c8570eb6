"""Idiomatic SimPy: one process a lorry, one Resource a station."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

import numpy as np
import simpy

from benchmarks.process import Clock, engine
from benchmarks.tandem import GATE, Tandem


def run(tandem: Tandem) -> tuple[np.ndarray, float]:
    """Departures (V,), and the seconds it took."""
    order, start = tandem.order.tolist(), tandem.plan.start.tolist()
    service, route = tandem.service.tolist(), tandem.plan.route.tolist()
    changes, opens = tandem.opens
    left = np.zeros(len(start), dtype=np.int64)
    with Clock() as clock:
        env = simpy.Environment()
        stations = [simpy.Resource(env, lanes) for lanes in tandem.lanes]

        def lorry(number: int, times: list[int], visits: list[int]) -> Iterator[simpy.Event]:
            for station in visits:
                with stations[station].request() as turn:
                    yield turn
                    if station == GATE:
                        opening = opens[bisect_right(changes, env.now) - 1]
                        if opening:
                            yield env.timeout(opening - env.now)
                    yield env.timeout(times[station])
            left[number] = env.now

        def arrivals() -> Iterator[simpy.Event]:
            for number in order:
                yield env.timeout(start[number] - env.now)
                env.process(lorry(number, service[number], tandem.visits[route[number]]))

        env.process(arrivals())
        env.run()
    return left, clock.seconds


if __name__ == "__main__":
    engine("simpy", run)

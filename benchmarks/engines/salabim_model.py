"""salabim: one component a lorry, one resource a station; monitors off, processes by yield."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

import numpy as np
import salabim as sim

from benchmarks.process import Clock, engine
from benchmarks.tandem import GATE, Tandem

sim.yieldless(False)  # generators: several times faster here than its greenlets


def run(tandem: Tandem) -> tuple[np.ndarray, float]:
    """Departures (V,), and the seconds it took."""
    order, start = tandem.order.tolist(), tandem.plan.start.tolist()
    service, route = tandem.service.tolist(), tandem.plan.route.tolist()
    changes, opens = tandem.opens
    left = np.zeros(len(start), dtype=np.int64)
    with Clock() as clock:
        env = sim.Environment(trace=False)
        stations = [sim.Resource(f"station {i}", lanes) for i, lanes in enumerate(tandem.lanes)]
        for station in stations:
            for monitor in station.all_monitors():
                monitor.monitor(False)

        class Lorry(sim.Component):
            def setup(self, number: int) -> None:
                self.number = number

            def process(self) -> Iterator[None]:
                times = service[self.number]
                for station in tandem.visits[route[self.number]]:
                    yield self.request(stations[station])
                    if station == GATE:
                        opening = opens[bisect_right(changes, env.now()) - 1]
                        if opening:
                            yield self.hold(till=opening)
                    yield self.hold(times[station])
                    self.release()
                left[self.number] = env.now()

        class Arrivals(sim.Component):
            def process(self) -> Iterator[None]:
                for number in order:
                    yield self.hold(till=start[number])
                    Lorry("", number=number, mode=None)

        Arrivals()
        env.run()
    return left, clock.seconds


if __name__ == "__main__":
    engine("salabim", run)

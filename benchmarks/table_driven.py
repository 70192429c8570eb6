"""What the table-driven SimPy engine costs beside a hand-written SimPy model of the same port.

The same arrivals and service times for both; they must agree on every departure.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import numpy as np
import simpy

from benchmarks.process import Clock
from corridor.engine import Plan, Verb, simulate

VEHICLES, STATIONS, LANES = 20_000, 6, 4


def drawn() -> tuple[np.ndarray, np.ndarray]:
    """Arrivals (n,) and service times (n, stations), whole ms."""
    rng = np.random.Generator(np.random.PCG64DXSM(7))
    arrivals = np.cumsum(rng.exponential(60_000, VEHICLES)).astype(np.int64)
    return arrivals, rng.exponential(200_000, (VEHICLES, STATIONS)).astype(np.int64)


def ours(arrivals: np.ndarray, service: np.ndarray) -> np.ndarray:
    """Departures by the reference engine, ms; its checks included."""
    plan = Plan(
        horizon=int(arrivals[-1] + service.sum()),
        start=arrivals,
        route=np.zeros(VEHICLES, dtype=np.int32),
        route_first=np.array([0, STATIONS]),
        verb=np.full(STATIONS, Verb.SERVE, dtype=np.int8),
        where=np.arange(STATIONS, dtype=np.int32),
        amount=np.zeros(STATIONS, dtype=np.int64),
        priority=np.zeros(STATIONS, dtype=np.int32),
        time=service.T.ravel(),
        lane_first=np.arange(STATIONS + 1),
        lane_at=np.zeros(STATIONS, dtype=np.int64),
        lane_open=np.full(STATIONS, LANES),
        closing=np.zeros(STATIONS, dtype=np.int8),
    )
    return simulate(plan, engine="simpy").ended[-VEHICLES:]


def by_hand(arrivals: np.ndarray, service: np.ndarray) -> np.ndarray:
    """Departures by an idiomatic SimPy model: one process a vehicle, one Resource a station."""
    env = simpy.Environment()
    desks = [simpy.Resource(env, LANES) for _ in range(STATIONS)]
    out = np.zeros(VEHICLES, dtype=np.int64)

    def vehicle(i: int, start: int, times: list[int]) -> Iterator[simpy.Event]:
        yield env.timeout(start)
        for desk, length in zip(desks, times, strict=True):
            with desk.request() as turn:
                yield turn
                yield env.timeout(length)
        out[i] = env.now

    for i, (start, times) in enumerate(zip(arrivals.tolist(), service.tolist(), strict=True)):
        env.process(vehicle(i, start, times))
    env.run()
    return out


def main() -> None:
    """Time both, in turn, three times; the best of each."""
    arrivals, service = drawn()
    best = {"ours": np.inf, "by_hand": np.inf}
    for _ in range(3):
        departures = []
        for model in (ours, by_hand):
            with Clock() as clock:
                departures.append(model(arrivals, service))
            best[model.__name__] = min(best[model.__name__], clock.seconds)
        if not np.array_equal(*departures):
            raise SystemExit("the two models disagree")
    print(json.dumps({name: seconds / VEHICLES * 1e6 for name, seconds in best.items()}))


if __name__ == "__main__":
    main()

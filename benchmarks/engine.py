"""What the table-driven engine costs beside a hand-written SimPy model of the same port.

One run, both models, the same arrivals and service times; checks that the waits agree, prints
microseconds a vehicle and the ratio. Never a test: machines differ, ratios less so.

    make bench
"""

from __future__ import annotations

import time

import numpy as np
import simpy

from corridor.engine import Plan, Verb, simulate

VEHICLES, STATIONS, LANES = 20_000, 6, 4


def drawn() -> tuple[np.ndarray, np.ndarray]:
    """Arrivals (n,) and service times (n, stations), whole ms."""
    rng = np.random.Generator(np.random.PCG64DXSM(7))
    arrivals = np.cumsum(rng.exponential(60_000, VEHICLES)).astype(np.int64)
    return arrivals, rng.exponential(200_000, (VEHICLES, STATIONS)).astype(np.int64)


def ours(arrivals: np.ndarray, service: np.ndarray) -> np.ndarray:
    """Departures by the reference engine, ms."""
    n = VEHICLES * STATIONS
    plan = Plan(
        horizon=int(arrivals[-1] + service.sum()),
        start=arrivals,
        first=np.arange(0, n + 1, STATIONS),
        verb=np.full(n, Verb.SERVE, dtype=np.int8),
        where=np.tile(np.arange(STATIONS, dtype=np.int32), VEHICLES),
        time=service.ravel(),
        amount=np.zeros(n, dtype=np.int64),
        priority=np.zeros(n, dtype=np.int32),
        lane_first=np.arange(STATIONS + 1),
        lane_at=np.zeros(STATIONS, dtype=np.int64),
        lane_open=np.full(STATIONS, LANES),
        closing=np.zeros(STATIONS, dtype=np.int8),
        stock_level=np.zeros(0, dtype=np.int64),
    )
    return simulate(plan).ended.reshape(VEHICLES, STATIONS)[:, -1]


def by_hand(arrivals: np.ndarray, service: np.ndarray) -> np.ndarray:
    """Departures by an idiomatic SimPy model: one process a vehicle, one Resource a station."""
    env = simpy.Environment()
    desks = [simpy.Resource(env, LANES) for _ in range(STATIONS)]
    out = np.zeros(VEHICLES, dtype=np.int64)

    def vehicle(i: int, start: int, times: list[int]):
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
    best = {"ours": np.inf, "by hand": np.inf}
    for _ in range(3):
        for name, model in (("ours", ours), ("by hand", by_hand)):
            began = time.perf_counter()
            out = model(arrivals, service)
            best[name] = min(best[name], time.perf_counter() - began)
            if name == "ours":
                mine = out
        if not np.array_equal(mine, out):
            raise SystemExit("the two models disagree")
    for name, seconds in best.items():
        print(f"{name:10} {seconds / VEHICLES * 1e6:7.1f} us a vehicle of {STATIONS} services")
    print(f"ratio      {best['ours'] / best['by hand']:7.2f} (ours / hand-written SimPy)")


if __name__ == "__main__":
    main()

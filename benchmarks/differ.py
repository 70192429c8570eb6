"""On how many random plans the engines differ: ``differ PLANS``.

The plans are those of the tests: small networks with every verb and rule, their times so coarse
that ties are the rule. A third are networks in which everything flows one way, for those can be
evaluated station by station too. Here are more of them than a test has time for.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from importlib import import_module

import numpy as np

from benchmarks.process import ROOT, Clock
from corridor.engine import Journal, Plan

sys.path.insert(0, str(ROOT / "tests"))
tests = import_module("engine.plans")


def any_plan(seed: int) -> Plan:
    """A network of every verb and rule."""
    rng = np.random.default_rng(seed)
    units, steps, stations, stocks, platforms = (int(rng.integers(n)) for n in (16, 7, 4, 3, 3))
    return tests.random_plan(seed, units, steps, stations, stocks, platforms, rush=seed % 2 == 0)


def one_way(seed: int) -> Plan:
    """Stations that all routes pass in one order, each first come, first served."""
    rng = np.random.default_rng(seed)
    stations, horizon = int(rng.integers(1, 5)), int(rng.integers(5, 60))
    grid, zero = int(rng.integers(1, 4)), rng.choice([0.1, 0.5])
    priority = rng.integers(-1, 2, stations).tolist()

    def time() -> int:
        return 0 if rng.random() < zero else grid * int(rng.integers(6))

    def steps() -> Iterator[tests.Step]:
        for station in np.flatnonzero(rng.random(stations) < 0.8).tolist():
            if rng.random() < 0.3:
                yield tests.move(time())
            yield tests.serve(station, time(), priority[station])
        if rng.random() < 0.3:
            yield tests.move(time())

    def lanes() -> tests.Lanes:
        later = np.unique(rng.integers(1, horizon, rng.integers(8)))
        return tests.Lanes([(at, int(rng.integers(4))) for at in [0, *later.tolist()]])

    units = [tests.Unit(grid * int(rng.integers(12)), [*steps()]) for _ in range(rng.integers(16))]
    return tests.plan(units, [lanes() for _ in range(stations)], horizon=horizon)


def differs(seed: int) -> tuple[bool, bool]:
    """Whether the engines write different Journals of plan `seed`; whether it flows one way."""
    from corridor.engine import check, fast, reference, sweep

    drawn = one_way(seed) if seed % 3 == 0 else any_plan(seed)
    check(drawn)
    journals: list[Journal] = [reference.run(drawn), fast.play(drawn)]
    flows = sweep.flows_one_way(drawn)
    if flows:
        journals.append(sweep.run(drawn))
    return any(not journals[0].equal(journal) for journal in journals[1:]), flows


def main() -> None:
    """Look at so many plans."""
    plans = int(sys.argv[1])
    with Clock() as clock, ProcessPoolExecutor() as pool:
        found = list(pool.map(differs, range(plans), chunksize=50))
    differ, one_ways = (sum(column) for column in zip(*found, strict=True))
    told = {"plans": plans, "differ": differ, "one_way": one_ways, "seconds": clock.seconds}
    print(json.dumps(told))


if __name__ == "__main__":
    main()

"""One replication of the busy year in its parts; and many, by one worker or more.

``replication`` alone tells the parts; ``replication many N JOBS`` how long N replications take.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.process import Clock, peak_mib
from benchmarks.tandem import HERE

SCENARIO = HERE / "busy_port_fixed_hours.yaml"


def parts(runs: int = 5) -> dict[str, float]:
    """Seconds of each part of a replication that is not the first, the best of so many runs.

    The functions that `replicate` calls are timed where it calls them, so nothing is left out.
    """
    from corridor import geodata
    from corridor.scenarios import read
    from corridor.study.heap import kept

    study, replicate = (
        import_module("corridor.study.simulate"),
        import_module("corridor.study.replicate"),
    )
    engine = import_module("corridor.engine.simulate")
    scenario = read(SCENARIO)
    world = study._cases(geodata.load(), [scenario], "auto", Path())[0].world
    loaded, seconds = peak_mib(), dict[str, float]()
    for module, name in (
        (replicate, "build"),
        (replicate, "simulate"),
        (engine, "check"),
        (engine, "invariants"),
    ):
        setattr(module, name, _timed(getattr(module, name), name, seconds))
    best: dict[str, float] = {}
    with kept():
        for _ in range(runs):
            with Clock() as clock:
                replicate.replicate(scenario, world, 1, "auto")
            now = {
                "planning": seconds["build"],
                "engine": seconds["simulate"] - seconds["check"] - seconds["invariants"],
                "laws": seconds["check"] + seconds["invariants"],
                "indicators": clock.seconds - seconds["build"] - seconds["simulate"],
                "whole": clock.seconds,
            }
            if not best or now["whole"] < best["whole"]:
                best = now
    return best | {"peak_mib": peak_mib(), "loaded_mib": loaded}


def _timed(function: Callable[..., Any], name: str, seconds: dict[str, float]) -> Any:
    def timed(*args: Any, **options: Any) -> Any:
        with Clock() as clock:
            result = function(*args, **options)
        seconds[name] = clock.seconds
        return result

    return timed


def many(replications: int, jobs: int) -> dict[str, float]:
    """Seconds of so many replications by so many workers, when all is compiled and loaded."""
    from corridor.study import run

    run(SCENARIO, replications=jobs, jobs=jobs)
    with Clock() as clock:
        run(SCENARIO, replications=replications, jobs=jobs)
    return {"seconds": clock.seconds}


if __name__ == "__main__":
    words = sys.argv[1:]
    print(json.dumps(many(int(words[1]), int(words[2])) if words[:1] == ["many"] else parts()))

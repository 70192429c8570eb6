"""Our engines: ``own simpy|events|stations PLAN RUNS DEPARTURES``.

What is timed makes a Journal of a Plan: asked, began, ended and worked of every step. Checks before
and laws after are timed in `benchmarks.replication`, with all else that a replication is.
"""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np

from benchmarks.process import Clock, engine
from benchmarks.tandem import Tandem, left


def run(tandem: Tandem, which: str) -> tuple[np.ndarray, float]:
    """Departures (V,), and the seconds it took."""
    if which == "simpy":
        from corridor.engine.reference import run as play
    elif which == "events":
        from corridor.engine.fast import play
    else:
        from corridor.engine.sweep import run as play
    plan = replace(tandem.plan)  # anew, with nothing remembered of the last run
    plan.units(0)  # sorts by start; planning has asked for it before an engine does
    with Clock() as clock:
        journal = play(plan)
    return left(plan, journal), clock.seconds


if __name__ == "__main__":
    engine("simpy" if sys.argv[1] == "simpy" else "numba", lambda t: run(t, sys.argv[1]))

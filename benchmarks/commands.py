"""Whole commands as they are typed: wall time, and the most memory they and their children had."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from benchmarks.process import asked, watched

CORRIDOR = [sys.executable, "-m", "corridor"]
BOTH = ["benchmarks/busy_port_fixed_hours.yaml", "benchmarks/busy_port.yaml"]


def measured(quick: bool = False) -> dict[str, dict[str, float]]:
    """Time ``--help``, a warm demo, the comparison of the busy year, and one worker against two."""
    replications = "4" if quick else "30"
    with tempfile.TemporaryDirectory() as folder:

        def told(name: str, *words: str) -> dict[str, float]:
            """Run in a folder of its own, so that nothing is there to go on from."""
            return watched([*CORRIDOR, *words, "--quiet", "--out", str(Path(folder) / name)])

        found = {
            "help": min((watched([*CORRIDOR, "--help"]) for _ in range(5)), key=_seconds),
            "first_demo": told("first", "demo"),
            "demo": min((told(f"warm_{i}", "demo") for i in range(5)), key=_seconds),
            "compare": told("busy", "compare", *BOTH, "--replications", replications),
        }
    found["compare"]["replications"] = int(replications)
    return found | {"workers": workers(quick)}


def workers(quick: bool = False) -> dict[str, float]:
    """Seconds of the same replications of the busy year by one worker and by two, in turn."""
    replications = "4" if quick else "24"
    best: dict[str, float] = {}
    for _ in range(1 if quick else 5):
        for jobs in ("1", "2"):
            told = asked("replication", "many", replications, jobs)
            if "missing" in told:
                raise SystemExit(f"workers: {told['missing']}")
            best[jobs] = min(best.get(jobs, told["seconds"]), told["seconds"])
    return {"one": best["1"], "two": best["2"], "replications": int(replications)}


def _seconds(told: dict[str, float]) -> float:
    return told["seconds"]

"""``make bench``: everything, then the page. ``--quick`` looks fast, and writes no page.

python -m benchmarks [--quick] [side_by_side table_driven replication commands differ]
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from benchmarks import commands, page, side_by_side
from benchmarks.process import Clock, asked


def alone(module: str, *words: str) -> dict[str, Any]:
    """What a part says that runs in a process of its own; it must run."""
    told = asked(module, *words)
    if "missing" in told:
        raise SystemExit(f"{module}: {told['missing']}")
    return told


PARTS: dict[str, Callable[[bool], dict[str, Any]]] = {
    "side_by_side": side_by_side.measured,
    "table_driven": lambda quick: alone("table_driven"),
    "replication": lambda quick: alone("replication"),
    "commands": commands.measured,
    "differ": lambda quick: alone("differ", "500" if quick else "10000"),
}


def pace() -> float:
    """Seconds that ten million additions in Python take, the best of three: the machine's speed."""
    best = float("inf")
    for _ in range(3):
        with Clock() as clock:
            total = 0
            for number in range(10_000_000):
                total += number
        best = min(best, clock.seconds)
    return best


def compiler() -> str:
    """The C++ compiler's version, for the description of the machine."""
    try:
        told = subprocess.run(["g++", "-dumpfullversion"], capture_output=True, text=True)
    except FileNotFoundError:
        return "; no C++ compiler"
    return f", g++ {told.stdout.strip()}"


def main() -> int:
    """Measure the parts that are named, or all."""
    words = sys.argv[1:]
    quick = "--quick" in words
    chosen = [part for part in PARTS if part in words] or list(PARTS)
    measured: dict[str, Any] = {
        "date": page.when(),
        "machine": page.machine() + compiler(),
        "load": os.getloadavg()[0],
        "pace": pace(),
    }
    if measured["load"] > 1:
        print(f"the machine is busy (load {measured['load']:.1f}): expect noise", file=sys.stderr)
    for part in chosen:
        with Clock() as clock:
            measured[part] = PARTS[part](quick)
        print(f"{part}: {clock.seconds:.0f} s", file=sys.stderr)
    if "side_by_side" in measured:
        print(page.engines(measured))
    if len(chosen) == len(PARTS):
        print(page.table(("what", "goal", "measured", "met"),
                         ((*row[:3], str(row[3])) for row in page.goals(measured))))  # fmt: skip
    if len(chosen) == len(PARTS) and not quick:
        page.keep(measured)
        page.write(measured)
        print(f"Wrote {page.PAGE.relative_to(page.ROOT)}")
    return int(wrong(measured))


def wrong(measured: dict[str, Any]) -> bool:
    """Whether engines disagree, or one of ours failed."""
    side = measured.get("side_by_side", {"unequal": {}, "rows": {}})
    failed = any("missing" in side["rows"].get(key, {}) for key in ("simpy", "events", "stations"))
    return failed or any(side["unequal"].values()) or bool(measured.get("differ", {}).get("differ"))


if __name__ == "__main__":
    raise SystemExit(main())

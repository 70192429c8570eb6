"""The reference workload, engine by engine: the same lorries, each engine in a process of its own.

Every engine runs the earliest lorries of the year, and all must agree on every departure. Compiled
engines run the whole year too, and must agree on that. A lorry costs the others no less in a whole
year than in its beginning, so what a compiled engine gains on them is understated, if anything.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.process import asked
from benchmarks.tandem import earliest, in_microseconds, planned, save

PREFIX, QUICK_PREFIX = 40_000, 4_000


@dataclass(frozen=True)
class Engine:
    """One row of the table.

    Parameters
    ----------
    key, title : str
    words : tuple of str
        The script in `benchmarks.engines`, and what it is told.
    prefix, year : int
        How often to run the earliest lorries, and the year; the best counts.
    """

    key: str
    title: str
    words: tuple[str, ...]
    prefix: int = 1
    year: int = 0


ENGINES = (
    Engine("salabim", "salabim", ("salabim_model",)),
    Engine("ciw", "Ciw", ("ciw_model",)),
    Engine("by_hand", "SimPy by hand, one process a lorry", ("simpy_by_hand",), 3),
    Engine("simpy", "**Corridor, SimPy engine**", ("own", "simpy"), 3),
    Engine("cimba", "cimba, compiled processes", ("cimba_model",), 2, 5),
    Engine("events", "**Corridor, compiled, event by event**", ("own", "events"), 2, 5),
    Engine("cpp_events", "C++ by hand, event by event", ("loops", "events"), 2, 5),
    Engine("cpp_events_all", "the same, writing every stamp", ("loops", "events", "stamps"), 2, 5),
    Engine("stations", "**Corridor, compiled, station by station**", ("own", "stations"), 2, 5),
    Engine("cpp_stations", "C++ by hand, station by station", ("loops", "stations"), 2, 5),
    Engine(
        "cpp_stations_all", "the same, writing every stamp", ("loops", "stations", "stamps"), 2, 5
    ),
)


def measured(quick: bool = False) -> dict[str, Any]:
    """Time every engine; a row each, and whether all agree.

    Returns
    -------
    dict
        ``rows``, by key; ``vehicles``, of the prefix and the year; ``unequal``, by key how many
        departures differ from those of SimPy by hand.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        year = in_microseconds(planned())
        sizes = {"prefix": QUICK_PREFIX if quick else PREFIX, "year": len(year.start)}
        for size, vehicles in sizes.items():
            save(earliest(year, vehicles), folder / f"{size}.npz")
        rows = {engine.key: {"title": engine.title} for engine in ENGINES}
        for _ in range(1 if quick else 2):  # in turn: what disturbs one round is past at the other
            for size in sizes:
                for engine in ENGINES:
                    _time(engine, size, folder, quick, rows[engine.key])
        unequal = {e.key: _unequal(folder, e.key) for e in ENGINES}
    return {"rows": rows, "vehicles": sizes, "unequal": unequal}


def _time(engine: Engine, size: str, folder: Path, quick: bool, row: dict[str, Any]) -> None:
    """Run an engine on the prefix or the year; keep the better of what was and is."""
    runs = getattr(engine, size)
    if not runs or "missing" in row:
        return
    departures = folder / f"{engine.key}.{size}.npy"
    told = asked(
        f"engines.{engine.words[0]}", *engine.words[1:],
        str(folder / f"{size}.npz"), str(min(runs, 2) if quick else runs), str(departures),
    )  # fmt: skip
    if "missing" in told:
        row["missing"] = told["missing"]
        print(f"  {engine.title}: {told['missing']}", file=sys.stderr)
        return
    told["us"] = told["seconds"] / told["vehicles"] * 1e6
    before = row.get(size)
    row[size] = told if before is None or told["us"] < before["us"] else before
    print(f"  {engine.title}, {size}: {told['us']:.2f} us a lorry", file=sys.stderr)


def _unequal(folder: Path, key: str) -> int | None:
    """How many departures differ from SimPy by hand, or, of the year, from C++ or ourselves."""
    found = None
    for size in ("prefix", "year"):
        mine = folder / f"{key}.{size}.npy"
        oracles = [folder / f"{k}.{size}.npy" for k in ("by_hand", "cpp_events", "events")]
        oracle = next((path for path in oracles if path.exists()), None)
        if mine.exists() and oracle is not None:
            found = (found or 0) + int(np.sum(np.load(mine) != np.load(oracle)))
    return found

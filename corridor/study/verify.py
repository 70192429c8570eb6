"""The study room: run a record again and say identical, or what differs and by how much."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from corridor.faults import Faults
from corridor.results import Results
from corridor.results.files import save
from corridor.results.schema import FILES
from corridor.scenarios.restore import restored
from corridor.study.carry import Progress
from corridor.study.simulate import study

__all__ = ["again", "verify"]


def again(record: dict[str, Any], jobs: int = -1, progress: Progress | None = None) -> Results:
    """Run what a record holds: its resolved scenarios, its seed, its replications."""
    try:
        resolved = [s["resolved"] for s in record["scenarios"]]
        replications, seed = record["design"]["replications"], record["random"]["seed"]
    except (KeyError, TypeError):
        raise Faults.one("run.json is not a run record of this version") from None
    return study(
        [restored(scenario) for scenario in resolved],
        replications=replications,
        seed=seed,
        jobs=jobs,
        progress=progress,
    )


def verify(saved: Results, fresh: Results) -> list[str]:
    """What differs between two Results, every table as it is written; empty if nothing does.

    Returns
    -------
    list of str
        One line a table or metric, with the greatest relative difference.
    """
    found = []
    with TemporaryDirectory() as one, TemporaryDirectory() as two:
        save(saved, Path(one))
        save(fresh, Path(two))
        for name, file in FILES.items():
            old, new = Path(one, file), Path(two, file)
            if old.exists() != new.exists():
                found.append(f"{name}: one of the two has none")
            elif old.exists() and old.read_bytes() != new.read_bytes():
                metrics = _metrics(saved.replications, fresh.replications)
                found += metrics if name == "replications" else [f"{name}: the table differs"]
    return found


def _metrics(old: Any, new: Any) -> list[str]:
    keys = ["scenario", "replication", "place", "class", "metric"]
    both = old.merge(new, on=keys, how="outer", suffixes=("_old", "_new"), indicator=True)
    found = []
    alone = both[both["_merge"] != "both"]
    if len(alone):
        found.append(f"replications: {len(alone)} rows stand in one of the two alone")
    a, b = both["value_old"].to_numpy(), both["value_new"].to_numpy()
    same = (a == b) | (np.isnan(a) & np.isnan(b))
    with np.errstate(divide="ignore", invalid="ignore"):
        gap = np.abs(a - b) / np.maximum(np.abs(a), np.abs(b))
    for metric in both.loc[~same, "metric"].unique():
        rows = (~same) & (both["metric"] == metric)
        found.append(
            f"{metric}: {int(rows.sum())} values differ, by up to {np.nanmax(gap[rows]):.2g}"
        )
    return found

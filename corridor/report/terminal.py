"""Report room: what a terminal shows: a progress bar with time left, and the answer."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from corridor.report.numbers import interval
from corridor.results import Results

__all__ = ["answer", "progress_bar", "summary"]

_SHOWN = (
    ("tonnes", "cargo that passed"),
    ("vehicles", "vehicles that passed"),
    ("tfi1_mean", "time to clear the port, mean"),
    ("tfi1_p95", "time to clear, 19 of 20 faster"),
    ("peak_queue", "longest queue"),
    ("unserved_tonnes", "cargo unserved at the end"),
    ("lost_tonnes", "cargo lost to the closed season"),
)


@contextmanager
def progress_bar(quiet: bool) -> Iterator[Callable[[int, int], None] | None]:
    """A bar on a terminal, a plain line every tenth otherwise, nothing when `quiet`."""
    if quiet:
        yield None
    elif sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

        columns = ("replications", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("", total=None)
            yield lambda done, total: bar.update(task, completed=done, total=total)
    else:
        yield _lines()


def _lines() -> Callable[[int, int], None]:
    """Plain lines: what was there before, then every tenth with the time left."""
    began, before, aim, shown = time.monotonic(), -1, 0, 0

    def line(done: int, total: int) -> None:
        nonlocal before, aim, shown
        tenth = done * 10 // total
        if before < 0:
            before = done  # not done in our time: it says nothing of the time left
            if done:
                print(f"{done} of {total} replications were done before", file=sys.stderr)
        if total != aim:  # the first time, and whenever more turn out to be needed
            aim, shown = total, tenth
        if tenth > shown:
            shown = tenth
            left = (time.monotonic() - began) / (done - before) * (total - done)
            wait = f", about {left:.0f} s left" if done < total else ""
            print(f"{done} of {total} replications{wait}", file=sys.stderr)

    return line


def answer(results: Results) -> None:
    """Print the headline and the main differences, or the main indicators of a single run."""
    record = results.record
    base = record["scenarios"][0]
    print(record["headline"])
    if results.differences is None:
        table, who, value, against = results.metrics, "scenario", "mean", ""
    else:
        table, who, value = results.differences, "other", "difference"
        against = f" against {base['name']}"
    table = table[(table["place"] == base["regime"]["port"]) & (table["class"] == "all")]
    for scenario, rows in table.groupby(who, sort=False):
        print(f"\n{scenario}{against}")
        found = {row["metric"]: row for row in rows.to_dict("records")}
        for metric, title in _SHOWN:
            if metric in found:
                row = found[metric]
                bounds = (row[value], row["low"], row["high"], row["unit"])
                print(f"  {title:34} {interval(*bounds, signed=bool(against))}")
    for warning in record["warnings"]:
        print(f"warning: {warning}")
    print()


def summary(results: Results, written: list[Path]) -> dict[str, Any]:
    """The answer as data, for ``--json``."""
    table = results.metrics if results.differences is None else results.differences
    ports = table[~table["place"].str.contains("/")]
    return {
        "headline": results.record["headline"],
        "run_id": results.record["run_id"],
        "rows": [
            {k: (None if v != v else v) for k, v in row.items()} for row in ports.to_dict("records")
        ],
        "warnings": results.record["warnings"],
        "files": [str(path) for path in written],
    }

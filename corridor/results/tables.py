"""What happened: visits, hourly series and calendars as tables, from one replication."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from corridor.engine import Verb, lanes
from corridor.planning import Manifest
from corridor.results.ledger import Ledger

__all__ = ["SeriesLabel", "calendar_of", "hours_of", "series_of", "visits_of"]

HOUR = 3_600_000
Int64 = npt.NDArray[np.int64]
SeriesLabel = tuple[str, str]
"""(place, measure)"""


def _stamps(manifest: Manifest, values: Int64) -> pd.Series:
    """Milliseconds since the start as naive UTC datetimes; NaT for -1."""
    epoch = np.datetime64(manifest.start.astimezone(UTC).replace(tzinfo=None), "ms")
    stamps = epoch + values.astype("timedelta64[ms]")
    stamps[values < 0] = np.datetime64("NaT")
    return pd.Series(stamps)


def visits_of(ledger: Ledger, scenario: str) -> pd.DataFrame:
    """One row a unit and station or stock: asked, began, ended, waits (see schema.COLUMNS)."""
    m, j = ledger.manifest, ledger.journal
    keep = np.flatnonzero(np.isin(m.plan.verb, (Verb.SERVE, Verb.TAKE)) & (j.asked >= 0))
    flow = m.flow[m.unit[keep]]
    begun, done = j.began[keep] >= 0, j.ended[keep] >= 0
    work = np.where(m.plan.verb[keep] == Verb.SERVE, m.plan.time[keep], 0)
    return pd.DataFrame({
        "scenario": scenario,
        "unit": m.unit[keep].astype(np.int64),
        "flow": np.array([f.name for f in m.flows])[flow],
        "class": np.array([f.class_ for f in m.flows])[flow],
        "direction": np.array([f.direction for f in m.flows])[flow],
        "place": np.array(m.places)[m.where[keep]],
        "channel": np.array([*m.channels, ""])[m.channel[keep]],
        "asked": _stamps(m, j.asked[keep]),
        "began": _stamps(m, j.began[keep]),
        "ended": _stamps(m, j.ended[keep]),
        "wait_min": np.where(begun, ledger.waited[keep] / 60_000, np.nan),
        "closed_wait_min": np.where(begun, _closed(ledger)[keep] / 60_000, np.nan),
        "service_min": np.where(done, work / 60_000, np.nan),
    })  # fmt: skip


def _closed(ledger: Ledger) -> Int64:
    """The part of each step's time in no service in which its station was closed, ms, (S,)."""
    m, idle = ledger.manifest, ledger.idle
    closed = np.zeros(len(m.plan.verb), dtype=np.int64)
    for i, name in enumerate(m.stations):
        mine = (m.plan.verb[idle.step] == Verb.SERVE) & (m.plan.where[idle.step] == i)
        mine &= idle.end >= 0
        at, lanes_open = lanes.from_intervals(m.openings[name], 1, m.plan.horizon)
        a, b = idle.begin[mine], idle.end[mine]
        shut = (b - a) - lanes.open_time(at, lanes_open, a, b)
        np.add.at(closed, idle.step[mine], shut)
    return closed


def hours_of(manifest: Manifest) -> Int64:
    """Starts of the measured hours, ms, (h,)."""
    return np.arange(manifest.axis.measured, manifest.axis.horizon, HOUR, dtype=np.int64)


def series_of(ledger: Ledger) -> tuple[tuple[SeriesLabel, ...], npt.NDArray[np.int32]]:
    """Hourly series of the measured part.

    Returns
    -------
    labels : tuple of (place, measure)
    values : int32 (rows, hours)
        Counts at the start of each hour; throughput counts the hour that follows. Queue and busy
        together are all that stand at a station: what HOLD keeps over a closing is in the queue.
    """
    m, calls = ledger.manifest, ledger.calls
    rows: dict[SeriesLabel, npt.NDArray[Any]] = {}
    at_post = m.post[ledger.idle.step]
    ports: dict[str, list[Int64]] = {}
    for i, name in enumerate(m.places):
        if name.count("/") != 1 or name.startswith("link/"):
            continue
        here, mine = at_post == i, calls.post == i
        rows[name, "queue"] = _present(m, ledger.idle.begin[here], ledger.idle.end[here])
        rows[name, "in_system"] = _present(m, calls.gate_in[mine], calls.gate_out[mine])
        rows[name, "throughput"] = _passed(m, calls.gate_out[mine])
        ports.setdefault(name.split("/")[0], []).append(rows[name, "queue"])
    for i, name in enumerate(m.stations):
        rows |= _station(ledger, i, name)
    for port, queues in ports.items():
        units = ledger.came & np.isin(m.flow, [i for i, f in enumerate(m.flows) if f.port == port])
        arrived, out = ledger.arrived[units], ledger.out[units]
        rows[port, "queue"] = np.sum(queues, axis=0)
        rows[port, "in_system"] = _present(m, arrived, out)
        rows[port, "throughput"] = _passed(m, out)
        rows[port, "waiting_for_opening"] = _present(m, m.entry[units], arrived)
    return tuple(rows), np.array(list(rows.values()), dtype=np.int32)


def _station(ledger: Ledger, i: int, name: str) -> dict[SeriesLabel, npt.NDArray[Any]]:
    """Queue, busy and open lanes of a station."""
    m, j = ledger.manifest, ledger.journal
    serves = (m.plan.verb == Verb.SERVE) & (m.plan.where == i)
    here, kept = serves[ledger.idle.step], serves[ledger.held.step]
    held = _present(m, ledger.held.begin[kept], ledger.held.end[kept])
    changes = slice(m.plan.lane_first[i], m.plan.lane_first[i + 1])
    piece = np.searchsorted(m.plan.lane_at[changes], hours_of(m), side="right") - 1
    return {
        (name, "queue"): _present(m, ledger.idle.begin[here], ledger.idle.end[here]),
        (name, "busy"): _present(m, j.began[serves], j.ended[serves]) - held,
        (name, "open_lanes"): m.plan.lane_open[changes][piece],
    }


def _present(manifest: Manifest, begin: Int64, end: Int64) -> Int64:
    """How many are past `begin` and not past `end` at each measured hour; -1 is never."""
    hours = hours_of(manifest)
    b, e = np.sort(begin[begin >= 0]), np.sort(end[(end >= 0) & (begin >= 0)])
    return np.searchsorted(b, hours, side="right") - np.searchsorted(e, hours, side="right")


def _passed(manifest: Manifest, times: Int64) -> Int64:
    """How many of `times` lie in each measured hour."""
    edges = np.append(hours_of(manifest), manifest.axis.horizon)
    return np.diff(np.searchsorted(np.sort(times), edges, side="left"))


def calendar_of(manifest: Manifest, scenario: str, clock: dict[str, Any]) -> list[dict[str, str]]:
    """Open intervals of each post in its local time, rows of the calendar table."""
    out = []
    for place, tz in clock.items():
        for a, b in manifest.openings[place]:
            begin, end = (manifest.start + timedelta(milliseconds=int(t)) for t in (a, b))
            out.append({
                "scenario": scenario, "place": place, "kind": "open", "name": "",
                "from": begin.astimezone(tz).isoformat(), "until": end.astimezone(tz).isoformat(),
            })  # fmt: skip
    return out

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

__all__ = ["SeriesLabel", "hours_of", "series_of", "visits_of"]

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
    wait = np.where(j.began[keep] >= 0, j.began[keep] - j.asked[keep], -1)
    closed = np.zeros(len(keep), dtype=np.int64)
    for i, name in enumerate(m.places):
        rows = np.flatnonzero((m.where[keep] == i) & (wait >= 0))
        if name in m.openings and len(rows):
            at, lanes_open = lanes.from_intervals(m.openings[name], 1, m.plan.horizon)
            a, b = j.asked[keep][rows], j.began[keep][rows]
            closed[rows] = (b - a) - lanes.open_time(at, lanes_open, a, b)
    channel = np.array([*m.channels, ""])[m.channel[keep]]
    done = j.ended[keep] >= 0
    return pd.DataFrame({
        "scenario": scenario,
        "unit": m.unit[keep].astype(np.int64),
        "flow": np.array([f.name for f in m.flows])[flow],
        "class": np.array([f.class_ for f in m.flows])[flow],
        "direction": np.array([f.direction for f in m.flows])[flow],
        "place": np.array(m.places)[m.where[keep]],
        "channel": channel,
        "asked": _stamps(m, j.asked[keep]),
        "began": _stamps(m, j.began[keep]),
        "ended": _stamps(m, j.ended[keep]),
        "wait_min": np.where(wait >= 0, wait / 60_000, np.nan),
        "closed_wait_min": np.where(wait >= 0, closed / 60_000, np.nan),
        "service_min": np.where(done, (j.ended[keep] - j.began[keep]) / 60_000, np.nan),
    })  # fmt: skip


def hours_of(manifest: Manifest) -> Int64:
    """Starts of the measured hours, ms, (h,)."""
    return np.arange(manifest.axis.measured, manifest.axis.horizon, HOUR, dtype=np.int64)


def series_of(ledger: Ledger) -> tuple[tuple[SeriesLabel, ...], npt.NDArray[np.int32]]:
    """Hourly series of the measured part.

    Returns
    -------
    labels : tuple of (place, measure)
    values : int32 (rows, hours)
        Counts at the start of each hour; throughput counts the hour that follows.
    """
    m, j = ledger.manifest, ledger.journal
    hours = hours_of(m)
    edges = np.append(hours, m.axis.horizon)
    rows: dict[SeriesLabel, npt.NDArray[Any]] = {}

    def between(begin: Int64, end: Int64) -> Int64:
        """How many are past `begin` and not past `end` at each hour; -1 is never."""
        b = np.sort(begin[begin >= 0])
        e = np.sort(end[(end >= 0) & (begin >= 0)])
        return np.searchsorted(b, hours, side="right") - np.searchsorted(e, hours, side="right")

    def passed(times: Int64) -> Int64:
        t = np.sort(times[times >= 0])
        return np.diff(np.searchsorted(t, edges, side="left"))

    served = m.plan.verb == Verb.SERVE
    in_line = served | (m.plan.verb == Verb.TAKE)
    calls = ledger.calls
    ports: dict[str, list[Int64]] = {}
    for name in m.places:
        if name.count("/") != 1 or name.startswith("link/"):
            continue
        i = m.places.index(name)
        here = in_line & (m.post == i)
        mine = calls.post == i
        rows[name, "queue"] = between(j.asked[here], j.began[here])
        rows[name, "in_system"] = between(calls.gate_in[mine], calls.gate_out[mine])
        rows[name, "throughput"] = passed(calls.gate_out[mine])
        ports.setdefault(name.split("/")[0], []).append(rows[name, "queue"])
    for i, name in enumerate(m.stations):
        here = served & (m.where == m.places.index(name))
        rows[name, "queue"] = between(j.asked[here], j.began[here])
        rows[name, "busy"] = between(j.began[here], j.ended[here])
        a, b = m.plan.lane_first[i], m.plan.lane_first[i + 1]
        at, count = m.plan.lane_at[a:b], m.plan.lane_open[a:b]
        rows[name, "open_lanes"] = count[np.searchsorted(at, hours, side="right") - 1]
    for port, queues in ports.items():
        units = ledger.came & np.isin(
            m.flow, [i for i, f in enumerate(m.flows) if f.port == port]
        )
        start, out = m.plan.start[units], ledger.out[units]
        rows[port, "queue"] = np.sum(queues, axis=0)
        rows[port, "in_system"] = between(start, out)
        rows[port, "throughput"] = passed(out)
        rows[port, "waiting_for_opening"] = between(np.minimum(m.entry[units], start), start)
    return tuple(rows), np.array(list(rows.values()), dtype=np.int32)


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

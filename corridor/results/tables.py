"""What happened: hourly series, single visits and calendars as tables, from one replication."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from corridor.engine import Verb, lanes
from corridor.planning import Axis, Manifest
from corridor.results.hours import hours_of, since, within
from corridor.results.ledger import Ledger
from corridor.results.visits import Visits

__all__ = ["MOST", "SeriesLabel", "calendar_of", "every", "series_of", "visits_of"]

Int64 = npt.NDArray[np.int64]
SeriesLabel = tuple[str, str]
"""(place, measure)"""

MOST = 1_000_000
"""Rows of the table of visits, at most; a year of a busy port has five times as many."""


def series_of(ledger: Ledger) -> tuple[tuple[SeriesLabel, ...], npt.NDArray[np.int32]]:
    """Hourly series of the measured part.

    Returns
    -------
    labels : tuple of (place, measure)
    values : int32 (rows, hours)
        Counts at the start of each hour; throughput counts the hour that follows. Queue and busy
        together are all that stand at a station: what HOLD keeps over a closing is in the queue.
        But a lane that a unit keeps is busy while the unit stands in the next line, for room.
    """
    m, axis = ledger.manifest, ledger.manifest.axis
    queue, busy = _standing(ledger)
    posts = {v.place: v.post for v in ledger.visits}
    rows: dict[SeriesLabel, Int64] = {}  # first what changes from hour to hour, then what is
    ports: dict[str, list[Int64]] = {}
    for i, name in enumerate(m.places):
        if name.count("/") != 1 or name.startswith("link/"):
            continue
        calls = [call for call in ledger.calls if call.post == i]
        rows[name, "queue"] = _sum(axis, (queue[at] for at, post in posts.items() if post == i))
        inside = (since(axis, call.gate_in) - since(axis, call.gone) for call in calls)
        rows[name, "in_system"] = _sum(axis, inside)
        rows[name, "throughput"] = _sum(axis, (within(axis, call.gate_out) for call in calls))
        ports.setdefault(name.split("/")[0], []).append(rows[name, "queue"])
    for name in dict.fromkeys(m.stations):
        i = m.places.index(name)
        rows[name, "queue"], rows[name, "busy"] = queue[i], busy[i]
        rows[name, "open_lanes"] = _open_lanes(m, name)
    for port, queues in ports.items():
        units = ledger.came & np.array([f.port == port for f in m.flows], dtype=bool)[m.flow]
        arrived = since(axis, ledger.arrived[units])
        rows[port, "queue"] = _sum(axis, queues)
        rows[port, "in_system"] = arrived - since(axis, ledger.gone[units])
        rows[port, "throughput"] = within(axis, ledger.out[units])
        rows[port, "waiting_for_opening"] = since(axis, m.entry[units]) - arrived
    values = np.array(list(rows.values()), dtype=np.int32)
    stock = [measure not in ("throughput", "open_lanes") for _, measure in rows]
    values[stock] = np.cumsum(values[stock], axis=1, dtype=np.int32)
    return tuple(rows), values


def _standing(ledger: Ledger) -> tuple[Int64, Int64]:
    """How many more stand in no service at each hour, and in one, at each place, (places, h)."""
    axis = ledger.manifest.axis
    queue, busy = np.zeros((2, len(ledger.manifest.places), len(hours_of(axis))), dtype=np.int64)
    freed: dict[int, Int64] = {}  # whoever ends a step asks for the next, at the same instant
    for v in ledger.visits:
        began = since(axis, v.began)
        free = began if v.free is v.began else since(axis, v.free)
        queue[v.place] += freed[v.row] if v.row in freed else since(axis, v.asked)
        queue[v.place] -= began if v.until is v.began else since(axis, v.until)
        freed = {v.row + 1: free} if v.hands_on else {}
        if free is not began:
            busy[v.place] += began
            busy[v.place] -= free
        held = ledger.held.of(v.row)
        if len(held.row):
            still = since(axis, held.begin) - since(axis, held.end)
            queue[v.place] += still
            busy[v.place] -= still
    return queue, busy


def _sum(axis: Axis, parts: Iterable[Int64]) -> Int64:
    return sum(parts, np.zeros(len(hours_of(axis)), dtype=np.int64))


def _open_lanes(manifest: Manifest, name: str) -> Int64:
    """Lanes open at each hour, of all stations of that name, (h,)."""
    plan, hours = manifest.plan, hours_of(manifest.axis)
    total = np.zeros(len(hours), dtype=np.int64)
    for i in (i for i, station in enumerate(manifest.stations) if station == name):
        changes = slice(plan.lane_first[i], plan.lane_first[i + 1])
        piece = np.searchsorted(plan.lane_at[changes], hours, side="right") - 1
        total += plan.lane_open[changes][piece]
    return total


def every(ledger: Ledger, most: int = MOST) -> int:
    """How many units there are for each one in a table of visits of about `most` rows; 1: all."""
    rows = sum(int(np.count_nonzero(visits.asked >= 0)) for visits in ledger.visits)
    return max(1, -(-rows // most))


def visits_of(ledger: Ledger, scenario: str, step: int | None = None) -> pd.DataFrame:
    """One row a unit and station, stock or platform, unit by unit; see ``schema.COLUMNS``.

    Text is categorical, for there may be millions of rows. Of what was given up `began` is missing
    and `ended` says when.

    Parameters
    ----------
    ledger : Ledger
    scenario : str
        Its name.
    step : int, optional
        Only of units whose number is a multiple of it; by default `every`, which is 1 unless there
        would be more than `MOST` rows.
    """
    m = ledger.manifest
    step = every(ledger) if step is None else step
    parts = [np.zeros((len(_STAMPS), 0), dtype=np.int64)]
    parts += [_rows(ledger, visits, step) for visits in ledger.visits]
    table = np.concatenate(parts, axis=1)
    order = _by_unit(table[0])
    unit, row, asked, began, ended, waited, closed, worked = (part.take(order) for part in table)
    flow = m.flow[unit]

    def minutes(times: Int64) -> npt.NDArray[np.float64]:
        return np.where(times >= 0, times / 60_000, np.nan)

    return pd.DataFrame({
        "scenario": _named([scenario], np.zeros(len(unit), dtype=np.int8)),
        "unit": unit,
        "flow": _named([f.name for f in m.flows], flow),
        "class": _named([f.class_ for f in m.flows], flow),
        "direction": _named([f.direction for f in m.flows], flow),
        "place": _named(m.places, m.place[row]),
        "channel": _named([*m.channels, ""], m.channel[row]),
        "asked": _stamps(m, asked),
        "began": _stamps(m, began),
        "ended": _stamps(m, ended),
        "wait_min": minutes(waited),
        "closed_wait_min": minutes(closed),
        "service_min": minutes(worked),
    })  # fmt: skip


_STAMPS = ("unit", "row", "asked", "began", "ended", "waited", "closed", "worked")


def _rows(ledger: Ledger, visits: Visits, step: int) -> Int64:
    """`_STAMPS` of the visits of a row, (8, k), ms, -1 for what never came."""
    m = ledger.manifest
    chosen = np.flatnonzero((visits.asked >= 0) & (visits.unit % step == 0))
    unit, asked, began, ended, until = (
        column.take(chosen)
        for column in (visits.unit, visits.asked, visits.began, visits.ended, visits.until)
    )
    stood = ledger.held.lasted(visits.row, len(visits.unit)).take(chosen)
    known = until >= 0
    closed, worked = stood.copy(), np.zeros(len(chosen), dtype=np.int64)
    if m.plan.verb[visits.row] == Verb.SERVE:
        worked = m.plan.time[m.plan.cells(visits.row)].take(chosen)
        at, lanes_open = lanes.from_intervals(m.openings[m.places[visits.place]], 1, m.plan.horizon)
        waits = np.flatnonzero(until > asked)
        a, b = asked.take(waits), until.take(waits)
        closed[waits] += (b - a) - lanes.open_time(at, lanes_open, a, b)
    waited = np.where(known, until - asked + stood, -1)
    closed = np.where(known, closed, -1)
    worked = np.where((began >= 0) & (ended >= 0), worked, -1)
    row = np.full(len(chosen), visits.row)
    return np.stack([unit, row, asked, began, ended, waited, closed, worked])


def _by_unit(unit: Int64) -> Int64:
    """The order of the rows by unit, and of one unit's rows as they are."""
    bits = len(unit).bit_length()  # unit and row in one integer, for those are sorted soonest
    code = np.sort(unit << bits | np.arange(len(unit)))
    return code & ((1 << bits) - 1)


def _named(names: Sequence[str], which: npt.NDArray[Any]) -> pd.Series:
    """``names[which]`` as a column of categories."""
    kinds = {name: i for i, name in enumerate(dict.fromkeys(names))}
    code = np.array([kinds[name] for name in names], dtype=np.int32)
    return pd.Series(pd.Categorical.from_codes(code[which], pd.Index(list(kinds))))


def _stamps(manifest: Manifest, values: Int64) -> pd.Series:
    """Milliseconds since the start as naive UTC datetimes; NaT for -1."""
    epoch = np.datetime64(manifest.start.astimezone(UTC).replace(tzinfo=None), "ms")
    stamps = epoch + values.astype("timedelta64[ms]")
    stamps[values < 0] = np.datetime64("NaT")
    return pd.Series(stamps)


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

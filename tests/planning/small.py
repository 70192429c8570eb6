"""Small scenarios from a few lines of YAML, read and run as a person's own file would be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from textwrap import dedent
from types import MappingProxyType
from typing import Any

import numpy as np

from corridor import geodata
from corridor.engine import Verb, simulate
from corridor.metrics import Leg, View, measured
from corridor.planning import Manifest, build
from corridor.results import Ledger
from corridor.scenarios import Scenario, read_whole

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000

Corridors = Mapping[str, tuple[Leg, ...]]
NOTHING: Mapping[str, Any] = MappingProxyType({})


def asked(folder: Path, text: str, name: str = "small") -> Scenario:
    """The scenario that `text` asks, through a file."""
    path = folder / f"{name}.yaml"
    path.write_text(dedent(text), encoding="utf-8")
    return read_whole(path).scenario


def shipped(name: str, *settings: str) -> Scenario:
    """A scenario of the library, with overrides."""
    return read_whole(name, settings).scenario


def planned(
    scenario: Scenario, replication: int = 0, km: Mapping[str, float] = NOTHING
) -> Manifest:
    """One replication, planned; the lengths of the library's links are known."""
    return build(scenario, {**lengths(), **km}, replication)


def ran(
    scenario: Scenario,
    replication: int = 0,
    km: Mapping[str, float] = NOTHING,
    corridors: Corridors = NOTHING,
) -> View:
    """One replication, planned and run."""
    manifest = planned(scenario, replication, km)
    return View(Ledger(manifest, simulate(manifest.plan)), scenario, dict(corridors))


def timed(
    scenario: Scenario,
    starts: Mapping[str, Sequence[int]],
    km: Mapping[str, float] = NOTHING,
    corridors: Corridors = NOTHING,
) -> View:
    """One replication whose units come by a timetable: flow -> ms. No other unit comes."""
    m = planned(scenario, 0, km)
    start = np.full(len(m.flow), m.plan.horizon, dtype=np.int64)
    for i, flow in enumerate(m.flows):
        mine = np.flatnonzero(m.flow == i)[: len(starts[flow.name])]
        start[mine] = starts[flow.name]
    assert np.count_nonzero(start < m.plan.horizon) == sum(map(len, starts.values()))
    m = replace(m, plan=replace(m.plan, start=start), entry=start.copy())
    return View(Ledger(m, simulate(m.plan)), scenario, dict(corridors))


def rows_of(m: Manifest, unit: int) -> range:
    """The rows of the step table that are a unit's."""
    first = m.plan.route_first
    route = m.plan.route[unit]
    return range(first[route], first[route + 1])


def times_of(m: Manifest, unit: int) -> list[int]:
    """The times of a unit, step by step, ms."""
    cells = m.plan.cell_first[list(rows_of(m, unit))] + m.plan.rank[unit]
    return m.plan.time[cells].tolist()


def way_of(m: Manifest, unit: int) -> list[str]:
    """The way of a unit: verb and place of each step."""
    places = [*m.places, "-"]
    return [f"{Verb(m.plan.verb[row]).name} {places[m.place[row]]}" for row in rows_of(m, unit)]


def told(view: View) -> dict[tuple[str, str, str], float]:
    """(place, class, metric) -> value; no key twice."""
    rows = measured(view)
    found = {(row.place, row.class_, row.metric): row.value for row in rows}
    assert len(found) == len(rows)
    return found


_LENGTHS: dict[str, float] = {}


def lengths() -> dict[str, float]:
    if not _LENGTHS:
        links = geodata.load().links
        _LENGTHS.update(zip(links["link"], links["km"].astype(float), strict=True))
    return _LENGTHS


def z_of_mean(sample: np.ndarray, mean: float) -> float:
    """How many standard errors the mean of a sample lies from the truth."""
    return float((sample.mean() - mean) / (sample.std(ddof=1) / np.sqrt(len(sample))))

"""From asking to running: a Scenario and the world become a Manifest and its Plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import mul
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from corridor.engine import Plan
from corridor.engine.plan import starts
from corridor.planning.demand import units_of
from corridor.planning.draws import Streams
from corridor.planning.manifest import Manifest
from corridor.planning.openings import Axis
from corridor.planning.parties import Party, party_of
from corridor.planning.stations import Stations, stations_of
from corridor.planning.table import Table, table_of
from corridor.planning.times import write_times
from corridor.scenarios.scenario import Scenario

__all__ = ["build"]

Int64 = npt.NDArray[np.int64]
Kind = TypeVar("Kind", bound=np.generic)


def build(scenario: Scenario, kilometres: Mapping[str, float], replication: int) -> Manifest:
    """Plan one replication.

    Parameters
    ----------
    scenario : Scenario
        What is asked.
    kilometres : mapping
        Length of each link that a procedure travels, km by link id.
    replication : int
        Its number; with the scenario's seed it keys every draw.

    Returns
    -------
    Manifest
        Its `plan` is ready for any engine.
    """
    streams = Streams(scenario.seed, replication)
    axis = Axis.of(scenario)
    stations = stations_of(scenario, axis, streams)
    parties = [
        party_of(scenario, name, units_of(scenario, name, axis, streams), streams)
        for name in scenario.flows
    ]
    table = table_of(scenario, parties, stations)
    plan = _plan(axis, parties, table, stations)
    _write_all(plan, parties, axis, streams, kilometres)
    return Manifest(
        plan=plan,
        axis=axis,
        flows=tuple(party.label for party in parties),
        flow=_joined([np.full(len(p.way), i, np.int16) for i, p in enumerate(parties)], np.int16),
        entry=_joined([p.units.entry for p in parties], np.int64),
        payload_kg=_joined([p.units.payload_kg for p in parties], np.int64),
        fate=_joined([p.units.fate for p in parties], np.int8),
        place=table.place,
        post=table.post,
        channel=table.channel,
        places=table.places,
        channels=table.channels,
        stations=tuple(stations.names),
        openings=stations.openings,
        incidents=tuple(stations.incidents),
        purposes=tuple(streams.purposes),
    )


def _write_all(
    plan: Plan,
    parties: Sequence[Party],
    axis: Axis,
    streams: Streams,
    kilometres: Mapping[str, float],
) -> None:
    """Draw the times of every flow into the Plan."""
    row = unit = 0
    route = 1
    for party in parties:
        columns = []
        for path in party.paths:
            who = plan.units(route) - unit
            columns += [(who, plan.cells(row + k)) for k in range(len(path.atoms))]
            route, row = route + 1, row + len(path.atoms)
        write_times(plan.time, columns, party, axis, streams, kilometres)
        unit += len(party.way)


def _plan(axis: Axis, parties: Sequence[Party], table: Table, made: Stations) -> Plan:
    """The Plan, its times still to be written; route 0 is that of the units that do not come."""
    starting = _joined([p.units.start for p in parties], np.int64)
    first = starts(np.array([1, *(len(p.paths) for p in parties)]))[1:-1]
    ways = [np.where(p.way < 0, 0, p.way + n) for p, n in zip(parties, first, strict=True)]
    route = _joined(ways, np.int32)
    lengths = [len(path.atoms) for p in parties for path in p.paths]
    takers = np.bincount(route, minlength=len(lengths) + 1)[1:].tolist()
    return Plan(
        horizon=axis.horizon,
        start=np.minimum(starting, axis.horizon, out=starting),
        route=route,
        route_first=starts(np.array([0, *lengths])),
        verb=table.verb,
        where=table.where,
        amount=table.amount,
        priority=table.priority,
        time=np.empty(sum(map(mul, lengths, takers)), dtype=np.int64),
        lane_first=starts(np.array([len(at) for at, _ in made.steps], dtype=np.int64)),
        lane_at=_joined([at for at, _ in made.steps], np.int64),
        lane_open=_joined([lanes_open for _, lanes_open in made.steps], np.int64),
        closing=np.array(made.rules, dtype=np.int8),
        stock_level=np.array(made.levels, dtype=np.int64),
        capacity=np.array([int(train.capacity.value) for train in made.trains], dtype=np.int64),
        when_full=np.array([train.when_full for train in made.trains], dtype=np.int8),
        train_first=starts(np.array([len(at) for at in made.departures], dtype=np.int64)),
        train_at=_joined(made.departures, np.int64),
    )


def _joined(arrays: Sequence[npt.NDArray[Any]], dtype: type[Kind]) -> npt.NDArray[Kind]:
    """One array, new, of all of them."""
    return np.concatenate(arrays, dtype=dtype) if arrays else np.zeros(0, dtype=dtype)

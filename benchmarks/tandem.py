"""The reference workload, "port tandem": a year at a busy road port, the same for every engine.

`busy_port_fixed_hours.yaml` is planned as any scenario is. Two things are then done to the Plan so
that every peer can be given it and must return the same departures, to the last digit:

- its milliseconds become microseconds, the last three digits drawn at random. No two events then
  meet at one instant, so an engine without a rule for that has no choice to make;
- the run goes on for a week after the year, with the gate open, so that everyone leaves.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from corridor.engine import Journal, Plan, Verb

HERE = Path(__file__).parent
GATE = 0  # the first station, and the only one that keeps hours
WEEK = 7 * 24 * 3_600_000  # ms


def planned() -> Plan:
    """The year as planning makes it, ms."""
    from corridor.planning import build
    from corridor.scenarios import read

    return build(read(HERE / "busy_port_fixed_hours.yaml"), {}, 0).plan


def in_microseconds(plan: Plan) -> Plan:
    """The plan with times that never coincide, and a week more in which the gate stays open."""
    rng = np.random.Generator(np.random.PCG64DXSM(1))

    def spread(times: np.ndarray) -> np.ndarray:
        return times * 1000 + rng.integers(0, 1000, len(times))

    after = plan.lane_first[GATE + 1]
    lanes = plan.lane_open[:after].max()
    here = plan.start < plan.horizon
    if not here.all() or not (plan.verb == Verb.SERVE).all():
        raise SystemExit("the workload has others than lorries that come, and are served")
    return replace(
        plan,
        horizon=(plan.horizon + WEEK) * 1000,
        start=spread(plan.start),
        time=spread(plan.time),
        lane_first=plan.lane_first + (np.arange(len(plan.lane_first)) > GATE),
        lane_at=np.insert(plan.lane_at, after, plan.horizon) * 1000,
        lane_open=np.insert(plan.lane_open, after, lanes),
    )


def earliest(plan: Plan, units: int) -> Plan:
    """The plan of the units that come first."""
    kept = np.zeros(len(plan.start), dtype=bool)
    kept[np.argsort(plan.start, kind="stable")[:units]] = True
    routes = np.repeat(np.arange(len(plan.takers)), np.diff(plan.route_first))
    cells = [
        plan.time[plan.cells(row)][kept[plan.units(route)]] for row, route in enumerate(routes)
    ]
    return replace(plan, start=plan.start[kept], route=plan.route[kept], time=np.concatenate(cells))


def left(plan: Plan, journal: Journal) -> np.ndarray:
    """When each unit left, (U,)."""
    out = plan.start.copy()
    for route, end in enumerate(plan.route_first[1:]):
        if plan.takers[route]:
            out[plan.units(route)] = journal.ended[plan.cells(end - 1)]
    return out


def save(plan: Plan, path: Path) -> None:
    """Write a plan where an engine in a process of its own can read it."""
    np.savez(path, **{field.name: getattr(plan, field.name) for field in fields(plan)})


def load(path: Path) -> Tandem:
    """The plan in `path`."""
    with np.load(path) as arrays:
        plan = {name: arrays[name] for name in arrays.files}
    return Tandem(Plan(**plan | {"horizon": int(plan["horizon"])}))


@dataclass(frozen=True, eq=False)
class Tandem:
    """A plan of nothing but services, as people write such models: a row a lorry.

    Parameters
    ----------
    plan : Plan
    """

    plan: Plan

    @cached_property
    def order(self) -> np.ndarray:
        """Lorries in the order of their coming, (V,)."""
        return np.argsort(self.plan.start, kind="stable")

    @cached_property
    def visits(self) -> list[list[int]]:
        """The stations of each route."""
        ends = zip(self.plan.route_first[:-1], self.plan.route_first[1:], strict=True)
        return [self.plan.where[a:b].tolist() for a, b in ends]

    @cached_property
    def service(self) -> np.ndarray:
        """How long each lorry is served at each station, 0 where it does not go, (V, N)."""
        plan = self.plan
        table = np.zeros((len(plan.start), len(plan.closing)), dtype=np.int64)
        for route, stations in enumerate(self.visits):
            for row, station in enumerate(stations, plan.route_first[route]):
                table[plan.units(route), station] = plan.time[plan.cells(row)]
        return table

    @cached_property
    def lanes(self) -> list[int]:
        """Lanes of each station, while it is open."""
        return np.maximum.reduceat(self.plan.lane_open, self.plan.lane_first[:-1]).tolist()

    @cached_property
    def opens(self) -> tuple[list[int], list[int]]:
        """When the gate changes, and the earliest time from then on that it is open."""
        rows = slice(self.plan.lane_first[GATE], self.plan.lane_first[GATE + 1])
        at, lanes = self.plan.lane_at[rows].tolist(), self.plan.lane_open[rows].tolist()
        return at, [0 if n else after for n, after in zip(lanes, [*at[1:], 0], strict=True)]

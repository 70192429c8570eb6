"""The study room: run one scenario or compare several; replications in parallel and paired."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
from joblib import Parallel, delayed

from corridor import geodata
from corridor.faults import Faults
from corridor.geodata import Network
from corridor.metrics import Leg
from corridor.results import Results
from corridor.scenarios import Reading, Scenario, read_whole
from corridor.study import gather
from corridor.study.record import record_of
from corridor.study.replicate import Engine, Outcome, World, replicate
from corridor.study.sense import comparable, warnings_of

__all__ = ["compare", "run", "study"]

Progress = Callable[[int, int], None]


def run(scenario: str | Path, **options: Any) -> Results:
    """Run one scenario; see `study` for the options.

    Examples
    --------
    >>> results = run("plain_station", replications=2, jobs=1)
    >>> results.differences is None
    True
    """
    return study([read_whole(scenario)], **options)


def compare(base: str | Path, *others: str | Path, **options: Any) -> Results:
    """Compare scenarios, paired by keyed draws; see `study` for the options."""
    if not others:
        raise Faults.one("name at least two scenarios to compare")
    return study([read_whole(name) for name in (base, *others)], **options)


def study(
    readings: Sequence[Reading],
    *,
    replications: int | None = None,
    seed: int | None = None,
    engine: Engine = "auto",
    jobs: int = -1,
    command: Sequence[str] = (),
    network: Network | None = None,
    progress: Progress | None = None,
) -> Results:
    """Run every scenario with every replication and gather the tables.

    Parameters
    ----------
    readings : sequence of Reading
        The first is the base of the comparison.
    replications, seed : int, optional
        Instead of the base scenario's own.
    engine : {"auto", "simpy", "fast"}
    jobs : int
        Worker processes; -1 for one a core. The results are the same for any number.
    command : sequence of str
        What was typed, for the record.
    network : Network, optional
        The world; the bundled one by default.
    progress : callable, optional
        Called with (done, all) after each replication.

    Returns
    -------
    Results

    Raises
    ------
    Faults
        If the scenarios cannot be compared or lean on places or claims that are not there.
    """
    world_net = network or geodata.load()
    if (replications is not None and replications < 1) or jobs == 0:
        raise Faults.one("replications are 1 or more; jobs are 1 or more, or -1 for one a core")
    root = readings[0].scenario.seed if seed is None else seed
    readings = [_set(reading, root) for reading in readings]
    comparable(readings)
    count = replications or readings[0].scenario.replications
    worlds = [_world(world_net, reading.scenario) for reading in readings]
    tasks = [
        delayed(replicate)(reading.scenario, world, r, engine)
        for reading, world in zip(readings, worlds, strict=True)
        for r in range(count)
    ]
    outcomes: list[Outcome] = []
    for done, outcome in enumerate(
        Parallel(n_jobs=min(jobs, len(tasks)) if jobs > 0 else jobs, return_as="generator")(tasks),
        1,
    ):
        outcomes.append(outcome)
        if progress:
            progress(done, len(tasks))
    groups = [outcomes[i * count : (i + 1) * count] for i in range(len(readings))]
    purposes = sorted({p for group in groups for p in group[0].purposes})
    warnings = [w for reading in readings for w in warnings_of(reading.scenario)]
    record = record_of(readings, world_net, command, count, purposes, list(dict.fromkeys(warnings)))
    return _results(record, [r.scenario for r in readings], groups)


def _results(
    record: dict[str, Any], scenarios: Sequence[Scenario], groups: Sequence[Sequence[Outcome]]
) -> Results:
    pairs = list(zip(scenarios, groups, strict=True))

    def stacked(table: Callable[[Scenario, Sequence[Outcome]], pd.DataFrame]) -> pd.DataFrame:
        return _stack([table(scenario, group) for scenario, group in pairs])

    differences = None
    if len(scenarios) > 1:
        differences = gather.adjusted(_stack([
            gather.differences(scenarios[0], s, groups[0], g) for s, g in pairs[1:]
        ]))  # fmt: skip
    return Results(
        record=record,
        metrics=stacked(gather.metrics),
        replications=stacked(gather.replications),
        series=stacked(gather.series),
        visits=_stack([gather.visits(group) for group in groups]),
        monthly=stacked(gather.monthly),
        calendar=_stack([gather.calendar(group) for group in groups]),
        targets=stacked(gather.targets),
        staircase=stacked(gather.staircase),
        differences=differences,
    )


def _stack(tables: list[pd.DataFrame]) -> pd.DataFrame:
    kept = [t for t in tables if len(t)] or tables[:1]
    table = pd.concat(kept, ignore_index=True)
    for column in table.columns:  # categories of different scenarios differ; text is text
        if isinstance(table[column].dtype, pd.CategoricalDtype) or column in (
            "scenario",
            "measure",
        ):
            table[column] = table[column].astype(str)
    return table


def _set(reading: Reading, seed: int) -> Reading:
    """All compared scenarios draw from the base's seed: that is what pairs them."""
    return replace(reading, scenario=reading.scenario.model_copy(update={"seed": seed}))


def _world(network: Network, scenario: Scenario) -> World:
    kilometres = dict(zip(network.links["link"], network.links["km"], strict=True))
    corridors = {}
    for name in sorted({f.corridor for f in scenario.flows.values() if f.corridor}):
        corridors[name] = tuple(
            Leg(leg.from_place, leg.to_place, leg.km, leg.speed_kmh, leg.link)
            for leg in network.chain(name)
        )
    names = dict(zip(network.places["place"], network.places["name"], strict=True))
    return World(kilometres, corridors, names)

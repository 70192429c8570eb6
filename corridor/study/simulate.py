"""The study room: run one scenario or compare several; replications in parallel and paired."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd

from corridor import geodata
from corridor.evidence import load_claims
from corridor.faults import Faults
from corridor.geodata import Network
from corridor.metrics import Leg
from corridor.planning import Axis
from corridor.planning.demand import expected
from corridor.results import Results
from corridor.scenarios import Reading, Scenario, read_whole
from corridor.study import gather
from corridor.study.carry import Case, Progress, enough
from corridor.study.heap import kept
from corridor.study.precision import stop
from corridor.study.record import record_of
from corridor.study.replicate import Engine, World
from corridor.study.sense import comparable, warnings_of
from corridor.study.store import Sample, opened, sample, shelf, visits
from corridor.study.work import crew

__all__ = ["compare", "run", "study"]


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
    precision: str | None = None,
    seed: int | None = None,
    engine: Engine = "auto",
    jobs: int = -1,
    cluster: str | None = None,
    command: Sequence[str] = (),
    network: Network | None = None,
    store: Path | None = None,
    progress: Progress | None = None,
) -> Results:
    """Run every scenario with every replication and gather the tables.

    Parameters
    ----------
    readings : sequence of Reading
        The first is the base of the comparison.
    replications, seed : int, optional
        Instead of the base scenario's own.
    precision : str, optional
        Such as ``5%``: replications are added until every indicator of port and corridor is
        known to that share of its mean, at most `replications`, or 200; ``5%:all`` until every
        reported one is. The record says whether it was reached.
    engine : {"auto", "simpy", "fast"}
    jobs : int
        Workers on this computer; -1 for one a core, or for none where the study is so small that
        this process is done sooner. The results are the same for any number.
    cluster : str, optional
        Address of a Dask scheduler whose workers do the work instead, or ``local`` for one of our
        own with `jobs` workers. The results are the same.
    command : sequence of str
        What was typed, for the record.
    network : Network, optional
        The world; the bundled one by default.
    store : Path, optional
        Folder for finished replications. Those of this question that lie there are not done
        again, all else in it is taken away. A temporary folder by default.
    progress : callable, optional
        Called with (done, all), at the beginning and after each replication.

    Returns
    -------
    Results

    Raises
    ------
    Faults
        If the scenarios cannot be compared or lean on places or claims that are not there.
    WorkersLost
        If those of a cluster die again and again at the same work; what was finished lies in
        `store`.
    """
    world_net = network or geodata.bundled()
    if (replications is not None and replications < 1) or jobs == 0:
        raise Faults.one("replications are 1 or more; jobs are 1 or more, or -1 for one a core")
    root = readings[0].scenario.seed if seed is None else seed
    readings = [_set(reading, root) for reading in readings]
    rule = stop(precision, replications, readings[0].scenario.replications)
    comparable(readings)
    with _stored(store) as folder:
        cases = _cases(world_net, [reading.scenario for reading in readings], engine, folder)
        opened(folder, [case.shelf for case in cases])
        with kept(), crew(jobs, cluster, _seconds(cases, rule.most)) as workers:
            count, misses = enough(cases, rule, workers, progress)
        samples = [sample(case.shelf, count) for case in cases]
        purposes = sorted({purpose for each in samples for purpose in each.purposes})
        register = load_claims()
        warnings = [w for case in cases for w in warnings_of(case.scenario, register)]
        warnings += rule.warnings(count, misses)
        warnings += _thinned(cases, samples)
        design = rule.design(count, misses)
        record = record_of(
            readings, world_net, command, design, purposes, list(dict.fromkeys(warnings))
        )
        return _results(record, cases, samples)


def _thinned(cases: Sequence[Case], samples: Sequence[Sample]) -> list[str]:
    """Whose table of visits does not hold every unit."""
    return [
        f"{case.scenario.name}: visits.parquet holds one of every {each.every} units of one"
        " replication; indicators and series count them all"
        for case, each in zip(cases, samples, strict=True)
        if each.every > 1
    ]


@contextmanager
def _stored(store: Path | None) -> Iterator[Path]:
    if store is not None:
        yield store
    else:
        with TemporaryDirectory(prefix="corridor-") as folder:
            yield Path(folder)


def _results(record: dict[str, Any], cases: Sequence[Case], samples: Sequence[Sample]) -> Results:
    pairs = [(case.scenario, each) for case, each in zip(cases, samples, strict=True)]

    def stacked(table: Callable[[Scenario, Sample], pd.DataFrame]) -> pd.DataFrame:
        return _stack([table(scenario, each) for scenario, each in pairs])

    differences = None
    if len(cases) > 1:
        differences = gather.adjusted(_stack([
            gather.differences(*pairs[0], *other) for other in pairs[1:]
        ]))  # fmt: skip
    return Results(
        record=record,
        metrics=stacked(gather.metrics),
        replications=stacked(gather.replications),
        series=stacked(gather.series),
        visits=_stack([visits(case.shelf) for case in cases]),
        monthly=stacked(gather.monthly),
        calendar=stacked(gather.calendar),
        targets=stacked(gather.targets),
        staircase=stacked(gather.staircase),
        differences=differences,
    )


def _stack(tables: list[pd.DataFrame]) -> pd.DataFrame:
    """Tables of several scenarios, one under the other; text of few words stays a category."""
    kept = [t for t in tables if len(t)] or tables[:1]
    for column in kept[0].select_dtypes("category").columns:
        words = dict.fromkeys(word for t in kept for word in t[column].cat.categories)
        kept = [t.assign(**{column: t[column].cat.set_categories(list(words))}) for t in kept]
    return pd.concat(kept, ignore_index=True)


def _set(reading: Reading, seed: int) -> Reading:
    """All compared scenarios draw from the base's seed: that is what pairs them."""
    return replace(reading, scenario=reading.scenario.model_copy(update={"seed": seed}))


def _cases(
    network: Network, scenarios: Sequence[Scenario], engine: Engine, store: Path
) -> list[Case]:
    """The scenarios with their worlds, which those of the same corridors share, and shelves."""
    worlds: dict[tuple[str, ...], World] = {}
    cases = []
    for scenario in scenarios:
        named = tuple(sorted({f.corridor for f in scenario.flows.values() if f.corridor}))
        if named not in worlds:
            worlds[named] = _world(network, named)
        place = shelf(store, scenario, worlds[named], engine)
        cases.append(Case(scenario, worlds[named], engine, place))
    return cases


def _seconds(cases: Sequence[Case], replications: int) -> float:
    """About how long all of it takes one process, from what it takes here: see docs/scale.md."""
    each = 0.0
    for case in cases:
        axis, flows = Axis.of(case.scenario), case.scenario.flows.values()
        vehicles = sum(expected(flow, axis) for flow in flows)
        each += 0.05 + vehicles * (8e-5 if case.engine == "simpy" else 1.5e-6)
    return each * replications


def _world(network: Network, named: Sequence[str]) -> World:
    kilometres = dict(zip(network.links["link"], network.links["km"], strict=True))
    corridors = {}
    for name in named:
        corridors[name] = tuple(
            Leg(leg.from_place, leg.to_place, leg.km, leg.speed_kmh, leg.link)
            for leg in network.chain(name)
        )
    names = dict(zip(network.places["place"], network.places["name"], strict=True))
    return World(kilometres, corridors, names)

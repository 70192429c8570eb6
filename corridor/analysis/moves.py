"""The analysis room: run the scenarios again with each rival in place of the claim that is used."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from corridor.analysis.rivals import Move, Register, Trial, trials
from corridor.faults import Faults
from corridor.geodata import Network
from corridor.metrics.estimate import paired
from corridor.results import Results
from corridor.scenarios import Reading, read_whole
from corridor.scenarios.inventory import inventory
from corridor.study import study

__all__ = ["METRICS", "moved"]

METRICS = ("tonnes", "tfi1_mean", "swd")
"""What moves: cargo that passed, time to clear the port, speed along the corridor with delay."""

Key = tuple[str, str, str]
"""Scenario or pair, indicator, unit."""


def moved(
    names: Sequence[str],
    network: Network,
    register: Register,
    *,
    only: str | None = None,
    replications: int = 5,
    metrics: Sequence[str] = METRICS,
    jobs: int = -1,
    progress: Callable[[int, int], None] | None = None,
) -> list[Trial]:
    """Every rival of the claims in use, with how far the answer moves with it.

    Parameters
    ----------
    names : sequence of str
        One scenario, whose indicators are the answer; or two, whose difference is.
    network, register
        The world and the claims.
    only : str, optional
        A claim: only its rivals, or its own part as a rival, are tried.
    replications : int
        Runs of each scenario with each rival, paired with as many of the scenario as it stands.
    metrics : sequence of str
        Indicators of the scenarios' first port and of its corridor.
    jobs : int
        Workers; -1 for one a core.
    progress : callable, optional
        Called with (done, all) before each rival and at the end.

    Raises
    ------
    Faults
        A scenario that cannot be read or run, or more than two scenarios.
    """
    if not 1 <= len(names) <= 2:
        raise Faults.one("an answer is one scenario, or the difference of two", "--against")
    readings = [read_whole(name) for name in names]
    wanted = [t for t in trials(readings, network, register) if only in (None, t.used, t.rival)]
    tried = [trial for trial in wanted if trial.changes]
    if not tried:
        return wanted
    say = progress or (lambda done, all_: None)
    say(0, len(tried) + 1)
    as_it_stands = study(readings, network=network, replications=replications, jobs=jobs)
    base = _values(as_it_stands, readings, metrics)
    found = {}
    for done, trial in enumerate(tried, start=1):
        say(done, len(tried) + 1)
        try:
            fresh = [_with(*pair, trial) for pair in zip(names, readings, strict=True)]
            world = _longer(network, trial)
            results = study(fresh, network=world, replications=replications, jobs=jobs)
        except Faults as faults:
            excuse = f"the scenario does not allow it: {faults.faults[0].message}"
            found[trial.used, trial.rival] = replace(trial, changes=(), why=excuse)
        else:
            moves = tuple(_moves(base, _values(results, readings, metrics)))
            found[trial.used, trial.rival] = replace(trial, moves=moves)
    say(len(tried) + 1, len(tried) + 1)
    return [found.get((trial.used, trial.rival), trial) for trial in wanted]


def _with(name: str, reading: Reading, trial: Trial) -> Reading:
    """The scenario with the rival's values laid over its own."""
    here = {entry.path: entry for entry in inventory(reading.scenario)}
    settings = []
    for change in trial.changes:
        if change.path in here:
            settings.append(change.setting())
            # A closed season's shares are one whole: who does not rush before it waits it out.
            wait = here.get(change.path.replace(".closed_season.rush", ".closed_season.wait"))
            if wait is not None and wait.path != change.path:
                rest = float(wait.value.rstrip("%")) + change.value - change.instead
                settings.append(replace(change, path=wait.path, instead=rest).setting())
    return read_whole(name, settings)


def _longer(network: Network, trial: Trial) -> Network:
    """The network with the rival's lengths."""
    lengths = {
        change.path.removeprefix("links.").removesuffix(".km"): change.instead
        for change in trial.changes
        if change.path.startswith("links.")
    }
    if not lengths:
        return network
    links = network.links.copy()
    links["km"] = links["link"].map(lengths).fillna(links["km"]).astype(float)
    return replace(network, links=links)


def _values(
    results: Results, readings: Sequence[Reading], metrics: Sequence[str]
) -> dict[Key, pd.Series[float]]:
    """The values of each indicator by replication: the scenario's, or the difference of two."""
    names = [reading.scenario.name for reading in readings]
    scenario = readings[0].scenario
    flows = scenario.flows.values()
    places = [next(iter(scenario.ports)), *(flow.corridor for flow in flows if flow.corridor)]
    units = dict(zip(results.metrics["metric"], results.metrics["unit"], strict=True))
    table = results.replications[results.replications["place"].isin(places)]
    found = {}
    for metric in metrics:
        rows = table[table["metric"] == metric]
        if rows.empty:
            continue
        where = rows[["place", "class"]].iloc[0]
        rows = rows[(rows["place"] == where["place"]) & (rows["class"] == where["class"])]
        each = [rows[rows["scenario"] == name].set_index("replication")["value"] for name in names]
        value = each[0] if len(each) == 1 else each[1] - each[0]
        found[" -> ".join(names), metric, str(units[metric])] = value
    return found


def _moves(
    base: Mapping[Key, pd.Series[float]], other: Mapping[Key, pd.Series[float]]
) -> Iterator[Move]:
    for key, before in base.items():
        if key in other:
            both = pd.concat([before, other[key]], axis=1).dropna().to_numpy(dtype=np.float64)
            if len(both):
                d = paired(both[:, 0], both[:, 1])
                numbers = (float(d.difference), float(d.low), float(d.high))
                yield Move(*key, float(before.mean()), *numbers, len(both))

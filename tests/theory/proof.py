"""From a scenario file to a z for every truth: plan, run, check, measure, one run after another.

Each port of a file is run alone: streams are keyed, so its numbers are those it has among others.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from planning.small import ran, told
from scipy.stats import norm, t

from corridor.metrics import View
from corridor.results.tables import series_of, visits_of
from corridor.scenarios import Scenario, read_whole

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Sight:
    """One replication of a port, as its tables show it."""

    port: str
    view: View

    @cached_property
    def _told(self) -> dict[tuple[str, str, str], float]:
        return told(self.view)

    @cached_property
    def _series(self) -> dict[tuple[str, str], np.ndarray]:
        return dict(zip(*series_of(self.view.ledger), strict=True))

    @cached_property
    def visits(self) -> pd.DataFrame:
        return visits_of(self.view.ledger, "s")

    def metric(self, name: str, place: str = "", class_: str = "all") -> float:
        """An indicator of the port, or of a post ``q`` or a station ``q/desk`` of it."""
        return self._told[self._at(place), class_, name]

    def series(self, measure: str, place: str = "") -> np.ndarray:
        """An hourly series, whole days of it, (days, 24)."""
        return self._series[self._at(place), measure].reshape(-1, 24)

    def _at(self, place: str) -> str:
        return f"{self.port}/{place}" if place else self.port


@dataclass(frozen=True)
class Truth:
    """A number that theory knows.

    Parameters
    ----------
    what : str
        In words, with its unit.
    value : float
    seen : callable
        Of a replication, a sum and over how many: their ratio over all replications is compared.
    within : float
        Largest standard error allowed, as a share of the value: a test must be able to fail.
    main : bool
        Whether its z is one of those tested together: one a port, for they are to be independent.
    """

    what: str
    value: float
    seen: Callable[[Sight], tuple[float, float]]
    within: float = 0.01
    main: bool = False


@dataclass(frozen=True)
class Family:
    """A port of a scenario file, what theory knows of it, and whose theory it is."""

    file: str
    port: str
    by: str
    truths: tuple[Truth, ...]

    @property
    def name(self) -> str:
        return f"{self.file}-{self.port}"


class Found(NamedTuple):
    """What the replications say: the ratio, its standard error, how many of those from truth."""

    ratio: float
    error: float
    z: float


@cache
def _read(file: str, *settings: str) -> Scenario:
    return read_whole(HERE / f"{file}.yaml", settings).scenario


def scenario_of(family: Family, *settings: str) -> Scenario:
    """The scenario of a family: of its file that port alone."""
    whole = _read(family.file, *settings)
    flows = {name: flow for name, flow in whole.flows.items() if flow.port == family.port}
    alone = {family.port: whole.ports[family.port]}
    return whole.model_copy(update={"ports": alone, "flows": flows})


def sights(family: Family) -> Iterator[Sight]:
    """Every replication, each with its books in order."""
    scenario = scenario_of(family)
    for replication in range(scenario.replications):
        view = ran(scenario, replication)
        view.ledger.check()
        yield Sight(family.port, view)


def found(truth: Truth, seen: np.ndarray) -> Found:
    """Compare (n, 2) sums and counts with the truth.

    If it is true, sum - truth x count is 0 on the average, whatever the two have to do with each
    other: there is no bias of a ratio. Student's t with n - 1 degrees is made a z.
    """
    total, count = seen.T
    rest = total - truth.value * count
    error = rest.std(ddof=1) / np.sqrt(len(rest))
    with np.errstate(divide="ignore", invalid="ignore"):  # no error at all: no z, or no end to it
        off = rest.mean() / error
    z = norm.isf(t.sf(abs(off), len(rest) - 1)) * np.sign(off)
    return Found(float(total.sum() / count.sum()), float(error / count.mean()), float(z))


def proved(family: Family, shelf: Path) -> list[Found]:
    """What is found of each truth of a family; from the `shelf` if it has been run before."""
    kept = shelf / f"{family.name}.json"
    if not kept.exists():
        rows = [[truth.seen(sight) for truth in family.truths] for sight in sights(family)]
        seen = np.array(rows, dtype=float)
        answer = [found(truth, seen[:, i]) for i, truth in enumerate(family.truths)]
        draft = kept.with_suffix(f".{id(answer)}")
        draft.write_text(json.dumps(answer), encoding="utf-8")
        draft.replace(kept)
    return [Found(*row) for row in json.loads(kept.read_text(encoding="utf-8"))]

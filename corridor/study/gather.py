"""The study room: replications become tables with intervals."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from corridor.metrics import holm, interval, paired, prediction_interval
from corridor.results.schema import COLUMNS
from corridor.scenarios import Scenario
from corridor.study.store import Sample, stacked

__all__ = ["adjusted", "calendar", "differences", "estimates", "metrics", "monthly",
           "replications", "series", "staircase", "targets"]  # fmt: skip

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

ALONG = ("tfi3_mean", "swod", "swd")
"""Indicators of a corridor: they stand by class and direction, never for all units."""

QUANTILES = {"p10": 0.1, "p50": 0.5, "p90": 0.9}


def _frame(name: str, data: Any) -> pd.DataFrame:
    return pd.DataFrame(data, columns=list(COLUMNS[name]))


def replications(scenario: Scenario, sample: Sample) -> pd.DataFrame:
    """One row a replication, place, class and metric."""
    count, width = sample.values.shape
    labels = np.tile(np.array(sample.rows, dtype=object).reshape(width, 4), (count, 1))
    columns = dict(zip(("place", "class", "metric", "unit"), labels.T, strict=True))
    number = np.repeat(np.arange(count), width)
    return _frame(
        "replications",
        {"scenario": scenario.name, "replication": number}
        | columns
        | {"value": sample.values.ravel()},
    )


def metrics(scenario: Scenario, sample: Sample) -> pd.DataFrame:
    """Means over replications with 95% intervals."""
    found = zip(sample.rows, estimates(sample.values), strict=True)
    return _frame("metrics", [(scenario.name, *label, *known) for label, known in found])


def estimates(values: Floats) -> list[tuple[float, float, float, int]]:
    """Mean, low, high, n of each indicator; replications in which it is missing are left out.

    Parameters
    ----------
    values : float64 (R, indicators)
    """
    found: list[tuple[float, float, float, int]] = [(math.nan, math.nan, math.nan, 0)]
    found *= values.shape[1]
    for columns, rows in _alike(~np.isnan(values)):
        known = values[np.ix_(rows, columns)]
        e = interval(known)
        ends = (e.mean.tolist(), _floor(known, e.low).tolist(), e.high.tolist())
        for column, *told in zip(columns.tolist(), *ends, strict=True):
            found[column] = (*told, len(known))
    return found


def _alike(known: npt.NDArray[np.bool_]) -> Iterator[tuple[Ints, Ints]]:
    """Columns known in the same rows, and these rows: what is known in none is left out."""
    if not known.size:
        return
    kinds, which = np.unique(known, axis=1, return_inverse=True)
    for i, rows in enumerate(kinds.T):
        if rows.any():
            yield np.flatnonzero(which == i), np.flatnonzero(rows)


def _floor(values: Floats, low: Any) -> Any:
    """`low`, but not below zero for what is never negative: times, counts, weights."""
    return np.where((values >= 0).all(axis=0), np.maximum(low, 0.0), low)


def differences(base: Scenario, a: Sample, other: Scenario, b: Sample) -> pd.DataFrame:
    """Other minus base, paired by replication; p not yet adjusted (column p_adjusted holds p)."""
    index = {label: i for i, label in enumerate(b.rows)}
    labels = [label for label in a.rows if label in index]
    ours = a.values[:, [label in index for label in a.rows]]
    theirs = b.values[:, [index[label] for label in labels]]
    found: dict[int, tuple[float, ...]] = {}
    for columns, rows in _alike(~np.isnan(ours) & ~np.isnan(theirs)):
        d = paired(ours[np.ix_(rows, columns)], theirs[np.ix_(rows, columns)])
        pairs = np.full(len(columns), len(rows))
        parts = (d.difference, d.low, d.high, pairs, d.variance_reduction, d.p)
        told = zip(*(part.tolist() for part in parts), strict=True)
        found |= dict(zip(columns.tolist(), told, strict=True))
    table = [(base.name, other.name, *labels[i], *found[i]) for i in sorted(found)]
    return _frame("differences", table)


def adjusted(table: pd.DataFrame) -> pd.DataFrame:
    """Holm's correction over what is tested; NaN for every row that is only there to be read.

    Tested are the ports' indicators for all units and those of their corridors, all pairs of
    scenarios together: within this family the chance that any one is called different though
    none is stays 5%. A difference without variance (hours by a calendar, demand met by both) is
    no test: it is not counted and keeps its p, 0 or 1.
    """
    at_port = ~table["place"].str.contains("/")
    family = at_port & ((table["class"] == "all") | table["metric"].isin(ALONG))
    tested = family & (table["low"] != table["high"]) & table["p_adjusted"].notna()
    table = table.assign(p_adjusted=table["p_adjusted"].where(family))
    table.loc[tested, "p_adjusted"] = holm(table.loc[tested, "p_adjusted"].to_numpy())
    return table


def series(scenario: Scenario, sample: Sample) -> pd.DataFrame:
    """Hourly mean and quantiles over replications, measured part."""
    found: dict[str, list[npt.NDArray[np.float32]]] = {name: [] for name in ("mean", *QUANTILES)}
    for values in stacked(sample.files):
        n = len(values)
        mean = values.sum(axis=0, dtype=np.int64) / n
        found["mean"].append(mean.astype(np.float32))
        differ = np.flatnonzero((values != values[0]).any(axis=0))  # by night hardly any do
        levels = np.sort(values[:, differ], axis=0)
        for name, q in QUANTILES.items():
            level = values[0].astype(np.float32)
            level[differ] = levels[min(n - 1, int(q * n))]
            found[name].append(level)
    columns = {name: np.concatenate(parts) for name, parts in found.items()}
    hours = len(columns["mean"]) // len(sample.labels)
    start = pd.Timestamp(scenario_start(scenario)).tz_localize(None)
    stamps = start + pd.to_timedelta(np.arange(hours), unit="h")
    places, measures = zip(*sample.labels, strict=True)
    return pd.DataFrame({
        "scenario": _repeated([scenario.name] * len(places), hours),
        "place": _repeated(places, hours),
        "measure": _repeated(measures, hours),
        "hour": np.tile(stamps.to_numpy().astype("datetime64[ms]"), len(places)),
        **columns,
    })  # fmt: skip


def _repeated(words: Sequence[str], times: int) -> pd.Categorical[str]:
    """Each word so many times, told once."""
    known = list(dict.fromkeys(words))
    codes = np.repeat([known.index(word) for word in words], times)
    return pd.Categorical.from_codes(codes.astype(np.int16), categories=pd.Index(known))


def scenario_start(scenario: Scenario) -> pd.Timestamp:
    """The first measured instant, UTC."""
    from corridor.planning import Axis

    axis = Axis.of(scenario)
    return pd.Timestamp(axis.start) + pd.Timedelta(milliseconds=axis.measured)


def monthly(scenario: Scenario, sample: Sample) -> pd.DataFrame:
    """Monthly passes with 95% intervals of the mean."""
    units = {"vehicles": "vehicles", "tonnes": "t"}
    e = interval(sample.monthly)
    low = _floor(sample.monthly, e.low)
    rows = [
        (scenario.name, place, label, month, metric, units[metric], e.mean[i], low[i], e.high[i],
         e.n)
        for i, (place, label, month, metric) in enumerate(sample.months)
    ]  # fmt: skip
    return _frame("monthly", rows)


def targets(scenario: Scenario, sample: Sample) -> pd.DataFrame:
    """Each target beside the 95% prediction interval of one more replication."""
    units = {"vehicles": "vehicles", "tonnes": "t", "tfi1_mean": "h"}
    rows = []
    for name, target in scenario.targets_here().items():
        values = np.array([found[name] for found in sample.targets])
        values = values[~np.isnan(values)]
        if not len(values):
            continue
        e = prediction_interval(values, at_least=0.0)
        seen = target.observed.value
        low, high = float(e.low), float(e.high)
        rows.append((scenario.name, name, target.title, target.role, target.port, target.metric,
                     units[target.metric], str(target.from_), str(target.until), target.claim, seen,
                     float(e.mean), low, high, len(values), bool(low <= seen <= high)))  # fmt: skip
    return _frame("targets", rows)


def staircase(scenario: Scenario, sample: Sample) -> pd.DataFrame:
    """Cumulative hours over the corridor: mean over replications of mean, p10 and p90."""
    rows = []
    haul, fees = scenario.costs.haul, scenario.costs.fees
    hourly = scenario.costs.waiting.value if scenario.costs.waiting else 0.0
    usd = last_km = last_h = 0.0
    passed_border = False
    for key in sample.stairs[0]:
        corridor, class_, direction, order, place, kind, title, km = key
        stack = np.array([found[key] for found in sample.stairs if key in found])
        known = stack[~np.isnan(stack).any(axis=1)]
        mean, low, high = known.mean(axis=0) if len(known) else (float("nan"),) * 3
        if order == 0:
            usd = last_km = last_h = 0.0
            passed_border = False
        side = haul.get("after" if passed_border else "before")
        flow = next(f for f in scenario.flows.values()
                    if (f.corridor, f.class_, f.direction) == key[:3])  # fmt: skip
        load = flow.payload.value / 20_000 if flow.payload else 1.0
        if kind == "post":
            fee = fees.get(place.replace("/", "."))
            usd += (fee.value if fee else 0.0) + hourly * (mean - last_h)
            passed_border = passed_border or _is_border(scenario, place)
        else:
            usd += (side.value if side else 0.0) / 500 * (km - last_km) * load
        last_km, last_h = km, mean
        rows.append((scenario.name, corridor, class_, direction, order, place, kind, title, km,
                     mean, low, high, usd if haul else float("nan")))  # fmt: skip
    return _frame("staircase", rows)


def _is_border(scenario: Scenario, place: str) -> bool:
    """Whether `place` is the post behind which the other country's haul rate holds."""
    port, post = place.split("/")
    posts = list(scenario.ports[port].posts)
    return post == posts[(len(posts) - 1) // 2]


def calendar(_: Scenario, sample: Sample) -> pd.DataFrame:
    """Openings, closed seasons, holidays and the events of the first replication."""
    return _frame("calendar", sample.calendar)

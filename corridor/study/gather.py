"""The study room: outcomes of replications become tables with intervals. Order never matters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from corridor.metrics import holm, interval, paired, prediction_interval
from corridor.results.schema import COLUMNS
from corridor.scenarios import Scenario
from corridor.study.replicate import Outcome

__all__ = ["calendar", "differences", "metrics", "monthly", "replications", "series", "staircase",
           "targets", "visits"]  # fmt: skip

ALONG = ("tfi3_mean", "swod", "swd")
"""Indicators of a corridor: they stand by class and direction, never for all units."""


def _frame(name: str, data: Any) -> pd.DataFrame:
    return pd.DataFrame(data, columns=list(COLUMNS[name]))


def _values(outcomes: Sequence[Outcome]) -> npt.NDArray[np.float64]:
    return np.array([[row.value for row in o.rows] for o in outcomes])


def replications(scenario: Scenario, outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """One row a replication, place, class and metric."""
    rows = [
        (scenario.name, o.replication, r.place, r.class_, r.metric, r.unit, r.value)
        for o in outcomes
        for r in o.rows
    ]
    return _frame("replications", rows)


def metrics(scenario: Scenario, outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """Means over replications with 95% intervals; a metric missing in a replication is left out."""
    values = _values(outcomes)
    rows = []
    for i, row in enumerate(outcomes[0].rows):
        known = values[~np.isnan(values[:, i]), i]
        low = high = mean = float("nan")
        if len(known):
            e = interval(known)
            mean, low, high = float(e.mean), _floor(known, e.low), float(e.high)
        rows.append((scenario.name, row.place, row.class_, row.metric, row.unit, mean, low, high,
                     len(known)))  # fmt: skip
    return _frame("metrics", rows)


def _floor(values: npt.NDArray[np.float64], low: Any) -> Any:
    """`low`, but not below zero for what is never negative: times, counts, weights."""
    return np.where((values >= 0).all(axis=0), np.maximum(low, 0.0), low)[()]


def differences(
    base: Scenario, other: Scenario, a: Sequence[Outcome], b: Sequence[Outcome]
) -> pd.DataFrame:
    """Other minus base, paired by replication; p not yet adjusted (column p_adjusted holds p)."""
    index = {(r.place, r.class_, r.metric): i for i, r in enumerate(b[0].rows)}
    va, vb = _values(a), _values(b)
    rows = []
    for i, row in enumerate(a[0].rows):
        j = index.get((row.place, row.class_, row.metric))
        if j is None:
            continue
        both = ~np.isnan(va[:, i]) & ~np.isnan(vb[:, j])
        if not both.any():
            continue
        d = paired(va[both, i], vb[both, j])
        rows.append((base.name, other.name, row.place, row.class_, row.metric, row.unit,
                     float(d.difference), float(d.low), float(d.high), int(both.sum()),
                     float(d.variance_reduction), float(d.p)))  # fmt: skip
    return _frame("differences", rows)


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


def series(scenario: Scenario, outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """Hourly mean and quantiles over replications, measured part."""
    labels = outcomes[0].labels
    stack = np.sort(np.stack([o.series for o in outcomes]), axis=0)
    n = len(stack)
    mean = stack.sum(axis=0, dtype=np.int64) / n
    picks = {name: stack[min(n - 1, int(q * n))] for name, q in
             (("p10", 0.1), ("p50", 0.5), ("p90", 0.9))}  # fmt: skip
    hours = stack.shape[2]
    start = pd.Timestamp(scenario_start(scenario)).tz_localize(None)
    stamps = start + pd.to_timedelta(np.arange(hours), unit="h")
    places = np.repeat([place for place, _ in labels], hours)
    measures = np.repeat([measure for _, measure in labels], hours)
    return pd.DataFrame({
        "scenario": pd.Categorical([scenario.name] * len(places)),
        "place": pd.Categorical(places),
        "measure": pd.Categorical(measures),
        "hour": np.tile(stamps.to_numpy().astype("datetime64[ms]"), len(labels)),
        "mean": mean.ravel().astype(np.float32),
        **{name: values.ravel().astype(np.float32) for name, values in picks.items()},
    })  # fmt: skip


def scenario_start(scenario: Scenario) -> pd.Timestamp:
    """The first measured instant, UTC."""
    from corridor.planning import Axis

    axis = Axis.of(scenario)
    return pd.Timestamp(axis.start) + pd.Timedelta(milliseconds=axis.measured)


def monthly(scenario: Scenario, outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """Monthly passes with 95% intervals of the mean."""
    units = {"vehicles": "vehicles", "tonnes": "t"}
    keys = list(outcomes[0].monthly)
    values = np.array([[o.monthly[key] for key in keys] for o in outcomes])
    e = interval(values)
    low = _floor(values, e.low)
    rows = [
        (scenario.name, place, label, month, metric, units[metric], e.mean[i], low[i], e.high[i],
         len(outcomes))
        for i, (place, label, month, metric) in enumerate(keys)
    ]  # fmt: skip
    return _frame("monthly", rows)


def targets(scenario: Scenario, outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """Each target beside the 95% prediction interval of one more replication."""
    units = {"vehicles": "vehicles", "tonnes": "t", "tfi1_mean": "h"}
    rows = []
    for name, target in scenario.targets_here().items():
        values = np.array([o.targets[name] for o in outcomes])
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


def staircase(scenario: Scenario, outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """Cumulative hours over the corridor: mean over replications of mean, p10 and p90."""
    rows = []
    haul, fees = scenario.costs.haul, scenario.costs.fees
    hourly = scenario.costs.waiting.value if scenario.costs.waiting else 0.0
    usd = last_km = last_h = 0.0
    passed_border = False
    for key in outcomes[0].stairs:
        corridor, class_, direction, order, place, kind, title, km = key
        stack = np.array([o.stairs[key] for o in outcomes if key in o.stairs])
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


def visits(outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """Single visits of the first replication."""
    return next(o.visits for o in outcomes if o.visits is not None)


def calendar(outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """Openings, closed seasons, holidays and the events of the first replication."""
    return _frame("calendar", next(o.calendar for o in outcomes if o.calendar))

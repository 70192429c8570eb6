"""The study room: one replication, from asking to indicators; what a worker does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, tzinfo
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from corridor.engine import simulate
from corridor.metrics import Leg, Row, View, measured, staircase
from corridor.metrics.monthly import MonthLabel, monthly, observed
from corridor.metrics.stays import quantiles
from corridor.planning import Manifest, build
from corridor.planning.clock import zone
from corridor.results.ledger import Ledger
from corridor.results.tables import SeriesLabel, calendar_of, every, series_of, visits_of
from corridor.scenarios import Scenario

__all__ = ["Engine", "Outcome", "World", "narrowed", "replicate"]

Engine = Literal["auto", "simpy", "fast"]
StairKey = tuple[str, str, str, int, str, str, str, float]
"""(corridor, class, direction, order, place, kind, name, km)"""


@dataclass(frozen=True)
class World:
    """What the geodata tell a run, as plain data: link lengths km, legs of named corridors."""

    kilometres: Mapping[str, float]
    corridors: dict[str, tuple[Leg, ...]]
    names: Mapping[str, str]


@dataclass(frozen=True, eq=False)
class Outcome:
    """What one replication gives back to the study. Tables of single units only for the first.

    Of `every` so many units one stands in `visits`, with all its steps; of a usual port each does.
    Hourly counts are in the narrowest whole numbers that hold them: they travel, and are kept.
    """

    replication: int
    rows: list[Row]
    labels: tuple[SeriesLabel, ...]
    series: npt.NDArray[np.integer[Any]]
    monthly: dict[MonthLabel, float]
    targets: dict[str, float]
    stairs: dict[StairKey, tuple[float, float, float]]
    visits: pd.DataFrame | None
    every: int
    calendar: list[dict[str, str]]
    purposes: tuple[str, ...]


def replicate(scenario: Scenario, world: World, replication: int, engine: Engine) -> Outcome:
    """Plan, run, check and measure one replication.

    Raises
    ------
    RuntimeError
        If conservation or an invariant of the engine fails: a bug of ours.
    """
    manifest = build(scenario, world.kilometres, replication)
    journal = simulate(manifest.plan, engine=engine)
    ledger = Ledger(manifest, journal)
    ledger.check()
    view = View(ledger, scenario, world.corridors)
    labels, series = series_of(ledger)
    first = replication == 0
    step = every(ledger) if first else 1
    return Outcome(
        replication=replication,
        rows=measured(view),
        labels=labels,
        series=narrowed(series),
        monthly=monthly(view),
        targets={name: observed(view, target) for name, target in scenario.targets_here().items()},
        stairs=_stairs(view, world),
        visits=visits_of(ledger, scenario.name, step) if first else None,
        every=step,
        calendar=_calendar(manifest, scenario) if first else [],
        purposes=manifest.purposes,
    )


def narrowed(counts: npt.NDArray[np.int32]) -> npt.NDArray[np.integer[Any]]:
    """The same in the narrowest whole numbers that hold them; signed, if any is below nothing."""
    negative = counts.size and counts.min() < 0
    return counts if negative else counts.astype(np.min_scalar_type(counts.max(initial=0)))


def _stairs(view: View, world: World) -> dict[StairKey, tuple[float, float, float]]:
    """Mean, 10th and 90th percentile of cumulative hours at each stair, laden flows alone."""
    found: dict[StairKey, tuple[float, float, float]] = {}
    for flow in view.ledger.manifest.flows:
        load = view.scenario.flows[flow.name].payload
        if flow.corridor not in view.corridors or load is None or load.value == 0:
            continue
        for order, (place, kind, name, km, hours) in enumerate(staircase(view, flow)):
            title = world.names.get(place, name)
            key = (flow.corridor, flow.class_, flow.direction, order, name, kind, title, km)
            if len(hours):
                high, low = quantiles(hours, (0.9, 0.1))
                found[key] = (float(hours.mean()), low, high)
            else:
                found[key] = (float("nan"),) * 3
    return found


def _calendar(manifest: Manifest, scenario: Scenario) -> list[dict[str, str]]:
    """Openings, holidays, closed seasons, special openings and drawn events, for people."""
    clocks = {
        f"{p}/{q}": zone(post.clock)
        for p, port in scenario.ports.items()
        for q, post in port.posts.items()
    }
    rows = calendar_of(manifest, scenario.name, clocks)

    def add(place: str, kind: str, name: str, begin: object, end: object) -> None:
        rows.append({"scenario": scenario.name, "place": place, "kind": kind, "name": name,
                     "from": str(begin), "until": str(end)})  # fmt: skip

    period = scenario.period
    for p, port in scenario.ports.items():
        days = [d for d in manifest.axis.days(0) if period.first <= d < period.end]
        shut = [d for d in days if port.season.closed_on(d)]
        for run in _runs(shut):
            add(p, "season_closed", "Closed season", run[0], run[-1])
        for name, spell in port.season.special_openings.items():
            if spell.until >= period.first and spell.from_ < period.end:
                add(p, "special_opening", name.replace("_", " "), spell.from_, spell.until)
        countries = dict.fromkeys(c for post in port.posts.values() for c in post.holidays)
        for country in countries:
            for day, name in sorted(scenario.calendars[country].holidays.items()):
                if period.first <= day < period.end:
                    add(p, "holiday", f"{country.capitalize()}: {name}", day, day)
    for title, place, a, b in manifest.incidents:
        if b > manifest.axis.measured:
            tz = clocks[place]
            ends = [_local(manifest, t, tz) for t in (a, b)]
            add(place, "event", title, *ends)
    return rows


def _local(manifest: Manifest, ms: int, tz: tzinfo) -> str:
    stamp = pd.Timestamp(manifest.start) + pd.Timedelta(milliseconds=ms)
    return str(stamp.to_pydatetime().astimezone(tz).isoformat(timespec="minutes"))


def _runs(days: list[date]) -> list[list[date]]:
    """Consecutive dates, run by run."""
    runs: list[list[date]] = []
    for day in days:
        if runs and (day - runs[-1][-1]).days == 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return runs

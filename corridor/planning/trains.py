"""From asking to running: when trains leave, in milliseconds since the start of the run."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from corridor.planning.draws import MINUTE
from corridor.planning.openings import Axis, open_days
from corridor.scenarios.port import Port, Post
from corridor.scenarios.scenario import Scenario
from corridor.scenarios.train import Train

__all__ = ["departures"]

Int64 = npt.NDArray[np.int64]


def departures(
    scenario: Scenario,
    port: Port,
    post: Post,
    train: Train,
    axis: Axis,
    shut: frozenset[date] = frozenset(),
) -> Int64:
    """When trains leave by the timetable within the run, (d,) ms, rising.

    On the days of the week that the timetable names, or else when the post opens; a train of the
    next morning belongs to the evening before it.
    """
    table = train.timetable
    if table is None:
        return np.zeros(0, dtype=np.int64)
    named = table.weekdays()
    runs = open_days(scenario, port, post, axis, shut)
    at = [
        instant
        for day, instants in _instants(axis, post.clock, table.times())
        if (day.weekday() in named if named else day in runs)
        for instant in instants
    ]
    rows = np.unique(np.array(at, dtype=np.int64))  # a clock set back may repeat a time
    return rows[(rows >= 0) & (rows < axis.horizon)]


@lru_cache(maxsize=64)
def _instants(
    axis: Axis, clock: str, times: tuple[float, ...]
) -> tuple[tuple[date, tuple[int, ...]], ...]:
    """The departures of each date in ms: the same in every replication."""
    return tuple(
        (day, tuple(axis.at(day, int(t), clock) + round(t % 1 * MINUTE) for t in times))
        for day in axis.days()
    )

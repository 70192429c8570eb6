"""Plans written by hand, and plans drawn at random with as many ties as can be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from corridor.engine import ClosingRule, Journal, Plan, Verb, simulate


class Step(NamedTuple):
    verb: Verb
    where: int = -1
    time: int = 0
    amount: int = 0
    priority: int = 0


class Unit(NamedTuple):
    start: int
    steps: Sequence[Step] = ()


class Lanes(NamedTuple):
    changes: Sequence[tuple[int, int]] = ((0, 1),)
    closing: ClosingRule = ClosingRule.FINISH


def move(time: int) -> Step:
    return Step(Verb.MOVE, time=time)


def serve(where: int, time: int, priority: int = 0) -> Step:
    return Step(Verb.SERVE, where, time, priority=priority)


def take(where: int, amount: int, priority: int = 0) -> Step:
    return Step(Verb.TAKE, where, amount=amount, priority=priority)


def give(where: int, amount: int, after: int = 0) -> Step:
    return Step(Verb.GIVE, where, after, amount)


def plan(
    units: Sequence[Unit],
    stations: Sequence[Lanes] = (),
    stocks: Sequence[int] = (),
    horizon: int = 1000,
) -> Plan:
    steps = [step for unit in units for step in unit.steps]
    changes = [change for lanes in stations for change in lanes.changes]

    def rows(lengths: Sequence[int]) -> np.ndarray:
        return np.cumsum([0, *lengths], dtype=np.int64)

    return Plan(
        horizon=horizon,
        start=np.array([unit.start for unit in units], dtype=np.int64),
        first=rows([len(unit.steps) for unit in units]),
        verb=np.array([step.verb for step in steps], dtype=np.int8),
        where=np.array([step.where for step in steps], dtype=np.int32),
        time=np.array([step.time for step in steps], dtype=np.int64),
        amount=np.array([step.amount for step in steps], dtype=np.int64),
        priority=np.array([step.priority for step in steps], dtype=np.int32),
        lane_first=rows([len(lanes.changes) for lanes in stations]),
        lane_at=np.array([at for at, _ in changes], dtype=np.int64),
        lane_open=np.array([lanes for _, lanes in changes], dtype=np.int64),
        closing=np.array([lanes.closing for lanes in stations], dtype=np.int8),
        stock_level=np.array(stocks, dtype=np.int64),
    )


def stamps(journal: Journal) -> list[tuple[int, int, int, int]]:
    """The rows (asked, began, ended, worked)."""
    rows = zip(journal.asked, journal.began, journal.ended, journal.worked, strict=True)
    return [tuple(map(int, row)) for row in rows]


def trace(
    units: Sequence[Unit],
    stations: Sequence[Lanes] = (),
    stocks: Sequence[int] = (),
    horizon: int = 1000,
) -> list[tuple[int, int, int, int]]:
    """Run a plan written by hand; the rows (asked, began, ended, worked) of its steps."""
    return stamps(simulate(plan(units, stations, stocks, horizon)))


def queue(start: np.ndarray, work: np.ndarray, lanes: int) -> Plan:
    """One station of so many lanes, always open; a horizon that cuts nothing off."""
    units = len(start)
    rows, nought = np.arange(units + 1), np.zeros(units, dtype=np.int64)
    return Plan(
        horizon=int(start.max() + work.sum()) + 1,
        start=start.astype(np.int64),
        first=rows,
        verb=np.full(units, Verb.SERVE, dtype=np.int8),
        where=nought.astype(np.int32),
        time=work.astype(np.int64),
        amount=nought,
        priority=nought.astype(np.int32),
        lane_first=np.array([0, 1]),
        lane_at=np.array([0]),
        lane_open=np.array([lanes]),
        closing=np.array([ClosingRule.FINISH], dtype=np.int8),
        stock_level=nought[:0],
    )


def random_plan(seed: int, units: int, steps: int, stations: int, stocks: int, rush: bool) -> Plan:
    """A small network, its times so few and so coarse that ties are the rule.

    In a rush all units start at once, most steps take no time, and all have a priority.
    """
    rng = np.random.default_rng(seed)
    grid, horizon = int(rng.integers(1, 4)), int(rng.integers(5, 61))
    latest = 1 if rush else int(rng.choice([1, 10, horizon + 3]))
    often_zero = 0.8 if rush else rng.choice([0.1, 0.4])
    urgent = rush or rng.random() < 0.5
    verbs = [Verb.MOVE] + [Verb.SERVE] * 6 * bool(stations) + [Verb.TAKE, Verb.GIVE] * bool(stocks)

    def lanes() -> Lanes:
        later = np.unique(rng.integers(1, horizon + 5, rng.integers(0, 13)) // grid * grid)
        changes = [(int(at), int(rng.integers(0, 4))) for at in [0, *later[later > 0]]]
        return Lanes(changes, ClosingRule(int(rng.integers(0, 3))))

    def step() -> Step:
        verb = Verb(rng.choice(verbs))
        time = 0 if rng.random() < often_zero else grid * int(rng.integers(0, 6))
        priority = int(rng.integers(-1, 2)) if urgent else 0
        if verb == Verb.MOVE:
            return move(time)
        if verb == Verb.SERVE:
            return serve(int(rng.integers(stations)), time, priority)
        where, amount = int(rng.integers(stocks)), int(rng.integers(0, 3))
        return take(where, amount, priority) if verb == Verb.TAKE else give(where, amount, time)

    return plan(
        [
            Unit(
                int(rng.integers(latest)) // grid * grid,
                [step() for _ in range(rng.integers(steps + 1))],
            )
            for _ in range(units)
        ],
        [lanes() for _ in range(stations)],
        rng.integers(0, 6, stocks).tolist(),
        horizon,
    )

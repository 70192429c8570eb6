"""Plans written by hand, and plans drawn at random with as many ties as can be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from corridor.engine import LONGEST, ClosingRule, Journal, Plan, Verb, simulate

from .oracle import oracle

Stamp = tuple[int, int, int, int]  # asked, began, ended, worked


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


class Trains(NamedTuple):
    capacity: int
    at: Sequence[int] = ()
    when_full: bool = False


def move(time: int) -> Step:
    return Step(Verb.MOVE, time=time)


def serve(where: int, time: int, priority: int = 0, keep: bool = False) -> Step:
    return Step(Verb.SERVE, where, time, int(keep), priority)


def take(where: int, amount: int, priority: int = 0) -> Step:
    return Step(Verb.TAKE, where, amount=amount, priority=priority)


def give(where: int, amount: int, after: int = 0) -> Step:
    return Step(Verb.GIVE, where, after, amount)


def depart(where: int, priority: int = 0) -> Step:
    return Step(Verb.DEPART, where, priority=priority)


def join(where: int, stations: int, priority: int = 0) -> Step:
    return Step(Verb.JOIN, where, amount=stations, priority=priority)


def limit(patience: int = LONGEST, ahead: int = LONGEST, skip: int = 0) -> Step:
    return Step(Verb.LIMIT, skip, patience, ahead)


def plan(
    units: Sequence[Unit],
    stations: Sequence[Lanes] = (),
    stocks: Sequence[int] = (),
    platforms: Sequence[Trains] = (),
    horizon: int = 1000,
    routes: Sequence[Sequence[Step]] = (),
    share: bool = True,
) -> Plan:
    """A Plan; units whose steps differ in nothing but time `share` a route, or none do.

    `routes` are put first in the step table, whether or not any unit takes them.
    """
    table = [said(steps) for steps in routes]
    route = []
    for unit in units:
        if not share or said(unit.steps) not in table:
            table.append(said(unit.steps))
        route.append(table.index(said(unit.steps)) if share else len(table) - 1)
    by_start = sorted(zip(units, route, strict=True), key=lambda pair: pair[0].start)
    times = [
        [unit.steps[row].time for unit, its in by_start if its == number]
        for number, steps in enumerate(table)
        for row in range(len(steps))
    ]
    steps = [step for steps in table for step in steps]
    changes = [change for lanes in stations for change in lanes.changes]
    return Plan(
        horizon=horizon,
        start=ints(unit.start for unit in units),
        route=ints(route).astype(np.int32),
        route_first=rows(table),
        verb=ints(step.verb for step in steps).astype(np.int8),
        where=ints(step.where for step in steps).astype(np.int32),
        amount=ints(step.amount for step in steps),
        priority=ints(step.priority for step in steps).astype(np.int32),
        time=ints(time for row in times for time in row),
        lane_first=rows([lanes.changes for lanes in stations]),
        lane_at=ints(at for at, _ in changes),
        lane_open=ints(lanes for _, lanes in changes),
        closing=ints(lanes.closing for lanes in stations).astype(np.int8),
        stock_level=ints(stocks),
        capacity=ints(trains.capacity for trains in platforms),
        when_full=ints(trains.when_full for trains in platforms).astype(np.int8),
        train_first=rows([trains.at for trains in platforms]),
        train_at=ints(at for trains in platforms for at in trains.at),
    )


def said(steps: Sequence[Step]) -> list[Step]:
    """What the step table says of these steps: all but the time."""
    return [step._replace(time=0) for step in steps]


def ints(values) -> np.ndarray:
    return np.array([int(value) for value in values], dtype=np.int64)


def rows(groups: Sequence[Sequence]) -> np.ndarray:
    return np.cumsum([0, *map(len, groups)], dtype=np.int64)


def cells(plan: Plan) -> list[int]:
    """The cell of each step, unit after unit."""
    rows = plan.route_first.tolist()
    found: list[list[int]] = [[] for _ in plan.start]
    taken = [0] * len(rows)
    for unit in sorted(range(len(plan.start)), key=lambda unit: plan.start[unit]):
        route = plan.route[unit]
        for row in range(rows[route], rows[route + 1]):
            found[unit].append(plan.cells(row).start + taken[route])
        taken[route] += 1
    return [cell for its in found for cell in its]


def stamps(plan: Plan, journal: Journal) -> list[Stamp]:
    """The rows (asked, began, ended, worked), unit after unit."""
    columns = journal.asked, journal.began, journal.ended, journal.worked
    return [tuple(int(column[cell]) for column in columns) for cell in cells(plan)]


def joined(plan: Plan, journal: Journal) -> list[int]:
    """The stations chosen, unit after unit."""
    joins = np.repeat(plan.verb == Verb.JOIN, np.diff(plan.cell_first))
    place = np.cumsum(joins) - 1
    return [int(journal.joined[place[cell]]) for cell in cells(plan) if joins[cell]]


def run(plan: Plan, engine: str = "simpy") -> Journal:
    """The Journal of a plan, looked at thoroughly."""
    return simulate(plan, engine, thorough=True)


def agreed(plan: Plan) -> Journal:
    """The Journal of a plan, which all engines and the oracle must write alike."""
    journal = run(plan, "simpy")
    assert run(plan, "fast").equal(journal)
    assert oracle(plan).equal(journal)
    return journal


def trace(*args, **kwargs) -> list[Stamp]:
    """Run a plan written by hand; the rows (asked, began, ended, worked) of its steps."""
    written = plan(*args, **kwargs)
    return stamps(written, agreed(written))


def queue(start: np.ndarray, work: np.ndarray, lanes: int) -> Plan:
    """One station of so many lanes, always open; a horizon that cuts nothing off."""
    return Plan(
        horizon=int(start.max() + work.sum()) + 1,
        start=start.astype(np.int64),
        route=np.zeros(len(start), dtype=np.int32),
        route_first=np.array([0, 1]),
        verb=np.array([Verb.SERVE], dtype=np.int8),
        where=np.array([0], dtype=np.int32),
        amount=np.array([0]),
        priority=np.array([0], dtype=np.int32),
        time=work.astype(np.int64),
        lane_first=np.array([0, 1]),
        lane_at=np.array([0]),
        lane_open=np.array([lanes]),
        closing=np.array([ClosingRule.FINISH], dtype=np.int8),
    )


def random_plan(
    seed: int, units: int, steps: int, stations: int, stocks: int, platforms: int, rush: bool
) -> Plan:
    """A small network, its times so few and so coarse that ties are the rule.

    In a rush all units start at once, most steps take no time, and all have a priority.
    """
    dice = Dice(np.random.default_rng(seed), stations, stocks, platforms, rush)
    routes = [dice.route(steps) for _ in range(1 + dice.below(6))]
    return plan(
        [Unit(dice.start(), dice.timed(dice.one_of(routes))) for _ in range(units)],
        [dice.lanes() for _ in range(stations)],
        [dice.below(3) for _ in range(stocks)],
        [dice.trains() for _ in range(platforms)],
        dice.horizon,
        routes=dice.one_of([routes, []]),
        share=dice.chance(0.8),
    )


def crowded_plan(seed: int, units: int) -> Plan:
    """Crowds that come at one instant to lines of all kinds, most of them too long for most.

    Who goes away comes to another line, where the next may find one more ahead; or gives something
    back, so that others begin before the next goes.
    """
    dice = Dice(np.random.default_rng(seed), stations=3, stocks=2, platforms=1, rush=True)

    def line() -> list[Step]:
        steps = dice.one_of([dice.served, dice.served, dice.takes, dice.departs, dice.joins])()
        if steps[0].verb == Verb.LIMIT:
            return steps
        return [limit(ahead=dice.one_of([0, 1, 3, 10, 30, units // 2])), *steps]

    def route() -> list[Step]:
        steps = [limit(ahead=dice.below(8)), serve(dice.below(3), 0, dice.priority())]
        steps += [step for _ in range(dice.below(3)) for step in [*line(), *dice.gives()]]
        return dice.landed(steps)

    routes = [route() for _ in range(1 + dice.below(8))]
    return plan(
        [Unit(dice.below(3), dice.timed(dice.one_of(routes))) for _ in range(units)],
        [dice.lanes() for _ in range(3)],
        [dice.below(9) for _ in range(2)],
        [dice.trains()],
        dice.horizon,
    )


def one_way_plan(seed: int, units: int, stations: int, rush: bool) -> Plan:
    """A network that all pass in one direction, always in the order in which they come."""
    dice = Dice(np.random.default_rng(seed), stations, 0, 0, rush)
    priorities = [dice.priority() for _ in range(stations)]

    def route() -> list[Step]:
        steps = []
        for station in range(stations):
            steps += dice.moves() * dice.below(2)
            steps += [serve(station, 0, priorities[station])] * dice.below(2)
        return steps

    routes = [route() for _ in range(1 + dice.below(4))]
    return plan(
        [Unit(dice.start(), dice.timed(dice.one_of(routes))) for _ in range(units)],
        [dice.lanes()._replace(closing=ClosingRule.FINISH) for _ in range(stations)],
        horizon=dice.horizon,
        routes=dice.one_of([routes, []]),
        share=dice.chance(0.8),
    )


class Dice:
    """What chance says of a plan."""

    def __init__(
        self, rng: np.random.Generator, stations: int, stocks: int, platforms: int, rush: bool
    ) -> None:
        self.rng = rng
        self.stations, self.stocks, self.platforms = stations, stocks, platforms
        self.grid, self.horizon = 1 + self.below(3), 5 + self.below(56)
        self.latest = 1 if rush else self.one_of([1, 10, self.horizon + 3])
        self.often_zero = 0.8 if rush else self.one_of([0.1, 0.4])
        self.often_limited = self.one_of([0.0, 0.3, 0.7])
        self.urgent = rush or self.chance(0.5)
        often = {
            self.moves: 1,
            self.served: 6 * (stations > 0),
            self.joins: 2 * (stations > 0),
            self.takes: stocks > 0,
            self.gives: 2 * (stocks > 0),
            self.passes_room: 2 * (stations > 0 and stocks > 0),
            self.departs: 2 * (platforms > 0),
        }
        self.phrases = [phrase for phrase, times in often.items() for _ in range(times)]

    def below(self, end: int) -> int:
        return int(self.rng.integers(end))

    def chance(self, share: float) -> bool:
        return bool(self.rng.random() < share)

    def one_of(self, things: Sequence):
        return things[self.below(len(things))]

    # What is there

    def instants(self) -> list[int]:
        drawn = self.rng.integers(0, self.horizon + 5, self.below(13))
        return np.unique(drawn // self.grid * self.grid).tolist()

    def lanes(self) -> Lanes:
        later = [at for at in self.instants() if at > 0]
        rule = self.one_of([*ClosingRule, ClosingRule.RECALL])  # it seldom comes to be seen
        return Lanes([(at, self.below(4)) for at in [0, *later]], rule)

    def trains(self) -> Trains:
        return Trains(self.one_of([1, 2, 3, LONGEST]), self.instants(), self.chance(0.5))

    # What is done, phrase by phrase

    def moves(self) -> list[Step]:
        return [move(0)]

    def served(self) -> list[Step]:
        return self.limited([serve(self.below(self.stations), 0, self.priority())])

    def joins(self) -> list[Step]:
        first = min(self.below(self.stations), self.below(self.stations))
        stations = self.one_of([1, self.stations - first, self.stations - first])
        keep = self.chance(0.3) and self.stocks > 0
        steps = [join(first, stations, self.priority()), serve(first, 0, self.priority(), keep)]
        return self.limited([*steps, *(self.taken() if keep else [])])

    def takes(self) -> list[Step]:
        return self.limited(self.taken())

    def gives(self) -> list[Step]:
        return [give(self.below(self.stocks), self.below(5))]

    def passes_room(self) -> list[Step]:
        """A service behind which there is a room, a service there, and the room is free again."""
        place = serve(self.below(self.stations), 0, self.priority(), keep=True)
        (room,) = self.taken()
        leave = give(room.where, room.amount)
        return self.limited(
            [
                place,
                room,
                *self.one_of([[], [leave], [*self.served(), leave], [*self.moves(), leave]]),
            ]
        )

    def departs(self) -> list[Step]:
        return self.limited([depart(self.below(self.platforms), self.priority())])

    def taken(self) -> list[Step]:
        return [take(self.below(self.stocks), self.below(3), self.priority())]

    def priority(self) -> int:
        return self.below(3) - 1 if self.urgent else 0

    def limited(self, steps: list[Step]) -> list[Step]:
        if not self.chance(self.often_limited):
            return steps
        return [limit(ahead=self.one_of([0, 1, 2, LONGEST])), *steps]

    def route(self, phrases: int) -> list[Step]:
        """Some phrases, and for each limit some steps to skip."""
        often = max(self.below(phrases + 1), self.below(phrases + 1))
        return self.landed([step for _ in range(often) for step in self.one_of(self.phrases)()])

    def landed(self, steps: list[Step]) -> list[Step]:
        """Have each limit skip some steps."""
        for row, step in enumerate(steps):
            if step.verb == Verb.LIMIT:
                behind = row + 2 + (steps[row + 1].verb == Verb.JOIN)
                free = [to for to in range(behind, len(steps) + 1) if not binds(steps[to - 1])]
                steps[row] = step._replace(where=self.one_of(free) - behind)
        return steps

    # What differs from unit to unit

    def start(self) -> int:
        return self.below(self.latest) // self.grid * self.grid

    def timed(self, steps: Sequence[Step]) -> list[Step]:
        return [step._replace(time=self.time(step.verb)) for step in steps]

    def time(self, verb: Verb) -> int:
        if verb in (Verb.TAKE, Verb.DEPART, Verb.JOIN):
            return 0
        if verb == Verb.LIMIT:
            return self.one_of([0, LONGEST, *range(self.grid, 6 * self.grid, self.grid)])
        return 0 if self.chance(self.often_zero) else self.grid * self.below(6)


def binds(step: Step) -> bool:
    """Whether nobody may come to the step behind but by this one."""
    return step.verb in (Verb.JOIN, Verb.LIMIT) or (step.verb == Verb.SERVE and step.amount == 1)

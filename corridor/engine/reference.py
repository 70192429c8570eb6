"""Engine room: the reference engine. SimPy, written to be read; what it does is what is meant.

Each unit is a process, its `life`; in what order things happen at one instant is up to `places`.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from simpy import Environment, Event

from corridor.engine.places import Book, Env, Fork, Platform, Process, Station, Stock, Visit, due
from corridor.engine.plan import Journal, Plan, Verb

__all__ = ["run"]

# A bare int is compared faster than a member of an enum.
MOVE, SERVE, TAKE, GIVE, DEPART, JOIN, LIMIT = map(int, Verb)
WAITS = frozenset((SERVE, TAKE, DEPART))

Step = tuple[int, Any, int, int, int]  # verb, place, amount, priority, the first of its cells


def run(plan: Plan) -> Journal:
    """Run a checked `plan` to its horizon."""
    network = Network(plan)
    network.env.process(network.arrivals())
    network.env.run(until=plan.horizon)
    book = network.book
    for station in network.stations:
        for visit in station.busy:
            book.worked[visit.cell] += plan.horizon - visit.since
    rows = book.asked, book.began, book.ended, book.worked
    asked, began, ended, worked = (np.array(row, dtype=np.int64) for row in rows)
    joins = np.repeat(plan.verb == JOIN, np.diff(plan.cell_first))
    joined = np.array(book.joined, dtype=np.int32)[joins]
    return Journal(asked, began, ended, worked, joined)


class Network:
    """The places of a plan, and the lives of its units."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.env: Env = Environment()
        self.book = Book(len(plan.time))
        self.fork = Fork(self.env)
        self.stations = [self._station(index) for index in range(len(plan.closing))]
        self.stocks = [self._stock(index) for index in range(len(plan.stock_level))]
        self.platforms = [self._platform(index) for index in range(len(plan.capacity))]
        self.steps = self._steps()
        self.time, self.rank = plan.time.tolist(), plan.rank.tolist()

    def arrivals(self) -> Process:
        """Bring each unit to life at its start."""
        rows = pairwise(self.plan.route_first.tolist())
        routes = [self.steps[first:end] for first, end in rows]
        start, route = self.plan.start.tolist(), self.plan.route.tolist()
        for unit in self.plan.arrivals.tolist():
            if start[unit] > self.env.now:
                yield due(Event(self.env), start[unit] - self.env.now)
            self.env.process(self.life(unit, routes[route[unit]]))

    def life(self, unit: int, steps: list[Step]) -> Process:
        """Lead a unit through the steps of its route."""
        env, book, time, rank = self.env, self.book, self.time, self.rank[unit]
        asked, began, ended = book.asked, book.began, book.ended
        chosen = kept = limit = None
        skip = beyond = 0
        for verb, place, amount, priority, first in steps:
            if skip:
                skip -= 1
                continue
            cell = first + rank
            asked[cell] = now = env.now
            if verb in WAITS:
                place, chosen = chosen or place, None
                want = time[cell] if verb == SERVE else amount
                visit = Visit(env, cell, (priority, now, unit), want)
                place.line.ask(visit, limit)
                limit = None
                yield visit.done
                if visit.gave_up:
                    skip = beyond
                elif verb == SERVE:
                    kept = place.stop(visit, amount)
                elif kept:
                    kept.leave()
                    kept = None
            elif verb == JOIN:
                chosen = yield self.fork.ask(unit, priority, place)
                began[cell], book.joined[cell] = now, chosen.place
            else:
                began[cell] = now
                if verb == MOVE:
                    yield due(Event(env), time[cell])
                elif verb == GIVE:
                    place.give(amount, time[cell])
                else:
                    limit, beyond = (time[cell], amount), place
            ended[cell] = env.now

    def _steps(self) -> list[Step]:
        """The step table, with the places themselves for their numbers."""
        plan, stocks = self.plan, self.stocks
        places: dict[int, Any]
        places = {SERVE: self.stations, TAKE: stocks, GIVE: stocks, DEPART: self.platforms}
        columns = plan.verb, plan.where, plan.amount, plan.priority, plan.cell_first[:-1]
        steps = []
        for row in zip(*(column.tolist() for column in columns), strict=True):
            verb, where, amount, *rest = row
            place = places[verb][where] if verb in places else where
            if verb == JOIN:
                place = self.stations[where : where + amount]
            steps.append((verb, place, amount, *rest))
        return steps

    def _station(self, index: int) -> Station:
        plan, rows = self.plan, slice(*self.plan.lane_first[index : index + 2].tolist())
        at, lanes = plan.lane_at[rows].tolist(), plan.lane_open[rows].tolist()
        station = Station(self.env, self.book, index, int(plan.closing[index]), lanes[0])
        self.env.process(station.timetable(at[1:], lanes[1:]))
        return station

    def _stock(self, index: int) -> Stock:
        place = len(self.stations) + index
        return Stock(self.env, self.book, place, int(self.plan.stock_level[index]))

    def _platform(self, index: int) -> Platform:
        plan, rows = self.plan, slice(*self.plan.train_first[index : index + 2].tolist())
        place, at = len(self.stations) + len(self.stocks) + index, plan.train_at[rows].tolist()
        capacity, when_full = int(plan.capacity[index]), bool(plan.when_full[index])
        platform = Platform(self.env, self.book, place, capacity, when_full)
        self.env.process(platform.timetable(at))
        return platform

"""Engine room: the reference engine. SimPy, written to be read; what it does is what is meant.

SimPy takes events from its calendar by (time, priority, serial number). The priorities here are
the phases of an instant in the order that `plan` lays down: FINISH, LANES, then from START on one
for each station and each stock. Arrivals share the phase FINISH: like finishes, they only put
units in line, and no lane change looks at a line.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from heapq import heappop, heappush
from itertools import pairwise
from typing import Any

import numpy as np
from simpy import Environment, Event

from corridor.engine.plan import ClosingRule, Journal, Plan, Verb

__all__ = ["run"]

FINISH, LANES, START = 1, 2, 3  # SimPy begins a process with priority 0 and ends it with 1
MOVE, SERVE, TAKE, GIVE = map(int, Verb)  # a bare int is compared faster than a member of an enum

Env = Any  # a simpy.Environment; its types allow a float for the time, which `due` keeps an int
Rank = tuple[int, int, int]  # a place in line: (priority, asked, unit)
Process = Generator[Event, None, None]


def due(event: Event, delay: int, phase: int = FINISH) -> Event:
    """Let `event` happen in `delay` ms. Nothing else in this engine makes time pass."""
    if type(delay) is not int or delay < 0:
        raise ValueError(f"a delay is a non-negative int, not {delay!r}")
    event._ok, event._value = True, None
    env: Env = event.env
    env.schedule(event, phase, delay)
    return event


class Book:
    """The Journal while it is written: plain lists, which Python fills faster than arrays."""

    def __init__(self, steps: int) -> None:
        self.asked, self.began, self.ended = [-1] * steps, [-1] * steps, [-1] * steps
        self.worked = [0] * steps

    def journal(self) -> Journal:
        """The Journal as arrays."""
        rows = self.asked, self.began, self.ended, self.worked
        return Journal(*(np.array(row, dtype=np.int64) for row in rows))


class Bell:
    """Has `answer` called in its phase of the instant, once, however often it is rung."""

    def __init__(self, env: Env, phase: int, answer: Callable[[], None]) -> None:
        self.env, self.phase, self.answer = env, phase, answer
        self.rung = False

    def ring(self) -> None:
        """Ring, and be answered when all earlier phases of this instant are over."""
        if not self.rung:
            self.rung = True
            due(Event(self.env), 0, self.phase).callbacks.append(self._answer)

    def ring_and_wait(self) -> None:
        """Ring, with nothing left to do: if nothing else is due now either, the answer is next."""
        if self.env.peek() > self.env.now:
            self.answer()
        else:
            self.ring()

    def _answer(self, _: Event) -> None:
        self.rung = False
        self.answer()


class Service:
    """One unit at one station, waiting or in work; `done` happens when the work is over."""

    __slots__ = ("began", "done", "left", "rank", "since", "step", "unit")

    def __init__(self, unit: int, step: int, rank: Rank, left: int, done: Event) -> None:
        self.unit, self.step, self.rank, self.left, self.done = unit, step, rank, left, done
        self.began = self.since = -1


class Station:
    """Lanes and a line. What is in work is in `busy`, what HOLD has stopped is in `held`."""

    def __init__(self, env: Env, book: Book, phase: int, rule: int, lanes: int) -> None:
        self.env, self.book, self.rule, self.open = env, book, rule, lanes
        self.bell = Bell(env, phase, self.start)
        self.line: list[tuple[Rank, Service]] = []
        self.busy: dict[int, Service] = {}
        self.held: list[tuple[int, int, Service]] = []

    def ask(self, unit: int, step: int, priority: int, work: int) -> Service:
        """Stand in line for `work` ms of a lane."""
        rank = (priority, self.env.now, unit)
        service = Service(unit, step, rank, work, Event(self.env))
        heappush(self.line, (rank, service))
        if len(self.busy) < self.open:
            self.bell.ring_and_wait()
        return service

    def leave(self, service: Service) -> None:
        """Make the lane free again; the book says how long it was taken."""
        del self.busy[service.unit]
        self.book.worked[service.step] += self.env.now - service.since
        self._ring()

    def change(self, lanes: int) -> None:
        """From now on so many lanes are open."""
        self.open = lanes
        if self.rule != ClosingRule.FINISH and len(self.busy) > lanes:
            in_order = sorted(self.busy.values(), key=lambda service: (service.began, service.unit))
            for service in in_order[lanes:]:
                self._interrupt(service)
        self._ring()

    def start(self) -> None:
        """Begin what can begin; but what takes no time is settled before the next begins."""
        while self.held and len(self.busy) < self.open:
            self._work(heappop(self.held)[2])
        while self.line and len(self.busy) < self.open:
            service = heappop(self.line)[1]
            service.began = self.book.began[service.step] = self.env.now
            self._work(service)
            if service.left == 0:
                self._ring()
                break

    def _ring(self) -> None:
        """Ring the bell, if anything can start."""
        if (self.line or self.held) and len(self.busy) < self.open:
            self.bell.ring()

    def _work(self, service: Service) -> None:
        self.busy[service.unit] = service
        service.since = self.env.now
        due(service.done, service.left)

    def _interrupt(self, service: Service) -> None:
        # SimPy cannot take an event off its calendar: the old one happens, with nobody listening.
        unheard, service.done = service.done, Event(self.env)
        service.done.callbacks, unheard.callbacks = unheard.callbacks, []
        self.leave(service)
        if self.rule == ClosingRule.HOLD:
            service.left -= self.env.now - service.since
            heappush(self.held, (service.began, service.unit, service))
        else:
            self.book.began[service.step] = -1
            heappush(self.line, (service.rank, service))


class Stock:
    """An amount of something, and the line of those who take it."""

    def __init__(self, env: Env, book: Book, phase: int, level: int) -> None:
        self.env, self.book, self.level = env, book, level
        self.bell = Bell(env, phase, self.start)
        self.line: list[tuple[Rank, int, int, Event]] = []

    def ask(self, unit: int, step: int, priority: int, amount: int) -> Event:
        """Stand in line for `amount`."""
        taken = Event(self.env)
        heappush(self.line, ((priority, self.env.now, unit), step, amount, taken))
        self.bell.ring_and_wait()
        return taken

    def give(self, amount: int, delay: int) -> None:
        """Raise the level by `amount` in `delay` ms, before anything is taken in that instant."""
        if delay:
            due(Event(self.env), delay).callbacks.append(lambda _: self.give(amount, 0))
        else:
            self.level += amount
            self._ring()

    def start(self) -> None:
        """Let the head of the line have its amount, if there is so much."""
        if self.line and self.line[0][2] <= self.level:
            _, step, amount, taken = heappop(self.line)
            self.level -= amount
            self.book.began[step] = self.env.now
            due(taken, 0)
            self._ring()

    def _ring(self) -> None:
        """Ring the bell, if anything can start."""
        if self.line and self.line[0][2] <= self.level:
            self.bell.ring()


def run(plan: Plan) -> Journal:
    """Run a checked `plan` to its horizon."""
    env: Env = Environment()
    book = Book(len(plan.verb))
    stations = _stations(env, book, plan)
    first_stock = START + len(stations)
    stocks = [
        Stock(env, book, first_stock + index, level)
        for index, level in enumerate(plan.stock_level.tolist())
    ]
    env.process(_arrivals(env, book, plan, stations, stocks))
    env.run(until=plan.horizon)
    for station in stations:
        for service in station.busy.values():
            book.worked[service.step] += plan.horizon - service.since
    return book.journal()


def _stations(env: Env, book: Book, plan: Plan) -> list[Station]:
    stations = []
    for index, (rule, rows) in enumerate(
        zip(plan.closing.tolist(), pairwise(plan.lane_first.tolist()), strict=True)
    ):
        at, lanes = plan.lane_at[slice(*rows)].tolist(), plan.lane_open[slice(*rows)].tolist()
        stations.append(Station(env, book, START + index, rule, lanes[0]))
        env.process(_lane_changes(env, stations[-1], at[1:], lanes[1:]))
    return stations


def _lane_changes(env: Env, station: Station, at: list[int], lanes: list[int]) -> Process:
    for instant, now_open in zip(at, lanes, strict=True):
        yield due(Event(env), instant - env.now, LANES)
        station.change(now_open)


def _arrivals(
    env: Env, book: Book, plan: Plan, stations: list[Station], stocks: list[Stock]
) -> Process:
    """Bring each unit to life at its start, and lead it through its steps."""
    verbs, where, time = plan.verb.tolist(), plan.where.tolist(), plan.time.tolist()
    amount, priority = plan.amount.tolist(), plan.priority.tolist()
    asked, began, ended = book.asked, book.began, book.ended

    def life(unit: int, first: int, end: int) -> Process:
        for step in range(first, end):
            asked[step] = env.now
            verb, place = verbs[step], where[step]
            if verb == SERVE:
                service = stations[place].ask(unit, step, priority[step], time[step])
                yield service.done
                stations[place].leave(service)
            elif verb == MOVE:
                began[step] = env.now
                yield due(Event(env), time[step])
            elif verb == TAKE:
                yield stocks[place].ask(unit, step, priority[step], amount[step])
            elif verb == GIVE:
                began[step] = env.now
                stocks[place].give(amount[step], time[step])
            ended[step] = env.now

    first, start = plan.first.tolist(), plan.start.tolist()
    for unit in np.argsort(plan.start, kind="stable").tolist():
        if start[unit] > env.now:
            yield due(Event(env), start[unit] - env.now)
        env.process(life(unit, first[unit], first[unit + 1]))

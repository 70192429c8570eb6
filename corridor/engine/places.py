"""Engine room: the places of the reference engine, and who waits there. SimPy, to be read.

SimPy takes events from its calendar by (time, priority, serial number). The priorities here are
the phases of an instant in the order that `plan` lays down: FINISH, LANES, JOIN, then from START
on one for each place (station, stock, platform), and from GIVE_UP on one for each place again.
Arrivals share the phase FINISH: like finishes, they only put units in line, and neither lane
changes nor trains look at a line before START.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Generator
from heapq import heappop, heappush
from typing import Any

from simpy import Event

from corridor.engine.plan import LONGEST, ClosingRule

__all__ = ["Book", "Fork", "Platform", "Station", "Stock", "Visit", "due"]

FINISH, LANES, JOIN, START = 1, 2, 3, 4  # SimPy begins a process with priority 0, ends it with 1
GIVE_UP = 2**60  # behind START of every place

Env = Any  # a simpy.Environment; its types allow a float for the time, which `due` keeps an int
Rank = tuple[int, int, int]  # a place in line: (priority, asked, unit)
Limit = tuple[int, int]  # how long a unit has patience, and how many ahead are too many
Process = Generator[Event, Any, None]


def due(event: Event, delay: int, phase: int = FINISH, value: Any = None) -> Event:
    """Let `event` happen in `delay` ms. Nothing else in this engine makes time pass."""
    if type(delay) is not int or delay < 0:
        raise ValueError(f"a delay is a non-negative int, not {delay!r}")
    event._ok, event._value = True, value
    env: Env = event.env
    env.schedule(event, phase, delay)
    return event


class Book:
    """The Journal while it is written: plain lists, which Python fills faster than arrays."""

    def __init__(self, cells: int) -> None:
        self.asked, self.began, self.ended = [-1] * cells, [-1] * cells, [-1] * cells
        self.worked, self.joined = [0] * cells, [-1] * cells


class Bell:
    """Has `answer` called in its phase of the instant, once, if something is `ready` to happen."""

    def __init__(
        self, env: Env, phase: int, ready: Callable[[], object], answer: Callable[[], None]
    ) -> None:
        self.env, self.phase, self.ready, self.answer = env, phase, ready, answer
        self.rung = False

    def ring(self) -> None:
        """Ring, and be answered when all earlier phases of this instant are over."""
        if not self.rung and self.ready():
            self.rung = True
            due(Event(self.env), 0, self.phase).callbacks.append(self._answer)

    def ring_and_wait(self) -> None:
        """Ring, with nothing left to do: if nothing else is due now either, the answer is next."""
        if self.env.peek() > self.env.now:
            if self.ready():
                self.answer()
        else:
            self.ring()

    def _answer(self, _: Event) -> None:
        self.rung = False
        if self.ready():
            self.answer()


class Visit:
    """One unit at one place, waiting or in work; `done` happens when that is over."""

    __slots__ = ("cell", "done", "gave_up", "rank", "since", "want")

    def __init__(self, env: Env, cell: int, rank: Rank, want: int) -> None:
        self.cell, self.rank, self.done = cell, rank, Event(env)
        self.want = want  # ms of work left, or an amount
        self.since, self.gave_up = -1, False


class Line:
    """Who waits at a place, in order; who has a limit may give up when nothing more can start."""

    def __init__(
        self,
        env: Env,
        book: Book,
        place: int,
        ready: Callable[[], object],
        start: Callable[[], None],
    ) -> None:
        self.env, self.book = env, book
        self.waiting: list[tuple[Rank, Visit]] = []
        self.wavering: list[tuple[Rank, int, int, Visit]] = []  # rank, most ahead, instant, who
        self.bell = Bell(env, START + place, ready, start)
        self.last_bell = Bell(env, GIVE_UP + place, lambda: self.wavering, self._give_up)

    def ask(self, visit: Visit, limit: Limit | None) -> None:
        """Stand in line, with nothing left to do."""
        insort(self.waiting, (visit.rank, visit))
        self.bell.ring_and_wait()
        if self.wavering:
            self.last_bell.ring()  # one more may be one too many for who is behind
        if limit and visit.since < 0:
            patience, most = limit
            if patience < LONGEST:
                due(Event(self.env), patience).callbacks.append(lambda _: self._waver(visit, 0))
            if most < LONGEST:
                self._waver(visit, most)

    def begin(self) -> Visit:
        """Take the head of the line: it begins."""
        visit = self.waiting.pop(0)[1]
        visit.since = self.book.began[visit.cell] = self.env.now
        return visit

    def _waver(self, visit: Visit, most: int) -> None:
        """At this instant `visit` gives up if `most` units or more stand ahead."""
        if visit.since < 0:
            self.wavering.append((visit.rank, most, self.env.now, visit))
            self.last_bell.ring()

    def _give_up(self) -> None:
        """Let the first who gives up go, if anyone does; all else comes before the next."""
        self.wavering = sorted(
            (rank, most, now, visit)
            for rank, most, now, visit in self.wavering
            if now == self.env.now and visit.since < 0 and not visit.gave_up
        )
        for rank, most, _, visit in self.wavering:
            ahead = bisect_left(self.waiting, (rank,))
            if ahead >= most:
                del self.waiting[ahead]
                visit.gave_up = True
                due(visit.done, 0)
                self.bell.ring()
                self.last_bell.ring()
                return


class Station:
    """Lanes and a line. What is in work is in `busy`, what HOLD has stopped is in `held`."""

    def __init__(self, env: Env, book: Book, place: int, rule: int, lanes: int) -> None:
        self.env, self.book, self.place, self.rule = env, book, place, rule
        self.open = self.free = lanes  # fewer than none are free when fewer are open than busy
        self.line = Line(env, book, place, self.ready, self.start)
        self.busy: dict[Visit, None] = {}
        self.held: list[tuple[int, int, Visit]] = []

    def ready(self) -> object:
        """Whether anything can start."""
        return self.free > 0 and (self.line.waiting or self.held)

    def size(self) -> int:
        """How many units are here."""
        return len(self.line.waiting) + len(self.held) + self.open - self.free

    def start(self) -> None:
        """Let what was held resume, else the head of the line begin."""
        if self.held:
            visit = heappop(self.held)[2]
            visit.since = self.env.now
        else:
            visit = self.line.begin()
        self.busy[visit] = None
        self.free -= 1
        due(visit.done, visit.want)
        self.line.bell.ring()

    def stop(self, visit: Visit, keep: int = 0) -> Station | None:
        """Work no more on `visit`; the station, if the unit is to keep the lane."""
        del self.busy[visit]
        self.book.worked[visit.cell] += self.env.now - visit.since
        if keep:
            return self
        self.leave()
        return None

    def leave(self) -> None:
        """Make a lane free again."""
        self.free += 1
        self.line.bell.ring()

    def timetable(self, at: list[int], lanes: list[int]) -> Process:
        """Change the lanes that are open at each instant."""
        for instant, now_open in zip(at, lanes, strict=True):
            yield due(Event(self.env), instant - self.env.now, LANES)
            self.change(now_open)

    def change(self, lanes: int) -> None:
        """From now on so many lanes are open."""
        self.free += lanes - self.open
        self.open = lanes
        if self.rule != ClosingRule.FINISH and self.free < 0:
            in_order = sorted(
                (self.book.began[visit.cell], visit.rank[2], visit) for visit in self.busy
            )
            for began, unit, visit in in_order[self.free :]:
                self._interrupt(began, unit, visit)
        self.line.bell.ring()

    def _interrupt(self, began: int, unit: int, visit: Visit) -> None:
        # SimPy cannot take an event off its calendar: the old one happens, with nobody listening.
        unheard, visit.done = visit.done, Event(self.env)
        visit.done.callbacks, unheard.callbacks = unheard.callbacks, []
        self.stop(visit)
        if self.rule == ClosingRule.HOLD:
            visit.want -= self.env.now - visit.since
            heappush(self.held, (began, unit, visit))
        else:
            self.book.began[visit.cell] = -1
            insort(self.line.waiting, (visit.rank, visit))


class Stock:
    """An amount of something, and the line of those who take it."""

    def __init__(self, env: Env, book: Book, place: int, level: int) -> None:
        self.env, self.level = env, level
        self.line = Line(env, book, place, self.ready, self.start)

    def ready(self) -> object:
        """Whether the head of the line can have its amount."""
        return self.line.waiting and self.line.waiting[0][1].want <= self.level

    def start(self) -> None:
        """Let the head of the line have its amount."""
        visit = self.line.begin()
        self.level -= visit.want
        due(visit.done, 0)
        self.line.bell.ring()

    def give(self, amount: int, delay: int) -> None:
        """Raise the level by `amount` in `delay` ms, before anything is taken in that instant."""
        if delay:
            due(Event(self.env), delay).callbacks.append(lambda _: self.give(amount, 0))
        else:
            self.level += amount
            self.line.bell.ring()


class Platform:
    """Where trains leave: those of the timetable, and maybe those that can be filled."""

    def __init__(self, env: Env, book: Book, place: int, capacity: int, when_full: bool) -> None:
        self.capacity, self.when_full, self.standing = capacity, when_full, False
        self.line = Line(env, book, place, self.ready, self.start)

    def ready(self) -> object:
        """Whether a train can leave."""
        return self.standing or (self.when_full and len(self.line.waiting) >= self.capacity)

    def timetable(self, at: list[int]) -> Process:
        """Let a train come in at each instant; it leaves when the turn of the platform comes."""
        for instant in at:
            yield due(Event(self.line.env), instant - self.line.env.now, LANES)
            self.standing = True
            self.line.bell.ring()

    def start(self) -> None:
        """Let one train leave: the one that stands here, else a full one."""
        self.standing = False
        for _ in self.line.waiting[: self.capacity]:
            due(self.line.begin().done, 0)
        self.line.bell.ring()


class Fork:
    """Where units choose between stations: all of one instant, one after another."""

    def __init__(self, env: Env) -> None:
        self.env = env
        self.bell = Bell(env, JOIN, lambda: self.waiting, self.start)
        self.waiting: list[tuple[int, int, list[Station], Event]] = []

    def ask(self, unit: int, priority: int, stations: list[Station]) -> Event:
        """Ask for one of `stations`: the value of the event when it happens."""
        chosen = Event(self.env)
        heappush(self.waiting, (priority, unit, stations, chosen))
        self.bell.ring_and_wait()
        return chosen

    def start(self) -> None:
        """Let the first choose, who then stands in line there before the next chooses."""
        _, _, stations, chosen = heappop(self.waiting)
        due(chosen, 0, value=min(stations, key=Station.size))
        self.bell.ring()

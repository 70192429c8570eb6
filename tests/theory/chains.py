"""The same queues as Markov chains, solved by numbers: the second way to each truth.

A chain is its moves: from a state, with what rate (per minute) to which states. Where a line has no
bound it is cut off so far out that the rest does not count.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from functools import partial

import numpy as np
from scipy.sparse import csc_array, csr_array
from scipy.sparse.linalg import expm_multiply, spsolve
from scipy.stats import poisson

State = Hashable
Moves = Callable[..., Iterator[tuple[float, State]]]
Chances = Mapping[State, float]


class Chain:
    """All states that can be reached from `first`, and the rates between them."""

    def __init__(self, moves: Moves, first: State) -> None:
        self.states = [first]
        number = {first: 0}
        arrows = []
        for state in self.states:  # grows as it goes
            for rate, to in moves(state):
                if to not in number:
                    number[to] = len(self.states)
                    self.states.append(to)
                arrows.append((number[state], number[to], rate))
        here, there, rate = (np.array(column) for column in zip(*arrows, strict=True))
        n = len(self.states)
        flows = csr_array((rate, (there, here)), shape=(n, n))
        self.flows = csc_array(flows - csr_array((flows.sum(axis=0), (range(n), range(n)))))

    def settled(self) -> Chances:
        """The chance of each state in the long run."""
        matrix = self.flows.tolil()
        matrix[-1, :] = 1.0  # one equation is one too many: instead all chances sum to 1
        right = np.zeros(len(self.states))
        right[-1] = 1.0
        return dict(zip(self.states, spsolve(matrix.tocsc(), right).tolist(), strict=True))

    def after(self, minutes: float, chances: Chances) -> Chances:
        """The chance of each state so many minutes later."""
        before = np.array([chances.get(state, 0.0) for state in self.states])
        later = expm_multiply(self.flows * minutes, before)
        return dict(zip(self.states, later.tolist(), strict=True))


def mean(chances: Chances, of: Callable[[State], float]) -> float:
    return sum(chance * of(state) for state, chance in chances.items())


def settled(moves: Moves, first: State, *given: float) -> Chances:
    return Chain(lambda state: moves(state, *given), first).settled()


def line(
    n: int, lanes: int, rate: float, service: float, most: int, patience: float = np.inf
) -> Iterator[tuple[float, int]]:
    """M/M/c with `n` there and room for `most`; who waits may lose patience."""
    if n < most:
        yield rate, n + 1
    if n:
        yield min(n, lanes) / service + max(n - lanes, 0) / patience, n - 1


def failing(
    state: tuple[int, int],
    lanes: int,
    rate: float,
    service: float,
    fails: float,
    repair: float,
    most: int,
    worst: int,
) -> Iterator[tuple[float, State]]:
    """M/M/c that breaks down: who is there, and how many breakdowns last; each takes a lane.

    They come at the rate `fails` whatever has failed before, and `worst` of them at once at most.
    """
    there, out = state
    if there < most:
        yield rate, (there + 1, out)
    if out < worst:
        yield fails, (there, out + 1)
    if out:
        yield out / repair, (there, out - 1)
    if there and out < lanes:
        yield min(there, lanes - out) / service, (there - 1, out)


def two_priorities(
    state: tuple[int, int, int], lanes: int, first: float, second: float, service: float, most: int
) -> Iterator[tuple[float, State]]:
    """Busy lanes, and who waits of two classes."""
    busy, a, b = state
    if busy < lanes:
        yield first + second, (busy + 1, a, b)
    else:
        if a < most:
            yield first, (busy, a + 1, b)
        if b < most:
            yield second, (busy, a, b + 1)
    if busy:
        then = (busy, a - 1, b) if a else (busy, a, b - 1) if b else (busy - 1, a, b)
        yield busy / service, then


def batches(
    n: int, lanes: int, rate: float, batch: int, service: float, most: int
) -> Iterator[tuple[float, int]]:
    """Where `batch` come at each arrival."""
    if n + batch <= most:
        yield rate, n + batch
    if n:
        yield min(n, lanes) / service, n - 1


def shorter(
    state: tuple[int, int], rate: float, service: float, most: int
) -> Iterator[tuple[float, State]]:
    """Two lanes with a line each; who comes joins the one at which fewer are."""
    a, b = state
    if min(a, b) < most:
        yield rate, (a + 1, b) if a <= b else (a, b + 1)
    if a:
        yield 1 / service, (a - 1, b)
    if b:
        yield 1 / service, (a, b - 1)


def blocking(
    state: tuple[int, int, int, int],
    rate: float,
    lanes: tuple[int, int],
    services: tuple[float, float],
    most: int,
    room: int,
) -> Iterator[tuple[float, State]]:
    """Two stations, the second with `room` in all; `most` may stand in line at the first.

    A state: in line, in work, blocked at the first station; there at the second.
    """
    wait, work, stuck, there = state

    def freed(work: int) -> tuple[int, int]:
        """The line and those in work, when a lane at the first station comes free."""
        return (wait - 1, work + 1) if wait else (wait, work)

    if work + stuck < lanes[0]:
        yield rate, (wait, work + 1, stuck, there)
    elif wait < most:
        yield rate, (wait + 1, work, stuck, there)
    if work and there < room:
        yield work / services[0], (*freed(work - 1), stuck, there + 1)
    elif work:
        yield work / services[0], (wait, work - 1, stuck + 1, there)
    if there:
        speed = min(there, lanes[1]) / services[1]
        yield speed, (*freed(work), stuck - 1, there) if stuck else (wait, work, stuck, there - 1)


def left_behind(capacity: int, come: float, most: int = 400) -> np.ndarray:
    """Chance of 0, 1, ... left behind by a train; `come` join in between on the average.

    The chain of those left: next time it is who was left and who came, less the seats.
    """
    chance = poisson.pmf(np.arange(most + 1), come)
    step = np.zeros((most + 1, most + 1))
    for left in range(most + 1):
        then = np.maximum(left + np.arange(most + 1) - capacity, 0)
        np.add.at(step[left], np.minimum(then, most), chance)
    return _in_the_long_run(step)


def every_service_time(lanes: int, come: float, most: int = 400) -> np.ndarray:
    """Chance of 0, 1, ... there in M/D/c: whoever is in work now is gone a service time later."""
    chance = poisson.pmf(np.arange(most + 1), come)
    step = np.zeros((most + 1, most + 1))
    for there in range(most + 1):
        stay = max(there - lanes, 0)
        np.add.at(step[there], np.minimum(stay + np.arange(most + 1), most), chance)
    return _in_the_long_run(step)


def _in_the_long_run(step: np.ndarray) -> np.ndarray:
    n = len(step)
    equations = np.vstack([step.T - np.eye(n), np.ones(n)])
    return np.linalg.lstsq(equations, np.append(np.zeros(n), 1.0), rcond=None)[0]


def day(
    rule: str, lanes: int, rate: float, service: float, closes: int, most: int
) -> list[tuple[float, float]]:
    """M/M/c that opens at 0 h and closes at `closes` h each day, when days have become alike.

    Returns how many are there and how many in work at each full hour: (mean, mean) by hour, 24.
    Under "finish" who is in work at closing is served; under "hold" it stops till opening.
    """
    opened = Chain(partial(line, lanes=lanes, rate=rate, service=service, most=most), 0)

    def night(state: tuple[int, int]) -> Iterator[tuple[float, State]]:
        there, work = state
        if there < most:
            yield rate, (there + 1, work)
        if work:
            yield work / service, (there - 1, work - 1)

    # Closed, a state is who is there and who is still in work: nobody if work is held.
    closed = Chain(night, (lanes, lanes) if rule == "finish" else (0, 0))
    found: list[tuple[float, float]] = []
    chances: Chances = {0: 1.0}
    while True:
        before, found = found, []
        for _ in range(closes):
            found.append((mean(chances, int), mean(chances, lambda n: min(n, lanes))))
            chances = opened.after(60, chances)
        chances = {
            (n, min(n, lanes) if rule == "finish" else 0): chance for n, chance in chances.items()
        }
        for _ in range(closes, 24):
            found.append((mean(chances, lambda s: s[0]), mean(chances, lambda s: s[1])))
            chances = closed.after(60, chances)
        together: dict[State, float] = {}
        for (n, _), chance in chances.items():
            together[n] = together.get(n, 0.0) + chance
        chances = together
        if before and np.allclose(before, found, rtol=1e-9):
            return found

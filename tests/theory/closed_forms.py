"""What is known of queues without simulating them: formulas, each with its source.

Rates are per minute, times in minutes, unless said otherwise. `load` is the offered load, rate
times mean service: the mean number of lanes busy if nobody ever waits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise
from math import exp, factorial, inf

import numpy as np
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.stats import poisson

Beyond = Callable[[float], float]
"""Chance that a time is longer than so much."""


def erlang_b(lanes: int, load: float) -> float:
    """Share that finds every lane taken and goes [Erlang 1917], whatever the law of service."""
    share = 1.0
    for k in range(1, lanes + 1):
        share = load * share / (k + load * share)
    return share


def erlang_c(lanes: int, load: float) -> float:
    """Chance of having to wait in M/M/c [Erlang 1917]."""
    blocked = erlang_b(lanes, load)
    return blocked / (1 - load / lanes * (1 - blocked))


def mmc_wait(lanes: int, rate: float, service: float) -> float:
    """Mean wait in M/M/c [Erlang 1917]."""
    return erlang_c(lanes, rate * service) / (lanes / service - rate)


def mmc_wait_beyond(lanes: int, rate: float, service: float) -> Beyond:
    """Of the wait in M/M/c, first come first served [Erlang 1917]."""
    return lambda t: erlang_c(lanes, rate * service) * exp(-(lanes / service - rate) * t)


def mmc_stay_beyond(lanes: int, rate: float, service: float) -> Beyond:
    """Of wait and service together: the wait's tail, and the service convolved with it."""
    waits, spare = erlang_c(lanes, rate * service), lanes - rate * service  # spare is not 1

    def beyond(t: float) -> float:
        served, stood = exp(-t / service), exp(-spare * t / service)
        return served + waits * (served - stood) / (spare - 1)

    return beyond


def both_beyond(one: float, two: float) -> Beyond:
    """Of the sum of two exponential times with these means, unlike and independent."""
    return lambda t: (one * exp(-t / one) - two * exp(-t / two)) / (one - two)


def quantile(beyond: Beyond, share: float) -> float:
    """The time that `share` of all do not exceed."""
    return float(brentq(lambda t: beyond(t) - (1 - share), 0, 1e4, xtol=1e-12))


def mg1_wait(rate: float, mean: float, square: float) -> float:
    """Mean wait in M/G/1 by the first two moments of service [Pollaczek 1930, Khinchine 1932]."""
    return rate * square / 2 / (1 - rate * mean)


def md1_wait_beyond(load: float) -> Beyond:
    """Of the wait in M/D/1, in units of the service [Erlang 1909]."""

    def beyond(t: float) -> float:
        terms = (
            (load * (k - t)) ** k / factorial(k) * exp(load * (t - k)) for k in range(int(t) + 1)
        )
        return 1 - (1 - load) * sum(terms)

    return beyond


def mdc_wait(lanes: int, load: float) -> float:
    """Mean wait in M/D/c, in units of the service [Crommelin 1932]."""
    total, i, term = 0.0, 1, inf
    while term > 1e-15:
        above = poisson.sf(i * lanes - 1, i * load)
        term = above - lanes / load * poisson.sf(i * lanes, i * load)
        total, i = total + term, i + 1
    return total


def cobham(
    lanes: int, rates: Sequence[float], means: Sequence[float], squares: Sequence[float] = ()
) -> list[float]:
    """Mean wait by class, the first of which goes first; nobody is interrupted [Cobham 1954].

    With several lanes all classes have the same exponential service; with one they may be unlike,
    and `squares` are the second moments, those of the exponential law by default.
    """
    loads = [rate * mean / lanes for rate, mean in zip(rates, means, strict=True)]
    squares = squares or [2 * mean**2 for mean in means]
    if lanes == 1:
        first = sum(rate * square / 2 for rate, square in zip(rates, squares, strict=True))
    else:
        first = erlang_c(lanes, sum(loads) * lanes) * means[0] / lanes
    above = [0.0, *accumulate(loads)]
    return [first / (1 - a) / (1 - b) for a, b in pairwise(above)]


def mmck(lanes: int, load: float, most: int) -> list[float]:
    """Chance of 0, 1, ... `most` in M/M/c/K, K the most there may be [Erlang 1917]."""
    weights = [
        load**n / (factorial(n) if n <= lanes else factorial(lanes) * lanes ** (n - lanes))
        for n in range(most + 1)
    ]
    return [weight / sum(weights) for weight in weights]


def impatient(
    lanes: int, rate: float, service: float, stays: Beyond, longest: float
) -> tuple[float, float]:
    """M/M/c with patience of any law: the share that gives up, the mean wait of those who do not.

    Baccelli and Hebuterne (1981): the wait that is offered has a density, known but for a factor.
    `stays` is the chance that patience is longer than so much, `longest` a time that it never
    outlasts or hardly ever.
    """
    empty = [(rate * service) ** n / factorial(n) for n in range(lanes)]

    def offered(t: float) -> float:
        stood = quad(stays, 0, t)[0]
        return rate * empty[-1] * exp(rate * stood - lanes / service * t)

    def summed(weigh: Beyond) -> float:
        inner = quad(lambda t: weigh(t) * offered(t), 0, longest, limit=200)[0]
        return inner + weigh(2 * longest) * offered(longest) * service / lanes

    whole = sum(empty) + summed(lambda _: 1.0)
    gives_up = summed(lambda t: 1 - stays(t)) / whole
    return gives_up, summed(lambda t: t * stays(t)) / whole / (1 - gives_up)


def resolute(lanes: int, rate: float, service: float, patience: float) -> float:
    """Share that gives up in M/M/c if all are equally patient [Boots and Tijms 1999]."""
    load = rate * service / lanes
    late = mmc_wait_beyond(lanes, rate, service)(patience)
    return (1 - load) * late / (1 - load * late)


def batch_wait(rate: float, batch: int, mean: float, square: float) -> float:
    """Mean wait where `batch` come at each arrival and one lane serves them [Gaver 1959].

    The first of them waits as in M/G/1 with the work of all; the others for those before them.
    """
    all_squared = batch * (square - mean**2) + (batch * mean) ** 2
    return mg1_wait(rate, batch * mean, all_squared) + (batch - 1) / 2 * mean


def left_behind(capacity: int, mean: float) -> float:
    """Mean number that a train leaves behind where `mean` come between two trains.

    It is the line of M/D/c as seen every service time, one lane for each seat [Crommelin 1932].
    """
    return mdc_wait(capacity, mean) * mean


def ferry_wait(rate: float, capacity: int, headway: float) -> float:
    """Mean wait for a ferry that leaves by the clock, and whenever it is full.

    Nobody is ever left behind: after `t` min there wait as many as came, but for whole ferries.
    """

    def waiting(t: float) -> float:
        come = np.arange(int(rate * t + 12 * (rate * t) ** 0.5 + 20))
        return float(come % capacity @ poisson.pmf(come, rate * t))

    return quad(waiting, 0, headway, limit=200)[0] / headway / rate


def always_behind(room: int, service: float) -> float:
    """Rate through two like exponential stations, the second with so much room [Hunt 1956].

    At the first there is always someone waiting; who finds no room stays on its lane.
    """
    return (room + 1) / (room + 2) / service


def feedback_stay(rate: float, speed: float, again: float) -> float:
    """Mean stay in M/M/1 where a share joins the line a second time, by mean values.

    A first visit finds n1 first and n2 second visits (PASTA) and is through after
    T1 = (n1 + n2 + 1) / speed. Then the line holds who came meanwhile, rate T1, and `again` of the
    n1: T2 = (rate T1 + again n1 + 1) / speed. Little: n1 = rate T1, n2 = rate again T2.
    """
    t1 = t2 = 0.0
    for _ in range(10_000):
        n1, n2 = rate * t1, rate * again * t2
        t1 = (n1 + n2 + 1) / speed
        t2 = (rate * t1 + again * n1 + 1) / speed
    return t1 + again * t2

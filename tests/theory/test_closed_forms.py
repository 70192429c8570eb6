"""Each truth by two ways that have nothing in common, or by a number from the literature."""

from __future__ import annotations

from math import exp, factorial, sqrt

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import ive

from . import chains
from .closed_forms import (
    always_behind,
    batch_wait,
    cobham,
    erlang_b,
    erlang_c,
    feedback_stay,
    ferry_wait,
    impatient,
    left_behind,
    md1_wait_beyond,
    mdc_wait,
    mg1_wait,
    mmc_stay_beyond,
    mmc_wait,
    mmc_wait_beyond,
    mmck,
    quantile,
    resolute,
)


def test_erlang() -> None:
    assert erlang_b(1, 0.5) == pytest.approx(1 / 3)
    assert erlang_b(2, 1) == pytest.approx(1 / 5)
    assert erlang_b(5, 4) == pytest.approx(0.19907, abs=5e-6)  # as in any table
    weights = [4.0**k / factorial(k) for k in range(6)]
    assert erlang_b(5, 4.0) == pytest.approx(weights[-1] / sum(weights))
    assert erlang_c(1, 0.7) == pytest.approx(0.7)
    assert mmc_wait(2, 0.75, 2) == pytest.approx(2 * 0.75**2 / (1 - 0.75**2))
    for lanes, load in ((3, 2.25), (10, 8.0)):
        there = chains.settled(chains.line, 0, lanes, load, 1.0, 400)
        waits = sum(chance for n, chance in there.items() if n >= lanes)
        assert erlang_c(lanes, load) == pytest.approx(waits, rel=1e-9)
        in_line = chains.mean(there, lambda n, lanes=lanes: max(n - lanes, 0))
        assert mmc_wait(lanes, load, 1.0) == pytest.approx(in_line / load, rel=1e-9)


def test_breakdowns() -> None:
    """One at a time, of one lane: White and Christie (1958). None at all: Erlang."""
    rate, speed, fails, mends = 7 / 60, 1 / 4, 1 / 120, 1 / 25
    there = chains.settled(chains.failing, (0, 0), 1, rate, 4.0, fails, 25.0, 400, 1)
    either = fails + mends
    known = rate * (either**2 + speed * fails) / (either * (speed * mends - rate * either))
    assert chains.mean(there, lambda s: s[0]) == pytest.approx(known, rel=1e-9)
    there = chains.settled(chains.failing, (0, 0), 2, 0.2, 6.0, 1e-12, 25.0, 400, 1)
    known = 0.2 * (mmc_wait(2, 0.2, 6.0) + 6.0)
    assert chains.mean(there, lambda s: s[0]) == pytest.approx(known, rel=1e-6)


def test_tails_integrate_to_means() -> None:
    for lanes, rate, service in ((1, 0.7, 1.0), (3, 0.75, 3.0), (10, 0.8, 10.0)):
        wait = mmc_wait(lanes, rate, service)
        assert quad(mmc_wait_beyond(lanes, rate, service), 0, 900)[0] == pytest.approx(wait)
        stay = mmc_stay_beyond(lanes, rate, service)
        assert quad(stay, 0, 900, limit=200)[0] == pytest.approx(wait + service)
    assert quantile(mmc_stay_beyond(1, 0.7, 1), 0.5) == pytest.approx(np.log(2) / 0.3)
    late = sum(quad(md1_wait_beyond(0.7), k, k + 1)[0] for k in range(20))
    assert late == pytest.approx(mg1_wait(0.7, 1, 1), rel=1e-4)


def test_deterministic_service() -> None:
    assert mdc_wait(1, 0.7) == pytest.approx(mg1_wait(0.7, 1, 1), rel=1e-9)
    for lanes, load in ((1, 0.7), (3, 2.4)):
        there = chains.every_service_time(lanes, load)
        in_line = np.maximum(np.arange(len(there)) - lanes, 0) @ there
        assert mdc_wait(lanes, load) == pytest.approx(in_line / load, rel=1e-8)
    assert md1_wait_beyond(0.7)(0) == pytest.approx(0.7)


def test_trains() -> None:
    """Those left behind: the embedded chain, and the series of Crommelin."""
    left = chains.left_behind(10, 8.5)
    assert left_behind(10, 8.5) == pytest.approx(np.arange(len(left)) @ left, rel=1e-8)
    # A ferry that is never full by the clock alone is a convoy that leaves when it is full.
    assert ferry_wait(0.5, 6, 2000.0) == pytest.approx(2.5 / 0.5, rel=2e-3)
    # One that is never filled in time: half a headway.
    assert ferry_wait(0.5, 300, 20.0) == pytest.approx(10.0, rel=1e-6)


def test_priorities() -> None:
    a, b = cobham(3, (0.25, 0.5), (3, 3))
    waiting = chains.settled(chains.two_priorities, (0, 0, 0), 3, 0.25, 0.5, 3.0, 70)
    assert a == pytest.approx(chains.mean(waiting, lambda s: s[1]) / 0.25, rel=1e-4)
    assert b == pytest.approx(chains.mean(waiting, lambda s: s[2]) / 0.5, rel=1e-4)
    # Whoever goes first, the loads times the waits make up the same sum [Kleinrock 1965].
    rates, means, squares = (0.25, 0.1), (1.0, 4.0), (2.0, 16.0)
    waits = cobham(1, rates, means, squares)
    other = cobham(1, rates[::-1], means[::-1], squares[::-1])[::-1]
    loads = np.multiply(rates, means)
    whole = mg1_wait(0.35, loads.sum() / 0.35, np.dot(rates, squares) / 0.35)
    assert loads @ waits == pytest.approx(loads @ other)
    assert loads @ waits == pytest.approx(loads.sum() * whole)


def test_limits_to_a_line() -> None:
    there = chains.settled(chains.line, 0, 2, 0.5, 4.0, 6)
    assert mmck(2, 2.0, 6) == pytest.approx([there[n] for n in range(7)])
    assert mmck(5, 4.0, 5)[-1] == pytest.approx(erlang_b(5, 4.0))
    # Patience without a memory is one more rate at which a line grows shorter.
    there = chains.settled(chains.line, 0, 4, 1.0, 4.0, 120, 3.0)
    in_line = chains.mean(there, lambda n: max(n - 4, 0))
    gives_up, _ = impatient(4, 1.0, 4.0, lambda t: exp(-t / 3), 100.0)
    assert gives_up == pytest.approx(in_line / 3.0, rel=1e-7)
    # All equally patient: the density of the offered wait, and the formula.
    gives_up, _ = impatient(4, 0.9, 4.0, lambda t: float(t < 3), 3.0)
    assert gives_up == pytest.approx(resolute(4, 0.9, 4.0, 3.0), rel=1e-7)


def test_batches() -> None:
    for lanes, rate, batch, service in ((1, 0.15, 4, 1.0), (2, 0.2, 3, 2.0)):
        there = chains.settled(chains.batches, 0, lanes, rate, batch, service, 500)
        in_line = chains.mean(there, lambda n, lanes=lanes: max(n - lanes, 0))
        if lanes == 1:
            known = batch_wait(rate, batch, service, 2 * service**2)
            assert known == pytest.approx(in_line / rate / batch, rel=1e-8)
        served = chains.mean(there, lambda n, lanes=lanes: min(n, lanes))
        assert served == pytest.approx(rate * batch * service, rel=1e-8)
    assert batch_wait(0.7, 1, 1, 2) == pytest.approx(mmc_wait(1, 0.7, 1))


def test_blocking() -> None:
    """The chain of a row of two: with ever more arrivals it becomes the formula of Hunt."""
    for room in (1, 2, 5):
        states = chains.settled(chains.blocking, (0, 0, 0, 0), 1000.0, (1, 1), (2.0, 2.0), 9, room)
        through = chains.mean(states, lambda s: s[1]) / 2.0
        assert through == pytest.approx(always_behind(room, 2.0), rel=1e-3)
    # With much room it is M/M/1 after M/M/1/K.
    states = chains.settled(chains.blocking, (0, 0, 0, 0), 0.75, (1, 1), (1.0, 0.5), 3, 60)
    first = [sum(chance for s, chance in states.items() if sum(s[:3]) == n) for n in range(5)]
    assert first == pytest.approx(mmck(1, 0.75, 4), rel=1e-9)


def test_shorter_line() -> None:
    """Between one line for both lanes and two lines joined by lot; and the cut does not count."""
    for load in (0.5, 0.75):
        stays = [
            chains.mean(chains.settled(chains.shorter, (0, 0), 2 * load, 1.0, most), sum) / 2 / load
            for most in (40, 60)
        ]
        assert stays[0] == pytest.approx(stays[1], rel=1e-6)
        assert mmc_wait(2, 2 * load, 1) + 1 < stays[1] < 1 / (1 - load)
    # Both empty: in balance with the only ways in and out [Kingman 1961, by symmetry].
    states = chains.settled(chains.shorter, (0, 0), 1.5, 1.0, 60)
    assert 1.5 * states[0, 0] == pytest.approx(states[1, 0] + states[0, 1])
    assert chains.mean(states, lambda s: (s[0] > 0) + (s[1] > 0)) == pytest.approx(1.5)


def test_feedback() -> None:
    """M/M/1 if nobody joins the line again; and a line of those who may, as a chain."""
    assert feedback_stay(0.6, 1.0, 0.0) == pytest.approx(1 / 0.4)

    def moves(state, rate, speed, again, most):
        """The line in its order: 1 for a first visit, 2 for a second."""
        if len(state) < most:
            yield rate, (*state, 1)
        if state:
            yield speed * (again if state[0] == 1 else 0), (*state[1:], 2)
            yield speed * (1 - again if state[0] == 1 else 1), state[1:]

    there = chains.settled(moves, (), 0.2, 1.0, 0.25, 10)
    assert feedback_stay(0.2, 1.0, 0.25) == pytest.approx(chains.mean(there, len) / 0.2, rel=1e-4)


def test_transient() -> None:
    """Chance of none there at an instant: the chain, and Bessel functions [Clarke 1956]."""
    rate, speed, minutes = 1.2, 1.0, 7.0
    there = chains.Chain(lambda n: chains.line(n, 1, rate, 1 / speed, 200), 0)
    none = there.after(minutes, {0: 1.0})[0]
    load, z = rate / speed, 2 * sqrt(rate * speed) * minutes
    scale = exp(z - (rate + speed) * minutes)

    def bessel(n: int) -> float:
        return ive(n, z) * scale  # I_n(z) exp(-(rate + speed) t)

    rest = sum(load ** (-k / 2) * bessel(k) for k in range(2, 200))
    known = bessel(0) + load**-0.5 * bessel(1) + (1 - load) * rest
    assert none == pytest.approx(known, rel=1e-8)


@pytest.mark.parametrize("rule", ["hold", "finish"])
def test_days_that_are_alike(rule: str) -> None:
    """As many are served as come; and a day without a night is M/M/2."""
    by_hour = chains.day(rule, 2, 2.2 / 60, 20.0, 12, 120)
    assert len(by_hour) == 24
    there, work = np.array(by_hour).T
    assert there[0] > there[12]
    assert (work[13:] == 0).all() if rule == "hold" else (work[13:16] > 0).all()
    open_all_day = chains.day(rule, 2, 4 / 60, 20.0, 24, 120)
    expected = 4 / 60 * (mmc_wait(2, 4 / 60, 20) + 20)
    assert [n for n, _ in open_all_day] == pytest.approx([expected] * 24, rel=1e-6)

"""What is known of queues without simulating them: recursions, formulas, conservation laws."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor.engine import simulate

from .plans import queue

MEAN = 600_000  # ms of work; rounding to 1 ms is far below any error looked for here


def waits(start, work, lanes):
    journal = simulate(queue(start, work, lanes))
    assert np.all(journal.ended >= 0)
    return journal.began - journal.asked


def kiefer_wolfowitz(start, work, lanes):
    """Waits under FIFO: each unit takes the lane free first [Kiefer and Wolfowitz 1955]."""
    free, result = [0] * lanes, []
    for now, time in zip(start.tolist(), work.tolist(), strict=True):
        first = free.index(min(free))
        begins = max(now, free[first])
        free[first] = begins + time
        result.append(begins - now)
    return result


def drawn(rng, units, lanes, load, works="exponential"):
    gaps = rng.exponential(MEAN / (lanes * load), units)
    work = rng.exponential(MEAN, units) if works == "exponential" else np.full(units, MEAN)
    return np.rint(np.cumsum(gaps)).astype(np.int64), np.rint(work).astype(np.int64)


@pytest.mark.parametrize("lanes", [1, 3, 8])
def test_waits_equal_the_recursion(lanes):
    start, work = drawn(np.random.default_rng(5), 3000, lanes, load=0.95)
    assert waits(start, work, lanes).tolist() == kiefer_wolfowitz(start, work, lanes)


def mm(lanes, load):
    """Mean wait of M/M/c in units of the mean work, by Erlang's C [Erlang 1917]."""
    offered = lanes * load
    tail = offered**lanes / math.factorial(lanes) / (1 - load)
    none_waits = sum(offered**k / math.factorial(k) for k in range(lanes)) + tail
    return tail / none_waits / (lanes * (1 - load))


@pytest.mark.parametrize(
    ("lanes", "load", "works", "expected"),
    [
        (1, 0.7, "exponential", 0.7 / 0.3),  # M/M/1
        (3, 0.7, "exponential", mm(3, 0.7)),  # M/M/3
        (1, 0.7, "constant", 0.7 / 0.3 / 2),  # M/D/1, by Pollaczek and Khinchine
    ],
)
def test_mean_wait(lanes, load, works, expected):
    """Thirty runs, the first 500 of 2,500 units left out: z under 3, its scale under 5 %."""
    means = []
    for seed in range(30):
        start, work = drawn(np.random.default_rng([lanes, seed]), 2500, lanes, load, works)
        means.append(waits(start, work, lanes)[500:].mean() / MEAN)
    error = np.std(means, ddof=1) / math.sqrt(len(means))
    assert error < 0.05 * expected, "a test that can fail"
    assert abs(np.mean(means) - expected) < 3 * error


def test_erlang_is_written_right():
    assert mm(1, 0.7) == pytest.approx(0.7 / 0.3)
    assert mm(2, 0.75) == pytest.approx(0.75**2 / (1 - 0.75**2))


def test_littles_law_is_exact():
    """Whatever the network, the area under the number waiting is the sum of the waits."""
    start, work = drawn(np.random.default_rng(3), 2000, 3, load=0.9)
    journal = simulate(queue(start, work, 3))
    at = np.concatenate([journal.asked, journal.began])
    step = np.repeat([1, -1], len(start))
    order = np.lexsort([-step, at])
    waiting = np.cumsum(step[order])
    assert waiting.min() == 0
    assert waiting[-1] == 0
    area = np.sum(waiting[:-1] * np.diff(at[order]))
    assert area == np.sum(journal.began - journal.asked) > 0


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 4))
def test_one_lane_more_never_raises_a_wait(seed, lanes):
    rng = np.random.default_rng(seed)
    start, work = np.sort(rng.integers(0, 60, 40)), rng.integers(0, 9, 40)
    assert np.all(waits(start, work, lanes + 1) <= waits(start, work, lanes))

"""What is known of queues without simulating them: recursions, formulas, conservation laws."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from .plans import Lanes, Trains, Unit, depart, give, limit, plan, queue, run, serve, stamps, take

MEAN = 600_000  # ms of work; rounding to 1 ms is far below any error looked for here


def waits(start, work, lanes, engine="simpy"):
    journal = run(queue(start, work, lanes), engine)
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


@pytest.mark.parametrize("engine", ["simpy", "fast"])
@pytest.mark.parametrize("lanes", [1, 3, 8])
def test_waits_equal_the_recursion(lanes, engine):
    start, work = drawn(np.random.default_rng(5), 3000, lanes, load=0.95)
    assert waits(start, work, lanes, engine).tolist() == kiefer_wolfowitz(start, work, lanes)


@pytest.mark.parametrize("engine", ["simpy", "fast"])
@pytest.mark.parametrize("room", [1, 2, 5])
def test_blocking_equals_the_recursion(room, engine):
    """Two stations in tandem with room for so many at the second [Avi-Itzhak 1965]."""
    rng = np.random.default_rng(6)
    start, first = drawn(rng, 1000, 1, load=0.7)
    _, second = drawn(rng, 1000, 1, load=0.7)
    done, moved, left = [], [], []
    for n, now in enumerate(start.tolist()):
        done.append(max(now, moved[-1] if moved else 0) + int(first[n]))
        moved.append(max(done[-1], left[n - room] if n >= room else 0))
        left.append(max(moved[-1], left[-1] if left else 0) + int(second[n]))
    units = [
        Unit(now, [serve(0, one, keep=True), take(0, 1), serve(1, two), give(0, 1)])
        for now, one, two in zip(start.tolist(), first.tolist(), second.tolist(), strict=True)
    ]
    tandem = plan(units, [Lanes(), Lanes()], [room], horizon=left[-1] + 1)
    rows = stamps(tandem, run(tandem, engine))
    ended = [row[2] for row in rows]
    assert [ended[0::4], ended[1::4], ended[2::4]] == [done, moved, left]
    assert moved != done, "nobody was blocked"


@pytest.mark.parametrize("engine", ["simpy", "fast"])
@pytest.mark.parametrize("capacity", [1, 3, 1000])
def test_trains_take_the_first_in_line(capacity, engine):
    """A train every 10 minutes for units of which one comes every 5 on average."""
    start, _ = drawn(np.random.default_rng(7), 1000, 1, load=2.0)
    trains = list(range(0, int(start[-1]) + 1001 * MEAN, MEAN))
    leaves, seats = [], dict.fromkeys(trains, capacity)
    for now in start.tolist():
        train = max(-(-now // MEAN) * MEAN, leaves[-1] if leaves else 0)
        while not seats[train]:
            train += MEAN
        seats[train] -= 1
        leaves.append(train)
    units = [Unit(now, [depart(0)]) for now in start.tolist()]
    by_train = plan(units, platforms=[Trains(capacity, trains)], horizon=trains[-1] + 1)
    assert run(by_train, engine).ended.tolist() == leaves


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


def loss(lanes, offered):
    """The share that finds no lane free and goes, by Erlang's B [Erlang 1917]."""
    weights = [offered**k / math.factorial(k) for k in range(lanes + 1)]
    return weights[-1] / sum(weights)


def test_share_that_gives_up():
    """M/M/3/3: who cannot begin at once gives up."""
    shares = []
    for seed in range(30):
        start, work = drawn(np.random.default_rng([3, seed]), 2500, 3, 0.7)
        units = [
            Unit(now, [limit(ahead=0), serve(0, time)])
            for now, time in zip(start.tolist(), work.tolist(), strict=True)
        ]
        lossy = plan(units, [Lanes([(0, 3)])], horizon=int(start[-1] + work.sum()))
        began = run(lossy).began[lossy.cells(1)]
        shares.append(np.mean(began[500:] < 0))
    error = np.std(shares, ddof=1) / math.sqrt(len(shares))
    assert error < 0.02 * loss(3, 2.1), "a test that can fail"
    assert abs(np.mean(shares) - loss(3, 2.1)) < 3 * error


def test_erlang_is_written_right():
    assert mm(1, 0.7) == pytest.approx(0.7 / 0.3)
    assert mm(2, 0.75) == pytest.approx(0.75**2 / (1 - 0.75**2))
    assert loss(1, 0.5) == pytest.approx(1 / 3)
    assert loss(2, 1.0) == pytest.approx(1 / 5)


def test_littles_law_is_exact():
    """Whatever the network, the area under the number waiting is the sum of the waits."""
    start, work = drawn(np.random.default_rng(3), 2000, 3, load=0.9)
    journal = run(queue(start, work, 3))
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

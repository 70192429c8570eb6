"""What theory says of every port in the scenario files beside this one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from math import exp

from . import chains
from .closed_forms import (
    always_behind,
    batch_wait,
    both_beyond,
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
from .kinds import each, gives_up, level, mean, stay, wait, waits
from .proof import Family
from .truths_of_time import hours, transient, year

HOUR = 60.0  # rates are per minute, times in minutes


def many(name: str, lanes: int, rate: float, service: float, **rest) -> Family:
    """M/M/c: waits and stays, their distributions, and the numbers there."""
    load, away = rate * service, mmc_stay_beyond(lanes, rate, service)
    late = mmc_wait_beyond(lanes, rate, service)
    mean_wait = mmc_wait(lanes, rate, service)
    return Family("one_station", name, "Erlang 1917", (
        wait(mean_wait, main=True, **rest),
        stay(mean_wait + service),
        mean("wait at the station", mean_wait, "station_wait_mean", "q/desk", **rest),
        each("stay, median, min", quantile(away, 0.5), "tfi1_median", times=60),
        each("stay, 90%, min", quantile(away, 0.9), "tfi1_p90", times=60, within=0.02),
        each("stay, 95%, min", quantile(away, 0.95), "tfi1_p95", times=60, within=0.02),
        each("utilisation", load / lanes, "utilisation", "q/desk"),
        level("number there", rate * (mean_wait + service), "in_system", within=0.02),
        level("number in line", rate * mean_wait, "queue", within=0.05),
        level("number in work", load, "busy", "q/desk"),
        waits("share that waits", erlang_c(lanes, load), 0, within=0.02),
        waits("share that waits longer than its mean", late(mean_wait), mean_wait, within=0.03),
    ))  # fmt: skip


def general(name: str, rate: float, square: float, by: str = "Khinchine 1932", **rest) -> Family:
    """M/G/1 with a service of 1 min."""
    known = mg1_wait(rate, 1, square)
    return Family("one_station", name, by, (
        wait(known, main=True, **rest),
        stay(known + 1),
        each("utilisation", rate, "utilisation", "q/desk"),
    ))  # fmt: skip


def one_station() -> Iterator[Family]:
    yield many("mm1", 1, 42 / HOUR, 1.0)
    yield many("mm3", 3, 45 / HOUR, 3.0, within=0.02)
    yield many("mm10", 10, 45 / HOUR, 10.0, within=0.03)
    late = md1_wait_beyond(0.7)
    yield Family("one_station", "md1", "Erlang 1909", (
        wait(mg1_wait(0.7, 1, 1), main=True),
        waits("share that waits", 0.7, 0),
        *(waits(f"share that waits over {x} min", late(x), x, within=0.02) for x in (0.5, 1.5, 3)),
    ))  # fmt: skip
    there = chains.every_service_time(3, 2.4)
    yield Family("one_station", "md3", "Crommelin 1932", (
        wait(3 * mdc_wait(3, 2.4), main=True, within=0.02),
        waits("share that waits", float(there[3:].sum()), 0),
    ))  # fmt: skip
    yield general("me1", 0.6, 1 + 1 / 4)
    yield general("mln1", 0.6, 1 + 1.2**2, within=0.02)
    low, mode, high = 0.2, 0.4, 2.4
    spread = (low**2 + mode**2 + high**2 - low * mode - low * high - mode * high) / 18
    yield general("mt1", 0.6, 1 + spread)
    yield general("mu1", 0.6, 1 + 1.8**2 / 12)
    # 20 s, and of some a scan (uniform, 40 to 120 s) or a search (exponential, 3 min) more.
    works = ((0.7, 1 / 3, 0.0), (0.2, 5 / 3, (4 / 3) ** 2 / 12), (0.1, 10 / 3, 3.0**2))
    first = sum(part * m for part, m, _ in works)
    second = sum(part * (m**2 + variance) for part, m, variance in works)
    known = mg1_wait(40 / HOUR, first, second)
    yield Family("one_station", "officer", "Pollaczek 1930", (
        wait(known, main=True, within=0.03),
        stay(known + first, within=0.03),
        mean("wait for the officer", known, "station_wait_mean", "q/officer", within=0.03),
    ))  # fmt: skip
    yield Family("one_station", "trucks", "Erlang 1917", (
        wait(mmc_wait(3, 42 / HOUR, 3.0), main=True, within=0.02),
    ))  # fmt: skip


def losses() -> Iterator[Family]:
    blocked = erlang_b(5, 4)
    for port, by in (("exponential", "Erlang 1917"), *((p, "Sevastyanov 1957") for p in LAWS)):
        yield Family("losses", port, by, (
            gives_up(blocked, main=True),
            each("utilisation", 4 * (1 - blocked) / 5, "utilisation", "q/desk"),
            each("vehicles an hour", 60 * (1 - blocked), "vehicles", times=1 / 288),
        ))  # fmt: skip
    for port, lanes, rate, service, most in (("line", 2, 0.5, 4, 6), ("overload", 1, 0.75, 2, 5)):
        there = mmck(lanes, rate * service, most)
        admitted = rate * (1 - there[-1])
        in_line = sum(max(n - lanes, 0) * chance for n, chance in enumerate(there))
        yield Family("losses", port, "Erlang 1917", (
            gives_up(there[-1], main=True, within=0.02),
            wait(in_line / admitted),
            each("vehicles an hour", admitted * HOUR, "vehicles", times=1 / 288),
            each("utilisation", admitted * service / lanes, "utilisation", "q/desk"),
        ))  # fmt: skip
    away, in_line = impatient(4, 1.0, 4.0, lambda t: exp(-t / 3), 100.0)
    yield Family("losses", "impatient", "Palm 1957", (gives_up(away, main=True), wait(in_line)))
    away, in_line = impatient(4, 1.0, 4.0, lambda t: float(t < 3), 3.0)
    yield Family("losses", "resolute", "Baccelli and Hebuterne 1981", (
        gives_up(away, main=True), wait(in_line),
    ))  # fmt: skip
    away = resolute(4, 0.9, 4.0, 3.0)
    yield Family("losses", "resolute_less", "Boots and Tijms 1999", (
        gives_up(away, main=True, within=0.02),
    ))  # fmt: skip
    there = chains.settled(chains.line, 0, 4, 1.0, 4.0, 7, 3.0)
    passed = chains.mean(there, lambda n: min(n, 4)) / 4.0
    yield Family("losses", "both", "chain", (
        gives_up(1 - passed, main=True),
        each("utilisation", passed, "utilisation", "q/desk"),
    ))  # fmt: skip


LAWS = ("constant", "lognormal")


def priorities() -> Iterator[Family]:
    for port, lanes, classes, rates, means, squares, within in (
        ("one", 1, ("coach", "truck", "tanker"), (8, 14, 20), (1, 1, 1), (), 0.02),
        ("three", 3, ("coach", "truck"), (15, 30), (3, 3), (), 0.03),
        ("unlike", 1, ("coach", "truck"), (15, 6), (1, 4), (2, 16), 0.02),
        ("step", 1, ("coach", "truck"), (12, 24), (1, 1), (), 0.02),
    ):
        known = cobham(lanes, [rate / HOUR for rate in rates], means, squares)
        yield Family("priorities", port, "Cobham 1954", tuple(
            mean(f"wait of a {class_}", value, "wait_mean", class_=class_,
                 within=within, main=class_ == classes[-1])
            for class_, value in zip(classes, known, strict=True)
        ))  # fmt: skip


def networks() -> Iterator[Family]:
    stations = {  # share that visits, lanes, service
        "papers/desk": (1, 3, 3.0), "control/scan": (0.3, 1, 3.5), "control/search": (0.1, 2, 20.0),
        "cash/desk": (1, 1, 1.0), "exit/gate": (1, 1, 0.9),
    }  # fmt: skip
    waits_at = {
        place: mmc_wait(lanes, 40 / HOUR * visits, service)
        for place, (visits, lanes, service) in stations.items()
    }
    whole = sum(v * (waits_at[place] + service) for place, (v, _, service) in stations.items())
    yield Family("networks", "jackson", "Jackson 1957", (
        stay(whole, main=True),
        *(each(f"wait at {place}, min", value, "station_wait_mean", place, times=60, within=0.04)
          for place, value in waits_at.items()),
        *(each(f"utilisation of {place}", 40 / HOUR * v * service / lanes, "utilisation", place)
          for place, (v, lanes, service) in stations.items()),
    ))  # fmt: skip
    one, two = 1 / (1 - 0.6), 1.2 / (1 - 0.72)
    away = both_beyond(one, two)
    yield Family("networks", "row", "Reich 1957", (
        stay(one + two, main=True),
        mean("stay at the second", two, "tfi1_mean", "b"),
        each("stay, median, min", quantile(away, 0.5), "tfi1_median", times=60),
        each("stay, 95%, min", quantile(away, 0.95), "tfi1_p95", times=60, within=0.02),
    ))  # fmt: skip
    yield Family("networks", "again", "mean values", (
        stay(feedback_stay(24 / HOUR, 0.8, 0.25), main=True),
        each("utilisation", 24 / HOUR * 1.25 * 1.25, "utilisation", "q/desk"),
    ))  # fmt: skip
    there = chains.settled(chains.shorter, (0, 0), 45 / HOUR, 2.0, 60)
    known = chains.mean(there, sum) / (45 / HOUR)
    yield Family("networks", "shorter", "chain", (
        stay(known, main=True), wait(known - 2, within=0.02),
        each("utilisation", 0.75, "utilisation", "q/desk"),
    ))  # fmt: skip
    for port, rate, lanes, services, most, room in (
        ("blocked", 0.75, (1, 1), (1.0, 1.1), 3, 2),
        ("blocked_two", 0.75, (2, 2), (2.0, 2.4), 2, 3),
        ("saturated", 1.0, (1, 1), (2.0, 2.0), 9, 1),
    ):
        yield blocked(port, rate, lanes, services, most, room)


def blocked(port, rate, lanes, services, most, room) -> Family:
    """A row of two stations with little room: each a few states, and all of them solved."""
    there = chains.settled(chains.blocking, (0, 0, 0, 0), rate, lanes, services, most, room)
    through = chains.mean(there, lambda s: s[1]) / services[0]
    inside = chains.mean(there, sum)
    truths = [
        each("vehicles an hour", through * HOUR, "vehicles", times=1 / 600, main=True),
        gives_up(1 - through / rate),
        stay(inside / through),
        each("lanes taken, blocked too", chains.mean(there, lambda s: s[1] + s[2]) / lanes[0],
             "utilisation", "a/desk"),
        mean("blocked", chains.mean(there, lambda s: s[2]) / through,
             "station_wait_mean", "b/desk/room"),
    ]  # fmt: skip
    by = "chain"
    if port == "saturated":  # nearly: at most one in a thousand times the first lane is idle
        by = "Hunt 1956"
        assert abs(through / always_behind(room, services[0]) - 1) < 1e-3
        truths.pop(3)
    return Family("networks", port, by, tuple(truths))


def batches_and_trains() -> Iterator[Family]:
    for port, by, value in (
        ("fours", "Gaver 1959", batch_wait(9 / HOUR, 4, 1, 2)),
        ("fives", "Gaver 1959", batch_wait(7 / HOUR, 5, 1, 1)),
        ("threes", "chain", batches_of_three()),
    ):
        yield Family("batches_and_trains", port, by, (wait(value, main=True, within=0.02),))
    left, rate = left_behind(10, 8.5), 34 / HOUR
    yield Family("batches_and_trains", "train", "Crommelin 1932", (
        wait((left + 8.5 / 2) / rate, main=True),
        level("left behind", left, "queue", within=0.03),
        each("vehicles an hour", 34, "vehicles", times=1 / 600),
    ))  # fmt: skip
    yield Family("batches_and_trains", "convoy", "by hand", (
        wait(2.5 / 0.5, main=True),
        level("number in line", 2.5, "queue"),
    ))  # fmt: skip
    yield Family("batches_and_trains", "ferry", "Poisson counts", (
        wait(ferry_wait(33 / HOUR, 12, 20.0), main=True),
    ))  # fmt: skip


def batches_of_three() -> float:
    """Mean wait of M^[3]/M/2."""
    there = chains.settled(chains.batches, 0, 2, 13 / HOUR, 3, 2.0, 500)
    return chains.mean(there, lambda n: max(n - 2, 0)) / (39 / HOUR)


_FILES = (one_station, losses, priorities, networks, batches_and_trains, hours, year, transient)
FILES = tuple(rule.__name__ for rule in _FILES)


@cache
def families(file: str) -> tuple[Family, ...]:
    """What theory knows of each port of a file."""
    return tuple(_FILES[FILES.index(file)]())

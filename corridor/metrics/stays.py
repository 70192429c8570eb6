"""What it means: how long each unit stayed at each post and port, and how long it waited there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from corridor.engine.plan import starts
from corridor.metrics.base import HOUR_MS, Bools, Int64, View, once
from corridor.results.visits import Calls

__all__ = [
    "Spread",
    "Stays",
    "callers",
    "gates",
    "joined",
    "quantiles",
    "spreads",
    "stays",
    "waited",
]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Stays:
    """Who stayed at a place, (U,), and how many hours, (k,), in the order of their numbers.

    The hours of flow ``f`` are ``hours[first[f] : first[f + 1]]``.
    """

    who: Bools
    hours: Floats
    first: Int64

    def of(self, flows: list[int]) -> Floats:
        """The hours of the units of some flows (rising), in the order of their numbers."""
        return joined(self.hours, self.first, flows)


@dataclass(frozen=True)
class Spread:
    """Mean and quantiles of some hours; NaN of none."""

    mean: float = float("nan")
    median: float = float("nan")
    p90: float = float("nan")
    p95: float = float("nan")


def joined(values: npt.NDArray[np.float64], first: Int64, flows: list[int]) -> Floats:
    """The values of some flows end to end; a view, if they lie so."""
    if flows and flows == list(range(flows[0], flows[-1] + 1)):
        return values[first[flows[0]] : first[flows[-1] + 1]]
    return np.concatenate([values[:0], *(values[first[f] : first[f + 1]] for f in flows)])


@once
def stays(view: View) -> dict[str, Stays]:
    """Dwell of each unit at each post and, summed, at each port: gate-in to gate-out, all calls.

    A unit counts at a post if it passed a gate-out there in the measured part, at a port if it left
    the port then. Posts come first, then their port.
    """
    m = view.ledger.manifest
    hours, at_post = _spent(view)
    nobody = hours, np.zeros(len(hours), dtype=bool)
    found: dict[str, Stays] = {}
    for port, model in view.scenario.ports.items():
        for post in (f"{port}/{post}" for post in model.posts):
            found[post] = _stays(view, *at_post.get(m.places.index(post), nobody))
        found[port] = _stays(view, hours, view.ledger.left & view.of_port(port))
    return found


def _spent(view: View) -> tuple[Floats, dict[int, tuple[Floats, Bools]]]:
    """Hours of all calls of each unit, (U,); by post those of calls that count, and who has any."""
    m, since = view.ledger.manifest, view.ledger.manifest.axis.measured
    in_all = np.zeros(len(m.flow))
    at_post: dict[int, tuple[Floats, Bools]] = {}
    for route, calls in _by_route(view):
        units = m.plan.units(route)
        total = np.zeros(len(units))
        here = {call.post: _nothing(len(units)) for call in calls}
        for call in calls:
            dwell = (call.gate_out - call.gate_in) / HOUR_MS
            total += dwell * (call.gate_out >= 0)
            recent = call.gate_out >= since
            hours, seen = here[call.post]
            hours += dwell * recent
            seen |= recent
        in_all[units] = total
        for post, (hours, seen) in here.items():
            if post not in at_post:
                at_post[post] = _nothing(len(m.flow))
            at_post[post][0][units], at_post[post][1][units] = hours, seen
    return in_all, at_post


def _nothing(units: int) -> tuple[Floats, Bools]:
    return np.zeros(units), np.zeros(units, dtype=bool)


def _stays(view: View, hours: Floats, who: Bools) -> Stays:
    flows = (who[view.units_of(flow)] for flow in range(len(view.ledger.manifest.flows)))
    return Stays(who, hours[who], starts(np.array([np.count_nonzero(some) for some in flows])))


@once
def spreads(view: View) -> dict[tuple[str, str], Spread]:
    """Mean and quantiles of dwell by (place, class), worked out once for labels that are alike."""
    found: dict[tuple[str, str], Spread] = {}
    for place, here in stays(view).items():
        present = np.flatnonzero(np.diff(here.first))
        known: dict[tuple[int, ...], Spread] = {}
        for label, flows in view.groups.items():
            some = tuple(int(f) for f in present if f in flows)
            if some not in known:
                known[some] = _spread(here.of(list(some)))
            found[place, label] = known[some]
    return found


def _spread(hours: Floats) -> Spread:
    if not len(hours):
        return Spread()
    mean = float(hours.mean())  # in the order of the units, for its last digit depends on it
    p95, p90, (a, b) = _neighbours(hours, (0.95, 0.9, 0.5))
    median = float((a + b) / 2) if len(hours) % 2 == 0 else float(a)
    return Spread(mean, median, _between(*p90, len(hours), 0.9), _between(*p95, len(hours), 0.95))


def quantiles(hours: Floats, shares: Sequence[float]) -> list[float]:
    """Quantiles at falling `shares`, to the last digit those of ``np.percentile``, but sooner.

    Linear between the two nearest values: Hyndman and Fan (1996), definition 7.

    Examples
    --------
    >>> quantiles(np.array([4.0, 1.0, 3.0]), (0.75, 0.5))
    [3.5, 3.0]
    """
    pairs = zip(_neighbours(hours, shares), shares, strict=True)
    return [_between(*pair, len(hours), share) for pair, share in pairs]


def _neighbours(hours: Floats, shares: Sequence[float]) -> list[tuple[float, float]]:
    """The values between which quantiles lie, at falling `shares`.

    To part the hours at one rank after the other, from the highest down, is several times as fast
    as at all at once, or to sort them, unless many are the same; so the least of them, those of
    all who pass straight through, are only counted.
    """
    low, n, pairs = hours.min(), len(hours), []
    rest, above = hours[hours > low], np.inf
    lowest = n - len(rest)
    for share in shares:
        rank = int((n - 1) * share)
        left = max(rank + 1 - lowest, 0)
        if left:
            rest.partition(left - 1)
        above = rest[left:].min(initial=above) if rank + 1 >= lowest else low
        pairs.append((float(rest[left - 1] if left else low), float(above)))
        rest = rest[:left]
    return pairs


def _between(a: float, b: float, n: int, share: float) -> float:
    """The quantile of n values between its neighbours; there may be none above the last."""
    part = (n - 1) * share % 1
    if part == 0:
        return a
    return b - (b - a) * (1 - part) if part >= 0.5 else a + (b - a) * part


@once
def waited(view: View) -> dict[str, Stays]:
    """Time in no service at the posts, of the units that left each port in the measured part.

    In line for a lane, a stock or a train, or held at closing.
    """
    ledger = view.ledger
    hours = np.zeros(len(ledger.manifest.flow))
    by_route: dict[int, Floats] = {}
    for visits in ledger.visits:
        if visits.post >= 0:
            spent = visits.waited
            if visits.row in ledger.held.by_row:
                spent += ledger.held.lasted(visits.row, len(spent))
            so_far = by_route.setdefault(visits.route, np.zeros(len(spent)))
            so_far += spent / HOUR_MS
    for route, spent_h in by_route.items():
        hours[ledger.manifest.plan.units(route)] = spent_h
    return {
        port: _stays(view, hours, ledger.left & view.of_port(port)) for port in view.scenario.ports
    }


@once
def callers(view: View) -> dict[int, Bools]:
    """Who called at each post, (U,)."""
    found: dict[int, Bools] = {}
    for call in view.ledger.calls:
        if call.post not in found:
            found[call.post] = np.zeros(len(view.ledger.manifest.flow), dtype=bool)
        found[call.post][call.unit] |= call.gate_in >= 0
    return found


@once
def gates(view: View) -> dict[int, tuple[Int64, Int64]]:
    """Gate-in and gate-out of each unit's last call at each post, (U,) ms, -1 for never."""
    m, plan = view.ledger.manifest, view.ledger.manifest.plan
    never = np.full(len(plan.route), -1, dtype=np.int64)
    found = {m.places.index(post): (never, never) for post in view.posts}
    for route, calls in _by_route(view):
        for post in dict.fromkeys(call.post for call in calls):
            first, *more = (call for call in calls if call.post == post)
            gate_in, gate_out = first.gate_in, first.gate_out
            for call in more:
                gate_in = np.where(call.gate_in >= 0, call.gate_in, gate_in)
                gate_out = np.where(call.gate_in >= 0, call.gate_out, gate_out)
            if found[post][0] is never:
                found[post] = never.copy(), never.copy()
            units = plan.units(route)
            found[post][0][units], found[post][1][units] = gate_in, gate_out
    return found


def _by_route(view: View) -> Iterator[tuple[int, list[Calls]]]:
    """Calls in the order of the steps, those of a route together."""
    calls = view.ledger.calls
    for route in dict.fromkeys(call.route for call in calls):
        yield route, [call for call in calls if call.route == route]

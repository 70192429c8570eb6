"""Kinds of truths: how a number that theory knows is read from the tables of a replication."""

from __future__ import annotations

from functools import partial

from .proof import Sight, Truth


def mean(
    what: str, value: float, metric: str, place: str = "", class_: str = "all", **rest
) -> Truth:
    """A mean time in minutes, over the vehicles that passed the port or the post of a station."""

    def seen(sight: Sight) -> tuple[float, float]:
        passed = sight.metric("vehicles", place.split("/")[0], class_)
        return sight.metric(metric, place, class_) * 60 * passed, passed

    return Truth(f"{what}, min", value, seen, **rest)


def each(what: str, value: float, metric: str, place: str = "", times: float = 1, **rest) -> Truth:
    """An indicator as it is, every replication counting alike."""
    return Truth(what, value, lambda sight: (sight.metric(metric, place) * times, 1), **rest)


def share(what: str, value: float, part: str, whole: str, **rest) -> Truth:
    """A share of those who came."""
    return Truth(what, value, lambda sight: (sight.metric(part), sight.metric(whole)), **rest)


def level(what: str, value: float, measure: str, place: str = "", hour=None, **rest) -> Truth:
    """A mean number, of the hourly series, at one hour of the day or at all."""
    hours = slice(None) if hour is None else hour

    def seen(sight: Sight) -> tuple[float, float]:
        counts = sight.series(measure, place)[:, hours]
        return float(counts.sum()), counts.size

    return Truth(what, value, seen, **rest)


def waits(what: str, value: float, minutes: float, **rest) -> Truth:
    """The share of visits that wait longer than so many minutes."""

    def seen(sight: Sight) -> tuple[float, float]:
        wait = sight.visits["wait_min"].dropna()
        return float((wait > minutes).sum()), len(wait)

    return Truth(what, value, seen, **rest)


wait = partial(mean, "wait", metric="wait_mean")
stay = partial(mean, "stay", metric="tfi1_mean")
gives_up = partial(share, "share turned away", part="turned_away_vehicles", whole="demand_vehicles")

"""From asking to running: all chance, drawn before the seam by keyed streams.

One stream a purpose, keyed by (seed, replication, purpose) and indexed by unit: two regimes meet
the same lorries and the same storms, and a change at one station moves no draw at another.
"""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import gammaincinv, ndtri, pdtrik

from corridor.scenarios.chance import Chance

__all__ = ["Floats", "Streams", "milliseconds", "poisson_count", "quantile"]

Floats = npt.NDArray[np.float64]
Int64 = npt.NDArray[np.int64]

MINUTE = 60_000
"""Milliseconds in a minute, the canonical unit of durations."""


class Streams:
    """The streams of one replication; asking for a purpose twice gives the same draws."""

    def __init__(self, seed: int, replication: int) -> None:
        self.seed = seed
        self.replication = replication
        self.purposes: list[str] = []

    def name(self, purpose: str) -> None:
        """Note a purpose, even where chance turns out to have no part in it."""
        if purpose not in self.purposes:
            self.purposes.append(purpose)

    def uniform(self, purpose: str, size: int) -> Floats:
        """`size` uniform draws on the open interval (0, 1) for `purpose`; a longer call extends."""
        self.name(purpose)
        key = int.from_bytes(hashlib.blake2b(purpose.encode(), digest_size=8).digest(), "big")
        sequence = np.random.SeedSequence(
            entropy=self.seed, spawn_key=(self.replication, key >> 32, key & 0xFFFFFFFF)
        )
        draws: Floats = np.random.Generator(np.random.PCG64DXSM(sequence)).random(size)
        np.maximum(draws, 2.0**-53, out=draws)  # the greatest it gives is 1 - 2^-53
        return draws


def quantile(chance: Chance, u: Floats) -> Floats:
    """Durations in minutes at probabilities `u`, by inversion of the law.

    Inversion couples two regimes monotonically: a longer mean makes every draw longer. Lognormal
    by mean m and cv c: sigma^2 = ln(1 + c^2), mu = ln m - sigma^2 / 2. Erlang by the inverse of the
    regularised incomplete gamma function.
    """
    law: Any = getattr(chance, chance.law)
    match chance.law:
        case "constant":
            return np.full(len(u), float(law.value))
        case "exponential":
            x: Floats = np.negative(u)
            np.log1p(x, out=x)
            x *= -law.mean.value
            return x
        case "lognormal":
            return lognormal(law.mean.value, law.cv.value, u)
        case "erlang":
            scale = law.mean.value / law.stages
            return np.asarray(gammaincinv(law.stages, u) * scale, dtype=np.float64)
        case "uniform":
            low, high = law.low.value, law.high.value
            return np.asarray(low + u * (high - low), dtype=np.float64)
        case _:
            return _triangular(law.low.value, law.mode.value, law.high.value, u)


def lognormal(mean: float, cv: float, u: Floats) -> Floats:
    """Lognormal quantiles by mean and coefficient of variation; constant when cv is 0."""
    variance = np.log1p(cv * cv)
    x: Floats = np.asarray(ndtri(u), dtype=np.float64)  # worked on in place: these arrays are long
    x *= np.sqrt(variance)
    x -= variance / 2
    np.exp(x, out=x)
    x *= mean
    return x


def _triangular(low: float, mode: float, high: float, u: Floats) -> Floats:
    split = (mode - low) / (high - low)
    rising = low + np.sqrt(u * (high - low) * (mode - low))
    falling = high - np.sqrt((1 - u) * (high - low) * (high - mode))
    return np.where(u < split, rising, falling)


def poisson_count(mean: float, u: float) -> int:
    """Poisson count at probability `u` by inversion: more demand never gives fewer vehicles."""
    if mean <= 0:
        return 0
    if u <= np.exp(-mean):
        return 0
    return int(np.ceil(pdtrik(u, mean)))


def milliseconds(minutes: Floats, out: Int64 | None = None) -> Int64:
    """Minutes to whole milliseconds, into `out` if given; refuses what is negative or no number."""
    if len(minutes) and not 0 <= minutes.min() <= minutes.max() < np.inf:  # false for NaN
        raise ValueError("a duration is negative or not a number")
    whole = np.empty(len(minutes), dtype=np.int64) if out is None else out
    ms = minutes * MINUTE
    np.copyto(whole, np.rint(ms, out=ms), casting="unsafe")
    return whole

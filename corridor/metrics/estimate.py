"""Metrics room: what replications say about the truth: intervals, paired differences, Holm.

Replications stand along the first axis, in the order of their number, and every further axis is
worked column by column. Sums are exact (`math.fsum`), so no result depends on the order in which
workers finished. NaN propagates: a replication without a value is for the caller to decide on.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtr, stdtrit

__all__ = ["Difference", "Estimate", "holm", "interval", "paired", "prediction_interval"]

Floats = NDArray[np.float64]

SKEWED = 0.5  # beyond this sample skewness, or
FEW = 50  # below this many replications, Student's t is corrected for skewness


@dataclass(frozen=True)
class Estimate:
    """A mean over replications with an interval; arrays of the shape of one replication."""

    mean: Floats
    low: Floats
    high: Floats
    n: int


@dataclass(frozen=True)
class Difference:
    """Other minus base over paired replications; arrays of the shape of one replication.

    `variance_reduction` says how many times more replications independent draws would have
    needed; `p` is two-sided and not yet adjusted for multiplicity (see `holm`).
    """

    difference: Floats
    low: Floats
    high: Floats
    pairs: int
    variance_reduction: Floats
    p: Floats


def interval(values: ArrayLike, level: float = 0.95) -> Estimate:
    """The mean of each column with a two-sided confidence interval.

    Student's t; where the sample skewness exceeds 0.5 or fewer than 50 replications were run,
    with Willink's correction for skewness::

        low  = mean - G(+t) s / sqrt(n)          a = m3 / (6 s^3 sqrt(n))
        high = mean - G(-t) s / sqrt(n)          G(r) = (cbrt(1 + 6 a (r - a)) - 1) / (2 a)

    where m3 = n sum((x - mean)^3) / ((n - 1) (n - 2)) is the unbiased third central moment and
    t the quantile of Student's distribution with n - 1 degrees of freedom. G(r) tends to r as
    the skewness vanishes. A right tail moves both ends up: waiting times are skewed so, and a
    plain t interval then lies too low far more often than too high.

    Parameters
    ----------
    values : array_like, shape (R, ...)
        One row a replication.
    level : float
        Confidence, strictly between 0 and 1.

    Returns
    -------
    Estimate
        In the unit of `values`. The bounds are NaN for fewer than two replications; a constant
        column has an interval of no width.

    Raises
    ------
    ValueError
        If there is no replication, or `level` is not between 0 and 1.

    References
    ----------
    R. Willink (2005), A confidence interval and test for the mean of an asymmetric distribution,
    Communications in Statistics: Theory and Methods 34(4), 753-766.

    Examples
    --------
    >>> estimate = interval([1.0, 2.0, 3.0])
    >>> float(estimate.mean), estimate.n
    (2.0, 3)
    """
    x = _replications(values)
    n = len(x)
    mean, sd = _mean_and_sd(x)
    t = _t_quantile(n, level)
    skewness = _skewness(x, mean, sd)
    corrected = (n < FEW) | (np.abs(skewness) > SKEWED)
    a = np.where(corrected, skewness / (6 * math.sqrt(n)), 0.0)
    scale = sd / math.sqrt(n)
    low, high = mean - _willink(t, a) * scale, mean - _willink(-t, a) * scale
    return Estimate(mean[()], low[()], high[()], n)


def prediction_interval(
    values: ArrayLike, level: float = 0.95, at_least: float = -math.inf
) -> Estimate:
    """The mean of each column with an interval for ONE new realisation, such as one real year.

    mean -+ t s sqrt(1 + 1/n), exact for normal values (Hahn and Meeker 1991, Statistical
    Intervals, section 4.8). An observation is compared with this, not with the interval of the
    mean, which shrinks to nothing as replications are added.

    Parameters
    ----------
    values : array_like, shape (R, ...)
        One row a replication.
    level : float
        Probability that the new value falls inside, strictly between 0 and 1.
    at_least : float
        Neither bound goes below this; 0 for counts, weights and times.

    Raises
    ------
    ValueError
        If there is no replication, or `level` is not between 0 and 1.
    """
    x = _replications(values)
    n = len(x)
    mean, sd = _mean_and_sd(x)
    reach = _t_quantile(n, level) * sd * math.sqrt(1 + 1 / n)
    low, high = np.maximum(mean - reach, at_least), np.maximum(mean + reach, at_least)
    return Estimate(mean[()], low[()], high[()], n)


def paired(base: ArrayLike, other: ArrayLike, level: float = 0.95) -> Difference:
    """Other minus base, replication by replication, with the paired t interval and its p-value.

    Row i of both arrays is replication i: the same keyed draws met both regimes. The interval is
    plain t, so that it excludes zero exactly when p < 1 - level; a difference of paired values
    is less skewed than the values themselves.

    variance_reduction = (var(base) + var(other)) / var(other - base), the gain of common random
    numbers over independent ones (Law 2015, Simulation Modeling and Analysis, section 11.2).

    Parameters
    ----------
    base, other : array_like, shape (R, ...)
        One row a replication, in the same unit and order.
    level : float
        Confidence, strictly between 0 and 1.

    Returns
    -------
    Difference
        Fewer than two pairs: bounds, variance reduction and p are NaN. A constant difference has
        an interval of no width, p = 1 if it is exactly zero and p = 0 otherwise; its variance
        reduction is infinite, or NaN when both regimes are constant and there was no variance
        to reduce.

    Raises
    ------
    ValueError
        If the shapes differ, there is no replication, or `level` is not between 0 and 1.
    """
    b, o = _replications(base), _replications(other)
    if b.shape != o.shape:
        raise ValueError(f"replications cannot be paired: shapes {b.shape} and {o.shape}")
    n = len(b)
    mean, sd = _mean_and_sd(o - b)
    reach = _t_quantile(n, level) * sd / math.sqrt(n)
    apart = _mean_and_sd(b)[1] ** 2 + _mean_and_sd(o)[1] ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        reduction = apart / sd**2
        t = np.where(mean == 0, 0.0, mean / (sd / math.sqrt(n)))
    p = np.where(np.isnan(sd), np.nan, 2 * stdtr(max(n - 1, 1), -np.abs(t)))
    return Difference(mean[()], (mean - reach)[()], (mean + reach)[()], n, reduction[()], p[()])


def holm(p: ArrayLike) -> Floats:
    """p-values adjusted so that the chance of any false alarm among them keeps its level.

    The i-th smallest of m is multiplied by m - i + 1, cut at 1, and never falls below a smaller
    one's (Holm 1979, Scandinavian Journal of Statistics 6(2), 65-70). NaN stays NaN and counts
    as no comparison.

    Parameters
    ----------
    p : array_like, shape (m,)

    Raises
    ------
    ValueError
        If `p` is not one-dimensional, or a value lies outside 0 to 1.

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03]).tolist()
    [0.03, 0.06, 0.06]
    """
    values = np.asarray(p, dtype=np.float64)
    if values.ndim != 1 or np.any((values < 0) | (values > 1)):
        raise ValueError("holm takes one row of p-values between 0 and 1")
    order = np.argsort(values, kind="stable")  # NaN last
    m = int(np.count_nonzero(~np.isnan(values)))
    steps = np.maximum.accumulate(values[order[:m]] * np.arange(m, 0, -1))
    adjusted = np.full(values.shape, np.nan)
    adjusted[order[:m]] = np.minimum(steps, 1.0)
    return adjusted


def _replications(values: ArrayLike) -> Floats:
    x = np.asarray(values, dtype=np.float64)
    if x.ndim == 0 or len(x) == 0:
        raise ValueError("an estimate needs at least one replication along the first axis")
    return x


def _t_quantile(n: int, level: float) -> float:
    """Student's two-sided quantile for `n` values; NaN below two."""
    if not 0 < level < 1:
        raise ValueError(f"level {level} is not between 0 and 1")
    return float(stdtrit(n - 1, (1 + level) / 2)) if n > 1 else math.nan


def _sum(x: Floats) -> Floats:
    """The exactly rounded sum of each column: the same in any order of rows."""
    columns = x.reshape(len(x), -1).T.tolist()
    return np.array([math.fsum(column) for column in columns]).reshape(x.shape[1:])


def _mean_and_sd(x: Floats) -> tuple[Floats, Floats]:
    """Mean and standard deviation (n - 1) of each column; the latter NaN for one row."""
    n = len(x)
    # Exactly zero for a constant column, which a rounded mean would spoil.
    constant = np.all(x == x[0], axis=0)
    mean = np.where(constant, x[0], _sum(x) / n)
    if n == 1:
        return mean, np.full(mean.shape, np.nan)
    return mean, np.sqrt(_sum((x - mean) ** 2) / (n - 1))


def _skewness(x: Floats, mean: Floats, sd: Floats) -> Floats:
    """Unbiased third central moment over sd^3; zero where there is no spread or n < 3."""
    n = len(x)
    if n < 3:
        return np.zeros(mean.shape)
    z = np.divide(x - mean, sd, out=np.zeros(x.shape), where=sd > 0)
    return n * _sum(z**3) / ((n - 1) * (n - 2))


def _willink(r: float, a: Floats) -> Floats:
    """G(r), written so that nothing is divided by a: (y - 1)(y^2 + y + 1) = y^3 - 1."""
    y: Floats = np.cbrt(1 + 6 * a * (r - a))
    return 3 * (r - a) / (y * y + y + 1)

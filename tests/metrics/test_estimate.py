"""Intervals, paired differences and Holm, against scipy, hand computation and known coverage."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from corridor.metrics.estimate import holm, interval, paired, prediction_interval

RNG = np.random.Generator(np.random.PCG64DXSM(7))


def test_interval_is_students_t_for_many_symmetric_values() -> None:
    x = RNG.normal(40, 5, 60)
    x = np.concatenate([x, 80 - x])  # exactly symmetric, n = 120: no correction
    got = interval(x, 0.9)
    low, high = stats.t.interval(0.9, len(x) - 1, x.mean(), stats.sem(x))
    assert (got.low, got.high) == pytest.approx((low, high), abs=1e-9)
    assert got.n == 120


def test_few_symmetric_values_are_plain_t_too() -> None:
    got = interval([1.0, 2.0, 3.0])
    reach = 4.302652729749464 / math.sqrt(3)  # t(.975; 2), s = 1
    assert (got.mean, got.low, got.high) == pytest.approx((2, 2 - reach, 2 + reach), abs=1e-9)


def test_willink_by_hand() -> None:
    # x = 0, 0, 0, 4: mean 1, s^2 = 12/3 = 4, s = 2; sum of cubes = 27 - 3 = 24,
    # m3 = 4 * 24 / (3 * 2) = 16, a = 16 / (6 * 8 * 2) = 1/6, so 6 a = 1 and 2 a = 1/3;
    # G(r) = 3 (cbrt(1 + r - 1/6) - 1), s / sqrt(n) = 1, t(.975; 3) = 3.182446305284263.
    t = 3.182446305284263
    low = 1 - 3 * ((5 / 6 + t) ** (1 / 3) - 1)
    high = 1 + 3 * ((t - 5 / 6) ** (1 / 3) + 1)  # the cube root of 5/6 - t < 0
    got = interval([0.0, 0.0, 0.0, 4.0])
    assert (got.mean, got.low, got.high) == pytest.approx((1, low, high), abs=1e-9)
    mirrored = interval([0.0, 0.0, 0.0, -4.0])
    assert (mirrored.low, mirrored.high) == pytest.approx((-high, -low), abs=1e-9)


def test_correction_starts_at_the_stated_thresholds() -> None:
    skewed = np.tile([0.0, 0.0, 0.0, 1.0], 25)  # n = 100, skewness 1.17
    mild = np.tile([0.0, 0.0, 1.0, 1.0, 1.0], 20)  # n = 100, skewness -0.41
    for x, plain in ((skewed, False), (mild, True), (mild[:45], False)):
        t = stats.t.interval(0.95, len(x) - 1, x.mean(), stats.sem(x))
        same = (interval(x).low, interval(x).high) == pytest.approx(t, abs=1e-9)
        assert same is plain


def test_one_replication_has_no_bounds_and_a_constant_has_no_width() -> None:
    one = interval([5.0])
    assert (one.mean, one.n) == (5, 1)
    assert all(map(math.isnan, (one.low, one.high)))
    constant = interval(np.full((7, 2), 0.1))
    np.testing.assert_array_equal([constant.low, constant.high], 0.1)


def test_columns_are_worked_apart() -> None:
    x = RNG.exponential(3, (12, 2, 3))
    together = interval(x)
    assert together.mean.shape == (2, 3)
    assert together.high[1, 2] == interval(x[:, 1, 2]).high
    assert math.isnan(interval(np.array([[1.0, np.nan], [2.0, 3.0]])).mean[1])


def test_prediction_interval_is_wider_by_the_textbook_factor() -> None:
    x = RNG.normal(10, 2, 30)
    got = prediction_interval(x)
    reach = stats.t.ppf(0.975, 29) * x.std(ddof=1) * math.sqrt(1 + 1 / 30)
    assert (got.low, got.high) == pytest.approx((x.mean() - reach, x.mean() + reach), abs=1e-9)
    assert prediction_interval([0.0, 1.0, 0.0, 2.0], at_least=0).low == 0


def test_paired_agrees_with_scipy() -> None:
    base = RNG.exponential(5, 30)
    other = 0.9 * base + RNG.normal(0, 0.3, 30)
    got, want = paired(base, other), stats.ttest_rel(other, base)
    bounds = want.confidence_interval(0.95)
    assert (got.low, got.high) == pytest.approx((bounds.low, bounds.high), abs=1e-9)
    assert got.p == pytest.approx(want.pvalue, abs=1e-9)
    assert got.difference == pytest.approx((other - base).mean(), abs=1e-9)
    gain = (base.var(ddof=1) + other.var(ddof=1)) / (other - base).var(ddof=1)
    assert got.variance_reduction == pytest.approx(gain, rel=1e-9)
    assert got.variance_reduction > 10


def test_paired_where_nothing_varies() -> None:
    x = RNG.exponential(5, 20)
    null = paired(x, x)
    assert (null.difference, null.low, null.high, null.p) == (0, 0, 0, 1)
    assert null.variance_reduction == math.inf
    fixed = paired(np.arange(4.0), np.arange(4.0) + 2)
    assert (fixed.difference, fixed.low, fixed.high, fixed.p) == (2, 2, 2, 0)
    assert fixed.variance_reduction == math.inf
    assert math.isnan(paired([3.0, 3.0], [4.0, 4.0]).variance_reduction)
    one = paired([1.0], [2.0])
    assert one.difference == 1
    assert all(map(math.isnan, (one.low, one.high, one.p, one.variance_reduction)))


def test_paired_interval_and_p_tell_one_story() -> None:
    base, other = RNG.exponential(5, (2, 10, 500))
    got = paired(base, other)
    np.testing.assert_array_equal((got.low > 0) | (got.high < 0), got.p < 0.05)


def test_holm_by_hand() -> None:
    # sorted .005 .01 .03 .04 times 4 3 2 1 = .02 .03 .06 .04 -> .02 .03 .06 .06
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02], abs=1e-9)
    assert holm([0.6, 0.7]).tolist() == [1, 1]
    assert holm([]).tolist() == []
    with_gap = holm([0.01, math.nan, 0.04])
    assert with_gap[[0, 2]] == pytest.approx([0.02, 0.04], abs=1e-9)
    assert math.isnan(with_gap[1])


@pytest.mark.parametrize(
    "call",
    [
        lambda: interval([]),
        lambda: interval([1.0, 2.0], level=95),
        lambda: paired([1.0, 2.0], [1.0]),
        lambda: holm([0.5, 1.5]),
    ],
)
def test_bad_input_is_refused(call) -> None:
    with pytest.raises(ValueError, match=r"replication|level|p-values"):
        call()


@settings(max_examples=50)
@given(st.lists(st.floats(-1e9, 1e9), min_size=2, max_size=12), st.randoms())
def test_the_order_of_rows_changes_no_bit(values: list[float], random) -> None:
    shuffled = values.copy()
    random.shuffle(shuffled)
    assert interval(values) == interval(shuffled)
    assert prediction_interval(values) == prediction_interval(shuffled)


def first_waits(rng: np.random.Generator, customers: int, size: tuple[int, ...]) -> np.ndarray:
    """Mean wait of the first customers of M/M/1 from empty, rho = .9, by Lindley's recursion."""
    wait = total = np.zeros(size)
    for _ in range(customers - 1):
        wait = np.maximum(0, wait + rng.exponential(1, size) - rng.exponential(1 / 0.9, size))
        total = total + wait
    return total / customers


def exact_first_waits(customers: int) -> float:
    """The same by Spitzer's identity: E[W_n] = sum over k <= n of E[max(S_k, 0)] / k."""
    p = 0.9 / 1.9  # an arrival comes before a departure

    def overshoot(k: int) -> float:  # k arrivals before k departures; k - j services are left
        return sum(math.comb(k + j - 1, j) * p**k * (1 - p) ** j * (k - j) for j in range(k))

    waits = np.cumsum([overshoot(k) / k for k in range(1, customers)])
    return float(waits.sum() / customers)


def test_willink_covers_where_t_does_not() -> None:
    truth, trials = exact_first_waits(25), 10_000
    x = first_waits(np.random.Generator(np.random.PCG64DXSM(11)), 25, (10, trials))
    assert x.mean() == pytest.approx(truth, abs=4 * x.std() / math.sqrt(x.size))
    got = interval(x)
    willink = np.mean((got.low <= truth) & (truth <= got.high))
    reach = stats.t.ppf(0.975, 9) * stats.sem(x)
    plain = np.mean(abs(x.mean(axis=0) - truth) <= reach)
    assert plain < 0.92
    assert 0.935 <= willink <= 0.96


def test_a_regime_under_two_names_is_significant_as_often_as_said() -> None:
    base, other = np.random.Generator(np.random.PCG64DXSM(3)).exponential(5, (2, 30, 4000))
    assert np.mean(paired(base, other).p < 0.05) == pytest.approx(0.05, abs=0.012)

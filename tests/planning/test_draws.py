"""Draws: keyed, so that nothing moves them; and of the law that was asked for."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from scipy import stats

from corridor.planning.draws import Streams, milliseconds, poisson_count, quantile
from corridor.scenarios.chance import Chance

CV = 0.8
SIGMA = np.sqrt(np.log(1 + CV**2))
LAWS = {
    "exponential": ({"exponential": {"mean": "8 min"}}, stats.expon(scale=8)),
    "lognormal": (
        {"lognormal": {"mean": "25 min", "cv": CV}},
        stats.lognorm(s=SIGMA, scale=25 * np.exp(-(SIGMA**2) / 2)),
    ),
    "erlang": ({"erlang": {"mean": "12 min", "stages": 4}}, stats.gamma(4, scale=3)),
    "uniform": ({"uniform": {"low": "5 min", "high": "11 min"}}, stats.uniform(5, 6)),
    "triangular": (
        {"triangular": {"low": "10 min", "mode": "12 min", "high": "30 min"}},
        stats.triang(0.1, 10, 20),
    ),
    "ramp": (  # the mode at an end
        {"triangular": {"low": "0 min", "mode": "0 min", "high": "3 min"}},
        stats.triang(0.0, 0, 3),
    ),
}
probabilities = st.floats(2.0**-53, 1 - 2.0**-53)


def test_a_stream_is_its_key_and_nothing_else() -> None:
    one, other = Streams(1, 2), Streams(1, 2)
    other.uniform("something else", 1000)
    assert np.array_equal(one.uniform("service", 50), other.uniform("service", 50))
    assert np.array_equal(one.uniform("service", 50), one.uniform("service", 80)[:50])
    assert one.purposes == ["service"]
    assert other.purposes == ["something else", "service"]


def test_other_seed_replication_or_purpose_is_another_stream() -> None:
    keys = [(1, 2, "a"), (2, 2, "a"), (1, 3, "a"), (1, 2, "b"), (2, 1, "a")]
    heads = {tuple(Streams(seed, r).uniform(purpose, 4)) for seed, r, purpose in keys}
    assert len(heads) == len(keys)


def test_a_stream_keeps_its_bytes() -> None:
    """What a release drew, the next draws: these were written down once."""
    known = [0.9602657573823872, 0.19009385887240615, 0.5441467510637054]
    assert Streams(20241201, 0).uniform("khunjerab_laden_south/count", 3).tolist() == known


def test_draws_are_uniform_and_never_at_an_end() -> None:
    u = Streams(7, 0).uniform("anything", 200_000)
    assert u.min() > 0
    assert u.max() < 1
    assert stats.kstest(u, "uniform").pvalue > 1e-4


def test_streams_of_replications_do_not_know_each_other() -> None:
    rows = np.stack([Streams(7, r).uniform("service", 4000) for r in range(12)])
    r = np.corrcoef(rows)[np.triu_indices(12, 1)]
    assert np.abs(r * np.sqrt(4000)).max() < 4.5  # 66 pairs


@pytest.mark.parametrize("name", LAWS)
def test_quantiles_of_a_law(name: str) -> None:
    written, law = LAWS[name]
    u = np.array([1e-9, 0.001, 0.05, 0.25, 0.5, 0.75, 0.95, 0.999, 1 - 1e-9])
    got = quantile(Chance.model_validate(written), u)
    np.testing.assert_allclose(got, law.ppf(u), rtol=1e-9, atol=1e-13)


@pytest.mark.parametrize("name", LAWS)
def test_a_sample_of_a_law(name: str) -> None:
    written, law = LAWS[name]
    n = 40_000
    chance = Chance.model_validate(written)
    x = quantile(chance, Streams(11, 0).uniform(name, n))
    mean, variance, _, kurtosis = (float(m) for m in law.stats("mvsk"))
    assert chance.mean_min == pytest.approx(mean)
    assert abs(x.mean() - mean) <= 4 * np.sqrt(variance / n)
    spread = np.sqrt((kurtosis + 2) / n) * variance  # standard error of the sample variance
    assert abs(x.var(ddof=1) - variance) <= 4 * spread
    for p in (0.1, 0.5, 0.9, 0.99):
        below = np.count_nonzero(x <= law.ppf(p))
        assert abs(below - n * p) <= 4 * np.sqrt(n * p * (1 - p)), p


def test_a_constant_is_constant() -> None:
    assert quantile(Chance.model_validate("90 s"), np.array([0.1, 0.9])).tolist() == [1.5, 1.5]


@given(st.sampled_from(sorted(LAWS)), probabilities, probabilities)
def test_quantiles_rise(name: str, u: float, v: float) -> None:
    a, b = quantile(Chance.model_validate(LAWS[name][0]), np.array([min(u, v), max(u, v)]))
    assert 0 <= a <= b < np.inf


@given(probabilities, st.floats(0.5, 100), st.floats(0.5, 100))
def test_a_longer_mean_makes_every_draw_longer(u: float, one: float, other: float) -> None:
    short, long = sorted((one, other))
    for law in ("exponential", "lognormal", "erlang"):
        more = {"lognormal": {"cv": CV}, "erlang": {"stages": 3}}.get(law, {})
        a, b = (
            quantile(Chance.model_validate({law: {"mean": f"{m} min", **more}}), np.array([u]))
            for m in (short, long)
        )
        assert a <= b


@given(probabilities, st.floats(0, 20_000))
@example(2.0**-53, 1e6)
@example(1 - 2.0**-53, 1e6)
@example(float(np.exp(-3.0)), 3.0)
def test_a_count_is_the_quantile_of_poissons_law(u: float, mean: float) -> None:
    k = poisson_count(mean, u)
    law = stats.poisson(mean)
    assert law.cdf(k) >= u * (1 - 1e-9)
    assert k == 0 or law.cdf(k - 1) <= u * (1 + 1e-9)


@given(probabilities, st.floats(0, 5000), st.floats(0, 5000))
def test_more_demand_never_gives_fewer(u: float, one: float, other: float) -> None:
    assume(one != other)
    low, high = sorted((one, other))
    assert poisson_count(low, u) <= poisson_count(high, u)


@pytest.mark.parametrize("mean", [0.3, 4.0, 60.0])
def test_counts_follow_poissons_law(mean: float) -> None:
    n = 4000
    counts = np.array([poisson_count(mean, u) for u in Streams(5, 0).uniform("n", n)])
    law = stats.poisson(mean)
    edges = np.unique(law.ppf([0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98]))
    share = np.diff(np.concatenate([[0.0], law.cdf(edges), [1.0]]))
    seen = np.bincount(np.searchsorted(edges, counts), minlength=len(share))
    assert stats.chisquare(seen, n * share).pvalue > 1e-4


@pytest.mark.parametrize("bad", [-1e-9, float("nan"), float("inf")])
def test_a_duration_that_is_none_is_refused(bad: float) -> None:
    with pytest.raises(ValueError, match="duration"):
        milliseconds(np.array([1.0, bad]))


def test_minutes_become_whole_milliseconds() -> None:
    assert milliseconds(np.array([0.0, 1.0, 1 / 60_000, 0.6 / 60_000])).tolist() == [0, 60000, 1, 1]

"""When there are enough replications: the rule, what misses it, and what the record says."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from corridor.faults import Faults
from corridor.metrics import interval
from corridor.results import Results
from corridor.study.precision import Stop, missed, stop
from corridor.study.store import Sample

from .cases import PLAIN, studied, written

NAN = float("nan")


def sample(**columns: list[float]) -> Sample:
    """Indicators of the port by name; ``a_b`` stands for class b at place a."""
    places = {"post": ("p/post", "all"), "laden": ("p", "laden")}
    rows = [(*places.get(name, ("p", "all")), name, "h") for name in columns]
    values = np.array(list(columns.values())).T
    return Sample(rows, values, [], values[:, :0], [], [], [], [], [], [])


def misses(target: float, **columns: list[float]) -> dict[str, float]:
    found = missed(cast("Any", SimpleNamespace(name="s")), sample(**columns), target)
    assert all((miss.scenario, miss.place) == ("s", "p") for miss in found)
    return {miss.metric: miss.half_width for miss in found}


def test_half_the_interval_is_held_against_the_mean() -> None:
    e = interval([9.0, 11.0] * 10)
    share = float(e.high - e.low) / 2 / 10
    assert share == pytest.approx(2.093 / np.sqrt(19) / 10, rel=1e-3)  # t of 19, s = sqrt(20/19)
    assert misses(share * 1.001, wait=[9.0, 11.0] * 10) == {}
    assert misses(share * 0.999, wait=[9.0, 11.0] * 10) == {"wait": pytest.approx(share)}
    assert misses(share * 0.999, wait=[-9.0, -11.0] * 10) == {"wait": pytest.approx(share)}


def test_only_the_ports_own_indicators_count() -> None:
    wild = [1.0, 99.0] * 10
    assert misses(0.05, post=wild, laden=wild) == {}
    assert list(misses(0.05, post=wild, own=wild)) == ["own"]


def test_what_has_no_share_or_no_doubt_has_reached_it() -> None:
    assert misses(0.01, none=[0.0] * 20, calendar=[180.0] * 20, unknown=[NAN] * 20) == {}
    assert misses(0.01, evens_out=[-1.0, 1.0] * 10) == {}
    assert list(misses(0.01, once=[NAN] * 19 + [3.0])) == ["once"]


@pytest.mark.parametrize("text", ["5 %", "5%", " 5.0% ", "0.05 %", "99.9%"])
def test_a_share_is_read(text: str) -> None:
    assert stop(text, None, 30).target == pytest.approx(float(text.strip(" %")) / 100)


@pytest.mark.parametrize("text", ["5", "0%", "100%", "-5%", "5 h", "", "%", "1e1%", "nan%", "5%%"])
def test_what_is_no_share_is_refused(text: str) -> None:
    with pytest.raises(Faults, match="write a share of the mean, such as 5%"):
        stop(text, None, 30)


@pytest.mark.parametrize(
    ("precision", "replications", "tried"),
    [
        (None, None, [30]),
        (None, 7, [7]),
        ("5%", None, [20, 30, 40, 50]),
        ("5%", 35, [20, 30, 35]),
        ("5%", 8, [8]),
    ],
)
def test_twenty_then_ten_at_a_time_up_to_the_cap(
    precision: str | None, replications: int | None, tried: list[int]
) -> None:
    rule = stop(precision, replications, 30)
    count, found = rule.least, []
    while count not in found and len(found) < 4:
        found.append(count)
        count = rule.after(count)
    assert found == tried[:4]
    assert stop("5%", None, 30) == Stop(0.05, 20, 200)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("precision"), "plain", PLAIN)


def widest(results: Results, count: int) -> float:
    """The widest half-interval of the port's indicators, as a share, after `count`."""
    table = results.replications
    table = table[(table["class"] == "all") & (table["place"] == "plain")]
    shares = []
    for _, rows in table[table["replication"] < count].groupby(["scenario", "metric"]):
        values = rows["value"].dropna()
        if len(values) and values.nunique() > 1:
            e = interval(values)
            low = max(float(e.low), 0.0)
            shares.append(float(e.high - low) / 2 / abs(float(e.mean)))
    return max(shares)


def test_it_stops_as_soon_as_all_is_known_well_enough(plain: Path) -> None:
    results = studied(plain, precision="25%", jobs=2)
    design = results.record["design"]
    count = design["replications"]
    assert 20 < count < 200
    assert widest(results, count) <= 0.25 < widest(results, count - 10)
    assert design["precision"] == {"target": 0.25, "reached": True, "missed": []}
    assert design["stop_rule"].endswith(f"±25% of its mean: reached with {count}")
    assert design["stop_rule"] in design["interval"]  # which pages tell
    assert set(results.replications["replication"]) == set(range(count))
    again = studied(plain, replications=count, jobs=1)
    assert results.metrics.equals(again.metrics)
    assert again.record["design"]["precision"] is None
    assert again.record["design"]["stop_rule"] == f"{count} replications, a number fixed beforehand"


def test_of_a_comparison_every_scenario_must_be_known_well_enough(plain: Path) -> None:
    text = "title: Quieter\nextends: plain\narrivals: {poisson: 12 per hour}\n"
    other = written(plain.parent, "quieter", text)
    alone = [
        studied(path, precision="30%", jobs=2).record["design"]["replications"]
        for path in (plain, other)
    ]
    assert alone[0] != alone[1]
    results = studied(plain, other, precision="30%", jobs=2)
    count = results.record["design"]["replications"]
    assert max(alone) <= count < 200
    assert widest(results, count) <= 0.3 < widest(results, count - 10)
    assert results.differences is not None
    assert set(results.differences["pairs"]) == {count}


def test_not_reached_is_marked_and_said(plain: Path) -> None:
    record = studied(plain, precision="2%", replications=25, jobs=2).record
    assert record["design"]["replications"] == 25
    assert record["design"]["stop_rule"].endswith("not reached with 25")
    found = record["design"]["precision"]
    assert found["reached"] is False
    named = {miss["metric"] for miss in found["missed"]}
    assert "wait_mean" in named
    assert "joint_open_hours" not in named
    assert all(miss["half_width"] > 0.02 for miss in found["missed"])
    (warning,) = [w for w in record["warnings"] if "±2% of its mean after 25" in w]
    assert all(f"{metric} of plain in plain (±" in warning for metric in named)

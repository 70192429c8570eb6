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
from corridor.study.precision import Miss, Stop, missed, stop
from corridor.study.store import Sample

from .cases import PLAIN, studied, written

NAN = float("nan")


def sample(**columns: list[float]) -> Sample:
    """Indicators of the port by name; ``a_b`` stands for class b at place a."""
    places = {"post": ("p/post", "all"), "laden": ("p", "laden")}
    rows = [(*places.get(name, ("p", "all")), name, "h") for name in columns]
    values = np.array(list(columns.values())).T
    return Sample(rows, values, [], values[:, :0], [], [], [], [], [], [])


def misses(target: float, every: bool = False, **columns: list[float]) -> dict[str, float]:
    found = missed(cast("Any", SimpleNamespace(name="s")), sample(**columns), target, every)
    assert all(miss.scenario == "s" for miss in found)
    assert every or all((miss.place, miss.who) == ("p", "all") for miss in found)
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


def test_every_reported_one_counts_if_asked() -> None:
    wild, always = [1.0, 99.0] * 10, [0.0] * 20
    assert list(misses(0.05, every=True, post=wild, own=wild, laden=wild)) == [
        "post", "own", "laden",
    ]  # fmt: skip
    assert misses(0.05, every=True, post=always, own=always, laden=[3.0] * 20) == {}
    (miss,) = missed(cast("Any", SimpleNamespace(name="s")), sample(laden=wild), 0.05, True)
    assert miss.words().startswith("laden of p, laden, in s (±")
    assert miss.row()["class"] == "laden"


def test_one_value_alone_has_no_width() -> None:
    once = sample(once=[NAN] * 19 + [3.0])
    (miss,) = missed(cast("Any", SimpleNamespace(name="s")), once, 0.05)
    assert miss.words() == "once of p in s (one value, no interval)"
    assert miss.row()["half_width"] is None


def test_the_widest_are_named_and_the_others_counted() -> None:
    wide = [Miss("s", "p", "all", f"m{i:02}", 0.1 + i / 100) for i in range(23)]
    wide.insert(5, Miss("s", "p", "all", "once", NAN))
    (warning,) = Stop(0.05, 20, 200).warnings(20, wide)
    assert warning.split(": ")[1].startswith("once of p in s (one value, no interval), m22 of p")
    assert "m03 of" not in warning
    assert "m04 of" in warning
    assert warning.endswith(" and 4 more")
    assert len(Stop(0.05, 20, 200).design(20, wide)["precision"]["missed"]) == 24


def test_what_has_no_share_or_no_doubt_has_reached_it() -> None:
    assert misses(0.01, none=[0.0] * 20, calendar=[180.0] * 20, unknown=[NAN] * 20) == {}
    assert misses(0.01, evens_out=[-1.0, 1.0] * 10) == {}
    assert list(misses(0.01, once=[NAN] * 19 + [3.0])) == ["once"]


@pytest.mark.parametrize("text", ["5 %", "5%", " 5.0% ", "0.05 %", "99.9%"])
def test_a_share_is_read(text: str) -> None:
    assert stop(text, None, 30).target == pytest.approx(float(text.strip(" %")) / 100)
    assert not stop(text, None, 30).every
    assert stop(f"{text}:all", None, 30) == Stop(stop(text, None, 30).target, 20, 200, every=True)
    assert stop(f"{text} : all ", None, 30).every


@pytest.mark.parametrize(
    "text",
    ["5", "0%", "100%", "-5%", "5 h", "", "%", "1e1%", "nan%", "5%%", "5%:", "5%:some", "5%all"],
)
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


GATE = """\
title: A gate before the desk, where hardly anyone waits
extends: plain
ports: {plain: {posts: {post: {stations: {gate: {
  lanes: {value: 5, assumed: A test.},
  service: {exponential: {mean: {value: 2 min, assumed: A test.}}}}}}}}}
"""


def test_asked_of_every_indicator_it_goes_on_for_longer(plain: Path) -> None:
    gate = written(plain.parent, "gate", GATE)
    few, more = (studied(gate, precision=ask, jobs=2) for ask in ("60%", "60%:all"))
    counts = [each.record["design"]["replications"] for each in (few, more)]
    assert counts[0] < counts[1] < 200
    assert more.record["design"]["precision"] == {"target": 0.6, "reached": True, "missed": []}
    assert "until every reported indicator is known to ±60%" in more.record["design"]["stop_rule"]
    for results, met in ((few, False), (more, True)):
        table = results.metrics
        half = (table["high"] - table["low"]) / 2
        assert (half <= 0.6 * table["mean"].abs()).all() == met


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

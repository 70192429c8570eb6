"""What is tested and what is only read; ends of intervals that cannot be below zero."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest

from corridor.results.schema import COLUMNS
from corridor.study import gather
from corridor.study.store import Sample

NAN = float("nan")
# other, place, class, metric, low, high, p, what is to become of p
LINES = [
    ("b", "khunjerab", "all", "tonnes", 1.0, 2.0, 0.01, 0.04),  # smallest of 4: 4 * 0.01
    ("b", "khunjerab", "all", "tfi1_mean", -1.0, 2.0, 0.03, 0.06),  # third: 2 * 0.03
    ("b", "khunjerab", "coach south", "swd", 1.0, 2.0, 0.02, 0.06),  # second: 3 * 0.02
    ("c", "khunjerab", "all", "tonnes", -1.0, 2.0, 0.04, 0.06),  # last: 0.04, not below 0.06
    ("b", "khunjerab", "all", "open_days", 90.0, 90.0, 0.0, 0.0),  # by the calendar: no test
    ("b", "khunjerab", "all", "demand_tonnes", 0.0, 0.0, 1.0, 1.0),
    ("b", "khunjerab", "truck_laden", "tonnes", 1.0, 2.0, 0.001, NAN),
    ("b", "khunjerab", "all south", "tonnes", 1.0, 2.0, 0.001, NAN),
    ("b", "khunjerab/sost", "all", "tfi1_mean", 1.0, 2.0, 0.001, NAN),
    ("b", "khunjerab/sost", "all", "open_hours", 9.0, 9.0, 0.0, NAN),
    ("b", "khunjerab/sost/documents", "all", "utilisation", 1.0, 2.0, 0.001, NAN),
    ("b", "link/kashgar-tashkurgan", "all", "tonnes", 1.0, 2.0, 0.001, NAN),
]


def table(lines: list[tuple[Any, ...]]) -> pd.DataFrame:
    rows = [("a", *key, "t", low, low, high, 10, 1.0, p) for *key, low, high, p, _ in lines]
    return pd.DataFrame(rows, columns=list(COLUMNS["differences"]))


def test_holm_over_the_port_and_its_corridor_all_pairs_together() -> None:
    before = table(LINES)
    after = gather.adjusted(before)
    expected = [line[-1] for line in LINES]
    assert after["p_adjusted"].tolist() == pytest.approx(expected, nan_ok=True, rel=1e-12)
    same = before.columns.drop("p_adjusted")
    pd.testing.assert_frame_equal(after[same], before[same])
    assert before["p_adjusted"].tolist() == [line[-2] for line in LINES]


def test_one_pair_leaves_nothing_to_adjust() -> None:
    bare = table([("b", "khunjerab", "all", "tonnes", NAN, NAN, NAN, NAN)])
    assert gather.adjusted(bare)["p_adjusted"].isna().all()


def sample(*values: float) -> Sample:
    """One indicator and one month with these values, replication by replication."""
    column = np.array(values)[:, np.newaxis]
    return Sample(
        rows=[("p", "all", "wait_mean", "h")],
        values=column,
        months=[("p", "all", "2024-04", "tonnes")],
        monthly=column,
        targets=[],
        stairs=[],
        labels=[],
        files=[],
        purposes=[],
        calendar=[],
    )


def test_an_interval_of_what_is_never_negative_ends_at_zero() -> None:
    base = cast("Any", SimpleNamespace(name="a"))
    for made in (gather.metrics, gather.monthly):
        assert made(base, sample(0.0, 0.0, 1.0))["low"].tolist() == [0.0]
        assert made(base, sample(-1.0, 0.0, 1.0))["low"].iloc[0] < -1
        assert made(base, sample(1.0))["low"].isna().all()
    apart = gather.differences(base, sample(0.0, 0.0, 1.0), base, sample(0.0, 0.0, 0.0))
    assert apart["low"].iloc[0] < -1


def test_a_replication_without_a_value_is_left_out() -> None:
    base = cast("Any", SimpleNamespace(name="a"))
    row = gather.metrics(base, sample(1.0, NAN, 3.0)).iloc[0]
    assert (row["mean"], row["n"]) == (2.0, 2)
    none = gather.metrics(base, sample(NAN, NAN)).iloc[0]
    assert none["n"] == 0
    assert none[["mean", "low", "high"]].isna().all()
    assert gather.differences(base, sample(NAN, 1.0), base, sample(1.0, NAN)).empty


def test_every_replication_has_its_rows_in_order() -> None:
    table = gather.replications(cast("Any", SimpleNamespace(name="a")), sample(5.0, NAN))
    assert list(table.columns) == list(COLUMNS["replications"])
    assert table["replication"].tolist() == [0, 1]
    assert table.iloc[0].tolist() == ["a", 0, "p", "all", "wait_mean", "h", 5.0]
    assert table["value"].isna().tolist() == [False, True]

"""What a page says of indicators for which replications did not stop."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from corridor.report.known import known
from corridor.report.publish import page

ROWS = [  # place, class, metric, mean, low, high
    ("khunjerab", "all", "tonnes", 100.0, 98.0, 102.0),
    ("khunjerab", "all", "lost_vehicles", 0.0, 0.0, 0.0),
    ("khunjerab", "truck_laden south", "tfi3_mean", 10.0, 9.5, 10.5),
    ("khunjerab", "truck_laden", "tfi1_mean", 10.0, 9.0, 11.0),
    ("khunjerab/sost", "coach", "tfi1_p95", 1.0, -2.0, 4.0),
    ("khunjerab/sost/exit", "all", "utilisation", 0.5, 0.5, 0.5),
    ("khunjerab/sost/exit", "all", "station_wait_mean", 3.0, float("nan"), float("nan")),
    ("khunjerab/sost", "coach", "lost_vehicles", 0.0, 0.0, 0.0),
    ("khunjerab/sost", "coach", "open_days", 0.0, 0.0, 0.0),
    ("khunjerab/sost", "coach", "tfi2_mean", float("nan"), float("nan"), float("nan")),
]


def asked(results: Any, target: float, rows: list[tuple[Any, ...]] = ROWS) -> Any:
    """The results of one scenario with these indicators, replicated until `target`."""
    columns = ["place", "class", "metric", "mean", "low", "high"]
    metrics = pd.DataFrame(rows, columns=columns).assign(n=20, unit="h")
    name = results.record["scenarios"][0]["name"]
    met = {"target": target, "reached": True, "missed": []}
    design = results.record["design"] | {"precision": met, "replications": 20}
    record = results.record | {"design": design, "scenarios": results.record["scenarios"][:1]}
    return replace(results, record=record, metrics=metrics.assign(scenario=name), differences=None)


def test_the_others_are_counted_and_the_worst_and_the_unmet_named(results: Any) -> None:
    facts = known(asked(results, 0.05))
    assert facts == [
        (
            "Known to ±5%",
            "2 of 2 of the port and its corridor;"
            " 1 of 4 others, by class, direction, post, station and link",
        ),
        (
            "Least known",
            "Wait at the station, mean (Sost, exit): no interval;"
            " Time to clear, 19 in 20 within (Sost, coaches): ±300%;"
            " Time to clear, mean (Khunjerab, laden trucks): ±10%",
        ),
        (
            "Not met yet",
            "3\N{NO-BREAK SPACE}indicators at 0 in all 20 replications: impossible here, or only"
            " rare. Vehicles that went elsewhere (2); Days open",
        ),
    ]
    html = page(asked(results, 0.05))
    assert all(name in html and words in html for name, words in facts)


def test_what_is_within_is_within(results: Any) -> None:
    facts = dict(known(asked(results, 0.1)))
    assert "2 of 4 others" in facts["Known to ±10%"]
    assert "laden trucks" not in facts["Least known"]
    assert known(asked(results, 0.1, [ROWS[0]])) == [
        (
            "Known to ±10%",
            "1 of 1 of the port and its corridor;"
            " 0 of 0 others, by class, direction, post, station and link",
        )
    ]


def test_what_evens_out_was_met(results: Any) -> None:
    rows = [("khunjerab", "all", "my_balance", 0.0, -1.0, 1.0)]
    facts = dict(known(asked(results, 0.05, rows)))
    assert facts["Known to ±5%"].startswith("0 of 1 of the port")
    assert facts["Least known"] == "My balance (Khunjerab): 0 on the whole, but not always"
    assert "Not met yet" not in facts


def test_of_many_the_five_worst_are_named(results: Any) -> None:
    rows = [(f"k/p{i}", "all", "wait_mean", 10.0, 10.0 - i, 10.0 + i) for i in range(1, 9)]
    least = dict(known(asked(results, 0.05, rows)))["Least known"]
    assert least.startswith("Waiting, mean (P8): ±80%; Waiting, mean (P7): ±70%;")
    assert least.endswith("(P4): ±40%; and 3 more")


@pytest.mark.parametrize("precision", [{}, {"precision": None}])
def test_nothing_is_said_where_nothing_was_asked(precision: dict[str, Any], results: Any) -> None:
    record = results.record | {"design": results.record["design"] | precision}
    assert known(replace(results, record=record)) == []
    bare = asked(results, 0.05)
    assert known(replace(bare, metrics=bare.metrics.iloc[:0])) == []

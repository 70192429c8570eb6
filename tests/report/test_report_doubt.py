"""What a difference consists of: the sum of its parts, told only where it matters."""

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from corridor.report.doubt import change_words, doubt


def results(**change: float) -> Any:
    rows = [
        {"place": "p", "class": "all", "metric": metric, "difference": value}
        for metric, value in change.items()
    ]
    papers = [
        {
            "name": name,
            "title": f"Port {name}",
            "asks": "",
            "regime": {"port": "p", "name": name, "title": name.capitalize(), "claim": ""},
            "period": {"measured_days": 365},
        }
        for name in ("old", "new")
    ]
    lost = {"path": "flows.laden.closed_season.lost", "value": "25%", "low": "0%", "high": "60%",
            "evidence": "assumed"}  # fmt: skip
    record = {
        "scenarios": papers,
        "inputs": [lost],
        "changes": [{"base": "old", "other": "new", "words": ["ports.p.season.closed a -> b"]}],
    }
    return SimpleNamespace(record=record, differences=pd.DataFrame(rows))


def test_a_gain_that_was_lost_cargo_says_so() -> None:
    said = doubt(results(tonnes=3600, lost_tonnes=-3400, start_tonnes=-5400, unserved_tonnes=-5600))
    assert said.startswith("Nearly all of the difference (3,400")
    assert "“Old” is assumed to lose: 25%" in said
    assert "0% to 60%" in said


def test_a_gain_that_still_waits_says_so() -> None:
    said = doubt(results(tonnes=19000, lost_tonnes=0, start_tonnes=-2000, unserved_tonnes=-21000))
    assert "still waits on the last day under “Old”" in said
    assert "(19,000" in said


@pytest.mark.parametrize("side", ["lost", "start"])
def test_a_loss_names_the_other_side(side: str) -> None:
    parts = {"lost": 900, "start": 0, "unserved": 0} if side == "lost" else {
        "lost": 0, "start": 0, "unserved": 900}  # fmt: skip
    said = doubt(results(tonnes=-900, **{f"{k}_tonnes": v for k, v in parts.items()}))
    assert "“New”" in said


def test_nothing_is_said_where_demand_made_the_difference() -> None:
    assert doubt(results(tonnes=9000, lost_tonnes=-100, start_tonnes=0, unserved_tonnes=50)) == ""
    assert doubt(results(tonnes=0, lost_tonnes=0, start_tonnes=0, unserved_tonnes=0)) == ""
    assert doubt(results(tonnes=float("nan"), lost_tonnes=1.0)) == ""


def test_changes_are_reworded_only_when_they_are_ours() -> None:
    assert change_words("ports.k.posts.a.holidays [x, y] -> []") == "a, holidays: x, y → none"
    assert change_words("<script>x = 1</script>") == "<script>x = 1</script>"

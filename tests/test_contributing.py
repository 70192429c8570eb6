"""The worked examples of CONTRIBUTING work."""

import re
from pathlib import Path

import pytest

from corridor.metrics import register
from corridor.scenarios.document import parse_document
from corridor.scenarios.flow import Flow
from corridor.scenarios.patch import apply
from corridor.scenarios.port import Port, Station
from corridor.scenarios.read import read_whole
from corridor.scenarios.regime import Regime
from corridor.study import run

TEXT = (Path(__file__).parent.parent / "CONTRIBUTING.md").read_text(encoding="utf-8")
YAML = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
PYTHON = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)


def test_there_is_one_example_of_each() -> None:
    assert (len(YAML), len(PYTHON)) == (4, 1)


def test_a_number_carries_its_evidence() -> None:
    station = Station.model_validate(parse_document(YAML[0], "CONTRIBUTING.md").data)
    assert station.lanes.evidence == "assumed"
    assert station.service.lognormal is not None
    assert station.service.lognormal.mean.claim == "OP-02b"


def test_a_regime_changes_a_port(tmp_path: Path) -> None:
    regime = Regime.model_validate(parse_document(YAML[1], "CONTRIBUTING.md").data)
    port = read_whole("khunjerab_year_round").document.data["ports"]["khunjerab"]
    changed = Port.model_validate(apply(port, regime.changes))
    assert changed.posts["sost"].hours.monday == ((540, 1140),)
    question = parse_document(YAML[2], "CONTRIBUTING.md").data
    assert question["ports"] == {"khunjerab": {"regime": "longer_days"}}


def test_a_flow_is_a_flow() -> None:
    flow = Flow.model_validate(parse_document(YAML[3], "CONTRIBUTING.md").data)
    assert flow.month_weights()[3:6] == [1.6, 1, 1]


def test_a_metric_appears_in_the_tables() -> None:
    try:
        exec(PYTHON[0], {})
        results = run("plain_station", replications=2, jobs=1)
    finally:
        register.pop("night_share", None)
    row = results.metrics[results.metrics["metric"] == "night_share"].iloc[0]
    assert row["mean"] == pytest.approx(1 / 3, abs=0.02)
    assert row["unit"] == "share"

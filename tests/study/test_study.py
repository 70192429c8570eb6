"""A study: the same bytes for any number of workers, paired draws, tables that agree."""

import json
import os
import time
from concurrent.futures import Executor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from corridor import geodata
from corridor.faults import Faults
from corridor.geodata import Network
from corridor.report.deliver import deliver, titled
from corridor.results import Results
from corridor.results.files import load
from corridor.study import compare, run
from corridor.study.early import helped, standing

SHORT = """
title: Khunjerab from the last month of the season to the end of winter
asks: What changes in five months?
extends: khunjerab_seasonal
period: {from: 2024-11-01, measure_from: null, until: 2025-04-01}
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("short")
    base, other = folder / "short_seasonal.yaml", folder / "short_year_round.yaml"
    base.write_text(SHORT, encoding="utf-8")
    other.write_text(
        "title: Open all year\nextends: short_seasonal\nports: {khunjerab: {regime: year_round}}\n",
        encoding="utf-8",
    )
    return base, other


@pytest.fixture(scope="module")
def compared(files: tuple[Path, Path]) -> Results:
    return titled(compare(*files, replications=4, jobs=1, command=["corridor", "compare"]))


def test_serial_parallel_and_again_give_the_same_bytes(
    files: tuple[Path, Path], compared: Results, tmp_path: Path
) -> None:
    network = geodata.load()
    again = titled(compare(*files, replications=4, jobs=2, command=["corridor", "compare"]))
    helper = standing(2)
    assert helper is not None
    assert standing(1) is None
    delivered(compared, network, one := tmp_path / "serial", None)
    delivered(again, network, two := tmp_path / "parallel", helper)
    assert standing(2) is None  # it drew the charts, and was seen off
    helper = helped(1)
    helper.submit(os._exit, 1)
    delivered(again, network, three := tmp_path / "left alone", helper)
    with pytest.raises(BrokenProcessPool):
        helper.submit(os.getpid).result()
    for path in sorted(one.iterdir()):
        if path.name != "run.json":
            assert path.read_bytes() == (two / path.name).read_bytes(), path.name
            assert path.read_bytes() == (three / path.name).read_bytes(), path.name
    first, *others = (json.loads((f / "run.json").read_text("utf-8")) for f in (one, two, three))
    assert first.pop("wall") != {}
    for other in others:
        other.pop("wall")
        assert other == first


def delivered(results: Results, network: Network, folder: Path, aside: Executor | None) -> None:
    folder.mkdir()
    written = deliver(results, network, folder, time.monotonic(), aside)
    assert {p.name for p in written} == {p.name for p in folder.iterdir()}


def test_a_report_that_fails_leaves_nothing(compared: Results, tmp_path: Path) -> None:
    broken = replace(compared, metrics=compared.metrics.drop(columns="unit"))
    network = geodata.load()
    with ThreadPoolExecutor(1) as aside, pytest.raises(KeyError):
        deliver(broken, network, tmp_path, time.monotonic(), aside)
    assert list(tmp_path.iterdir()) == []


def test_saved_results_read_back_equal(compared: Results, tmp_path: Path) -> None:
    from corridor.results.files import save, seal

    seal(compared, tmp_path, save(compared, tmp_path), {})
    back = load(tmp_path)
    assert back.record == json.loads(json.dumps(compared.record))
    assert len(back.visits) == len(compared.visits)
    np.testing.assert_allclose(
        back.metrics["mean"].to_numpy(float), compared.metrics["mean"].to_numpy(float), rtol=1e-9
    )


def test_both_regimes_meet_the_same_demand(compared: Results) -> None:
    d = compared.differences
    assert d is not None
    demand = d[d["metric"].isin(["demand_vehicles", "demand_tonnes"]) & (d["class"] == "all")]
    assert len(demand) == 2
    assert (demand["difference"] == 0).all()


def test_a_scenario_against_itself_differs_by_exactly_nothing(files: tuple[Path, Path]) -> None:
    base, _ = files
    twin = base.with_name("short_twin.yaml")
    twin.write_text("title: The same\nextends: short_seasonal\n", encoding="utf-8")
    d = compare(base, twin, replications=3, jobs=1).differences
    assert d is not None
    assert (d["difference"] == 0).all()
    assert (d["p_adjusted"].dropna() == 1).all()
    assert d["p_adjusted"].notna().any()


def test_differences_are_differences_of_the_replications(compared: Results) -> None:
    r, d = compared.replications, compared.differences
    assert d is not None
    tonnes = r[(r.place == "khunjerab") & (r["class"] == "all") & (r.metric == "tonnes")]
    wide = tonnes.pivot(index="replication", columns="scenario", values="value")
    expected = (wide["short_year_round"] - wide["short_seasonal"]).mean()
    row = d[(d.place == "khunjerab") & (d["class"] == "all") & (d.metric == "tonnes")].iloc[0]
    assert row["difference"] == pytest.approx(expected, rel=1e-12)
    assert row["pairs"] == 4


def test_closing_for_winter_brings_the_rush_forward(compared: Results) -> None:
    """Under the season December has only what the dry port still clears, and November more."""
    m = compared.monthly
    m = m[(m.place == "khunjerab") & (m["class"] == "all") & (m.metric == "tonnes")]
    month = m.set_index(["scenario", "month"])["mean"]
    assert month["short_year_round", "2024-12"] > 500
    assert month["short_seasonal", "2024-12"] < 0.35 * month["short_year_round", "2024-12"]
    assert month["short_seasonal", "2024-11"] > 1.3 * month["short_year_round", "2024-11"]


def test_the_record_reproduces_the_run(compared: Results) -> None:
    from corridor.study.verify import again, verify

    record = json.loads(json.dumps(compared.record))
    assert verify(compared, again(record, jobs=1)) == []
    shifted = compared.replications.copy()
    shifted.loc[0, "value"] += 1
    from dataclasses import replace

    found = verify(replace(compared, replications=shifted), again(record, jobs=1))
    assert len(found) == 1
    assert found[0].startswith(str(shifted.loc[0, "metric"]))
    month = compared.monthly.copy()
    month.loc[0, "mean"] += 1
    assert verify(replace(compared, monthly=month), compared) == ["monthly: the table differs"]


def test_the_record_names_what_it_stands_on(compared: Results) -> None:
    record = compared.record
    assert record["changes"][0]["words"] == ["ports.khunjerab.season.closed 12-01..03-31 -> none"]
    assert len(record["held_equal"]) == 5
    used = {c["claim"] for c in record["claims"] if c["used"]}
    assert {"KJ-C0", "KJ-C12", "KJ-10", "KJ-11", "KJ-17", "KK-30"} <= used
    assert all(i["evidence"] != "none" for i in record["inputs"])
    assert any(d["path"] == "geodata/claims.csv" for d in record["data"])


def test_a_third_scenario_is_corrected_for(files: tuple[Path, Path]) -> None:
    base, other = files
    third = base.with_name("short_fair.yaml")
    third.write_text(
        "title: On paper\nextends: short_seasonal\n"
        "ports: {khunjerab: {regime: year_round_fair_weather}}\n",
        encoding="utf-8",
    )
    d = compare(base, other, third, replications=3, jobs=1).differences
    assert d is not None
    pair = compare(base, other, replications=3, jobs=1).differences
    assert pair is not None
    key = (d.place == "khunjerab") & (d["class"] == "all") & (d.metric == "tonnes")
    alone = pair[(pair.place == "khunjerab") & (pair["class"] == "all") & (pair.metric == "tonnes")]
    assert set(d["other"]) == {"short_year_round", "short_fair"}
    assert d[key]["p_adjusted"].iloc[0] >= alone["p_adjusted"].iloc[0]


def test_too_many_vehicles_are_refused_before_the_run(tmp_path: Path) -> None:
    path = tmp_path / "flood.yaml"
    path.write_text(
        "title: Flood\nextends: plain_station\narrivals: {poisson: 900000 per hour}\n",
        encoding="utf-8",
    )
    with pytest.raises(Faults, match="vehicles"):
        run(path, replications=1, jobs=1)

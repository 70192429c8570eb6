"""The public face is what it says it is, and costs nothing to import."""

import subprocess
import sys

import corridor


def test_every_name_leads_somewhere_and_nothing_else_is_promised() -> None:
    assert sorted(corridor.__all__) == sorted(corridor._HOME)
    for name in corridor.__all__:
        assert getattr(corridor, name).__doc__, name


def test_the_example_of_the_first_page_runs(tmp_path: object) -> None:
    results = corridor.run("plain_station", replications=2, jobs=1)
    table = corridor.measure(results)
    assert set(table.columns) >= {"place", "class", "metric", "unit", "mean", "low", "high", "n"}
    wait = table[(table.metric == "station_wait_mean")]["mean"].iloc[0]
    assert 0.1 < wait < 2


def test_import_is_light() -> None:
    code = "import corridor, sys; print(len([m for m in sys.modules if m.startswith('corridor.')]))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(out.stdout) == 0

"""Memory, of all processes together, does not grow with the number of replications."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from .cases import written

QUIET_YEAR = """\
title: A quiet year, which has many hours and few vehicles
extends: plain_station
arrivals: {poisson: 2 per hour}
period: {length: 365 d, warm_up: 5 d}
"""
COUNT = 200
SERIES = 75 * 10 * 8640 * 4 / 1e6  # MB that the hourly series of 75 replications take: 26

WATCHED = f"""
import sys
from statistics import median
import psutil
from corridor.study import run

me, seen = psutil.Process(), {{}}

def told(done, total):
    if done % 15:  # to look costs memory too
        return
    seen[done] = sum(p.memory_full_info().uss for p in (me, *me.children(recursive=True))) / 1e6

results = run(sys.argv[1], replications={COUNT}, jobs=2, progress=told)
assert len(results.series) == 10 * 8640
print(median(seen[n] for n in (90, 105, 120)), median(seen[n] for n in (165, 180, 195)))
"""


@pytest.mark.slow
def test_two_hundred_replications_need_what_a_hundred_need(tmp_path: Path) -> None:
    path = written(tmp_path, "quiet", QUIET_YEAR)
    said = subprocess.run(
        [sys.executable, "-c", WATCHED, str(path)],
        capture_output=True, text=True, check=True, timeout=300,
    )  # fmt: skip
    early, late = map(float, said.stdout.split())
    assert 0.02 * early + 5 < SERIES / 2  # what is allowed is far less than the series would take
    assert late <= 1.02 * early + 5

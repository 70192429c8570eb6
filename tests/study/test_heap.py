"""Memory that is free stays while replications follow one another, and goes back afterwards."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import time

import psutil
import pytest

from corridor.study.early import LOOK, helped

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="elsewhere nothing is done"),
]
MB = 1_000_000

ASKED = f"""
import numpy as np, psutil
from corridor.study.heap import kept

def resident():
    return psutil.Process().memory_info().rss // {MB}

def used():
    many = [np.ones(1_000_000) for _ in range(50)]  # 400 MB, and forgotten

before = resident()
with kept():
    used()
    during = resident()
after = resident()
used()
print(before, during, after, resident())
"""


def test_what_is_free_stays_meanwhile_and_is_gone_afterwards() -> None:
    said = subprocess.run(
        [sys.executable, "-c", ASKED], capture_output=True, text=True, check=True
    ).stdout
    before, during, after, later = map(int, said.split())
    assert during > before + 390
    assert after < before + 20
    assert later < before + 100  # as without us


def test_two_studies_keep_until_the_second_ends_and_settings_of_ones_own_stand() -> None:
    code = ASKED.replace("with kept():\n", "with kept():\n    with kept():\n        pass\n")
    assert code.count("kept():") == 2
    for own, kept in (({}, 390), ({"MALLOC_TRIM_THRESHOLD_": "131072"}, 0)):
        said = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True,
            env=os.environ | own,
        ).stdout  # fmt: skip
        before, during, *_ = map(int, said.split())
        assert kept <= during - before < kept + 60


def test_a_helper_that_has_grown_is_the_same_helper_and_gives_back_what_it_is_done_with() -> None:
    """Loky would have another take its place, which reads in everything again."""

    def grown() -> tuple[int, int]:
        import numpy as np

        many = [np.ones(1_000_000) for _ in range(100)]
        until = time.monotonic() + 1.1  # so often does loky look
        while time.monotonic() < until:
            many[0] += 1
        del many
        return os.getpid(), psutil.Process().memory_info().rss // MB

    helper = helped(1)
    first = helper.submit(os.getpid).result()
    before = psutil.Process(first).memory_info().rss // MB
    then, large = helper.submit(grown).result()
    time.sleep(0.2)
    assert helper.submit(os.getpid).result() == then == first
    assert large > before + 310  # loky bears 300
    until = time.monotonic() + 20 * LOOK
    while psutil.Process(first).memory_info().rss // MB > before + 100:
        assert time.monotonic() < until, "the helper keeps what it has no use for"
        time.sleep(LOOK / 4)

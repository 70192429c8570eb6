"""Queueing theory through a person's own file: parser, units, calendars, engine, tables and all.

`truths.py` says what theory knows of every port in the scenario files here, `proof.py` how far off
it was found. Seeds are fixed: what passes once passes always.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import chi2, kstest

from corridor.engine import simulate
from corridor.metrics import View
from corridor.results import Ledger
from corridor.scenarios import read_whole
from corridor.study import study

from . import page
from .proof import HERE, Family, Found, Sight, Truth, proved, ran, scenario_of, told
from .truths import FILES, families


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where what is found is kept, so that nothing is run twice: by no other worker either."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "theory"
    folder.mkdir(exist_ok=True)
    return folder


def all_found(shelf: Path) -> list[tuple[Family, Truth, Found]]:
    return [
        (family, truth, found)
        for file in FILES
        for family in families(file)
        for truth, found in zip(family.truths, proved(family, shelf), strict=True)
    ]


@pytest.mark.parametrize("file", FILES)
def test_every_truth_is_found(file: str, shelf: Path) -> None:
    """|z| <= 4, and a standard error small enough for that to mean something."""
    wrong, vague = [], []
    for family in families(file):
        for truth, found in zip(family.truths, proved(family, shelf), strict=True):
            told = f"{family.port}, {truth.what}: {truth.value:.5g}, found {found.ratio:.5g}"
            if not abs(found.z) <= 4:
                wrong.append(f"{told}, z {found.z:.1f}")
            if not found.error <= truth.within * truth.value:
                vague.append(f"{told} +- {found.error:.2g}")
    assert not wrong
    assert not vague, "a test that can fail"


@pytest.mark.parametrize("file", FILES)
def test_every_port_is_spoken_of(file: str) -> None:
    ports = read_whole(HERE / f"{file}.yaml").scenario.ports
    assert sorted(family.port for family in families(file)) == sorted(ports)
    assert all(sum(truth.main for truth in family.truths) == 1 for family in families(file))


def test_all_together_they_are_no_more_off_than_chance(shelf: Path) -> None:
    """One z a port, independent of each other: a small bias common to all would show here."""
    z = np.array([found.z for _, truth, found in all_found(shelf) if truth.main])
    assert len(z) >= 40
    assert kstest(z, "norm").pvalue > 0.001
    assert abs(z.sum()) < 3.3 * np.sqrt(len(z)), "too high or too low on the whole"
    assert 0.0005 < chi2.cdf(z @ z, len(z)) < 0.9995, "too near to the truth or too far"
    for bias in (-1, 1):  # of one standard error: half a per cent, mostly
        assert kstest(z + bias, "norm").pvalue < 0.001, "a test that can fail"


def test_the_page_says_what_is_found(shelf: Path) -> None:
    said = page.said()
    for family, truth, found in all_found(shelf):
        known, seen, z = said[page.title(family), truth.what]
        hint = f"{family.name}, {truth.what}: {page.HOW} writes the page anew"
        assert known == page.shown(truth.value), hint
        assert float(seen) == pytest.approx(found.ratio, rel=2e-3), hint
        assert float(z) == pytest.approx(found.z, abs=0.11), hint
    assert len(said) == len(all_found(shelf)), f"{page.HOW} writes the page anew"


@pytest.mark.parametrize("file", FILES)
def test_simpy_finds_the_same_to_the_last_digit(file: str) -> None:
    """A day of each port: equal journals, and so equal indicators."""
    for family in families(file):
        period = {"warm_up": None, "length": "1 d"} if file != "year" else {"until": "2023-03-15"}
        settings = [f"period.{key}={value or 'null'}" for key, value in period.items()]
        scenario = scenario_of(family, *settings)
        view = ran(scenario)
        manifest = view.ledger.manifest
        journal = simulate(manifest.plan, engine="simpy", thorough=True)
        assert journal.equal(view.ledger.journal), family.name
        by_simpy = told(View(Ledger(manifest, journal), scenario, {}))
        np.testing.assert_equal(by_simpy, told(view))


@pytest.mark.parametrize("engine", ["auto", "simpy"])
def test_the_whole_way_gives_the_same_numbers(engine: str) -> None:
    """`study` and its tables add nothing and lose nothing; nor do the other ports of the file."""
    short = ("period.length=2 d", "replications=2")
    reading = read_whole(HERE / "losses.yaml", short)
    table = study([reading], jobs=1, engine=engine).replications
    rows = table.set_index(["place", "class", "metric", "replication"])["value"]
    for family in families("losses"):
        for replication in (0, 1):
            sight = Sight(family.port, ran(scenario_of(family, *short), replication))
            for metric in ("demand_vehicles", "turned_away_vehicles", "wait_mean", "tfi1_p95"):
                whole = rows[family.port, "all", metric, replication]
                assert whole == sight.metric(metric), (family.port, metric)

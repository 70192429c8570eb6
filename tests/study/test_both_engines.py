"""Every shipped scenario, planned once: SimPy and the compiled engine give the same stamps."""

from __future__ import annotations

import pytest

from corridor import geodata
from corridor.engine import fast, simulate, sweep
from corridor.planning import build
from corridor.scenarios import names, read_whole
from corridor.study.simulate import _world

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", names())
def test_both_engines_agree_on_a_shipped_scenario(name: str) -> None:
    scenario = read_whole(name).scenario
    plan = build(scenario, _world(geodata.load(), ()).kilometres, replication=1).plan
    journal = simulate(plan, engine="simpy")
    assert (journal.ended >= 0).sum() > 1000
    assert fast.play(plan).equal(journal)
    if sweep.flows_one_way(plan):
        assert sweep.run(plan).equal(journal)

"""Times, costs and speeds with a slipped point, each planted among the real figures."""

from __future__ import annotations

from dataclasses import replace

import pytest

from corridor.evidence import load_claims, slipped_point
from corridor.evidence.counts import Doubt

CLAIMS = load_claims()
LOOKED_INTO = {"OP-07c"}  # accepted.csv says why it stands


def doubts(**values: float) -> list[Doubt]:
    moved = {name: replace(CLAIMS[name], value=str(v), raw_value=str(v)) for name, v in
             ((name.replace("_", "-"), v) for name, v in values.items())}  # fmt: skip
    found = slipped_point({**CLAIMS, **moved})
    return [doubt for doubt in found if doubt.claim not in LOOKED_INTO]


def test_of_the_register_one_figure_is_doubted_and_was_looked_into() -> None:
    assert {doubt.claim for doubt in slipped_point(CLAIMS)} == LOOKED_INTO


def test_168_hours_at_the_chinese_border_are_16_8() -> None:
    (doubt,) = doubts(BM_07=168)
    assert (doubt.claim, doubt.others) == ("BM-07", ("BM-07d",))
    assert doubt.message == (
        "168 h in 2023 is far beyond 23.3 h in 2021 (BM-07d), 16.8 h would lie amid the 4 of other"
        " periods: a slipped point?"
    )


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("KR-17", 514), ("BM-06", 331), ("BM-08", 0.42), ("RL-14g", 697), ("RL-14g", 6.97),
        ("BM-02", 20.8), ("KR-18", 18610), ("KK-32", 805), ("BM-03b", 4.2), ("CR-09b", 60),
    ],
)  # fmt: skip
def test_slips_of_times_costs_and_speeds(claim: str, value: float) -> None:
    found = doubts(**{claim.replace("-", "_"): value})
    assert claim in {doubt.claim for doubt in found}


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("RL-14c", 83.8),  # the worst year of the pandemic, 2.4 times the next, is no slip
        ("BM-07", 60),  # far beyond, but a tenth of it would be as far below the others' middle
        ("BM-07", 2000),  # not amid the others with the point moved: another error, if one
        ("OP-07d", 18),  # of two figures nobody can tell which is wrong
    ],
)
def test_what_is_merely_far_is_not_called_a_slip(claim: str, value: float) -> None:
    assert claim not in {doubt.claim for doubt in doubts(**{claim.replace("-", "_"): value})}


def test_most_ten_fold_slips_are_found() -> None:
    """Of every figure that has two others to be held against, ten times and a tenth of it."""
    names = [n for n, c in CLAIMS.items() if c.measure in ("dwell time", "border cost")]
    names = [n for n in names if len([c for c in CLAIMS.values() if c.subject == CLAIMS[n].subject
                                      and c.measure == CLAIMS[n].measure]) > 2]  # fmt: skip
    slips = [(n, (CLAIMS[n].number or 0) * factor) for n in names for factor in (10, 0.1)]
    caught = [n for n, v in slips if n in {d.claim for d in slipped_point(
        {**CLAIMS, n: replace(CLAIMS[n], value=f"{v:g}")})}]  # fmt: skip
    assert len(slips) > 60
    assert len(caught) > 0.6 * len(slips)


def test_trade_adds_up_and_is_left_to_the_other_checks() -> None:
    assert not {d.claim for d in slipped_point(CLAIMS)} & {"TR-15", "TR-15b", "TR-15c"}

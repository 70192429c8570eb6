"""Procedures: every way through them, and who would keep what it took for good."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.scenarios.procedure import Step, bound_to_a_lane, count_ways, kept_by_leavers, ways_of
from corridor.scenarios.station import Station


def steps(*written: Any) -> tuple[Step, ...]:
    return tuple(Step.model_validate(each) for each in written)


def ways(*written: Any) -> dict[tuple[str, ...], list[str]]:
    """The channels of each way, and the steps it has with their places."""
    return {
        tuple(way.channels.values()): [f"{here} {step.serve}" for here, step in way.steps]
        for way in ways_of(steps(*written))
    }


INNER = {"select": "q", "routes": {"left": ["q.x"], "right": []}}
OUTER = {"select": "p", "routes": {"green": [], "red": ["p.scan", INNER]}}


def test_a_way_for_each_combination_of_channels() -> None:
    assert ways("p.gate", OUTER, "p.out") == {
        ("green",): ["[0] p.gate", "[2] p.out"],
        ("red", "left"): [
            "[0] p.gate", "[1].routes.red[0] p.scan", "[1].routes.red[1].routes.left[0] q.x",
            "[2] p.out",
        ],
        ("red", "right"): ["[0] p.gate", "[1].routes.red[0] p.scan", "[2] p.out"],
    }  # fmt: skip
    assert count_ways(steps("p.gate", OUTER, "p.out")) == 3


def test_a_channel_once_chosen_stands() -> None:
    """A unit that was red at its first selection is red at the second of the same post."""
    again = {"select": "p", "routes": {"green": ["p.a"], "red": ["p.b"]}}
    assert ways(again, again) == {
        ("green",): ["[0].routes.green[0] p.a", "[1].routes.green[0] p.a"],
        ("red",): ["[0].routes.red[0] p.b", "[1].routes.red[0] p.b"],
    }
    assert count_ways(steps(again, again)) == 4  # at most


@given(st.lists(st.integers(1, 4), max_size=4))
def test_ways_multiply(channels: list[int]) -> None:
    selects = [
        {"select": f"p{i}", "routes": {f"c{k}": ["p.gate"] for k in range(n)}}
        for i, n in enumerate(channels)
    ]
    assert len(ways_of(steps(*selects))) == count_ways(steps(*selects))


STATIONS = {
    "p.gate": Station.model_validate({"lanes": 1, "service": "1 min"}),
    "p.away": Station.model_validate({"lanes": 1, "service": "1 min", "turn_away_above": 3}),
    "p.room": Station.model_validate({"lanes": 1, "service": "1 min", "room": 3}),
    "p.both": Station.model_validate(
        {"lanes": 1, "service": "1 min", "room": 3, "patience": "1 h"}
    ),
}
TAKE, GIVE = {"take": "p.cart"}, {"give": "p.cart"}
TAKE_2, GIVE_2 = {"take": "p.slot"}, {"give": "p.slot"}


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (["p.away", "p.gate"], []),
        (["p.room", "p.away", "p.room"], []),
        (["p.both"], []),
        (["p.both", "p.gate"], []),
        ([TAKE, "p.both", "p.gate", GIVE], []),
        ([TAKE, "p.both", GIVE, "p.gate"], [("[1]", "p.cart")]),
        ([TAKE, "p.away", GIVE], []),
        ([TAKE, "p.both", GIVE], []),
        ([TAKE, "p.away", "p.gate", GIVE], []),
        ([TAKE, "p.away", GIVE, "p.gate"], [("[1]", "p.cart")]),
        ([TAKE, "p.away"], [("[1]", "p.cart")]),
        ([TAKE, GIVE, "p.away", "p.gate"], []),
        ([TAKE, TAKE_2, "p.away", GIVE, GIVE_2], []),
        ([TAKE, TAKE_2, "p.away", GIVE], [("[2]", "p.cart, p.slot")]),
        ([TAKE, "p.away", TAKE_2, "p.away", GIVE_2, GIVE], []),
        ([TAKE, "p.away", TAKE_2, "p.away", GIVE, GIVE_2], [("[1]", "p.cart")]),
        ([TAKE, TAKE, "p.away", GIVE, GIVE], []),
        ([TAKE, TAKE, "p.away", GIVE, "p.gate", GIVE], [("[2]", "p.cart, p.cart")]),
    ],
)
def test_who_gives_up_must_be_able_to_give_back(
    written: Sequence[Any], kept: list[tuple[str, str]]
) -> None:
    (way,) = ways_of(steps(*written))
    assert list(kept_by_leavers(way, STATIONS)) == kept


@pytest.mark.parametrize(
    ("written", "bound"),
    [
        (["p.both"], []),
        (["p.both", "p.both", "p.gate"], []),
        ([TAKE, "p.both", GIVE], []),
        (["p.gate", {"travel": "a-b"}, "p.both"], []),
        (["p.gate", "p.room", "p.away"], []),
        (["p.gate", "p.both"], [("[1]", "p.gate", "p.both")]),
        (["p.both", "p.room", "p.both"], [("[2]", "p.room", "p.both")]),
    ],
)
def test_who_keeps_a_lane_cannot_go_away(
    written: Sequence[Any], bound: list[tuple[str, str, str]]
) -> None:
    (way,) = ways_of(steps(*written))
    assert list(bound_to_a_lane(way, STATIONS)) == bound

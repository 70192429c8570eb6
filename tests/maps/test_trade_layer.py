"""Trade as a layer for a GIS: every figure, what stands in a rejected one's place, whose ground."""

from __future__ import annotations

import pytest

from corridor import evidence, geodata
from corridor.maps.commerce import GROUPS, trade_layer


@pytest.fixture(scope="module")
def layer() -> object:
    figures = evidence.trade(evidence.load_claims())
    return trade_layer(figures, geodata.load().basemap["countries"]).set_index("claim")


def test_a_rejected_figure_stands_beside_what_takes_its_place(layer) -> None:
    wrong = layer.loc["003-01"]
    assert (wrong.value, wrong.currency, wrong.status) == (409.2e9, "USD", "rejected")
    assert (wrong.stands_low, wrong.stands_high) == (40.4e9, 40.9e9)
    assert "ten times too large" in wrong.reason


def test_a_figure_that_stands_is_its_own(layer) -> None:
    stands = layer[layer.status == "accepted"]
    assert (stands.stands_low == stands.value).all()
    assert (stands.stands_high == stands.value).all()


def test_central_asia_is_five_countries_and_the_world_has_no_ground(layer) -> None:
    group = layer[layer.partner == "Central Asia"]
    assert set(group.members) == {" ".join(GROUPS["Central Asia"])}
    assert group.geometry.notna().all()
    assert layer[layer.partner == "World"].geometry.isna().all()


def test_every_figure_of_the_register_is_a_row(layer) -> None:
    assert len(layer) == len(evidence.trade(evidence.load_claims())) >= 40
    assert layer.geometry.dropna().is_valid.all()

"""Trade as a layer for a GIS: every figure, what stands in a rejected one's place, whose ground."""

from __future__ import annotations

import pytest
import shapely

from corridor import evidence, geodata
from corridor.maps.commerce import GROUPS
from corridor.maps.dealings import trade_layer

CAPITAL = shapely.Point(87.6, 43.8)


@pytest.fixture(scope="module")
def layer() -> object:
    figures = evidence.trade(evidence.load_claims())
    return trade_layer(figures, geodata.load().basemap["countries"], CAPITAL).set_index("claim")


def test_a_rejected_figure_stands_beside_what_takes_its_place(layer) -> None:
    wrong = layer.loc["003-01"]
    assert (wrong.value, wrong.currency, wrong.status) == (409.2e9, "USD", "rejected")
    assert (wrong.stands_low, wrong.stands_high) == (39.9e9, 40.5e9)
    assert "ten times too large" in wrong.reason
    assert wrong.correction == "stands corrected at 39.9 to 40.5 bn USD"


def test_nothing_stands_for_exports_where_total_trade_was_called_so(layer) -> None:
    wrong = layer.loc["002-01"]
    assert (wrong.flow, wrong.status) == ("export", "rejected")
    assert (
        layer.loc[["002-01", "002-02"], ["stands_low", "stands_high", "usd"]].isna().all(axis=None)
    )
    assert (wrong.belongs_flow, wrong.belongs_claim) == ("both", "003-01")
    assert wrong.correction == (
        "nothing stands for exports: the figure is total trade (exports and imports together), "
        "see 003-01, corrected there to 39.9 to 40.5 bn USD"
    )
    exports = layer[layer.flow == "export"]
    assert not exports[exports.currency == "USD"].stands_high.between(40e9, 41e9).any()


def test_a_figure_that_stands_is_its_own(layer) -> None:
    stands = layer[layer.status == "accepted"]
    assert (stands.stands_low == stands.value).all()
    assert (stands.stands_high == stands.value).all()
    assert (stands.correction == "").all()


def test_central_asia_is_five_countries_and_the_world_a_mark_at_the_capital(layer) -> None:
    group = layer[layer.partner == "Central Asia"]
    assert set(group.members) == {" ".join(GROUPS["Central Asia"])}
    assert layer.geometry.notna().all()
    world = layer[layer.partner == "World"]
    assert set(world.ground) == {"mark"}
    stands = world[world.status == "accepted"]
    assert stands.geometry.contains(CAPITAL).all()
    struck = world[world.status == "rejected"]
    assert len(struck) == 4
    shapes = [stands.geometry.iloc[0], *struck.geometry]
    assert not any(a.intersects(b) for i, a in enumerate(shapes) for b in shapes[:i])


def test_every_figure_of_the_register_is_a_row(layer) -> None:
    assert len(layer) == len(evidence.trade(evidence.load_claims())) >= 40
    assert layer.geometry.is_valid.all()
    assert set(layer.geometry.geom_type) == {"MultiPolygon"}


def test_one_figure_of_a_partner_gives_the_first_colour(layer) -> None:
    latest = layer[layer.colours == "latest"]
    assert latest.partner.is_unique
    assert set(latest.status) <= {"accepted", "contested"}
    assert latest.usd.notna().all()
    found = latest.reset_index().set_index("partner")
    assert found.year["World"] == layer[layer.partner == "World"].year.max()
    assert found.claim["Central Asia"] == "TR-12d"
    assert found.usd["Central Asia"] == pytest.approx(215.73e9 / 7)


def test_a_row_tells_customs_from_general_knowledge(layer) -> None:
    assert (layer.loc["TR-07"].source, layer.loc["TR-07"].confidence) == ("S81 S82 S84", "H")
    assert (layer.loc["TR-11"].source, layer.loc["TR-11"].confidence) == ("", "GK")

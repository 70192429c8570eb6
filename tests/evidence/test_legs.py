"""Lengths that do not add up, and lengths that no road can have."""

from __future__ import annotations

from dataclasses import replace

import pytest

from corridor import geodata
from corridor.evidence import Claim, check, load_claims, mapped
from corridor.evidence.legs import _straight, great_circle, leg_sums
from corridor.geodata.network import geodesic_km

CLAIMS = load_claims()
PLACES = {each.place: (each.lat, each.lon, each.within_km) for each in geodata.read_places()}


def only(*names: str) -> dict[str, Claim]:
    return {name: CLAIMS[name] for name in names}


KKH = ("KK-04", "KK-05", "KK-05b", "KK-06", "KK-07", "KK-08", "KK-09", "KK-10")


def test_615_km_are_the_way_to_thakot() -> None:
    (doubt,) = leg_sums({**only("C16-1", *KKH)})
    assert doubt.claim == "C16-1"
    assert "615 km from khunjerab pass to raikot bridge, but" in doubt.message
    assert doubt.message.endswith("335 + 280 km is the way from khunjerab pass to thakot")


def test_188_km_are_a_misprint_of_118() -> None:
    (doubt,) = leg_sums({**only("C16-2", *KKH)})
    assert doubt.claim == "C16-2"
    assert doubt.message == (
        "188 km from thakot to havelian, but 79 (KK-07) + 39 (KK-08) is 118 km:"
        " one digit apart, a misprint of 118?"
    )
    assert doubt.others == ("KK-07", "KK-08")


@pytest.mark.parametrize("name", ["C16-1", "C16-2", "C14-1", "C14-2"])
def test_a_misprinted_leg_that_is_taken_for_true_stays_an_open_doubt(name: str) -> None:
    believed = {**CLAIMS, name: replace(CLAIMS[name], status="accepted")}
    assert name in {d.claim for d in check(believed) if d.check == "leg_sums"}


def test_the_official_total_is_the_sum_of_its_legs_and_no_other() -> None:
    assert leg_sums(only(*KKH)) == []
    long = replace(CLAIMS["KK-10"], value="900")
    (doubt,) = leg_sums({**only(*KKH), "KK-10": long})
    assert doubt.claim == "KK-10"
    assert "280 (KK-06) + 79 (KK-07) + 39 (KK-08) + 60 (KK-09) is 79" in doubt.message


def test_a_leg_misprinted_inside_a_total_shows_in_the_sum() -> None:
    # With 188 for Thakot to Havelian and nothing shorter on record, the legs make 862 to 863 km.
    legs = {**only("KK-05", "KK-06", "KK-09", "KK-10"),
            "C16-2": replace(CLAIMS["C16-2"], status="accepted")}  # fmt: skip
    (doubt,) = leg_sums(legs)
    assert doubt.claim == "KK-10"
    assert "C16-2" in doubt.others
    assert "862 to 863 km" in doubt.message


def test_a_detour_says_nothing() -> None:
    # From Islamabad to Gwadar by Karachi is no measure of the way by Zhob.
    assert leg_sums(only("KK-20b", "KK-10", "KK-11", "KK-22", "KK-26")) == []


def test_rails_are_not_added_to_roads() -> None:
    rail = replace(CLAIMS["KK-08"], measure="distance by rail")
    assert leg_sums({**only("C16-2", "KK-07"), "KK-08": rail}) == []


def test_more_than_so_many_km_is_no_upper_bound() -> None:
    assert CLAIMS["KJ-50e"].raw_value == ">1,200"
    assert leg_sums(only("KJ-50e", "C15-1", "KK-11")) == []
    stated = replace(CLAIMS["KJ-50e"], raw_value="1,200")
    assert [d.claim for d in leg_sums({**only("C15-1", "KK-11"), "KJ-50e": stated})] == ["KJ-50e"]


def test_no_leg_of_the_register_is_shorter_than_the_straight_line() -> None:
    assert mapped(CLAIMS, PLACES) == []
    judged = [c for c in CLAIMS.values() if {c.place, c.to_place} <= set(PLACES) and c.to_place]
    assert len(judged) > 55


def test_two_lengths_that_no_road_can_have_were_found_by_the_map() -> None:
    names = ("KK-20e", "CR-19j")  # a printed leg, and one from general knowledge
    believed = {**CLAIMS, **{n: replace(CLAIMS[n], status="accepted") for n in names}}
    found = {doubt.claim: doubt.message for doubt in mapped(believed, PLACES)}
    assert set(found) == set(names)
    assert found["KK-20e"].startswith("49 km from dera ghazi khan to rajanpur is less than the")


def test_615_km_are_far_above_the_straight_line_too() -> None:
    (doubt,) = great_circle(only("C16-1"), PLACES)
    assert "3.6 times the straight line" in doubt.message
    assert great_circle(only("KK-05"), PLACES) == []


def test_a_leg_is_judged_by_how_far_its_ends_may_be_off() -> None:
    leg = replace(CLAIMS["KK-05"], value="160")  # the straight line is 169 km
    ends = {"khunjerab_pass": (36.8503, 75.4283, 0.0), "raikot_bridge": (35.49, 74.59, 0.0)}
    assert great_circle({"KK-05": leg}, ends) != []
    rough = {place: (lat, lon, 5.0) for place, (lat, lon, _) in ends.items()}
    assert great_circle({"KK-05": leg}, rough) == []
    assert great_circle({"KK-05": leg}, {"raikot_bridge": ends["raikot_bridge"]}) == []


def test_swapped_coordinates_show() -> None:
    swapped = {**PLACES, "sost": (74.82, 36.69, 1.0)}
    assert "KK-03" in {doubt.claim for doubt in mapped(CLAIMS, swapped)}


def test_the_sphere_is_near_the_ellipsoid() -> None:
    for one, other in (("kashgar", "gwadar"), ("xian", "duisburg"), ("thakot", "havelian")):
        a, b = PLACES[one], PLACES[other]
        exact = geodesic_km((a[1], a[0]), (b[1], b[0]))
        assert _straight(a, b) == pytest.approx(exact, rel=0.006)

"""Lengths and speeds of links against their claims: a slip of some per cent is named."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from corridor.evidence import load_claims
from corridor.study import witness
from corridor.study.layers import _text
from corridor.study.legs import of_link

CLAIMS = load_claims()
LINKS = {link["link"]: link for link in witness.links()}


def said(link: str, **changed: Any) -> list[str]:
    return list(of_link(CLAIMS, _text({**LINKS[link], **changed})))


def leg(km: str, claim: str, mode: str = "rail", drawn: str = "osm") -> list[str]:
    """What is said of a derived length alone."""
    row = {"km": km, "claim": claim, "evidence": "derived", "mode": mode, "drawn": drawn}
    return list(of_link(CLAIMS, _text(row)))


def test_nothing_is_said_of_the_shipped_links() -> None:
    assert [text for link in LINKS for text in said(link)] == []


@pytest.mark.parametrize("factor", [0.93, 1.07, 1.2])
def test_no_derived_length_by_land_may_be_some_per_cent_off(factor: float) -> None:
    """By sea the drawn line holds it: see test_bounds."""
    derived = [n for n, row in LINKS.items() if (row["evidence"], row["mode"] != "sea") ==
               ("derived", True)]  # fmt: skip
    assert len(derived) > 70
    assert [n for n in derived if not said(n, km=round(LINKS[n]["km"] * factor, 1))] == []


@pytest.mark.parametrize("factor", [0.93, 1.07])
@pytest.mark.parametrize("column", ["speed_low", "speed_kmh", "speed_high"])
def test_no_speed_that_rests_on_claims_may_be_some_per_cent_off(column: str, factor: float) -> None:
    derived = [n for n, row in LINKS.items() if row["speed_evidence"] == "derived"]
    assert len(derived) > 80
    off = {n: round(LINKS[n][column] * factor, 2) for n in derived}
    assert [n for n in derived if not said(n, **{column: off[n]})] == []


@pytest.mark.parametrize(
    ("km", "claim", "mode", "drawn", "words"),
    [
        ("456", "RW-19e RW-19d", "rail", "osm", ""),  # 5,609 - 5,153
        ("546", "RW-19e RW-19d", "rail", "osm", "come to is 456 km (RW-19e - RW-19d)"),
        ("662", "RW-17 RW-18 RW-18b", "rail", "osm", ""),  # 404 + 5,900 - 5,642
        ("240", "KK-18 ML-84", "road", "terrain_coarse", ""),  # 193 published and 47 measured
        ("242", "KK-18 ML-84", "road", "terrain_coarse", "240 km (KK-18 + ML-84)"),
        ("630", "RW-24 ML-58 ML-59", "rail", "osm", ""),  # 2,296 x 622 / (622 + 1,646)
        ("1666", "RW-24 ML-58 ML-59", "rail", "osm", "1,674 km (RW-24 - ML-58)"),  # not its share
        ("58", "ML-12", "road", "terrain", ""),  # 53.6 km over the ground, and 8% for bends
        ("54", "ML-12", "road", "terrain", "57.888 km (1.08 x ML-12)"),
        ("58", "ML-12", "road", "osm", "53.6 km (ML-12)"),
        ("1197", "ML-70 ML-70b ML-70c ML-70d", "rail", "osm", ""),  # a track in three parts
        ("1118", "ML-70 ML-70b ML-70c ML-70d", "rail", "osm", "1,038 km (ML-70b + ML-70d)"),
        ("517", "SE-18", "sea", "sea_lane", ""),  # the way to Gwadar over open water
        ("617", "SE-18", "sea", "sea_lane", "405 km (SE-18)"),
        ("210", "KK-14", "road", "terrain", ""),  # an end of 210 to 235
        ("210", "KK-01", "road", "terrain", "290 km (KK-01)"),  # another road's
        ("210", "KR-17", "road", "terrain", "km is derived, but none of its claims is in km"),
        ("456", "RW-19e NO-1", "rail", "osm", ""),  # an unknown claim has its own fault
        ("far", "KK-01", "road", "terrain", ""),  # and so has what is no number
    ],
)  # fmt: skip
def test_what_a_derived_length_may_be(
    km: str, claim: str, mode: str, drawn: str, words: str
) -> None:
    found = "\n".join(leg(km, claim, mode, drawn))
    assert bool(found) == bool(words)
    assert words in found


def test_an_assumed_length_is_not_far_from_what_it_names() -> None:
    assert said("zhetygen-almaty_rail", km=70) == []
    (text,) = said("zhetygen-almaty_rail", km=580)
    assert "km is 580 km, far from its ground" in text


def test_a_claim_that_is_transposed_is_seen_in_the_legs_that_rest_on_it() -> None:
    spoilt = {**CLAIMS, "RW-19d": replace(CLAIMS["RW-19d"], value="5513")}
    found = [n for n, row in LINKS.items() if list(of_link(spoilt, _text(row)))]
    assert sorted(found) == ["irkutsk-novosibirsk_rail", "ulan_ude-irkutsk_rail"]


def test_a_speed_may_be_a_length_over_a_time_or_kilometres_a_day() -> None:
    (text,) = said("aktau-alat_sea", speed_kmh=28.2)
    assert "speed_kmh is 28.2 km/h, but the nearest its claims come to is 22.773 km/h" in text
    assert "(km / SE-04)" in text
    assert "(CR-09d)" in "".join(said("moscow-minsk_rail", speed_kmh=45))  # 1,200 km a day
    assert "(CR-08c / CR-09)" in "".join(said("moscow-minsk_rail", speed_low=29))


def test_the_speed_is_the_first_claims_and_its_ends_may_be_another_ones() -> None:
    (text,) = said("urumqi-kashgar", speed_kmh=78.8)
    assert "80.5 km/h (KK-32)" in text
    assert said("urumqi-kashgar", speed_low=80.5) == []
    (text,) = said("sost-gilgit", speed_high=53)
    assert "speed_high is 53 km/h, but the nearest its claims come to is 35 km/h (KK-30i)" in text


def test_every_speed_of_winter_is_a_share_of_the_years() -> None:
    cold = [n for n, row in LINKS.items() if row["winter_kmh"] is not None]
    wanted = "khunjerab_pass-sost sost-gilgit kashgar-tashkurgan tashkurgan-khunjerab_pass"
    wanted += " topa-torugart irkeshtam_hall-irkeshtam karasu-kulma"
    assert {*wanted.split()} <= {*cold}
    for name in cold:
        assert "between " in LINKS[name]["winter_why"]
        year = LINKS[name]["speed_kmh"]
        for share, good in ((0.45, False), (0.55, True), (0.75, True), (0.85, False)):
            assert (said(name, winter_kmh=round(share * year, 1)) == []) == good, name

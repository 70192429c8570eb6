"""The shipped network against the register, the haversine and the papers' own totals."""

from __future__ import annotations

import csv
import math
import subprocess
import sys

import pytest
import shapely

from corridor.faults import Faults
from corridor.geodata import Network, checks, place_ids, read_places
from corridor.library import share


def haversine_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """On a sphere of 6,371 km: within 0.5% of the ellipsoid."""
    p, q = math.radians(lat1), math.radians(lat2)
    half = math.radians(lon2 - lon1) / 2
    h = math.sin((q - p) / 2) ** 2 + math.cos(p) * math.cos(q) * math.sin(half) ** 2
    return 2 * 6371 * math.asin(math.sqrt(h))


def test_it_holds_what_was_entered(network: Network) -> None:
    assert len(network.places) >= 135
    counts = network.links["mode"].value_counts()
    assert counts["road"] >= 30
    assert counts["rail"] >= 40
    assert set(network.corridors) >= {
        "cpec_road", "cpec_gwadar", "khorgos_road", "cre_khorgos", "cre_alashankou",
    }  # fmt: skip
    assert list(network.places.place) == place_ids() == [p.place for p in read_places()]
    assert checks(network) == []


@pytest.mark.parametrize(
    ("a", "b", "degrees"),
    [
        ("kashgar", "tashkurgan", (39.4672, 75.9868, 37.7776, 75.2248)),
        ("warsaw", "duisburg", (52.2298, 21.0118, 51.4325, 6.7652)),
        ("karachi", "gwadar", (24.8608, 67.0104, 25.1216, 62.3254)),
    ],
)
def test_great_circles_agree_with_the_haversine(
    network: Network, a: str, b: str, degrees: tuple[float, float, float, float]
) -> None:
    assert network.great_circle_km(a, b) == pytest.approx(haversine_km(*degrees), rel=0.005)
    assert network.great_circle_km(a, b) == network.great_circle_km(b, a)


def _between(network: Network, corridor: str, a: str, b: str) -> float:
    until = {network.corridors[corridor].places[0]: 0.0}
    until |= {leg.to_place: leg.until_km for leg in network.chain(corridor)}
    return until[b] - until[a]


def test_highway_legs_add_up_to_the_official_totals(network: Network) -> None:
    assert _between(network, "cpec_road", "khunjerab_pass", "burhan") == 793  # KK-10
    assert _between(network, "cpec_road", "khunjerab_pass", "islamabad") == 870  # KK-11
    assert _between(network, "cpec_road", "khunjerab_pass", "gilgit") == 270  # KK-04
    assert _between(network, "cpec_road", "khunjerab_pass", "raikot_bridge") == 335  # KK-05
    assert _between(network, "cpec_road", "kashgar", "khunjerab_pass") == 420  # C15


@pytest.mark.parametrize(
    ("corridor", "a", "b", "stated"),
    [
        ("cpec_road", "islamabad", "karachi", 1419),  # KK-22
        ("cpec_gwadar", "khunjerab_pass", "gwadar", 2463 + 47),  # KK-19, and on by N-10 (ML-84)
        ("cre_alashankou", "dostyk", "brest", 5430),  # CR-08
    ],
)
def test_routes_keep_within_three_per_cent_of_what_is_stated(
    network: Network, corridor: str, a: str, b: str, stated: float
) -> None:
    assert _between(network, corridor, a, b) == pytest.approx(stated, rel=0.03)


def test_a_leg_is_the_same_road_in_both_directions(network: Network) -> None:
    down, up = network.leg("khunjerab_pass", "sost"), network.leg("sost", "khunjerab_pass")
    assert (down.link, down.km, down.hours) == (up.link, up.km, up.hours)
    assert down.hours == pytest.approx(86 / 24.8)
    assert (up.from_place, up.to_place) == ("sost", "khunjerab_pass")


def test_the_two_khorgos_posts_are_apart(network: Network) -> None:
    assert 1 <= network.great_circle_km("khorgos_road", "nur_zholy") <= 2


@pytest.mark.parametrize(
    ("a", "b", "words"),
    [
        ("sosst", "gilgit", "did you mean 'sost'?"),
        ("sost", "karachi", "from sost links lead to gilgit, khunjerab_pass"),
    ],
)
def test_a_missing_leg_is_explained(network: Network, a: str, b: str, words: str) -> None:
    with pytest.raises(Faults) as caught:
        network.leg(a, b)
    assert words in str(caught.value)


def test_a_missing_corridor_is_explained(network: Network) -> None:
    with pytest.raises(Faults) as caught:
        network.chain("cpec_raod")
    assert "did you mean 'cpec_road'?" in str(caught.value)


def test_only_cited_traffic_has_a_width(network: Network) -> None:
    links = network.links.set_index("link")
    gates = ["jinghe-khorgos_station_rail", "jinghe-alashankou_rail"]
    assert links.traffic_t[gates].sum() == links.traffic_t["urumqi-jinghe_rail"] == 27.5e6
    assert links.traffic_trains[gates].sum() == pytest.approx(16400, rel=0.001)
    assert links.traffic_t["dostyk-aktogay_rail"] == links.traffic_t["alashankou-dostyk_rail"]
    assert (
        links.traffic_t["altynkol-zhetygen_rail"]
        == links.traffic_t["khorgos_station-altynkol_rail"]
    )
    assert math.isnan(links.traffic_t["warsaw-duisburg_rail"])


def test_no_country_is_given_where_status_is_disputed(network: Network) -> None:
    country = network.places.set_index("place").country
    disputed = ["khunjerab_pass", "sost", "aliabad", "gilgit", "chilas", "raikot_bridge"]
    assert set(country[disputed]) == {""}


def test_lines_near_the_karakoram_are_not_called_international(network: Network) -> None:
    lines = network.basemap["boundaries"]
    near = lines[lines.intersects(shapely.Point(77, 35).buffer(1.5))]
    assert set(near.status) == {"disputed", "line_of_control", "indefinite"}
    pass_ = network.places.geometry[network.places.place == "khunjerab_pass"].iloc[0]
    away = shapely.distance(lines.geometry.to_numpy(), pass_)
    assert lines.status.iloc[away.argmin()] == "disputed"
    assert away.min() < 0.1  # degrees: the pass lies on the line
    assert (lines.status == "international").sum() > 200


def test_the_basemap_stays_small() -> None:
    sizes = [path.stat().st_size for path in (share("geodata") / "basemap").iterdir()]
    assert len(sizes) == 5
    assert sum(sizes) < 800 * 1024


def test_ids_are_read_without_geopandas() -> None:
    code = (
        "import sys, corridor.geodata as g; assert len(g.place_ids()) > 90; g.read_places();"
        "assert not {'geopandas', 'shapely', 'pandas', 'ruamel.yaml'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_cited_figures_are_those_of_the_register(network: Network) -> None:
    with (share("geodata") / "claims.csv").open(encoding="utf-8", newline="") as file:
        register = {row["claim"]: row for row in csv.DictReader(file)}
    assert network.claims() <= set(register)
    for row in network.links.itertuples():
        for part, value in (("", row.km), ("speed_", row.speed_kmh)):
            if getattr(row, f"{part}evidence") == "cited":
                claim = register[getattr(row, f"{part}claim")]
                low, high = (claim[end] or claim["value"] for end in ("low", "high"))
                assert float(low) <= value <= float(high), row.link
                assert claim["status"] == "accepted"
        stated = [float(register[claim]["value"]) for claim in row.traffic_claim.split()]
        for amount in (row.traffic_t, row.traffic_trains):
            if not math.isnan(amount) and row.link not in ALASHANKOU:
                assert amount in stated, row.link


# tonnes by subtraction; what crosses at Dostyk can only run on to Aktogay
ALASHANKOU = ("jinghe-alashankou_rail", "alashankou-dostyk_rail", "dostyk-aktogay_rail")


def register() -> dict[str, float]:
    """Every number of the register by the id of its claim."""
    with (share("geodata") / "claims.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["unit"] not in ("text", "date")]
    return {row["claim"]: float(row["value"]) for row in rows}


def test_rates_are_the_sums_they_say(network: Network) -> None:
    said = register()
    rate = {(r["mode"], r["section"]): r for r in network.haulage.to_dict("records")}
    road, pakistan = rate["road", "CN"], rate["road", "PK"]
    assert road["usd_per_teu_km"] == pytest.approx(said["BM-07g"] / 500)
    assert road["low"] == pytest.approx(said["BM-07g"] / 500 / 2)
    assert pakistan["usd_per_teu_km"] == pytest.approx(said["KK-31"] / 500)
    assert pakistan["low"] == pytest.approx(said["KK-31b"] / 500 / 2)
    assert pakistan["high"] == pytest.approx(said["KK-31d"] / 500)
    broad, standard, sea = rate["rail", "1520 mm"], rate["rail", "1435 mm"], rate["sea", ""]
    for end, claim in (("usd_per_teu_km", "CR-12"), ("low", "CR-12c"), ("high", "CR-12b")):
        assert broad[end] == pytest.approx(said[claim] / 2 / said["CR-08c"], abs=5e-4)
    km = said["CR-08"] - said["CR-08c"]
    assert standard["usd_per_teu_km"] == pytest.approx(
        (said["CR-13"] - said["CR-12"]) / 2 / km, abs=5e-4
    )
    assert standard["low"] == pytest.approx((5250 - said["CR-12b"]) / 2 / km, abs=5e-4)
    assert standard["high"] == pytest.approx((6100 + 900 - said["CR-12c"]) / 2 / km, abs=5e-4)
    assert sea["usd_per_teu_km"] == pytest.approx(said["CR-14"] / 2 / 20_000, abs=5e-4)


def test_stays_are_those_of_the_register(network: Network) -> None:
    said = register()
    stay = network.terminals.set_index("place")
    assert stay.hours["khorgos_road"] == said["KR-17"]
    assert stay.hours_low["khorgos_road"] == said["KR-17b"]
    assert stay.hours_high["khorgos_road"] == said["KR-17c"]
    assert stay.usd_per_teu["khorgos_road"] == said["KR-18"]
    assert stay.hours["tashkurgan"] == said["BM-07"]
    assert stay.hours["sost"] == said["BM-06"]
    assert stay.hours["nur_zholy"] == said["BM-08"]
    assert stay.hours["dostyk"] == pytest.approx(said["RL-14"] + said["RL-14g"])
    assert stay.hours_low["dostyk"] == pytest.approx(said["RL-14b"] + said["RL-14h"])
    assert stay.hours_high["dostyk"] == pytest.approx(said["RL-14c"] + said["RL-14i"])
    assert stay.usd_per_teu["dostyk"] == said["RL-13c"]
    assert stay.hours["malaszewicze"] == 24 * said["CR-15"]


def test_totals_are_those_of_the_register(network: Network) -> None:
    said = register()
    assert len(network.totals) >= 7
    for row in network.totals.itertuples():
        assert row.km == said[row.claim], row.claim

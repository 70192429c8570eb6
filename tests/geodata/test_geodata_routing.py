"""The shortest way, against sums by hand, every way tried out, and what must hold of any way."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_world import link, port, terminal, world

from corridor.faults import Faults
from corridor.geodata import Network

RAIL = {"mode": "rail", "gauge_mm": 1435.0}
BROAD = {"mode": "rail", "gauge_mm": 1520.0}


def names(network: Network, a: str, b: str, **asked: Any) -> list[str]:
    return [f"{step.what} {step.name}" for step in network.route(a, b, **asked).steps]


def test_the_way_of_least_time_distance_and_cost_by_hand() -> None:
    small = world(
        [
            link("a", "b", km=100, speed_kmh=20.0),  # 5 h, 100 USD
            link("a", "c", km=80, speed_kmh=80.0),  # 1 h, 80 USD
            link("c", "b", km=60, speed_kmh=60.0),  # 1 h, 60 USD
            link("a", "b", **RAIL, km=130),  # 2.6 h, 13 USD
        ],
        usd={"rail": 0.1},
    )
    assert names(small, "a", "b") == ["leg a-c", "leg c-b"]
    assert names(small, "a", "b", by="distance") == ["leg a-b"]
    assert names(small, "a", "b", by="cost") == ["leg a-b_rail"]
    quick = small.route("a", "b")
    assert (quick.km, quick.hours, quick.usd) == (140, 2, 140)
    assert small.route("b", "a").hours == 2
    assert small.route("a", "a").steps == ()


def test_a_load_changes_mode_only_at_a_terminal_and_pays_for_it() -> None:
    legs = [link("a", "b"), link("b", "c", **RAIL), link("b", "c", km=500)]
    assert names(world(legs), "a", "c") == ["leg a-b", "leg b-c"]
    for one, other in (("road", "rail"), ("rail", "road")):  # a row holds both ways
        small = world(legs, [terminal("b", one, other, hours=3, usd=40)])
        assert names(small, "a", "c") == ["leg a-b", "transfer b", "leg b-c_rail"]
        route = small.route("a", "c")
        assert route.hours == pytest.approx(0.2 + 3 + 0.2)
        assert route.usd == pytest.approx(10 + 40 + 10)
        assert route.km == 20
    slow = world(legs, [terminal("b", "road", "rail", hours=30)])
    assert names(slow, "a", "c") == ["leg a-b", "leg b-c"]


def test_a_way_back_may_have_a_row_of_its_own() -> None:
    legs = [link("a", "b"), link("b", "c", **RAIL)]
    rows = [terminal("b", "road", "rail", hours=3), terminal("b", "rail", "road", hours=7)]
    small = world(legs, rows)
    assert small.route("a", "c").hours == pytest.approx(3.4)
    assert small.route("c", "a").hours == pytest.approx(7.4)


def test_a_train_changes_gauge_only_where_there_is_a_break() -> None:
    legs = [link("a", "b", **RAIL), link("b", "c", **BROAD), link("b", "d", **RAIL)]
    with pytest.raises(Faults, match="no way by road, rail or sea: in this data nothing joins"):
        world(legs).route("a", "c")
    small = world(legs, [terminal("b", "rail", "rail", hours=9)])
    assert names(small, "a", "c") == ["leg a-b_rail", "gauge b", "leg b-c_rail"]
    assert names(small, "a", "d") == ["leg a-b_rail", "leg b-d_rail"]  # keeps its gauge, no stay


def test_a_border_costs_whoever_passes_and_nobody_who_begins_or_ends_there() -> None:
    legs, stay = (
        [link("a", "b"), link("b", "c"), link("b", "d")],
        terminal("b", "road", "road", 5, 100),
    )
    small = world(legs, [stay], abroad=["c"])
    assert names(small, "a", "d") == ["leg a-b", "leg b-d"]  # keeps to its own side
    assert names(small, "c", "d") == ["leg b-c", "border b", "leg b-d"]
    assert names(small, "a", "c") == ["leg a-b", "border b", "leg b-c"]
    assert small.route("a", "c").hours == pytest.approx(5.4)
    assert small.route("a", "b").hours == pytest.approx(0.2)
    assert small.route("b", "c").usd == 10


def test_winter_closes_a_pass_and_slows_a_road() -> None:
    legs = [
        link("a", "b", km=50, winter_kmh=25.0, winter_evidence="assumed"),
        link("b", "pass"), link("pass", "c"), link("b", "d", km=90), link("d", "c", km=90),
    ]  # fmt: skip
    small = world(legs, ports=[port("high", "b", "c", "1 April to 30 November")])
    assert names(small, "a", "c") == ["leg a-b", "leg b-pass", "leg pass-c"]
    assert names(small, "a", "c", season="summer") == ["leg a-b", "leg b-pass", "leg pass-c"]
    assert names(small, "a", "c", season="winter") == ["leg a-b", "leg b-d", "leg d-c"]
    assert small.route("a", "b", season="winter").hours == 2
    assert small.route("a", "b", season="summer").hours == 1
    assert names(small, "a", "c", closed=["high"]) == ["leg a-b", "leg b-d", "leg d-c"]


def refused(network: Network, a: str, b: str, **asked: Any) -> str:
    with pytest.raises(Faults) as caught:
        network.route(a, b, **asked)
    return str(caught.value)


def test_where_there_is_no_way_the_season_is_named_only_if_it_shut_something() -> None:
    legs = [link("a", "b"), link("b", "pass"), link("pass", "c"), link("x", "y"),
            link("b", "y", **RAIL)]  # fmt: skip
    small = world(legs, ports=[port("high", "b", "c", "1 April to 30 November")])
    said = refused(small, "a", "c", season="winter")
    assert "leads by a port that is shut: high in winter" in said
    said = refused(small, "a", "c", season="summer", closed=["high"])
    assert "leads by a port that is shut: high as asked" in said
    for season in ("winter", "summer", "year"):  # opening the port would not help
        said = refused(small, "a", "x", season=season)
        assert "in this data nothing joins the two by that" in said
        assert "winter" not in said
    assert "no sea link reaches a in this data, only links by road" in refused(
        small, "a", "c", modes=["sea"]
    )
    said = refused(small, "b", "x", modes=["road"])
    assert "there is a way" not in said
    joined = world(legs, [terminal("y", "rail", "road")])
    said = refused(joined, "b", "x", modes=["road"])
    assert "with road, rail and sea together there is a way" in said


def test_a_place_without_a_link_is_named(network: Network) -> None:
    for a, b, asked, words in (
        ("muzart", "narynkol", {}, "no road, rail or sea link reaches muzart in this data"),
        ("icbc", "icbc_kz", {}, "no road, rail or sea link reaches icbc in this data"),
        ("karachi", "lahore", {"modes": ["rail"]}, "no rail link reaches karachi in this data"),
    ):
        said = refused(network, a, b, **asked)
        assert words in said
        assert "season" not in said


def test_a_load_changes_ship_only_at_a_terminal_for_ships() -> None:
    legs = [link("a", "b", "sea"), link("b", "c", "sea"), link("a", "c", "sea", km=100)]
    assert names(world(legs), "a", "c") == ["leg a-c_sea"]
    with pytest.raises(Faults, match="nothing joins"):
        world(legs[:2]).route("a", "c")
    small = world(legs, [terminal("b", "sea", "sea", hours=1, usd=7)])
    assert names(small, "a", "c") == ["leg a-b_sea", "ship b", "leg b-c_sea"]
    assert small.route("a", "c").usd == 10 + 7 + 10


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"by": "tiem"}, "did you mean 'time'"),
        ({"season": "monsoon"}, "write one of year, winter"),
        ({"modes": ["air"]}, "write one of road, rail, sea"),
        ({"modes": []}, "name at least one"),
        ({"closed": ["khunjrab"]}, "is not known"),
    ],
)
def test_words_that_are_not_known(asked: dict[str, Any], words: str) -> None:
    small = world([link("a", "b")], ports=[port("x", "a", "b", "all year")])
    with pytest.raises(Faults, match=words):
        small.route("a", "b", **asked)


def test_a_place_that_does_not_exist(network: Network) -> None:
    with pytest.raises(Faults, match="did you mean 'kashgar'"):
        network.route("kashgr", "sost")


@st.composite
def worlds(draw: st.DrawFn) -> Network:
    """Up to six places, links of two modes and two gauges, terminals here and there."""
    places = "abcdef"[: draw(st.integers(2, 6))]
    pairs = [(a, b) for i, a in enumerate(places) for b in places[i + 1 :]]
    small = st.integers(1, 9).map(float)
    links, kinds = [], st.sampled_from([{"mode": "road"}, RAIL, BROAD])
    for a, b in draw(st.lists(st.sampled_from(pairs), min_size=1, max_size=9, unique=True)):
        found = draw(st.lists(kinds, min_size=1, max_size=2, unique_by=str))
        links += [link(a, b, **kind, km=draw(small), speed_kmh=draw(small)) for kind in found]
    ways = [("road", "rail"), ("rail", "road"), ("rail", "rail"), ("road", "road")]
    at = draw(st.lists(st.tuples(st.sampled_from(places), st.sampled_from(ways)), unique=True))
    terminals = [terminal(place, *way, draw(small), draw(small)) for place, way in at]
    abroad = draw(st.sets(st.sampled_from(places)))
    return world(links, terminals, usd={"rail": 0.5}, abroad=abroad)


def every_way(network: Network, a: str, b: str) -> Iterator[dict[str, float]]:
    """All ways from `a` to `b` that come to no place twice on the same mode and gauge."""
    rows = network.links.to_dict("records")
    stays = {(t["place"], t["from_mode"], t["to_mode"]): t
             for t in network.terminals.to_dict("records")}  # fmt: skip
    country = dict(zip(network.places.place, network.places.country, strict=True))

    def over(row: dict[str, Any]) -> bool:
        return country[row["from_place"]] != country[row["to_place"]]

    def gauge(row: dict[str, Any]) -> float:
        return row["gauge_mm"] if row["mode"] == "rail" else 0.0

    def go(at: str, mode: str, g: float, came: bool, seen: frozenset[Any], sums: Any):  # type: ignore[no-untyped-def]
        if at == b:
            yield dict(zip(("time", "distance", "cost"), sums, strict=True))
            return
        for row in rows:
            if at not in (row["from_place"], row["to_place"]):
                continue
            nxt = row["to_place"] if row["from_place"] == at else row["from_place"]
            hours, usd = 0.0, 0.0
            same = (mode, g) == (row["mode"], gauge(row))
            free = same and (mode == "rail" or not (came or over(row)))
            if mode and not free:
                stay = stays.get((at, mode, row["mode"])) or stays.get((at, row["mode"], mode))
                if stay is None and not same:
                    continue
                if stay is not None:
                    hours, usd = stay["hours"], stay["usd_per_teu"]
            state = (nxt, row["mode"], gauge(row), over(row))
            if state in seen:
                continue
            price = 0.5 if row["mode"] == "rail" else 1.0
            more = (hours + row["km"] / row["speed_kmh"], row["km"], usd + row["km"] * price)
            total = tuple(x + y for x, y in zip(sums, more, strict=True))
            yield from go(nxt, row["mode"], gauge(row), over(row), seen | {state}, total)

    yield from go(a, "", 0.0, False, frozenset(), (0.0, 0.0, 0.0))


def best(network: Network, a: str, b: str, by: str) -> float:
    """What `route` finds; infinite where there is no way."""
    try:
        route = network.route(a, b, by)
    except Faults:
        return math.inf
    return {"time": route.hours, "distance": route.km, "cost": route.usd}[by]


@settings(deadline=None, max_examples=60)
@given(worlds(), st.sampled_from(["time", "distance", "cost"]))
def test_no_way_is_better_than_the_one_found(small: Network, by: str) -> None:
    places = list(small.places.place)
    a, b = places[0], places[-1]
    least = min((way[by] for way in every_way(small, a, b)), default=math.inf)
    assert best(small, a, b, by) == pytest.approx(least, abs=1e-6)


@settings(deadline=None, max_examples=40)
@given(worlds(), st.sampled_from(["time", "distance", "cost"]))
def test_what_holds_of_any_way(small: Network, by: str) -> None:
    places = list(small.places.place)
    a, b = places[0], places[-1]
    there = best(small, a, b, by)
    fewer = [small.route(a, b, by, modes=("road",))] if _joined(small, a, b) else []
    for route in fewer:  # fewer modes are never better
        got = {"time": route.hours, "distance": route.km, "cost": route.usd}[by]
        assert got >= there - 1e-6
    if there < math.inf:
        steps = small.route(a, b, by).steps
        assert (steps[0].from_place, steps[-1].to_place) == (a, b)
        assert all(x.to_place == y.from_place for x, y in pairwise(steps))
        # the part of a best way up to where its first leg ends is a best way there
        first = steps[0]
        amount = {"time": first.hours, "distance": first.km, "cost": first.usd}[by]
        assert best(small, a, first.to_place, by) <= amount + 1e-6


@settings(deadline=None, max_examples=40)
@given(worlds(), st.data())
def test_road_distance_is_a_distance(small: Network, data: st.DataObject) -> None:
    """The same both ways, nothing to oneself, and no shorter by way of a third place."""
    a, b, c = (data.draw(st.sampled_from(list(small.places.place))) for _ in "abc")

    def km(one: str, other: str) -> float:
        try:
            return small.route(one, other, "distance", modes=("road",)).km
        except Faults:
            return math.inf

    assert km(a, a) == 0
    assert km(a, b) == pytest.approx(km(b, a))
    assert km(a, c) <= km(a, b) + km(b, c) + 1e-6


def _joined(small: Network, a: str, b: str) -> bool:
    try:
        small.route(a, b, modes=("road",))
    except Faults:
        return False
    return True


def test_the_highway_by_hand(network: Network) -> None:
    legs = [network.leg(*pair) for pair in (("sost", "gilgit"), ("gilgit", "raikot_bridge"))]
    route = network.route("sost", "raikot_bridge", modes=("road",))
    assert route.km == sum(leg.km for leg in legs) == 249
    assert route.hours == pytest.approx(sum(leg.hours for leg in legs))
    assert route.resting_on("km") == {"cited": 0.0, "derived": 1.0, "assumed": 0.0}


def test_a_closed_pass_leaves_no_road_to_pakistan_but_the_border_is_paid(network: Network) -> None:
    route = network.route("kashgar", "gilgit", modes=("road",))
    assert [s.name for s in route.steps if s.what == "border"] == ["tashkurgan", "sost"]
    assert route.km == 290 + 130 + 86 + 184
    assert route.hours > network.route("kashgar", "tashkurgan", modes=("road",)).hours + 40


def test_kashgar_to_hamburg_by_road_and_sea_never_goes_east_of_it(network: Network) -> None:
    lon = dict(zip(network.places.place, network.places.geometry.x, strict=True))
    for by in ("time", "distance", "cost"):
        route = network.route("kashgar", "hamburg", by, modes=("road", "sea"))
        assert max(lon[step.to_place] for step in route.steps) < lon["kashgar"]
        ships = [step for step in route.legs if step.mode == "sea"]
        assert [s.from_place for s in ships] in (["karachi"], ["gwadar"])
        assert all(lon[s.to_place] <= lon[s.from_place] for s in ships)  # west of Karachi alone
        assert route.km < 15_000


def test_the_seaports_of_china_are_joined_to_the_land(network: Network) -> None:
    for a, b, least in (("shanghai", "xian", 1400), ("shenzhen", "guangzhou", 100),
                        ("shanghai", "yiwu", 300), ("shanghai", "kashgar", 4000)):  # fmt: skip
        for by in ("time", "distance", "cost"):
            if (b, by) == ("kashgar", "cost"):
                continue  # at the surveyed price of Chinese lorries the sea and the pass cost less
            route = network.route(a, b, by)
            assert {step.mode for step in route.legs} <= {"road", "rail"}, (a, b, by)
            assert least < route.km < 1.7 * network.great_circle_km(a, b), (a, b, by)


def test_every_seaport_of_a_lane_has_a_way_inland(network: Network) -> None:
    lanes = network.links[network.links["mode"] == "sea"]
    ends = set(lanes.from_place) | set(lanes.to_place)
    ashore = {p for p in ends if network.route(p, "xian", modes=("road", "rail", "sea")).steps}
    assert ashore == ends

"""What is said beside a route: the crossing it nearly took, seasons not known, long ways round."""

from __future__ import annotations

from typing import Any

import pytest
from small_world import link, port, terminal, world

from corridor.faults import Faults
from corridor.geodata import Network
from corridor.geodata.naming import named_place, named_port
from corridor.geodata.remarks import notes_on, rechecks, runners_up, warning_on

ALL = "all year"


def crossings(*hours: tuple[float, str], season: str = ALL, **more: Any) -> Network:
    """From a to z over as many borders as `hours` are given: each the stay at its post, with its
    evidence; the first is the shortest."""
    links, stays, ports = [], [], []
    for i, (stay, evidence) in enumerate(hours):
        here, there = f"h{i}", f"t{i}"
        links += [link("a", here, km=50 + i), link(here, there), link(there, "z")]
        stays.append({**terminal(here, "road", "road", stay, usd=stay), "evidence": evidence})
        ports.append(port(f"p{i}", here, there, season))
    abroad = ["z", *(f"t{i}" for i in range(len(hours)))]
    return world([*links, *more.pop("links", [])], stays, ports, abroad=abroad, **more)


def test_the_next_best_crossing_with_what_it_takes_more() -> None:
    small = crossings((5, "assumed"), (9, "assumed"))
    route = small.route("a", "z")
    assert [step.name for step in route.steps] == ["a-h0", "h0", "h0-t0", "t0-z"]
    (other,) = runners_up(small, route)
    assert (other.ports, other.instead, other.besides) == (("p0",), ("p1",), ())
    assert other.hours == pytest.approx(4 + 1 / 50)
    assert other.km == pytest.approx(1)
    assert other.usd == pytest.approx(4 + 1)
    assert [(s.name, s.hours) for s in other.stays] == [("h0", 5)]
    assert [(s.name, s.hours) for s in other.stays_instead] == [("h1", 9)]
    assert other.alike


def test_a_survey_against_an_assumption_is_said() -> None:
    small = crossings((5, "assumed"), (9, "cited"))
    (other,) = runners_up(small, small.route("a", "z"))
    assert not other.alike
    small = crossings((5, "cited"), (9, "derived"))
    (other,) = runners_up(small, small.route("a", "z"))
    assert other.alike
    # by cost the evidence of the cost counts: assumed on both sides
    small = crossings((5, "assumed"), (9, "cited"))
    assert all(o.alike for o in runners_up(small, small.route("a", "z", "cost")))


def test_the_surveyed_crossing_is_shown_though_assumed_ones_come_first() -> None:
    small = crossings((5, "assumed"), (6, "assumed"), (7, "assumed"), (20, "cited"))
    first, second = runners_up(small, small.route("a", "z"))
    assert (first.instead, first.alike) == (("p1",), True)
    assert (second.instead, second.alike, second.besides) == (("p3",), False, ("p1", "p2"))
    assert second.hours == pytest.approx(15 + 3 / 50)
    # what the user shut stays shut
    again = small.route("a", "z", closed=["p1", "p3"])
    assert [other.instead for other in runners_up(small, again)] == [("p2",)]


def test_no_other_crossing_or_none_but_the_sea() -> None:
    small = crossings((5, "assumed"))
    (other,) = runners_up(small, small.route("a", "z"))
    assert (other.km, other.hours, other.usd, other.instead) == (None, None, None, ())
    ships = crossings((5, "assumed"), links=[link("a", "z", "sea", km=900)])
    (other,) = runners_up(ships, ships.route("a", "z"))
    assert (other.instead, other.by_sea) == ((), True)
    assert runners_up(small, small.route("a", "h0")) == []


def test_two_crossings_have_a_runner_up_each_and_two_names_of_one_have_one() -> None:
    links = [link("a", "b"), link("b", "c"), link("c", "d"), link("d", "e")]
    small = world(links, ports=[port("one", "a", "b", ALL), port("two", "c", "d", ALL),
                                port("too", "d", "c", ALL)], abroad=["b", "c"])  # fmt: skip
    found = runners_up(small, small.route("a", "e"))
    assert [other.ports for other in found] == [("one",), ("two", "too")]


def test_an_unknown_season_on_the_way_is_said_to_be_taken_as_open() -> None:
    small = crossings((5, "assumed"), (9, "assumed"), season="")
    for season in ("year", "winter"):
        notes = notes_on(small, small.route("a", "z", season=season))
        assert notes[0] == "The season of p0 is not known: it is taken as open."
    known = crossings((5, "assumed"))
    assert notes_on(known, known.route("a", "z")) == []


def test_what_a_season_changed_is_said() -> None:
    legs = [link("a", "b", km=10, winter_kmh=25.0, winter_evidence="assumed"), link("b", "c")]
    small = world(legs, ports=[port("high", "x", "y", ALL)])
    assert notes_on(small, small.route("a", "c")) == []
    assert notes_on(small, small.route("a", "c", season="winter")) == [
        "In winter 1 of 2 legs has a speed of its own (a-b), assumed; for the others none is "
        "known, they run as in the year.",
        "No port with a known season is shut in winter.",
    ]
    known = link("b", "c", winter_kmh=25.0, winter_evidence="cited", winter_claim="KK-30")
    mixed = world([legs[0], known])
    assert "(a-b, b-c), 1 of them assumed; " in notes_on(
        mixed, mixed.route("a", "c", season="winter")
    )[0]  # fmt: skip
    assert notes_on(small, small.route("a", "c", season="summer")) == [
        "No leg of it has a speed of its own in summer: all run as in the year.",
        "No port with a known season is shut in summer.",
    ]
    cold = crossings((1, "assumed"), season="1 April to 30 November", links=[link("a", "b")])
    notes = notes_on(cold, cold.route("a", "b", season="winter"))
    assert notes[1:] == ["Shut in winter: p0."]


def test_a_speed_that_stands_for_many_legs_is_told_once_with_its_claim() -> None:
    mean = {"speed_kmh": 24.8, "speed_claim": "KK-30 KK-30i"}
    legs = [link("a", "b", **mean), link("b", "c", **mean), link("c", "d", **mean)]
    other = [link("d", "e", speed_kmh=60.0), link("e", "f", speed_kmh=80.5, speed_claim="KK-32")]
    small = world([*legs, *other])
    (note,) = notes_on(small, small.route("b", "f"))
    assert note == (
        "One published speed stands for many unlike legs of this data, so the hours of any one of "
        "them may be far off: 24.8 km/h (KK-30) for 3 legs by road, 2 of them here."
    )
    assert notes_on(small, small.route("d", "f")) == [], "KK-32 stands for one leg alone"
    few = world([*legs[:2], *other])
    assert notes_on(few, few.route("a", "c")) == []
    ships = world([{**leg, "mode": "sea"} for leg in legs], [terminal("c", "sea", "sea")])
    assert not any("stands for" in note for note in notes_on(ships, ships.route("a", "b")))
    cold = {"winter_kmh": 10.0, "winter_evidence": "assumed"}
    icy = world([{**leg, **cold} for leg in legs])
    notes = [notes_on(icy, icy.route("a", "d", season=season)) for season in ("year", "winter")]
    assert ["KK-30" in " ".join(each) for each in notes] == [True, False]


def test_the_coast_road_says_that_its_speed_is_a_mean_of_the_country(network: Network) -> None:
    notes = notes_on(network, network.route("karachi", "gwadar", modes=("road",)))
    assert any("24.8 km/h (KK-30) for 2" in note and "of them here" in note for note in notes)


def test_a_change_of_mode_on_an_assumed_stay_is_a_warning() -> None:
    links = [link("a", "b"), link("b", "c", "rail", gauge_mm=1435.0)]
    stay = terminal("b", "road", "rail", 24.0, usd=100.0)
    small = world(links, [stay])
    warning = warning_on(small, small.route("a", "c"))
    assert "not surveyed: b 24.0 h: 24 of 24 h; whether this is the best way" in warning
    assert "b 100 USD: 100 of 120 USD" in warning_on(small, small.route("a", "c", "cost"))
    assert "best way" not in warning_on(small, small.route("a", "c", "distance"))
    assert warning_on(small, small.route("a", "b")) == ""
    known = world(links, [{**stay, "evidence": "cited"}])
    assert warning_on(known, known.route("a", "c")) == ""
    assert "USD" in warning_on(known, known.route("a", "c", "cost")), "the cost is still assumed"
    border = crossings((5, "assumed"))
    assert warning_on(border, border.route("a", "z")) == "", "one mode all the way"


def test_claims_to_be_read_again_are_gathered_by_reason() -> None:
    priced = link("a", "b", claim="X-1 X-2 X-3", evidence="cited")
    small = world([priced, link("b", "c", claim="X-1")])
    claims = {"X-1": ("Price", "year unsure; re-check"), "X-2": ("Fee", "year unsure; re-check"),
              "X-3": ("Length", "agrees with another"), "X-4": ("Other", "re-check")}  # fmt: skip
    assert rechecks(small.route("a", "c"), claims) == [
        "To be read again at its source: X-1 (Price) and X-2 (Fee). "
        "The register says: year unsure; re-check."
    ]


def test_a_way_far_longer_than_the_great_circle_is_doubted() -> None:
    small = world([link("a", "b", km=20), link("b", "c", km=20), link("a", "d", km=400)])
    assert notes_on(small, small.route("a", "c")) == []
    (note,) = notes_on(small, small.route("a", "d"))
    assert note.startswith("7.8 times the great circle of 51 km: a nearer way may be missing")
    ships = world([link("a", "b", "sea", km=60), link("b", "c", km=5)],
                  [terminal("b", "road", "sea")])  # fmt: skip
    (note,) = notes_on(ships, ships.route("a", "b"))  # 3.5: ships go round a cape
    assert note == "Only sea lanes reach a in this data."
    assert notes_on(ships, ships.route("a", "a")) == []


def test_a_way_that_is_long_for_the_sake_of_time_or_cost_names_the_shortest() -> None:
    fast = [link(*ends, km=200, speed_kmh=100.0) for ends in (("a", "c"), ("b", "c"))]
    small = world([link("a", "b", km=20, speed_kmh=1.0), *fast])
    (note,) = notes_on(small, small.route("a", "b"))
    assert note.endswith("for the least time: the shortest way is 20 km, +16.0 h and -380 USD.")
    assert notes_on(small, small.route("a", "b", "distance")) == []
    dear = world([link("a", "b", "rail", km=20, gauge_mm=1435.0), *fast], usd={"rail": 100.0})
    (note,) = notes_on(dear, dear.route("a", "b", "cost"))
    assert note.endswith("for the least cost: the shortest way is 20 km, +1,600 USD and -3.6 h.")


def test_an_end_that_only_ships_reach_by_these_modes_is_named(network: Network) -> None:
    notes = notes_on(network, network.route("shanghai", "urumqi", modes=("road", "sea")))
    assert "Of road and sea links only sea lanes reach Shanghai port in this data." in notes
    assert any("a nearer way may be missing from this data by these modes" in n for n in notes)
    notes = notes_on(network, network.route("shanghai", "urumqi"))
    assert not any("sea lanes" in note or "great circle" in note for note in notes)


def test_urumqi_to_almaty_is_held_against_the_surveyed_port(network: Network) -> None:
    route = network.route("urumqi", "almaty")
    if any(step.name == "khorgos_road-nur_zholy" for step in route.steps):
        pytest.skip("the way leads by Khorgos itself now")
    found = {port: other for other in runners_up(network, route) for port in other.instead}
    other = found["khorgos_road"]
    assert not other.alike
    assert other.hours is not None
    assert other.hours > 0
    assert ("khorgos_road", "cited") in {(s.name, s.hours_evidence) for s in other.stays_instead}


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("kashgar", "kashgar"), ("KASHGAR", "kashgar"), ("Kashgar", "kashgar"), ("喀什", "kashgar"),
        ("Xi'an", "xian"), ("xi’an", "xian"), ("西安", "xian"), ("کراچی", "karachi"),
        ("Khunjerab Pass", "khunjerab_pass"), ("khunjerab-pass", "khunjerab_pass"),
        ("Ghulja", "yining"), ("Łódź", "lodz"), ("lodz", "lodz"), ("МОСКВА", "moscow"),
        ("Aliabad", "aliabad"), ("karachi", "karachi"), ("红其拉甫", "khunjerab_pass"),
    ],
)  # fmt: skip
def test_a_place_is_known_by_id_name_and_local_name(
    network: Network, words: str, place: str
) -> None:
    assert named_place(network, words) == place


def test_every_id_stands_for_itself(network: Network) -> None:
    assert [named_place(network, place) for place in network.places.place] == list(
        network.places.place
    )
    assert [named_port(network, port) for port in network.ports.port] == list(network.ports.port)


def test_names_that_stand_for_nothing_or_for_several(network: Network) -> None:
    for words, said in (
        ("kashgr", "did you mean 'kashgar'"),
        ("Khargos Gateway", "did you mean 'khorgos_gateway'"),
        ("", "no place ''"),
        ("'", "no place"),
        ("伊尔克什坦口岸", "is the name of several: write irkeshtam or irkeshtam_hall"),
    ):
        with pytest.raises(Faults) as caught:
            named_place(network, words)
        assert said in str(caught.value)
    assert named_port(network, "Khunjerab") == "khunjerab"
    with pytest.raises(Faults, match="did you mean 'khunjerab'"):
        named_port(network, "khunjrab")

"""Ports: stations, travel, and procedures that name only what is there."""

from copy import deepcopy
from typing import Any

import pytest
from pydantic import ValidationError

from corridor.scenarios.port import UNLIMITED, Port

PORT: dict[str, Any] = {
    "title": "Two posts",
    "posts": {
        "here": {
            "channels": {"green": "70%", "red": 0.3},
            "stations": {
                "gate": {"lanes": 2, "service": "3 min"},
                "scanner": {"lanes": 1, "service": "5 min"},
            },
            "stocks": {"trucks": {"amount": 5}},
            "trains": {"shuttle": {"capacity": 5, "when_full": True}},
        },
        "there": {"stations": {"gate": {"lanes": "unlimited", "service": "0 min"}}},
    },
    "travel": {"a-b": {"speed": "30 km/h", "cv": 0.2}},
    "procedures": {
        "truck": {
            "south": [
                "here.gate",
                {"select": "here", "routes": {"green": [], "red": ["here.scanner"]}},
                {"take": "here.trucks"},
                {"travel": "a-b"},
                "there.gate",
                {"give": "here.trucks", "after": "3 d"},
            ]
        }
    },
}


def port(*changes: tuple[str, Any]) -> Port:
    """The port with values set at dotted paths; a number steps into a list."""
    data = deepcopy(PORT)
    for path, value in changes:
        *way, last = (int(p) if p.isdigit() else p for p in path.split("."))
        inner: Any = data
        for part in way:
            inner = inner[part]
        if isinstance(inner, list) and last == len(inner):
            inner.append(value)
        else:
            inner[last] = value
    return Port.model_validate(data)


SOUTH = "procedures.truck.south"


def test_a_whole_port_reads_and_reads_back() -> None:
    whole = port()
    assert whole.posts["there"].stations["gate"].lanes.value == UNLIMITED
    assert (
        Port.model_validate(whole.model_dump(mode="json", by_alias=True, exclude_none=True))
        == whole
    )


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (f"{SOUTH}.0", "here.gat", "[0]: unknown station 'here.gat' (did you mean 'here.gate'?)"),
        (f"{SOUTH}.4", "nowhere.gate", f"{SOUTH}[4]: unknown station 'nowhere.gate'"),
        (f"{SOUTH}.4", "here.trucks", f"{SOUTH}[4]: unknown station 'here.trucks'"),
        (f"{SOUTH}.2.take", "here.gate", f"{SOUTH}[2]: unknown stock 'here.gate'"),
        (f"{SOUTH}.3.travel", "a-c", f"{SOUTH}[3]: travel over 'a-c' has no speed"),
        (f"{SOUTH}.1.routes", {"green": []}, "[1]: write one route for each channel of here"),
        (f"{SOUTH}.1.select", "there", "channel of there: none; add channels to the post"),
        (f"{SOUTH}.1.select", "nowhere", f"{SOUTH}[1]: unknown post 'nowhere'"),
        (f"{SOUTH}.1.routes.red", ["here.scaner"], f"{SOUTH}[1].routes.red[0]: unknown station"),
        (f"{SOUTH}.1", {"select": "here"}, "select and routes go together"),
        (f"{SOUTH}.4", {"serve": "there.gate", "take": "here.trucks"}, "a step is one of"),
        (f"{SOUTH}.2", {"take": "here.trucks", "after": "3 d"}, "after goes with give"),
        (f"{SOUTH}.0", {"depart": "here.shutle"}, "'here.shutle' (did you mean 'here.shuttle'?)"),
        (f"{SOUTH}.0", {"depart": "here.gate"}, f"{SOUTH}[0]: unknown train 'here.gate'"),
        (f"{SOUTH}.3.priority", 2, "priority goes with a line"),
        (f"{SOUTH}.0", {"serve": "here.gate", "priority": 100}, "less than or equal to 99"),
        (f"{SOUTH}.0", {"serve": "here.gate", "after": "1 h"}, "after goes with give"),
        ("posts.here.stocks.gate", {"amount": 5}, "stocks.gate: one of the stations has this name"),
        ("posts.here.trains.trucks", {"capacity": 1, "when_full": True},
         "trains.trucks: one of the stocks has this name too: rename one"),
        (SOUTH, [], "no steps: write at least one station"),
        ("posts.here.channels", {"green": 0.7, "red": 0.2}, "channel shares sum to 0.9"),
        ("posts.here.channels.red", 30, "looks like a percentage"),
        ("posts.there.stations", {}, "at least 1 item"),
        ("posts.there.hours", {"weekdays": "09:00-17:00"}, "needs closing_rule"),
        ("posts.here.stations.gate.lanes", 0, "at least 1"),
        ("posts.here.stations.gate.lanes", 1.5, "is not whole"),
        ("posts.here.stations.gate.lanes", "many", "cannot read 'many'"),
        ("posts.here.stocks.trucks.amount", 0, "at least 1"),
        ("travel.a-b.speed", "0 km/h", "speed: must be above zero"),
        ("travel.a-b.winter", "0%", "winter: must be above zero"),
    ],
)  # fmt: skip
def test_what_a_port_cannot_be(path: str, value: Any, said: str) -> None:
    with pytest.raises(ValidationError) as error:
        port((path, value))
    assert said in str(error.value)


def test_all_wrong_steps_are_told_at_once() -> None:
    with pytest.raises(ValidationError) as error:
        port((f"{SOUTH}.0", "here.gat"), (f"{SOUTH}.4", "there.gat"))
    assert "[0]: unknown station" in str(error.value)
    assert "[4]: unknown station" in str(error.value)


def test_shares_may_differ_from_one_by_rounding_alone() -> None:
    assert port(("posts.here.channels", {"green": 0.1 + 0.2, "red": 0.7}))


def test_a_closing_rule_at_every_station_is_enough() -> None:
    station = {"lanes": 1, "service": "3 min", "closing_rule": "hold"}
    assert port(
        ("posts.there.hours", {"weekdays": "09:00-17:00"}), ("posts.there.stations.gate", station)
    )


def test_who_gives_up_on_the_way_may_keep_nothing() -> None:
    """At the pass a truck is held, and given back last; further up it is not."""
    assert port(("posts.there.stations.gate.patience", "1 h"))
    assert port(("posts.here.stations.scanner.turn_away_above", 3))
    with pytest.raises(ValidationError) as error:
        port(
            ("posts.there.stations.gate.patience", "1 h"),
            ("procedures.truck.south.6", "here.gate"),
        )
    assert (
        f"{SOUTH}[4]: who gives up here would keep here.trucks for good: give it back in the last"
        " steps of the procedure" in str(error.value)
    )


def test_who_keeps_a_lane_cannot_go_away_from_the_room_it_waits_for() -> None:
    """Every station of every post in order: before the scanner comes a gate."""
    room = ("posts.here.stations.scanner", {"lanes": 1, "service": "5 min", "room": 4,
                                            "patience": "1 h"})  # fmt: skip
    with pytest.raises(ValidationError) as error:
        port(("procedures", {}), room)
    assert (
        "posts.here.stations.scanner: who finds no room at here.scanner keeps its lane of here.gate"
        " and cannot go away: write turn_away_above and patience at here.gate instead, or leave out"
        " the room of here.scanner, or let another step such as travel come between"
        in str(error.value)
    )
    assert port(("procedures", {}), ("posts.here.stations.gate", room[1]))


def test_ways_without_number_are_refused() -> None:
    select = {"select": "here", "routes": {"green": [], "red": ["here.scanner"]}}
    with pytest.raises(ValidationError) as error:
        port((SOUTH, ["here.gate", *[select] * 40]))
    assert f"{SOUTH}: {2**40} ways through it: select at fewer posts" in str(error.value)

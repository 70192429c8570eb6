"""The schema for editors: up to date, true to what is shipped, and sharp enough to be of use."""

import json
from typing import Any

import jsonschema
import pytest

from corridor.library import share
from corridor.scenarios import names, read_whole
from corridor.scenarios.document import parse_document, read_document
from corridor.scenarios.schema import json_schema

FILE = share("scenarios", "schema.json")
CHECK = jsonschema.Draft202012Validator(json_schema())

# The two smallest examples of the interface contract, and its single plain station.
YEAR_ROUND = """
title: Khunjerab open all year
asks: What does winter operation add, once the pre-closure rush and the April surge are counted?
extends: khunjerab_seasonal
ports: {khunjerab: {regime: year_round}}
"""
POSTS = """
title: Part of a port
ports:
  khunjerab:
    posts:
      sost:
        place: sost
        clock: Asia/Karachi
        hours: {weekdays: "09:00-17:00"}
        closing_rule: hold              # finish | hold | recall
        stations:
          documents:
            lanes: {value: 2, range: [1, 4], assumed: "no published count; set to peak flow"}
            service: {lognormal: {mean: 25 min, cv: 0.8}, assumed: "..."}
"""
PLAIN = """
title: One plain station
arrivals: {poisson: 20 per hour}
period: {length: 60 d, warm_up: 5 d}
ports:
  p: {title: P, posts: {q: {stations: {s: {lanes: 3, service: {exponential: {mean: 8 min}}}}}}}
"""

TRAINS = """
title: A terminal
arrivals: {poisson: 2 per day, batch: {value: 50, assumed: a set of wagons}}
ports:
  p:
    posts:
      q:
        stations:
          crane: {lanes: 2, lines: each, room: 9, turn_away_above: 30, service: 4 min,
                  patience: {exponential: {mean: 2 h}, assumed: a guess}}
        trains:
          shuttle: {capacity: 54, timetable: {every: 6 h, from: "06:00", days: [weekdays]}}
          ferry: {capacity: 9, when_full: true, timetable: {at: ["08:00"], claim: X-01}}
    procedures: {wagon: {west: [q.crane, {serve: q.crane, priority: 2}, depart: q.shuttle]}}
"""


def complaints(text: str) -> list[str]:
    return [error.message for error in CHECK.iter_errors(parse_document(text, "x").data)]


def test_the_file_is_up_to_date() -> None:
    """If not: ``corridor schema > scenarios/schema.json``."""
    assert json.loads(FILE.read_text("utf-8")) == json_schema()
    jsonschema.Draft202012Validator.check_schema(json_schema())


@pytest.mark.parametrize("name", names())
def test_every_shipped_scenario_fits_as_written_and_as_resolved(name: str) -> None:
    assert list(CHECK.iter_errors(read_document(share("scenarios", f"{name}.yaml")).data)) == []
    resolved: dict[str, Any] = dict(read_whole(name).document.data)
    resolved.pop("regimes", None)  # papers, laid in from the library
    assert list(CHECK.iter_errors(resolved)) == []


@pytest.mark.parametrize("text", [YEAR_ROUND, POSTS, PLAIN, TRAINS])
def test_the_examples_of_the_interface_fit(text: str) -> None:
    assert complaints(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "title: x\nflows: {khunjerab_coach_north: null}\nevents: {khunjerab_storms: null}\n",
        "ports: {khunjerab: {season: {closed: null}, posts: {sost: {holidays: null}}}}\n",
        "ports: {p: {posts: {q: {hours: always, stations: {gate: {lanes: unlimited}}}}}}\n",
        "flows: {f: {months: {12-03: 0.2}, hours: {'09:00-12:00': {value: 2, assumed: x}}}}\n",
    ],
)
def test_a_patch_needs_no_key_and_null_removes_one(text: str) -> None:
    assert complaints(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "tilte: x\n",
        "ports: {khunjerab: {season: {close: null}}}\n",
        "ports: {khunjerab: {posts: {sost: {closing_rule: stop}}}}\n",
        "ports: {khunjerab: {posts: {sost: {hours: {weekday: '09:00-17:00'}}}}}\n",
        "ports: {khunjerab: {posts: {sost: {stations: {gate: {service: 25}}}}}}\n",
        "flows: {f: {prot: x}}\n",
        "ports: {p: {posts: {q: {stations: {gate: {lines: two}}}}}}\n",
        "ports: {p: {posts: {q: {trains: {ferry: {capacity: 9, timetabel: {at: ['08:00']}}}}}}}\n",
        "ports: {p: {posts: {q: {trains: {ferry: {timetable: {days: [mondays]}}}}}}}\n",
        "ports: {p: {procedures: {lorry: {west: [{dpart: q.ferry}]}}}}\n",
        "arrivals: {poison: 20 per hour}\n",
        "replications: many\n",
        "name: x\n",
    ],
)
def test_it_sees_what_an_editor_should_underline(text: str) -> None:
    assert complaints(text) != []

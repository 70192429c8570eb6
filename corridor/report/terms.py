"""Report room: the plain word for every metric, place and class, and the short vocabulary."""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = [
    "METRICS",
    "VOCABULARY",
    "Term",
    "class_words",
    "place_words",
    "sentence",
    "term",
    "title_words",
    "visible",
]

# No page or drawing can carry control characters, lone surrogates and non-characters, and a
# bidirectional override would turn round the words beside it.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


class Term(NamedTuple):
    """A metric in words: its name, its gloss, and the word for more of it and for less of it."""

    name: str
    gloss: str
    more: str
    less: str


# fmt: off
METRICS: dict[str, Term] = {
    "tonnes": Term("Cargo through the port", "out of the last gate", "more", "less"),
    "vehicles": Term("Vehicles through the port", "out of the last gate", "more", "fewer"),
    "teu": Term("Containers through the port", "twenty-foot equivalents", "more", "fewer"),
    "tfi1_median": Term("Time to clear, half within", "TFI1 median, gate-in to gate-out",
                        "longer", "shorter"),
    "tfi1_mean": Term("Time to clear, mean", "TFI1, gate-in to gate-out", "longer", "shorter"),
    "tfi1_p90": Term("Time to clear, nine in ten within", "TFI1 P90", "longer", "shorter"),
    "tfi1_p95": Term("Time to clear, 19 in 20 within", "TFI1 P95", "longer", "shorter"),
    "wait_mean": Term("Waiting, mean", "part of the time to clear, in no service",
                      "longer", "shorter"),
    "station_wait_mean": Term("Wait at the station, mean", "", "longer", "shorter"),
    "opening_wait_mean": Term("Wait for the season to open, mean",
                              "over all that passed, those with no such wait too",
                              "longer", "shorter"),
    "start_vehicles": Term("Vehicles waiting at the start", "of the measured period",
                           "more", "fewer"),
    "start_tonnes": Term("Cargo waiting at the start", "of the measured period", "more", "less"),
    "peak_queue": Term("Longest queue", "waiting at one moment", "longer", "shorter"),
    "unserved_vehicles": Term("Vehicles still waiting at the end", "not yet cleared",
                              "more", "fewer"),
    "unserved_tonnes": Term("Cargo still waiting at the end", "not yet cleared", "more", "less"),
    "lost_vehicles": Term("Vehicles that went elsewhere", "lost to the closed season",
                          "more", "fewer"),
    "lost_tonnes": Term("Cargo that went elsewhere", "lost to the closed season", "more", "less"),
    "turned_away_vehicles": Term("Vehicles turned away", "found too long a line, or gave up",
                                 "more", "fewer"),
    "turned_away_tonnes": Term("Cargo turned away", "found too long a line, or gave up",
                               "more", "less"),
    "demand_vehicles": Term("Vehicles that wanted to pass", "demand", "more", "fewer"),
    "demand_tonnes": Term("Cargo that wanted to pass", "demand", "more", "less"),
    "open_days": Term("Days open", "at least one hour", "more", "fewer"),
    "open_hours": Term("Hours open", "any post", "more", "fewer"),
    "joint_open_hours": Term("Hours with every post open", "the joint opening", "more", "fewer"),
    "storm_hours": Term("Hours closed by events", "storms and incidents", "more", "fewer"),
    "utilisation": Term("Lanes busy", "share of open lane-hours", "busier", "less busy"),
    "tfi2_mean": Term("Cost to clear", "TFI2, laden vehicles", "dearer", "cheaper"),
    "tfi3_mean": Term("Cost along the corridor", "TFI3", "dearer", "cheaper"),
    "swod": Term("Speed without delay", "TFI4 SWOD, along the corridor", "faster", "slower"),
    "swd": Term("Speed with delay", "TFI4 SWD, along the corridor", "faster", "slower"),
    "co2_idling": Term("CO₂ while waiting", "of those that passed", "more", "less"),
}

VOCABULARY: tuple[tuple[str, str], ...] = (
    ("BCP", "border-crossing point; here also port: one or more posts that act together."),
    ("Regime", "a port's operating rules: season, hours, lanes, selection for control. Customs "
     "officers use the word for a customs procedure, such as transit; here it never means that."),
    ("Post, station, lane", "a post is one country's side of a port; a station is one point of "
     "service in it; a lane is one of its parallel servers."),
    ("Dwell time", "gate-in to gate-out, waiting included."),
    ("Waiting time", "the part of dwell time in no service, closed hours included."),
    ("TFI1", "CAREC trade facilitation indicator 1: hours to clear a border-crossing point."),
    ("TFI2", "cost to clear a border-crossing point, US dollars."),
    ("TFI3", "cost of a corridor section, US dollars per 500 km per 20 t."),
    ("TFI4", "speed along a corridor, km/h: without delay (SWOD) and with delay (SWD)."),
    ("P90, P95", "the time within which 9 of 10, or 19 of 20, vehicles clear."),
    ("95% interval", "the range that holds the long-run mean in 95 of 100 such experiments; it "
     "covers luck (arrivals, service times, events), not the doubt in the inputs."),
    ("Prediction interval", "the range in which one single outcome, such as that of one real year, "
     "is expected in 95 of 100 cases; wider than the interval of the mean."),
    ("Replication, pair", "one simulated period; a pair is the same replication of two scenarios: "
     "what they share meets the same chance in both."),
    ("Holm-adjusted", "made stricter because several differences are tested at once: the port’s "
     "for all vehicles and the corridor’s. Others are shown for reading, not for testing."),
)

_CLASSES = {"all": "all vehicles", "truck_laden": "laden trucks", "truck_empty": "empty trucks",
            "coach": "coaches", "train": "trains"}
# fmt: on


def term(metric: str) -> Term:
    """The term of a metric; a metric added by others keeps its own name.

    >>> term("tfi1_p95").name
    'Time to clear, 19 in 20 within'
    >>> term("my_metric").name
    'My metric'
    """
    plain = metric.replace("_", " ")
    return METRICS.get(metric) or Term(sentence(plain), "", "more", "less")


def place_words(place: str) -> str:
    """A place of the tables in words, most particular first.

    >>> place_words("khunjerab/sost/documents")
    'Sost, documents'
    >>> place_words("nur_zholy")
    'Nur Zholy'
    """
    kind, _, rest = place.partition("/")
    if kind == "link" and rest:
        return "Link " + " to ".join(place_words(end) for end in rest.split("-"))
    parts = place.split("/")
    named = [" ".join(w[:1].upper() + w[1:] for w in p.split("_")) for p in parts[:2]]
    return ", ".join([named[-1], *(p.replace("_", " ") for p in parts[2:])])


def class_words(name: str) -> str:
    """A class in words: ``truck_laden north`` becomes ``laden trucks, north``."""
    kind, _, direction = name.partition(" ")
    words = _CLASSES.get(kind, kind.replace("_", " "))
    return f"{words}, {direction}" if direction else words


def title_words(name: str) -> str:
    """An id of ours as a title: ``cpec_road`` becomes ``CPEC road``; other text stays.

    >>> title_words("cpec_road"), title_words("Karakoram Highway")
    ('CPEC road', 'Karakoram Highway')
    """
    if not name.islower():
        return name
    words = [w.upper() if w in ("cpec", "kkh", "cre") else w for w in name.split("_")]
    return sentence(" ".join(words))


def sentence(text: str) -> str:
    """`text` with its first letter raised, the rest as written."""
    return text[:1].upper() + text[1:]


def visible(text: str) -> str:
    """`text` with every character that cannot or must not be shown written as its code.

    >>> visible("a\\x00b")
    'a\\\\x00b'
    """
    return _UNSEEN.sub(lambda found: ascii(found.group())[1:-1], text)

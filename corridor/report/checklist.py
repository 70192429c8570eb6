"""Report room: what the model cannot say, and the STRESS-DES checklist filled from the record.

STRESS-DES: Monks et al. (2019), Strengthening the reporting of empirical simulation studies,
Journal of Simulation 13(1), 55-67.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from corridor.report.numbers import count
from corridor.report.terms import class_words, place_words
from corridor.report.words import held, labels, main_port, regime_only, same_world

__all__ = ["Answer", "limits", "stress_des"]

_LIMITS: tuple[str, ...] = (
    "The intervals cover luck (arrivals, service times, storms), not the doubt in "
    "the inputs. If an assumed input is wrong, the truth can lie outside every interval here.",
    "Nobody publishes the number of lanes, officers and scanners at these ports, nor their service "
    "times. Those inputs are assumptions with ranges, marked as such under Inputs.",
    "Demand is given, not forecast. Longer opening brings no new trade in this model beyond the "
    "stated shares of goods that wait, shift to other months or go elsewhere.",
    "{changes}What was observed after a real change of regime also holds "
    "everything else that changed in those months.",
    "Stoppages by protest, dispute or security incident happen only where a scenario lists them; "
    "on record they can cost as many days as a winter.",
    "Ports do not compete here: goods lost to this port are counted as lost, not found elsewhere. "
    "Roads between the posts have no traffic jams of their own.",
    "Counts of vehicles come in three series (customs, border police, commercial freight) that "
    "differ up to threefold. A count of one series says nothing about another.",
    "Money is the carriers’ cost on the road and at the border. Duties, the cost of keeping a "
    "pass open in winter, and the cost to those who live along the road are not in it.",
)


def limits(record: Mapping[str, Any]) -> list[str]:
    """What the model cannot say; what changes is said as the record has it."""
    said = "Only the named regime changes. "
    if not regime_only(record):
        said = "Only what is listed under What was compared changes. "
    changes = said if len(record["scenarios"]) > 1 else ""
    return [text.replace("{changes}", changes) for text in _LIMITS]


class Answer(NamedTuple):
    """One item of the checklist: its number, its name, and the answer or where it stands."""

    item: str
    name: str
    answer: str


_LOGIC: tuple[Answer, ...] = (
    Answer(
        "2.1",
        "Overview diagram",
        "A unit passes, in order, the posts of a port; in each "
        "post its stations, in the order of its procedure; between posts, road."
        " The time-distance staircase shows the same order.",
    ),
    Answer(
        "2.2",
        "Base model logic",
        "Every unit’s steps and times are drawn before the run; "
        "the engine only lets them wait for lanes that are open and free, first asked first "
        "served within a priority.",
    ),
    Answer(
        "2.3",
        "Scenario logic",
        "Each scenario is a file of named changes; see What was compared or What was run.",
    ),
    Answer(
        "2.4",
        "Algorithms",
        "Discrete events in whole milliseconds UTC; at one instant: "
        "finish, then lanes change, then arrive, then start.",
    ),
    Answer("2.5.1", "Entities", "Moving units, by class and direction{classes}."),
    Answer(
        "2.5.2",
        "Activities",
        "Driving, and the steps of each procedure: service at stations{takes}.",
    ),
    Answer("2.5.3", "Resources", "Lanes, open or shut by calendar{stocks}."),
    Answer(
        "2.5.4",
        "Queues",
        "One a station, unlimited, by priority, then time of asking, then unit number.",
    ),
    Answer(
        "2.5.5",
        "Entry and exit",
        "Units enter at the gate of the first post and leave by "
        "the last; those still inside at the end are counted as unserved.",
    ),
)


def stress_des(record: Mapping[str, Any]) -> list[Answer]:
    """The items of STRESS-DES, answered from the run record."""
    return [
        *_objectives(record),
        *_logic(record),
        *_data(record),
        *_experiments(record),
        *_implementation(record),
    ]


def _logic(record: Mapping[str, Any]) -> list[Answer]:
    """The fixed logic, with the classes and the stocks that these scenarios have."""
    resolved = [s["resolved"] for s in record["scenarios"]]
    flows = [f for r in resolved for f in r.get("flows", {}).values()]
    classes = ", ".join(dict.fromkeys(class_words(str(f["class"])) for f in flows))
    posts = [q for r in resolved for p in r.get("ports", {}).values() for q in p["posts"].values()]
    pools = ", ".join(
        dict.fromkeys(
            str(s.get("title") or name).replace("_", " ")
            for q in posts
            for name, s in q.get("stocks", {}).items()
        )
    )
    words = {
        "{classes}": f": {classes}" if classes else "",
        "{takes}": ", and taking from or giving to a stock" if pools else "",
        "{stocks}": f"; finite stocks: {pools}" if pools else "",
    }
    told = []
    for item in _LOGIC:
        text = item.answer
        for blank, word in words.items():
            text = text.replace(blank, word)
        told.append(item._replace(answer=text))
    return told


def _objectives(record: Mapping[str, Any]) -> list[Answer]:
    scenarios = record["scenarios"]
    asks = [s["asks"] for s in scenarios if s["asks"]]
    names = "; ".join(labels(record).values())
    purpose = asks[-1] if asks else "To compare operating regimes of a border port."
    return [
        Answer("1.1", "Purpose of the model", purpose),
        Answer(
            "1.2",
            "Model outputs",
            "Throughput, time and cost to clear (CAREC TFI1 to TFI4), "
            "queues, what is unserved at the end; defined under Indicators and Vocabulary.",
        ),
        Answer(
            "1.3",
            "Aims of the experiments",
            f"{_aim(record)}: {names}. See {_where(record)}.",
        ),
    ]


def _aim(record: Mapping[str, Any]) -> str:
    what = "Regimes" if regime_only(record) else "Scenarios"
    demand = " under the same demand" if held(record, "demand") else ""
    return f"{what} of {place_words(main_port(record))}{demand}"


def _where(record: Mapping[str, Any]) -> str:
    return "What was compared" if len(record["scenarios"]) > 1 else "What was run"


def _data(record: Mapping[str, Any]) -> list[Answer]:
    claims = record["claims"]
    sources = {c["source"] for c in claims if c["used"]}
    assumed = {i["path"] for i in record["inputs"] if i["evidence"] == "assumed"}
    used = sum(bool(c["used"]) for c in claims)
    return [
        Answer(
            "3.1",
            "Data sources",
            f"{count(used, 'claim')} from {count(len(sources), 'source')}; see Inputs and Claims.",
        ),
        Answer(
            "3.2",
            "Pre-processing",
            "Derived figures say how, under Inputs; raw wording and "
            "units are kept in the register of claims.",
        ),
        Answer("3.3", "Input parameters", "See Inputs: value, unit, distribution, range, papers."),
        Answer(
            "3.4",
            "Assumptions",
            f"{count(len(assumed), 'assumed input')}, each with its reason; see Inputs and Limits.",
        ),
    ]


def _experiments(record: Mapping[str, Any]) -> list[Answer]:
    design, period = record["design"], record["scenarios"][0]["period"]
    return [
        Answer(
            "4.1",
            "Initialisation",
            f"Start: {str(design['start_state']).rstrip('.')}. Warm-up: {design['warm_up']}.",
        ),
        Answer(
            "4.2",
            "Run length",
            f"{period['from']} to {period['until']}; measured from "
            f"{period['measure_from']}, {count(int(period['measured_days']), 'day')}.",
        ),
        Answer(
            "4.3",
            "Estimation",
            f"{count(int(design['replications']), 'replication')} a scenario;"
            f" interval: {design['interval']}; pairing: {design['pairing']}; several "
            f"comparisons: {design['multiplicity']}.",
        ),
    ]


def _paired(record: Mapping[str, Any]) -> str:
    return f" {same_world(record)}." if len(record["scenarios"]) > 1 else ""


def _implementation(record: Mapping[str, Any]) -> list[Answer]:
    packages, random = record["packages"], record["random"]
    versions = {"corridor": record["version"], **packages}
    listed = ", ".join(f"{k} {v}" for k, v in sorted(versions.items()))
    return [
        Answer("5.1", "Software", f"{listed}."),
        Answer(
            "5.2",
            "Random sampling",
            f"{random['bit_generator']}, seed {random['seed']}, "
            f"{random['scheme']}. {count(len(random['purposes']), 'purpose')}, each with a stream "
            f"of its own.{_paired(record)}",
        ),
        Answer(
            "5.3",
            "Model execution",
            "Events in order of time; ties by priority, time of "
            "asking and unit number. Replications are independent and can run in parallel; "
            "the result does not depend on how many run at once.",
        ),
        Answer(
            "5.4",
            "System",
            "Running time and package versions are in run.json; the result "
            "does not depend on the number of processors.",
        ),
        Answer(
            "6.1",
            "Code access",
            "The code and the data are open; the run record names the version and the command.",
        ),
    ]

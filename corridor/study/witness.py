"""The study room: what the register has to say about observations, links and tables."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from corridor import evidence, geodata
from corridor.faults import Fault, Mark, did_you_mean
from corridor.library import Stamp, share, stamp
from corridor.scenarios import Reading, Scenario, names, read_whole
from corridor.scenarios.inventory import claims_of
from corridor.study.layers import contradictions, link_marks
from corridor.study.measured import far_off

__all__ = ["cautions", "doubts", "held", "links", "mixed", "observed", "portrait", "uses"]

Register = Mapping[str, evidence.Claim]


def observed(scenario: Scenario) -> list[evidence.Observed]:
    """The targets of a scenario as the evidence room reads them."""
    return [
        evidence.Observed(
            path=f"targets.{name}",
            port=target.port,
            metric=target.metric,
            series=target.series,
            claim=target.observed.claim or target.claim,
            first=target.from_,
            last=target.until,
            derived=target.observed.evidence in ("derived", "assumed"),
        )
        for name, target in scenario.targets.items()
    ]


def mixed(reading: Reading, register: Register) -> list[Fault]:
    """Targets that mix two series or two definitions, each with its file and line."""
    found = []
    for doubt in evidence.mixed_series(register, observed(reading.scenario)):
        names = [t for t in reading.scenario.targets if f"targets.{t} " in doubt.message]
        found.append(reading.fault(("targets", names[-1], "series"), doubt.message))
    return found


def doubts(register: Register) -> list[str]:
    """What the register doubts with the map in hand, and what the tables cite wrongly."""
    places = {each.place: (each.lat, each.lon, each.within_km) for each in geodata.read_places()}
    mapped = evidence.placed(evidence.mapped(register, places))
    said = [*mapped, *held(register), *cautions(register)]
    papers = {**{f"links {link['link']}": _named(link) for link in links()}, **_tables()}
    return [*map(str, said), *_strangers(register, papers)]


def uses() -> dict[str, list[str]]:
    """Where the library uses each claim: ``scenario: path``, ``link``, or a row of a table."""
    found: dict[str, list[str]] = {}
    for name in names():
        for claim, paths in claims_of(read_whole(name).scenario).items():
            found.setdefault(claim, []).extend(f"{name}: {path}" for path in paths)
    tables = {**{f"link {link['link']}": _named(link) for link in links()}, **_tables()}
    for where, claims in tables.items():
        for claim in dict.fromkeys(claims):
            found.setdefault(claim, []).append(where)
    return found


def portrait(claim: str) -> tuple[list[str], dict[str, Any]]:
    """One claim in full beside its rivals, and where scenarios, links and tables use it.

    Raises
    ------
    Faults
        An unknown claim, with the nearest id.
    """
    register, origin, used = evidence.load_claims(), evidence.load_sources(), uses()
    lines = evidence.portrait(register, origin, claim, used)
    card = evidence.card(register[claim], origin, claim in used)
    rivals = [evidence.card(c, origin, c.claim in used) for c in evidence.rivals(register, claim)]
    return lines, {**card, "rivals": rivals, "used_by": used.get(claim, [])}


def held(register: Register) -> list[Fault]:
    """Figures of the layers that are not what the claims of their rows say, with file and line."""
    marks = link_marks(_paths())
    return contradictions(register, ((marks.get(link["link"]), link) for link in links()))


def cautions(register: Register) -> list[Fault]:
    """What a careful reader of the register doubts, unless ``accepted.csv`` says why it stands.

    A leg whose length nobody published far from what was measured, a figure that seems to have
    lost its point. A row of that file that no longer names one of these is a caution itself.
    """
    marks = link_marks(_paths())
    found = {
        "measured_length": {
            name: Fault(marks.get(name), name, text)
            for name, text in far_off(register, links()).items()
        },
        "slipped_point": {
            fault.path: replace(fault, message=fault.message.removesuffix(" (check slipped_point)"))
            for fault in evidence.placed(evidence.slipped_point(register))
        },
    }
    with share("geodata", "accepted.csv").open(encoding="utf-8", newline="") as file:
        rows = [(row["caution"], row["name"]) for row in csv.DictReader(file)]
    for line, (caution, name) in enumerate(rows, 2):
        if caution in found and not found[caution].pop(name, None):
            message = f"there is no {caution} any more; drop it"
            mark = Mark("geodata/accepted.csv", line, 1)
            found[caution][f"row {line}"] = Fault(mark, name, message)
    return [
        replace(fault, message=f"{fault.message} ({caution})")
        for caution, faults in found.items()
        for fault in faults.values()
    ]


def links() -> tuple[dict[str, Any], ...]:
    """The properties of every link; read with json alone, so that a check stays quick."""
    paths = _paths()
    return _links(paths, stamp(*paths))


def _paths() -> tuple[Path, ...]:
    return tuple(sorted(share("geodata", "links").glob("*.geojson")))


@lru_cache(maxsize=1)
def _links(paths: tuple[Path, ...], _: Stamp) -> tuple[dict[str, Any], ...]:
    return tuple(
        feature["properties"]
        for path in paths
        for feature in json.loads(path.read_text(encoding="utf-8"))["features"]
    )


def _named(row: Mapping[str, Any]) -> list[str]:
    """The claims that a row of a table names in its columns of claims."""
    columns = [name for name in row if name == "claim" or name.endswith("_claim")]
    return [claim for name in columns for claim in str(row[name] or "").split()]


def _tables() -> dict[str, list[str]]:
    """The claims that the rows of the other tables name, by file and first cell."""
    found: dict[str, list[str]] = {}
    for path in sorted(share("geodata").glob("*.csv")):
        if path.name not in ("claims.csv", "sources.csv"):
            with path.open(encoding="utf-8", newline="") as file:
                for row in csv.DictReader(file):
                    key = f"{path.name}: {next(iter(row.values()))}"
                    found[key] = [*found.get(key, ()), *_named(row)]
    return found


def _strangers(register: Register, papers: Mapping[str, list[str]]) -> Iterator[str]:
    for where, claims in papers.items():
        for claim in dict.fromkeys(claims):
            if claim not in register:
                yield f"{where} names an unknown claim '{claim}'{did_you_mean(claim, register)}"
            elif register[claim].status == "rejected":
                yield f"{where} rests on claim {claim}, rejected: {register[claim].reason}"

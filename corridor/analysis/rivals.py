"""The analysis room: how far an answer moves when a rival claim takes the place of the used one.

A rival is another claim of the same conflict. Where it counts the same thing in the same unit it is
put in the used claim's place, everywhere that claim is used, and the scenarios are run again with
the same keyed draws; where it cannot be, the reason is said. A count of another series, or of
another time, is no rival answer, whatever it is printed beside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from corridor import evidence
from corridor.evidence.words import figure, when
from corridor.geodata import Network
from corridor.scenarios import Reading, Scenario
from corridor.scenarios.inventory import Entry, citations, inventory

__all__ = ["Change", "Move", "Trial", "trials"]

Register = Mapping[str, evidence.Claim]

VOLUMES = ("vehicles", "persons", "t", "TEU", "trains", "count", "USD", "CNY", "PKR", "EUR", "KZT")
"""Units of what passes in a time: of another time it is another question."""


@dataclass(frozen=True)
class Change:
    """One input that a rival changes: where, from what, to what, in which unit."""

    path: str
    value: float
    instead: float
    unit: str

    def words(self) -> str:
        """The change as people write it: ``86 to 75 km``."""
        unit = "" if self.unit in ("number", "count") else f" {self.unit}".replace(" %", "%")
        return f"{self.value:,.4g} to {self.instead:,.4g}{unit}"

    def setting(self) -> str:
        """The change as an option ``--set``: ``path=75 km``."""
        unit = {"number": "", "count": "", "%": "%"}.get(self.unit, f" {self.unit}")
        return f"{self.path}={self.instead:.10g}{unit}"


@dataclass(frozen=True)
class Move:
    """How far one indicator moves, other minus used, paired by replication.

    `scenario` is the scenario's name, or ``A -> B`` where the answer is their difference.
    """

    scenario: str
    metric: str
    unit: str
    answer: float
    moves: float
    low: float
    high: float
    pairs: int


@dataclass(frozen=True)
class Trial:
    """One rival of a used claim: the inputs it would change, or why it changes none.

    Parameters
    ----------
    used, rival : str
        Claims; `said` is what the rival says, in words.
    changes : tuple of Change
        Empty where the rival is no input's value.
    why : str
        Why it is not tried; or, where it is, what to bear in mind.
    moves : tuple of Move
        Empty until it has been run (see `moved`).
    """

    used: str
    rival: str
    said: str
    changes: tuple[Change, ...]
    why: str
    moves: tuple[Move, ...] = ()


def trials(readings: Sequence[Reading], network: Network, register: Register) -> list[Trial]:
    """Every rival of every claim that the scenarios or their links use, tried or excused.

    Parameters
    ----------
    readings : sequence of Reading
        The scenarios of one answer.
    network : Network
        For the lengths of links.
    register : mapping
        The claims by id.
    """
    uses: dict[str, list[tuple[str, Entry | None]]] = {}
    for reading in readings:
        for claim, path, entry in _uses(reading.scenario, network):
            if (path, entry) not in uses.setdefault(claim, []):
                uses[claim].append((path, entry))
    return [
        _trial(register, used, rival, uses[used])
        for used in uses
        if used in register
        for rival in evidence.rivals(register, used)
    ]


def _uses(scenario: Scenario, network: Network) -> Iterator[tuple[str, str, Entry | None]]:
    """Each claim, the path that rests on it, and the input there; None where there is none."""
    found = set()
    for entry in inventory(scenario):
        if entry.claim:
            found.add(entry.claim)
            yield entry.claim, entry.path, entry
    for row in _links(scenario, network):
        for claim in str(row.claim).split():
            found.add(claim)
            yield claim, f"links.{row.link}.km", _length(row)
    for claim, paths in citations(scenario).items():
        if claim not in found:
            yield claim, ".".join(map(str, paths[0])), None


def _links(scenario: Scenario, network: Network) -> Iterator[Any]:
    """The links that the scenario travels: between posts, and along its flows' corridors."""
    wanted = {link for port in scenario.ports.values() for link in port.travel}
    for name in sorted({f.corridor for f in scenario.flows.values() if f.corridor}):
        wanted |= {leg.link for leg in network.chain(name)}
    yield from network.links[network.links["link"].isin(wanted)].itertuples()


def _length(row: Any) -> Entry:
    return Entry(
        f"links.{row.link}.km", f"{row.km:g} km", "km", "", "", "", row.evidence, row.claim, row.why
    )


def _trial(
    register: Register, used: str, rival: evidence.Claim, places: Sequence[tuple[str, Entry | None]]
) -> Trial:
    """The changes that a rival makes in all the places of the used claim, or why none."""
    mine = register[used]
    said = figure(rival) + (f" ({when(rival)})" if when(rival) else "")
    why = _unfit(mine, rival) or _no_input(places)
    if why:
        return Trial(used, rival.claim, said, (), why)
    changes = tuple(
        change
        for path, entry in places
        if entry
        for change in _change(path, entry, mine, rival, register)
    )
    if not changes:
        return Trial(
            used, rival.claim, said, (), "the model rests on it by a rule, not by a number"
        )
    return Trial(used, rival.claim, said, changes, _mind(mine, rival, places))


def _unfit(used: evidence.Claim, rival: evidence.Claim) -> str:
    """Why a rival cannot stand in the place of a claim, whatever rests on it; '' if it can."""
    if used.number is None or rival.number is None:
        return "a date or words: no number to put in its place"
    if (used.measure, used.unit) != (rival.measure, rival.unit):
        return f"counts something else: {rival.measure}, in {rival.unit}"
    if {used.place, used.to_place} != {rival.place, rival.to_place}:
        ends = " to ".join(filter(None, (rival.place, rival.to_place))).replace("_", " ")
        return f"is of another place: {ends}"
    if rival.number == used.number:
        return "says the same"
    if used.series and rival.series and used.series != rival.series:
        names = (claim.series.replace("_", " ") for claim in (rival, used))
        return "another series: {}, not {}; the two are never mixed".format(*names)
    if used.unit in VOLUMES and _period(used) != _period(rival):
        return f"another period: {when(rival) or 'not named'}; what passed then is no rival answer"
    return ""


def _period(claim: evidence.Claim) -> tuple[Any, Any]:
    return claim.period_from, claim.period_to


def _no_input(places: Sequence[tuple[str, Entry | None]]) -> str:
    if all(path.startswith("targets.") for path, entry in places if entry is None) and not any(
        entry for _, entry in places
    ):
        return "not an input: an observation that the model is held against"
    if not any(entry for _, entry in places):
        return "not an input: the paper of a regime, no number of the model"
    return ""


def _change(
    path: str, entry: Entry, used: evidence.Claim, rival: evidence.Claim, register: Register
) -> Iterator[Change]:
    """The change of one input: the claim's own value, a sum of claims, or what follows in ratio."""
    found = re.fullmatch(r"(-?[\d.]+(?:e[-+]?\d+)?) ?(.*)", entry.value)
    if entry.rule or not found or entry.evidence not in ("cited", "derived", "assumed"):
        return
    value, unit = float(found[1]), found[2] or entry.unit
    if not value or not used.number or rival.number is None:
        return
    claims = [register[name] for name in entry.claim.split() if name in register]
    sign = _sign(value, used, [claim for claim in claims if claim.measure == used.measure])
    if entry.evidence == "assumed" and sign is None and used.number != value:
        return  # a guess beside a claim does not follow it; one of general knowledge is its claim
    if sign is None:
        instead = value * (rival.number / used.number)
    else:
        instead = value + sign * (rival.number - used.number)
    if instead > 0:
        yield Change(path, value, instead, unit)


def _sign(value: float, used: evidence.Claim, claims: Sequence[evidence.Claim]) -> int | None:
    """Whether `value` is a sum of claims with `used` added (1) or taken off (-1); None if neither.

    ``184 km`` of ``270 - 86`` grows as the 86 shrinks.
    """
    numbers = [claim.number or 0.0 for claim in claims]
    for signs in product((1, -1), repeat=len(claims)) if 1 < len(claims) <= 5 else ():
        total = sum(sign * number for sign, number in zip(signs, numbers, strict=True))
        if abs(total - value) <= 0.01 * value:
            return signs[claims.index(used)]
    return None


def _mind(
    used: evidence.Claim, rival: evidence.Claim, places: Sequence[tuple[str, Entry | None]]
) -> str:
    """What to bear in mind of a rival that is tried."""
    notes = []
    if any(entry and entry.evidence == "derived" for _, entry in places):
        notes.append("what is derived from the claim moves with it, in proportion or by its sum")
    if used.series != rival.series:
        notes.append(f"its series is {rival.series.replace('_', ' ') or 'not named'}")
    if _period(used) != _period(rival):
        notes.append(f"another period: {when(rival) or 'not named'}")
    return "; ".join(notes)

"""The study room: checks across rooms, before a run: places, links, claims, magnitudes, load."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from corridor import evidence, geodata, units
from corridor.evidence.checks import cited_values, never_fitted
from corridor.faults import Fault, Faults, did_you_mean
from corridor.library import Stamp, share, stamp
from corridor.scenarios import Reading, Scenario, regimes
from corridor.scenarios.document import Path_
from corridor.scenarios.inventory import Entry, citations, inventory
from corridor.scenarios.port import UNLIMITED
from corridor.study.load import idle, overloads
from corridor.study.witness import links, mixed

__all__ = ["comparable", "placed", "warnings_of"]

Register = Mapping[str, evidence.Claim]
"""The claims by id."""


def comparable(readings: Sequence[Reading]) -> None:
    """Refuse scenarios that cannot be run or told apart; all faults of all of them at once."""
    faults: list[Fault] = []
    register = evidence.load_claims()  # once for all: a design may have hundreds of scenarios
    for reading in readings:
        try:
            placed(reading, register)
        except Faults as found:
            faults += found.faults
    names = [reading.scenario.name for reading in readings]
    for name in sorted({name for name in names if names.count(name) > 1}):
        faults.append(Fault(None, "", f"two scenarios are named {name}: name their files apart"))
    faults += [fault for other in readings[1:] for fault in _apart(readings[0], other)]
    if faults:
        raise Faults(dict.fromkeys(faults))


def _apart(base: Reading, other: Reading) -> Iterator[Fault]:
    """Why a scenario cannot stand beside the base: another port, or another time."""
    one, two = base.scenario, other.scenario
    if set(one.ports) != set(two.ports):
        yield other.fault(
            ("ports",),
            f"{two.name} asks of {_listed(two.ports)}, {one.name} of {_listed(one.ports)}:"
            " compare scenarios of the same ports, or run each by itself",
        )
    if _span(one) != _span(two):
        yield other.fault(
            ("period",),
            f"{two.name} runs {_span(two)}, {one.name} runs {_span(one)}: give both the same"
            " period (from, measure_from, until, clock), or run each by itself",
        )


def _listed(names: Iterable[str]) -> str:
    return " and ".join(sorted(names))


def _span(scenario: Scenario) -> str:
    period = scenario.period
    return (
        f"{period.from_} to {period.end}, measured from {period.first}, by the clock {period.clock}"
    )


def placed(reading: Reading, register: Register | None = None) -> None:
    """Refuse what the library does not hold, what cannot be true, and ports that never open.

    Reads the registers with csv and json alone: ``corridor check`` stays quick. That of the claims
    is read anew if it is not given.

    Raises
    ------
    Faults
        Each with the line that names what is missing.
    """
    scenario, register = reading.scenario, register or evidence.load_claims()
    faults = [
        reading.fault(path, message, key=key)
        for path, message, key in (
            *_strangers(scenario),
            *_doubtful_claims(scenario, register),
            *((path, message, False) for path, message in _impossible(scenario)),
        )
    ]
    faults += mixed(reading, register)
    if not faults:
        faults = [reading.fault(path, message) for path, message in idle(scenario)]
    if faults:
        raise Faults(faults)


def _strangers(scenario: Scenario) -> Iterator[tuple[Path_, str, bool]]:
    """Names that nothing answers to: places, links, corridors, classes, regimes, posts."""
    places, known = geodata.place_ids(), [link["link"] for link in links()]
    for p, port in scenario.ports.items():
        for q, post in port.posts.items():
            if post.place is not None:
                yield from _need("place", post.place, places, ("ports", p, "posts", q, "place"))
        for link in port.travel:
            yield from _need("link", link, known, ("ports", p, "travel", link), key=True)
        classes = {*port.procedures, *(f.class_ for f in scenario.flows.values() if f.port == p)}
        for class_ in port.season.by_class:
            way = ("ports", p, "season", "by_class", class_)
            yield from _need("class", class_, sorted(classes), way, key=True)
    corridors = _corridors()
    for f, flow in scenario.flows.items():
        if flow.corridor is not None:
            yield from _need("corridor", flow.corridor, corridors, ("flows", f, "corridor"))
    for t, target in scenario.targets.items():
        for i, regime in enumerate(target.regimes):
            here = ("targets", t, "regimes", i)
            yield from _need("regime", regime, regimes(target.port), here)
    posts = [f"{p}.{q}" for p, port in scenario.ports.items() for q in port.posts]
    for name in scenario.costs.fees:
        yield from _need("post", name, posts, ("costs", "fees", name), key=True)


def _need(
    kind: str, name: str, known: Sequence[str], path: Path_, *, key: bool = False
) -> Iterator[tuple[Path_, str, bool]]:
    if name not in known:
        listed = ", ".join(known[:12]) + (" ..." if len(known) > 12 else "")
        hint = did_you_mean(name, known) or f": there are {listed or 'none'}"
        yield path, f"unknown {kind} '{name[:60]}'{hint}", key


def _doubtful_claims(scenario: Scenario, register: Register) -> Iterator[tuple[Path_, str, bool]]:
    """Claims that are not in the register, or stand there rejected."""
    for claim, paths in citations(scenario).items():
        for path in paths:
            if claim not in register:
                hint = did_you_mean(claim, register)
                yield path, f"unknown claim '{claim[:60]}'{hint}: see corridor sources", False
            elif register[claim].status == "rejected":
                yield path, f"claim {claim} is rejected: {register[claim].reason}", False


_MOST = {
    "speed": (120.0, "speed", "a truck on a mountain road"),
    "payload": (100_000.0, "mass", "a truck's load"),
    "service": (14_400.0, "time", "a service"),
    "lanes": (500.0, "count", "a station"),
}
"""The physical range: beyond it a number is doubted, beyond a hundred times of it refused."""


def _magnitudes(scenario: Scenario) -> Iterator[tuple[str, Path_, float]]:
    for f, flow in scenario.flows.items():
        if flow.payload is not None:
            yield "payload", ("flows", f, "payload"), flow.payload.value
    for p, port in scenario.ports.items():
        for link, travel in port.travel.items():
            yield "speed", ("ports", p, "travel", link, "speed"), travel.speed.value
        for q, post in port.posts.items():
            for s, station in post.stations.items():
                here = ("ports", p, "posts", q, "stations", s)
                yield "service", (*here, "service"), station.service.mean_min
                if station.lanes.value < UNLIMITED:
                    yield "lanes", (*here, "lanes"), station.lanes.value


def _beyond(scenario: Scenario, times: float) -> Iterator[tuple[Path_, str]]:
    for kind, path, value in _magnitudes(scenario):
        most, dimension, what = _MOST[kind]
        if value > most * times:
            shown, bound = units.show(value, dimension), units.show(most, dimension)
            yield path, f"{shown} is far from {what}, which has at most about {bound}"


def _impossible(scenario: Scenario) -> Iterator[tuple[Path_, str]]:
    for path, message in _beyond(scenario, 100):
        yield path, f"{message}: check the unit"


def warnings_of(scenario: Scenario, register: Register | None = None) -> list[str]:
    """What a reader must know and no rule forbids: numbers without evidence, fitted hold-outs.

    The register of claims is read anew if it is not given.
    """
    found = []
    entries = inventory(scenario)
    bare = [e.path for e in entries if e.evidence == "none"]
    if bare:
        shown = ", ".join(bare[:5]) + (f" and {len(bare) - 5} more" if len(bare) > 5 else "")
        found.append(f"{len(bare)} inputs have no evidence: {shown}")
    found += _doubts(scenario, entries, register or evidence.load_claims())
    series = {t.series for t in scenario.targets.values() if t.role == "fitted"}
    if len(series) > 1:
        found.append(f"fitted targets mix counting series: {', '.join(sorted(series))}")
    found += [f"{'.'.join(map(str, path))}: {message}" for path, message in _beyond(scenario, 1)]
    return found + overloads(scenario)


def _doubts(scenario: Scenario, entries: Iterable[Entry], register: Register) -> list[str]:
    """What the register doubts of this scenario, beyond what it doubts of itself."""
    found = []
    for claim, paths in _leant_on(scenario).items():
        where = ", ".join(paths[:3]) + (f" and {len(paths) - 3} more" if len(paths) > 3 else "")
        doubts = sorted(never_fitted(register, [claim]), key=lambda d: d.others != (claim,))
        found += [f"{where}: {doubt}" for doubt in doubts[:1]]  # itself, or else one it comes from
    cited = {e.path: (e.claim, e.value) for e in entries if e.evidence == "cited" and not e.rule}
    for name, target in scenario.targets.items():
        if target.observed.evidence in ("cited", "none"):  # the target's claim is its paper then
            claim = target.observed.claim or target.claim
            cited[f"targets.{name}.observed"] = claim, units.write(target.observed.value, "number")
    return found + list(map(str, cited_values(register, cited)))


def _leant_on(scenario: Scenario) -> dict[str, list[str]]:
    """The claims of all inputs and fitted targets, and where they stand; held-out ones are free."""
    held = {name for name, target in scenario.targets.items() if target.role == "held_out"}
    found: dict[str, list[str]] = {}
    for claim, paths in citations(scenario).items():
        for path in paths:
            if path[0] != "regimes" and not (path[0] == "targets" and path[1] in held):
                found.setdefault(claim, []).append(".".join(map(str, path)))
    return found


def _corridors() -> list[str]:
    path = share("geodata", "corridors.yaml")
    return _chained(path, stamp(path))


@lru_cache(maxsize=1)
def _chained(path: Path, _: Stamp) -> list[str]:
    from corridor.scenarios.document import read_document

    return list(read_document(path).data)

"""The study room: checks across rooms, before a run: places, links, corridors, claims, load."""

from __future__ import annotations

from corridor import evidence, geodata
from corridor.faults import Fault, Faults, did_you_mean
from corridor.library import share
from corridor.scenarios import Reading, Scenario
from corridor.scenarios.inventory import claims_of, inventory

__all__ = ["placed", "warnings_of"]


def placed(reading: Reading) -> None:
    """Refuse places, links, corridors and claims that are not in the library.

    Reads the registers with csv and json alone: ``corridor check`` stays quick.

    Raises
    ------
    Faults
        Each with the line that names what is missing.
    """
    scenario = reading.scenario
    places, links, corridors = geodata.place_ids(), _links(), _corridors()
    faults: list[Fault] = []

    def need(name: str, known: list[str], kind: str, path: tuple[str | int, ...]) -> None:
        if name not in known:
            hint = did_you_mean(name, known) or f": there are {', '.join(known[:12])} ..."
            faults.append(reading.fault(path, f"unknown {kind} '{name}'{hint}"))

    for p, port in scenario.ports.items():
        for q, post in port.posts.items():
            if post.place is not None:
                need(post.place, places, "place", ("ports", p, "posts", q, "place"))
        for link in port.travel:
            need(link, links, "link", ("ports", p, "travel", link))
    for f, flow in scenario.flows.items():
        if flow.corridor is not None:
            need(flow.corridor, corridors, "corridor", ("flows", f, "corridor"))
    register = evidence.load_claims()
    for claim, paths in claims_of(scenario).items():
        if claim not in register:
            path = tuple(paths[0].split("."))
            hint = did_you_mean(claim, register)
            faults.append(
                reading.fault(
                    (*path, "claim"), f"unknown claim '{claim}'{hint}: see corridor sources"
                )
            )
        elif register[claim].status == "rejected":
            path = tuple(paths[0].split("."))
            faults.append(
                reading.fault(
                    (*path, "claim"), f"claim {claim} is rejected: {register[claim].reason}"
                )
            )
    if faults:
        raise Faults(faults)


def warnings_of(scenario: Scenario) -> list[str]:
    """What a reader must know and no rule forbids: numbers without evidence, fitted hold-outs."""
    found = []
    bare = [e.path for e in inventory(scenario) if e.evidence == "none"]
    if bare:
        shown = ", ".join(bare[:5]) + (f" and {len(bare) - 5} more" if len(bare) > 5 else "")
        found.append(f"{len(bare)} numbers have no evidence: {shown}")
    fitted = [t.claim for t in scenario.targets.values() if t.role == "fitted"]
    cited = {e.path: (e.claim, e.value) for e in inventory(scenario) if e.evidence == "cited"}
    register = evidence.load_claims()
    standing = set(map(str, evidence.check(register)))
    doubts = map(str, evidence.check(register, fitted=fitted, cited=cited))
    found += [doubt for doubt in doubts if doubt not in standing]
    series = {t.series for t in scenario.targets.values() if t.role == "fitted"}
    if len(series) > 1:
        found.append(f"fitted targets mix counting series: {', '.join(sorted(series))}")
    return found


def _links() -> list[str]:
    import json

    found = []
    for path in sorted(share("geodata", "links").glob("*.geojson")):
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        found += [feature["properties"]["link"] for feature in features]
    return found


def _corridors() -> list[str]:
    from corridor.scenarios.document import read_document

    return list(read_document(share("geodata", "corridors.yaml")).data)

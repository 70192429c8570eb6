"""The study room: the record of what was asked, on what data and claims, by what design."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from corridor import __version__, evidence
from corridor.geodata import Network
from corridor.library import share
from corridor.results import provenance
from corridor.scenarios import Reading, Scenario
from corridor.scenarios.difference import changes
from corridor.scenarios.inventory import claims_of, inventory

__all__ = ["record_of"]


def record_of(
    readings: Sequence[Reading],
    network: Network,
    command: Sequence[str],
    design: dict[str, Any],
    purposes: Sequence[str],
    warnings: Sequence[str],
) -> dict[str, Any]:
    """The run record (see ``run.json`` in the interface) without wall time and outputs."""
    scenarios = [reading.scenario for reading in readings]
    base = scenarios[0]
    register, origin = evidence.load_claims(), evidence.load_sources()
    record: dict[str, Any] = {
        "schema": "corridor/run/1",
        "version": __version__,
        "commit": provenance.commit(),
        "command": list(command),
        "headline": "",
        "scenarios": [_scenario(reading) for reading in readings],
        "changes": [
            {"base": base.name, "other": other.scenario.name, "words": changes(readings[0], other)}
            for other in readings[1:]
        ],
        "held_equal": _held_equal(scenarios),
        "inputs": _inputs(scenarios),
        "set_by_hand": list(dict.fromkeys(t for s in scenarios for t in s.set_by_hand)),
        "claims": evidence.cards(register, origin, sorted(_claims(scenarios, network))),
        "data": provenance.sums(_data()),
        "random": {**_RANDOM, "seed": base.seed, "purposes": list(purposes)},
        "design": _design(base, design),
        "warnings": list(warnings),
        "packages": provenance.packages(),
    }
    record["run_id"] = provenance.run_id(record)
    return record


_RANDOM = {
    "bit_generator": "PCG64DXSM",
    "scheme": "one stream a purpose, keyed by (seed, replication, blake2b of purpose), indexed by"
    " unit; drawn by inversion",
}


def _data() -> list[Path]:
    """Every bundled data file that a run reads."""
    names = ("places.csv", "corridors.yaml", "claims.csv", "sources.csv")
    found = [share("geodata", name) for name in names]
    for folder in ("links", "basemap"):
        found += sorted(share("geodata", folder).glob("*.geojson"))
    return found


def _design(base: Scenario, stop: dict[str, Any]) -> dict[str, Any]:
    """The design of the experiment, in words where words serve."""
    interval = "Student t, skewness-corrected (Willink 2005) where skewed or few"
    if stop["precision"] is not None:  # pages tell of the interval: its width is no accident then
        interval += f"; {stop['stop_rule']}"
    return {
        "kind": "terminating",
        **stop,
        "start_state": base.period.start_state,
        "warm_up": f"{base.period.from_} to {base.period.first}, not measured",
        "interval": interval,
        "pairing": "common random numbers: each replication meets all regimes with the same draws",
        "multiplicity": "Holm, over the indicators of port and corridor, all pairs",
    }


def _scenario(reading: Reading) -> dict[str, Any]:
    s = reading.scenario
    resolved = json.loads(s.model_dump_json(exclude_none=True, by_alias=True))
    text = json.dumps(resolved, sort_keys=True, ensure_ascii=False)
    port, model = next(iter(s.ports.items()))
    papers = s.regimes.get(port)
    return {
        "name": s.name,
        "title": s.title,
        "asks": s.asks or "",
        "regime": {
            "port": port,
            "port_title": model.title,
            "name": model.regime or "",
            "title": (papers.name or papers.title) if papers else s.title,
            "long_title": papers.title if papers else s.title,
            "claim": (papers.claim or "") if papers else "",
            "why": (papers.why or papers.assumed or "") if papers else "",
        },
        "period": {
            "from": str(s.period.from_),
            "until": str(s.period.end),
            "measure_from": str(s.period.first),
            "clock": s.period.clock,
            "measured_days": (s.period.end - s.period.first).days,
        },
        "resolved": resolved,
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "files": provenance.sums(reading.files),
    }


def _held_equal(scenarios: Sequence[Scenario]) -> list[str]:
    """What all compared scenarios share, in words."""
    base = scenarios[0]
    same = {
        "flows": "Demand: the same potential vehicles with the same loads, at the same moments.",
        "events": "Storms and other events: the same ones at the same moments.",
        "costs": "Costs of time, fees and haulage.",
        "period": "The period and its start.",
    }
    found = [
        text
        for part, text in same.items()
        if (part != "events" or base.events)
        and all(getattr(s, part) == getattr(base, part) for s in scenarios)
    ]
    stations = [
        {p: {q: post.stations for q, post in port.posts.items()} for p, port in s.ports.items()}
        for s in scenarios
    ]
    if all(s == stations[0] for s in stations):
        found.append(
            "Stations: the same lanes and service times; each vehicle needs the same time."
        )
    return found if len(scenarios) > 1 else []


def _inputs(scenarios: Sequence[Scenario]) -> list[dict[str, Any]]:
    """Every number; one that all scenarios share stands once, under the base."""
    lists = {s.name: {e.path: e for e in inventory(s)} for s in scenarios}
    base = lists[scenarios[0].name]
    rows = []
    for name, entries in lists.items():
        for path, e in entries.items():
            differs = any(path not in other or other[path].value != e.value
                          for other in lists.values())  # fmt: skip
            if entries is not base and not differs:
                continue
            rows.append({
                "scenario": name, "path": path, "title": e.title, "value": e.value, "unit": e.unit,
                "low": e.low, "high": e.high, "distribution": e.distribution,
                "evidence": e.evidence, "claim": e.claim, "why": e.why, "differs": differs,
            })  # fmt: skip
    return rows


def _claims(scenarios: Sequence[Scenario], network: Network) -> set[str]:
    """Claims that the scenarios or their corridors lean on."""
    used = {claim for s in scenarios for claim in claims_of(s)}
    for corridor in {f.corridor for s in scenarios for f in s.flows.values() if f.corridor}:
        for leg in network.chain(corridor):
            used |= {*leg.claim.split(), *leg.speed_claim.split()}
    return used

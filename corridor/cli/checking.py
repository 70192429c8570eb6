"""The front door: the check of the geographic layers, and what their lengths rest on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corridor.cli.options import AsJson, geodata_app

if TYPE_CHECKING:
    from corridor.geodata import Network

__all__ = ["geodata_check", "shares"]


@geodata_app.command("check")
def geodata_check(
    strict: Annotated[bool, typer.Option("--strict", help="Warnings fail too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Validate every layer: sound, connected, sourced, lines where the road is, lengths in sum."""
    from corridor import evidence, geodata
    from corridor.faults import Fault, Faults
    from corridor.study.measured import unpublished
    from corridor.study.witness import cautions, held, links

    network = geodata.read()
    claims = evidence.load_claims()
    faults, warnings = geodata.checks(network), geodata.cautions(network)
    for row, column, claim in network.citations():
        mark = network.marks.get(row)
        if claim not in claims:
            faults.append(Fault(mark, row, f"{column}: no claim {claim!r} in claims.csv"))
        elif claims[claim].status == "rejected":
            warnings.append(Fault(mark, row, f"{column}: the claim {claim} is rejected"))
    for name in network.basemap:  # read and judged only when asked for
        assert network.basemap[name] is not None
    if faults:
        raise Faults(faults)
    warnings += [*held(claims), *cautions(claims), *geodata.disagreements()]
    said = _rests(network)
    own = unpublished(claims, links())
    if as_json:
        measured = {mode: each._asdict() for mode, each in own.items()}
        found = {"warnings": list(map(str, warnings)), "rests_on": said, "measured": measured}
        print(json.dumps(found, indent=1, ensure_ascii=False))
    else:
        for warning in warnings:
            print(f"warning: {warning}")
        for mode, found in said.items():
            print(f"{mode:5} {shares(found['km'])} of {found['total_km']:,.0f} km")
            print(f"      {own[mode]}")
        print(f"{len(network.places)} places, {len(network.links)} links, "
              f"{len(network.corridors)} corridors, {len(network.ports)} ports: no fault found, "
              f"{len(warnings)} warnings")  # fmt: skip
    if strict and warnings:
        raise typer.Exit(2)


def _rests(network: Network) -> dict[str, Any]:
    """For each mode its length and the share of it that is cited, derived, assumed."""
    found = {}
    for mode, rows in network.links.groupby("mode", sort=False):
        total = float(rows.km.sum())
        part = {word: float(rows.km[rows.evidence == word].sum()) / total
                  for word in ("cited", "derived", "assumed")}  # fmt: skip
        found[str(mode)] = {"total_km": total, "km": part}
    return found


def shares(found: dict[str, float]) -> str:
    """``30% cited, 42% derived`` of a share by word."""
    return ", ".join(f"{share:.0%} {word}" for word, share in found.items())

"""The study room: what the library holds, in words: regimes, scenarios, claims, differences."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from corridor import evidence
from corridor.faults import Faults
from corridor.library import share
from corridor.scenarios import names, read_whole, regimes
from corridor.scenarios.difference import changes, patch_between, told
from corridor.scenarios.document import read_document
from corridor.scenarios.inventory import inventory
from corridor.scenarios.patch import apply
from corridor.study.sense import placed, warnings_of

__all__ = ["claim_table", "difference_lines", "inspect", "starting_file"]


def inspect(paths: Iterable[str]) -> dict[str, Any]:
    """Read scenarios and regimes whole; what they change, and what should be doubted.

    Raises
    ------
    Faults
        All faults of all files together.
    """
    wanted = list(paths) or names()
    faults: list[Any] = []
    lines: list[str] = []
    warnings: list[str] = []
    ports: set[str] = set()
    for name in wanted:
        try:
            reading = read_whole(name)
            placed(reading)
        except Faults as found:
            faults += found.faults
            continue
        scenario = reading.scenario
        ports |= set(scenario.ports)
        entries = inventory(scenario)
        kinds = {k: sum(e.evidence == k for e in entries) for k in ("cited", "derived", "assumed")}
        lines.append(
            f"{name}: {scenario.title}. {len(entries)} inputs:"
            f" {kinds['cited']} cited, {kinds['derived']} derived, {kinds['assumed']} assumed"
        )
        warnings += [f"{name}: {warning}" for warning in warnings_of(scenario)]
    if faults:
        raise Faults(dict.fromkeys(faults))
    for port in sorted(ports):
        lines += _regime_lines(port)
    register = evidence.load_claims()
    doubts = [str(fault) for fault in evidence.placed(evidence.check(register))]
    open_ = {c for claim in register.values() for c in claim.conflict}
    lines.append(f"claims: {len(register)}, in {len(open_)} recorded conflicts (corridor sources)")
    warnings += doubts
    lines += [f"warning: {w}" for w in warnings] or ["no warnings"]
    return {"scenarios": wanted, "lines": lines, "warnings": warnings}


def _regime_lines(port: str) -> list[str]:
    """Each regime of a port and what it changes in the port's file."""
    path = share("scenarios", "ports", f"{port}.yaml")
    if not path.is_file():
        return []
    before = read_document(path, share("scenarios")).data
    lines = [f"{port}: {before['title']}"]
    for name in regimes(port):
        data = read_document(share("scenarios", "regimes", port, f"{name}.yaml")).data
        lines.append(f"  {name}: {data['title']} ({data.get('claim') or 'assumed'})")
        changed = told(before, apply(before, data.get("changes", {})))
        lines += [f"    {w}" for w in changed] or ["    the port's file as it stands"]
    return lines


def claim_table(conflicts: bool) -> tuple[list[str], list[dict[str, Any]]]:
    """All claims as lines and as data."""
    register, origin = evidence.load_claims(), evidence.load_sources()
    rows = [e for e in evidence.entries(register, origin) if e.conflict or not conflicts]
    widths = [min(34, max(len(str(row[i])) for row in rows)) for i in range(6)]
    head = ("claim", "subject", "value", "period", "status", "conflict", "source")
    lines = []
    for row in (head, *rows):
        cells = [str(c)[:w].ljust(w) for c, w in zip(row, widths, strict=False)]
        lines.append("  ".join([*cells, str(row[6])]).rstrip())
    return lines, [row._asdict() for row in rows]


def difference_lines(a: str, b: str) -> list[str]:
    """The policy difference of two scenarios in words and as a merge patch in YAML."""
    one, two = read_whole(a), read_whole(b)
    said = changes(one, two)
    patch = patch_between(one, two)
    if not said and not patch:
        return [f"{a} and {b} ask the same"]
    return [*said, "", f"# {a} becomes {b} by this patch:", patch]


def starting_file(name: str, source: str) -> Path:
    """Write a commented scenario that extends `source`; refuses to overwrite."""
    read_whole(source)
    stem = name.removesuffix(".yaml")
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]{0,39}", stem):
        raise Faults.one("write a plain name of at most 40 letters, digits, '_', such as torugart")
    if stem == Path(source).stem:
        raise Faults.one(f"{stem} is the name of the base: choose another")
    title = stem.replace("_", " ").replace("-", " ").capitalize()
    path = Path(f"{stem}.yaml")
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(_STARTING.format(title=_yaml(title), source=_yaml(source)))
    except FileExistsError:
        raise Faults.one(f"{path} exists already: choose another name") from None
    return path


def _yaml(text: str) -> str:
    """`text` as a YAML scalar, quoted where it would be read as something else."""
    plain = re.fullmatch(r"[A-Za-z][\w ./-]*", text) and text.lower() not in (
        "null",
        "true",
        "false",
    )
    return text if plain else json.dumps(text, ensure_ascii=False)


_STARTING = """\
# yaml-language-server: $schema=schema.json
# Editors check this file as you type once `corridor schema > schema.json` has run beside it.
title: {title}
asks: What do you want to know?
extends: {source}

# Only what differs from the base. Lay values over it by their path; null removes a key.
# Each number says why it is believed: claim (corridor sources), derived, or assumed.
# ports:
#   khunjerab:
#     regime: year_round
#     posts:
#       sost:
#         stations:
#           documents:
#             lanes: {{value: 6, assumed: what if twice the counters}}
"""

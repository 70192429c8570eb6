"""The front door: the commands that read the library and print: check, sources, diff, new."""

from __future__ import annotations

import json
import os
from typing import Annotated, Any

import typer

from corridor import __version__
from corridor.cli.ending import obeying
from corridor.cli.options import AsJson, Jobs, Quiet, Replications, app

__all__ = ["check", "diff", "doctor", "new", "schema", "sources"]


def _print(lines: list[str], data: Any, as_json: bool) -> None:
    print(json.dumps(data, indent=1, ensure_ascii=False) if as_json else "\n".join(lines))


@app.command()
def check(
    paths: Annotated[list[str] | None, typer.Argument(help="Scenarios; all if none.")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings fail too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Read scenarios, regimes and claims; print every regime's changes in words, and doubts."""
    from corridor.study.inspect import inspect

    found = inspect(paths or [])
    _witnessed(found)
    _print(found["lines"], found, as_json)
    if strict and found["warnings"]:
        raise typer.Exit(2)


def _witnessed(found: dict[str, Any]) -> None:
    """Add what the register says of the map, links and tables."""
    from corridor.evidence import load_claims
    from corridor.study.witness import doubts

    if said := doubts(load_claims()):
        if not found["warnings"]:
            found["lines"].remove("no warnings")
        found["warnings"] += said
        found["lines"] += [f"warning: {each}" for each in said]


@app.command()
def sources(
    claim: Annotated[str | None, typer.Argument(help="A claim id, such as KJ-10.")] = None,
    conflicts: Annotated[
        bool, typer.Option("--conflicts", help="Only claims in conflict.")
    ] = False,
    against: Annotated[
        list[str] | None,
        typer.Option(
            "--against",
            metavar="SCENARIO",
            help="How far its answer moves with each rival claim; once more for a difference.",
        ),
    ] = None,
    replications: Replications = None,
    jobs: Jobs = -1,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """The claims, their sources and conflicts; with CLAIM, one in full beside its rivals.

    With --against, the scenario (or the difference of two) is run again with each rival claim in
    place of the one it uses: five replications, unless --replications says otherwise.
    """
    if against:
        _moved(against, claim, replications or 5, jobs, as_json, quiet)
        return
    from corridor.study.inspect import claim_table
    from corridor.study.witness import portrait

    if claim:
        _print(*portrait(claim), as_json)
    else:
        _print(*claim_table(conflicts), as_json)


def _moved(
    names: list[str], claim: str | None, replications: int, jobs: int, as_json: bool, quiet: bool
) -> None:
    """How far an answer moves with each rival claim."""
    from dataclasses import asdict

    from corridor import evidence, geodata
    from corridor.analysis import moved
    from corridor.evidence.describe import find
    from corridor.report.rivals import moves_lines
    from corridor.report.terminal import progress_bar

    register = evidence.load_claims()
    if claim:
        find(register, claim)
    with progress_bar(quiet or as_json) as progress:
        found = moved(
            names, geodata.load(), register, only=claim, replications=replications, jobs=jobs,
            progress=obeying(progress),
        )  # fmt: skip
    data = [asdict(trial) for trial in found]
    _print(moves_lines(found, register, names, replications, claim), data, as_json)


@app.command()
def diff(a: str, b: str) -> None:
    """The policy difference of two scenarios, in words and as a YAML patch."""
    from corridor.study.inspect import difference_lines

    print("\n".join(difference_lines(a, b)))


@app.command()
def new(
    name: str,
    source: Annotated[str, typer.Option("--from", help="The scenario to start from.")],
) -> None:
    """Write a commented starting file NAME.yaml in this folder."""
    from corridor.study.inspect import starting_file

    path = starting_file(name, source)
    print(f"Wrote {path}. Next: corridor check {path}")


@app.command()
def schema() -> None:
    """JSON Schema of a scenario, for editors."""
    from corridor.scenarios.schema import json_schema

    print(json.dumps(json_schema(), indent=1, ensure_ascii=False))


@app.command()
def doctor() -> None:
    """Versions, paths, optional parts present or not; for reports of bugs."""
    import platform
    import shutil

    from corridor.library import share
    from corridor.results.provenance import commit, packages

    print(f"corridor {__version__} {commit()}".rstrip())
    print(f"platform {platform.platform()}, {os.cpu_count()} cores")
    print(f"data     {share()}")
    for package, version in packages().items():
        print(f"  {package:14} {version}")
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    print(f"  {'browser':14} {browser or 'none found (only the tests need one)'}")

"""The front door: commands. What they do is in the rooms; here are names, options, exit statuses.

Exit status: 0 done; 1 a fault of ours; 2 bad input; 3 a target or precision not reached; 4 an
input/output fault; 130 interrupted.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import click
import typer

from corridor import __version__
from corridor.faults import Faults

app = typer.Typer(
    name="corridor",
    help="What does a border port's operating regime do to the trade that passes through it?",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
geodata_app = typer.Typer(help="The layers: validate, list, export.", no_args_is_help=True)
app.add_typer(geodata_app, name="geodata")

Out = Annotated[Path | None, typer.Option("--out", help="Folder for the results.")]
Replications = Annotated[
    int | None, typer.Option("--replications", min=1, max=100_000, help="Runs of each scenario.")
]
Seed = Annotated[int | None, typer.Option("--seed", min=0, help="Root of all chance.")]
EngineName = Annotated[str, typer.Option("--engine", help="auto or simpy.")]
Jobs = Annotated[int, typer.Option("--jobs", min=-1, help="Worker processes; -1: one a core.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print nothing but faults.")]
Set = Annotated[
    list[str] | None, typer.Option("--set", help="Override: ports.khunjerab.regime=year_round")
]


@app.command()
def demo(
    out: Out = None,
    replications: Replications = None,
    jobs: Jobs = -1,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Compare Khunjerab seasonal with year-round on the bundled data; no network needed."""
    names = ["khunjerab_seasonal", "khunjerab_year_round"]
    command = ["corridor", "compare", *names]
    _study(names, out or Path("out/demo"), command, replications, None, "auto", jobs, as_json,
           quiet, ())  # fmt: skip
    if not (quiet or as_json):
        print("Next:  corridor compare khorgos_fixed_hours khorgos_24h")
        print("       corridor new my_port --from khunjerab_seasonal   ·   corridor sources KJ-10")


@app.command()
def run(
    scenario: str,
    out: Out = None,
    replications: Replications = None,
    seed: Seed = None,
    engine: EngineName = "auto",
    jobs: Jobs = -1,
    settings: Set = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Run one scenario, all replications."""
    out = out or Path("out") / Path(scenario).stem
    command = ["corridor", "run", scenario]
    _study([scenario], out, command, replications, seed, engine, jobs, as_json, quiet,
           settings or ())  # fmt: skip


@app.command()
def compare(
    base: str,
    others: Annotated[list[str], typer.Argument(help="One scenario or more to hold against BASE.")],
    out: Out = None,
    replications: Replications = None,
    seed: Seed = None,
    engine: EngineName = "auto",
    jobs: Jobs = -1,
    settings: Set = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Compare scenarios, paired: differences with intervals, one report, one map."""
    names = [base, *others]
    out = out or Path("out") / "_vs_".join(Path(name).stem for name in names)[:80]
    command = ["corridor", "compare", *names]
    _study(names, out, command, replications, seed, engine, jobs, as_json, quiet, settings or ())


def _study(
    names: Sequence[str],
    out: Path,
    command: list[str],
    replications: int | None,
    seed: int | None,
    engine: str,
    jobs: int,
    as_json: bool,
    quiet: bool,
    settings: Sequence[str],
) -> None:
    """Read, run, deliver; what `demo`, `run` and `compare` share."""
    began = time.monotonic()
    if engine not in ("auto", "simpy"):
        raise Faults.one(f"no engine '{engine}': write auto or simpy", "--engine")
    folder = _folder(out)
    from corridor.scenarios import read_whole

    readings = [read_whole(name, settings) for name in names]
    for option, value in (("--replications", replications), ("--seed", seed)):
        command += [option, str(value)] if value is not None else []
    command += [part for text in settings for part in ("--set", text)]
    from corridor import geodata
    from corridor.report.deliver import deliver, titled
    from corridor.report.terminal import progress_bar, summary
    from corridor.results.files import locked
    from corridor.study import study

    with locked(folder):
        network = geodata.load()
        with progress_bar(quiet or as_json) as progress:
            results = study(readings, replications=replications, seed=seed, jobs=jobs,
                            engine="simpy" if engine == "simpy" else "auto", command=command,
                            network=network, progress=progress)  # fmt: skip
        results = titled(results)
        written = deliver(results, network, folder, began)
    if as_json:
        print(json.dumps(summary(results, written), indent=1, ensure_ascii=False))
    elif not quiet:
        from corridor.report.terminal import answer

        answer(results)
        print(f"Wrote {folder}: {', '.join(path.name for path in written)}")


def _folder(out: Path) -> Path:
    """The folder of results, if it can be one."""
    text = str(out)
    if "\0" in text or len(text) > 1000 or text.startswith("-") or not text.strip():
        raise Faults.one("cannot be a folder: give a plain path", "--out")
    if out.exists() and not out.is_dir():
        raise Faults.one(f"{out} is a file: give a folder", "--out")
    return out


@app.command()
def check(
    paths: Annotated[list[str] | None, typer.Argument(help="Scenarios; all if none.")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings fail too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Read scenarios, regimes and claims; print every regime's changes in words, and doubts."""
    from corridor.study.inspect import inspect

    found = inspect(paths or [])
    if as_json:
        print(json.dumps(found, indent=1, ensure_ascii=False))
    else:
        for line in found["lines"]:
            print(line)
    if strict and found["warnings"]:
        raise typer.Exit(2)


@app.command()
def sources(
    claim: Annotated[str | None, typer.Argument(help="A claim id, such as KJ-10.")] = None,
    conflicts: Annotated[bool, typer.Option("--conflicts", help="Only claims in conflict.")] = False,
    as_json: AsJson = False,
) -> None:
    """The claims, their sources and conflicts; with CLAIM, one in full beside its rivals."""
    from corridor.study.inspect import claim_lines, claim_table

    if claim:
        lines, data = claim_lines(claim)
    else:
        lines, data = claim_table(conflicts)
    print(json.dumps(data, indent=1, ensure_ascii=False) if as_json else "\n".join(lines))


@app.command()
def diff(a: str, b: str) -> None:
    """The policy difference of two scenarios, in words and as a YAML patch."""
    from corridor.study.inspect import difference_lines

    print("\n".join(difference_lines(a, b)))


@app.command(name="map")
def map_(folder: Path) -> None:
    """Draw the map of saved results again."""
    from corridor import geodata
    from corridor.report.deliver import draw_again
    from corridor.results.files import load, locked

    results = load(folder)
    with locked(folder):
        draw_again(results, geodata.load(), folder / "map.html")
    print(f"Wrote {folder / 'map.html'}")


@app.command()
def report(folder: Path) -> None:
    """Publish the report of saved results again."""
    from corridor import geodata
    from corridor.report.deliver import publish_again
    from corridor.results.files import load, locked

    results = load(folder)
    with locked(folder):
        publish_again(results, geodata.load(), folder / "report.html")
    print(f"Wrote {folder / 'report.html'}")


@app.command()
def verify(folder: Path, jobs: Jobs = -1, quiet: Quiet = False) -> None:
    """Run again from run.json; say identical, or what differs and by how much."""
    from corridor.report.terminal import progress_bar
    from corridor.results.files import load
    from corridor.study.verify import again
    from corridor.study.verify import verify as differing

    saved = load(folder)
    with progress_bar(quiet) as progress:
        fresh = again(saved.record, jobs, progress)
    lines = differing(saved, fresh)
    print("\n".join(lines) if lines else f"identical: {folder} can be made again, number for number")
    if lines:
        raise typer.Exit(3)


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


@geodata_app.command("check")
def geodata_check() -> None:
    """Validate every layer: CRS, finite, in its box, connected, no leg shorter than straight."""
    from corridor import geodata

    network = geodata.load()
    print(f"{len(network.places)} places, {len(network.links)} links, "
          f"{len(network.corridors)} corridors: no fault found")  # fmt: skip


@geodata_app.command("show")
def geodata_show() -> None:
    """List corridors with their legs, lengths and evidence."""
    from corridor import geodata

    network = geodata.load()
    for name, corridor in network.corridors.items():
        print(f"{name}: {corridor.title}")
        for leg in network.chain(name):
            print(f"  {leg.until_km:7.0f} km  {leg.link:36} {leg.km:6.0f} km  "
                  f"{leg.speed_kmh:5.1f} km/h  {leg.evidence} {leg.claim}".rstrip())  # fmt: skip


@geodata_app.command("export")
def geodata_export(
    out: Annotated[Path, typer.Option("--out", help="Folder.")] = Path("out/geodata"),
) -> None:
    """Write places and links as a GeoPackage for QGIS."""
    from corridor import geodata
    from corridor.results.files import locked

    with locked(_folder(out)):
        network = geodata.load()
        geodata.write_gpkg(out / "corridor.gpkg", network.places, network.links)
    print(f"Wrote {out / 'corridor.gpkg'}")


def _version(wanted: bool) -> None:
    if wanted:
        print(f"corridor {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")
    ] = False,
) -> None:
    pass


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with the status the interface promises."""
    sys.exit(_status(arguments))


def _status(arguments: Sequence[str] | None) -> int:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal that is not UTF-8 must not stop a run
            stream.reconfigure(errors="backslashreplace")
    try:
        result: Any = app(args=arguments, standalone_mode=False)
        return result if isinstance(result, int) else 0
    except Faults as faults:
        for fault in faults.faults[:20]:
            print(fault, file=sys.stderr)
        if len(faults.faults) > 20:
            print(f"and {len(faults.faults) - 20} more", file=sys.stderr)
        return 2
    except click.ClickException as error:
        error.show()
        return 2
    except (click.Abort, KeyboardInterrupt):
        print("interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        print(f"cannot read or write: {error.strerror or error}: "
              f"{error.filename or ''}".rstrip(": "), file=sys.stderr)  # fmt: skip
        return 4
    except Exception:
        with tempfile.NamedTemporaryFile(
            "w", prefix="corridor-", suffix=".log", delete=False, encoding="utf-8"
        ) as log:
            traceback.print_exc(file=log)
        print(f"a fault of ours, sorry: details in {log.name}", file=sys.stderr)
        return 1

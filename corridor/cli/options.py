"""The front door: the command line itself and the options that several commands share."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from corridor import __version__
from corridor.faults import Faults

__all__ = [
    "AsJson",
    "Cluster",
    "EngineName",
    "Jobs",
    "Out",
    "Precision",
    "Quiet",
    "Replications",
    "Rivals",
    "Seed",
    "Set",
    "app",
    "folder_of",
    "geodata_app",
]

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


def _whole(least: int, most: int, zero: bool = True) -> Callable[[str], int]:
    """A reader of whole numbers within bounds that says what to write."""

    def read(text: str) -> int:
        number = int(text) if re.fullmatch(r"[-+]?[0-9]{1,18}", str(text)) else None
        if number is None or not least <= number <= most or (number == 0 and not zero):
            but = "" if zero else ", not 0"
            raise typer.BadParameter(
                f"'{str(text)[:40]}': write a whole number from {least} to {most}{but}"
            )
        return number

    return read


Out = Annotated[str | None, typer.Option("--out", help="Folder for the results.")]
Replications = Annotated[
    int | None,
    typer.Option(
        "--replications", parser=_whole(1, 100_000), metavar="N", help="Runs of each scenario."
    ),
]
Precision = Annotated[
    str | None,
    typer.Option(
        "--precision",
        metavar="5%",
        help="Add runs until every indicator of port and corridor is known to that share; 5%:all:"
        " every reported one.",
    ),
]
Seed = Annotated[
    int | None,
    typer.Option("--seed", parser=_whole(0, 10**18 - 1), metavar="N", help="Root of all chance."),
]
EngineName = Annotated[
    str, typer.Option("--engine", help="auto, fast (compiled) or simpy: the same numbers.")
]
Jobs = Annotated[
    int,
    typer.Option(
        "--jobs",
        parser=_whole(-1, 1000, zero=False),
        metavar="N",
        help="Workers on this computer; -1: one a core.",
    ),
]
Cluster = Annotated[
    str | None,
    typer.Option(
        "--cluster",
        metavar="ADDRESS",
        help="A Dask scheduler's address, or local for one of our own with --jobs workers.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print nothing but faults.")]
Set = Annotated[
    list[str] | None, typer.Option("--set", help="Override: ports.khunjerab.regime=year_round")
]
Rivals = Annotated[
    bool,
    typer.Option(
        "--rivals",
        help="Run again with each rival claim: the report then says how far the answer moves.",
    ),
]


def folder_of(text: str) -> Path:
    """The folder of results, if it can be one."""
    names = Path(text).parts if "\0" not in text else ()
    if not text.strip() or text.startswith("-") or not names:
        raise Faults.one("cannot be a folder: give a plain path, such as out/mine", "--out")
    if any(len(os.fsencode(name)) > 255 for name in names):
        raise Faults.one("a name of more than 255 characters: give a shorter one", "--out")
    if Path(text).exists() and not Path(text).is_dir():
        raise Faults.one(f"{text} is a file: give a folder", "--out")
    return Path(text)


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

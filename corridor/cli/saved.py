"""The front door: the commands that work on saved results."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from corridor.cli.ending import obeying
from corridor.cli.options import Jobs, Quiet, app
from corridor.faults import Faults

if TYPE_CHECKING:
    from corridor.results import Results

__all__ = ["map_", "report", "verify"]


def _saved(folder: Path) -> Results:
    """The results in `folder`; a table that cannot be read is bad input."""
    from corridor.results.files import load

    try:
        return load(folder)
    except (ValueError, KeyError):  # what pandas and Arrow raise for a damaged file
        raise Faults.one(f"a table in {folder} is damaged: run the command again") from None
    except OSError as error:
        if error.errno is None:  # Arrow, again; the system's own faults carry a number
            raise Faults.one(f"a table in {folder} is damaged: run the command again") from None
        raise


@app.command(name="map")
def map_(folder: Path) -> None:
    """Draw the map of saved results again."""
    from corridor.report.deliver import draw

    _remade(folder, "map.html", draw)


@app.command()
def report(folder: Path) -> None:
    """Publish the report of saved results again."""
    from corridor.report.deliver import publish

    _remade(folder, "report.html", publish)


def _remade(folder: Path, name: str, make: Callable[[Results, Path], None]) -> None:
    """Make one page of saved results anew, in its place."""
    from corridor.results.files import locked

    results = _saved(folder)
    with locked(folder):
        make(results, folder / name)
    print(f"Wrote {folder / name}")


@app.command()
def verify(folder: Path, jobs: Jobs = -1, quiet: Quiet = False) -> None:
    """Run again from run.json; say identical, or what differs and by how much."""
    from corridor.report.terminal import progress_bar
    from corridor.study.settle import settled, touched
    from corridor.study.verify import again
    from corridor.study.verify import verify as differing

    saved = _saved(folder)
    with progress_bar(quiet) as progress:
        fresh = settled(again(saved.record, jobs, obeying(progress)))
    lines = [*touched(folder), *differing(saved, fresh)]
    if lines:
        print("\n".join(lines))
        raise typer.Exit(3)
    if not quiet:
        print(f"identical: {folder} can be made again, number for number")

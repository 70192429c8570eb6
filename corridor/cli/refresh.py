"""The front door: `corridor geodata refresh`, true alignments from OpenStreetMap."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corridor.cli.options import AsJson, Quiet, folder_of, geodata_app
from corridor.faults import Faults
from corridor.library import share

if TYPE_CHECKING:
    from corridor.geodata.redraw import Change
    from corridor.geodata.refresh import Wish

__all__ = ["geodata_refresh"]


def _km(least: float, most: float) -> Callable[[str], float]:
    """A reader of kilometres within bounds."""

    def read(text: str) -> float:
        try:
            number = float(text)
        except ValueError:
            number = math.nan
        if not least <= number <= most:
            raise typer.BadParameter(f"'{str(text)[:40]}': write km from {least:g} to {most:g}")
        return number

    return read


Route = Annotated[str, typer.Argument(help="A corridor, a link, or two places: a-b.")]
Pbf = Annotated[
    list[Path] | None,
    typer.Option("--pbf", metavar="FILE", help="A local extract; once more for each neighbour."),
]
Overpass = Annotated[
    bool, typer.Option("--overpass", help="Ask an Overpass server instead; for a few links.")
]
OverpassUrl = Annotated[
    str | None, typer.Option("--overpass-url", metavar="URL", help="Another server, up to /api.")
]
Out = Annotated[str, typer.Option("--out", help="Folder for the new file.")]
Cache = Annotated[str, typer.Option("--cache", help="Folder for the server's answers.")]
Own = Annotated[
    str | None, typer.Option("--geodata", metavar="DIR", help="A geodata folder of your own.")
]
Near = Annotated[
    float | None,
    typer.Option(
        "--near",
        parser=_km(0.5, 100),
        metavar="KM",
        help="How far from the present line to look; else 25, from a server 8.",
    ),
]
Snap = Annotated[
    float,
    typer.Option(
        "--snap", parser=_km(0, 50), metavar="KM", help="How far a place may lie off its way."
    ),
]
Wider = Annotated[bool, typer.Option("--wider", help="Secondary roads too.")]
Write = Annotated[bool, typer.Option("--write", help="Replace the file in the geodata folder too.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask before replacing.")]


@geodata_app.command("refresh")
def geodata_refresh(
    route: Route,
    pbf: Pbf = None,
    overpass: Overpass = False,
    overpass_url: OverpassUrl = None,
    out: Out = "out/geodata-refresh",
    cache: Cache = "out/overpass-cache",
    own: Own = None,
    near: Near = None,
    snap: Snap = 3.0,
    wider: Wider = False,
    write: Write = False,
    yes: Yes = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Replace the drawn line of links by the road or railway that OpenStreetMap has.

    Says first what changes. Nothing goes over the network unless --overpass is given.
    """
    files = tuple(pbf or ())
    if bool(files) == overpass or (overpass_url is not None and not overpass):
        raise Faults.one("give --pbf FILE for a local extract, or --overpass to ask a server")
    if write and not yes and (as_json or quiet):
        raise Faults.one("with --json or --quiet nobody is asked: give --yes too", "--write")
    world, folder, kept = _world(own, write), folder_of(out), folder_of(cache)
    tell = _nobody if quiet else _aside if as_json else print
    from corridor.geodata.refresh import PUBLIC, Wish
    from corridor.geodata.splice import spliced

    server = PUBLIC if overpass_url is None else overpass_url
    wish = Wish(files, server, kept, near or (8.0 if overpass else 25.0), wider)
    path, changes, credit = _changes(world, route, wish, snap, tell)
    _show(changes, credit, as_json, quiet)
    before = path.read_bytes()
    lines = {change.link: change.line for change in changes}
    after = spliced(before.decode(), lines, "osm", credit).encode()
    _keep(folder / path.name, after, tell)
    if write:
        _replace(path, before, after, yes, tell)


def _changes(
    world: Path, route: str, wish: Wish, snap: float, tell: Callable[[str], None]
) -> tuple[Path, list[Change], str]:
    """The file of the route's links, what changes in it, and the credit for that."""
    from corridor.geodata import read
    from corridor.geodata.redraw import redrawn
    from corridor.geodata.refresh import gathered, links_of

    network = read(world)  # faults elsewhere in the folder are no reason to stop
    links = links_of(network, route)
    found = gathered(links, wish, tell)
    path = world / "links" / f"{links['mode'].iloc[0]}.geojson"
    return path, redrawn(network, links, found.tracks, snap), found.credit


def _nobody(words: str) -> None:
    pass


def _aside(words: str) -> None:
    print(words, file=sys.stderr)


def _world(own: str | None, write: bool) -> Path:
    """The geodata folder in use."""
    if own is not None:
        folder = folder_of(own).resolve()
        if not folder.is_dir():
            raise Faults.one("no such folder", "--geodata")
        return folder
    folder = share("geodata")
    if write and folder.parent.name == "_share":
        message = (
            "the data of an installed Corridor stay as they are: copy them, give --geodata DIR"
        )
        raise Faults.one(message, "--write")
    return folder


def _show(changes: Sequence[Change], credit: str, as_json: bool, quiet: bool) -> None:
    """What changes, a line a link, and what to look at."""
    if as_json:
        rows = [
            {
                "link": change.link,
                "cited_km": change.cited_km,
                "drawn_km": round(change.before_km, 3),
                "osm_km": round(change.osm_km, 3),
                "off_km": {"mean": round(change.mean_km, 3), "p95": round(change.p95_km, 3),
                           "max": round(change.most_km, 3)},
                "places_off_km": {name: round(km, 3) for name, km in change.off},
                "warnings": list(change.warnings()),
            }
            for change in changes
        ]  # fmt: skip
        print(json.dumps({"links": rows, "credit": credit}, indent=1, ensure_ascii=False))
    elif not quiet:
        print(f"{'link':36} {'cited':>7} {'drawn':>7} {'OSM':>7} km    off the old line:"
              f" {'mean':>5} {'p95':>5} {'max':>5} km")  # fmt: skip
        for change in changes:
            print(f"{change.link:36} {change.cited_km:7.0f} {change.before_km:7.0f}"
                  f" {change.osm_km:7.0f}{'':25}"
                  f"{change.mean_km:5.1f} {change.p95_km:5.1f} {change.most_km:5.1f}")  # fmt: skip
            for warning in change.warnings():
                print(f"  look: {warning}")


def _keep(path: Path, data: bytes, tell: Callable[[str], None]) -> None:
    """Write the new file into the folder of results."""
    from corridor.results.files import locked, whole

    with locked(path.parent):
        whole(path, lambda draft: draft.write_bytes(data))
    tell(f"Wrote {path}; its new lines are under ODbL 1.0: keep their credit")


def _replace(
    path: Path, before: bytes, after: bytes, yes: bool, tell: Callable[[str], None]
) -> None:
    """Put the new file in the place of the old one, unless somebody else changed that meanwhile."""
    from corridor.results.files import whole

    if not yes:
        typer.confirm(f"Replace {path}?", abort=True)
    if path.read_bytes() != before:
        raise Faults.one(f"{path} has changed meanwhile: run the command again", "--write")
    whole(path.resolve(), lambda draft: draft.write_bytes(after))
    tell(f"Replaced {path}; its sha256, licence and credit in catalogue.yaml are yours to renew")

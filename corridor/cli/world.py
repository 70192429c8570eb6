"""The front door: the map of the layers."""

from __future__ import annotations

from typing import Annotated

import typer

from corridor.cli.options import Quiet, folder_of, geodata_app

__all__ = ["geodata_map"]


@geodata_app.command("map")
def geodata_map(
    out: Annotated[str, typer.Option("--out", help="Folder.")] = "out/geodata",
    quiet: Quiet = False,
) -> None:
    """Draw all layers as one page: ports, links, corridors, heights, incidents, trade."""
    from corridor import evidence, geodata
    from corridor.maps.atlas import draw_world
    from corridor.results.files import locked

    folder = folder_of(out)
    network = geodata.load()
    claims, sources = evidence.load_claims(), evidence.load_sources()
    publishers = {
        claim.claim: "; ".join(sources[each].publisher for each in claim.source)
        for claim in claims.values()
    }
    with locked(folder):
        draw_world(network, evidence.trade(claims), publishers, folder / "world.html")
    if not quiet:
        print(f"Wrote {folder / 'world.html'}")

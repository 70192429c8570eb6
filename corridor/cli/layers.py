"""The front door: the commands of the geographic layers."""

from __future__ import annotations

from typing import Annotated

import typer

from corridor.cli.options import folder_of, geodata_app

__all__ = ["geodata_check", "geodata_export", "geodata_show"]


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
    out: Annotated[str, typer.Option("--out", help="Folder.")] = "out/geodata",
) -> None:
    """Write places and links as a GeoPackage for QGIS."""
    from corridor import geodata
    from corridor.results.files import locked

    folder = folder_of(out)
    with locked(folder):
        network = geodata.load()
        geodata.write_gpkg(folder / "corridor.gpkg", network.places, network.links)
    print(f"Wrote {folder / 'corridor.gpkg'}")

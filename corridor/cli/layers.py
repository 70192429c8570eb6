"""The front door: the commands of the geographic layers: show, export."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corridor.cli.options import AsJson, folder_of, geodata_app
from corridor.cli.tables import plain, write_table

if TYPE_CHECKING:
    from corridor.geodata import Network

__all__ = ["geodata_export", "geodata_show"]


@geodata_app.command("show")
def geodata_show(
    name: Annotated[
        str | None, typer.Argument(help="A layer, a port, a corridor, a link or a place.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the layers; with NAME, the rows of a layer, the legs of a corridor, a port in full."""
    from corridor import geodata

    network = geodata.load()
    if name is None:
        _catalogue(network, as_json)
        return
    tables = {**geodata.export_tables(network), **_register(network)}
    rows = _named(network, tables, name)
    told = geodata.events(network, name) if name in set(network.links.link) else []
    if told and as_json:
        rows[0]["incidents"] = told
    if as_json:
        print(json.dumps(rows, indent=1, ensure_ascii=False, default=str))
    elif len(rows) == 1:
        wide = max(map(len, rows[0]))
        for key, value in rows[0].items():
            if value not in ("", None) and value == value:
                print(f"{key:{wide}}  {plain(value)}")
        _print_events(told)
    else:
        write_table(list(rows[0]) if rows else [], [list(row.values()) for row in rows])


def _print_events(told: list[dict[str, Any]]) -> None:
    """Under a leg, what is on record of it."""
    if told:
        print("\nHazards and incidents on record, on the leg or at its ends")
        head = ("from", "kind", "where", "stopped", "closed_days", "name", "claim")
        write_table(head, [[each[column] for column in head] for each in told])


def _catalogue(network: Network, as_json: bool) -> None:
    """Every layer with its size, licence and date, then the corridors."""
    from corridor import geodata

    tables = {**geodata.export_tables(network), **_register(network)}
    rows = [
        {"layer": each.layer, "rows": len(tables[each.layer]), "title": each.title,
         "licence": each.licence, "credit": each.credit, "date": each.date,
         "file": each.file or " ".join(each.made_from)}
        for each in geodata.read_catalogue().values()
        if each.layer in tables
    ]  # fmt: skip
    chains = [
        {"corridor": key, "title": corridor.title, "km": network.chain(key)[-1].until_km}
        for key, corridor in network.corridors.items()
    ]
    if as_json:
        print(json.dumps({"layers": rows, "corridors": chains}, indent=1, ensure_ascii=False))
        return
    short = ("layer", "rows", "title", "licence", "date")
    write_table(short, [[row[column] for column in short] for row in rows])
    print()
    write_table(("corridor", "km", "title"), [[c["corridor"], c["km"], c["title"]] for c in chains])


def _named(network: Network, tables: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The rows that `name` stands for."""
    from corridor.faults import Faults, did_you_mean

    if name in tables and name != "corridors":
        return _records(tables[name])
    if name in network.corridors:
        return [
            {"until_km": leg.until_km, "link": leg.link, "km": leg.km, "km_h": leg.speed_kmh,
             "road": leg.name, "evidence": leg.evidence, "claim": leg.claim}
            for leg in network.chain(name)
        ]  # fmt: skip
    links = [tables[mode] for mode in ("road", "rail", "sea") if mode in tables]
    for table, key in ((network.ports, "port"), *((each, "link") for each in links),
                       (network.places, "place"), (tables["corridors"], "corridor")):  # fmt: skip
        if name in (set(table[key]) if len(table) else ()):
            return _records(table[table[key] == name])
    if name == "corridors":
        return _records(tables[name])
    known = [*tables, *network.corridors, *network.ports.port, *network.links.link]
    hint = did_you_mean(name, [*known, *network.places.place])
    raise Faults.one(f"no layer, port, corridor, link or place {name!r}{hint}")


def _records(table: Any) -> list[dict[str, Any]]:
    """Rows as plain values; a point as degrees, other geometry left out."""
    rows = table.drop(columns="geometry", errors="ignore").to_dict("records")
    if "geometry" in table:
        for row, shape in zip(rows, table.geometry, strict=True):
            if shape.geom_type == "Point" and not shape.is_empty:
                row |= {"lat": shape.y, "lon": shape.x}
    return [{key: None if value != value else value for key, value in row.items()} for row in rows]


@geodata_app.command("export")
def geodata_export(
    out: Annotated[str, typer.Option("--out", help="Folder.")] = "out/geodata",
    format_: Annotated[
        str, typer.Option("--format", help="gpkg, parquet, geojson or all.")
    ] = "gpkg",
    as_json: AsJson = False,
) -> None:
    """Write the layers: a GeoPackage with styles for QGIS, GeoParquet or GeoJSON."""
    from corridor import geodata
    from corridor.results.files import locked

    folder = folder_of(out)
    formats = geodata.FORMATS if format_ == "all" else (format_,)
    with locked(folder):
        catalogue, network = geodata.read_catalogue(), geodata.load()
        more = _register(network)
        written = geodata.write_layers(network, folder, catalogue, formats, more)
    if as_json:
        print(json.dumps({"wrote": list(map(str, written))}, indent=1, ensure_ascii=False))
    else:
        for path in written:
            print(f"Wrote {path}")


def _register(network: Network) -> dict[str, Any]:
    """The layers that rest on the register: trade, and the register itself."""
    from corridor import evidence
    from corridor.maps.register import register_tables

    claims = evidence.load_claims()
    figures = evidence.trade(claims)
    return register_tables(network, figures, claims, evidence.load_sources())

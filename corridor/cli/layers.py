"""The front door: the commands of the geographic layers: show, route, export."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corridor.cli.checking import shares
from corridor.cli.options import AsJson, folder_of, geodata_app

if TYPE_CHECKING:
    from corridor.geodata import Network, Route
    from corridor.geodata.catalogue import Entry

__all__ = ["geodata_export", "geodata_route", "geodata_show"]


WIDEST = 60  # characters of a cell in a table of many rows


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
    tables = geodata.export_tables(network)
    rows = _named(network, tables, name)
    if as_json:
        print(json.dumps(rows, indent=1, ensure_ascii=False, default=str))
    elif len(rows) == 1:
        wide = max(map(len, rows[0]))
        for key, value in rows[0].items():
            if value not in ("", None) and value == value:
                print(f"{key:{wide}}  {_plain(value)}")
    else:
        _table(list(rows[0]) if rows else [], [list(row.values()) for row in rows])


def _catalogue(network: Network, as_json: bool) -> None:
    """Every layer with its size, licence and date, then the corridors."""
    from corridor import geodata

    tables = geodata.export_tables(network)
    rows = [
        {"layer": each.layer, "rows": len(tables[each.layer]), "title": each.title,
         "licence": each.licence, "credit": each.credit, "date": each.date, "file": each.file}
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
    _table(short, [[row[column] for column in short] for row in rows])
    print()
    _table(("corridor", "km", "title"), [[c["corridor"], c["km"], c["title"]] for c in chains])


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


@geodata_app.command("route")
def geodata_route(
    a: Annotated[str, typer.Argument(metavar="FROM", help="A place, such as kashgar.")],
    b: Annotated[str, typer.Argument(metavar="TO", help="A place, such as karachi.")],
    by: Annotated[str, typer.Option("--by", help="time, distance or cost.")] = "time",
    mode: Annotated[
        list[str] | None, typer.Option("--mode", help="road, rail or sea; several may be given.")
    ] = None,
    season: Annotated[
        str, typer.Option("--season", help="year, winter, spring, summer or autumn.")
    ] = "year",
    closed: Annotated[
        list[str] | None, typer.Option("--closed", help="A port to count as shut; repeatable.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """The shortest way between two places: legs, stays at borders and terminals, totals."""
    import dataclasses

    from corridor import geodata

    network = geodata.load()
    modes = tuple(mode or ("road", "rail", "sea"))
    route = network.route(a, b, by, modes, season, tuple(closed or ()))
    if as_json:
        totals = {"km": route.km, "hours": route.hours, "usd_per_teu": route.usd}
        rests = {what: route.resting_on(what) for what in ("km", "hours", "usd")}
        found = {**dataclasses.asdict(route), **totals, "rests_on": rests}
        print(json.dumps(found, indent=1, ensure_ascii=False))
    else:
        _tell(network, route)


def _tell(network: Network, route: Route) -> None:
    """A route as a table with running totals, and what the totals rest on."""
    names = dict(zip(network.places.place, network.places["name"], strict=True))
    words = {"leg": "", "gauge": "change of gauge", "border": "border", "transfer": "transfer"}
    rows, km, hours, usd = [], 0.0, 0.0, 0.0
    for step in route.steps:
        km, hours, usd = km + step.km, hours + step.hours, usd + step.usd
        rows.append([
            step.name, step.mode, words[step.what] or f"to {names[step.to_place]}",
            f"{step.km:,.0f}" if step.km else "", f"{step.hours:,.1f}", f"{step.usd:,.0f}",
            f"{km:,.0f}", f"{hours:,.1f}", f"{usd:,.0f}",
            step.km_evidence or step.hours_evidence,
        ])  # fmt: skip
    when = "" if route.season == "year" else f", {route.season}"
    print(f"{names[route.from_place]} to {names[route.to_place]}, least {route.by} "
          f"by {', '.join(route.modes)}{when}\n")  # fmt: skip
    _table(("leg or place", "mode", "", "km", "h", "USD", "sum km", "sum h", "sum USD", "rests on"),
           rows, right=range(3, 9))  # fmt: skip
    low, high = (sum(getattr(s, f"usd_{end}") for s in route.steps) for end in ("low", "high"))
    print(f"\n{route.km:,.0f} km  {shares(route.resting_on('km'))}")
    print(f"{route.hours:,.1f} h ({route.hours / 24:.1f} days)  "
          f"{shares(route.resting_on('hours'))}")  # fmt: skip
    print(f"{route.usd:,.0f} USD per TEU ({low:,.0f} to {high:,.0f})  "
          f"{shares(route.resting_on('usd'))}")  # fmt: skip


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
        more = {"trade": _trade(network, catalogue["countries"])}
        written = geodata.write_layers(network, folder, catalogue, formats, more)
    if as_json:
        print(json.dumps({"wrote": list(map(str, written))}, indent=1, ensure_ascii=False))
    else:
        for path in written:
            print(f"Wrote {path}")


def _trade(network: Network, ground: Entry) -> tuple[Any, Entry]:
    """The trade figures of the register on the ground of their partners, and their papers."""
    from corridor import evidence
    from corridor.maps.dealings import trade_layer
    from corridor.maps.world import REPORTER

    capital = network.places.geometry[network.places.place == REPORTER].iloc[0]
    figures = evidence.trade(evidence.load_claims())
    table = trade_layer(figures, network.basemap["countries"], capital)
    return table, replace(
        ground,
        layer="trade",
        title="Trade of Xinjiang by partner, flow and period; what was rejected stands beside it",
        licence=f"figures: MIT, each with its claim; polygons: {ground.licence}",
        source=f"claims.csv of this project; {ground.source}",
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[Any]], right: Iterable[int] = ()) -> None:
    """Columns in line, numbers to the right, long words cut: ``--json`` has them whole."""
    text = [[_cut(_plain(cell)) for cell in row] for row in rows]
    flush = set(right) | {
        i for i in range(len(head))
        if text and all(isinstance(row[i], int | float) for row in rows)
    }  # fmt: skip
    wide = [max(map(_width, column)) for column in zip(head, *text, strict=True)]
    for row in (list(head), *text):
        cells = []
        for i, (cell, w) in enumerate(zip(row, wide, strict=True)):
            space = " " * (w - _width(cell))
            cells.append(space + cell if i in flush else cell + space)
        print("  ".join(cells).rstrip())


def _width(text: str) -> int:
    """Columns of a terminal that a text takes: two for a Chinese character."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _cut(text: str) -> str:
    return text if len(text) <= WIDEST else f"{text[: WIDEST - 1]}…"


def _plain(value: Any) -> str:
    """A value in one line, with control characters made visible: a terminal obeys them."""
    if value is None:
        return ""
    text = f"{value:,.10g}" if isinstance(value, float) else str(value)
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)

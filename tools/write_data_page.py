"""Build time: write ``docs/data.md`` from ``geodata/catalogue.yaml`` and the files it names.

Run ``python tools/write_data_page.py`` after a change to the data; a test sees to it that the page
is current. Nothing on it is typed: titles, columns, licences and checksums are the catalogue's,
counts are those of the files.
"""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

from corridor.evidence import load_claims, slipped_point
from corridor.evidence.checks import FIGURES
from corridor.evidence.legs import great_circle
from corridor.geodata.catalogue import Entry, read_catalogue
from corridor.study.measured import told, unpublished
from corridor.study.witness import links

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "data.md"
HEAD = """# The data

What each layer holds, where it comes from and under which terms; written from
[the catalogue](../geodata/catalogue.yaml), which has the checksums too, by `tools/write_data_page.py`.
How to read it, and what it says of contested territory: [geodata](../geodata/README.md); terms in full:
[licences](../geodata/LICENSES.md). Positions are WGS 84 (EPSG:4326).

`corridor geodata show NAME` lists the rows of a layer; `corridor geodata export --format all` writes
every layer as GeoPackage (with styles for QGIS), GeoParquet and GeoJSON. The register goes with them
as the tables `claims` and `sources`, so that an id such as KK-30 can be looked up where the layers
lie; `corridor sources KK-30` prints the same.

`corridor geodata check --strict` holds the layers against their rules, the register and this
catalogue. `corridor geodata route kashgar karachi --by cost --season winter` finds a way through
them: legs, stays at borders and terminals, sums of kilometres, hours and USD per TEU, and how much of
each is cited, derived or assumed.

The check compares each figure with the claims its row names: lengths, speeds and traffic of links,
stays and costs at terminals, heights, gauges, seasons and hours of ports, days of incidents, rates and
totals. A cited figure must be the claim's own, a derived one a figure of one of its claims or the sum or
difference of two, an assumed one within a factor of two of what it names. A derived length may also be
made of three published ones, be a measure of our own (over the ground and 8 % for bends), one of each
added, or the share of a published whole that our measures give it. A lane is as long as its line. A speed
that rests on claims is the first one's, or a length over a time; the ends of its range have claims too,
some of general knowledge. Gauges, heights, hours, days shut, rates and speeds have bounds besides.

Each is held against what lies beside it as well: a place against the countries of the base map, an
incident against its road and its place, the codes of a port against `places`, its clock against its two
countries and its closed months against what was counted in them, the gauges of rails wherever they meet,
a height against its two neighbours, stays of one ground against each other, `drawn` against the points of
the line, and the numbers in the name of an incident against its claims. That a whole row is missing only
a list can tell: those lists are in the tests.

Of the seasons only winter has speeds of its own, on roads over high ground, every one assumed: nobody
has published speeds by season. The slides and floods of summer, as between Raikot and Thakot, are dated
rows of `incidents`, not a speed; the heavy snow that shuts a pass is not one either.

Some legs rest on no published length but on a measured one. By road it is that of our own drawing, which
runs along roads of OpenStreetMap, over open heights, or straight between positions. By rail it is that of
the track in the routing graph of OpenStreetMap (`scgraph_data`), not of our line, which is simplified and up
to a tenth shorter; it is what `tools/draw_rail.py` prints as track. By sea it is that of a lane
of `searoute`:
"""  # noqa: E501, a paragraph of prose

REGISTER = """`corridor check` tries every figure of the register itself. A doubt that no verdict
has settled is a warning with the name of the check, the file, the line and the column:
"""


def rows(path: Path) -> int:
    """How many rows or features a file has."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".geojson":
        return len(json.loads(text)["features"])
    if path.suffix == ".csv":
        return sum(1 for _ in csv.reader(text.splitlines(keepends=True))) - 1
    return sum(1 for line in text.splitlines() if line and line[0] not in " #")


def cell(text: str) -> str:
    """Words in a cell of a Markdown table."""
    return text.replace("|", "\\|").replace("\n", " ")


def section(entry: Entry) -> str:
    """One layer."""
    facts = [
        ("file", f"`geodata/{entry.file}`" if entry.file else ""),
        ("made at an export from", ", ".join(f"`geodata/{file}`" for file in entry.made_from)),
        ("source", entry.source),
        ("licence", entry.licence),
        ("credit", entry.credit),
        ("date", entry.date),
        ("reference system", entry.crs),
    ]
    lines = [f"## {entry.title}", ""]
    lines += [f"- {name}: {words}" for name, words in facts if words]
    if entry.columns:
        lines += ["", "| column | meaning and unit |", "| --- | --- |"]
        lines += [f"| `{name}` | {cell(words)} |" for name, words in entry.columns.items()]
    return "\n".join(lines) + "\n"


def checks() -> list[str]:
    """The checks of the register, each with the first sentence of what it says of itself."""
    finds = (*FIGURES, great_circle, slipped_point)
    said = [(find.__name__, (find.__doc__ or "").partition("\n\n")[0]) for find in finds]
    return [f"- `{name}`: {' '.join(words.split())}" for name, words in said]


def page() -> str:
    """The whole page."""
    catalogue = read_catalogue(ROOT / "geodata")
    table = ["| layer | rows | what | licence |", "| --- | --- | --- | --- |"]
    for entry in catalogue.values():
        # The register grows from day to day, and trade with it: no count of them stays true.
        count = f"{rows(ROOT / 'geodata' / entry.file):,}" if entry.sha256 else ""
        table.append(f"| `{entry.layer}` | {count} | {entry.title} | {cell(entry.licence)} |")
    body = "\n".join(section(entry) for entry in catalogue.values())
    own = [f"- {words}" for words in told(unpublished(load_claims(), links()))]
    return "\n".join([HEAD, *own, "", REGISTER, *checks(), "", *table, "", body])


def main() -> None:
    """Write the page whole or not at all."""
    draft = PAGE.with_suffix(".part")
    draft.write_text(page(), encoding="utf-8", newline="\n")
    os.replace(draft, PAGE)


if __name__ == "__main__":
    main()

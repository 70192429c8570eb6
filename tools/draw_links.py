"""Build time: draw links straight between their named places, through their `via` places.

Only links whose `drawn` says ``straight``; the others keep the line they were given by the script
that draws them (roads, railways, sea lanes).

Run ``python tools/draw_links.py`` after a change to ``geodata/places.csv`` or to the list of
links. Only the geometry and the layout of the files are rewritten (one feature a line, so that a
fault can name its line); every other property stays as it was written by hand.
"""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path
from typing import Any

from pyproj import Geod

# As in corridor/geodata/alignments.py, whose check holds every line to it; the tools that draw run
# where corridor is not installed.
COARSE_KM = 15.0  # lines thinned to 1 km keep a vertex every 4 to 12 km; fewer: none to keep
BARE_KM = 50.0  # one piece this long may be a straight road or a gap of the source: who knows
_EARTH = Geod(ellps="WGS84")
GEODATA = Path(__file__).resolve().parent.parent / "geodata"


def places() -> dict[str, list[float]]:
    """Longitude and latitude (degrees) of every place."""
    with (GEODATA / "places.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["place"]: [float(row["lon"]), float(row["lat"])] for row in csv.DictReader(file)
        }


def word(source: str, line: Any) -> str:
    """How a line that follows `source` is said to be drawn, by how finely it does.

    With its two ends alone it is ``straight``; with pieces of more than `COARSE_KM` on average, or
    a single one of more than `BARE_KM`, it is ``..._coarse``: near the road or railway at large,
    perhaps some km off it in between.
    """
    if len(line) < 3:
        return "straight"
    pieces = [km / 1000 for km in _EARTH.line_lengths(*zip(*line, strict=True))]
    coarse = sum(pieces) / len(pieces) > COARSE_KM or max(pieces) > BARE_KM
    return f"{source}_coarse" if coarse else source


def drawn(feature: dict[str, Any], at: dict[str, list[float]]) -> dict[str, Any]:
    """The feature with its line drawn anew, if it is drawn straight."""
    known = feature["properties"]
    if known["drawn"] != "straight":
        return feature
    names = [known["from_place"], *known["via"].split(), known["to_place"]]
    line = {"type": "LineString", "coordinates": [at[name] for name in names]}
    return {"type": "Feature", "properties": known, "geometry": line}


def write(path: Path, features: list[dict[str, Any]]) -> None:
    """Write a FeatureCollection with one feature a line."""
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False) for feature in features)
    text = f'{{"type": "FeatureCollection", "features": [\n{lines}\n]}}\n'
    draft = path.with_suffix(".part")
    draft.write_text(text, encoding="utf-8", newline="\n")
    os.replace(draft, path)


def main() -> None:
    """Redraw what is drawn straight."""
    at = places()
    for path in sorted((GEODATA / "links").glob("*.geojson")):
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        write(path, [drawn(feature, at) for feature in features])


if __name__ == "__main__":
    main()

"""Read heights of places off NOAA GLOBE, as the claims MH-… of ``geodata/claims.csv`` have them.

For each PLACE of ``geodata/places.csv``: the cell of the grid (30 seconds of arc) it stands in, and
the lowest and the highest of the cells whose middle lies within what its position is known to.
Prints and writes nothing. The grid: see ``draw_roads.py``; needs numpy alone.

Run ``python tools/read_heights.py g10g.npz PLACE [PLACE ...]``.
"""

from __future__ import annotations

import csv
import math
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

PLACES = Path(__file__).resolve().parent.parent / "geodata" / "places.csv"
CELLS = 120  # a degree; the tile begins at 50 N, 0 E
KM = 111.2  # a degree of latitude


def heights(
    globe: NDArray[np.int16], lat: float, lon: float, within_km: float
) -> tuple[int, int, int]:
    """Height at a position, and the lowest and the highest around it, m."""
    row, column = int((50 - lat) * CELLS), int(lon * CELLS)
    reach = math.ceil(within_km / (KM * math.cos(math.radians(lat)) / CELLS)) + 1
    rows, columns = np.mgrid[row - reach : row + reach + 1, column - reach : column + reach + 1]
    up = (50 - (rows + 0.5) / CELLS - lat) * KM
    over = ((columns + 0.5) / CELLS - lon) * KM * math.cos(math.radians(lat))
    near = (np.hypot(up, over) <= within_km) | ((rows == row) & (columns == column))
    around = globe[rows[near], columns[near]]
    return int(globe[row, column]), int(around.min()), int(around.max())


def main(grid: str, *wanted: str) -> None:
    """Print place, height, lowest, highest."""
    globe = np.load(grid)["arr_0"]
    with PLACES.open(encoding="utf-8", newline="") as file:
        known = {row["place"]: row for row in csv.DictReader(file)}
    for name in wanted:
        row = known[name]
        position = float(row["lat"]), float(row["lon"]), float(row["within_km"])
        print(name, *heights(globe, *position), sep=",")


if __name__ == "__main__":
    main(*sys.argv[1:])

"""The geodata room: named places, read from ``places.csv`` with the csv module alone."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from corridor.faults import Fault, Faults, Mark, did_you_mean
from corridor.library import share

__all__ = ["Place", "place_ids", "read_places"]

KINDS = (
    "city", "town", "pass", "border_post", "station", "dry_port", "sea_port",
    "interchange", "bridge", "trade_centre",
)  # fmt: skip
MODES = ("road", "rail", "both")
EVIDENCE = ("cited", "assumed")
COLUMNS = (
    "place", "name", "local_name", "kind", "country", "mode", "elevation_m", "lat", "lon",
    "within_km", "geonameid", "unlocode", "rank", "source", "evidence", "note",
)  # fmt: skip
T = TypeVar("T")


@dataclass(frozen=True)
class Place:
    """A named point on the earth, WGS 84.

    Parameters
    ----------
    place : str
        The id, such as ``khunjerab_pass``.
    country : str
        ISO 3166 code of two letters; empty where the territory's status is disputed.
    elevation_m : float or None
        Metres above the sea.
    lat, lon : float
        Degrees north and east.
    within_km : float
        How far the true place may lie from the position, km.
    rank : int
        1 to 3: from which zoom of a map the label is shown.
    source, evidence : str
        Where the position comes from, and whether it is ``cited`` or ``assumed``.
    mark : Mark
        Its row in the file.
    """

    place: str
    name: str
    local_name: str
    kind: str
    country: str
    mode: str
    elevation_m: float | None
    lat: float
    lon: float
    within_km: float
    geonameid: str
    unlocode: str
    rank: int
    source: str
    evidence: str
    note: str
    mark: Mark


def place_ids() -> list[str]:
    """The ids of all places, in the file's order; quick, because it opens no geodata library.

    Examples
    --------
    >>> "khunjerab_pass" in place_ids()
    True
    """
    with (share("geodata") / "places.csv").open(encoding="utf-8", newline="") as file:
        return [row["place"] for row in csv.DictReader(file)]


def read_places(folder: Path | None = None) -> tuple[Place, ...]:
    """Every place of ``places.csv``, in the file's order.

    Parameters
    ----------
    folder : Path, optional
        A geodata folder; the bundled one when left out.

    Raises
    ------
    Faults
        A missing column, a word that is not allowed, something that is not a number, or an id
        that stands twice. Positions are judged later, by ``checks``.

    Examples
    --------
    >>> [p.name for p in read_places() if p.place == "sost"]
    ['Sost']
    """
    path = (folder or share("geodata")) / "places.csv"
    shown = f"{path.parent.name}/{path.name}"
    faults: list[Fault] = []
    found: dict[str, Place] = {}
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        header = tuple(reader.fieldnames or ())
        if header != COLUMNS:
            wanted = ",".join(COLUMNS)
            raise Faults.one(f"the columns must be {wanted}", "", Mark(shown, 1, 1))
        for row in reader:
            mark = Mark(shown, reader.line_num, 1)
            place = _place(row, mark, faults)
            if place is None:
                continue
            if place.place in found:
                faults.append(Fault(mark, place.place, "this id stands twice; rename or drop one"))
            found[place.place] = place
    if faults:
        raise Faults(faults)
    return tuple(found.values())


def _place(row: dict[str, str], mark: Mark, faults: list[Fault]) -> Place | None:
    """One row as a Place, or None after noting its faults."""
    before = len(faults)
    if None in row or None in row.values():
        faults.append(Fault(mark, str(row.get("place")), f"write {len(COLUMNS)} cells"))
        return None

    def cell(column: str, read: Callable[[str], T], wanted: str) -> T | None:
        try:
            return read(row[column])
        except ValueError:
            path = f"{row['place']}.{column}"
            faults.append(Fault(mark, path, f"{row[column]!r} is not {wanted}"))
            return None

    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", row["place"]):
        message = "write an id of lower case ascii words joined by '_'"
        faults.append(Fault(mark, row["place"], message))
    if not re.fullmatch(r"([A-Z]{2})?", row["country"]):
        message = f"{row['country']!r} is not a code of two letters; leave it empty if disputed"
        faults.append(Fault(mark, f"{row['place']}.country", message))
    for column, allowed in (("kind", KINDS), ("mode", MODES), ("evidence", EVIDENCE)):
        if row[column] not in allowed:
            hint = did_you_mean(row[column], allowed) or f"; write one of {', '.join(allowed)}"
            message = f"{row[column]!r} is not known{hint}"
            faults.append(Fault(mark, f"{row['place']}.{column}", message))
    lat, lon = cell("lat", float, "degrees"), cell("lon", float, "degrees")
    rank = cell("rank", _rank, "a rank from 1 to 3")
    within = cell("within_km", _above_zero, "km above 0")
    elevation = cell("elevation_m", lambda text: float(text) if text else None, "metres")
    if len(faults) > before or lat is None or lon is None or rank is None or within is None:
        return None
    words = {name: row[name] for name in COLUMNS}
    for column in ("lat", "lon", "within_km", "rank", "elevation_m"):
        del words[column]
    return Place(
        **words,
        lat=lat,
        lon=lon,
        within_km=within,
        rank=rank,
        elevation_m=elevation,
        mark=mark,
    )


def _above_zero(text: str) -> float:
    """A finite number above 0."""
    if not 0 < (number := float(text)) < math.inf:
        raise ValueError(text)
    return number


def _rank(text: str) -> int:
    """The rank of a label."""
    if text not in ("1", "2", "3"):
        raise ValueError(text)
    return int(text)

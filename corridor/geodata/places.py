"""The geodata room: named places, read from ``places.csv`` with the csv module alone."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from corridor.faults import Mark
from corridor.geodata.tables import identifier, number, one_of, pattern, read_table, words
from corridor.library import share

__all__ = ["Place", "place_ids", "read_places"]

KINDS = (
    "city", "town", "pass", "border_post", "station", "dry_port", "sea_port",
    "interchange", "bridge", "trade_centre",
)  # fmt: skip
MODES = ("road", "rail", "both")
EVIDENCE = ("cited", "derived", "assumed")
_rank = pattern("[123]", "a rank from 1 to 3")
COUNTRY = pattern(r"([A-Z]{2})?", "a code of two letters; leave it empty if disputed")
LOCODE = pattern(r"([A-Z]{2}[A-Z2-9]{3})?", "a UN/LOCODE of five letters, such as KZALA")
COLUMNS = {
    "place": identifier,
    "name": words,
    "local_name": words,
    "kind": one_of(KINDS),
    "country": COUNTRY,
    "mode": one_of(MODES),
    "elevation_m": number("metres", empty=True),
    "lat": number("degrees"),
    "lon": number("degrees"),
    "within_km": number("km above 0", 0.0, above=True),
    "geonameid": words,
    "unlocode": LOCODE,
    "rank": lambda text: int(_rank(text)),
    "source": words,
    "evidence": one_of(EVIDENCE),
    "note": words,
}


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
    rows = read_table(folder or share("geodata"), "places.csv", COLUMNS, ("place",))
    return tuple(Place(**row.values, mark=row.mark) for row in rows)

"""The geodata room: the catalogue of the layers, and whether the files are what it says."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corridor.faults import Fault, Faults, Mark
from corridor.geodata.mapping import mapping_of
from corridor.geodata.tables import text_of
from corridor.library import share

__all__ = ["Entry", "disagreements", "read_catalogue"]

NAME = "catalogue.yaml"
NOT_LISTED = ("README.md", "LICENSES.md", "LICENSE-ODbL.md", NAME)
WANTED = ("title", "licence", "credit", "source", "date")


@dataclass(frozen=True)
class Entry:
    """What the catalogue says of one layer.

    Parameters
    ----------
    layer, title, file : str
        Its id, its name in words, its file in the folder; no file if it is made of others.
    made_from : tuple of str
        The files of the folder it is made of at an export.
    licence, credit, source, date : str
        Under which terms it is given, whom to name, where it comes from, and since when.
    crs : str
        Empty for a table without positions.
    columns : dict of str to str
        Every column or property with its meaning and unit, in the order of the file.
    sha256 : str
        Of the file's bytes; empty for what is made of others.
    """

    layer: str
    title: str
    file: str
    licence: str
    credit: str
    source: str
    date: str
    crs: str
    columns: Mapping[str, str]
    sha256: str
    made_from: tuple[str, ...]
    mark: Mark


def read_catalogue(folder: Path | None = None) -> dict[str, Entry]:
    """The layers by id, in the order of the file.

    Raises
    ------
    Faults
        No such file, not YAML, or an entry that lacks one of `WANTED`, or its file and checksum.

    Examples
    --------
    >>> read_catalogue()["land"].credit
    'Made with Natural Earth'
    """
    data, shown = mapping_of(folder or share("geodata"), NAME, "layers")
    found = {}
    for layer, said in data.items():
        mark = Mark(shown, *(number + 1 for number in data.lc.key(layer)))
        said = said if isinstance(said, Mapping) else {}
        missing = [word for word in _wanted(said) if not said.get(word)]
        if missing:
            raise Faults.one(f"write {', '.join(missing)}", str(layer), mark)
        columns = {str(k): str(v) for k, v in (said.get("columns") or {}).items()}
        plain = {name: str(said.get(name, "")) for name in (*WANTED, "file", "sha256", "crs")}
        made = tuple(str(said.get("made_from", "")).split())
        found[str(layer)] = Entry(str(layer), **plain, made_from=made, columns=columns, mark=mark)
    return found


def _wanted(said: Mapping[str, Any]) -> tuple[str, ...]:
    """What an entry must say: where the layer lies, and the checksum where there is one."""
    if said.get("made_from"):
        return WANTED
    return (*WANTED, "file", "sha256")


def disagreements(folder: Path | None = None) -> list[Fault]:
    """Where the catalogue and the files differ, column for column and byte for byte.

    Examples
    --------
    >>> disagreements()
    []
    """
    folder = (folder or share("geodata")).resolve()
    catalogue = read_catalogue(folder)
    listed = {entry.file for entry in catalogue.values()}
    there = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    found = [
        Fault(None, name, f"is in no entry of {NAME}; add one, with its licence and its columns")
        for name in sorted(there - listed - set(NOT_LISTED))
    ]
    for entry in catalogue.values():
        lost = [file for file in entry.made_from or (entry.file,) if file not in there]
        found += [Fault(entry.mark, entry.layer, f"there is no file {file}") for file in lost]
        if lost or entry.made_from:
            continue
        found += _columns(folder, entry)
        bytes_ = (folder / entry.file).read_bytes()
        if entry.sha256 and hashlib.sha256(bytes_).hexdigest() != entry.sha256:
            message = f"{entry.file} has other bytes: look at it, then run tools/seal_catalogue.py"
            found.append(Fault(entry.mark, entry.layer, message))
    return found


def _columns(folder: Path, entry: Entry) -> Iterator[Fault]:
    """Columns that the file has and the catalogue has not, or the other way round."""
    text, _ = text_of(folder, entry.file)
    wanted = list(entry.columns)
    if entry.file.endswith(".csv"):
        has = next(csv.reader(io.StringIO(text)), [])
        if has != wanted:
            message = f"its columns are {','.join(has)}, the catalogue says {','.join(wanted)}"
            yield Fault(entry.mark, entry.layer, message)
    elif entry.file.endswith(".geojson"):
        for i, feature in enumerate(_features(text), 1):
            odd = set(feature.get("properties") or {}) ^ set(wanted)
            if odd:
                message = f"feature {i} and the catalogue differ in {', '.join(sorted(odd))}"
                yield Fault(entry.mark, entry.layer, message)
                return


def _features(text: str) -> list[Any]:
    """The features of a GeoJSON text; none where it is no such text, which reading it tells."""
    try:
        return list(json.loads(text)["features"])
    except (ValueError, KeyError, TypeError):
        return []

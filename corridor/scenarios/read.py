"""What is asked: find a scenario, lay its parts together, check it whole, keep its marks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from corridor.faults import Fault, Faults, Mark, did_you_mean
from corridor.library import share
from corridor.scenarios.calendar import Calendar
from corridor.scenarios.document import Document, Path_, at, dotted, read_document, shown
from corridor.scenarios.explain import culprit, faults_of
from corridor.scenarios.patch import extend, graft, merge, setting
from corridor.scenarios.regime import Regime
from corridor.scenarios.scenario import Scenario

__all__ = ["Reading", "names", "read", "read_whole", "regimes"]

SHELVES = ("ports", "flows", "events")
"""Parts that a scenario names and the library keeps, one folder each."""


@dataclass(frozen=True)
class Reading:
    """A scenario and where each of its words stands.

    Parameters
    ----------
    scenario : Scenario
        Checked and frozen.
    document : Document
        The resolved data with a mark for every node.
    files : tuple of Path
        Every file that went in.
    """

    scenario: Scenario
    document: Document
    files: tuple[Path, ...]

    def fault(self, path: Path_, message: str, *, key: bool = False) -> Fault:
        """A fault at `path` of the resolved scenario (at its key if asked), with its mark."""
        if path[:3] == ("flows", "arrivals", "arrivals") and "arrivals" in self.document.data:
            path = path[2:]  # the short form of a plain station
        return Fault(culprit(self.document, path, key=key), dotted(path), message)


def names() -> list[str]:
    """Names of the scenarios in the library."""
    return sorted(path.stem for path in share("scenarios").glob("*.yaml"))


def regimes(port: str) -> list[str]:
    """Names of the regimes of a port in the library."""
    return sorted(path.stem for path in share("scenarios", "regimes", port).glob("*.yaml"))


def read(name: str | Path, settings: Sequence[str] = ()) -> Scenario:
    """Read a scenario by its name in the library or by its path.

    Parameters
    ----------
    name : str or Path
        Such as ``khunjerab_year_round`` or ``my/torugart.yaml``.
    settings : sequence of str
        Overrides, ``ports.khunjerab.regime=year_round``.

    Raises
    ------
    Faults
        Everything that is wrong, with file, line, column and remedy.

    Examples
    --------
    >>> read("khunjerab_year_round").ports["khunjerab"].season.closed is None
    True
    """
    return read_whole(name, settings).scenario


def read_whole(name: str | Path, settings: Sequence[str] = ()) -> Reading:
    """As `read`, with the marks and files."""
    path = _find(str(name))
    folder = path.resolve().parent

    def parent(word: str) -> Path | None:
        """The file beside the one that extends it, or else of the library."""
        nonlocal folder
        word = word[:200]  # no file system has longer names
        here = folder / (word if word.endswith((".yaml", ".yml")) else f"{word}.yaml")
        found = here if here.is_file() else share("scenarios", f"{word}.yaml")
        folder = found.parent
        return found if found.is_file() else None

    doc = extend(path, parent, names())
    for text in settings:
        doc = merge(doc, setting(text))
    if "name" in doc.data:
        mark = at(doc, ("name",), key=True)
        raise Faults.one("a scenario is named by its file: remove the key", "name", mark)
    doc, files = _with_parts(doc)
    doc.values[()] = Mark(shown(path), 1, 1)  # what is missing altogether is missing in this file
    data = {**doc.data, "name": _name(path)}
    try:
        scenario = Scenario.model_validate(data)
    except ValidationError as error:
        raise _placed(faults_of(error, doc, Scenario), doc) from None
    return Reading(scenario, doc, files)


def _find(name: str) -> Path:
    path = Path(name)
    if path.suffix in (".yaml", ".yml") or "/" in name:
        if path.is_dir():
            raise Faults.one(f"{name} is a folder: name a scenario file")
        if not path.is_file():
            raise Faults.one(
                f"there is no file {name}: give a path, or one of {', '.join(names())}"
            )
        return path
    found = share("scenarios", f"{name}.yaml")
    if not re.fullmatch(r"[A-Za-z0-9_.-]{1,80}", name) or not found.is_file():
        own = len(name) <= 80 and Path(f"{name}.yaml").is_file()
        hint = f" (did you mean {name}.yaml?)" if own else did_you_mean(name, names())
        raise Faults.one(f"no scenario '{name[:80]}' in the library{hint}: {', '.join(names())}")
    return found


def _name(path: Path) -> str:
    """A name for tables: the file's, brought into the pattern of ids."""
    name = re.sub(r"[^a-z0-9_]+", "_", path.stem.lower()).strip("_")[:40]
    return name if re.match(r"[a-z]", name) else f"s_{name}"[:40]


def _with_parts(doc: Document) -> tuple[Document, tuple[Path, ...]]:
    """Lay library files under the parts a scenario names; patch ports by their regimes."""
    base = Document({})
    faults: list[Fault] = []
    for shelf in SHELVES:
        for name, patch in _items(doc.data.get(shelf)):
            try:
                base = merge(base, _part(doc, shelf, name, patch))
            except Faults as found:
                faults += found.faults
    whole = merge(base, doc)
    for name, path in _holidays(whole).items():
        if name not in whole.data.get("calendars", {}):
            try:
                whole = merge(_calendar(name, at(whole, path), dotted(path)), whole)
            except Faults as found:
                faults += found.faults
    if faults:
        raise Faults(dict.fromkeys(faults))
    return whole, tuple(dict.fromkeys((*doc.files, *whole.files)))


def _part(doc: Document, shelf: str, name: str, patch: Any) -> Document:
    """What the library says of one part: a port under its regime, a flow, an event."""
    patch = patch if isinstance(patch, dict) else {}
    known = sorted(path.stem for path in share("scenarios", shelf).glob("*.yaml"))
    if name in known:
        part = _read(share("scenarios", shelf, f"{name}.yaml"))
        if shelf != "ports":
            return graft(Document({}), (shelf, name), part)
        return _under_regime(part, name, patch, at(doc, (shelf, name, "regime")))
    if not patch:
        raise Faults.one(
            f"no {shelf[:-1]} '{name[:60]}' in the library{did_you_mean(name, known)}:"
            f" there are {', '.join(known)}",
            f"{shelf}.{name[:60]}",
            at(doc, (shelf, name), key=True),
        )
    if shelf == "ports" and patch.get("regime") is not None:
        raise Faults.one(
            f"{name[:60]} is no port of the library, so it has no regimes: write its rules"
            " themselves and remove the key",
            f"ports.{name[:60]}.regime",
            at(doc, ("ports", name, "regime"), key=True),
        )
    return Document({})


def _read(path: Path) -> Document:
    """A file of the library, read once a process and again when it changes."""
    stat = path.stat()
    return _remembered(path, shown(path), stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=128)
def _remembered(path: Path, _shown: str, _changed: int, _size: int) -> Document:
    return read_document(path, share("scenarios"))


def _items(thing: Any) -> list[tuple[str, Any]]:
    return list(thing.items()) if isinstance(thing, dict) else []


def _holidays(doc: Document) -> dict[str, Path_]:
    """The calendars that posts keep, and where each is first named."""
    found: dict[str, Path_] = {}
    for port_name, port in _mappings(doc.data.get("ports")):
        for post_name, post in _mappings(port.get("posts")):
            listed = post.get("holidays")
            for i, calendar in enumerate(listed if isinstance(listed, list) else ()):
                path = ("ports", port_name, "posts", post_name, "holidays", i)
                found.setdefault(str(calendar), path)
    return found


def _mappings(thing: Any) -> list[tuple[str, dict[str, Any]]]:
    return [(key, value) for key, value in _items(thing) if isinstance(value, dict)]


def _under_regime(port: Document, name: str, patch: dict[str, Any], mark: Mark | None) -> Document:
    """The port's file patched by the changes of its regime, and the regime's papers."""
    way = ("ports", name)
    whole = graft(Document({}), way, port)
    regime = patch.get("regime", port.data.get("regime"))
    if regime is None:
        return whole
    known = regimes(name)
    if regime not in known:
        raise Faults.one(
            f"{name} has no regime '{str(regime)[:60]}'{did_you_mean(str(regime), known)}:"
            f" there are {', '.join(known)}",
            f"ports.{name}.regime",
            mark,
        )
    doc = _read(share("scenarios", "regimes", name, f"{regime}.yaml"))
    try:
        Regime.model_validate(doc.data)
    except ValidationError as error:
        raise faults_of(error, doc, Regime) from None
    papers = {key: value for key, value in doc.data.items() if key != "changes"}
    whole = graft(whole, way, _changes(doc))
    return merge(whole, Document({"regimes": {name: papers}}))


def _changes(regime: Document) -> Document:
    """The patch inside a regime's file, with its marks."""

    def inside(marks: dict[Path_, Mark]) -> dict[Path_, Mark]:
        return {path[1:]: mark for path, mark in marks.items() if path[:1] == ("changes",)}

    changes = regime.data.get("changes") or {}
    return Document(changes, inside(regime.keys), inside(regime.values), regime.files)


def _calendar(name: str, mark: Mark | None, path: str) -> Document:
    known = sorted(p.stem for p in share("scenarios", "calendars").glob("*.yaml"))
    if name not in known:
        raise Faults.one(
            f"no calendar '{name[:60]}'{did_you_mean(name, known)}: there are {', '.join(known)}",
            path,
            mark,
        )
    doc = _read(share("scenarios", "calendars", f"{name}.yaml"))
    try:
        Calendar.model_validate(doc.data)
    except ValidationError as error:
        raise faults_of(error, doc, Calendar) from None
    return graft(Document({}), ("calendars", name), doc)


def _placed(faults: Faults, doc: Document) -> Faults:
    """Move a fault whose message names deeper keys to their lines; one line, one fault."""
    moved: dict[tuple[str, str], Fault] = {}
    for fault in faults.faults:
        for line in fault.message.split("\n"):
            head, colon, rest = line.partition(": ")
            path = (*_parts(fault.path), *_parts(head))
            inside = colon and re.fullmatch(r"[\w.\[\]-]+", head) and _holds(doc.data, path)
            here = Fault(culprit(doc, path), dotted(path), rest) if inside else None
            here = here or Fault(fault.mark, fault.path, line)
            moved.setdefault((here.path, here.message), here)
    return Faults(moved.values())


def _parts(path: str) -> Path_:
    """``a.b[3]`` as ``("a", "b", 3)``."""
    found = re.findall(r"\[(\d+)\]|([^.\[\]]+)", path)
    return tuple(int(index) if index else word for index, word in found)


def _holds(data: Any, path: Path_) -> bool:
    for part in path:
        keys: Any = data if isinstance(data, dict) else ()
        keys = range(len(data)) if isinstance(data, list) else keys
        if part not in keys:
            return False
        data = data[part]
    return True

"""What is asked: find a scenario, lay its parts together, check it whole, keep its marks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from corridor.faults import Fault, Faults, Mark, did_you_mean
from corridor.library import share
from corridor.scenarios.calendar import Calendar
from corridor.scenarios.document import Document, Path_, at, dotted, read_document
from corridor.scenarios.explain import faults_of
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

    def fault(self, path: Path_, message: str) -> Fault:
        """A fault at `path` of the resolved scenario, with its mark."""
        return Fault(at(self.document, path), dotted(path), message)


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
        here = folder / (word if word.endswith((".yaml", ".yml")) else f"{word}.yaml")
        there = share("scenarios", f"{word}.yaml")
        return here if here.is_file() else there if there.is_file() else None

    doc = extend(path, parent, names())
    for text in settings:
        doc = merge(doc, setting(text))
    doc, files = _with_parts(doc)
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
            raise Faults.one(f"there is no file {name}: give a path, or one of {', '.join(names())}")
        return path
    found = share("scenarios", f"{name}.yaml")
    if not re.fullmatch(r"[A-Za-z0-9_.-]{1,80}", name) or not found.is_file():
        hint = did_you_mean(name, names())
        raise Faults.one(f"no scenario '{name[:80]}' in the library{hint}: {', '.join(names())}")
    return found


def _name(path: Path) -> str:
    """A name for tables: the file's, brought into the pattern of ids."""
    name = re.sub(r"[^a-z0-9_]+", "_", path.stem.lower()).strip("_")[:40]
    return name if re.match(r"[a-z]", name) else f"s_{name}"[:40]


def _with_parts(doc: Document) -> tuple[Document, tuple[Path, ...]]:
    """Lay library files under the parts a scenario names; patch ports by their regimes."""
    files = list(doc.files)
    base = Document({}, {}, {}, doc.files)
    calendars: dict[str, Mark | None] = {}
    for shelf in SHELVES:
        parts = doc.data.get(shelf)
        for name in parts if isinstance(parts, dict) else ():
            found = share("scenarios", shelf, f"{name}.yaml")
            patch = parts[name] if isinstance(parts[name], dict) else {}
            if found.is_file():
                part = read_document(found, share("scenarios"))
                files.append(found)
                if shelf == "ports":
                    part, extra = _under_regime(part, name, patch, at(doc, (shelf, name, "regime")))
                    files += [f for f in extra if f not in files]
                    if extra:
                        papers = Document({"regimes": {name: _papers(extra[-1])}})
                        base = merge(base, papers)
                base = graft(base, (shelf, name), part)
            elif not patch:
                known = [p.stem for p in share("scenarios", shelf).glob("*.yaml")]
                raise Faults.one(
                    f"no {shelf[:-1]} '{name}' in the library{did_you_mean(name, known)}:"
                    f" there are {', '.join(sorted(known))}",
                    f"{shelf}.{name}",
                    at(doc, (shelf, name), key=True),
                )
    whole = merge(base, doc)
    for port_name, port in _mappings(whole.data.get("ports")):
        for post_name, post in _mappings(port.get("posts")):
            listed = post.get("holidays")
            for i, calendar in enumerate(listed if isinstance(listed, list) else ()):
                path = ("ports", port_name, "posts", post_name, "holidays", i)
                calendars.setdefault(str(calendar), at(whole, path))
    for calendar, mark in calendars.items():
        part = _calendar(calendar, mark)
        files.append(part.files[0])
        whole = merge(graft(Document({}), ("calendars", calendar), part), whole)
    return whole, tuple(dict.fromkeys(files))


def _mappings(thing: Any) -> list[tuple[str, dict[str, Any]]]:
    items = thing.items() if isinstance(thing, dict) else ()
    return [(key, value) for key, value in items if isinstance(value, dict)]


def _under_regime(
    port: Document, name: str, patch: dict[str, Any], mark: Mark | None
) -> tuple[Document, list[Path]]:
    """The port's file patched by the changes of its regime."""
    regime = patch.get("regime", port.data.get("regime"))
    if regime is None:
        return port, []
    known = regimes(name)
    if regime not in known:
        raise Faults.one(
            f"{name} has no regime '{regime}'{did_you_mean(str(regime), known)}:"
            f" there are {', '.join(known)}",
            f"ports.{name}.regime",
            mark,
        )
    path = share("scenarios", "regimes", name, f"{regime}.yaml")
    doc = read_document(path, share("scenarios"))
    try:
        Regime.model_validate(doc.data)
    except ValidationError as error:
        raise faults_of(error, doc, Regime) from None
    changes = doc.data.get("changes", {})
    depth = len(("changes",))
    patch_doc = Document(
        changes,
        {p[depth:]: m for p, m in doc.keys.items() if p[:depth] == ("changes",)},
        {p[depth:]: m for p, m in doc.values.items() if p[:depth] == ("changes",)},
        (path,),
    )
    return merge(port, patch_doc), [path]


def _papers(path: Path) -> dict[str, Any]:
    data = read_document(path, share("scenarios")).data
    return {key: value for key, value in data.items() if key != "changes"}


def _calendar(name: str, mark: Mark | None) -> Document:
    path = share("scenarios", "calendars", f"{name}.yaml")
    known = sorted(p.stem for p in share("scenarios", "calendars").glob("*.yaml"))
    if name not in known:
        raise Faults.one(
            f"no calendar '{name}'{did_you_mean(name, known)}: there are {', '.join(known)}",
            "holidays",
            mark,
        )
    doc = read_document(path, share("scenarios"))
    try:
        Calendar.model_validate(doc.data)
    except ValidationError as error:
        raise faults_of(error, doc, Calendar) from None
    return doc


def _placed(faults: Faults, doc: Document) -> Faults:
    """Move a fault whose message names a deeper key to that key's line."""
    moved = []
    for fault in faults.faults:
        head, colon, rest = fault.message.partition(": ")
        inner = re.sub(r"^Value error, ", "", head)
        parts = tuple(filter(None, [*fault.path.split("."), *inner.split(".")]))
        if colon and re.fullmatch(r"[\w.]+", inner) and _holds(doc.data, parts):
            moved.append(Fault(at(doc, parts), dotted(parts), rest))
        else:
            moved.append(fault)
    return Faults(moved)


def _holds(data: Any, path: tuple[str, ...]) -> bool:
    for part in path:
        if not isinstance(data, dict) or part not in data:
            return False
        data = data[part]
    return True

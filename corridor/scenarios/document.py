"""What is asked: one YAML file as plain data, with the line and column of every node.

The reader is YAML 1.2 with less in it: no anchors, aliases, tags, merge keys or second documents,
and only text, whole numbers, decimals, true/false and null. What is left means the same to every
reader: ``24:00`` and ``NO`` are text, ``010`` is refused rather than read as eight.
"""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml import events as ev
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from corridor.faults import Fault, Faults, Mark
from corridor.library import share
from corridor.scenarios.scalar import scalar

__all__ = [
    "Document",
    "Path_",
    "at",
    "dotted",
    "parse_document",
    "parse_node",
    "read_document",
    "shown",
]

Path_ = tuple[str | int, ...]
"""The keys and list positions that lead to a node."""

_MOST_BYTES = 5_000_000
_MOST_NODES = 200_000
_MOST_DEPTH = 32


@dataclass(frozen=True)
class Document:
    """Plain data and where each part of it was written. Treat as read-only.

    Parameters
    ----------
    data : dict
        Mappings, lists, text, int, float, bool and None.
    keys : dict of path to Mark
        Where the key (or the list item) of that path stands.
    values : dict of path to Mark
        Where the value of that path stands; ``()`` is the whole.
    files : tuple of Path
        Every file that went in, the base first.
    """

    data: dict[str, Any]
    keys: dict[Path_, Mark] = field(default_factory=dict)
    values: dict[Path_, Mark] = field(default_factory=dict)
    files: tuple[Path, ...] = ()


def read_document(path: Path, root: Path | None = None) -> Document:
    """Read one YAML file.

    Parameters
    ----------
    path : Path
        A regular file of at most 5 MB in UTF-8.
    root : Path, optional
        The folder the file must lie in, symbolic links followed.

    Raises
    ------
    Faults
        All that is wrong with the file, each with line, column and remedy.
    """
    name = shown(path)
    doc = parse_document(_decoded(_bytes(path, root, name), name), name)
    return Document(doc.data, doc.keys, doc.values, (path,))


def parse_document(text: str, file: str) -> Document:
    """Read YAML `text`; `file` is the name its marks carry.

    Examples
    --------
    >>> doc = parse_document("lanes: 3\\nclock: 24:00", "port.yaml")
    >>> doc.data
    {'lanes': 3, 'clock': '24:00'}
    >>> doc.values[("clock",)]
    Mark(file='port.yaml', line=2, column=8)
    """
    build = _Build(file)
    data = build.read(text)
    top = Mark(file, 1, 1)
    if not build.faults and data is None:
        build.fault(top, (), "the file is empty: write keys, such as 'title: …'")
    elif not build.faults and not isinstance(data, dict):
        kind = "a list" if isinstance(data, list) else "a single value"
        build.fault(build.values.get((), top), (), f"{kind} at the top: write 'key: value' lines")
    if build.faults:
        raise Faults(build.faults)
    return Document(data, build.keys, build.values)


def parse_node(text: str, file: str) -> tuple[Any, dict[Path_, Mark], dict[Path_, Mark]]:
    """Data, key marks and value marks of YAML `text` of any kind: a scalar, a list, a mapping."""
    build = _Build(file)
    data = build.read(text)
    if build.faults:
        raise Faults(build.faults)
    return data, build.keys, build.values


def at(doc: Document, path: Path_, *, key: bool = False) -> Mark | None:
    """The mark of `path`, or of its longest known prefix; of its key rather than value if asked."""
    first, second = (doc.keys, doc.values) if key else (doc.values, doc.keys)
    for length in range(len(path), -1, -1):
        mark = first.get(path[:length]) or second.get(path[:length])
        if mark is not None:
            return mark
    return None


def dotted(path: Path_) -> str:
    """A path as people read it.

    >>> dotted(("posts", "sost", "holidays", 0))
    'posts.sost.holidays[0]'
    """
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


def shown(path: Path) -> str:
    """The name of a file for people: never a path of this machine.

    Relative to the current directory, else to the library, else the bare file name.
    """
    try:
        full = path.absolute()
        for base in (Path.cwd(), share()):
            if full.is_relative_to(base):
                return full.relative_to(base).as_posix()
    except (OSError, ValueError):  # a working directory that was removed
        pass
    return path.name if path.is_absolute() else path.as_posix()


def _bytes(path: Path, root: Path | None, name: str) -> bytes:
    """The bytes of a regular file; opening never blocks, and links are resolved once."""
    mark = Mark(name, 1, 1)
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        real = path.resolve(strict=True)
        if root is not None and not real.is_relative_to(root.resolve()):
            raise Faults.one("lies outside its folder: put the file inside it", mark=mark)
        handle = os.open(real, flags)
    except FileNotFoundError:
        raise Faults.one("no such file: check the name", mark=mark) from None
    except (OSError, RuntimeError, ValueError) as error:
        why = getattr(error, "strerror", None) or "not a usable path"
        raise Faults.one(f"cannot be opened ({why}): check the name", mark=mark) from None
    with os.fdopen(handle, "rb") as stream:
        status = os.fstat(stream.fileno())
        if stat.S_ISDIR(status.st_mode):
            raise Faults.one("is a folder: name a YAML file in it", mark=mark)
        if not stat.S_ISREG(status.st_mode):
            raise Faults.one("is not a regular file: name a YAML file", mark=mark)
        raw = stream.read(_MOST_BYTES + 1)
    if len(raw) > _MOST_BYTES:
        raise Faults.one("is larger than 5 MB: split it, or move tables to CSV files", mark=mark)
    return raw


def _decoded(raw: bytes, name: str) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Faults.one("is UTF-16: save it as UTF-8", mark=Mark(name, 1, 1))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start].removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
        mark = _place(before, len(before), name)
        byte = raw[error.start]
        message = f"byte 0x{byte:02X} is not UTF-8: save the file as UTF-8"
        raise Faults.one(message, mark=mark) from None


def _place(text: str, index: int, file: str) -> Mark:
    start = text.rfind("\n", 0, index)
    return Mark(file, text.count("\n", 0, index) + 1, index - start)


# -- characters -----------------------------------------------------------------------------

_SUSPECT = re.compile(r"[^\t\n\r -~]")
_JOINERS = "\u200c\u200d"  # Urdu and Persian spelling needs them


def _refused(character: str) -> str:
    """Why a character may not stand in a scenario, or ``""``."""
    code, kind = f"U+{ord(character):04X}", unicodedata.category(character)
    name = unicodedata.name(character, "control character").lower()
    if kind == "Zs" and character != " ":
        return f"{code} ({name}): write an ordinary space"
    if kind in ("Zl", "Zp"):
        return f"{code} ({name}): write an ordinary line break"
    if kind == "Cs":
        return f"{code} (half of a surrogate pair): write the whole character"
    if kind == "Cc" and character not in "\t\n\r":
        return f"{code} ({name}): remove it"
    if kind == "Cf" and character not in _JOINERS:
        return f"{code} ({name}, invisible): remove it"
    return ""


# -- the build ------------------------------------------------------------------------------


class _Stop(Exception):
    """Reading ends here; the fault is already noted."""


class _Build:
    """Builds data and marks from the events of one YAML text, noting every fault on its way."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[Fault] = []
        self.keys: dict[Path_, Mark] = {}
        self.values: dict[Path_, Mark] = {}
        self.nodes = 0

    def fault(self, mark: Mark, path: Path_, message: str) -> None:
        self.faults.append(Fault(mark, dotted(path), message))

    def read(self, text: str) -> Any:
        for found in _SUSPECT.finditer(text):
            why = _refused(found[0])
            if why:
                self.fault(_place(text, found.start(), self.file), (), why)
        if self.faults:
            return None
        try:
            return self._documents(YAML(typ="safe", pure=True).parse(text))
        except _Stop:
            return None
        except MarkedYAMLError as error:
            self.fault(*_syntax(error, self.file))
        except (YAMLError, RecursionError, ValueError) as error:
            first = str(error).splitlines()[0] if str(error) else "cannot be read"
            self.fault(Mark(self.file, 1, 1), (), f"not YAML: {first}: check the file")
        return None

    def _documents(self, stream: Iterator[Any]) -> Any:
        data = None
        seen = False
        for event in stream:
            if isinstance(event, ev.DocumentStartEvent):
                if event.version or event.tags:
                    self.fault(Mark(self.file, 1, 1), (), "a % directive: remove the line")
                    raise _Stop
                if seen:
                    self.fault(
                        self._mark(event), (), "a second document: write it to a file of its own"
                    )
                    raise _Stop
                data, seen = self._node(next(stream), stream, ()), True
        return data

    def _mark(self, event: Any) -> Mark:
        return Mark(self.file, event.start_mark.line + 1, event.start_mark.column + 1)

    def _node(self, event: Any, stream: Iterator[Any], path: Path_) -> Any:
        """The data of the node that begins with `event`."""
        mark = self._mark(event)
        self._guard(event, mark, path)
        empty = isinstance(event, ev.ScalarEvent) and not event.value and event.style is None
        self.values[path] = self.keys.get(path, mark) if empty else mark
        if isinstance(event, ev.MappingStartEvent):
            return self._mapping(stream, path)
        if isinstance(event, ev.SequenceStartEvent):
            return self._sequence(stream, path)
        if isinstance(event, ev.AliasEvent):
            return None
        value, why = scalar(event.value, plain=event.style is None)
        why = why or next(filter(None, map(_refused, _SUSPECT.findall(event.value))), "")
        if why and "(no-break space)" not in why:  # written as an escape, so meant
            self.fault(mark, path, why)
        return value

    def _guard(self, event: Any, mark: Mark, path: Path_) -> None:
        """Refuse what would make the tree larger or stranger than its text."""
        self.nodes += 1
        if self.nodes > _MOST_NODES:
            self.fault(mark, (), f"more than {_MOST_NODES} values: move tables to CSV files")
            raise _Stop
        if len(path) > _MOST_DEPTH:
            self.fault(mark, (), f"nested deeper than {_MOST_DEPTH}: write it flatter")
            raise _Stop
        if isinstance(event, ev.AliasEvent):
            self.fault(
                mark, path, f"alias '*{event.anchor}': write the value again, or use extends"
            )
        elif event.anchor is not None:
            self.fault(mark, path, f"anchor '&{event.anchor}': remove it; reuse is by extends")
        tag = getattr(event, "tag", None)
        if tag is not None:
            self.fault(mark, path, f"tag '{tag}': remove it; the kind follows from the value")

    def _sequence(self, stream: Iterator[Any], path: Path_) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(stream), ev.SequenceEndEvent):
            here = (*path, len(items))
            self.keys[here] = self._mark(event)
            items.append(self._node(event, stream, here))
        return items

    def _mapping(self, stream: Iterator[Any], path: Path_) -> dict[str, Any]:
        items: dict[str, Any] = {}
        while not isinstance(event := next(stream), ev.MappingEndEvent):
            mark = self._mark(event)
            key = self._key(event, stream, path)
            here = (*path, key)
            if key in items:
                first = self.keys[here]
                self.fault(mark, path, f"key '{key}' is written twice: first on line {first.line}; "
                                       f"keep one")  # fmt: skip
            self.keys[here] = mark
            items[key] = self._node(next(stream), stream, here)
        return items

    def _key(self, event: Any, stream: Iterator[Any], path: Path_) -> str:
        mark = self._mark(event)
        if not isinstance(event, ev.ScalarEvent):
            self._guard(event, mark, path)
            self.fault(mark, path, "a list or mapping as key: write a word before the colon")
            raise _Stop
        self._guard(event, mark, path)
        word = event.value
        value, why = scalar(word, plain=event.style is None)
        why = why or next(filter(None, map(_refused, _SUSPECT.findall(word))), "")
        if why:
            self.fault(mark, path, f"key '{word}': {why}")
        elif word == "<<" and event.style is None:
            self.fault(mark, path, "merge key '<<': use extends")
        elif not isinstance(value, str):
            self.fault(mark, path, f"key {word or '(empty)'} is not a text: write '\"{word}\":'")
        elif not word.strip():
            self.fault(mark, path, "an empty key: write a word before the colon")
        return str(word)


_SYNTAX = (
    ("found character '\\t'", "a tab: indent with spaces"),
    ("mapping values are not allowed", "a colon too many, or a wrong indentation: put each key on "
     "a line of its own, or quote a text that holds ': '"),
    ("found unexpected end of stream", "a quote that is never closed: close it"),
    ("found unexpected document separator", "a quote that is never closed: close it"),
    ("expected ',' or ']'", "a list that is not closed: write the missing ',' or ']'"),
    ("expected ',' or '}'", "a mapping that is not closed: write the missing ',' or '}'"),
    ("unknown escape character", "an unknown escape: use single quotes, or write \\\\ for \\"),
    ("cannot start any token", "a text that begins with a sign YAML uses: quote it"),
    ("could not find expected ':'", "a line without a colon: write 'key: value'"),
    ("expected <block end>", "this does not belong here: check the indentation and the quotes"),
)  # fmt: skip


def _syntax(error: MarkedYAMLError, file: str) -> tuple[Mark, Path_, str]:
    """A YAML syntax error in our words, at the place a person would mend."""
    problem = str(error.problem or error.context or "cannot be read")
    opened = (
        "not closed" in (said := next((words for sign, words in _SYNTAX if sign in problem), ""))
        or "never closed" in said
    )
    spot = (error.context_mark if opened else None) or error.problem_mark or error.context_mark
    mark = Mark(file, spot.line + 1, spot.column + 1) if spot else Mark(file, 1, 1)
    return mark, (), said or f"not YAML: {problem}: check the indentation and the quotes"

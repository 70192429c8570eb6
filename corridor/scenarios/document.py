"""What is asked: one YAML file as plain data, with the line and column of every node.

The reader is YAML 1.2 with less in it: no anchors, aliases, tags, merge keys or second documents,
and only text, whole numbers, decimals, true/false and null. What is left means the same to every
reader: ``24:00`` and ``NO`` are text, ``010`` is refused rather than read as eight.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from corridor.faults import Faults, Mark
from corridor.library import share
from corridor.scenarios.nodes import Build, Path_, dotted, place

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

_MOST_BYTES = 500_000  # pure YAML readers take microseconds a character: beyond, a hang


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
        A regular file of at most 500 kB in UTF-8.
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
    build = Build(file)
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
    build = Build(file)
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


def shown(path: Path) -> str:
    """The name of a file for people: never a path of this machine.

    Relative to the current directory, else to the library, else the bare file name.
    """
    try:
        full = Path(os.path.abspath(path))
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
        try:
            _regular(os.fstat(handle).st_mode, mark)
            with os.fdopen(handle, "rb", closefd=False) as stream:
                raw = stream.read(_MOST_BYTES + 1)
        finally:
            os.close(handle)
    except FileNotFoundError:
        raise Faults.one("no such file: check the name", mark=mark) from None
    except (OSError, RuntimeError, ValueError) as error:
        why = getattr(error, "strerror", None) or "not a usable path"
        raise Faults.one(f"cannot be opened ({why}): check the name", mark=mark) from None
    if len(raw) > _MOST_BYTES:
        raise Faults.one("is larger than 500 kB: move tables to CSV files", mark=mark)
    return raw


def _regular(mode: int, mark: Mark) -> None:
    if stat.S_ISDIR(mode):
        raise Faults.one("is a folder: name a YAML file in it", mark=mark)
    if not stat.S_ISREG(mode):
        raise Faults.one("is not a regular file: name a YAML file", mark=mark)


def _decoded(raw: bytes, name: str) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Faults.one("is UTF-16: save it as UTF-8", mark=Mark(name, 1, 1))
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode()
        message = f"byte 0x{raw[error.start]:02X} is not UTF-8: save the file as UTF-8"
        raise Faults.one(message, mark=place(before, len(before), name)) from None

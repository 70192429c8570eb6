"""What is asked: data and marks from the events of YAML, in one pass that cannot be made to hang.

Building from events rather than from a finished tree means that depth, size, anchors and tags
are refused before anything is built, and that every fault of a file is found in one reading.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml import events as ev
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from corridor.faults import Fault, Mark
from corridor.scenarios.scalar import refused, scalar, suspects

__all__ = ["Build", "Path_", "dotted", "place"]

Path_ = tuple[str | int, ...]
"""The keys and list positions that lead to a node."""

_MOST_NODES = 20_000
_MOST_DEPTH = 32
_MOST_FAULTS = 100


def dotted(path: Path_) -> str:
    """A path as people read it.

    >>> dotted(("posts", "sost", "holidays", 0))
    'posts.sost.holidays[0]'
    """
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


def place(text: str, index: int, file: str) -> Mark:
    """The line and column of a character of `text`."""
    start = text.rfind("\n", 0, index)
    return Mark(file, text.count("\n", 0, index) + 1, index - start)


class _Stop(Exception):
    """Reading ends here; the fault is already noted."""


class Build:
    """Builds data and marks from the events of one YAML text, noting every fault on its way."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[Fault] = []
        self.keys: dict[Path_, Mark] = {}
        self.values: dict[Path_, Mark] = {}
        self.nodes = 0

    def fault(self, mark: Mark, path: Path_, message: str) -> None:
        """Note a fault; reading goes on, so that all are told at once."""
        self.faults.append(Fault(mark, dotted(path), message))
        if len(self.faults) >= _MOST_FAULTS:
            raise _Stop

    def read(self, text: str) -> Any:
        """The data of `text`; meaningless if `faults` is not empty afterwards."""
        try:
            for index, why in suspects(text):
                self.fault(place(text, index, self.file), (), why)
            if self.faults:
                return None
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
        why = why or refused(event.value)
        if why:
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
        self._guard(event, mark, path)
        if isinstance(event, ev.AliasEvent):
            return f"*{event.anchor}"
        if not isinstance(event, ev.ScalarEvent):
            self.fault(mark, path, "a list or mapping as key: write a word before the colon")
            raise _Stop
        word = event.value
        value, why = scalar(word, plain=event.style is None)
        why = why or refused(word)
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
    ("found character '\\t'", "a tab: write spaces"),
    ("mapping values are not allowed", "a colon too many, or a wrong indentation: put each key on "
     "a line of its own, or quote a text that holds ': '"),
    ("found unexpected end of stream", "a quote that is never closed: close it"),
    ("found unexpected document separator", "a quote that is never closed: close it"),
    ("expected ',' or ']'", "a list that is not closed: write the missing ',' or ']'"),
    ("expected ',' or '}'", "a mapping that is not closed: write the missing ',' or '}'"),
    ("unknown escape character", "an unknown escape: use single quotes, or write \\\\ for \\"),
    ("cannot start any token", "a text that begins with a sign YAML uses: quote it"),
    ("could not find expected ':'", "a line without a colon: write 'key: value'"),
    ("expected the node content", "no value where one must stand: write it, or remove the sign"),
    ("expected <block end>", "this does not belong here: check the indentation and the quotes"),
)  # fmt: skip


def _syntax(error: MarkedYAMLError, file: str) -> tuple[Mark, Path_, str]:
    """A YAML syntax error in our words, at the place a person would mend."""
    problem = str(error.problem or error.context or "cannot be read")
    said = next((words for sign, words in _SYNTAX if sign in problem), "")
    begun = any(sign in said for sign in ("not closed", "never closed", "without a colon"))
    spot = (error.context_mark if begun else None) or error.problem_mark or error.context_mark
    mark = Mark(file, spot.line + 1, spot.column + 1) if spot else Mark(file, 1, 1)
    return mark, (), said or f"not YAML: {problem}: check the indentation and the quotes"

"""What is asked: one file laid over another by JSON merge patch (RFC 7396), marks and all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from corridor.faults import Faults, Mark, did_you_mean
from corridor.scenarios.document import (
    Document,
    Path_,
    at,
    dotted,
    parse_node,
    read_document,
    shown,
)

__all__ = ["apply", "extend", "graft", "merge", "setting", "words"]

_LONGEST_CHAIN = 20


def apply(target: Any, patch: Any) -> Any:
    """RFC 7396 on plain data: mappings merge, null removes, everything else replaces.

    One thing is added to the RFC: a quantity, a mapping with ``value`` and evidence, is replaced
    whole. A new value must not inherit the range and the source of the old one.

    >>> apply({"lanes": 3, "hours": {"from": 9, "to": 17}}, {"lanes": None, "hours": {"to": 20}})
    {'hours': {'from': 9, 'to': 20}}
    """
    if not isinstance(patch, dict) or _is_quantity(patch):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = apply(result.get(key), value)
    return result


def merge(base: Document, patch: Document) -> Document:
    """`patch` over `base`; what the patch replaces is marked in the patch's file."""
    replaced: set[Path_] = set()
    removed: set[Path_] = set()
    _trace(base.data, patch.data, (), replaced, removed)

    def marks(old: dict[Path_, Mark], new: dict[Path_, Mark]) -> dict[Path_, Mark]:
        gone = replaced | removed
        kept = {path: mark for path, mark in old.items() if not _within(path, gone)}
        come = {
            path: mark
            for path, mark in new.items()
            if _within(path, replaced) and not _within(path, removed)
        }
        return kept | come

    return Document(
        apply(base.data, patch.data),
        marks(base.keys, patch.keys),
        marks(base.values, patch.values),
        tuple(dict.fromkeys((*base.files, *patch.files))),
    )


def graft(base: Document, path: Path_, patch: Document) -> Document:
    """`patch` over the part of `base` at `path`; mappings missing on the way are made."""
    data, top = patch.data, at(patch, ())
    here: Any = base.data
    for length, part in enumerate(path, 1):
        here = here.get(part, {})
        if not isinstance(here, dict) and here is not None:
            raise Faults.one(
                f"'{dotted(path[:length])}' is {_text(here)[:40]}, not a mapping: nothing can be"
                " set inside it",
                dotted(path),
                top,
            )
        here = here or {}
    for part in reversed(path):
        data = {str(part): data}
    way = {path[:length]: top for length in range(len(path) + 1) if top}
    keys = {**way, **{(*path, *inner): mark for inner, mark in patch.keys.items()}}
    values = {**way, **{(*path, *inner): mark for inner, mark in patch.values.items()}}
    keys.pop((), None)
    return merge(base, Document(data, keys, values, patch.files))


def extend(
    path: Path,
    find: Callable[[str], Path | None],
    names: Iterable[str] = (),
    root: Path | None = None,
) -> Document:
    """Read a file and lay it over the file it `extends`, and so on up.

    Parameters
    ----------
    path : Path
        The file.
    find : callable
        The file of a parent's name, or None.
    names : iterable of str
        The names that `find` knows, for "did you mean".
    root : Path, optional
        The folder all files must lie in.

    Returns
    -------
    Document
        Without the key `extends`; `files` has the base first.

    Raises
    ------
    Faults
        At the value of `extends`, for a cycle, an unknown parent, a chain over 20.
    """
    chain = [read_document(path, root)]
    seen = {path.resolve()}
    while "extends" in chain[-1].data:
        child = chain[-1]
        parent = _parent(child, find, names)
        mark = at(child, ("extends",))
        if parent.resolve() in seen:
            raise Faults.one(
                f"{shown(parent)} extends itself by way of this line: break the circle",
                "extends",
                mark,
            )
        if len(chain) > _LONGEST_CHAIN:
            raise Faults.one(
                f"more than {_LONGEST_CHAIN} files extend one another: extend a nearer base",
                "extends",
                mark,
            )
        seen.add(parent.resolve())
        chain[-1] = _without(child, "extends")
        chain.append(read_document(parent, root))
    result = chain.pop()
    while chain:
        result = merge(result, chain.pop())
    return result


def words(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """The difference of two mappings, one phrase a change; quantities by their value alone.

    The papers of a rule (``hours_claim``, ``holidays_assumed``) are no change of it.

    >>> words({"lanes": {"value": 3, "assumed": "a guess"}, "closed": "12-01..03-31"},
    ...       {"lanes": {"value": 6, "claim": "KJ-31"}})
    ['lanes 3 -> 6', 'closed 12-01..03-31 -> none']
    """
    return list(_words(before, after, ()))


def setting(text: str) -> Document:
    """The document of a command-line setting.

    >>> setting("ports.khunjerab.lanes=3").data
    {'ports': {'khunjerab': {'lanes': 3}}}
    """
    name, sign, value = text.partition("=")
    parts = name.split(".")
    mark = Mark("--set", 1, 1)
    if not sign or not all(part.strip() == part and part for part in parts):
        raise Faults.one(
            f"cannot read '{text[:60]}': write path=value, such as"
            " ports.khunjerab.posts.sost.stations.documents.lanes=3",
            mark=mark,
        )
    if not value.strip():
        raise Faults.one("no value: write one, or null to remove the key", name, mark)
    if "\n" in text or "\r" in text:
        raise Faults.one("a line break: write the value on one line", name, mark)
    column = len(name) + 2
    data, inner_keys, inner_values = parse_node(f"{' ' * (column - 1)}{value}", "--set")
    path: Path_ = tuple(parts)
    keys = {(*path, *inner): mark for inner, mark in inner_keys.items()}
    values = {(*path, *inner): mark for inner, mark in inner_values.items()}
    values[()] = mark
    for length in range(1, len(parts) + 1):
        spot = Mark("--set", 1, sum(len(part) + 1 for part in parts[: length - 1]) + 1)
        keys[path[:length]] = spot
        values.setdefault(path[:length], spot)
    for part in reversed(parts):
        data = {part: data}
    return Document(data, keys, values)


def _trace(
    base: Any, patch: dict[str, Any], path: Path_, replaced: set[Path_], removed: set[Path_]
) -> None:
    """Which paths a patch replaces and which it removes."""
    for key, value in patch.items():
        here = (*path, key)
        old = base.get(key) if isinstance(base, dict) else None
        if value is None:
            removed.add(here)
            continue
        if not (isinstance(value, dict) and isinstance(old, dict)) or _is_quantity(value):
            replaced.add(here)
        if isinstance(value, dict) and not _is_quantity(value):
            _trace(old, value, here, replaced, removed)


def _within(path: Path_, roots: set[Path_]) -> bool:
    return any(path[:length] in roots for length in range(1, len(path) + 1))


def _parent(child: Document, find: Callable[[str], Path | None], names: Iterable[str]) -> Path:
    name = child.data["extends"]
    mark = at(child, ("extends",))
    if not isinstance(name, str) or not name:
        raise Faults.one(
            "not a name: write the one file to extend, or drop the key", "extends", mark
        )
    found = find(name)
    if found is None:
        near = did_you_mean(name, names)
        raise Faults.one(
            f"'{name[:60]}' is not known{near}: write a name that exists", "extends", mark
        )
    return found


def _without(doc: Document, key: str) -> Document:
    """`doc` without a key at its top."""
    return Document(
        {name: value for name, value in doc.data.items() if name != key},
        {path: mark for path, mark in doc.keys.items() if path[:1] != (key,)},
        {path: mark for path, mark in doc.values.items() if path[:1] != (key,)},
        doc.files,
    )


_EVIDENCE = frozenset({"range", "claim", "derived", "assumed"})


def _is_quantity(thing: Any) -> bool:
    return isinstance(thing, dict) and "value" in thing and thing.keys() <= _EVIDENCE | {"value"}


def _words(before: Any, after: Any, path: Path_) -> Iterator[str]:
    if _is_quantity(before) or _is_quantity(after):
        old, new = _as_quantity(before), _as_quantity(after)
        if old.get("value") != new.get("value"):
            yield f"{dotted(path)} {_text(before)} -> {_text(after)}"
            return
        before, after = ({**side, "value": None} for side in (old, new))
    if isinstance(before, dict) and isinstance(after, dict):
        for key in dict.fromkeys((*before, *after)):
            if str(key).endswith(("_claim", "_assumed")):
                continue
            yield from _words(before.get(key), after.get(key), (*path, key))
    elif before != after or isinstance(before, bool) != isinstance(after, bool):
        yield f"{dotted(path)} {_text(before)} -> {_text(after)}"


def _as_quantity(thing: Any) -> dict[str, Any]:
    return thing if _is_quantity(thing) else {"value": thing}


def _text(thing: Any) -> str:
    """A value in few words."""
    if thing is None:
        return "none"
    if isinstance(thing, bool):
        return "yes" if thing else "no"
    if _is_quantity(thing):
        return _text(thing["value"])
    if isinstance(thing, dict):
        return "{" + ", ".join(f"{key}: {_text(value)}" for key, value in thing.items()) + "}"
    if isinstance(thing, list):
        return "[" + ", ".join(map(_text, thing)) + "]"
    return f"{thing:g}" if isinstance(thing, float) and thing == round(thing, 5) else str(thing)

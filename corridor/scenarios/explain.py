"""What is asked: pydantic's complaints in our words, each at its line and column."""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from corridor import units
from corridor.faults import Fault, Faults, Mark, did_you_mean
from corridor.scenarios.document import Document, Path_, at, dotted, shown
from corridor.scenarios.quantity import Quantity

__all__ = ["culprit", "faults_of"]


def faults_of(
    error: ValidationError, doc: Document, model: Any = None, under: Path_ = ()
) -> Faults:
    """The faults of a failed validation, ready to raise.

    Parameters
    ----------
    error : ValidationError
        From validating the data of `doc` at `under`.
    doc : Document
        What was validated.
    model : type, optional
        The model it was validated against; names the keys that are allowed.
    under : path
        Where in `doc` the validated data stand.
    """
    data: Any = doc.data
    for part in under:
        data = data[part]
    faults: dict[tuple[str, str], Fault] = {}
    for entry in error.errors(include_url=False):
        kind = entry["type"]
        path, leaf, kinds, inner = _walk(entry["loc"], data, model, kind)
        where = (*under, *path)
        if kind == "extra_forbidden":
            message, mark = _unknown(leaf, kinds), at(doc, (*where, leaf), key=True)
        elif kind == "missing":
            message = f"missing key '{leaf}': write {_sample(leaf, kinds)}"
            mark = at(doc, where, key=True)
        else:  # what is wrong with a mapping as a whole stands at its key
            whole = isinstance(inner, Mapping) or "[key]" in entry["loc"][-1:]
            message, mark = _say(entry), culprit(doc, where, key=whole)
        fault = Fault(mark, dotted(where), message)
        faults.setdefault((fault.path, message), fault)
    return Faults(faults.values())


def culprit(doc: Document, path: Path_, *, key: bool = False) -> Mark | None:
    """The mark of `path`, or of what a newer file laid inside it.

    A rule of a mapping as a whole is broken by whoever wrote in it last: the scenario rather than
    the library, and ``--set`` rather than either. Its first word there is where to look.
    """
    own = at(doc, path, key=key)
    if own is None or not path:
        return own
    age = {shown(file): i for i, file in enumerate(doc.files, 1)} | {"--set": len(doc.files) + 1}
    inside = [
        mark
        for marks in (doc.keys, doc.values)
        for each, mark in marks.items()
        if each[: len(path)] == path
    ]
    newest = max((age.get(mark.file, 0) for mark in inside), default=0)
    if newest <= age.get(own.file, 0):
        return own
    late = [mark for mark in inside if age.get(mark.file, 0) == newest]
    return min(late, key=lambda mark: (mark.line, mark.column))


def _walk(
    loc: Sequence[str | int], data: Any, model: Any, kind: str
) -> tuple[Path_, Any, list[Any], Any]:
    """The data path of a pydantic location, the key at fault, the models and the data there.

    A location also names union branches, validators and ``[key]``; those are no keys of the data.
    """
    ends = kind in ("extra_forbidden", "missing")
    way, leaf = (loc[:-1], loc[-1]) if ends and loc else (loc, None)
    kinds = _expand(model)
    path: list[str | int] = []
    for part in way:
        if not _holds(data, part):
            kinds = _branch(kinds, part) or _step(kinds, part) or kinds
            continue
        data = data[part]
        path.append(part)
        kinds = _step(kinds, part)
    return tuple(path), leaf, kinds, data


def _holds(data: Any, part: str | int) -> bool:
    if isinstance(data, Mapping):
        return part in data
    return isinstance(data, list | tuple) and isinstance(part, int) and part < len(data)


def _expand(annotation: Any) -> list[Any]:
    """The classes and containers an annotation stands for."""
    if annotation is None or annotation is type(None):
        return []
    if hasattr(annotation, "__value__"):  # a type alias
        return _expand(annotation.__value__)
    origin = get_origin(annotation)
    if origin is Annotated:
        return _expand(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        return [kind for part in get_args(annotation) for kind in _expand(part)]
    return [annotation]


def _step(kinds: Iterable[Any], part: str | int) -> list[Any]:
    """The classes one key or list position further in."""
    found: list[Any] = []
    for kind in kinds:
        origin, inner = get_origin(kind), get_args(kind)
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            for name, field in kind.model_fields.items():
                if part in _names(name, field):
                    found += _expand(field.annotation)
        elif isinstance(origin, type) and inner:
            item = inner[1] if issubclass(origin, Mapping) and len(inner) > 1 else inner[0]
            if isinstance(part, int) and origin is tuple and part < len(inner):
                item = inner[part] if inner[-1] is not Ellipsis else inner[0]
            found += _expand(item)
    return found


def _branch(kinds: Iterable[Any], tag: str | int) -> list[Any]:
    """The models of `kinds` that a union tag names: by class, or by a Literal field."""
    return [
        kind
        for kind in kinds
        if isinstance(kind, type)
        and issubclass(kind, BaseModel)
        and (
            kind.__name__ == tag
            or any(
                get_origin(field.annotation) is Literal and tag in get_args(field.annotation)
                for field in kind.model_fields.values()
            )
        )
    ]


def _names(name: str, field: Any) -> list[str]:
    """What a field may be called in YAML, the best first."""
    alias = field.validation_alias or field.alias
    choices = getattr(alias, "choices", [alias] if alias else [])
    return [word for word in choices if isinstance(word, str)] or [name]


def _fields(kinds: Iterable[Any]) -> dict[str, Any]:
    return {
        word: field
        for kind in kinds
        if isinstance(kind, type) and issubclass(kind, BaseModel)
        for name, field in kind.model_fields.items()
        for word in _names(name, field)
    }


def _unknown(key: Any, kinds: Iterable[Any]) -> str:
    allowed = list(_fields(kinds))
    near = did_you_mean(str(key), allowed)
    known = f": write one of {', '.join(allowed)}" if allowed and not near else ""
    return f"unknown key '{str(key)[:60]}'{near}{known}" if allowed else (
        f"unknown key '{str(key)[:60]}': remove it"
    )  # fmt: skip


def _sample(key: Any, kinds: Iterable[Any]) -> str:
    """What to write for a missing key."""
    for kind in kinds:
        if key == "value" and isinstance(kind, type) and issubclass(kind, Quantity):
            return f"'value: {_bare(kind)}'"
    field = _fields(kinds).get(str(key))
    for kind in _expand(field.annotation) if field else []:
        if get_origin(kind) is Literal:
            return f"'{key}:' and one of {', '.join(map(str, get_args(kind)))}"
        if isinstance(kind, type) and issubclass(kind, Enum):
            return f"'{key}:' and one of {', '.join(str(each.value) for each in kind)}"
        if isinstance(kind, type) and issubclass(kind, Quantity):
            return f"'{key}: {_bare(kind)}'"
        if kind is str:
            return f"'{key}: …'"
    return f"it as '{key}: …'"


def _bare(kind: type[Quantity]) -> str:
    return units.example(kind.dimension).strip("'")


_KINDS = {
    "string": "a text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "list": "a list: '[…]' or lines that begin with '- '",
    "tuple": "a list: '[…]'",
    "dict": "a mapping: 'key: value' lines",
    "model": "a mapping: 'key: value' lines",
    "mapping": "a mapping: 'key: value' lines",
    "date": "a date such as 2024-12-01",
    "datetime": "a date and time such as 2024-12-01T09:00",
    "time": "a time such as 09:00",
}
_LIMITS = {
    "greater_than": ("gt", "more than"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "less than"),
    "less_than_equal": ("le", "at most"),
}


def _say(entry: Any) -> str:
    """One complaint in our words: what is wrong, and what to write."""
    kind, given, context = entry["type"], _given(entry.get("input")), entry.get("ctx", {})
    if kind in ("value_error", "assertion_error"):
        return str(context.get("error") or entry["msg"])
    if kind in ("literal_error", "enum"):
        return _choice(entry.get("input"), str(context["expected"]))
    if kind == "union_tag_invalid":
        return _choice(context["tag"], str(context["expected_tags"]))
    if kind == "union_tag_not_found":
        return f"{given} names no kind: write its key {context.get('discriminator', '')}".rstrip()
    if kind in _LIMITS:
        limit, words = _LIMITS[kind]
        return f"{given} is out of bounds: write a number {words} {context[limit]:g}"
    if kind in ("too_short", "too_long"):
        least = context.get("min_length", context.get("max_length"))
        bound = "at least" if kind == "too_short" else "at most"
        return f"{context.get('actual_length', 'wrong number of')} items: write {bound} {least}"
    if kind in ("string_too_short", "string_too_long"):
        length = context.get("min_length", context.get("max_length"))
        bound = "at least" if kind == "string_too_short" else "at most"
        return f"{given} has the wrong length: write {bound} {length} character(s)"
    if kind == "string_pattern_mismatch":
        return f"{given} has the wrong form: write it to match {context['pattern']}"
    if kind == "finite_number":
        return f"{given} is not a finite number: write a number"
    stem = kind.split("_")[0]
    if stem in _KINDS:
        wanted = _KINDS[stem]
        what = "is empty" if entry.get("input") is None else f"{given} does not fit"
        return f"{what}: write {wanted}"
    return f"{given}: {entry['msg'][:1].lower()}{entry['msg'][1:]}"


def _choice(given: Any, expected: str) -> str:
    """A word outside a list, with the list: ``"'a', 'b' or 'c'"``."""
    allowed = [word.strip().strip("'") for word in expected.replace(" or ", ", ").split(",")]
    word = str(given).strip()
    near = next((f" (did you mean '{each}'?)" for each in allowed
                 if each.lower() == word.lower()), "")  # fmt: skip
    near = near or did_you_mean(word, allowed)
    listed = f"{', '.join(allowed[:-1])} or {allowed[-1]}" if allowed[1:] else allowed[0]
    return f"{_given(given)} is not known{near}: write {listed}"


def _given(value: Any) -> str:
    """A value as it was written, cut short."""
    if isinstance(value, str):
        return f"'{value}'" if len(value) <= 60 else f"'{value[:60]}…'"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    return "nothing" if value is None else str(value)[:60]

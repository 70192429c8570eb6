"""What is asked: which characters and bare words YAML may hold: the core schema, no surprises."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

__all__ = ["refused", "scalar", "suspects"]

_NULL = ("", "~", "null", "Null", "NULL")
_TRUE = ("true", "True", "TRUE")
_FALSE = ("false", "False", "FALSE")
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]+(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?")
_OTHER_BASE = re.compile(r"[-+]?0(?:o[0-7]+|x[0-9a-fA-F]+|b[01]+)")
_GROUPED = re.compile(r"[-+]?[0-9]+(?:_[0-9]+)+(?:\.[0-9]+)?")
_COMMA = re.compile(r"[-+]?[0-9]+,[0-9]+")
_ENDLESS = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_MOST_DIGITS = 18


def scalar(text: str, *, plain: bool) -> tuple[Any, str]:
    """The value of a scalar, and why it is refused (``""`` if it is not).

    Parameters
    ----------
    text : str
        As written, without quotes.
    plain : bool
        Whether it stood without quotes; a quoted scalar is always text.

    Returns
    -------
    tuple
        A str, int, float, bool or None, and the remedy where `text` is refused.

    Examples
    --------
    >>> scalar("1e3", plain=True), scalar("NO", plain=True), scalar("20:00", plain=True)
    ((1000.0, ''), ('NO', ''), ('20:00', ''))
    >>> scalar("010", plain=True)[1]
    "'010' begins with a zero: write 10, or quote it if it is a text"
    """
    if not plain:
        return text, ""
    if text in _NULL:
        return None, ""
    if text in _TRUE or text in _FALSE:
        return text in _TRUE, ""
    if text[0] not in "+-.0123456789":
        return text, ""
    if _INTEGER.fullmatch(text):
        if len(text.lstrip("+-")) > _MOST_DIGITS:
            return 0, f"a number of more than {_MOST_DIGITS} digits: write a smaller one"
        return int(text), ""
    if _DECIMAL.fullmatch(text):
        value = float(text)
        if math.isfinite(value):
            return value, ""
        return 0.0, f"'{text[:30]}' is too large to be a number: write a smaller one"
    return text, _trap(text)


def _trap(text: str) -> str:
    """What to write instead of a scalar that readers of YAML understand in different ways."""
    said, tail = f"'{text[:30]}'", "or quote it if it is a text"
    if _LEADING_ZERO.fullmatch(text):
        sign = text[0] if text[0] in "+-" else ""
        number = sign + re.sub(r"^0+(?=[0-9])", "", text.lstrip("+-"))
        return f"{said} begins with a zero: write {number[:30]}, {tail}"
    if _OTHER_BASE.fullmatch(text):
        return f"{said} is not decimal: write the decimal number, {tail}"
    if _GROUPED.fullmatch(text):
        return f"{said} has a thousands mark: write {text.replace('_', '')[:30]}, {tail}"
    if _COMMA.fullmatch(text):
        return f"{said} has a decimal comma: write {text.replace(',', '.')[:30]}, {tail}"
    if _ENDLESS.fullmatch(text):
        return f"{said} is not a finite number: write a number, {tail}"
    return ""


_SUSPECT = re.compile(r"[^\t\n\r -~]")
_JOINERS = "\u200c\u200d"  # Urdu and Persian spelling needs them


def suspects(text: str) -> Iterator[tuple[int, str]]:
    """Where characters stand that readers do not see or YAML readers differ on, and the remedy."""
    last = -2
    for found in _SUSPECT.finditer(text):
        why = _character(found[0])
        if why:
            if found.start() != last + 1 or found[0] != text[last]:  # a run is told once
                yield found.start(), why
            last = found.start()


def refused(text: str) -> str:
    """The remedy for the first such character of `text`, or ``""``."""
    return next((why for _, why in suspects(text)), "")


def _character(character: str) -> str:
    kind = unicodedata.category(character)
    name = unicodedata.name(character, "control character").lower()
    said = f"U+{ord(character):04X} ({name})"
    if kind == "Zs":
        return f"{said}: write an ordinary space"
    if kind in ("Zl", "Zp"):
        return f"{said}: write an ordinary line break"
    if kind == "Cs":
        return f"U+{ord(character):04X} (half of a surrogate pair): write the whole character"
    if kind == "Cc":
        return f"{said}: remove it"
    if kind == "Cf" and character not in _JOINERS:
        return f"{said}, which is invisible: remove it"
    return ""

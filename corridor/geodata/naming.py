"""The geodata room: which place or port a name stands for: an id, a name, a local name."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

from corridor.faults import Faults, did_you_mean
from corridor.geodata.routing import any_of

if TYPE_CHECKING:
    from corridor.geodata.network import Network

__all__ = ["named_place", "named_port"]

_APART = re.compile(r"\s*[,/()]\s*")  # "Yining (Ghulja)", "Aliabad, Hunza", "红其拉甫 / خنجراب"


def named_place(network: Network, words: str) -> str:
    """The id of the place that `words` stand for, in any case and without regard to accents.

    Raises
    ------
    Faults
        No place has this name, or several have.

    Examples
    --------
    >>> from corridor.geodata import load
    >>> [named_place(load(), words) for words in ("Kashgar", "Xi'an", "喀什", "GHULJA")]
    ['kashgar', 'xian', 'kashgar', 'yining']
    """
    return _named(network.places, "place", "places.csv", words)


def named_port(network: Network, words: str) -> str:
    """The id of the border port that `words` stand for; see `named_place`."""
    return _named(network.ports, "port", "ports.csv", words)


def _named(table: Any, key: str, file: str, words: str) -> str:
    """An id as it stands comes first, then whole names, then parts of names."""
    ids = list(table[key])
    if words in ids:
        return words
    rows = [(row[key], row["name"], row["local_name"]) for row in table.to_dict("records")]
    sought = _bare(words)
    parts = [[part for name in names for part in _APART.split(name)] for _, *names in rows]
    whole = [{_bare(id_), _bare(name), _bare(local)} for id_, name, local in rows]
    for known in (whole, [set(map(_bare, each)) for each in parts]):
        found = [id_ for id_, names in zip(ids, known, strict=True) if sought in names - {""}]
        if len(found) == 1:
            return str(found[0])
        if found:
            raise Faults.one(f"{words!r} is the name of several: write {any_of(found)}", key)
    names = [name for _, *both in rows for name in both if name]
    hint = did_you_mean(words.lower(), ids) or did_you_mean(words, names)
    raise Faults.one(f"no {key} {words!r} in {file}{hint}")


def _bare(text: str) -> str:
    """Letters and digits alone, in small letters, without accents."""
    apart = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in apart if c.isalnum())

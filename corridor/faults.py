"""Ground floor: faults in what people wrote, each with file, line, column and a remedy."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

__all__ = ["Fault", "Faults", "Mark", "did_you_mean"]


class Mark(NamedTuple):
    """A place in a text file; line and column count from 1."""

    file: str
    line: int
    column: int


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, where it is, and what to write instead.

    Parameters
    ----------
    mark : Mark or None
        Where it stands; None for a fault of the command line.
    path : str
        The key path inside the file, such as ``posts.sost.hours.weekdays``.
    message : str
        What is wrong and what to write instead, in one sentence.
    """

    mark: Mark | None
    path: str
    message: str

    def __str__(self) -> str:
        where = f"{self.mark.file}:{self.mark.line}:{self.mark.column}: " if self.mark else ""
        path = f"{self.path}: " if self.path else ""
        return _printable(f"{where}{path}{self.message}")


class Faults(Exception):
    """Bad input. The command line prints the faults and exits with status 2."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(faults)
        super().__init__("\n".join(map(str, self.faults[:20])))

    @classmethod
    def one(cls, message: str, path: str = "", mark: Mark | None = None) -> Faults:
        """A single fault, ready to raise."""
        return cls([Fault(mark, path, message)])


def did_you_mean(word: str, allowed: Iterable[str]) -> str:
    """``" (did you mean 'lanes'?)"`` when one of `allowed` is near `word`, else ``""``.

    >>> did_you_mean("chanels", ["channels", "lanes"])
    " (did you mean 'channels'?)"
    >>> did_you_mean("zzz", ["channels", "lanes"])
    ''
    """
    near = difflib.get_close_matches(word, list(allowed), n=1, cutoff=0.6)
    return f" (did you mean '{near[0]}'?)" if near else ""


def _printable(text: str) -> str:
    """`text` with control and bidirectional characters made visible: a terminal obeys them."""
    return "".join(c if c.isprintable() or c == " " else f"\\u{ord(c):04x}" for c in text)

"""Ground floor: where the data folders lie, in a checkout and in an installed wheel."""

from __future__ import annotations

from pathlib import Path

__all__ = ["Stamp", "share", "stamp"]

Stamp = tuple[tuple[str, int, int], ...]
"""What tells one state of some files from another: paths, times and sizes."""

_PACKAGE = Path(__file__).resolve().parent


def share(*parts: str) -> Path:
    """The path of a bundled file or folder, such as ``share("geodata", "places.csv")``.

    In a wheel the three data folders stand in ``corridor/_share``; in a checkout they stand
    beside the package. The wheel comes first, so an installed copy never reads a stray folder.

    Examples
    --------
    >>> share("geodata").name
    'geodata'
    """
    wheel = _PACKAGE / "_share"
    return (wheel if wheel.is_dir() else _PACKAGE.parent).joinpath(*parts)


def stamp(*paths: Path) -> Stamp:
    """The state of some files: what was read from them holds for as long as it is the same.

    A file that is missing has a state too.
    """
    found = []
    for path in paths:
        try:
            state = path.stat()
            found.append((str(path), state.st_mtime_ns, state.st_size))
        except OSError:
            found.append((str(path), 0, -1))
    return tuple(found)

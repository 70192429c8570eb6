"""Ground floor: where the data folders lie, in a checkout and in an installed wheel."""

from __future__ import annotations

from pathlib import Path

__all__ = ["share"]

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

"""The study room: replications in parallel, paired; from scenarios to Results.

`run`, `compare` and `study` are imported when first used: ``corridor check`` needs none of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from corridor.study.simulate import compare, run, study

__all__ = ["compare", "run", "study"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from corridor.study import simulate as room

    return getattr(room, name)

"""The analysis room: what if; questions that take many runs to answer."""

from __future__ import annotations

from corridor.analysis.moves import moved
from corridor.analysis.rivals import Change, Move, Trial, trials

__all__ = ["Change", "Move", "Trial", "moved", "trials"]

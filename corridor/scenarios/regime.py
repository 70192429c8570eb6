"""What is asked: a regime, a port's operating rules written as a patch with papers."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from corridor.scenarios.base import Model, Text
from corridor.scenarios.calendar import Day

__all__ = ["Regime", "RegimePapers"]


class RegimePapers(Model):
    """What a reader needs to know of a regime: its name, its evidence, its dates."""

    title: Text
    name: Text | None = None
    asks: Text | None = None
    claim: str | None = None
    assumed: str | None = None
    from_: Day | None = None
    until: Day | None = None
    why: Text | None = None


class Regime(RegimePapers):
    """A rule-set for a port: its papers, and only the changes it makes to the port's file."""

    changes: dict[str, Any] = Field(default_factory=dict)

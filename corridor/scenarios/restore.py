"""What is asked: a scenario as a run record keeps it, resolved, back to a frozen model."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from corridor.faults import Faults
from corridor.scenarios.document import Document
from corridor.scenarios.read import Reading
from corridor.scenarios.scenario import Scenario

__all__ = ["restored"]


def restored(resolved: Any) -> Reading:
    """The scenario of a run record's ``resolved``.

    Raises
    ------
    Faults
        If this version cannot read it.
    """
    try:
        return Reading(Scenario.model_validate(resolved), Document(resolved), ())
    except ValidationError:
        raise Faults.one("run.json does not hold a scenario that this version can run") from None

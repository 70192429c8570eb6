"""Corridor: what does a border port's operating regime do to the trade that passes through it?

Everything is a function of plain, frozen data::

    import corridor
    scenario = corridor.read("khunjerab_year_round")
    results = corridor.compare("khunjerab_seasonal", "khunjerab_year_round")
    corridor.measure(results)
    corridor.draw(results, "map.html")
    corridor.publish(results, "report.html")

Names are imported when they are first used, so that ``import corridor`` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from corridor.faults import Fault, Faults
    from corridor.metrics import metric
    from corridor.report.deliver import draw, publish
    from corridor.results import Results
    from corridor.results.results import measure
    from corridor.scenarios import Scenario, names
    from corridor.scenarios.read import read
    from corridor.study import compare, run

__version__ = "0.1.0"

__all__ = [  # noqa: RUF022 - grouped by what one does
    # ask
    "Fault",
    "Faults",
    "Scenario",
    "names",
    "read",
    # run
    "Results",
    "compare",
    "run",
    # understand
    "draw",
    "measure",
    "metric",
    "publish",
]

_HOME = {
    "Fault": "corridor.faults",
    "Faults": "corridor.faults",
    "Scenario": "corridor.scenarios",
    "names": "corridor.scenarios",
    "read": "corridor.scenarios",
    "Results": "corridor.results",
    "compare": "corridor.study",
    "run": "corridor.study",
    "draw": "corridor.report.deliver",
    "measure": "corridor.results.results",
    "metric": "corridor.metrics",
    "publish": "corridor.report.deliver",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'corridor' has no attribute '{name}'")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])

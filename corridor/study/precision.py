"""The study room: how many replications are enough, by a rule said beforehand."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from corridor.faults import Faults
from corridor.scenarios import Scenario
from corridor.study import gather
from corridor.study.store import Sample

__all__ = ["Miss", "Stop", "deciding", "missed", "stop"]

FLOOR, STEP, CAP = 20, 10, 200
"""An interval from few replications is itself uncertain: none is trusted from fewer than 20."""

NAMED = 20
"""So many misses are named to a reader, the widest; all are in the record."""


class Miss(NamedTuple):
    """An indicator that is not precise enough: half its 95% interval as a share of its mean."""

    scenario: str
    place: str
    who: str
    metric: str
    half_width: float

    def row(self) -> dict[str, Any]:
        """As the record has it; a width that cannot be told from one value is None."""
        width = None if math.isnan(self.half_width) else self.half_width
        return {"scenario": self.scenario, "place": self.place, "class": self.who,
                "metric": self.metric, "half_width": width}  # fmt: skip

    def words(self) -> str:
        """The indicator, and how well it is known."""
        who = "" if self.who == "all" else f", {self.who},"
        width = f"±{_share(self.half_width)}"
        if math.isnan(self.half_width):
            width = "one value, no interval"
        return f"{self.metric} of {self.place}{who} in {self.scenario} ({width})"


@dataclass(frozen=True)
class Stop:
    """When to stop: at `least` replications, or later, when `target` is met, or at `most`.

    Parameters
    ----------
    target : float or None
        The greatest half-width allowed, as a share of the mean; None for a number fixed before.
    least, most : int
        Replications.
    every : bool
        Whether every reported indicator must meet the target, or those that decide (`deciding`).
    """

    target: float | None
    least: int
    most: int
    every: bool = False

    def after(self, count: int) -> int:
        """How many are to be tried after `count`."""
        return min(count + STEP, self.most)

    def words(self, count: int, misses: Sequence[Miss]) -> str:
        """The rule and what came of it."""
        if self.target is None:
            return f"{count} replications, a number fixed beforehand"
        return (
            f"replications added, from {self.least} on {STEP} at a time and at most {self.most},"
            f" until every {'reported indicator' if self.every else _DECIDING} is known to"
            f" ±{_share(self.target)} of its mean:"
            f" {'not reached' if misses else 'reached'} with {count}"
        )

    def design(self, count: int, misses: Sequence[Miss]) -> dict[str, Any]:
        """What the record says of the number of replications."""
        met = {
            "target": self.target,
            "reached": not misses,
            "missed": [m.row() for m in misses],
        }
        return {
            "replications": count,
            "stop_rule": self.words(count, misses),
            "precision": None if self.target is None else met,
        }

    def warnings(self, count: int, misses: Sequence[Miss]) -> list[str]:
        """What a reader must know where the target was not reached."""
        if self.target is None or not misses:
            return []
        widest = sorted(misses, key=lambda m: -math.inf if math.isnan(m.half_width)
                        else -m.half_width)[:NAMED]  # fmt: skip
        more = len(misses) - len(widest)
        return [
            f"not all is known to ±{_share(self.target)} of its mean after {count} replications:"
            f" {', '.join(miss.words() for miss in widest)}{f' and {more} more' if more else ''}"
        ]


def stop(precision: str | None, replications: int | None, usual: int) -> Stop:
    """The rule for what was asked: `precision` such as ``5%``, `replications` as a cap or alone.

    ``5%:all`` asks it of every reported indicator.

    Raises
    ------
    Faults
        If `precision` is not a share above zero and below one.

    Examples
    --------
    >>> stop("5%", None, usual=30)
    Stop(target=0.05, least=20, most=200, every=False)
    >>> stop(None, None, usual=30)
    Stop(target=None, least=30, most=30, every=False)
    """
    if precision is None:
        count = replications or usual
        return Stop(None, count, count)
    found = re.fullmatch(r"\s*([0-9]{1,3}(?:\.[0-9]{1,6})?)\s*%\s*(:\s*all\s*)?", precision)
    if not found or not 0 < float(found[1]) < 100:
        raise Faults.one(
            f"'{precision[:40]}': write a share of the mean, such as 5%, or 5%:all",
            "--precision",
        )
    most = replications or CAP
    return Stop(float(found[1]) / 100, min(FLOOR, most), most, every=bool(found[2]))


_DECIDING = "indicator of the port and its corridor"


def deciding(place: str, who: str, metric: str) -> bool:
    """Whether an indicator is one of those that a comparison tests (see `gather.adjusted`).

    Those of the ports for all vehicles together, those of their corridors by class and direction.
    """
    return (who == "all" or metric in gather.ALONG) and "/" not in place


def missed(scenario: Scenario, sample: Sample, target: float, every: bool = False) -> list[Miss]:
    """The indicators that decide, or with `every` all there are, that are not within `target`.

    One that is always 0 has no share to be within, and is perhaps only rare: the report names it
    as not met yet. One that is always the same, but not 0, is known exactly.
    """
    found = []
    known = gather.estimates(sample.values)
    for (place, who, metric, _), (mean, low, high, n) in zip(sample.rows, known, strict=True):
        if every or deciding(place, who, metric):
            half = (high - low) / 2
            if n and mean and not half <= target * abs(mean):  # not NaN either
                found.append(Miss(scenario.name, place, who, metric, half / abs(mean)))
    return found


def _share(value: float) -> str:
    return f"{value * 100:.3g}%"

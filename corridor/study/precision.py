"""The study room: how many replications are enough, by a rule said beforehand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from corridor.faults import Faults
from corridor.scenarios import Scenario
from corridor.study import gather
from corridor.study.store import Sample

__all__ = ["Miss", "Stop", "missed", "stop"]

FLOOR, STEP, CAP = 20, 10, 200
"""An interval from few replications is itself uncertain: none is trusted from fewer than 20."""


class Miss(NamedTuple):
    """An indicator that is not precise enough: half its 95% interval as a share of its mean."""

    scenario: str
    place: str
    metric: str
    half_width: float


@dataclass(frozen=True)
class Stop:
    """When to stop: at `least` replications, or later, when `target` is met, or at `most`.

    Parameters
    ----------
    target : float or None
        The greatest half-width allowed, as a share of the mean; None for a number fixed before.
    least, most : int
        Replications.
    """

    target: float | None
    least: int
    most: int

    def after(self, count: int) -> int:
        """How many are to be tried after `count`."""
        return min(count + STEP, self.most)

    def words(self, count: int, misses: Sequence[Miss]) -> str:
        """The rule and what came of it."""
        if self.target is None:
            return f"{count} replications, a number fixed beforehand"
        return (
            f"replications added, from {self.least} on {STEP} at a time and at most {self.most},"
            " until every indicator of the port and its corridor is known to"
            f" ±{_share(self.target)} of its mean:"
            f" {'not reached' if misses else 'reached'} with {count}"
        )

    def design(self, count: int, misses: Sequence[Miss]) -> dict[str, Any]:
        """What the record says of the number of replications."""
        met = {
            "target": self.target,
            "reached": not misses,
            "missed": [m._asdict() for m in misses],
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
        listed = [
            f"{m.metric} of {m.place} in {m.scenario} (±{_share(m.half_width)})" for m in misses
        ]
        return [
            f"not all is known to ±{_share(self.target)} of its mean after {count} replications:"
            f" {', '.join(listed)}"
        ]


def stop(precision: str | None, replications: int | None, usual: int) -> Stop:
    """The rule for what was asked: `precision` such as ``5%``, `replications` as a cap or alone.

    Raises
    ------
    Faults
        If `precision` is not a share above zero and below one.

    Examples
    --------
    >>> stop("5%", None, usual=30)
    Stop(target=0.05, least=20, most=200)
    >>> stop(None, None, usual=30)
    Stop(target=None, least=30, most=30)
    """
    if precision is None:
        count = replications or usual
        return Stop(None, count, count)
    found = re.fullmatch(r"\s*([0-9]{1,3}(?:\.[0-9]{1,6})?)\s*%\s*", precision)
    if not found or not 0 < float(found[1]) < 100:
        raise Faults.one(
            f"'{precision[:40]}': write a share of the mean, such as 5%", "--precision"
        )
    most = replications or CAP
    return Stop(float(found[1]) / 100, min(FLOOR, most), most)


def missed(scenario: Scenario, sample: Sample, target: float) -> list[Miss]:
    """The indicators of the ports, and of their corridors, that are not within `target`.

    Those that a comparison tests (see `gather.adjusted`): of the ports for all vehicles together,
    of the corridors by class and direction. One whose mean is zero has no share to be within; one
    that never varies is known exactly.
    """
    found = []
    for (place, who, metric, _), values in zip(sample.rows, sample.values.T, strict=True):
        if (who == "all" or metric in gather.ALONG) and "/" not in place:
            mean, low, high, n = gather.estimate(values)
            half = (high - low) / 2
            if n and mean and not half <= target * abs(mean):  # not NaN either
                found.append(Miss(scenario.name, place, metric, half / abs(mean)))
    return found


def _share(value: float) -> str:
    return f"{value * 100:.3g}%"

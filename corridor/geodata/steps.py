"""The geodata room: a way between two places: the steps it is made of and their sums."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Route", "Step"]


@dataclass(frozen=True)
class Step:
    """One part of a route: a link travelled, or a stay at a terminal.

    Parameters
    ----------
    what : str
        ``leg``, or the stay: ``gauge`` (another gauge), ``border`` (the same mode goes on),
        ``ship`` (from ship to ship) or ``transfer`` (another mode).
    name : str
        The id of the link; the id of the place of a stay.
    km, hours, usd : float
        Of this step alone; usd is per TEU.
    usd_low, usd_high : float
        How far the cost may lie off.
    km_evidence, hours_evidence, usd_evidence : str
        ``cited``, ``derived`` or ``assumed``; empty where the step adds nothing of it.
    claims : tuple of str
        The claims all three rest on.
    """

    what: str
    name: str
    from_place: str
    to_place: str
    mode: str
    km: float
    hours: float
    usd: float
    usd_low: float
    usd_high: float
    km_evidence: str
    hours_evidence: str
    usd_evidence: str
    claims: tuple[str, ...]


@dataclass(frozen=True)
class Route:
    """The best way from one place to another and what it adds up to.

    Parameters
    ----------
    by, season : str
        What was made least, and in which season.
    modes : tuple of str
        The modes that were allowed.
    steps : tuple of Step
        Legs and stays in order; empty when the two places are one.
    closed : tuple of str
        Ports that were asked to count as shut.
    """

    from_place: str
    to_place: str
    by: str
    season: str
    modes: tuple[str, ...]
    steps: tuple[Step, ...]
    closed: tuple[str, ...] = ()

    @property
    def legs(self) -> tuple[Step, ...]:
        """The links travelled, in order."""
        return tuple(step for step in self.steps if step.what == "leg")

    @property
    def km(self) -> float:
        """Length, km."""
        return sum(step.km for step in self.steps)

    @property
    def hours(self) -> float:
        """Running time and stays, hours."""
        return sum(step.hours for step in self.steps)

    @property
    def usd(self) -> float:
        """Cost of one TEU, USD."""
        return sum(step.usd for step in self.steps)

    def resting_on(self, what: str) -> dict[str, float]:
        """The share of the total of `what` (km, hours or usd) that is cited, derived, assumed."""
        total: float = getattr(self, what)
        shares = dict.fromkeys(("cited", "derived", "assumed"), 0.0)
        for step in self.steps:
            if total and (evidence := getattr(step, f"{what}_evidence")):
                shares[evidence] += getattr(step, what) / total
        return shares

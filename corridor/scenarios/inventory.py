"""What is asked: every number of a scenario with its evidence, and every claim it leans on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import BaseModel

from corridor import units
from corridor.scenarios.chance import Chance
from corridor.scenarios.document import Path_, dotted
from corridor.scenarios.quantity import Quantity
from corridor.scenarios.scenario import Scenario

__all__ = ["Entry", "citations", "claims_of", "inventory"]

_PLAIN = ("period", "targets", "calendars", "regimes")
"""Parts whose numbers are dates, papers or observations rather than inputs."""


@dataclass(frozen=True)
class Entry:
    """One input: where it stands, what it is worth, how far it may lie, why it is believed.

    Values are not rounded: they are held against claims and against those of other scenarios.
    """

    path: str
    value: str
    unit: str
    low: str
    high: str
    distribution: str
    evidence: str
    claim: str
    why: str

    @property
    def title(self) -> str:
        """The path in words."""
        return self.path.replace("_", " ").replace(".", ", ")


def inventory(scenario: Scenario) -> list[Entry]:
    """All inputs of a scenario in the order of its file."""
    found: list[Entry] = []
    for name in type(scenario).model_fields:
        if name not in _PLAIN:
            found += _walk(getattr(scenario, name), (name,), None)
    return found


def _walk(thing: object, path: tuple[str, ...], law: Chance | None) -> Iterator[Entry]:
    if isinstance(thing, Quantity):
        yield _entry(thing, path, law)
    elif isinstance(thing, BaseModel):
        for name in type(thing).model_fields:
            yield from _walk(
                getattr(thing, name),
                (*path, name.rstrip("_")),
                thing if isinstance(thing, Chance) else law,
            )
    elif isinstance(thing, dict):
        for name, inner in thing.items():
            yield from _walk(inner, (*path, str(name)), law)
    elif isinstance(thing, tuple):
        for i, inner in enumerate(thing):
            yield from _walk(inner, (*path, str(i + 1)), law)


def _entry(quantity: Quantity, path: tuple[str, ...], law: Chance | None) -> Entry:
    """A quantity inside a law takes the law's evidence where it has none of its own."""
    holder = law if quantity.evidence == "none" and law is not None else quantity
    claim, derived, assumed = holder.claim, holder.derived, holder.assumed
    evidence = "derived" if derived else "cited" if claim else "assumed" if assumed else "none"

    def text(value: float | None) -> str:
        return "" if value is None else units.write(value, quantity.dimension)

    return Entry(
        path=".".join(path),
        value=text(quantity.value),
        unit=quantity.unit,
        low=text(quantity.low),
        high=text(quantity.high),
        distribution=law.law if law else "",
        evidence=evidence,
        claim=claim or "",
        why=derived or assumed or "",
    )


def claims_of(scenario: Scenario) -> dict[str, list[str]]:
    """Claim ids that a scenario names, with the paths that name them."""
    return {
        claim: [dotted(path if path[-1] != "claim" else path[:-1]) or "claim" for path in paths]
        for claim, paths in citations(scenario).items()
    }


def citations(scenario: Scenario) -> dict[str, list[Path_]]:
    """As `claims_of`, with the whole path of each key that holds the claim."""
    found: dict[str, list[Path_]] = {}

    def walk(thing: object, path: Path_) -> None:
        if isinstance(thing, BaseModel):
            for name in type(thing).model_fields:
                value, here = getattr(thing, name), (*path, name.rstrip("_"))
                if name == "claim" or name.endswith("_claim"):
                    if value:
                        found.setdefault(value, []).append(here)
                else:
                    walk(value, here)
        elif isinstance(thing, dict):
            for key, inner in thing.items():
                walk(inner, (*path, str(key)))
        elif isinstance(thing, tuple):
            for i, inner in enumerate(thing):
                walk(inner, (*path, i))

    walk(scenario, ())
    return found

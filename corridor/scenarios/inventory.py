"""What is asked: every number and rule of a scenario with its evidence, and every claim."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from corridor import units
from corridor.scenarios.calendar import DAYS, Season
from corridor.scenarios.chance import Chance
from corridor.scenarios.document import Path_, dotted
from corridor.scenarios.port import UNLIMITED, Post, Station, Train
from corridor.scenarios.quantity import Quantity
from corridor.scenarios.scenario import Scenario
from corridor.scenarios.train import Timetable

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
    rule: bool = False
    """Hours, a season, holidays, a closing rule, a timetable: words, not a number."""

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


def _walk(thing: object, path: tuple[str, ...], law: Chance | Timetable | None) -> Iterator[Entry]:
    if isinstance(thing, Quantity):
        yield _entry(thing, path, law)
    elif isinstance(thing, BaseModel):
        yield from _rules(thing, path)
        for name in type(thing).model_fields:
            yield from _walk(
                getattr(thing, name),
                (*path, name.rstrip("_")),
                thing if isinstance(thing, Chance | Timetable) else law,
            )
    elif isinstance(thing, dict):
        for name, inner in thing.items():
            yield from _walk(inner, (*path, str(name)), law)
    elif isinstance(thing, tuple):
        for i, inner in enumerate(thing):
            yield from _walk(inner, (*path, str(i + 1)), law)


_RULES = (
    "hours", "holidays", "working_days", "keeps_season", "closing_rule", "lines", "when_full",
)  # fmt: skip
_MUST = ("hours", "holidays", "closing_rule", "lines", "when_full")
"""Rules that need a paper wherever they are not the default."""


def _rules(thing: BaseModel, path: tuple[str, ...]) -> Iterator[Entry]:
    """The rules of a post, a station, a train or a season, as YAML writes them."""
    if isinstance(thing, Season):
        yield from _season(thing, path)
    if isinstance(thing, Timetable):
        yield _rule(path, _departures(thing), thing.claim, thing.assumed)
    if not isinstance(thing, Post | Station | Train):
        return
    written = thing.model_dump(mode="json")
    fields = type(thing).model_fields
    for name in _RULES:
        if name in fields:
            claim, assumed = (written.get(f"{name}_{kind}") for kind in ("claim", "assumed"))
            usual = getattr(thing, name) == fields[name].default
            if claim or assumed or (name in _MUST and not usual):
                yield _rule((*path, name), written[name], claim, assumed)


def _departures(timetable: Timetable) -> str:
    """A timetable in words.

    >>> _departures(Timetable.model_validate({"every": "8 h", "from": "06:00", "days": ["sunday"]}))
    'every 8 h from 06:00, sunday'
    """
    written = timetable.model_dump(mode="json")
    words = ", ".join(written["at"])
    if timetable.every is not None:
        words = f"every {timetable.every.shown}"
        words += f" from {written['from_']}" if written["from_"] else ""
        words += f" until {written['until']}" if written["until"] else ""
    return ", ".join((words, *timetable.days))


def _season(season: Season, path: tuple[str, ...]) -> Iterator[Entry]:
    """The closed season, whole and by class, and what opens it; the season's paper covers all."""
    written = season.model_dump(mode="json", by_alias=True)
    papers = season.claim, season.assumed
    if any(papers):
        yield _rule((*path, "closed"), written["closed"], *papers)
        for class_, span in written["by_class"].items():
            yield _rule((*path, "by_class", class_), span, *papers)
    for name, spell in season.special_openings.items():
        own = (spell.claim, spell.assumed) if spell.claim or spell.assumed else papers
        if any(own):
            span = f"{spell.from_}..{spell.until}"
            yield _rule((*path, "special_openings", name), span, *own)


def _rule(path: tuple[str, ...], value: Any, claim: str | None, assumed: str | None) -> Entry:
    return Entry(
        path=".".join(path),
        value=_written(value),
        unit="",
        low="",
        high="",
        distribution="",
        evidence="assumed" if assumed else "cited" if claim else "none",
        claim=claim or "",
        why=assumed or "",
        rule=True,
    )


def _written(value: Any) -> str:
    """A rule as YAML writes it; hours by the widest names that tell them.

    >>> _written(dict.fromkeys(DAYS, "09:00-17:00") | {"saturday": "closed", "sunday": "closed"})
    'weekdays: 09:00-17:00'
    """
    if isinstance(value, dict):
        return _week(value)
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "[]"
    return {None: "none", True: "true", False: "false"}.get(value, str(value))


def _week(hours: dict[str, str]) -> str:
    days = [hours[day] for day in DAYS]
    if len(set(days)) == 1:
        one = days[0]
        return {"00:00-24:00": "always", "closed": "closed"}.get(one, f"daily: {one}")
    groups: dict[str, str] = {}
    for name, part in (("weekdays", slice(0, 5)), ("weekends", slice(5, 7))):
        alike = len(set(days[part])) == 1
        groups |= {name: days[part][0]} if alike else dict(zip(DAYS[part], days[part], strict=True))
    return ", ".join(f"{name}: {text}" for name, text in groups.items() if text != "closed")


def _entry(quantity: Quantity, path: tuple[str, ...], law: Chance | Timetable | None) -> Entry:
    """A quantity inside a law or a timetable takes its evidence where it has none of its own.

    What a law says of how its numbers were come by holds for a number with a claim too.
    """
    holder = law if quantity.evidence == "none" and law is not None else quantity
    claim, assumed, derived = holder.claim, holder.assumed, getattr(holder, "derived", None)
    if quantity.claim and isinstance(law, Chance):
        derived = derived or law.derived
    evidence = "derived" if derived else "cited" if claim else "assumed" if assumed else "none"

    def text(value: float | None) -> str:
        return "" if value is None else units.write(value, quantity.dimension)

    return Entry(
        path=".".join(path),
        value="unlimited" if _endless(quantity, path) else text(quantity.value),
        unit=quantity.unit,
        low=text(quantity.low),
        high=text(quantity.high),
        distribution=law.law if isinstance(law, Chance) else "",
        evidence=evidence,
        claim=claim or "",
        why=derived or assumed or "",
    )


def _endless(quantity: Quantity, path: tuple[str, ...]) -> bool:
    return path[-1] == "lanes" and quantity.value == UNLIMITED


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

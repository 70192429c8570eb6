"""Evidence room: what was counted held against what the calendar says was open."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date

from corridor.evidence.claims import Claim
from corridor.evidence.counts import Doubt, counted, days, stands
from corridor.evidence.words import figure, when

__all__ = ["calendar_and_flow"]

Register = Mapping[str, Claim]


def calendar_and_flow(claims: Register) -> list[Doubt]:
    """Closed times of a place within which something was counted passing it.

    A closed time is a closure, or an operating season whose text begins with ``closed``. Flows
    that fall into a special opening contradict nothing. The doubt is on the calendar: goods that
    were weighed did pass.
    """
    flows = list(_flows(claims))
    openings = [c for c in claims.values() if stands(c) and _says(c, "special opening")]
    found = []
    for closed in claims.values():
        if not (closed.measure == "closure" or _says(closed, "closed")):
            continue
        if not (closed.place and closed.period_from and closed.period_to):
            continue
        against = [
            (flow, span)
            for flow, span in flows
            if flow.place == closed.place and _within(span, days(closed))
            and not any(o.place == flow.place and _within(span, days(o)) for o in openings)
        ]  # fmt: skip
        if against:
            seen = ", ".join(f"{_passed(flow)} ({flow.claim})" for flow, _ in against[:3])
            message = f"said to be closed in {when(closed)}, but {seen}"
            others = tuple(flow.claim for flow, _ in against)
            found.append(Doubt(closed.claim, "calendar_and_flow", message, others))
    return found


def _flows(claims: Register) -> Iterator[tuple[Claim, tuple[date, date]]]:
    """What passed, and from which day to which: counts over a period, and dated crossings."""
    yield from ((claim, days(claim)) for claim in counted(claims) if stands(claim))
    for claim in claims.values():
        dated = claim.unit == "date" and re.fullmatch(r"\d{4}-\d\d-\d\d", claim.value)
        if dated and claim.measure.startswith("first crossing") and stands(claim):
            day = date.fromisoformat(claim.value)
            yield claim, (day, day)


def _says(claim: Claim, words: str) -> bool:
    return claim.measure == "operating season" and claim.value.startswith(words)


def _within(span: tuple[date, date], around: tuple[date, date]) -> bool:
    return around[0] <= span[0] and span[1] <= around[1]


def _passed(flow: Claim) -> str:
    if flow.number is None:
        return f"the crossing of {flow.value}"
    return f"{figure(flow)} were counted in {when(flow)}"

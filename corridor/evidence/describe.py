"""Evidence room: the register in words, for ``corridor sources`` and for the run record."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from corridor.evidence.claims import Claim, Source
from corridor.evidence.trade import belongs_to
from corridor.evidence.words import amount, figure, when
from corridor.faults import Faults, did_you_mean

__all__ = ["Entry", "card", "cards", "entries", "portrait", "rivals"]

_RANK = ("accepted", "contested", "superseded", "rejected")


class Entry(NamedTuple):
    """One row of the table that ``corridor sources`` prints."""

    claim: str
    subject: str
    value: str
    period: str
    status: str
    conflict: str
    source: str


def entries(claims: Mapping[str, Claim], sources: Mapping[str, Source]) -> list[Entry]:
    """The register as a table, in file order.

    Examples
    --------
    >>> from corridor.evidence import load_claims, load_sources
    >>> row = entries(load_claims(), load_sources())[0]
    >>> row.claim, row.value, row.status, row.source
    ('000-01', '4 months', 'accepted', 'Firstpost')
    """
    return [
        Entry(
            claim.claim, claim.subject, figure(claim), when(claim), claim.status,
            ", ".join(claim.conflict), _origin(claim, sources),
        )
        for claim in claims.values()
    ]  # fmt: skip


def rivals(claims: Mapping[str, Claim], claim: str) -> list[Claim]:
    """The other claims of the same conflicts, those that stand first.

    Examples
    --------
    >>> from corridor.evidence import load_claims
    >>> [each.claim for each in rivals(load_claims(), "KJ-14")]
    ['KJ-10']
    """
    mine = set(find(claims, claim).conflict)
    found = [c for c in claims.values() if c.claim != claim and mine & set(c.conflict)]
    return sorted(found, key=lambda each: _RANK.index(each.status))


def find(claims: Mapping[str, Claim], name: str) -> Claim:
    """The claim called `name`, or a fault with the nearest id."""
    if name not in claims:
        raise Faults.one(f"unknown claim '{name}'{did_you_mean(name, claims)}")
    return claims[name]


def card(claim: Claim, sources: Mapping[str, Source], used: bool = True) -> dict[str, Any]:
    """One claim as the run record keeps it."""
    value, unit = amount(claim)
    known = [sources[name] for name in claim.source]
    address = next((each.address for each in known if each.address), "")
    return {
        "claim": claim.claim,
        "subject": claim.subject,
        "value": value,
        "unit": unit,
        "period": when(claim),
        "source": ", ".join(claim.source) or _derivation(claim),
        "publisher": "; ".join(dict.fromkeys(each.publisher for each in known)),
        "address": address.split("; ")[0],
        "status": claim.status,
        "reason": claim.reason or claim.definition,
        "conflict": ", ".join(claim.conflict),
        "used": used,
        "printed": printed(claim),
        "series": claim.series.replace("_", " "),
        "measure": claim.measure,
        "instead": _instead(claim),
        "number": claim.number,
    }


def cards(
    claims: Mapping[str, Claim], sources: Mapping[str, Source], used: Collection[str]
) -> list[dict[str, Any]]:
    """The claims a run used and, after each, its rivals; each claim once.

    A claim may stand in several conflicts. Conflicts that a used claim joins are shown as one, so
    that all rows with the same ``conflict`` belong side by side.

    Raises
    ------
    Faults
        A used claim that is not in the register.
    """
    wanted = {name: find(claims, name) for name in used}
    groups = _joined([set(claim.conflict) for claim in wanted.values() if claim.conflict])
    found: dict[str, dict[str, Any]] = {}
    for name, claim in wanted.items():
        for each in (claim, *rivals(claims, name)):
            if each.claim not in found:
                found[each.claim] = card(each, sources, each.claim in wanted)
                found[each.claim]["conflict"] = _label(each, groups)
    return list(found.values())


def _joined(sets: list[set[str]]) -> list[set[str]]:
    """Sets that share a member, merged."""
    groups: list[set[str]] = []
    for new in sets:
        apart = [group for group in groups if not group & new]
        merged = new.union(*(group for group in groups if group & new))
        groups = [*apart, merged]
    return groups


def _label(claim: Claim, groups: list[set[str]]) -> str:
    for group in groups:
        if group & set(claim.conflict):
            return ", ".join(sorted(group, key=lambda name: (len(name), name)))
    return ""


def portrait(
    claims: Mapping[str, Claim],
    sources: Mapping[str, Source],
    name: str,
    used: Mapping[str, Sequence[str]] | None = None,
) -> list[str]:
    """One claim in full, line by line: figure, papers, rivals side by side, and who uses it.

    Parameters
    ----------
    claims, sources : mapping
        The register.
    name : str
        The claim.
    used : mapping, optional
        From a claim to ``"scenario: path"`` of each value that names it.

    Raises
    ------
    Faults
        An unknown claim, with the nearest id.
    """
    claim = find(claims, name)
    lines = [f"{claim.claim}  {claim.subject}", ""]
    lines += [f"{label:<12}{text}" for label, text in _facts(claim, claims) if text]
    for each in (sources[key] for key in claim.source):
        lines += ["", *_papers(each)]
    others = rivals(claims, name)
    if others:
        lines += ["", f"Conflict {', '.join(claim.conflict)} (* what the model uses)"]
        lines += _side_by_side([claim, *others], sources, used or {}, claims)
    uses = (used or {}).get(name, ())
    lines += ["", "Used by" if uses else "Used by no scenario and no link"]
    return lines + [f"  {use}" for use in uses]


def _facts(claim: Claim, register: Mapping[str, Claim]) -> Iterator[tuple[str, str]]:
    span = claim.span
    yield "value", figure(claim)
    if span and span[0] != span[1]:
        yield "range", f"{figure(claim, span[0])} to {figure(claim, span[1])}"
    yield "as printed", f"{claim.raw_value} {claim.raw_unit}" if claim.source else ""
    yield "measure", claim.measure
    yield "definition", claim.definition
    yield "counted by", claim.series.replace("_", " ")
    yield "flow", claim.flow
    yield "place", " to ".join(filter(None, (claim.place, claim.to_place)))
    yield "partner", claim.partner
    yield "period", when(claim)
    yield "status", claim.status
    yield "reason", claim.reason
    yield "instead", _instead(claim, register)
    yield "derived", ", ".join(claim.derived_from)
    yield "confidence", claim.confidence
    yield "fit", "never: kept to compare with, no input is set to it" if claim.fit else ""


def _instead(claim: Claim, register: Mapping[str, Claim] | None = None) -> str:
    """The adjudicated value and the claims that take this one's place, under its own flow only."""
    belongs = belongs_to(claim, register or {})
    if belongs:
        flow = "total trade, exports and imports" if belongs[0] == "both" else belongs[0]
        return f"nothing stands under {claim.flow}: the figure is {flow}, see {belongs[1]}"
    value = claim.adjudicated_value
    if value and claim.number is not None:
        value = " to ".join(figure(claim, float(each)) for each in value.split(".."))
    by = f"see {', '.join(claim.superseded_by)}" if claim.superseded_by else ""
    return "; ".join(filter(None, (value, by)))


def _papers(source: Source) -> Iterator[str]:
    yield f"{source.source:<12}{source.publisher}: {source.subject}"
    about = (source.date, source.kind, f"reliability {source.reliability}", source.note)
    yield " " * 12 + ", ".join(filter(None, about))
    if source.address:
        yield " " * 12 + source.address


def _side_by_side(
    claims: Sequence[Claim],
    sources: Mapping[str, Source],
    used: Collection[str],
    register: Mapping[str, Claim],
) -> list[str]:
    """Rival claims as a table, each with its reason under it."""
    rows: list[tuple[str, ...]] = [
        ("  claim", "as printed", "what", "counted by", "period", "status", "source")
    ]
    for claim in claims:
        mark = "*" if claim.claim in used else " "
        rows.append((
            f"{mark} {claim.claim}", printed(claim), claim.measure,
            claim.series.replace("_", " "), when(claim), claim.status, _origin(claim, sources),
        ))  # fmt: skip
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]) - 1)]
    lines = []
    for row, why in zip(rows, ((), *(_why(each, register) for each in claims)), strict=True):
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        lines.append("  ".join([*cells, row[-1]]).rstrip())
        lines += [f"    {text}" for text in why if text]
    return lines


def printed(claim: Claim) -> str:
    """The figure as its paper printed it, or as it was worked out: ``409.2 bn USD``."""
    unit = "" if claim.raw_unit in ("text", "date", "count") else claim.raw_unit
    return f"{claim.raw_value} {unit}".strip().replace(" %", "%")


def _why(claim: Claim, register: Mapping[str, Claim]) -> Iterator[str]:
    yield claim.reason or claim.definition
    instead = _instead(claim, register)
    yield f"instead: {instead}" if instead else ""


def _origin(claim: Claim, sources: Mapping[str, Source]) -> str:
    """Publishers, or what the claim derives from."""
    names = dict.fromkeys(sources[name].publisher for name in claim.source)
    return "; ".join(names) or _derivation(claim) or "no source"


def _derivation(claim: Claim) -> str:
    return f"derived from {', '.join(claim.derived_from)}" if claim.derived_from else ""

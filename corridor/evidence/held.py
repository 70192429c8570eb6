"""Evidence room: a figure of a layer held against the claims that its row names.

The room knows no layers: figures come in as they are written, each with its mark and its claims.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from corridor.evidence.claims import Claim
from corridor.evidence.words import figure

__all__ = ["Stated", "disagrees", "misdated", "rounding", "span_in", "unsaid"]

NEAR = 2.0  # an assumption that names claims stays within so many times what they say
FAINT = 0.001  # a computed figure is rounded by up to this share

_HOURS = {"min": 1 / 60, "h": 1.0, "days": 24.0}
_KM = {"m": 0.001, "km": 1.0}
_ALIKE = (_HOURS, _KM)

Register = Mapping[str, Claim]


@dataclass(frozen=True)
class Stated:
    """One figure of a layer as it is written, and what it says it rests on.

    Parameters
    ----------
    name : str
        The column.
    text, unit : str
        The figure as written, and its unit as the register spells it.
    evidence : str
        ``cited``: it is the first such claim's own figure; ``derived``: it is a figure of one of
        them, or a sum or difference of two; ``assumed``: it is not far from them.
    claims : tuple of str
        All claims of the row; those of another unit or measure say nothing about the figure.
    measure, place : str
        What the claims must measure, and where, if more than the unit is needed to tell.
    end : bool
        An end of a range: any of the claims may say it.
    """

    name: str
    text: str
    unit: str
    evidence: str
    claims: tuple[str, ...]
    measure: str = ""
    place: str = ""
    end: bool = False


def disagrees(claims: Register, stated: Stated) -> str:
    """What is wrong with a figure, or nothing.

    Examples
    --------
    >>> from corridor.evidence import load_claims
    >>> disagrees(load_claims(), Stated("hours", "5.14", "h", "cited", ("KR-17", "KR-18")))
    'hours is 5.14 h, but the claim says 51.4 h (KR-17)'
    >>> disagrees(load_claims(), Stated("hours", "51.4", "h", "cited", ("KR-17", "KR-18")))
    ''
    """
    known = [claims[name] for name in stated.claims if name in claims]  # others have their fault
    about = [claim for claim in known if _is_about(claim, stated)]
    about = [claim for claim in about if claim.place == stated.place] or about
    if not about:
        mute = stated.evidence == "cited" and not stated.end and len(known) == len(stated.claims)
        what = stated.measure or f"figure in {stated.unit}"
        return f"{stated.name} is cited, but none of its claims is of a {what}" if mute else ""
    if _fits(stated, about):
        return ""
    said = ", ".join(f"{figure(claim)} ({claim.claim})" for claim in about)
    verb = "the claim says" if len(about) == 1 else "the claims say"
    if stated.evidence == "assumed":
        return f"{stated.name} is {_told(stated)}, far from its ground: {verb} {said}"
    return f"{stated.name} is {_told(stated)}, but {verb} {said}"


def _is_about(claim: Claim, stated: Stated) -> bool:
    alike = any({claim.unit, stated.unit} <= set(units) for units in _ALIKE)
    same = claim.unit == stated.unit or alike
    return claim.number is not None and same and claim.measure.startswith(stated.measure)


def _told(stated: Stated) -> str:
    return f"{float(stated.text):,.10g} {stated.unit}"


def _fits(stated: Stated, about: list[Claim]) -> bool:
    value, off = float(stated.text), rounding(stated.text)
    spans = [span_in(claim, stated.unit) for claim in about]
    if stated.evidence == "assumed":
        top = sum(high for _, high in spans)
        return min(low for low, _ in spans) / NEAR <= value <= top * NEAR
    first = spans if stated.end or stated.evidence == "derived" else spans[:1]
    if any(low - off <= value <= high + off for low, high in first):
        return True
    if stated.evidence == "cited":
        return False
    ends = [end for span in spans for end in dict.fromkeys(span)]
    made = [*ends, *_pairs(spans)]
    return any(abs(value - each) <= max(off, abs(each) * FAINT) for each in made)


def _pairs(spans: list[tuple[float, float]]) -> Iterator[float]:
    """Sums and differences of the ends of two spans."""
    for one, other in combinations(spans, 2):
        for a in one:
            for b in other:
                yield from (a + b, abs(a - b))


def span_in(claim: Claim, unit: str) -> tuple[float, float]:
    """Lowest and highest value of a claim, in another unit of its kind."""
    scale = next((units[claim.unit] / units[unit] for units in _ALIKE if unit in units), 1.0)
    low, high = claim.span or (0.0, 0.0)
    return low * scale, high * scale


def rounding(text: str) -> float:
    """Half of the last digit written: a claim of 4,362.7 m is one of 4363.

    >>> rounding("4363"), rounding("84.1"), rounding("17000")
    (0.5, 0.05, 0.5)
    """
    return 0.5 * 10.0 ** -len(text.partition(".")[2])


def misdated(claims: Register, first: str, last: str, names: tuple[str, ...]) -> list[str]:
    """Days of a row (ISO, or nothing) that are not those of the period its claims count.

    Examples
    --------
    >>> from corridor.evidence import load_claims
    >>> misdated(load_claims(), "2023-03-26", "2024-03-26", ("KK-42d",))
    ['from is 2023-03-26, but the claims begin on 2024-03-26 (KK-42d)']
    """
    known = [claims[name] for name in names if name in claims]
    begins = [(c.period_from, c.claim) for c in known if c.period_from]
    ends = [(c.period_to, c.claim) for c in known if c.period_to]
    found = []
    for column, text, verb, on in (
        ("from", first, "begin", min(begins, default=None)),
        ("to", last, "end", max(ends, default=None)),
    ):
        if on and text and date.fromisoformat(text) != on[0]:
            found.append(f"{column} is {text}, but the claims {verb} on {on[0]} ({on[1]})")
    return found


def unsaid(claims: Register, names: tuple[str, ...], *wanted: tuple[str, ...]) -> bool:
    """Whether some of the words are in none of the claims named.

    Each of `wanted` is a choice of words of which one must stand there.

    Examples
    --------
    >>> from corridor.evidence import load_claims
    >>> unsaid(load_claims(), ("BP-18",), ("1,435",), ("1,520",))
    False
    >>> unsaid(load_claims(), ("BP-18",), ("1,345",))
    True
    """
    known = [claims[name] for name in names if name in claims]
    cells = (
        text for c in known for text in (c.subject, c.measure, c.value, c.definition, c.reason)
    )
    said = " ".join(cells)
    return not all(any(word in said for word in choice) for choice in wanted)

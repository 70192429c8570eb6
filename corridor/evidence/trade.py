"""Evidence room: the trade figures of the register as a tidy table by partner, flow and period."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from corridor.evidence.claims import Claim
from corridor.evidence.vocabulary import PARTNERS

__all__ = ["TradeFigure", "belongs_to", "trade"]

_RANK = ("accepted", "contested", "superseded", "rejected")
_BELIEF = ("H", "M", "L", "GK")


@dataclass(frozen=True)
class TradeFigure:
    """One printed or derived trade value, seen from the place whose trade it is.

    Parameters
    ----------
    partner, iso : str
        With whom, as the register spells it, and its ISO 3166-1 alpha-3 code; groups of countries
        and the world have none.
    flow : str
        ``export`` leaves the place, ``import`` reaches it, ``both`` is their sum.
    first, last : date or None
        First and last day of the period; None where it is open.
    usd, cny : float or None
        The value in the currency it was printed in; the other is None (no rate is applied).
    claim, status : str
        Its id in the register, and whether it stands.
    adjudicated : tuple of float, or None
        Lowest and highest value that stands in its place, in the same currency and flow; None
        where the figure itself stands or nothing replaces it.
    reason : str
        Why it stands or falls, in words.
    source, confidence : str
        Ids in ``sources.csv`` separated by spaces, empty for what is derived or general knowledge;
        H, M, L or GK (general knowledge).
    belongs : tuple of str, or None
        Flow and id of the claim that a mislabelled figure really repeats: its correction stands
        there, and nothing stands here.
    """

    partner: str
    iso: str
    flow: str
    first: date | None
    last: date | None
    usd: float | None
    cny: float | None
    claim: str
    status: str
    adjudicated: tuple[float, float] | None
    reason: str
    source: str = ""
    confidence: str = ""
    belongs: tuple[str, str] | None = None


def trade(claims: Mapping[str, Claim], place: str = "xinjiang") -> list[TradeFigure]:
    """The trade values of a place; growth rates, shares and single commodities are left out.

    Sorted by partner, flow and period; of one such key the figure that stands comes first and the
    rejected ones last, so that the first is drawn and the others are struck through beside it. Of
    those that say the same the one with the better papers comes first, a retelling last.

    Parameters
    ----------
    claims : mapping
        The register, from `corridor.evidence.load_claims`.
    place : str
        Whose trade.

    Examples
    --------
    >>> from corridor.evidence import load_claims, trade
    >>> wrong = [f for f in trade(load_claims()) if f.claim == "003-01"]
    >>> wrong[0].usd, wrong[0].adjudicated, wrong[0].status
    (409200000000.0, (39900000000.0, 40500000000.0), 'rejected')
    """
    kept = [c for c in claims.values() if c.measure == "trade value" and c.place == place]
    figures = [_figure(claim, claims) for claim in kept if claim.unit in ("USD", "CNY")]
    return sorted(figures, key=_order)


def belongs_to(claim: Claim, claims: Mapping[str, Claim]) -> tuple[str, str] | None:
    """The claim of another flow that a rejected figure repeats under a wrong name.

    Total trade that was retold as exports is no export: its correction, too, is total trade.
    """
    if claim.status in ("accepted", "contested"):
        return None
    parents = (claims[each] for each in claim.derived_from if each in claims)
    for parent in parents:
        same = (parent.measure, parent.place, parent.partner, parent.unit) == (
            claim.measure, claim.place, claim.partner, claim.unit)  # fmt: skip
        if same and parent.flow != claim.flow:
            return parent.flow, parent.claim
    return None


def _figure(claim: Claim, claims: Mapping[str, Claim]) -> TradeFigure:
    belongs = belongs_to(claim, claims)
    instead = [] if belongs else [float(x) for x in claim.adjudicated_value.split("..") if x]
    return TradeFigure(
        partner=claim.partner,
        iso=PARTNERS.get(claim.partner, ""),
        flow=claim.flow,
        first=claim.period_from,
        last=claim.period_to,
        usd=claim.number if claim.unit == "USD" else None,
        cny=claim.number if claim.unit == "CNY" else None,
        claim=claim.claim,
        status=claim.status,
        adjudicated=(instead[0], instead[-1]) if instead else None,
        reason=claim.reason or claim.definition,
        source=" ".join(claim.source),
        confidence=claim.confidence,
        belongs=belongs,
    )


def _order(figure: TradeFigure) -> tuple[object, ...]:
    first, last = figure.first or date.min, figure.last or date.max
    belief = _BELIEF.index(figure.confidence) if figure.confidence in _BELIEF else len(_BELIEF)
    papers = (_RANK.index(figure.status), belief, _retold(figure), figure.claim)
    return figure.partner, figure.flow, first, last, *papers


def _retold(figure: TradeFigure) -> bool:
    """Whether only seed articles print it: their ids in ``sources.csv`` are digits alone."""
    return bool(figure.source) and figure.source.replace(" ", "").isdecimal()

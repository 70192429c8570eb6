"""Evidence room: what a TEU costs a kilometre, held against the prices it was computed from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

from corridor.evidence.claims import Claim

__all__ = ["RATE", "implied"]

RATE = "USD per 500 km per 20 t"
"""The unit of a survey's transport cost; 20 t are one TEU, or two that share a lorry."""

FEU = 2.0  # TEU
PRICE, FEES = "price per FEU", "fees per FEU"
LENGTHS = ("distance", "computed length of a sea lane")


def implied(claims: Mapping[str, Claim], names: tuple[str, ...]) -> list[float]:
    """Every rate in USD per TEU-km that the claims come to; none where they give no rate.

    A survey's cost is of 500 km and a lorry of one or two TEU. A price of a container of two TEU
    is over the length named with it. Of two lengths the longer is that of the whole way: the
    prices of the part, which is of the place of the shorter, are taken off those of the whole.

    Examples
    --------
    >>> from corridor.evidence import load_claims
    >>> implied(load_claims(), ("BM-07g",))
    [2.042, 4.084]
    >>> {f"{rate:.3f}" for rate in implied(load_claims(), ("CR-14", "SE-12"))}
    {'0.127'}
    """
    known = [claims[name] for name in names if name in claims]
    survey = [c.number or 0.0 for c in known if c.unit == RATE]
    return sorted([cost / km for cost in survey for km in (500.0, 1000.0)] or _prices(known))


def _prices(known: list[Claim]) -> Iterator[float]:
    lengths = sorted({(c.number or 0.0, c.place) for c in known if c.measure.startswith(LENGTHS)})
    prices = [c for c in known if c.measure == PRICE]
    if len(lengths) == 1:
        yield from (end / FEU / lengths[0][0] for c in prices for end in _ends(c))
    if len(lengths) == 2:
        (short, place), (long, _) = lengths
        part = [end for c in prices if c.place == place for end in _ends(c)]
        whole = [end for c in prices if c.place != place for end in _ends(c)]
        fees = [0.0, *(end for c in known if c.measure == FEES for end in _ends(c))]
        for all_, more, less in product(whole, fees, part):
            yield (all_ + more - less) / FEU / (long - short)


def _ends(claim: Claim) -> tuple[float, ...]:
    """The value and both ends of its range."""
    return (claim.number or 0.0, *(claim.span or ()))

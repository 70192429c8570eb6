"""Evidence room: figures that follow from others by a sum: two flows, a share, a definition."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from itertools import product

from corridor.evidence.claims import Claim
from corridor.evidence.counts import Doubt, counted, days, least, most, stands, subject
from corridor.evidence.slips import printed_scale
from corridor.evidence.words import figure, when

__all__ = ["flows_add_up", "recomputed", "share_of_whole"]

ROUNDING = 0.01  # printed figures are rounded; a sum of them may be off by this share
LOOSE = 0.006  # what a definition comes to is rounded in its terms, too
COARSE = 0.025  # and may be one off in the last digit kept, as 46% of 46.5%, up to this share
LONGEST = 200  # characters of a sum; a longer one is prose

_LARGE = {"bn": 1e9, "Mt": 1e6, "m": 1e6}
_WORDS = (("less", "-"), ("over", "/"), ("times", "*"), ("×", "*"), ("x", "*"), ("−", "-"))
_SUM = re.compile(r"([\d.,() +*/-]*\d[\d.,() +*/-]*?)((?: [A-Za-zé]\S*)*)")

Register = Mapping[str, Claim]


def flows_add_up(claims: Register) -> list[Doubt]:
    """Totals that are not their exports and imports together, of one partner and period.

    The figures may be off by `ROUNDING`. Only those that stand are added.
    """
    kept = [claim for claim in counted(claims) if stands(claim)]
    found = []
    for whole in (claim for claim in kept if claim.flow == "both"):
        same = [c for c in kept if _key(c) == _key(whole)]
        out, back = ([c for c in same if c.flow == flow] for flow in ("export", "import"))
        for one, other in product(out, back):
            low, high = least(one) + least(other), most(one) + most(other)
            if low > most(whole) * (1 + ROUNDING) or high < least(whole) * (1 - ROUNDING):
                message = (
                    f"{figure(whole)} in {when(whole)}, but exports of {figure(one)}"
                    f" ({one.claim}) and imports of {figure(other)} ({other.claim}) are"
                    f" {figure(whole, low)}"
                )
                others = (one.claim, other.claim)
                found.append(Doubt(whole.claim, "flows_add_up", message, others))
    return found


def _key(claim: Claim) -> tuple[object, ...]:
    return (*subject(claim), claim.partner, *days(claim))


def share_of_whole(claims: Register) -> list[Doubt]:
    """Shares that are not the part over the whole, where all three are on record.

    The share is a partner's, the whole is with the world. The doubt is on the share.
    """
    kept = [claim for claim in counted(claims) if stands(claim)]
    found = []
    for share in claims.values():
        if not (share.measure.startswith("share of ") and share.number and share.period_from):
            continue
        same = [claim for claim in kept if _shares(share, claim)]
        parts = [claim for claim in same if claim.partner == share.partner]
        wholes = [claim for claim in same if claim.partner == "World"]
        for part, whole in product(parts, wholes):
            low, high = least(share) * least(whole), most(share) * most(whole)
            off = low > most(part) * (1 + ROUNDING) or high < least(part) * (1 - ROUNDING)
            if part.unit == whole.unit and off:
                message = (
                    f"{figure(share)} of {figure(whole)} ({whole.claim}) in {when(share)} is"
                    f" {figure(whole, low)}, not {figure(part)} ({part.claim})"
                )
                others = (part.claim, whole.claim)
                found.append(Doubt(share.claim, "share_of_whole", message, others))
                break
    return found


def _shares(share: Claim, claim: Claim) -> bool:
    """Whether a figure is of what the share is of, in its flow and period."""
    what = share.measure.removeprefix("share of ")
    place, kind = (share.place, share.series, share.flow), (what, *days(share))
    return place == (claim.place, claim.series, claim.flow) and kind == (
        claim.measure,
        *days(claim),
    )


def recomputed(claims: Register) -> list[Doubt]:
    """Figures that are not what the sum in their definition comes to.

    A sum is plain numbers with ``+ - * /``, brackets, ``less``, ``over`` and ``x``, up to the first
    comma, colon or semicolon that a space follows; two of them with ``to`` between are the ends of
    a range. A definition in other words is left alone. The sum may be in the printed unit or in
    that which is kept.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from corridor.evidence import load_claims
    >>> claim = replace(load_claims()["KR-09f"], value="19")
    >>> recomputed({"KR-09f": claim})[0].message
    'its definition, 1.783 Mt / 163,000, is 10.9387 t/vehicle, but 19 t/vehicle is kept'
    """
    found = []
    for claim in claims.values():
        first = re.split(r"[;,:](?: |$)", claim.definition)[0]
        said = [_worth(part, claim) for part in first.split(" to ")]
        ends = [each for each in said if each is not None]
        if claim.number is None or not ends or len(ends) < len(said):
            continue
        readings = _readings(ends, claim)
        if not any(_agrees(reading, claim) for reading in readings):
            near = min(readings, key=lambda reading: abs(reading[0] - least(claim)))
            shown = " to ".join(figure(claim, each) for each in near)
            bounds = (figure(claim, least(claim)), figure(claim, most(claim)))
            kept = " to ".join(dict.fromkeys(bounds))
            message = f"its definition, {first}, is {shown}, but {kept} is kept"
            found.append(Doubt(claim.claim, "recomputed", message))
    return found


def _readings(ends: list[float], claim: Claim) -> list[list[float]]:
    """What the sums come to in the kept unit, and read in the printed one."""
    scale = printed_scale(claim) or 1.0
    return [[end * scale for end in ends], ends] if claim.unit != "share" else [ends]


def _agrees(ends: list[float], claim: Claim) -> bool:
    """Whether one sum lies within the claim, or two are its ends."""
    low, high = least(claim), most(claim)
    if len(ends) == 1:
        return low - _off(low) <= ends[0] <= high + _off(high)
    pairs = zip((min(ends), max(ends)), (low, high), strict=True)
    return all(abs(end - kept) <= _off(kept) for end, kept in pairs)


def _off(kept: float) -> float:
    """How far from its sum a figure may lie.

    >>> round(_off(0.46), 4), round(_off(4400), 4), round(_off(40.4e9) / 1e9, 4)
    (0.01, 100.0, 0.2424)
    """
    digits, _, power = f"{kept:.5e}".partition("e")
    last = 10.0 ** (int(power) - len(digits.rstrip("0").replace("-", "").partition(".")[2]))
    return max(LOOSE * abs(kept), min(last, COARSE * abs(kept)))


def _worth(text: str, claim: Claim) -> float | None:
    """What a sum comes to; None for what is no sum: `` 34 / 2 = 17`` is 17, ``2017`` is none."""
    left, *_ = text.split(" = ")
    for word, sign in _WORDS:
        left = re.sub(rf"(?<=[\d)]) {word} (?=[\d(])", f" {sign} ", left)
    left = re.sub(r"(?<=\d),(?=\d{3})", "", left)
    for unit, scale in _LARGE.items() if claim.unit not in ("m", "km") else ():
        left = re.sub(rf"(?<=\d) {unit}\b", f" * {scale:.0f}", left)
    found = _SUM.fullmatch(left.strip())
    if not found or len(left) > LONGEST or not re.search(r" [-+*/] ", found[1]):
        return None
    try:
        return _value(ast.parse(found[1].strip(), mode="eval").body)
    except (SyntaxError, ValueError, ZeroDivisionError, OverflowError, RecursionError):
        return None


def _value(node: ast.expr) -> float:
    """The value of a tree of numbers, ``+ - * /`` and signs; ValueError for anything else."""
    match node:
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return -_value(inner)
        case ast.BinOp(left=one, op=ast.Add(), right=other):
            return _value(one) + _value(other)
        case ast.BinOp(left=one, op=ast.Sub(), right=other):
            return _value(one) - _value(other)
        case ast.BinOp(left=one, op=ast.Mult(), right=other):
            return _value(one) * _value(other)
        case ast.BinOp(left=one, op=ast.Div(), right=other):
            return _value(one) / _value(other)
    raise ValueError

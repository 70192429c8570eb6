"""Report room: rival claims and how far the answer moves with each, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from corridor.analysis import Move, Trial
from corridor.evidence import Claim, rivals
from corridor.evidence.words import figure
from corridor.report.numbers import interval
from corridor.report.terms import term

__all__ = ["move_words", "moves_lines"]


def moves_lines(
    trials: Sequence[Trial],
    register: Mapping[str, Claim],
    names: Sequence[str],
    replications: int,
    only: str | None = None,
) -> list[str]:
    """What ``corridor sources --against`` prints: the tried rivals first, then the others and why.

    Parameters
    ----------
    trials : sequence of Trial
        From `corridor.analysis.moved`.
    register : mapping
        The claims by id.
    names : sequence of str
        The scenario, or the two whose difference is the answer.
    replications : int
        Runs of each.
    only : str, optional
        The claim that was asked about.
    """
    answer = " -> ".join(names)
    if not trials:
        return [_nothing(register, answer, only)]
    tried = [trial for trial in trials if trial.moves]
    lines = [
        f"How far the answer of {answer} moves with another claim ({replications} replications of"
        " each, the same draws; 95% intervals):"
    ]
    answers = [
        (m, interval(m.answer, None, None, m.unit)) for m in (tried[0].moves if tried else ())
    ]
    lines += [f"  {term(m.metric).name} is {answer} as it stands" for m, answer in answers]
    for used in dict.fromkeys(trial.used for trial in tried):
        lines += ["", f"{used}, {register[used].subject}: {figure(register[used])}"]
        lines += [line for trial in tried if trial.used == used for line in _tried(trial, register)]
    return [*lines, *_excused(trials)]


def _nothing(register: Mapping[str, Claim], answer: str, only: str | None) -> str:
    """Why there is no rival to try."""
    if only is None:
        return f"{answer} uses no claim that another contradicts: there is no rival to try."
    known = ", ".join(each.claim for each in rivals(register, only))
    if not known:
        about = register[only].subject
        return f"No rival of {only} is on record: no claim contradicts it ({about})."
    return f"{answer} uses neither {only} nor one of its rivals ({known}): nothing to try."


def _tried(trial: Trial, register: Mapping[str, Claim]) -> Iterator[str]:
    yield f"  {trial.rival} says {trial.said} ({register[trial.rival].status})"
    for change in trial.changes:
        yield f"    {change.path}: {change.words()}"
    for move in trial.moves:
        yield f"    {term(move.metric).name}: {move_words(move)}"
    if trial.why:
        yield f"    ({trial.why})"


def move_words(move: Move) -> str:
    """How far one indicator moves: ``+1.7 h (+0.5 to +2.9)``, or that it does not."""
    if move.moves == move.low == move.high == 0:
        return "does not move"
    words = interval(move.moves, move.low, move.high, move.unit, signed=True)
    return words if move.low > 0 or move.high < 0 else f"{words}: no clear difference"


def _excused(trials: Sequence[Trial]) -> list[str]:
    """The rivals that take no input's place, by reason."""
    found: dict[str, list[str]] = {}
    for trial in trials:
        if not trial.moves:
            found.setdefault(trial.why, []).append(f"{trial.rival} (for {trial.used})")
    lines = ["", "Rivals that no input can be set to:"] if found else []
    for why, names in found.items():
        lines += [f"  {why}:", f"    {', '.join(dict.fromkeys(names))}"]
    return lines

"""What it means: the longest queue, exact to the millisecond, without sorting all that waited.

Time is cut into short bins. How many wait at the end of each is a count; within a bin there can be
no more than at its start and those who join in it, nor more than at its end and those who go. Only
bins that may beat the best count are looked at instant by instant.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

import numpy as np

from corridor.metrics.base import Bools, Int64, View, once

__all__ = ["peak", "peaks"]

IN_A_BIN = 8  # spells, on the average: many short bins, but fewer by far than spells


@once
def peaks(view: View) -> dict[str, int]:
    """The most units in no service at once, in the measured part: of each port, then each post."""
    m = view.ledger.manifest
    of_port: dict[str, int] = {}
    of_post: dict[str, int] = {}
    for port, model in view.scenario.ports.items():
        posts = [f"{port}/{post}" for post in model.posts]
        spells = {post: list(_spells(view, m.places.index(post))) for post in posts}
        of_port[port] = peak(list(chain.from_iterable(spells.values())))
        for post, parts in spells.items():
            of_post[post] = peak(parts) if len(posts) > 1 else of_port[port]
    return of_port | of_post


def _spells(view: View, post: int) -> Iterator[tuple[Int64, Int64]]:
    """From when to when units stood at a post in no service, ms, (k,) each.

    What takes no time, or is over before the measured part, is left out; what never ends, ends with
    the run.
    """
    ledger, axis = view.ledger, view.ledger.manifest.axis
    for visits in (visits for visits in ledger.visits if visits.post == post):
        held = ledger.held.of(visits.row)
        for begin, end in ((visits.asked, visits.until), (held.begin, held.end)):
            if not len(begin):
                continue
            stood = np.flatnonzero(begin != end)
            begin, end = begin.take(stood), end.take(stood)
            end[end < 0] = axis.horizon
            late = end > axis.measured  # all of these stand there at the start, or come later
            yield (begin, end) if late.all() else (begin[late], end[late])


def peak(spells: Sequence[tuple[Int64, Int64]]) -> int:
    """Greatest number begun and not ended at any instant; parts of ms, ``0 <= begin < end``.

    Examples
    --------
    >>> peak([(np.array([0, 5]), np.array([5, 9])), (np.array([5]), np.array([7]))])
    2
    """
    count = sum(len(begin) for begin, _ in spells)
    if not count:
        return 0
    last = max(int(end.max(initial=0)) for _, end in spells)
    shift = max(0, (last * IN_A_BIN // count).bit_length() - 1)
    bins = (last >> shift) + 1
    come, go = np.zeros((2, bins), dtype=np.int64)
    for begin, end in spells:  # never end to end: a busy year has millions
        come += np.bincount(begin >> shift, minlength=bins)
        go += np.bincount(end >> shift, minlength=bins)
    after = np.cumsum(come - go)
    before = after - (come - go)
    best = int(after.max())
    hope = np.minimum(before + come, after + go) > best
    if not hope.any():
        return best
    base = np.zeros(bins, dtype=np.int64)  # what to add to the changes in hopeful bins alone
    base[hope] = before[hope] - np.cumsum((come - go)[hope]) + (come - go)[hope]
    return max(best, _looked_at(spells, hope, base, shift))


def _looked_at(spells: Sequence[tuple[Int64, Int64]], hope: Bools, base: Int64, shift: int) -> int:
    """The greatest number at any instant of the hopeful bins."""
    changes = [
        (times.compress(hope.take(times >> shift)) << 1) + gone
        for spell in spells
        for gone, times in enumerate(spell)
    ]
    change = np.sort(np.concatenate(changes))
    at, level = change >> 1, np.cumsum(1 - 2 * (change & 1))
    level += base.take(at >> shift)
    settled = np.append(at[1:] != at[:-1], True)  # all that happens at one instant has happened
    return int(level.compress(settled).max())

"""Engine room: the way in. Check a Plan, run it, check the Journal."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from corridor.engine.plan import ClosingRule, Journal, Plan, Verb, check

__all__ = ["invariants", "simulate"]

Bool = npt.NDArray[np.bool_]


def simulate(plan: Plan, engine: str = "auto") -> Journal:
    """Run `plan` and return its Journal, the same whichever engine writes it.

    Parameters
    ----------
    plan : Plan
    engine : {"auto", "simpy", "fast"}
        "simpy" is the reference, which "auto" takes today; "fast" is not built yet.

    Raises
    ------
    ValueError
        The plan is malformed, or there is no such engine.
    RuntimeError
        The Journal breaks an invariant: a fault of the engine, never of the plan.

    Examples
    --------
    Two units move for 5 ms and are then served for 10 ms by the one lane there is:

    >>> def row(*values, dtype=np.int64):
    ...     return np.array(values, dtype=dtype)
    >>> plan = Plan(
    ...     horizon=1000,
    ...     start=row(0, 2),
    ...     first=row(0, 2, 4),
    ...     verb=row(Verb.MOVE, Verb.SERVE, Verb.MOVE, Verb.SERVE, dtype=np.int8),
    ...     where=row(-1, 0, -1, 0, dtype=np.int32),
    ...     time=row(5, 10, 5, 10),
    ...     amount=row(0, 0, 0, 0),
    ...     priority=row(0, 0, 0, 0, dtype=np.int32),
    ...     lane_first=row(0, 1),
    ...     lane_at=row(0),
    ...     lane_open=row(1),
    ...     closing=row(ClosingRule.FINISH, dtype=np.int8),
    ...     stock_level=row(),
    ... )
    >>> simulate(plan).ended
    array([ 5, 15,  7, 25])
    """
    if engine == "fast":
        raise ValueError("engine 'fast' is not built yet: use 'simpy' or 'auto'")
    if engine not in ("auto", "simpy"):
        raise ValueError(f"engine {engine!r} is unknown: use 'auto', 'simpy' or 'fast'")
    check(plan)
    from corridor.engine import reference  # here, for SimPy takes 80 ms to import

    journal = reference.run(plan)
    invariants(plan, journal)
    return journal


def invariants(plan: Plan, journal: Journal) -> None:
    """Insist on what must hold of every Journal, whatever the plan.

    Raises
    ------
    RuntimeError
        Naming the first step, station or stock that breaks a rule.
    """
    _stamps(plan, journal)
    _sequence(plan, journal)
    _work(plan, journal)
    _lanes(plan, journal)
    _stocks(plan, journal)


def _stamps(plan: Plan, journal: Journal) -> None:
    """Asked, then begun, then ended, all before the horizon."""
    asked, began, ended = journal.asked, journal.began, journal.ended
    _insist((began < 0) | ((asked >= 0) & (asked <= began)), "step", "began before it was asked")
    _insist((ended < 0) | ((began >= 0) & (began <= ended)), "step", "ended before it began")
    latest = np.maximum(np.maximum(asked, began), ended)
    _insist(latest < plan.horizon, "step", "is stamped at or after the horizon")
    prompt = (plan.verb == Verb.MOVE) | (plan.verb == Verb.GIVE)
    _insist(~prompt | (asked == began), "step", "waited, though there is nothing to wait for")
    atonce = (plan.verb == Verb.TAKE) | (plan.verb == Verb.GIVE)
    _insist(~atonce | (began == ended), "step", "took time, though it takes none")


def _sequence(plan: Plan, journal: Journal) -> None:
    """A unit asks for its first step at its start, for each other when the one before ended."""
    expected = np.append(-1, journal.ended)[:-1]
    some = np.diff(plan.first) > 0
    expected[plan.first[:-1][some]] = np.where(plan.start < plan.horizon, plan.start, -1)[some]
    _insist(journal.asked == expected, "step", "was not asked for when the step before it ended")


def _work(plan: Plan, journal: Journal) -> None:
    """Work is conserved: none is lost, and none is invented."""
    began, ended, worked = journal.began, journal.ended, journal.worked
    over, lasted = ended >= 0, ended - began
    serve = plan.verb == Verb.SERVE
    rule = np.full(len(plan.verb), -1, dtype=np.int8)
    rule[serve] = plan.closing[plan.where[serve]]
    once, held = rule == ClosingRule.FINISH, rule == ClosingRule.HOLD
    piece = (plan.verb == Verb.MOVE) | (serve & ~held)
    _insist(~(piece & over) | (lasted == plan.time), "step", "did not last its own time")
    _insist(serve | (worked == 0), "step", "occupied a lane, though it is no service")
    _insist(~(serve & over) | (worked >= plan.time), "step", "ended before its work was done")
    _insist(~(once | held) | (worked <= plan.time), "step", "was worked on longer than it needs")
    cut_off = serve & ~held & (began >= 0) & ~over
    _insist(~cut_off | (worked >= plan.horizon - began), "step", "lost work before the horizon")


def _lanes(plan: Plan, journal: Journal) -> None:
    """Whatever begins finds an open lane: with it, no more are in work than lanes are open."""
    for station in range(len(plan.closing)):
        rows = (plan.verb == Verb.SERVE) & (plan.where == station)
        began = np.sort(journal.began[rows & (journal.began >= 0)])
        ended = np.sort(journal.ended[rows & (journal.ended >= 0)])
        changes = slice(plan.lane_first[station], plan.lane_first[station + 1])
        piece = np.searchsorted(plan.lane_at[changes], began, side="right") - 1
        lanes_open = plan.lane_open[changes][piece]
        in_work = np.searchsorted(began, began, side="right")
        in_work -= np.searchsorted(ended, began, side="right")
        _insist(
            (lanes_open > 0) & (in_work <= lanes_open),
            f"station {station}: start",
            "found no open lane",
        )


def _stocks(plan: Plan, journal: Journal) -> None:
    """No stock is ever below nothing."""
    done = journal.ended >= 0
    for stock, level in enumerate(plan.stock_level):
        here = done & (plan.where == stock)
        taken, given = here & (plan.verb == Verb.TAKE), here & (plan.verb == Verb.GIVE)
        at = np.concatenate([journal.ended[given] + plan.time[given], journal.ended[taken]])
        change = np.concatenate([plan.amount[given], -plan.amount[taken]])
        order = np.argsort(at, kind="stable")  # at one instant, what comes back before what goes
        good = level + np.cumsum(change[order]) >= 0
        _insist(good, f"stock {stock}: change", "left less than nothing")


def _insist(good: Bool, what: str, wrong: str) -> None:
    if not good.all():
        raise RuntimeError(f"engine fault: {what} {int(np.argmin(good))} {wrong}")

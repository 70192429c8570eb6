"""Engine room: the way in. Check a Plan, run it, check the Journal."""

from __future__ import annotations

from corridor.engine.check import check
from corridor.engine.laws import invariants
from corridor.engine.plan import Journal, Plan

__all__ = ["invariants", "simulate"]


def simulate(plan: Plan, engine: str = "auto", thorough: bool = False) -> Journal:
    """Run `plan` and return its Journal, the same whichever engine writes it.

    Parameters
    ----------
    plan : Plan
    engine : {"auto", "simpy", "fast"}
        "simpy" is the reference, "fast" the compiled engine, which "auto" takes.
    thorough : bool
        Whether `invariants` are to look at lanes, stocks and trains too.

    Raises
    ------
    ValueError
        The plan is malformed, or there is no such engine.
    RuntimeError
        The Journal breaks an invariant: a fault of the engine, never of the plan.

    Examples
    --------
    Two units move for 5 ms and are then served for 10 ms by the one lane there is. The cells are
    those of the MOVE, unit after unit, then those of the SERVE:

    >>> import numpy as np
    >>> from corridor.engine import ClosingRule, Plan, Verb
    >>> def row(*values, dtype=np.int64):
    ...     return np.array(values, dtype=dtype)
    >>> plan = Plan(
    ...     horizon=1000,
    ...     start=row(0, 2),
    ...     route=row(0, 0, dtype=np.int32),
    ...     route_first=row(0, 2),
    ...     verb=row(Verb.MOVE, Verb.SERVE, dtype=np.int8),
    ...     where=row(-1, 0, dtype=np.int32),
    ...     amount=row(0, 0),
    ...     priority=row(0, 0, dtype=np.int32),
    ...     time=row(5, 5, 10, 10),
    ...     lane_first=row(0, 1),
    ...     lane_at=row(0),
    ...     lane_open=row(1),
    ...     closing=row(ClosingRule.FINISH, dtype=np.int8),
    ... )
    >>> simulate(plan).ended
    array([ 5,  7, 15, 25])
    """
    if engine not in ("auto", "simpy", "fast"):
        raise ValueError(f"engine {engine!r} is unknown: use 'auto', 'simpy' or 'fast'")
    check(plan)
    # Imported here: SimPy takes 80 ms, and numba more.
    if engine == "simpy":
        from corridor.engine.reference import run
    else:
        from corridor.engine.fast import run
    journal = run(plan)
    invariants(plan, journal, thorough)
    return journal

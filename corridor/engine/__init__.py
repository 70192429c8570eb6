"""Engine room: runs a Plan of bare arrays to a Journal; knows no ports, tables or files."""

from corridor.engine.check import check
from corridor.engine.plan import LONGEST, ClosingRule, Journal, Plan, Verb
from corridor.engine.simulate import invariants, simulate

__all__ = [
    "LONGEST", "ClosingRule", "Journal", "Plan", "Verb", "check", "invariants", "simulate",
]  # fmt: skip

"""Engine room: runs a Plan of bare arrays to a Journal; knows no ports, tables or files."""

from corridor.engine.plan import ClosingRule, Journal, Plan, Verb, check
from corridor.engine.simulate import invariants, simulate

__all__ = ["ClosingRule", "Journal", "Plan", "Verb", "check", "invariants", "simulate"]

"""The study room: replications in parallel, paired; from scenarios to Results."""

from corridor.study.run import compare, run, study

__all__ = ["compare", "run", "study"]

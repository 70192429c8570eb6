"""What is asked: scenarios, ports, regimes, flows and events as YAML, through frozen models."""

from corridor.scenarios.read import Reading, names, read, read_whole, regimes
from corridor.scenarios.scenario import Scenario

__all__ = ["Reading", "Scenario", "names", "read", "read_whole", "regimes"]

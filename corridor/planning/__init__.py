"""From asking to running: draws, demand, itineraries; a Scenario becomes a Manifest and a Plan."""

from corridor.planning.build import build
from corridor.planning.demand import Fate, expected
from corridor.planning.manifest import FlowLabel, Manifest
from corridor.planning.openings import Axis

__all__ = ["Axis", "Fate", "FlowLabel", "Manifest", "build", "expected"]

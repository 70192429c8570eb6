"""Report room: WHAT IS SAID. One self-contained page from the tables of a run."""

from corridor.report.publish import publish
from corridor.report.words import headline

__all__ = ["headline", "publish"]

"""Corridor: what does a border port's operating regime do to the trade that passes through it?"""

__version__ = "0.1.0"

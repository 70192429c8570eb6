"""Timings beside peers, in one command: ``make bench``. Never a test: machines differ."""

"""One script an engine: ``python -m benchmarks.engines.<name> PLAN RUNS DEPARTURES``."""

"""What it means: indicators in the field's own terms, with intervals."""

from corridor.metrics import cost, speed, throughput, time
from corridor.metrics.base import (
    Leg,
    Metric,
    Row,
    View,
    guests,
    invite,
    measured,
    metric,
    register,
)
from corridor.metrics.estimate import (
    Difference,
    Estimate,
    holm,
    interval,
    paired,
    prediction_interval,
)
from corridor.metrics.speed import staircase

__all__ = [
    "Difference", "Estimate", "Leg", "Metric", "Row", "View", "cost", "guests", "holm", "interval",
    "invite", "measured", "metric", "paired", "prediction_interval", "register", "speed",
    "staircase", "throughput", "time",
]  # fmt: skip

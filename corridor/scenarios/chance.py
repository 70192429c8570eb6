"""What is asked: durations that vary, as a named law with a mean. The quantiles are in planning."""

from __future__ import annotations

from typing import Any, Self

from pydantic import Field, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from corridor.scenarios.base import Model
from corridor.scenarios.quantity import Duration, Number

__all__ = ["Chance", "Erlang", "Exponential", "Lognormal", "Triangular", "Uniform"]


class Exponential(Model):
    """Exponential law; memoryless, coefficient of variation 1."""

    mean: Duration

    @model_validator(mode="after")
    def _positive(self) -> Self:
        if self.mean.value <= 0:
            raise ValueError("exponential needs a mean above zero; write constant for no spread")
        return self


class Lognormal(Model):
    """Lognormal law by its mean and coefficient of variation (sd / mean)."""

    mean: Duration
    cv: Number

    @model_validator(mode="after")
    def _positive(self) -> Self:
        if self.cv.value <= 0 or self.mean.value <= 0:
            raise ValueError("lognormal needs mean and cv above zero; write constant for no spread")
        return self


class Erlang(Model):
    """Sum of `stages` exponential stages: the customary law of border service times (BM-18)."""

    mean: Duration
    stages: int = Field(ge=1, le=1000)

    @model_validator(mode="after")
    def _positive(self) -> Self:
        if self.mean.value <= 0:
            raise ValueError("erlang needs a mean above zero; write constant for no spread")
        return self


class Triangular(Model):
    """Triangular law: low <= mode <= high."""

    low: Duration
    mode: Duration
    high: Duration

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.low.value <= self.mode.value <= self.high.value:
            raise ValueError("triangular needs low <= mode <= high")
        if self.low.value == self.high.value:
            raise ValueError("triangular needs low < high; write constant for no spread")
        return self


class Uniform(Model):
    """Uniform law between low and high."""

    low: Duration
    high: Duration

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.low.value < self.high.value:
            raise ValueError("uniform needs low < high; write constant for no spread")
        return self


LAWS = ("constant", "exponential", "lognormal", "erlang", "triangular", "uniform")


class Chance(Model):
    """A duration with a law: ``{lognormal: {mean: 25 min, cv: 0.8}, assumed: why}`` or ``10 min``.

    Exactly one law; the evidence of the law as a whole stands beside it.
    """

    constant: Duration | None = None
    exponential: Exponential | None = None
    lognormal: Lognormal | None = None
    erlang: Erlang | None = None
    triangular: Triangular | None = None
    uniform: Uniform | None = None
    claim: str | None = None
    derived: str | None = None
    assumed: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, data: Any) -> Any:
        if isinstance(data, str | int | float):
            return {"constant": data}
        if isinstance(data, dict) and "value" in data:
            return {"constant": data}
        return data

    @model_validator(mode="after")
    def _one_law(self) -> Self:
        if sum(getattr(self, law) is not None for law in LAWS) != 1:
            raise ValueError(f"write exactly one law: {', '.join(LAWS)}")
        return self

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """For editors: a duration, with or without evidence, or a law."""
        law = handler(core_schema)
        plain = law["properties"]["constant"]["anyOf"][0]
        return {"title": cls.__name__, "anyOf": [plain, law]}

    @property
    def law(self) -> str:
        """Name of the law."""
        return next(law for law in LAWS if getattr(self, law) is not None)

    @property
    def mean_min(self) -> float:
        """Mean in minutes."""
        law = getattr(self, self.law)
        match self.law:
            case "constant":
                mean = law.value
            case "triangular":
                mean = (law.low.value + law.mode.value + law.high.value) / 3
            case "uniform":
                mean = (law.low.value + law.high.value) / 2
            case _:
                mean = law.mean.value
        return float(mean)

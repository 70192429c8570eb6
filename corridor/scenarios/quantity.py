"""What is asked: a number with its unit, its evidence and its range."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    field_validator,
    model_serializer,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from corridor import units

__all__ = [
    "Count", "Distance", "Duration", "Mass", "Money", "MoneyRate", "Number", "Quantity", "Rate",
    "Share", "Speed", "Teu",
]  # fmt: skip


class Quantity(BaseModel):
    """A value in the canonical unit of its dimension, why it is believed, and how far it may lie.

    In YAML it is a scalar, ``45 min``, or a mapping::

        {value: 2 min, range: [1 min, 4 min], claim: KJ-31}
        {value: 2 min, derived: "half of KJ-31, two lanes", claim: KJ-31}
        {value: 2, assumed: "no published count"}

    Examples
    --------
    >>> stay = Duration.model_validate({"value": "1 h", "range": ["45 min", "2 h"], "claim": "K-1"})
    >>> stay.value, stay.low, stay.high, stay.evidence, stay.shown
    (60.0, 45.0, 120.0, 'cited', '60 min')
    >>> Duration.model_validate("1 h").evidence
    'none'
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
    dimension: ClassVar[str] = "number"

    value: float
    range: tuple[float, float] | None = None
    claim: str | None = Field(default=None, min_length=1, max_length=40)
    derived: str | None = Field(default=None, min_length=1, max_length=1000)
    assumed: str | None = Field(default=None, min_length=1, max_length=1000)

    @classmethod
    def of(cls, value: float) -> Self:
        """A quantity from code, given in the canonical unit, without evidence."""
        return cls.model_validate(units.write(value, cls.dimension))

    @property
    def low(self) -> float | None:
        """Lower end of the range, in the canonical unit."""
        return self.range[0] if self.range else None

    @property
    def high(self) -> float | None:
        """Upper end of the range, in the canonical unit."""
        return self.range[1] if self.range else None

    @property
    def evidence(self) -> str:
        """``cited``, ``derived``, ``assumed`` or ``none``."""
        if self.derived:
            return "derived"
        return "assumed" if self.assumed else "cited" if self.claim else "none"

    @property
    def unit(self) -> str:
        """The canonical unit, such as ``min``."""
        return units.CANONICAL[self.dimension]

    @property
    def shown(self) -> str:
        """The value for people, such as ``45 min``."""
        return units.show(self.value, self.dimension)

    @model_validator(mode="before")
    @classmethod
    def _mapping(cls, data: Any) -> Any:
        """A scalar stands for its value alone."""
        if isinstance(data, dict | Quantity):
            return data
        if data is None or isinstance(data, list):
            raise ValueError(f"not a quantity: write {units.example(cls.dimension)}")
        return {"value": data}

    @field_validator("value", mode="before")
    @classmethod
    def _read(cls, data: Any) -> float:
        return units.parse(data, cls.dimension)

    @field_validator("range", mode="before")
    @classmethod
    def _ends(cls, data: Any) -> tuple[float, float] | None:
        if data is None:
            return None
        if not isinstance(data, list | tuple) or len(data) != 2:
            sample = units.example(cls.dimension)
            raise ValueError(f"not a range: write [low, high], such as [{sample}, {sample}]")
        low, high = (units.parse(end, cls.dimension) for end in data)
        if low > high:
            raise ValueError(f"the low end {data[0]} is above the high end {data[1]}: swap them")
        return low, high

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.range and not self.range[0] <= self.value <= self.range[1]:
            low, high = (units.show(end, self.dimension) for end in self.range)
            raise ValueError(
                f"value {self.shown} lies outside its range {low} to {high}: widen the range"
            )
        if self.assumed and (self.claim or self.derived):
            raise ValueError(
                "assumed stands beside claim or derived: keep one;"
                " a value worked out from a claim is 'derived'"
            )
        return self

    @model_serializer(mode="plain")
    def _written(self) -> dict[str, Any]:
        """The mapping one would write in YAML; reads back to an equal quantity."""
        texts = {"claim": self.claim, "derived": self.derived, "assumed": self.assumed}
        ends = {"range": [self._text(end) for end in self.range]} if self.range else {}
        return {
            "value": self._text(self.value),
            **ends,
            **{key: text for key, text in texts.items() if text is not None},
        }

    def _text(self, value: float) -> str | float:
        if self.dimension == "count":
            return int(value)
        return value if self.dimension == "number" else units.write(value, self.dimension)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """For editors: a scalar, or a mapping with value, range and evidence."""
        plain = cls.dimension in ("count", "number", "share")
        scalar: dict[str, Any] = {
            "type": ["number", "string"] if plain else "string",
            "examples": [units.example(cls.dimension).strip("'")],
        }
        text = {"type": "string", "minLength": 1}
        return {
            "title": cls.__name__,
            "anyOf": [
                scalar,
                {
                    "type": "object",
                    "properties": {
                        "value": scalar,
                        "range": {"type": "array", "items": scalar, "minItems": 2, "maxItems": 2},
                        "claim": {**text, "description": "an id of geodata/claims.csv"},
                        "derived": {**text, "description": "how it follows from other values"},
                        "assumed": {**text, "description": "why this value, for want of a source"},
                    },
                    "required": ["value"],
                    "additionalProperties": False,
                },
            ],
        }


class Duration(Quantity):
    """A time, in minutes: ``45 min``, ``36 h``."""

    dimension: ClassVar[str] = "time"


class Mass(Quantity):
    """A mass, in kg: ``16 t``."""

    dimension: ClassVar[str] = "mass"


class Distance(Quantity):
    """A distance, in km: ``120 km``."""

    dimension: ClassVar[str] = "distance"


class Speed(Quantity):
    """A speed: ``60 km/h``."""

    dimension: ClassVar[str] = "speed"


class Money(Quantity):
    """An amount of money: ``250 USD``."""

    dimension: ClassVar[str] = "money"


class MoneyRate(Quantity):
    """Money in time, in USD per hour: ``12 USD per hour``."""

    dimension: ClassVar[str] = "money_rate"


class Rate(Quantity):
    """A number in time, per hour: ``300 per day``."""

    dimension: ClassVar[str] = "rate"


class Share(Quantity):
    """A part of a whole, 0 to 1: ``30%`` or ``0.3``."""

    dimension: ClassVar[str] = "share"


class Count(Quantity):
    """A whole number of things: ``3``."""

    dimension: ClassVar[str] = "count"


class Number(Quantity):
    """A plain number without a unit: ``0.8``."""

    dimension: ClassVar[str] = "number"


class Teu(Quantity):
    """Containers in twenty-foot equivalents: ``2 TEU``."""

    dimension: ClassVar[str] = "teu"

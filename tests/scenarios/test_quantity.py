from enum import Enum
from typing import Annotated, Any, Literal

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from corridor.faults import Faults, Mark
from corridor.scenarios.document import parse_document
from corridor.scenarios.explain import faults_of
from corridor.scenarios.quantity import (
    Count,
    Distance,
    Duration,
    Mass,
    Money,
    MoneyRate,
    Number,
    Quantity,
    Rate,
    Share,
    Speed,
    Teu,
)

KINDS = [Count, Distance, Duration, Mass, Money, MoneyRate, Number, Rate, Share, Speed, Teu]


@pytest.mark.parametrize(
    ("kind", "written", "value"),
    [
        (Duration, "45 min", 45),
        (Mass, "16 t", 16_000),
        (Distance, "130 km", 130),
        (Speed, "60 km/h", 60),
        (Money, "250 USD", 250),
        (MoneyRate, "48 USD per day", 2),
        (Rate, "300 per day", 12.5),
        (Share, "30%", 0.3),
        (Share, 0.3, 0.3),
        (Count, 3, 3),
        (Number, 0.8, 0.8),
        (Teu, "2 TEU", 2),
        (Duration, {"value": "2 min"}, 2),
    ],
)
def test_a_quantity_is_in_its_canonical_unit(kind: Any, written: Any, value: float) -> None:
    quantity = kind.model_validate(written)
    assert quantity.value == value
    assert (quantity.low, quantity.high, quantity.evidence) == (None, None, "none")


@pytest.mark.parametrize(
    ("written", "evidence"),
    [
        ({"claim": "KJ-31"}, "cited"),
        ({"derived": "half of it"}, "derived"),
        ({"derived": "half of it", "claim": "KJ-31"}, "derived"),
        ({"assumed": "no count"}, "assumed"),
        ({}, "none"),
    ],
)
def test_evidence(written: dict[str, str], evidence: str) -> None:
    lanes = Count.model_validate({"value": 3, "range": [1, 4], **written})
    assert lanes.evidence == evidence
    assert (lanes.low, lanes.high, lanes.unit, lanes.shown) == (1, 4, "count", "3")


def test_a_quantity_is_frozen() -> None:
    with pytest.raises(ValidationError):
        Duration.of(3).value = 4  # type: ignore[misc]


@pytest.mark.parametrize("kind", KINDS)
@settings(deadline=None)
@given(data=st.data())
def test_a_quantity_written_out_reads_back_equal(kind: type[Quantity], data: Any) -> None:
    top = {"share": 1.0, "count": 1e6}.get(kind.dimension, 1e9)
    numbers = st.floats(0, top).map(round if kind is Count else lambda x: x)
    low, value, high = sorted(data.draw(st.lists(numbers, min_size=3, max_size=3)))
    made = kind.of(value).model_dump()
    ends = [kind.of(end).model_dump()["value"] for end in (low, high)]
    quantity = kind.model_validate({**made, "range": ends, "assumed": "why"})
    assert (quantity.low, quantity.value, quantity.high) == (low, value, high)
    assert kind.model_validate(quantity.model_dump()) == quantity


def test_written_out_is_what_one_would_write() -> None:
    written = {"value": "16 t", "range": ["12 t", "20 t"], "claim": "KJ-7"}
    assert Mass.model_validate(written).model_dump(mode="json") == written
    assert Count.of(3).model_dump() == {"value": 3}


@pytest.mark.parametrize("kind", KINDS)
def test_the_schema_takes_what_the_model_takes(kind: type[Quantity]) -> None:
    schema = kind.model_json_schema()
    sample = kind.of(1).model_dump()["value"]
    for good in (sample, {"value": sample, "range": [sample, sample], "claim": "K-1"}):
        jsonschema.validate(good, schema)
        kind.model_validate(good)
    for bad in (None, [sample], {"value": sample, "clam": "K-1"}, {"claim": "K-1"}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(bad, schema)
        with pytest.raises(ValidationError):
            kind.model_validate(bad)


# -- faults in our words --------------------------------------------------------------------


class Colour(Enum):
    GREEN = "green"
    RED = "red"


class Law(BaseModel):
    model_config = ConfigDict(extra="forbid")
    mean: Duration
    cv: Number = Number.of(1)


class Service(BaseModel):
    """A scalar stands for one of its keys, as in the chance block of a station."""

    model_config = ConfigDict(extra="forbid")
    constant: Duration | None = None
    lognormal: Law | None = None

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, data: Any) -> Any:
        plain = isinstance(data, str) or (isinstance(data, dict) and "value" in data)
        return {"constant": data} if plain else data


class Storm(BaseModel):
    model_config = ConfigDict(extra="forbid")
    kind: Literal["storm"]
    lasts: Duration


class Strike(BaseModel):
    model_config = ConfigDict(extra="forbid")
    kind: Literal["strike"]
    share: Share


class Station(BaseModel):
    model_config = ConfigDict(extra="forbid")
    lanes: Count
    closing_rule: Literal["finish", "hold", "recall"] = "hold"
    channels: list[str] = []
    service: Service | None = None
    colour: Colour = Colour.RED
    priority: Annotated[int, Field(ge=1, le=9)] = 1

    @model_validator(mode="after")
    def _whole(self) -> "Station":
        if self.lanes.value > 100:
            raise ValueError("more than 100 lanes: write fewer")
        return self


class World(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)
    title: Annotated[str, Field(min_length=1, max_length=20)] = "x"
    from_: Annotated[str, Field(alias="from")] = "2024-01-01"
    stations: dict[Annotated[str, Field(pattern="^[a-z]+$")], Station] = {}
    events: list[Annotated[Storm | Strike, Field(discriminator="kind")]] = []
    open: bool = True
    seed: float = 0


STATION = "stations:\n  gate:\n    lanes: 3\n"
BAD = [
    # unknown and missing keys
    ("titel: x\n", 1, 1, ": unknown key 'titel' (did you mean 'title'?)"),
    ("form: x\n", 1, 1, ": unknown key 'form' (did you mean 'from'?)"),
    ("zzz: x\n", 1, 1, "unknown key 'zzz': write one of title, from, stations, events, open, seed"),
    ("from_: x\n", 1, 1, "unknown key 'from_' (did you mean 'from'?)"),
    (STATION + "    chanels: [a]\n", 4, 5, "stations.gate: unknown key 'chanels' (did you mean 'c"),
    ("stations:\n  gate:\n    colour: red\n", 2, 3, "stations.gate: missing key 'lanes': write 'l"),
    ("stations: {gate: {}}\n", 1, 12, "missing key 'lanes': write 'lanes: 3'"),
    ("events:\n- kind: storm\n", 2, 3, "events[0]: missing key 'lasts': write 'lasts: 45 min'"),
    ("events:\n- kind: strike\n  lasts: 1 h\n", 3, 3, "events[0]: unknown key 'lasts': write o"),
    (STATION + "    service: {lognormal: {cv: 1}}\n", 4, 15, "missing key 'mean': write 'mean: 45"),
    # quantities
    ("stations: {a: {lanes: {valeu: 3}}}\n", 1, 24, "unknown key 'valeu' (did you mean 'value'?)"),
    ("stations: {a: {lanes: {claim: K}}}\n", 1, 16, "missing key 'value': write 'value: 3'"),
    ("stations: {a: {lanes: {value: 3, low: 1}}}\n", 1, 34, "unknown key 'low': write one of val"),
    ("stations: {a: {lanes: 3 min}}\n", 1, 23, "stations.a.lanes: 'min' after a plain count: writ"),
    ("stations: {a: {lanes: true}}\n", 1, 23, "stations.a.lanes: True is not a quantity: write 3"),
    ("stations: {a: {lanes: }}\n", 1, 16, "stations.a.lanes: not a quantity: write 3"),
    ("stations: {a: {lanes: [1]}}\n", 1, 23, "not a quantity: write 3"),
    ("stations: {a: {lanes: 2.5}}\n", 1, 23, "2.5 is not whole: write a whole number"),
    ("stations: {a: {lanes: -1}}\n", 1, 23, "-1 is negative"),
    ("stations: {a: {lanes: {value: 5, range: [1, 4]}}}\n", 1, 16, "value 5 lies outside its rang"),
    ("stations: {a: {lanes: {value: 3, range: [4, 1]}}}\n", 1, 41, "low end 4 is above the high e"),
    ("stations: {a: {lanes: {value: 3, range: 4}}}\n", 1, 41, "not a range: write [low, high]"),
    ("stations: {a: {lanes: {value: 3, range: [1, x]}}}\n", 1, 41, "cannot read 'x': write 3"),
    ("stations: {a: {lanes: {value: 3, claim: ''}}}\n", 1, 41, "at least 1 character(s)"),
    ("stations: {a: {lanes: {value: 3, claim: 7}}}\n", 1, 41, "7 does not fit: write a text"),
    (
        "stations: {a: {lanes: {value: 3, claim: K, assumed: y}}}\n",
        1, 16, "assumed stands beside claim or derived: keep one",
    ),
    (STATION + "    service: '25'\n", 4, 14, "stations.gate.service: missing unit: write '25 min'"),
    (STATION + "    service: {value: 25}\n", 4, 22, "service.value: missing unit: write '25 min'"),
    (STATION + "    service: {value: 2 h, asumed: x}\n", 4, 27, "(did you mean 'assumed'?)"),
    ("events: [{kind: strike, share: 15}]\n", 1, 32, "looks like a percentage: write '15%' or"),
    ("events: [{kind: storm, lasts: 9 t}]\n", 1, 31, "'t' is a unit of mass, not of time"),
    # words from a list
    (STATION + "    closing_rule: Hold\n", 4, 19, "'Hold' is not known (did you mean 'hold'?)"),
    (STATION + "    closing_rule: hold on\n", 4, 19, "write finish, hold or recall"),
    (STATION + "    closing_rule: 'hold '\n", 4, 19, "'hold ' is not known (did you mean 'hold'?)"),
    (STATION + "    closing_rule:\n", 4, 5, "nothing is not known: write finish, hold or recall"),
    (STATION + "    colour: grene\n", 4, 13, "'grene' is not known (did you mean 'green'?): writ"),
    ("events:\n- kind: strom\n", 2, 3, "events[0]: 'strom' is not known (did you mean 'storm'?)"),
    ("events:\n- lasts: 1 h\n", 2, 3, "events[0]: a mapping names no kind: write its key 'kind'"),
    # kinds and bounds
    (STATION + "    priority: 0\n", 4, 15, "0 is out of bounds: write a number at least 1"),
    (STATION + "    priority: 10\n", 4, 15, "10 is out of bounds: write a number at most 9"),
    (STATION + "    priority: 1.5\n", 4, 15, "1.5 does not fit: write a whole number"),
    (STATION + "    channels: green\n", 4, 15, "'green' does not fit: write a list"),
    (STATION + "    channels: [1]\n", 4, 16, "stations.gate.channels[0]: 1 does not fit: write a "),
    ("stations: [a]\n", 1, 11, "a list does not fit: write a mapping"),
    ("stations: {gate: open}\n", 1, 18, "'open' does not fit: write a mapping"),
    ("stations: {gate: }\n", 1, 12, "is empty: write a mapping"),
    ("stations: {Gate: {lanes: 3}}\n", 1, 12, "stations.Gate: 'Gate' has the wrong form"),
    ("title: ''\n", 1, 8, "title: '' has the wrong length: write at least 1 character(s)"),
    ("title: " + "x" * 10_000, 1, 8, "…' has the wrong length: write at most 20 character(s)"),
    ("title: 3\n", 1, 8, "title: 3 does not fit: write a text"),
    ("open: 2\n", 1, 7, "2 does not fit: write true or false"),
    ("seed: many\n", 1, 7, "'many' does not fit: write a number"),
    ("seed: 'nan'\n", 1, 7, "'nan' is not a finite number"),
    ("stations: {gate: {lanes: 101}}\n", 1, 12, "stations.gate: more than 100 lanes: write fewer"),
]  # fmt: skip


def refusal(text: str) -> Faults:
    doc = parse_document(text, "w.yaml")
    with pytest.raises(ValidationError) as caught:
        World.model_validate(doc.data)
    return faults_of(caught.value, doc, World)


@pytest.mark.parametrize(("text", "line", "column", "said"), BAD)
def test_a_fault_names_its_place_and_its_remedy(
    text: str, line: int, column: int, said: str
) -> None:
    here = [fault for fault in refusal(text).faults if fault.mark == Mark("w.yaml", line, column)]
    assert len(here) == 1, here
    assert said in str(here[0])
    assert len(str(here[0])) < 300


def test_all_faults_are_told() -> None:
    faults = refusal("titel: x\nseed: many\nstations: {gate: {lanes: 3, chanels: [a]}}\n").faults
    assert {fault.mark.line for fault in faults if fault.mark} == {1, 2, 3}


def test_data_under_a_path_and_no_model() -> None:
    doc = parse_document("ports:\n  here:\n    titel: x\n", "w.yaml")
    with pytest.raises(ValidationError) as caught:
        World.model_validate(doc.data["ports"]["here"])
    (fault,) = faults_of(caught.value, doc, None, under=("ports", "here")).faults
    assert str(fault) == "w.yaml:3:5: ports.here: unknown key 'titel': remove it"

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor.units import CANONICAL, UnitError, example, parse, show, write

SIZES = st.floats(0, 1e12, allow_nan=False)


@pytest.mark.parametrize(
    ("text", "dimension", "value"),
    [
        ("45 min", "time", 45),
        ("45min", "time", 45),
        (" 45  min ", "time", 45),
        ("1.5 h", "time", 90),
        ("90 s", "time", 1.5),
        ("30 ms", "time", 0.0005),
        ("2 d", "time", 2880),
        ("1 week", "time", 10_080),
        ("2 weeks", "time", 20_160),
        ("1 day", "time", 1440),
        ("36 hours", "time", 2160),
        ("1 minute", "time", 1),
        ("1e3 min", "time", 1000),
        ("16 t", "mass", 16_000),
        ("500 g", "mass", 0.5),
        ("20 kg", "mass", 20),
        ("3 kt", "mass", 3_000_000),
        ("130 km", "distance", 130),
        ("250 m", "distance", 0.25),
        ("60 km/h", "speed", 60),
        ("250 USD", "money", 250),
        ("20 per hour", "rate", 20),
        ("300 per day", "rate", 12.5),
        ("8760 per year", "rate", 1),
        ("168 per week", "rate", 1),
        ("3 per min", "rate", 180),
        ("3 per minute", "rate", 180),
        ("1 per s", "rate", 3600),
        ("12 USD per hour", "money_rate", 12),
        ("48 USD per day", "money_rate", 2),
        ("30%", "share", 0.3),
        ("7 %", "share", 0.07),
        ("100%", "share", 1),
        (0.3, "share", 0.3),
        (1, "share", 1),
        (3, "count", 3),
        ("3", "count", 3),
        (2.0, "count", 2),
        (0.8, "number", 0.8),
        ("2 TEU", "teu", 2),
        ("0 min", "time", 0),
    ],
)
def test_parse(text: str | float, dimension: str, value: float) -> None:
    assert parse(text, dimension) == value


@pytest.mark.parametrize(
    ("text", "dimension", "message"),
    [
        ("45", "time", "missing unit: write '45 min'"),
        (45, "time", "missing unit: write '45 min'"),
        ("16", "mass", "missing unit: write '16 t'"),
        (20, "rate", "missing unit: write '20 per hour'"),
        (12, "money_rate", "missing unit: write '12 USD per hour'"),
        (2, "teu", "missing unit: write '2 TEU'"),
        ("1,5 h", "time", "'1,5 h' has a comma: write 1.5 h"),
        ("1,500 kg", "mass", "write 1500 kg"),
        ("1_000 kg", "mass", "has a thousands mark: write the digits without a gap"),
        ("1 000 kg", "mass", "has a thousands mark"),
        ("-5 min", "time", "'-5 min' is negative: write 0 or more, such as '45 min'"),
        ("nan min", "time", "cannot read 'nan min': write '45 min'"),
        ("inf", "count", "cannot read 'inf': write 3"),
        ("1e400 min", "time", "not a finite number"),
        (math.inf, "number", "not a finite number: write 0.8"),
        (math.nan, "share", "not a finite number: write '30%'"),
        (10**400, "count", "a number of more than 18 digits is too large: write 3"),
        (True, "count", "True is not a quantity: write 3"),
        ("", "time", "cannot read '': write '45 min'"),
        ("soon", "time", "cannot read 'soon': write '45 min'"),
        ("45 t", "time", "'t' is a unit of mass, not of time: write one of ms, s, min, h, d, week"),
        ("5 min", "mass", "'min' is a unit of time, not of mass: write one of g, kg, t, kt"),
        ("5 mins", "time", "'mins' is not a unit of time (did you mean 'min'?)"),
        ("5 Min", "time", "'Min' is not a unit of time (did you mean 'min'?)"),
        ("20 per month", "rate", "'per month' is not a unit of rate"),
        ("20 min", "rate", "'min' is a unit of time, not of rate"),
        ("60 mph", "speed", "such as '60 km/h'"),
        ("100 CNY", "money", "'CNY' is not read: convert to USD, write '100 USD', and cite"),
        ("100 EUR", "money", "convert to USD"),
        ("100 $", "money", "convert to USD"),
        ("9 PKR per hour", "money_rate", "convert to USD, write '9 USD per hour'"),
        (15, "share", "15 looks like a percentage: write '15%' or 0.15"),
        ("1.5", "share", "1.5 looks like a percentage"),
        ("150%", "share", "'150%' is more than the whole: write at most '100%'"),
        (2.5, "count", "2.5 is not whole: write a whole number, such as 3"),
        ("3 lanes", "count", "'lanes' after a plain count: write 3 alone"),
        ("٤٥ min", "time", "cannot read"),
        ("x" * 10_000, "time", "…"),
    ],
)
def test_refusal_says_what_to_write(text: str | float, dimension: str, message: str) -> None:
    with pytest.raises(UnitError) as caught:
        parse(text, dimension)
    assert message in str(caught.value)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("value", "dimension", "text"),
    [
        (45, "time", "45 min"),
        (2160, "time", "36 h"),
        (7200, "time", "5 d"),
        (0.5, "time", "30 s"),
        (0.0005, "time", "30 ms"),
        (0, "time", "0 min"),
        (16_000, "mass", "16 t"),
        (500, "mass", "500 kg"),
        (130, "distance", "130 km"),
        (0.25, "distance", "250 m"),
        (1234.5, "money", "1230 USD"),
        (12.5, "rate", "12.5 per hour"),
        (0.5, "rate", "12 per day"),
        (1 / 8760, "rate", "1 per year"),
        (0.3, "share", "30%"),
        (0.666666, "share", "66.7%"),
        (3, "count", "3"),
        (12, "money_rate", "12 USD per hour"),
        (-45, "time", "-45 min"),
    ],
)
def test_show(value: float, dimension: str, text: str) -> None:
    assert show(value, dimension) == text


def test_negative_where_allowed() -> None:
    assert parse("-5 min", "time", negative=True) == -5
    assert math.copysign(1, parse("-0 min", "time")) == 1


@settings(deadline=None)
@given(SIZES, st.sampled_from([d for d in CANONICAL if d not in ("share", "count")]))
def test_what_is_written_reads_back_to_the_same_float(value: float, dimension: str) -> None:
    assert parse(write(value, dimension), dimension) == value


@settings(deadline=None)
@given(st.floats(0, 1))
def test_shares_read_back(value: float) -> None:
    assert parse(write(value, "share"), "share") == value


@settings(deadline=None)
@given(st.integers(0, 10**15))
def test_counts_read_back(value: int) -> None:
    assert parse(write(value, "count"), "count") == value


@settings(deadline=None)
@given(st.floats(1e-3, 1e9), st.sampled_from(sorted(set(CANONICAL) - {"share", "count"})))
def test_what_is_shown_is_within_half_a_percent(value: float, dimension: str) -> None:
    assert parse(show(value, dimension), dimension) == pytest.approx(value, rel=0.0051)


@settings(deadline=None)
@given(st.text(max_size=30), st.sampled_from(sorted(CANONICAL)))
def test_any_text_is_read_or_refused_in_words(text: str, dimension: str) -> None:
    try:
        value, said = parse(text, dimension), "write"
    except UnitError as error:
        value, said = 0.0, str(error)
    assert "write" in said
    assert 0 <= value < math.inf


@pytest.mark.parametrize("dimension", sorted(CANONICAL))
def test_every_example_is_good(dimension: str) -> None:
    assert parse(example(dimension).strip("'"), dimension) > 0

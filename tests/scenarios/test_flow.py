"""Flows: profiles by month, day and hour against a hand count, and what cannot be asked."""

from typing import Any

import pytest
from pydantic import ValidationError

from corridor.scenarios.flow import Flow

FLOW: dict[str, Any] = {"port": "p", "class": "truck", "volume": {"vehicles": 120, "per": "month"}}
CLOSED = {
    "rush": 0.3, "wait": 0.5, "lost": 0.2,
    "rush_window": "30 d", "wait_window": "60 d", "after": "14 d",
}  # fmt: skip


def flow(**changes: Any) -> Flow:
    return Flow.model_validate({**FLOW, **changes})


def test_silence_means_the_same_all_the_time() -> None:
    plain = flow()
    assert plain.month_weights() == [1] * 12
    assert plain.day_weights() == [1] * 7
    assert plain.hour_weights() == [1] * 24


def test_months_may_cross_the_new_year() -> None:
    months = flow(months={"12-03": 0.2, "07": 3}).month_weights()
    assert months == [0.2, 0.2, 0.2, 1, 1, 1, 3, 1, 1, 1, 1, 0.2]


def test_a_day_by_name_wins_over_its_group() -> None:
    days = flow(weekdays={"sunday": 2, "weekends": 0, "weekdays": 0.5, "friday": 3}).day_weights()
    assert days == [0.5, 0.5, 0.5, 0.5, 3, 0, 2]


def test_hours_that_are_not_named_are_empty() -> None:
    hours = flow(hours={"09:00-11:00": 2, "23:00-24:00": 1}).hour_weights()
    assert [h for h, weight in enumerate(hours) if weight] == [9, 10, 23]
    assert hours[9] == 2


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"months": {"13": 1}}, "'13' is no month: write 04 or 04-11"),
        ({"months": {"4": 1}}, "is no month"),
        ({"weekdays": {"mondays": 1}}, "is no day"),
        ({"hours": {"09:30-10:00": 1}}, "is no span of whole hours"),
        ({"hours": {"22:00-02:00": 1}}, "is no span of whole hours"),
        ({"hours": {"09:00": 1}}, "is no span of whole hours"),
        ({"hours": {"09:00-12:00": 1, "11:00-13:00": 2}}, "hours: spans overlap"),
        ({"hours": {"09:00-12:00": 0}}, "hours: zero throughout"),
        ({"months": {"01-12": 0}}, "months: zero throughout"),
        ({"weekdays": {"weekdays": 0, "weekends": 0}}, "weekdays: zero throughout"),
        ({"months": {"11": -2}}, "is negative"),
        ({"arrivals": {"poisson": "3 per hour"}}, "exactly one of volume and arrivals"),
        ({"volume": None}, "exactly one of volume and arrivals"),
        ({"volume": None, "arrivals": {"poisson": "0 per hour"}}, "a rate of zero brings nobody"),
        ({"volume": None, "arrivals": {"poisson": "2 per day", "batch": 0}}, "batch: must be a"),
        ({"volume": None, "arrivals": {"poisson": "2 per day", "batch": 2.5}}, "is not whole"),
        ({"volume": None, "arrivals": {"poisson": "3 per fortnight"}}, "is not a unit of rate"),
        ({"volume": {"vehicles": 3, "tonnes": 4, "per": "year"}}, "exactly one of vehicles"),
        ({"volume": {"tonnes": 4, "per": "year"}}, "needs a payload above zero"),
        ({"volume": {"tonnes": 4, "per": "year"}, "payload": "0 t"}, "needs a payload above zero"),
        ({"volume": {"vehicles": 4, "per": "decade"}}, "'year' or 'month'"),
        ({"payload": "16"}, "missing unit"),
        ({"payload": "16 km"}, "is a unit of distance, not of mass"),
        ({"priority": 100}, "less than or equal to 99"),
        ({"priority": 0.5}, "integer"),
        ({"closed_season": {**CLOSED, "lost": 0.3}}, "rush + wait + lost is 1.1"),
        ({"class": "Truck"}, "is not a name"),
        ({"clock": "GMT+5"}, "write a place"),
    ],
)
def test_what_cannot_be_asked(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError) as error:
        flow(**changes)
    assert said in str(error.value)


STREAM: dict[str, Any] = {"volume": None, "arrivals": {"poisson": "2 per day", "batch": 3}}
PROFILE = {
    "months": {"04-11": 1, "12-03": 0.2},
    "weekdays": {"weekends": 0},
    "hours": {"09:00-18:00": 1},
    "on_holidays": "stay_away",
}


@pytest.mark.parametrize("key", PROFILE)
def test_a_constant_stream_has_no_profile(key: str) -> None:
    """What would be passed over in silence is refused, and the way to ask it is told."""
    assert flow(**{key: PROFILE[key]})
    with pytest.raises(ValidationError) as error:
        flow(**STREAM, **{key: PROFILE[key]})
    (fault,) = error.value.errors()
    assert fault["loc"] == (key,)
    assert f"leave {key} out, or write a volume instead of arrivals" in fault["msg"]


def test_a_constant_stream_may_say_what_is_so_anyway() -> None:
    assert flow(**STREAM, months={}, weekdays={}, hours={}, on_holidays="come") == flow(**STREAM)


@pytest.mark.parametrize("key", PROFILE)
def test_a_stream_and_a_volume_are_one_too_many_whatever_their_profile(key: str) -> None:
    with pytest.raises(ValidationError) as error:
        flow(arrivals=STREAM["arrivals"], **{key: PROFILE[key]})
    (fault,) = error.value.errors()
    assert "exactly one of volume and arrivals" in fault["msg"]


WHOLE = {"closed_season": CLOSED, "months": {"12-03": 0.2}, "payload": "16 t", "teu": "2 TEU"}


@pytest.mark.parametrize("changes", [WHOLE, STREAM], ids=["volume", "arrivals"])
def test_a_flow_reads_back(changes: dict[str, Any]) -> None:
    whole = flow(**changes)
    assert (
        Flow.model_validate(whole.model_dump(mode="json", by_alias=True, exclude_none=True))
        == whole
    )

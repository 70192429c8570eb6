"""Trains: timetables by hand, and what nobody can leave by."""

from typing import Any

import pytest
from pydantic import ValidationError

from corridor.scenarios.train import Timetable, Train


def times(**timetable: Any) -> list[float]:
    return list(Timetable.model_validate(timetable).times())


def test_stated_times_are_sorted() -> None:
    assert times(at=["14:30", "08:00"]) == [480, 870]


@pytest.mark.parametrize(
    ("timetable", "expected"),
    [
        ({"every": "6 h"}, [0, 360, 720, 1080]),
        ({"every": "6 h", "from": "05:00"}, [300, 660, 1020, 1380]),
        ({"every": "6 h", "until": "12:00"}, [0, 360, 720]),
        ({"every": "2 h", "from": "06:00", "until": "10:00"}, [360, 480, 600]),
        ({"every": "2 h", "from": "06:00", "until": "09:59"}, [360, 480]),
        ({"every": "2 h", "from": "22:00", "until": "02:30"}, [1320, 1440, 1560]),
        ({"every": "12 h", "until": "24:00"}, [0, 720, 1440]),
        ({"every": "90 s", "from": "23:57"}, [1437, 1438.5]),
        ({"every": "1 h", "from": "06:00", "until": "06:00"}, [360]),
    ],
)
def test_every_so_often_by_hand(timetable: dict[str, Any], expected: list[float]) -> None:
    assert times(**timetable) == expected


def test_days_by_name_and_by_group() -> None:
    def days(*names: str) -> tuple[int, ...]:
        return Timetable.model_validate({"at": ["08:00"], "days": names}).weekdays()

    assert days() == ()
    assert days("weekends", "monday") == (0, 5, 6)
    assert days("daily") == tuple(range(7))


def test_a_train_reads_back() -> None:
    train = Train.model_validate({
        "capacity": {"value": 50, "range": [40, 60], "assumed": "wagon sets of Khorgos"},
        "timetable": {"every": "30 min", "from": "06:00", "until": "24:00", "days": ["weekdays"]},
        "when_full": True,
    })  # fmt: skip
    written = train.model_dump(mode="json", by_alias=True, exclude_none=True)
    assert written["timetable"]["from"] == "06:00"
    assert Train.model_validate(written) == train


@pytest.mark.parametrize(
    ("train", "said"),
    [
        ({"capacity": 5}, "nothing ever leaves: write a timetable, or when_full: true"),
        ({"capacity": 5, "when_full": False}, "nothing ever leaves"),
        ({"capacity": 0, "when_full": True}, "capacity must be a whole number of at least 1"),
        ({"capacity": 5, "timetable": {}}, "exactly one of at"),
        ({"capacity": 5, "timetable": {"at": []}}, "exactly one of at"),
        ({"capacity": 5, "timetable": {"at": ["08:00"], "every": "1 h"}}, "exactly one of at"),
        ({"capacity": 5, "timetable": {"at": ["08:00"], "from": "06:00"}}, "go with every"),
        ({"capacity": 5, "timetable": {"at": ["25:00"]}}, "there is no time 25:00"),
        ({"capacity": 5, "timetable": {"at": [8]}}, "8 is not a time of day: write it in quotes"),
        ({"capacity": 5, "timetable": {"at": ["8h"]}}, "is not a time of day: write HH:MM"),
        ({"capacity": 5, "timetable": {"every": "30 s"}}, "at least 1 min lies between"),
        ({"capacity": 5, "timetable": {"at": ["08:00"], "days": ["mondays"]}}, "should be"),
    ],
)
def test_what_a_train_cannot_be(train: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError) as error:
        Train.model_validate(train)
    assert said in str(error.value)

"""What is asked: the one base of every model, frozen, strict about keys, silent about behaviour."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

from corridor.faults import did_you_mean

__all__ = ["Clock", "Id", "Model", "StationRef", "Text"]


class Model(BaseModel):
    """A frozen mapping with known keys; keys that are Python words carry a trailing underscore."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        allow_inf_nan=False,
        populate_by_name=True,
        alias_generator=lambda name: name.rstrip("_"),
    )


def _id(text: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", text):
        raise ValueError(
            f"'{text[:60]}' is not a name: write lower-case letters, digits and '_', at most 40"
        )
    return text


def _reference(text: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}\.[a-z][a-z0-9_]{0,39}", text):
        raise ValueError(
            f"'{text[:90]}' is not a station: write post.station, such as sost.documents"
        )
    return text


Id = Annotated[str, AfterValidator(_id)]
"""A name of the library: lower case, digits, underscore."""

StationRef = Annotated[str, AfterValidator(_reference)]
"""A station or stock of a port, ``post.station``."""


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    """The zones of the pinned tzdata package: the ones that a run can read on any computer."""
    return frozenset((resources.files("tzdata") / "zones").read_text("utf-8").split())


def _clock(name: str) -> str:
    if re.fullmatch(r"(Etc/)?(GMT|UTC)[+-]\d+", name):
        raise ValueError(
            f"clock '{name[:60]}': its sign means different things to different programs:"
            " write a place, such as Asia/Almaty"
        )
    if name not in _zones():
        raise ValueError(
            f"unknown clock '{name[:60]}'{did_you_mean(name, sorted(_zones()))}: write an IANA zone"
            " such as Asia/Shanghai"
        )
    return name


Clock = Annotated[str, AfterValidator(_clock)]
"""An IANA time zone."""

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
"""Words for people."""

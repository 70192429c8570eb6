"""What is asked: the one base of every model, frozen, strict about keys, silent about behaviour."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

__all__ = ["Id", "Model", "StationRef", "Text"]


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
        raise ValueError(f"'{text[:90]}' is not a station: write post.station, such as sost.documents")
    return text


Id = Annotated[str, AfterValidator(_id)]
"""A name of the library: lower case, digits, underscore."""

StationRef = Annotated[str, AfterValidator(_reference)]
"""A station or stock of a port, ``post.station``."""

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
"""Words for people."""

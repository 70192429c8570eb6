"""What is asked: the JSON Schema of a scenario file, generated from the models, for editors."""

from __future__ import annotations

from typing import Any

from corridor.scenarios.scenario import Scenario

__all__ = ["json_schema"]


def json_schema() -> dict[str, Any]:
    """The schema of what people write: a patch of a scenario, so no key is required.

    A scenario file may extend another and name parts of the library, so a key that is missing
    here may stand there; ``corridor check`` tells what is missing in the whole.
    """
    schema = Scenario.model_json_schema(by_alias=True)
    _relax(schema)
    schema["title"] = "Corridor scenario"
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    properties = schema["properties"]
    properties["extends"] = {"type": "string", "description": "Name or path of the base scenario."}
    properties["arrivals"] = properties["flows"]["additionalProperties"] = {"type": "object"}
    for part in ("ports", "events"):
        properties[part]["additionalProperties"] = {
            "anyOf": [properties[part]["additionalProperties"], {"type": "null"}]
        }
    for internal in ("name", "regimes", "calendars"):
        properties.pop(internal, None)
    return schema


def _relax(part: Any) -> None:
    """Drop `required`, let null remove a key, everywhere below `part`."""
    if isinstance(part, dict):
        part.pop("required", None)
        for inner in part.values():
            _relax(inner)
    elif isinstance(part, list):
        for inner in part:
            _relax(inner)

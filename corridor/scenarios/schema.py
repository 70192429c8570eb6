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
    properties = schema["properties"]
    for internal in ("name", "regimes"):
        properties.pop(internal)
    properties["extends"] = {"type": "string", "description": "Name or path of the base scenario."}
    properties["arrivals"] = _or_null({"$ref": "#/$defs/Arrivals"})
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "Corridor scenario",
    }


def _relax(part: Any) -> None:
    """What a patch needs, everywhere below `part`: no key is required, null removes a key."""
    if isinstance(part, list):
        for inner in part:
            _relax(inner)
    elif isinstance(part, dict):
        part.pop("required", None)
        part.pop("default", None)  # an editor must not offer to write it
        named = part.get("additionalProperties")
        if isinstance(named, dict):
            part["additionalProperties"] = _or_null(named)
        for name, inner in part.get("properties", {}).items():
            inner.pop("title", None)
            part["properties"][name] = _or_null(inner)
        for inner in part.values():
            _relax(inner)


def _or_null(part: dict[str, Any]) -> dict[str, Any]:
    null = {"type": "null"}
    return part if null in part.get("anyOf", ()) else {"anyOf": [part, null]}

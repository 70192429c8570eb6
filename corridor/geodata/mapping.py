"""The geodata room: YAML files, each a mapping whose keys know their lines."""

from __future__ import annotations

from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import MarkedYAMLError

from corridor.faults import Faults, Mark
from corridor.geodata.tables import text_of

__all__ = ["mapping_of"]


def mapping_of(folder: Path, name: str, wanted: str) -> tuple[CommentedMap, str]:
    """The mapping in a YAML file inside `folder`, and how messages call the file.

    Raises
    ------
    Faults
        No such file, no YAML, or no mapping of what is `wanted`.
    """
    text, shown = text_of(folder, name)
    try:
        data = YAML(typ="rt", pure=True).load(text)
    except MarkedYAMLError as error:
        at = error.problem_mark
        mark = Mark(shown, at.line + 1, at.column + 1) if at else Mark(shown, 1, 1)
        raise Faults.one(f"not YAML: {error.problem}", "", mark) from error
    if not isinstance(data, CommentedMap):
        raise Faults.one(f"write a mapping of {wanted}", "", Mark(shown, 1, 1))
    return data, shown

"""The geodata room: where places and links are; it alone reads the ``geodata/`` folder.

``place_ids`` and ``read_places`` use the csv module alone; the other names import geopandas when
they are first asked for, so that ``corridor check`` stays quick. No module here is named as a
function is: importing a module would put it in the function's place.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from corridor.geodata.places import Place, place_ids, read_places

if TYPE_CHECKING:
    from corridor.geodata.export import write_gpkg
    from corridor.geodata.files import load, read
    from corridor.geodata.network import Corridor, Leg, Network
    from corridor.geodata.rules import checks

__all__ = [
    "Corridor",
    "Leg",
    "Network",
    "Place",
    "checks",
    "load",
    "place_ids",
    "read",
    "read_places",
    "write_gpkg",
]

_LATER = {
    "Corridor": "network",
    "Leg": "network",
    "Network": "network",
    "checks": "rules",
    "load": "files",
    "read": "files",
    "write_gpkg": "export",
}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
    globals()[name] = value
    return value

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
    from corridor.geodata.catalogue import Entry, disagreements, read_catalogue
    from corridor.geodata.export import FORMATS, export_tables, write_gpkg, write_layers
    from corridor.geodata.files import bundled, load, read
    from corridor.geodata.network import Corridor, Leg, Network
    from corridor.geodata.record import events
    from corridor.geodata.routing import Route, Step
    from corridor.geodata.rules import cautions, checks

__all__ = [
    "FORMATS",
    "Corridor",
    "Entry",
    "Leg",
    "Network",
    "Place",
    "Route",
    "Step",
    "bundled",
    "cautions",
    "checks",
    "disagreements",
    "events",
    "export_tables",
    "load",
    "place_ids",
    "read",
    "read_catalogue",
    "read_places",
    "write_gpkg",
    "write_layers",
]

_LATER = {
    "Corridor": "network",
    "Entry": "catalogue",
    "FORMATS": "export",
    "Leg": "network",
    "Network": "network",
    "Route": "routing",
    "Step": "routing",
    "bundled": "files",
    "cautions": "rules",
    "checks": "rules",
    "disagreements": "catalogue",
    "events": "record",
    "export_tables": "export",
    "load": "files",
    "read": "files",
    "read_catalogue": "catalogue",
    "write_gpkg": "export",
    "write_layers": "export",
}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
    globals()[name] = value
    return value

"""Drawing office: the map of the layers, one self-contained page of the world as it is.

Folium gets fixed text only (see ``frame``); what it lays out here is filled by one fixed script.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import folium

from corridor.maps.frame import group, joined, lay_out, named, panes, shape, wrapped
from corridor.maps.world import build_world

if TYPE_CHECKING:
    from corridor.evidence import TradeFigure
    from corridor.geodata import Network

__all__ = ["draw_world", "world_page"]

#: The layers of the layer control, in its order: key in the script, name shown.
LAYERS = (
    ("labels", "Names of towns, countries and seas"),
    ("ports", "Border ports"),
    ("roads", "Roads"),
    ("rails", "Railways"),
    ("sea", "Sea legs, for comparison"),
    ("terminals", "Change of mode or gauge, or wait at a border"),
    ("incidents", "Hazards and incidents on record"),
    ("within", "How far off a position may be"),
    ("rivers", "Rivers"),
    ("disputed", "Disputed lines"),
)
_SHAPES = {"rivers": "water", "disputed": "lines"}


def draw_world(
    network: Network,
    figures: Iterable[TradeFigure],
    sources: Mapping[str, str],
    file: Path,
) -> None:
    """Write the map of all layers as one self-contained HTML file, whole or not at all.

    Parameters
    ----------
    network : Network
        Every layer, EPSG:4326.
    figures : iterable of TradeFigure
        The trade of one place, from `corridor.evidence.trade`.
    sources : mapping of str to str
        Claim id to the words that name its source.
    file : Path
        The file to write; the same input gives the same bytes.

    Raises
    ------
    NotOffline
        If the built page would reach for the network.
    """
    text = world_page(network, figures, sources)
    draft = file.with_name(f"{file.name}.part")
    draft.write_text(text, encoding="utf-8", newline="\n")
    draft.replace(file)


def world_page(network: Network, figures: Iterable[TradeFigure], sources: Mapping[str, str]) -> str:
    """The map of all layers as text; see `draw_world`."""
    before, after = _frame()
    return joined(before, build_world(network, figures, sources), after)


@cache
def _frame() -> tuple[str, str]:
    """The fixed text of the page before and after the data."""
    return wrapped((_structure(),), "world", "The layers of Corridor")


def _structure() -> folium.Map:
    """What Folium draws: one map with its panes, its empty layers and its layer control."""
    whole = folium.Map(
        location=(42, 75),
        zoom_start=4,
        tiles=None,
        control_scale=True,
        zoom_control="bottomright",
        attribution_control=False,
        zoom_snap=0.25,
        minZoom=1.5,
        maxZoom=16,
    )
    named(lay_out(whole), "world")
    panes(whole, "world", ("sea", "rails", "roads", "within", "incidents", "terminals", "ports"))
    ground = (("land", "land"), ("lakes", "water"), ("borders", "lines"))
    for key, pane in ground:
        shape(key, pane, "world", control=False).add_to(whole)
    for key, name in LAYERS:
        if key in _SHAPES:
            shape(key, _SHAPES[key], "world", name=name).add_to(whole)
        else:
            group(key, name, "world").add_to(whole)
    named(folium.LayerControl(collapsed=True), "world").add_to(whole)
    return whole

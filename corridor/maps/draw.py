"""Drawing office: the map page of a run, two synchronised maps of the same corridor.

Folium gets fixed text only (see ``frame``); what it lays out here is filled by one fixed script
with the scene of the run.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import folium
from folium.plugins import DualMap

from corridor.maps.frame import group, joined, lay_out, named, panes, shape, wrapped
from corridor.maps.scene import build

if TYPE_CHECKING:
    from branca.element import Element

    from corridor.geodata import Network
    from corridor.results import Results

__all__ = ["draw", "page"]

#: The layers of the layer control, in its order: key in the script, name shown.
LAYERS = (
    ("labels", "Basemap labels"),
    ("ports", "Border ports"),
    ("roads", "CPEC and other roads"),
    ("rails", "China Railway Express"),
    ("disputed", "Disputed lines"),
)


def draw(results: Results, network: Network, path: Path) -> None:
    """Write the map of `results` as one self-contained HTML file.

    Parameters
    ----------
    results : Results
        One scenario, or several to compare; the first is the base.
    network : Network
        Places, links, corridors and basemap, EPSG:4326.
    path : Path
        The file to write; the same input gives the same bytes.

    Raises
    ------
    NotOffline
        If the built page would reach for the network.
    """
    path.write_text(page(results, network), encoding="utf-8", newline="\n")


def page(results: Results, network: Network) -> str:
    """The map page as text; see `draw`."""
    before, after = _frame()
    return joined(before, build(results, network), after)


@cache
def _frame() -> tuple[str, str]:
    """The fixed text of the page before and after the data."""
    return wrapped(_structure(), "map", "Corridor map")


def _structure() -> tuple[Element, ...]:
    """What Folium draws: two maps side by side with the same empty layers."""
    dual = named(
        DualMap(  # type: ignore[no-untyped-call]
            location=(36, 74),
            zoom_start=5,
            tiles=None,
            control_scale=True,
            zoom_control="bottomright",
            attribution_control=False,
            zoom_snap=0.25,
            minZoom=2.5,
            maxZoom=15,
        ),
        "pair",
    )
    dual.default_js = [("sync", "leaflet.sync/L.Map.Sync.js")]
    for side, half in (("left", dual.m1), ("right", dual.m2)):
        _furnish(named(lay_out(half), side), side)
    # Both maps must be named before the figure lists them, else their places keep random names.
    return dual.m1, dual.m2, dual


def _furnish(half: folium.Map, side: str) -> None:
    """Give one map its panes, its layers and its layer control."""
    panes(half, side, ("rails", "roads", "ports"))
    ground = (("land", "land"), ("rivers", "water"), ("lakes", "water"), ("borders", "lines"))
    for key, pane in ground:
        shape(key, pane, side, control=False).add_to(half)
    for key, name in LAYERS:
        if key == "disputed":
            shape(key, "lines", side, name=name).add_to(half)
        else:
            group(key, name, side).add_to(half)
    named(folium.LayerControl(collapsed=True), side).add_to(half)

"""Drawing office: one theme, and self-contained map pages. The only room that knows Folium."""

from corridor.maps.atlas import draw_world, world_page
from corridor.maps.draw import draw, page
from corridor.maps.offline import CREDITS, NotOffline, embed_json, gate
from corridor.maps.theme import Theme, css_variables, load

__all__ = [
    "CREDITS", "NotOffline", "Theme", "css_variables", "draw", "draw_world", "embed_json", "gate",
    "load", "page", "world_page",
]  # fmt: skip

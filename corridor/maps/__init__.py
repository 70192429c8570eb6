"""Drawing office: one theme, and one self-contained map page. The only room that knows Folium."""

from corridor.maps.draw import draw, page
from corridor.maps.offline import CREDITS, NotOffline, embed_json, gate
from corridor.maps.theme import Theme, css_variables, load

__all__ = [
    "CREDITS", "NotOffline", "Theme", "css_variables", "draw", "embed_json", "gate", "load", "page",
]  # fmt: skip

"""Drawing office: where trains change gauge, as the card of a border port tells it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from corridor.maps.ground import text

if TYPE_CHECKING:
    from corridor.geodata import Network

__all__ = ["gauge_at", "gauge_breaks"]


def gauge_breaks(network: Network, places: Mapping[str, Any]) -> dict[str, str]:
    """Places where trains change gauge, by the terminals, with their names."""
    rows = network.terminals.to_dict("records")
    found = [row["place"] for row in rows if row["from_mode"] == row["to_mode"] == "rail"]
    return {place: text(places[place]["name"]) for place in found if place in places}


def gauge_at(port: Mapping[str, Any], ports: list[Any], breaks: Mapping[str, str]) -> str:
    """Where the gauge changes: at a post of the port, or of one that shares a post with it.

    Empty where both sides have one gauge, and where no terminal says so: both gauges may cross
    the border side by side, and the change stand at the next station.
    """
    own, other = port["gauges"]
    if None in (own, other) or own == other:
        return ""
    posts = [port["place"], port["across"]]
    beside = [each for each in ports if {each["place"], each["across"]} & set(posts)]
    posts += [post for each in beside for post in (each["place"], each["across"])]
    return next((breaks[post] for post in posts if post in breaks), "")

"""The geodata room: where rails of two widths meet, a load must change over."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

import numpy as np

from corridor.faults import Fault
from corridor.geodata.network import Network

__all__ = ["gauge_breaks", "unknown_gauges"]


def gauge_breaks(network: Network) -> Iterator[Fault]:
    """Places where two gauges meet without a terminal from rail to rail, by the odd link there.

    Every place is looked at, on a corridor or not: a break that no terminal knows is a missing
    row, or more likely a wrong gauge.
    """
    rails = (row for row in network.rows["links"] if row["mode"] == "rail")
    meet: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for row in rails:
        if np.isfinite(row["gauge_mm"]):
            for end in ("from_place", "to_place"):
                meet[row[end]][row["link"]] = row["gauge_mm"]
    rows = network.rows["terminals"]
    breaks = {row["place"] for row in rows if row["from_mode"] == row["to_mode"] == "rail"}
    for place, gauges in meet.items():
        widths = Counter(gauges.values())
        if len(widths) < 2 or place in breaks:
            continue
        named = " and ".join(f"{each:g}" for each in sorted(widths))
        for link, gauge in gauges.items():
            if widths[gauge] == min(widths.values()):
                message = f"the gauge changes at {place}, {named} mm: terminals.csv needs a row"
                message += " from rail to rail there, or this gauge is wrong"
                yield Fault(network.marks.get(f"link/{link}"), link, message)


def unknown_gauges(network: Network) -> Iterator[Fault]:
    """Railways whose gauge is not given."""
    for row in network.rows["links"]:
        if row["mode"] == "rail" and not np.isfinite(row["gauge_mm"]):
            message = "gauge_mm is not given"
            yield Fault(network.marks.get(f"link/{row['link']}"), row["link"], message)

"""The geodata room: bounds that no figure of a layer may pass, whatever it rests on.

Gauges, heights, days, rates, speeds, lengths of lanes. They are wide: they find a slipped digit,
not a doubtful figure.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely

from corridor.faults import Fault
from corridor.geodata.alignments import drawn_km, heights
from corridor.geodata.network import Network

__all__ = ["GAUGES", "bound_checks"]

GAUGES = (1000, 1067, 1435, 1520, 1524, 1668, 1676)  # mm: the gauges of main lines of the world
HEIGHTS = (-200.0, 6000.0)  # m: the Turpan basin is at -154, no road reaches 5,900
STEEPEST = 200.0  # m a km between neighbours of a profile; the grid's worst is 128
ALIKE_M = 50.0  # a port and its place have one height; two sources may differ by so much
RATES = {"road": (0.2, 10.0), "rail": (0.05, 2.0), "sea": (0.01, 5.0)}  # USD per TEU-km
LONGEST_STAY = 90 * 24.0  # hours at a terminal
SPEEDS = {"road": (8.0, 110.0), "rail": (2.0, 120.0), "sea": (10.0, 50.0)}
"""Of a load that runs, km/h. Surveyed means go from 24.8 to 83.5 by road (KK-30, KK-32g), and a
lorry between two posts makes 10; trains of goods are built for up to 120 (KK-27d), and shunted at
3; ships sail at 25 to 30 (SE-01, SE-08), and the fastest at some 25 knots: general knowledge."""
TIMES = 4.0  # the ends of a leg's speeds: the widest here are 3.3 apart, a slipped digit is 10
LANE = 0.001  # of a lane: its km were taken before its line was simplified


def bound_checks(network: Network) -> list[Fault]:
    """Figures out of all bounds, or out of line with the layer beside them."""
    rules = (_gauges, _heights, _steps, _closed, _rates, _stays, _speeds, _lanes)
    return [fault for rule in rules for fault in rule(network)]


def _gauges(network: Network) -> Iterator[Fault]:
    """Known widths, and at a port those of the rails that reach its posts."""
    rails: dict[str, set[float]] = {}
    for row in network.rows["links"]:
        gauge = row["gauge_mm"]
        if row["mode"] == "rail" and np.isfinite(gauge):
            for end in ("from_place", "to_place"):
                rails.setdefault(row[end], set()).add(gauge)
        if np.isfinite(gauge) and (row["mode"] != "rail" or gauge not in GAUGES):
            message = f"gauge_mm {gauge:g}: write one of {GAUGES} for rail, null for others"
            yield network.fault("link", row["link"], message)
    for row in network.rows["ports"]:
        for column, post in (("gauge_mm", "place"), ("gauge_across_mm", "across")):
            gauge, there = row[column], rails.get(row[post], set())
            if np.isfinite(gauge) and gauge not in GAUGES:
                message = f"{column} {gauge:g}: write one of {GAUGES}"
                yield network.fault("ports", row["port"], message)
            elif np.isfinite(gauge) and there and gauge not in there:
                found = " and ".join(f"{each:g}" for each in sorted(there))
                message = f"{column} {gauge:g}, but the rails at {row[post]} are of {found} mm"
                yield network.fault("ports", row["port"], message)


def _heights(network: Network) -> Iterator[Fault]:
    """Of places, ports and profiles: on this earth, and a port as high as its place."""
    low, high = HEIGHTS
    named: list[tuple[str, Any, tuple[str, ...]]] = [
        ("place", network.places, ("place",)),
        ("ports", network.ports, ("port",)),
        ("profiles", network.profiles, ("link", "km")),
    ]
    for what, table, key in named:
        outside = (table.elevation_m < low) | (table.elevation_m > high)
        for row in table[outside].to_dict("records"):
            name = " ".join(str(row[column]) for column in key)
            message = f"elevation_m {row['elevation_m']:,.0f}: no road or railway here lies outside"
            yield network.fault(what, name, f"{message} {low:,.0f} to {high:,.0f} m")
    place = dict(zip(network.places.place, network.places.elevation_m, strict=True))
    for port, at, height in network.ports[["port", "place", "elevation_m"]].itertuples(index=False):
        own = place.get(at, np.nan)
        if low <= height <= high and abs(height - own) > ALIKE_M:  # never where one is not known
            message = f"elevation_m {height:,.0f}, but {at} lies at {own:,.0f} m"
            yield network.fault("ports", port, message)


def _steps(network: Network) -> Iterator[Fault]:
    """Heights between neighbours: no road climbs so steeply."""
    for link, km, height in heights(network):
        with np.errstate(divide="ignore", invalid="ignore"):
            steep = np.abs(np.diff(height) / np.diff(km))  # km that do not rise: another rule's
        for at in np.flatnonzero(np.isfinite(steep) & (steep > STEEPEST)):
            message = f"elevation_m goes from {height[at]:,.0f} to {height[at + 1]:,.0f} m"
            message += f" in {km[at + 1] - km[at]:.3g} km: a slipped digit?"
            yield network.fault("profiles", f"{link} {km[at + 1]}", message)


def _closed(network: Network) -> Iterator[Fault]:
    """Days shut: in order, and no more than the row's own days and one."""
    for row in network.rows["incidents"]:
        known = [row[f"closed_days{end}"] for end in ("_low", "", "_high")]
        given = [days for days in known if np.isfinite(days)]
        if given != sorted(given):
            message = "closed_days_low, closed_days, closed_days_high must rise"
            yield network.fault("incidents", row["incident"], message)
        if row["from"] and row["to"] and given:
            days = (row["to"] - row["from"]).days + 1
            if given[-1] > days + 1:
                message = f"shut for {given[-1]:g} days, but its own days are {days}"
                yield network.fault("incidents", row["incident"], message)


def _rates(network: Network) -> Iterator[Fault]:
    for row in network.rows["haulage"]:
        low, high = RATES[row["mode"]]
        for column in ("low", "usd_per_teu_km", "high"):
            if not low <= row[column] <= high:
                message = f"{column} {row[column]:g}: by {row['mode']} a TEU costs"
                message += f" {low:g} to {high:g} USD a km anywhere"
                yield network.fault("haulage", f"{row['mode']} {row['section']}", message)


def _stays(network: Network) -> Iterator[Fault]:
    for row in network.rows["terminals"]:
        if row["hours_high"] > LONGEST_STAY:
            name = f"{row['place']} {row['from_mode']} {row['to_mode']}"
            message = f"hours_high {row['hours_high']:g}: no stay of a mean is that long"
            yield network.fault("terminals", name, message)


def _speeds(network: Network) -> Iterator[Fault]:
    """Of each mode, of the year and of winter, and not too far apart; winter is never faster."""
    columns = ("speed_low", "speed_kmh", "speed_high", "winter_kmh")
    for row in network.rows["links"]:
        given = {column: row[column] for column in columns if np.isfinite(row[column])}
        low, high = SPEEDS.get(row["mode"], (-np.inf, np.inf))  # no such mode: another rule's
        for column, speed in given.items():
            if not low <= speed <= high:
                message = f"{column} {speed:g}: by {row['mode']} a load runs"
                message += f" at {low:g} to {high:g} km/h anywhere"
                yield network.fault("link", row["link"], message)
        least, most = (pick(given, key=lambda c: given[c], default="") for pick in (min, max))
        if given and given[most] > TIMES * given[least]:
            message = f"{least} {given[least]:g} and {most} {given[most]:g} lie more than"
            yield network.fault("link", row["link"], f"{message} {TIMES:g} times apart")
        if row["winter_kmh"] > row["speed_kmh"]:
            message = f"winter_kmh {row['winter_kmh']:g} is faster than the year's"
            yield network.fault("link", row["link"], f"{message} {row['speed_kmh']:g}")


def _lanes(network: Network) -> Iterator[Fault]:
    """A lane is as long as it is drawn: nothing else is known of it."""
    for row in network.rows["links"]:
        if row["mode"] == "sea" and np.isfinite(shapely.get_coordinates(row["geometry"])).all():
            drawn = drawn_km(row["geometry"])
            if abs(row["km"] - drawn) > max(1.0, LANE * drawn):
                message = f"km is {row['km']:,.10g}, but its line is {drawn:,.0f} km long"
                yield network.fault("link", row["link"], message)

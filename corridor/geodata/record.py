"""The geodata room: what is on record of a leg: hazards and incidents on it or at its ends."""

from __future__ import annotations

from typing import Any

from corridor.geodata.network import Network

__all__ = ["events"]

AT_KM = 3.0  # a place this near to an end of the leg is of that end: a dry port and its town


def events(network: Network, link: str) -> list[dict[str, Any]]:
    """Hazards and incidents on a leg, or at a place on it or at its ends, the oldest first.

    Parameters
    ----------
    network : Network
    link : str
        The id of a link that exists.

    Returns
    -------
    list of dict
        ``incident``, ``kind``, ``name``, ``where`` (``the leg``, or a place at its end or on its
        way), ``from`` and ``to`` (ISO dates, or None), ``stopped``, ``closed_days`` (days, or
        None), ``evidence``, ``claim``.

    Examples
    --------
    >>> from corridor.geodata import load
    >>> [each["incident"] for each in events(load(), "sost-gilgit")][:2]
    ['attabad_2010', 'sost_sit_in_2024']
    """
    row = network.links.set_index("link").loc[link]
    stops = (row["from_place"], *row["via"].split(), row["to_place"])
    found = []
    for each in network.incidents.to_dict("records"):
        where = "the leg" if each["link"] == link else _stop(network, each["place"], stops)
        if where:
            days = each["closed_days"]
            found.append(
                {"incident": each["incident"], "kind": each["kind"], "name": each["name"],
                 "where": where, "from": _iso(each["from"]), "to": _iso(each["to"]),
                 "stopped": each["stopped"], "closed_days": None if days != days else days,
                 "evidence": each["evidence"], "claim": each["claim"]}
            )  # fmt: skip
    return sorted(found, key=lambda each: (each["from"] or "", each["incident"]))


def _stop(network: Network, place: str, stops: tuple[str, ...]) -> str:
    """The place, if it is one of the stops or beside one; nothing otherwise."""
    near = place and (
        place in stops or any(network.great_circle_km(place, stop) <= AT_KM for stop in stops)
    )
    return place if near else ""


def _iso(day: Any) -> str | None:
    return day.isoformat() if day else None

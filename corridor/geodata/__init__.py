"""The geodata room: where places and links are; it alone reads the ``geodata/`` folder."""

from __future__ import annotations

from corridor.geodata.places import Place, place_ids, read_places

__all__ = ["Place", "place_ids", "read_places"]

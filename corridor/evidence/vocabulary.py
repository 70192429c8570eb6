"""Evidence room: the words a claim may be made of: units, statuses, counting series, partners."""

from __future__ import annotations

from collections.abc import Collection

__all__ = ["PARTNERS", "SERIES", "STATUS", "UNITS", "VOCABULARY"]

UNITS: dict[str, str] = {
    "vehicles": "count", "persons": "count", "trains": "count", "count": "count", "TEU": "teu",
    "t": "mass", "km": "distance", "m": "distance", "km/h": "speed", "USD": "money",
    "min": "time", "h": "time", "days": "time", "share": "share", "ratio": "number",
    "per_day": "rate", "per_week": "rate", "per_year": "rate", "t/vehicle": "mass",
    "CNY": "", "EUR": "", "KZT": "", "PKR": "", "USD per 500 km per 20 t": "", "t/month": "",
    "t/train": "", "km/day": "", "months": "", "years": "", "ha": "", "m2": "", "°C": "",
    "date": "", "text": "",
}  # fmt: skip
"""The units of the register, and the dimension in `corridor.units` of those that have one."""

PARTNERS: dict[str, str] = {
    "World": "", "Central Asia": "", "Europe": "", "Europe and Central Asia": "",
    "Belgium": "BEL", "Canada": "CAN", "China": "CHN", "Germany": "DEU", "Italy": "ITA",
    "Kazakhstan": "KAZ", "Kyrgyzstan": "KGZ", "Pakistan": "PAK", "Tajikistan": "TJK",
    "United Kingdom": "GBR", "United States": "USA",
}  # fmt: skip
"""With whom: the names of the register and their ISO 3166-1 alpha-3 codes; groups have none."""

SERIES = ("customs", "border_police", "road_transport", "tir")
"""Who counted. Three vehicle series exist at these ports and differ up to threefold."""

STATUS = ("accepted", "rejected", "superseded", "contested")

VOCABULARY: dict[str, Collection[str]] = {
    "unit": UNITS,
    "status": STATUS,
    "series": ("", *SERIES),
    "flow": ("", "import", "export", "both"),
    "partner": ("", *PARTNERS),
    "confidence": ("H", "M", "L", "GK"),
    "fit": ("", "never"),
    "kind": ("official", "press", "survey", "paper", "blog", "web", "seed"),
    "reliability": ("H", "M", "L"),
}

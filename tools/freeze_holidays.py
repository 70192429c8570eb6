"""Build time only: freeze the public holidays of the border countries as data.

Run by hand with the packages ``holidays`` and ``hijridate`` installed (they are no run-time
dependency, because Eid dates are corrected after the fact and a published number must not move):

    python tools/freeze_holidays.py

Writes ``scenarios/calendars/<country>.yaml``. Weekend days are left out: the posts that keep
holidays are closed at weekends or say so themselves.
"""

from pathlib import Path

import holidays

COUNTRIES = {
    "china": ("CN", "China"),
    "pakistan": ("PK", "Pakistan"),
    "kazakhstan": ("KZ", "Kazakhstan"),
}
YEARS = range(2023, 2027)


def main() -> None:
    """Write one calendar file a country."""
    folder = Path(__file__).resolve().parent.parent / "scenarios" / "calendars"
    for name, (code, title) in COUNTRIES.items():
        days = holidays.country_holidays(code, years=YEARS, language="en_US")
        lines = [
            f"# Public holidays of {title}, {YEARS[0]} to {YEARS[-1]};"
            " frozen by tools/freeze_holidays.py.",
            f"title: Public holidays, {title}",
            f"source: Python package holidays {holidays.__version__} (MIT licence), which follows"
            " the government notices; moon-sighted days are as announced, later years as estimated",
            "holidays:",
        ]
        for day, label in sorted(days.items()):
            if day.weekday() < 5:
                lines.append(f'  "{day:%Y-%m-%d}": "{label}"')
        (folder / f"{name}.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""Report room: everything a run leaves behind, in one folder, the run record last."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from corridor import geodata, maps
from corridor.geodata import Network
from corridor.maps.gis import gis_layers
from corridor.report.publish import page
from corridor.report.words import headline
from corridor.results import Results
from corridor.results.files import save, seal, whole
from corridor.results.provenance import run_id

__all__ = ["deliver", "draw_again", "publish_again", "titled"]


def titled(results: Results) -> Results:
    """`results` with the headline in their record, and the run id that follows from it."""
    record = {k: v for k, v in results.record.items() if k != "run_id"}
    record["headline"] = headline(results)
    return replace(results, record={**record, "run_id": run_id(record)})


def deliver(results: Results, network: Network, folder: Path, began: float) -> list[Path]:
    """Write the files of a run; `run.json` last, so that a folder with one is complete.

    Parameters
    ----------
    results : Results
        With their headline (see `titled`).
    network : Network
    folder : Path
        Locked by the caller.
    began : float
        ``time.monotonic()`` at the start of the command, for the wall time.
    """
    written = save(results, folder)
    whole(folder / "network.gpkg", lambda p: geodata.write_gpkg(p, *gis_layers(results, network)))
    map_html = maps.page(results, network)
    _text(folder / "map.html", map_html)
    _text(folder / "report.html", page(results, map_html))
    written += [folder / name for name in ("network.gpkg", "map.html", "report.html")]
    wall = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": round(time.monotonic() - began, 1),
    }
    seal(results, folder, written, wall)
    return [*written, folder / "run.json"]


def draw_again(results: Results, network: Network, path: Path) -> None:
    """Draw the map of saved results."""
    _text(path, maps.page(results, network))


def publish_again(results: Results, network: Network, path: Path) -> None:
    """Publish the report of saved results, the map inside."""
    _text(path, page(results, maps.page(results, network)))


def _text(path: Path, text: str) -> None:
    whole(path, lambda draft: draft.write_text(text, encoding="utf-8", newline="\n"))

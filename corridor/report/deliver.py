"""Report room: everything a run leaves behind, in one folder, the run record last."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from corridor import geodata
from corridor.geodata import Network
from corridor.report.charts.drawn import Drawn, drawn
from corridor.report.publish import bound, page, ready
from corridor.report.sections import sections
from corridor.report.words import headline
from corridor.results import FILES, Results
from corridor.results.files import save, seal, whole
from corridor.results.provenance import run_id
from corridor.study.early import GONE, dismissed

__all__ = ["deliver", "draw", "publish", "titled"]


def titled(results: Results) -> Results:
    """`results` with the headline in their record, and the run id that follows from it."""
    record = {k: v for k, v in results.record.items() if k != "run_id"}
    record["headline"] = headline(results)
    return replace(results, record={**record, "run_id": run_id(record)})


def deliver(
    results: Results,
    network: Network,
    folder: Path,
    began: float,
    aside: Executor | None = None,
) -> list[Path]:
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
    aside : Executor, optional
        Helpers (see `corridor.study.early`), of whom one draws the charts while this process draws
        the map; they are seen off then. The same bytes without them.
    """
    with (
        TemporaryDirectory(prefix=".draft-", dir=folder) as name,
        ThreadPoolExecutor(1) as writer,  # tables are written while this draws and binds
    ):
        draft = Path(name)
        charts = _charts(results, aside)
        from corridor.maps.draw import page as map_page  # half a second, while the charts are drawn
        from corridor.maps.gis import gis_layers

        map_html = map_page(results, network)
        saved = writer.submit(save, results, draft)
        laid = writer.submit(
            geodata.write_gpkg, draft / "network.gpkg", *gis_layers(results, network)
        )
        _text(draft / "map.html", map_html)
        ready()
        made = sections(results, charts)
        _text(draft / "report.html", bound(made, results.record, map_html))
        written = saved.result()
        laid.result()
        written += [draft / name for name in ("network.gpkg", "map.html", "report.html")]
        wall = {
            "date": datetime.now(UTC).isoformat(timespec="seconds"),
            "seconds": round(time.monotonic() - began, 1),
        }
        seal(results, draft, written, wall)
        # All that can fail has failed: a full disk leaves an earlier run as it was.
        for stale in ("run.json", *FILES.values()):
            (folder / stale).unlink(missing_ok=True)
        names = [path.name for path in written] + ["run.json"]
        for each in names:
            os.replace(draft / each, folder / each)
    return [folder / each for each in names]


def _charts(results: Results, aside: Executor | None) -> Callable[[], Drawn]:
    """The way to the charts, which are begun `aside` at once, and drawn here if that fails."""
    seen = replace(results, visits=results.visits.iloc[:0])  # large, and on no chart
    begun = None
    with suppress(*GONE):
        begun = aside.submit(drawn, seen) if aside else None

    def charts() -> Drawn:
        with suppress(*GONE):
            if begun and aside:
                found: Drawn = begun.result()
                dismissed(aside)
                return found
        return drawn(seen)

    return charts


def draw(results: Results, path: str | Path, network: Network | None = None) -> None:
    """Write the map of `results` as one HTML file that opens with the network off."""
    from corridor.maps.draw import page as map_page

    _text(Path(path), map_page(results, network or geodata.load()))


def publish(results: Results, path: str | Path, network: Network | None = None) -> None:
    """Write the report of `results` as one HTML file, the map inside."""
    from corridor.maps.draw import page as map_page

    _text(Path(path), page(results, map_page(results, network or geodata.load())))


def _text(path: Path, text: str) -> None:
    whole(path, lambda draft: draft.write_text(text, encoding="utf-8", newline="\n"))

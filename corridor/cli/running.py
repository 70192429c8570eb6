"""The front door: the commands that run scenarios."""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corridor.cli.ending import obeying
from corridor.cli.options import (
    AsJson,
    Cluster,
    EngineName,
    Jobs,
    Out,
    Precision,
    Quiet,
    Replications,
    Rivals,
    Seed,
    Set,
    app,
    folder_of,
)
from corridor.faults import Faults

if TYPE_CHECKING:
    from corridor.geodata import Network
    from corridor.results import Results
    from corridor.scenarios import Reading

__all__ = ["compare", "demo", "run"]


@dataclass(frozen=True)
class _Wish:
    """What `demo`, `run` and `compare` share."""

    out: str
    replications: int | None = None
    precision: str | None = None
    seed: int | None = None
    engine: str = "auto"
    jobs: int = -1
    cluster: str | None = None
    settings: Sequence[str] = ()
    rivals: bool = False
    as_json: bool = False
    quiet: bool = False

    def typed(self) -> list[str]:
        """The options that change the numbers, as typed, for the record."""
        words = []
        for option, value in (
            ("--replications", self.replications),
            ("--precision", self.precision),
            ("--seed", self.seed),
        ):
            words += [option, str(value)] if value is not None else []
        words += ["--rivals"] if self.rivals else []
        return words + [part for text in self.settings for part in ("--set", text)]


@app.command()
def demo(
    out: Out = None,
    replications: Replications = None,
    jobs: Jobs = -1,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Compare Khunjerab seasonal with year-round on the bundled data; no network needed.

    Twenty replications, so that the answer is there within a minute.
    """
    wish = _Wish(
        out="out/demo" if out is None else out,
        replications=replications or 20,
        jobs=jobs,
        as_json=as_json,
        quiet=quiet,
    )
    if wish.replications and wish.replications >= 10:
        from corridor.study.early import early

        early(jobs)
    _study(["khunjerab_seasonal", "khunjerab_year_round"], "compare", wish)
    if not (quiet or as_json):
        print("Next:  corridor compare khorgos_fixed_hours khorgos_24h")
        print("       corridor new my_port --from khunjerab_seasonal   ·   corridor sources KJ-10")


@app.command()
def run(
    scenario: str,
    out: Out = None,
    replications: Replications = None,
    precision: Precision = None,
    seed: Seed = None,
    engine: EngineName = "auto",
    jobs: Jobs = -1,
    cluster: Cluster = None,
    settings: Set = None,
    rivals: Rivals = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Run one scenario, all replications."""
    out = f"out/{Path(scenario).stem[:80]}" if out is None else out
    wish = _Wish(
        out,
        replications,
        precision,
        seed,
        engine,
        jobs,
        cluster,
        settings or (),
        rivals,
        as_json,
        quiet,
    )
    _study([scenario], "run", wish)


@app.command()
def compare(
    base: str,
    others: Annotated[list[str], typer.Argument(help="One scenario or more to hold against BASE.")],
    out: Out = None,
    replications: Replications = None,
    precision: Precision = None,
    seed: Seed = None,
    engine: EngineName = "auto",
    jobs: Jobs = -1,
    cluster: Cluster = None,
    settings: Set = None,
    rivals: Rivals = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Compare scenarios, paired: differences with intervals, one report, one map."""
    names = [base, *others]
    out = f"out/{'_vs_'.join(Path(name).stem for name in names)[:80]}" if out is None else out
    wish = _Wish(
        out,
        replications,
        precision,
        seed,
        engine,
        jobs,
        cluster,
        settings or (),
        rivals,
        as_json,
        quiet,
    )
    _study(names, "compare", wish)


def _study(names: Sequence[str], verb: str, wish: _Wish) -> None:
    """Read, run, deliver."""
    began = time.monotonic()
    if wish.engine not in ("auto", "fast", "simpy"):
        raise Faults.one(f"no engine '{wish.engine[:60]}': write auto, fast or simpy", "--engine")
    if wish.rivals and (wish.settings or len(names) > 2):
        raise Faults.one("tries one scenario or two, as their files have them", "--rivals")
    folder = folder_of(wish.out)
    from corridor.scenarios import read_whole

    seed = [] if wish.seed is None else [f"seed={wish.seed}"]
    readings = [read_whole(name, [*wish.settings, *seed]) for name in names]
    from corridor import geodata
    from corridor.results.files import locked
    from corridor.study.sense import comparable
    from corridor.study.settle import settled
    from corridor.study.store import KEPT

    comparable(readings)  # before the folder is made: bad input leaves nothing behind
    command = ["corridor", verb, *names, *wish.typed()]
    with locked(folder), _kept(folder / KEPT):
        network = geodata.load()
        results = settled(_run(readings, command, network, folder / KEPT, wish))
        if wish.rivals:
            results = _tried(results, names, network, wish)
        from corridor.report.deliver import deliver, titled
        from corridor.study.early import standing

        aside = None if wish.cluster else standing(wish.jobs)
        written = deliver(results := titled(results), network, folder, began, aside)
        precision = results.record["design"]["precision"]
        if precision is None or precision["reached"]:
            shutil.rmtree(folder / KEPT)
    _tell(results, folder, written, wish)
    if precision and not precision["reached"]:
        print(
            f"precision not reached: the finished replications are kept in {folder / KEPT},"
            " and a greater --replications goes on from them",
            file=sys.stderr,
        )
        raise typer.Exit(3)


@contextmanager
def _kept(store: Path) -> Iterator[None]:
    """Whatever breaks a run off, say what is kept of it; some of that is no fault of ours."""
    from corridor.study.task import Stranger, WorkersLost

    try:
        yield
    except BaseException as broken:
        if finished := len(list(store.glob("*/[0-9]*.npy"))):
            same = " with the code as it was," if isinstance(broken, Stranger) else ""
            print(
                f"{finished} finished replications are kept in {store}:{same}"
                " the same command goes on from there",
                file=sys.stderr,
            )
        else:
            shutil.rmtree(store, ignore_errors=True)
        if isinstance(broken, (Stranger, WorkersLost)):
            print(broken, file=sys.stderr)
            raise typer.Exit(3) from None
        raise


def _run(
    readings: Sequence[Reading],
    command: Sequence[str],
    network: Network,
    store: Path,
    wish: _Wish,
) -> Results:
    from corridor.report.terminal import progress_bar
    from corridor.study import study
    from corridor.study.early import later

    asked = {
        n: getattr(wish, n) for n in ("replications", "precision", "engine", "jobs", "cluster")
    }
    with progress_bar(wish.quiet or wish.as_json) as progress:
        obedient = obeying(progress)

        def told(done: int, total: int) -> None:
            obedient(done, total)
            if done == total and not wish.cluster:
                later(wish.jobs, "corridor.report.charts.drawn", "matplotlib.backends.backend_svg")

        return study(
            readings, command=command, network=network, store=store, progress=told, **asked
        )


def _tried(results: Results, names: Sequence[str], network: Network, wish: _Wish) -> Results:
    """The results with how far they move with each rival claim in their record."""
    from corridor.analysis import moved
    from corridor.evidence import load_claims
    from corridor.report.terminal import progress_bar

    with progress_bar(wish.quiet or wish.as_json) as progress:
        trials = moved(names, network, load_claims(), jobs=wish.jobs, progress=obeying(progress))
    told = json.loads(json.dumps([asdict(trial) for trial in trials]))
    return replace(results, record={**results.record, "rivals": told})


def _tell(results: Results, folder: Path, written: Sequence[Path], wish: _Wish) -> None:
    from corridor.report.terminal import answer, summary

    if wish.as_json:
        print(json.dumps(summary(results, list(written)), indent=1, ensure_ascii=False))
    elif not wish.quiet:
        answer(results)
        print(f"Wrote {folder}: {', '.join(path.name for path in written)}")

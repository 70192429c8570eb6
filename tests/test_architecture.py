"""The house keeps its own rules: rooms, sizes, imports, data folders, and what a wheel holds."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import corridor

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted((ROOT / "corridor").rglob("*.py"))
DATA_FOLDERS = ("geodata", "scenarios", "maps")

LONGEST_MODULE = 300  # lines
LONGEST_FUNCTION = 40  # lines, its docstring apart
# Whoever must break a bound writes here why: "corridor/x.py" or "corridor/x.py:function".
EXCEPTIONS: dict[str, str] = {
    "corridor/engine/kernel.py": "numba keeps what it compiled by the date of one file: a function"
    " in another could change and the old machine code stay",
}

# One library, one home: where each may be imported.
HOMES = {
    "pydantic": ("scenarios",),
    "ruamel": ("scenarios", "geodata", "maps"),  # YAML: the questions, the catalogue, the theme
    "simpy": ("engine/reference.py", "engine/places.py"),
    "numba": ("engine/kernel.py",),
    "osmnx": ("geodata/osm.py",),
    "osmium": ("geodata/extract.py",),
    "requests": ("geodata/overpass.py", "geodata/osm.py"),
    "geopandas": ("geodata", "maps"),
    "shapely": ("geodata", "maps"),
    "pyogrio": ("geodata",),
    "pyproj": ("geodata",),
    "networkx": ("geodata",),
    "pyarrow": ("results",),
    "folium": ("maps",),
    "branca": ("maps",),
    "matplotlib": ("report",),
    "jinja2": ("report", "maps"),
    "joblib": ("study",),
    "filelock": ("results/files.py",),
    "typer": ("cli",),
    "rich": ("report/terminal.py",),
}
HEAVY = ("geopandas", "scipy.stats", "osmnx", "numba", "pyarrow", "folium", "matplotlib")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(tree: ast.AST, prefix: str = "") -> Iterator[tuple[str, ast.FunctionDef]]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            inner = f"{prefix}{node.name}"
            if not isinstance(node, ast.ClassDef):
                yield inner, node
            yield from functions(node, f"{inner}.")
        else:
            yield from functions(node, prefix)


def code_lines(function: ast.FunctionDef) -> int:
    lines = function.end_lineno - function.lineno + 1
    if ast.get_docstring(function) is not None:
        docstring = function.body[0]
        lines -= docstring.end_lineno - docstring.lineno + 1
    return lines


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module


@pytest.mark.parametrize("folder", DATA_FOLDERS)
def test_data_folders_are_not_packages(folder: str) -> None:
    assert not list((ROOT / folder).rglob("*.py"))


def test_modules_and_functions_are_short_or_excused() -> None:
    long = {name(path) for path in MODULES if len(path.read_text().splitlines()) > LONGEST_MODULE}
    for path in MODULES:
        for function, node in functions(parsed(path)):
            if code_lines(node) > LONGEST_FUNCTION:
                long.add(f"{name(path)}:{function}")
    assert long == set(EXCEPTIONS), "shorten it, or write in EXCEPTIONS why it must be so long"


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_the_first_line_says_what_room_this_is(path: Path) -> None:
    docstring = ast.get_docstring(parsed(path))
    assert docstring
    assert docstring.splitlines()[0].strip().endswith((".", "?")), "one whole sentence"


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_every_library_has_one_home(path: Path) -> None:
    place = path.relative_to(ROOT / "corridor").as_posix()
    for module in imported(parsed(path)):
        library = module.split(".")[0]
        homes = HOMES.get(library, ("",))
        assert place.startswith(homes), f"{library} lives in {', '.join(homes)}"


def test_no_room_for_odds_and_ends() -> None:
    odd = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}
    assert not [name(path) for path in MODULES if odd & set(path.with_suffix("").parts)]


@pytest.mark.parametrize("command", ["--help", "check", "sources", "schema"])
def test_the_command_line_starts_light(command: str) -> None:
    """What only reads and prints answers at once: heavy libraries are imported late."""
    code = f"""
import contextlib, os, sys
from corridor.cli import main
sys.argv = ["corridor", {command!r}]
with contextlib.redirect_stdout(open(os.devnull, "w")), contextlib.suppress(SystemExit):
    main()
print(*sys.modules)"""
    loaded = run(sys.executable, "-c", code).split()
    assert not [heavy for heavy in HEAVY if heavy in loaded]


def test_who_has_the_charts_drawn_reads_in_no_library_for_it() -> None:
    """Half a second of every run, where a helper draws them."""
    code = "import sys, corridor.report.deliver, corridor.study.carry; print(*sys.modules)"
    loaded = run(sys.executable, "-c", code).split()
    assert "corridor.report.charts.drawn" in loaded
    assert not {"matplotlib", "folium", "networkx", "osmnx"} & set(loaded)


def test_no_host_of_a_registry_and_no_path_of_a_machine_is_tracked() -> None:
    hosts = "|".join(("py" + r"pi\.org", "python" + "hosted", "npm" + r"js\.(org|com)"))
    folders = "|".join(
        ("wor" + "k", "far" + "m", "tm" + "p", "roo" + "t", "hom" + "e", "User" + "s")
    )
    bad = re.compile(rf"{hosts}|--(extra-)?index-url|(?<![\w.)\]}}-])/({folders})/\w")
    found = []
    for path in run("git", "ls-files", "-z").split("\0"):
        file = ROOT / path
        if not path or path.startswith("maps/assets/") or not file.is_file():
            continue
        text = file.read_bytes().decode("utf-8", errors="replace")
        found += [f"{path}: {hit.group()}" for hit in bad.finditer(text)]
    assert not found


def test_one_version_everywhere() -> None:
    citation = (ROOT / "CITATION.cff").read_text()
    assert f"version: {corridor.__version__}\n" in citation
    assert f'version = "{corridor.__version__}"\n' in (ROOT / "pyproject.toml").read_text()
    assert f"## [{corridor.__version__}]" in (ROOT / "CHANGELOG.md").read_text()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT))
    (built,) = out.glob("*.whl")
    return built


@pytest.mark.slow
def test_a_wheel_holds_one_package_with_the_data_inside(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {n.split("/")[0] for n in names} == {
        "corridor",
        f"corridor-{corridor.__version__}.dist-info",
    }
    for path in run("git", "ls-files", "-z", *DATA_FOLDERS).split("\0"):
        assert not path or not (ROOT / path).exists() or f"corridor/_share/{path}" in names


@pytest.mark.slow
def test_a_wheel_installed_elsewhere_answers(wheel: Path, tmp_path: Path) -> None:
    """Into a new environment that borrows the libraries of this one, but not the checkout."""
    venv.create(tmp_path / "venv", with_pip=False)
    scripts = tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin")
    install = ("-m", "pip", "--python", str(scripts / "python"), "install", "--quiet")
    run(sys.executable, *install, "--no-deps", "--no-index", str(wheel), cwd=tmp_path)
    (site,) = (tmp_path / "venv").rglob("site-packages")
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib"))

    where = "import corridor.library as l; print(l.share('geodata', 'places.csv').read_text())"
    assert "khunjerab" in run(str(scripts / "python"), "-c", where, cwd=tmp_path)
    for words in (["--help"], ["check"], ["demo", "--replications", "2"]):
        assert run(str(scripts / "corridor"), *words, cwd=tmp_path)


def run(*command: str, cwd: Path = ROOT) -> str:
    """What a command prints; it must succeed."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    done = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
    return done.stdout

"""What happened: the run record, so that every number can be traced and made again."""

from __future__ import annotations

import hashlib
import json
import platform
import subprocess
from collections.abc import Iterable
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from corridor import __version__
from corridor.library import share

__all__ = ["commit", "makers", "packages", "run_id", "sha256", "sums"]

_PACKAGES = ("numpy", "scipy", "pandas", "simpy", "numba", "geopandas", "shapely", "pyproj",
             "folium", "pyarrow", "pydantic", "ruamel.yaml", "matplotlib", "tzdata")  # fmt: skip


def sha256(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def sums(paths: Iterable[Path]) -> list[dict[str, str]]:
    """Path (as far as possible inside the library) and SHA-256 of each file."""
    root = share().resolve()
    rows = []
    for path in paths:
        full = path.resolve()
        name = full.relative_to(root).as_posix() if full.is_relative_to(root) else path.name
        rows.append({"path": name, "sha256": sha256(path)})
    return rows


def commit() -> str:
    """Commit of the checkout the package runs from, with '+' if it was changed; '' in a wheel."""
    folder = Path(__file__).resolve().parents[2]
    if not (folder / ".git").exists():
        return ""
    try:
        ask = ["git", "-C", str(folder)]
        head = subprocess.run([*ask, "rev-parse", "--short=12", "HEAD"], capture_output=True,
                              text=True, timeout=10, check=True).stdout.strip()  # fmt: skip
        dirty = subprocess.run([*ask, "status", "--porcelain", "--untracked-files=no"],
                               capture_output=True, text=True, timeout=10, check=True)  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return ""
    return head + ("+" if dirty.stdout.strip() else "")


def packages() -> dict[str, str]:
    """Versions of Python, of us, and of what results depend on."""
    found = {"python": platform.python_version(), "corridor": __version__}
    for name in _PACKAGES:
        found[name] = metadata.version(name)
    return found


@cache
def makers() -> dict[str, str]:
    """What makes the numbers of a replication besides its inputs: code, libraries, processor.

    The code is told by the sum of all its modules: the same in a checkout and in a wheel, another
    after any edit. The processor is told by what it makes of some numbers.
    """
    root = Path(__file__).resolve().parents[1]
    code = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        code.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    found = {"python": platform.python_version(), "corridor": __version__}
    found["corridor's code"] = code.hexdigest()[:12]
    computing = ("numpy", "scipy", "pandas", "numba", "simpy", "tzdata")
    found["rounding of exp and log"] = _rounding()
    return found | {name: metadata.version(name) for name in computing}


def _rounding() -> str:
    """Twelve hex characters that stand for how the functions that draws call are rounded here.

    NumPy and the C library take another way to exp and log where the processor has wider or fused
    instructions (AVX-512, FMA): the last bit differs, and now and then the millisecond of a draw.
    The functions themselves are asked, as a list of instructions would also tell apart processors
    that round alike.
    """
    import numpy as np
    from scipy.special import gammaincinv, ndtri, pdtrik

    u = (np.arange(4096) + 0.5) / 4096
    found = hashlib.sha256()
    for values in (np.exp(ndtri(u)), np.log1p(-u), gammaincinv(3.7, u), pdtrik(u[::64], 9.3)):
        found.update(np.ascontiguousarray(values).tobytes())
    return found.hexdigest()[:12]


def run_id(record: dict[str, Any]) -> str:
    """Eight hex characters that stand for a record: same id, same inputs and same code."""
    text = json.dumps(record, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:8]

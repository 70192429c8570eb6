"""Machine code kept on disk is never older than the contract it was compiled with."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import corridor

ENTRY = """\
from corridor.engine.kernel import entry
from corridor.engine.plan import LONGEST

@entry
def longest():
    return LONGEST

print(longest(), *longest.stats.cache_hits.values())
"""


def told(folder: Path) -> list[str]:
    """What an entry that was compiled before has for a constant, and how often it was found."""
    return subprocess.run(
        [sys.executable, "-c", "import asked"],
        cwd=folder, capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": str(folder), "NUMBA_DISABLE_JIT": "0"},
    ).stdout.split()  # fmt: skip


def test_a_constant_that_changed_is_compiled_anew(tmp_path: Path) -> None:
    home = Path(corridor.__file__).parent
    no_code = shutil.ignore_patterns("__pycache__")
    shutil.copytree(home / "engine", tmp_path / "corridor" / "engine", ignore=no_code)
    (tmp_path / "corridor" / "__init__.py").touch()
    (tmp_path / "asked.py").write_text(ENTRY)
    assert told(tmp_path) == [str(2**60)]
    assert told(tmp_path) == [str(2**60), "1"]
    plan = tmp_path / "corridor" / "engine" / "plan.py"
    text = plan.read_text(encoding="utf-8")
    plan.write_text(text.replace("LONGEST = 2**60", "LONGEST = 2**59"), encoding="utf-8")
    assert told(tmp_path) == [str(2**59)]

"""What makes the numbers of a replication: two that would not be equal must not be taken for so."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from corridor.results.provenance import _rounding, makers

ASK = """
import hashlib
import numpy as np
from corridor.results.provenance import _rounding
print(hashlib.sha256(np.exp(np.linspace(-4, 4, 99_999)).tobytes()).hexdigest(), _rounding())
"""


def asked(**environment: str) -> list[str]:
    """A sum of some exponentials, and of the rounding, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", ASK], env=os.environ | environment,
        capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip


def test_the_rounding_is_the_same_each_time() -> None:
    assert asked() == asked()
    assert makers()["rounding of exp and log"] == _rounding()


@pytest.mark.parametrize("name", ["exp", "log1p"])
def test_a_last_bit_makes_another(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    here, plain = _rounding(), getattr(np, name)

    def other(x: Any) -> Any:
        values = plain(x)
        values[7] = np.nextafter(values[7], np.inf)
        return values

    monkeypatch.setattr(np, name, other)
    assert _rounding() != here


@pytest.mark.skipif(sys.platform != "linux", reason="a switch of the GNU C library")
def test_a_processor_without_fused_instructions_is_another_where_it_rounds_otherwise() -> None:
    plain = asked()
    other = asked(GLIBC_TUNABLES="glibc.cpu.hwcaps=-FMA,-AVX2,-FMA_Usable,-AVX2_Usable")
    assert (plain[0] == other[0]) == (plain[1] == other[1])

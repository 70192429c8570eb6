"""The documents tell the truth: README's commands run, and every local link leads somewhere.

Blocks fenced as ``console`` are run in the order of the page, in one empty folder: lines that
begin with ``$ `` are commands, the rest is what they print. Lines with `make` are left out, since
CI itself is one of them. A command that is not to be run (git clone, pip) goes into a ``sh`` block.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("[!.]*/README.md")])

FENCE = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"""\]\(\s*<?([^)\s>]+)|(?:src|srcset|href)=["']([^"']+)["']""")
ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:")


def commands(page: str) -> list[str]:
    """The commands of the console blocks; a line that ends in a backslash goes on.

    >>> commands("```console\\n$ corridor demo\\nprinted\\n$ make test\\n```\\n")
    ['corridor demo']
    """
    found = []
    for language, block in FENCE.findall(page):
        if language == "console":
            lines = block.replace("\\\n", "").splitlines()
            found += [line[2:].strip() for line in lines if line.startswith("$ ")]
    return [command for command in found if not re.match(r"make\b", command)]


def links(page: str) -> list[str]:
    """Local targets of links and images, outside code.

    >>> links("[a](docs/a.md#b) ![c](c.png) [d](https://d.org) `[e](e)` <img src='f.svg'>")
    ['docs/a.md#b', 'c.png', 'f.svg']
    """
    text = re.sub(r"`[^`\n]*`", "", FENCE.sub("", page))
    targets = (markdown or html for markdown, html in LINK.findall(text))
    return [target for target in targets if not ELSEWHERE.match(target)]


def anchors(page: str) -> set[str]:
    """The anchors that the headings of a page make.

    >>> anchors("# One, two `three`\\n")
    {'one-two-three'}
    """
    headings = re.findall(r"^#+ +(.+?) *$", FENCE.sub("", page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.slow
def test_the_readmes_commands_run(tmp_path: Path) -> None:
    scripts = str(Path(sys.executable).parent)
    path = os.pathsep.join((scripts, os.environ["PATH"]))
    for command in commands((ROOT / "README.md").read_text(encoding="utf-8")):
        done = subprocess.run(
            command,
            shell=True,
            cwd=tmp_path,
            env=os.environ | {"PATH": path},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"$ {command}\n{done.stdout}\n{done.stderr}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_local_links_lead_somewhere(document: Path) -> None:
    for link in links(document.read_text(encoding="utf-8")):
        target, _, anchor = link.partition("#")
        file = (document.parent / target).resolve() if target else document
        assert file.exists(), f"{link} is not there"
        if anchor and file.suffix == ".md":
            assert anchor in anchors(file.read_text(encoding="utf-8")), f"{link} has no heading"

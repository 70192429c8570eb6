"""Headless Chromium with the network off, for the tests of every page we write.

``open_offline`` aborts and records each request that is not for a file, and records console
errors, page errors and dialogs; a test asserts that those lists are empty.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]


@dataclass
class Visit:
    """An open page and what it tried."""

    page: Any
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def assert_quiet(self) -> None:
        """No request left, nothing was logged as an error, no dialog opened."""
        assert self.requests == []
        assert self.errors == []
        assert self.dialogs == []


def chromium() -> str:
    """The path of Chromium; without one the test is skipped, or fails where CI is set."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        reason = "Chromium is not installed"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@contextmanager
def browser() -> Iterator[Any]:
    """One headless Chromium; open several pages in it with `open_offline`."""
    path = chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield started
        finally:
            started.close()


@contextmanager
def open_offline(
    started: Any,
    path: Path,
    *,
    width: int = 1280,
    height: int = 800,
    dark: bool = False,
    reduced_motion: bool = False,
    fragment: str = "",
) -> Iterator[Visit]:
    """Open a file with the network off, in a context of its own."""
    context = started.new_context(
        offline=True,
        viewport={"width": width, "height": height},
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce" if reduced_motion else "no-preference",
        service_workers="block",
    )
    visit = Visit(context.new_page())

    def route(request: Any) -> None:
        if request.request.url.startswith(("file:", "data:", "blob:")):
            request.continue_()
        else:
            visit.requests.append(request.request.url)
            request.abort()

    def dialog(opened: Any) -> None:
        visit.dialogs.append(opened.message)
        opened.dismiss()

    def console(message: Any) -> None:
        if message.type in ("error", "warning"):
            visit.errors.append(message.text)

    context.route("**/*", route)
    visit.page.on("dialog", dialog)
    visit.page.on("console", console)
    visit.page.on("pageerror", lambda error: visit.errors.append(str(error)))
    try:
        visit.page.goto(path.resolve().as_uri() + fragment, wait_until="load")
        yield visit
    finally:
        context.close()

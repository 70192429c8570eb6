"""Fixtures and options shared by all rooms."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--golden-update", action="store_true", help="write the golden outputs anew (make golden)"
    )

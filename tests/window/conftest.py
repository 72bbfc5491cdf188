"""Where no window can be, window tests skip; with ``BPVIZ_WINDOW=required`` they fail there."""

from __future__ import annotations

import os
from functools import cache

import pytest

from tests.window.screen import advice

missing = cache(advice)


@pytest.fixture(scope="session")
def on_screen() -> None:
    """Need a screen."""
    if missing():
        if os.environ.get("BPVIZ_WINDOW") == "required":
            pytest.fail(missing())
        pytest.skip(missing())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say at the end, where it is seen, that no window was tried."""
    skipped = terminalreporter.getreports("skipped")
    if any(report.nodeid.startswith("tests/window/") for report in skipped):
        terminalreporter.write_sep("!", missing(), yellow=True)

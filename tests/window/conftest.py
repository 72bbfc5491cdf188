"""Two window tests are played at a time; where no window can be, they skip.

With ``BPVIZ_WINDOW=required`` they fail there.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import pytest

from tests.window.scenarios import PARTS, Part
from tests.window.screen import advice
from tests.window.stage import perform

_AT_ONCE = 2
_PARAMETER = "part"
missing = cache(advice)


@pytest.fixture(scope="session")
def played(request: pytest.FixtureRequest) -> Iterator[Callable[[Part], None]]:
    """Wait for a part of the play, and raise what it raised; all that are wanted begin with the first."""
    if missing():
        if os.environ.get("BPVIZ_WINDOW") == "required":
            pytest.fail(missing())
        pytest.skip(missing())
    items = [item for item in request.session.items if isinstance(item, pytest.Function)]
    calls = [item.callspec.params for item in items if hasattr(item, "callspec")]
    wanted = {call[_PARAMETER] for call in calls if isinstance(call.get(_PARAMETER), Part)}
    pool = ThreadPoolExecutor(_AT_ONCE)
    plays = {part: pool.submit(perform, part.stage, part.scenario) for part in PARTS if part in wanted}
    yield lambda part: plays[part].result()
    pool.shutdown(cancel_futures=True)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say at the end, where it is seen, that no window was tried."""
    skipped = terminalreporter.getreports("skipped")
    if any(report.nodeid.startswith("tests/window/") for report in skipped):
        terminalreporter.write_sep("!", missing(), yellow=True)

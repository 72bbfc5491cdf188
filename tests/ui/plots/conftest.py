"""A theme, a short run and its snapshot, for every plot."""

from __future__ import annotations

import pytest

from bpviz.model.examples import EXAMPLES
from bpviz.training.session import Session
from bpviz.training.snapshot import Snapshot
from bpviz.training.wants import everything
from bpviz.ui.theme import Theme


@pytest.fixture
def theme(qapp: object) -> Theme:
    return Theme("light")


@pytest.fixture(scope="session")
def spiral() -> Snapshot:
    """The default example after a hundred steps, with everything a view can want."""
    project = EXAMPLES["spiral"].build()
    session = Session(project)
    session.advance(100)
    return session.snapshot(everything())

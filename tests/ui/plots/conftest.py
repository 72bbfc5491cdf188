"""A theme, a short run and its snapshot, for every plot."""

from __future__ import annotations

import pytest

from bpviz.model.examples import EXAMPLES
from bpviz.model.spec import Project
from bpviz.training.session import Session
from bpviz.training.snapshot import WANTS, Snapshot
from bpviz.ui.theme import Theme


@pytest.fixture
def theme(qapp: object) -> Theme:
    return Theme("light")


@pytest.fixture(scope="session")
def spiral() -> tuple[Project, Snapshot]:
    """The default example after a hundred steps, with everything a view can want."""
    project = EXAMPLES["spiral"].build()
    session = Session(project)
    session.advance(100)
    return project, session.snapshot(WANTS)

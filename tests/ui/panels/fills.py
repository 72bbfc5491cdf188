"""Hears when a page of the inspector is filled."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bpviz.model.spec import Project
from bpviz.ui.document import Selection
from bpviz.ui.panels.inspector_pages import Page


def on_fill(page: Page, monkeypatch: pytest.MonkeyPatch, hear: Callable[[Selection], object]) -> None:
    """Let somebody hear what is selected each time a page is filled, just before it is."""
    fill = page.show_project

    def heard(project: Project, selection: Selection) -> None:
        hear(selection)
        fill(project, selection)

    monkeypatch.setattr(page, "show_project", heard)

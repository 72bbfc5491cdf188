"""Panels on documents of their own."""

from __future__ import annotations

from typing import TypeVar

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from bpviz.model.naming import first_free_number
from bpviz.model.spec import Project
from bpviz.ui.document import Document
from bpviz.ui.panels.data_panel import DataPanel
from bpviz.ui.panels.inspector import Inspector
from bpviz.ui.panels.training_panel import TrainingPanel
from bpviz.ui.theme import Theme

Panel = TypeVar("Panel", bound=QWidget)


@pytest.fixture
def theme(qapp: object) -> Theme:
    """Light colors; dressing the whole application for every panel would take longer than the tests."""
    return Theme("light")


@pytest.fixture
def document(qapp: object, spiral: Project) -> Document:
    """The first example."""
    return Document(spiral, first_free_number(spiral.network))


@pytest.fixture
def training_panel(document: Document, theme: Theme, qtbot: QtBot) -> TrainingPanel:
    """The training panel, shown."""
    return _shown(TrainingPanel(document, theme), qtbot)


@pytest.fixture
def data_panel(document: Document, theme: Theme, qtbot: QtBot) -> DataPanel:
    """The data panel, shown."""
    return _shown(DataPanel(document, theme), qtbot)


@pytest.fixture
def inspector(document: Document, theme: Theme, qtbot: QtBot) -> Inspector:
    """The inspector, shown."""
    return _shown(Inspector(document, theme), qtbot)


def _shown(panel: Panel, qtbot: QtBot) -> Panel:
    qtbot.addWidget(panel)
    panel.show()
    return panel

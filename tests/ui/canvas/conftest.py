"""A canvas on the screen that isn't there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from bpviz.model.naming import first_free_number
from bpviz.model.spec import Network, Project
from bpviz.ui.canvas import NetworkCanvas
from bpviz.ui.desk import Desk
from bpviz.ui.document import Document
from bpviz.ui.theme import Theme
from tests.ui.canvas.hand import Hand, small_project

MakeCanvas = Callable[..., NetworkCanvas]


@pytest.fixture
def theme(qapp: object) -> Theme:
    """Light colors."""
    return Theme("light")


@pytest.fixture
def make_canvas(qtbot: QtBot, theme: Theme) -> MakeCanvas:
    """Show a project in a canvas of its own; it is closed when the test ends."""

    def make(project: Project | None = None) -> NetworkCanvas:
        project = project or small_project()
        document = Document(project, first_free_number(project.network))
        canvas = NetworkCanvas(Desk(document), theme)
        document.setParent(canvas)
        qtbot.addWidget(canvas)
        canvas.resize(800, 560)
        canvas.show()
        qtbot.waitExposed(canvas)
        return canvas

    return make


@pytest.fixture
def canvas(make_canvas: MakeCanvas) -> NetworkCanvas:
    """A canvas with two inputs, three and two hidden nodes, and one output."""
    return make_canvas()


@pytest.fixture
def hand(canvas: NetworkCanvas) -> Hand:
    """A hand for that canvas."""
    hand = Hand(canvas)
    canvas.desk.refused.connect(hand.messages.append)
    return hand


@pytest.fixture
def small() -> Network:
    """The drawing of the small project."""
    return small_project().network

"""Explanation panels on runs of bundled examples, without a window around them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bpviz.model.examples import EXAMPLES
from bpviz.model.naming import first_free_number
from bpviz.model.spec import Project
from bpviz.training.run import Run
from bpviz.training.session import Session
from bpviz.training.timeline import Timeline
from bpviz.training.walk import Move
from bpviz.ui.document import Document, Selection
from bpviz.ui.explanation.boxes import Box
from bpviz.ui.explanation.panel import ExplanationPanel
from bpviz.ui.preferences import Preferences
from bpviz.ui.theme import Theme

WANTS = frozenset({"parameters", "trace"})


@dataclass
class Reader:
    """Somebody who reads a panel, and leads the run that it explains.

    Attributes:
        panel: What is read.
        run: What is explained.
        lit: What the panel asked the picture to mark.
        said: What it said.
    """

    panel: ExplanationPanel
    run: Run
    lit: list[Selection] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def look(self) -> None:
        """Let the panel see how the run stands."""
        self.panel.show_snapshot(self.run.session.snapshot(WANTS, look=self.run.look))

    def walk(self, move: Move = "phase", times: int = 1) -> None:
        for _ in range(times):
            self.run.walk.move(move)
        self.look()

    def node(self, layer: int, at: int) -> str:
        return self.run.session.project.network.layers[layer].nodes[at].id

    def select(self, *ends: tuple[int, int]) -> None:
        """Select a node, or the connection between two."""
        ids = [self.node(*end) for end in ends]
        pairs = frozenset({(ids[0], ids[1])}) if len(ids) == 2 else frozenset[tuple[str, str]]()
        self.panel.show_selection(Selection(frozenset(ids[:1]) if not pairs else frozenset(), pairs))

    def choose(self, letter: str) -> None:
        """Click one of the numbers on offer."""
        (button,) = [one for one in self.panel.sheet.choices if one.text() == letter]
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    @property
    def lines(self) -> list[str]:
        """The formula as it is painted, line by line."""
        page = self.panel.sheet.view.page
        rows: dict[float, list[str]] = {}
        for at in page.placed:
            rows.setdefault(at.y, []).append(_text(at.box))
        return ["".join(texts) for _, texts in sorted(rows.items())]

    def click(self, number: str) -> None:
        """Follow the link that shows a number."""
        view = self.panel.sheet.view
        for at in view.page.placed:
            for leaf, box, rect in _leaves(at.box, at.x, at.y):
                if leaf in view.links and _text(box) == number:
                    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=rect)
                    return
        raise AssertionError(f"no link shows {number}: {self.lines}")


def _text(box: Box) -> str:
    return box.text + "".join(_text(part) for _, _, part in box.parts)


def _leaves(box: Box, x: float, y: float) -> Iterator[tuple[int, Box, QPoint]]:
    if box.leaf is not None:
        (rect,) = [rect for _, rect in box.leaves(x, y)]
        yield box.leaf, box, rect.center().toPoint()
    for right, down, part in box.parts:
        yield from _leaves(part, x + right, y + down)


MakeReader = Callable[..., Reader]


@pytest.fixture
def theme(qapp: object) -> Theme:
    """Light colors."""
    return Theme("light")


@pytest.fixture
def make_reader(qtbot: QtBot, theme: Theme, preferences: Preferences) -> MakeReader:
    """Show the explanation of an example, or of a project."""

    def make(project: str | Project) -> Reader:
        built = EXAMPLES[project].build() if isinstance(project, str) else project
        document = Document(built, first_free_number(built.network))
        panel = ExplanationPanel(document, theme, preferences)
        document.setParent(panel)
        qtbot.addWidget(panel)
        panel.resize(420, 600)
        reader = Reader(panel, Run(Timeline(Session(built))))
        panel.lit.connect(reader.lit.append)
        panel.said.connect(reader.said.append)
        panel.show()
        qtbot.waitExposed(panel)
        reader.look()
        return reader

    return make


@pytest.fixture
def mazur(make_reader: MakeReader) -> Reader:
    """Mazur's step: 2-2-2, one example."""
    return make_reader("mazur")

"""Windows, documents and runs for tests: made afresh, closed however a test ends, asking nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from bpviz.model.examples import EXAMPLES
from bpviz.model.naming import first_free_number
from bpviz.model.spec import Project, Stop
from bpviz.training.snapshot import Snapshot
from bpviz.ui.app import make_window
from bpviz.ui.document import Document
from bpviz.ui.main_window import MainWindow
from bpviz.ui.panels.questions import Kinds, Questions, Unsaved
from bpviz.ui.preferences import Preferences
from bpviz.ui.run.controller import TrainingController
from bpviz.ui.theme import Theme

MakeDocument = Callable[[Project], Document]


class Answers(Questions):
    """Answers every question at once, and remembers what was told."""

    def __init__(self) -> None:
        self.path: Path | None = None
        self.unsaved_answer: Unsaved = "discard"
        self.agrees = True
        self.choice: str | None = None
        self.lines: list[str] = []
        self.asked: list[str] = []
        self.told: list[str] = []

    def file_to_open(self, title: str, folder: Path, kinds: Kinds) -> Path | None:
        self.asked.append(title)
        return self.path

    def file_to_save(self, title: str, suggested: Path, kinds: Kinds) -> Path | None:
        self.asked.append(title)
        return self.path

    def unsaved(self, title: str) -> Unsaved:
        self.asked.append(f"unsaved {title}")
        return self.unsaved_answer

    def choose(self, title: str, sentence: str, choices: Mapping[str, str]) -> str | None:
        self.asked.append(sentence)
        assert self.choice is None or self.choice in choices
        return self.choice

    def yes(self, title: str, question: str, yes: str) -> bool:
        self.asked.append(question)
        return self.agrees

    def accepts(self, dialog: QDialog) -> bool:
        self.asked.append(dialog.windowTitle())
        dialog.done(0)
        dialog.deleteLater()
        return self.agrees

    def write(self, title: str, sentence: str, text: str, button: str) -> str | None:
        self.asked.append(sentence)
        return self.lines.pop(0) if self.lines else None

    def tell(self, title: str, sentence: str) -> None:
        self.told.append(sentence)


@pytest.fixture
def undressed(qapp: QApplication) -> Iterator[QApplication]:
    """The application, which looks after the test as it did before."""
    font = qapp.font()
    yield qapp
    # What is to be deleted later would be dressed twice more: here, and for the next test.
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    qapp.setStyleSheet("")  # it points to pictures that go with the theme
    qapp.setFont(font)


@pytest.fixture
def theme(undressed: QApplication) -> Theme:
    """The light theme, in force."""
    theme = Theme("light")
    theme.apply(undressed)
    return theme


@pytest.fixture
def spiral() -> Project:
    """The project that the window opens with."""
    return EXAMPLES["spiral"].build()


@pytest.fixture
def small(spiral: Project) -> Project:
    """A project whose run is quick and never stops: few examples, two steps an epoch."""
    data = replace(spiral.data, samples=40, train_share=0.5)
    return replace(spiral, data=data, training=replace(spiral.training, batch_size=10, stop=Stop()))


@pytest.fixture
def make_document(qapp: QApplication) -> MakeDocument:
    """Hold a project as the window does."""
    return lambda project: Document(project, first_free_number(project.network))


@pytest.fixture
def controller(qapp: QApplication) -> Iterator[TrainingController]:
    """A controller whose thread is gone when the test ends, however it ends."""
    controller = TrainingController()
    yield controller
    controller.close()


@pytest.fixture
def seen(controller: TrainingController) -> list[Snapshot]:
    """Every snapshot that reaches the window."""
    snapshots: list[Snapshot] = []
    controller.snapshot.connect(snapshots.append)
    return snapshots


@pytest.fixture
def preferences(tmp_path: Path) -> Preferences:
    """Preferences in a file of their own."""
    return Preferences(tmp_path / "bpviz.ini")


@pytest.fixture
def answers() -> Answers:
    """What the user answers."""
    return Answers()


@pytest.fixture
def window(
    undressed: QApplication, qtbot: QtBot, preferences: Preferences, answers: Answers
) -> Iterator[MainWindow]:
    """The whole window on its first example, shown, its first snapshot drawn."""
    preferences.theme = "light"
    window = make_window(undressed, preferences, quiet=True)
    window.files.questions = answers
    window.start()
    window.show_as_new()
    qtbot.waitUntil(lambda: window.controller.latest is not None)
    yield window
    window.abandon()
    window.deleteLater()


def train_to(window: MainWindow, qtbot: QtBot, step: int) -> None:
    """Train a window's run and wait until its document knows of the work to lose.

    Playing ends before its last snapshot comes, and only that tells the document; before it begins it does
    not play either.
    """

    def there() -> bool:
        latest = window.controller.latest
        return latest is not None and latest.last_step >= step and not window.controller.playing

    window.controller.run_to(step)
    qtbot.waitUntil(lambda: there() and window.document.differs)

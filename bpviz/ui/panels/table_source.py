"""Where a table comes from, a file or a text that was copied; a large one is read under its own dialog."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QCoreApplication, QMimeData, QSize, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialogButtonBox, QVBoxLayout, QWidget

from bpviz.data.readers.grid import Choices, Tell, tell_nobody
from bpviz.data.tables import TableReading, read_chosen, read_lines
from bpviz.errors import DataError
from bpviz.ui.background import Background
from bpviz.ui.panels.dialogs import FittingDialog
from bpviz.ui.panels.form import caption
from bpviz.ui.panels.progress import ProgressBar
from bpviz.ui.texts import name_text

COPIED: Final = "copied table"
LARGE_BYTES: Final = 1_000_000
"""From here on reading takes longer than anybody should look at a window that stands still."""
_WANTED_PX: Final = QSize(380, 120)
_MEGA: Final = 1e6


@dataclass(frozen=True, slots=True)
class TableSource:
    """A file or a text with a table.

    Attributes:
        what: The file, or the text itself.
    """

    what: Path | str

    @property
    def is_text(self) -> bool:
        """Whether it was copied, so that there is no encoding to find."""
        return isinstance(self.what, str)

    @property
    def name(self) -> str:
        """What it is called."""
        return COPIED if isinstance(self.what, str) else self.what.name

    @property
    def size(self) -> int:
        """In bytes or letters; 0 if there is no such file, which reading it will say."""
        if isinstance(self.what, str):
            return len(self.what)
        try:
            return self.what.stat().st_size
        except (OSError, ValueError):
            return 0

    @property
    def is_large(self) -> bool:
        """Whether to read it takes a while."""
        return self.size > LARGE_BYTES

    def read(self, choices: Choices, tell: Tell = tell_nobody) -> TableReading:
        """Read the table.

        Raises:
            BpvizError: If it is none.
        """
        return read_chosen(self.what, choices, COPIED, tell)


def reader_for(owner: QWidget) -> Background:
    """Make what reads beside the window, and is ended with a widget.

    It outlives the widget: where nobody hears of it any more, its thread may still be on its way to an end,
    which is not waited for as a window would stand still meanwhile.
    """
    app = QCoreApplication.instance()
    assert app is not None, "widgets have an application"
    reader = Background(app)
    app.aboutToQuit.connect(reader.close)
    owner.destroyed.connect(reader.cancel)
    return reader


class ReadingDialog(FittingDialog):
    """Reads a large table in a thread; shows how far it is, and can be ended.

    Attributes:
        reading: The table, once the dialog is accepted.
        fault: Why it could not be read; empty if it was ended.
        reader: What reads it.
    """

    def __init__(self, source: TableSource, parent: QWidget | None = None) -> None:
        super().__init__("Open data", QDialogButtonBox.StandardButton.Cancel, _WANTED_PX, parent)
        self.reading: TableReading | None = None
        self.fault = ""
        self.bar = ProgressBar()
        text = caption(f"Reading {name_text(source.name)}, {source.size / _MEGA:.0f} MB")
        layout = QVBoxLayout(self.content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(text)
        layout.addWidget(self.bar)
        self.reader = reader_for(self)
        self.reader.progressed.connect(self.bar.show_progress)
        self.reader.finished.connect(self._on_read)
        self.reader.failed.connect(self._on_failed)
        self.finished.connect(self.reader.cancel)
        self.reader.start(partial(source.read, Choices()))

    @Slot(object)
    def _on_read(self, reading: TableReading) -> None:
        self.reading = reading
        self.accept()

    @Slot(str)
    def _on_failed(self, sentence: str) -> None:
        self.fault = sentence
        self.reject()


def first_reading(source: TableSource, parent: QWidget | None) -> TableReading | None:
    """Read a table as it is found: at once, or under a dialog that can be ended; None if it was.

    A text that can't be divided comes as its lines, with the fault: the choices may mend it.

    Raises:
        BpvizError: If it is no table.
    """
    try:
        return _read_watched(source, parent)
    except DataError as error:
        lines = read_lines(source.what, str(error), COPIED)
        if lines is None:
            raise
        return lines


def _read_watched(source: TableSource, parent: QWidget | None) -> TableReading | None:
    if not source.is_large:
        return source.read(Choices())
    dialog = ReadingDialog(source, parent)
    dialog.exec()
    dialog.deleteLater()
    if dialog.fault:
        raise DataError(dialog.fault)
    return dialog.reading


def copied_table() -> TableSource:
    """What was copied: a file, or cells as spreadsheets and web pages copy them.

    Raises:
        DataError: If there is neither.
    """
    held: QMimeData | None = QGuiApplication.clipboard().mimeData()  # none where nothing was ever copied
    copied = QMimeData() if held is None else held
    files = (
        [Path(url.toLocalFile()) for url in copied.urls() if url.isLocalFile()] if copied.hasUrls() else []
    )
    if files:
        return TableSource(files[0])
    text = copied.text() if copied.hasText() else ""
    if not text.strip():
        raise DataError("There is no table to paste; copy its cells first, with the row of their names.")
    return TableSource(text)

"""How a table is read: what was found, and choices to put it right, which show their effect at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from bpviz.data.dialect import DECIMALS, DELIMITERS
from bpviz.data.readers.encodings import ENCODINGS
from bpviz.data.readers.grid import Choices, Found
from bpviz.data.readers.headers import MOST_HEADERS
from bpviz.data.readers.texts import COMMENTS
from bpviz.data.tables import TableReading
from bpviz.errors import BpvizError, counted, named
from bpviz.ui.panels.fields import Choice
from bpviz.ui.panels.form import Form, Row
from bpviz.ui.panels.progress import ProgressBar
from bpviz.ui.panels.table_source import TableSource, reader_for

_AS_FOUND: Final = "as found"
_NONE: Final = "none"
_COUNTS: Final = ("header", "skip")
_GAP_PX: Final = 24
_MOST_SKIPPED: Final = 30
_RARE_COMMENTS: Final = ("!", ";", "*", "--")
_TEXTS: Final = frozenset({"text"})
_WORDED: Final = frozenset({"text", "json", "arff", "svmlight"})
_ROWED: Final = frozenset({"text", "workbook"})

Entries = list[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class _Field:
    """A choice.

    Attributes:
        name: Field of `Choices`.
        label: Beside it.
        about: What it is.
        kinds: Kinds of files that have it; none for all.
        right: In the second column of fields.
    """

    name: str
    label: str
    about: str
    kinds: frozenset[str]
    right: bool = False


_FIELDS: Final = (
    _Field("sheet", "Table", "Which of the tables in the file, such as the sheet of a workbook", frozenset()),
    _Field("delimiter", "Cells between", "What separates the cells of a row", _TEXTS),
    _Field("decimal", "Decimals after", "What stands before the decimals", _ROWED),
    _Field("encoding", "Letters in", "How the file writes letters beyond those of English", _WORDED),
    _Field("header", "Names in", "How many rows above the others name the columns", _ROWED, right=True),
    _Field("skip", "Lines above", "How many lines above the table are no part of it", _ROWED, right=True),
    _Field("comment", "Comments", "What lines that are no rows begin with", _TEXTS, right=True),
    _Field(
        "gaps", "Missing is", "Which words count as missing values, beside empty cells", _ROWED, right=True
    ),
)


class ReadingChoices(QWidget):
    """Reads a table anew with every choice, a large one in a thread.

    Signals:
        changed: (TableReading), the table as it is read now.
        failed: (str), why it can't be read so; the last reading stays.
        busy_changed: (bool), whether it is being read.

    Attributes:
        reading: The table as it was read last.
        fields: The choices, by the name of the field of `Choices`.
        reader: What reads a large one.
    """

    changed = Signal(object)
    failed = Signal(str)
    busy_changed = Signal(bool)

    def __init__(self, source: TableSource, reading: TableReading, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source, self.reading = source, reading
        self._taken = Choices()
        self._words: dict[str, str] = {}
        self.fields = {field.name: Choice() for field in _FIELDS}
        self._rows: dict[str, Row] = {}
        self.bar, self.stop_button = ProgressBar(), QPushButton("Stop reading")
        self.reader = reader_for(self)
        self.reader.progressed.connect(self.bar.show_progress)
        self.reader.finished.connect(self._on_read)
        self.reader.failed.connect(self._on_failed)
        self.stop_button.clicked.connect(self.stop)
        self._arrange()
        for choice in self.fields.values():
            choice.chosen.connect(self._read)
        self._show_found()

    @property
    def choices(self) -> Choices:
        """What the user said; what was left as found is None."""
        said: dict[str, Any] = {}
        for name, choice in self.fields.items():
            if choice.value != _AS_FOUND:
                said[name] = int(choice.value) if name in _COUNTS else choice.value
        for name in ("comment", "gaps"):
            if said.get(name) == _NONE:
                said[name] = ""
        return Choices(**said, gaps_by=tuple(self._words.items()))

    @property
    def busy(self) -> bool:
        """Whether the table is being read."""
        return self.reader.busy

    @Slot()
    def stop(self) -> None:
        """End the reading; what was read before stays, and so do its choices."""
        self.reader.cancel()
        self._show_busy(busy=False)
        self._show_choices(self._taken)

    def _arrange(self) -> None:
        forms = Form(), Form()
        for field in _FIELDS:
            row = forms[field.right].add(field.label, self.fields[field.name], field.about)
            self._rows[field.name] = row
        columns, below = QHBoxLayout(), QHBoxLayout()
        columns.setSpacing(_GAP_PX)
        for form in forms:
            columns.addWidget(form, 1, Qt.AlignmentFlag.AlignTop)
        below.addWidget(self.bar, 1)
        below.addWidget(self.stop_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(columns)
        layout.addLayout(below)
        self._show_busy(busy=False)

    @Slot(str, str)
    def choose_words(self, column: str, words: str) -> None:
        """Let other words count as missing in a column, by commas; "" for empty cells alone."""
        self._words[column] = words
        self._read()

    @Slot()
    def _read(self) -> None:
        """Read it as it is chosen: at once, or beside the window where that takes a while."""
        choices = self.choices
        if self._source.is_large:
            self._show_busy(busy=True)
            self.reader.start(partial(self._source.read, choices))
            return
        try:
            self._on_read(self._source.read(choices))
        except BpvizError as error:
            self._on_failed(str(error))

    @Slot(object)
    def _on_read(self, reading: TableReading) -> None:
        self._show_busy(busy=False)
        self.reading, self._taken = reading, self.choices
        self._show_found()
        self.changed.emit(reading)

    @Slot(str)
    def _on_failed(self, sentence: str) -> None:
        self._show_busy(busy=False)
        self.failed.emit(sentence)

    def _show_busy(self, *, busy: bool) -> None:
        self.bar.setVisible(busy)
        self.stop_button.setVisible(busy)
        self.bar.begin()
        for row in self._rows.values():
            row.field.setEnabled(not busy)
        self.busy_changed.emit(busy)

    def _show_found(self) -> None:
        """Offer what this kind of file can be read by, and say what was found."""
        found, kept = self.reading.found, self._taken
        for field in _FIELDS:
            self.fields[field.name].fill(_entries(field.name, found, kept))
            shown = found.kind in field.kinds if field.kinds else len(found.sheets) > 1
            hidden = field.name == "encoding" and self._source.is_text
            self._rows[field.name].set_visible(visible=shown and not hidden)
        self._show_choices(kept)

    def _show_choices(self, choices: Choices) -> None:
        self._words = dict(choices.gaps_by)
        for name, choice in self.fields.items():
            value = getattr(choices, name)
            shown = _AS_FOUND if value is None else _NONE if value == "" else str(value)
            choice.show_value(shown)


def _entries(name: str, found: Found, taken: Choices) -> Entries:
    """What can be chosen; the first leaves it as found, and says what that was unless the user said it."""
    told = "" if getattr(taken, name) is not None else _FOUND[name](found)
    about = "Decided by looking into the file"
    offered = _OFFERED.get(name) or [(sheet, sheet, "") for sheet in found.sheets]
    return [(_AS_FOUND, f"As found: {told}" if told else "As found", about), *offered]


def _delimiter(found: Found) -> str:
    return "Markdown" if found.drawn else DELIMITERS.get(found.delimiter, "")


def _header(found: Found) -> str:
    return _rows_text(found.header) + (", with units" if found.units else "")


def _rows_text(count: int) -> str:
    return counted(count, "row") if count else _NONE


def _lines_text(count: int) -> str:
    return counted(count, "line") if count else _NONE


_FOUND: Final[dict[str, Callable[[Found], str]]] = {
    "sheet": lambda found: found.sheet,
    "delimiter": _delimiter,
    "decimal": lambda found: DECIMALS[found.decimal],
    "encoding": lambda found: found.encoding,
    "header": _header,
    "skip": lambda found: _lines_text(found.skipped),
    "comment": lambda found: found.comment or _NONE,
    "gaps": lambda found: named(list(dict.fromkeys(word for _, word, _ in found.gaps)), 4) or "empty cells",
}
_OFFERED: Final[dict[str, Entries]] = {
    "delimiter": [(sign, word.capitalize(), "") for sign, word in DELIMITERS.items()],
    "decimal": [(sign, word.capitalize(), "") for sign, word in DECIMALS.items()],
    "encoding": [(label, label, "") for label in ENCODINGS],
    "header": [(str(count), _rows_text(count).capitalize(), "") for count in range(MOST_HEADERS + 1)],
    "skip": [(str(count), _lines_text(count).capitalize(), "") for count in range(_MOST_SKIPPED + 1)],
    "comment": [(_NONE, "None", ""), *((sign, sign, "") for sign in (*COMMENTS, *_RARE_COMMENTS))],
    "gaps": [(_NONE, "Empty cells alone", "Words such as NA are values")],
}

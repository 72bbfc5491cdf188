"""The tree of branches: rows that change in place, named, shown, switched to and removed by mouse or keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from PySide6.QtCore import QPoint, QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from bpviz.training.naming_lines import ghost_words, line_words
from bpviz.training.snapshot import Snapshot
from bpviz.training.timeline_view import Ghost
from bpviz.ui.numbers import count, short
from bpviz.ui.texts import name_text, tip_text
from bpviz.ui.theme import Theme

Key = tuple[str, int]
"""Kind, ``line`` or ``run``, and number."""

_ROW_PX: Final = 26
_STEP_PX: Final = 92
_LOSS_PX: Final = 84
_INDENT_PX: Final = 16
_HEAD: Final = ("head", 0)
_KEY_ROLE: Final = Qt.ItemDataRole.UserRole
_STAYS: Final = "The branch that is shown can't be removed; switch to another one first."
_NO_SWITCH: Final = "An earlier run is only a curve; there is nothing left of it to switch to."


@dataclass(frozen=True, slots=True)
class _Row:
    """What one row says.

    Attributes:
        key: Which line or run.
        parent: Row it stands below; None at the top.
        name: What it is called.
        step: Where it ends.
        loss: There; NaN where nothing tells.
        shown: Whether its curves are drawn.
        present: It is the line that is shown.
    """

    key: Key
    parent: Key | None
    name: str
    step: int
    loss: float
    shown: bool
    present: bool = False


class BranchTree(QTreeWidget):
    """Rows for lines and earlier runs.

    Signals:
        switched: (int), to a line.
        renamed: (int, str), a line; an empty name means what differs.
        removed: (int), a line.
        ghost_shown: (kind, number, bool), whether the curves of a line or run are drawn.
        ghost_renamed: (kind, number, str).
        ghost_removed: (kind, number).
        refused: (str), why something can't be, as a sentence.
    """

    switched = Signal(int)
    renamed = Signal(int, str)
    removed = Signal(int)
    ghost_shown = Signal(str, int, bool)
    ghost_renamed = Signal(str, int, str)
    ghost_removed = Signal(str, int)
    refused = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._items: dict[Key, QTreeWidgetItem] = {}
        self._rows: dict[Key, _Row] = {}
        self._coming: tuple[_Row, ...] | None = None  # waits while a name is edited
        self.setColumnCount(3)
        self.setHeaderLabels(["Branch", "Last step", "Loss"])
        self.setAccessibleName("Branches and earlier runs")
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setUniformRowHeights(True)
        self.setExpandsOnDoubleClick(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        for column in (1, 2):
            self.headerItem().setTextAlignment(
                column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            )
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionsMovable(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.itemChanged.connect(self._on_changed)
        self.itemDoubleClicked.connect(self._switch_to)
        self.customContextMenuRequested.connect(self._open_menu)
        theme.changed.connect(self._dress)
        self._dress()

    @property
    def row_count(self) -> int:
        """How many rows there are."""
        return len(self._items)

    def height_of(self, rows: int) -> int:
        """Pixels that so many rows and the header take."""
        return self.header().sizeHint().height() + rows * self._theme.scaled(_ROW_PX) + 6

    def item(self, kind: str, number: int) -> QTreeWidgetItem | None:
        """The row of a line or run."""
        return self._items.get((kind, number))

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show lines and runs; rows that stay are changed in place."""
        rows = tuple(_rows(snapshot))
        if self.state() == QAbstractItemView.State.EditingState:
            self._coming = rows
        else:
            self._show_rows(rows)

    def clear_all(self) -> None:
        """Show nothing."""
        self._coming = None
        self._items.clear()
        self._rows.clear()
        self.clear()

    def point_at_present(self) -> None:
        """Put the keys at the present line."""
        present = next((key for key, row in self._rows.items() if row.present), None)
        if present is not None:
            self.setCurrentItem(self._items[present])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter, F2 and Delete, where they don't come from a name that is being edited."""
        item = None if self.state() == QAbstractItemView.State.EditingState else self.currentItem()
        ways = {
            Qt.Key.Key_Return.value: self._switch_to,
            Qt.Key.Key_Enter.value: self._switch_to,
            Qt.Key.Key_F2.value: self._rename,
            Qt.Key.Key_Delete.value: self._remove,
        }
        if item is not None and event.key() in ways:
            ways[event.key()](item)
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        """Show what came while a name was edited."""
        super().closeEditor(editor, hint)
        self.setFocus()
        if self._coming is not None:
            rows, self._coming = self._coming, None
            self._show_rows(rows)

    def _show_rows(self, rows: tuple[_Row, ...]) -> None:
        with QSignalBlocker(self):
            keys = {row.key for row in rows}
            for key in [key for key in self._items if key not in keys]:
                self._take_out(key)
            for row in rows:
                if self._rows.get(row.key) != row:
                    self._show_row(row)

    def _take_out(self, key: Key) -> None:
        """Remove a row; those below it move up to where it stood."""
        item = self._items.pop(key)
        self._rows.pop(key)
        above = item.parent() or self.invisibleRootItem()
        for child in item.takeChildren():
            above.addChild(child)
            child.setExpanded(True)
        above.removeChild(item)

    def _show_row(self, row: _Row) -> None:
        item = self._items.get(row.key)
        if item is None:
            item = self._items[row.key] = QTreeWidgetItem()
            item.setData(0, _KEY_ROLE, row.key)
            item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            item.setTextAlignment(2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            item.setSizeHint(0, QSize(0, self._theme.scaled(_ROW_PX)))
            above = self._items.get(row.parent) if row.parent is not None else None
            (above or self.invisibleRootItem()).addChild(item)
            item.setExpanded(True)
        self._rows[row.key] = row
        item.setText(0, name_text(row.name))
        item.setToolTip(0, tip_text(row.name))
        self._paint(item, row)
        if row.key == _HEAD:
            item.setFlags(Qt.ItemFlag.ItemIsEnabled)
            return
        item.setText(1, count(row.step))
        item.setText(2, short(row.loss, 3))
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEditable
        # The present line's curves are always drawn: a dot stands in place of its box.
        item.setFlags(flags if row.present else flags | Qt.ItemFlag.ItemIsUserCheckable)
        item.setData(0, Qt.ItemDataRole.CheckStateRole, None if row.present else _check(shown=row.shown))

    def _paint(self, item: QTreeWidgetItem, row: _Row) -> None:
        font = self._theme.font("caption" if row.key == _HEAD else "body")
        font.setWeight(font.Weight.DemiBold if row.present or row.key == _HEAD else font.Weight.Normal)
        token = "accent" if row.present else "secondary" if row.key == _HEAD else "text"
        item.setFont(0, font)
        item.setIcon(0, self._theme.icon("dot", "accent") if row.present else QIcon())
        item.setForeground(0, self._theme.color(token))
        for column in (1, 2):
            item.setForeground(column, self._theme.color("secondary"))

    @Slot()
    def _dress(self) -> None:
        self.setIndentation(self._theme.scaled(_INDENT_PX))
        self.setColumnWidth(1, self._theme.scaled(_STEP_PX))
        self.setColumnWidth(2, self._theme.scaled(_LOSS_PX))
        with QSignalBlocker(self):
            for key, item in self._items.items():
                item.setSizeHint(0, QSize(0, self._theme.scaled(_ROW_PX)))
                self._paint(item, self._rows[key])

    # What the user does

    @Slot(QTreeWidgetItem, int)
    def _on_changed(self, item: QTreeWidgetItem, column: int) -> None:
        row = self._row_of(item)
        if row is None or column != 0:
            return
        shown = row.present or item.checkState(0) == Qt.CheckState.Checked
        name = item.text(0).strip()
        kind, number = row.key
        if shown != row.shown:
            self.ghost_shown.emit(kind, number, shown)
        elif name != name_text(row.name):
            with QSignalBlocker(self):  # how it is called now, the next snapshot says
                item.setText(0, name_text(name or row.name))
            if kind == "line":
                self.renamed.emit(number, name)
            else:
                self.ghost_renamed.emit(kind, number, name)

    @Slot(QTreeWidgetItem)
    def _switch_to(self, item: QTreeWidgetItem) -> None:
        row = self._row_of(item)
        if row is None:
            return
        if row.key[0] == "line":
            self.switched.emit(row.key[1])
        else:
            self.refused.emit(_NO_SWITCH)

    def _rename(self, item: QTreeWidgetItem) -> None:
        if self._row_of(item) is not None:
            self.editItem(item, 0)

    def _remove(self, item: QTreeWidgetItem) -> None:
        row = self._row_of(item)
        if row is None:
            return
        kind, number = row.key
        if row.present:
            self.refused.emit(_STAYS)
        elif kind == "line":
            self.removed.emit(number)
        else:
            self.ghost_removed.emit(kind, number)

    def _row_of(self, item: QTreeWidgetItem) -> _Row | None:
        """What a row stands for; None of a heading."""
        key = tuple(item.data(0, _KEY_ROLE))
        return None if key == _HEAD else self._rows.get((str(key[0]), int(key[1])))

    @Slot(QPoint)
    def _open_menu(self, at: QPoint) -> None:
        item = self.itemAt(at)
        row = None if item is None else self._row_of(item)
        if item is None or row is None:
            return
        self.setCurrentItem(item)
        menu = QMenu(self)
        if row.key[0] == "line":
            menu.addAction("Switch to it", lambda: self._switch_to(item)).setEnabled(not row.present)
        menu.addAction("Rename", lambda: self._rename(item))
        shown = menu.addAction("Show its curves")
        shown.setCheckable(True)
        shown.setChecked(row.shown)
        shown.setEnabled(not row.present)
        shown.toggled.connect(lambda on: item.setCheckState(0, _check(shown=on)))
        menu.addSeparator()
        menu.addAction("Remove", lambda: self._remove(item))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.viewport().mapToGlobal(at))


def _rows(snapshot: Snapshot) -> Iterator[_Row]:
    """All rows, each after the one it stands below."""
    view = snapshot.timeline
    if view is None:
        return
    behind = {(ghost.kind, ghost.number): ghost for ghost in snapshot.ghosts}
    numbers = {line.number for line in view.lines}
    for line in view.lines:
        ghost, present = behind.get(("line", line.number)), line.number == view.line
        parent = ("line", line.parent) if line.parent in numbers and line.parent is not None else None
        shown = present or (ghost is not None and ghost.shown)
        key = ("line", line.number)
        yield _Row(key, parent, line_words(line), line.last_step, line.loss, shown, present)
    runs = [ghost for ghost in snapshot.ghosts if ghost.kind == "run"]
    if runs:
        yield _Row(_HEAD, None, "Earlier runs", 0, 0.0, shown=False)
    for run in runs:
        name = ghost_words(run, view.lines, snapshot.project)
        yield _Row(("run", run.number), _HEAD, name, run.last_step, _last_loss(run), run.shown)


def _last_loss(ghost: Ghost) -> float:
    """The last training loss that a run recorded; NaN where it recorded none."""
    for name in ("train_loss", "batch_loss"):
        bins = ghost.series.get(name)
        if bins is not None and bins.last.size and np.isfinite(bins.last[-1]):
            return float(bins.last[-1])
    return float("nan")


def _check(*, shown: bool) -> Qt.CheckState:
    return Qt.CheckState.Checked if shown else Qt.CheckState.Unchecked

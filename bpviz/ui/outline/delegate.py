"""The fields that open on cells of the outline; a number that can't be read keeps its field open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QLineEdit, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from bpviz import typed
from bpviz.engine.activations import ACTIVATIONS
from bpviz.errors import SettingError
from bpviz.model.checks import MOST_NODES
from bpviz.model.edits import LARGEST_START
from bpviz.model.spec import Layer
from bpviz.ui.line_edit import LineEdit, NumberLine
from bpviz.ui.outline.cells import TITLES, Column
from bpviz.ui.outline.rows import Item
from bpviz.ui.panels.fields import Choice
from bpviz.ui.panels.line_edits import Bounds
from bpviz.ui.texts import feature_title
from bpviz.ui.theme import Theme

Index = QModelIndex | QPersistentModelIndex

FOLLOW: Final = ""
"""The entry of the list of activations that means: as the layer."""
ROW_PX: Final = 26

_VALUES: Final = Bounds(-LARGEST_START, LARGEST_START)
_SIZES: Final = Bounds(1, MOST_NODES, whole=True)
_ENDING: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab, Qt.Key.Key_Backtab)


class Pick(Choice):
    """A list of activations or features that is open from the start.

    Signals:
        left: It was closed, with or without a choice.
    """

    left = Signal()

    def showEvent(self, event: QShowEvent) -> None:
        """Open the list, once there is a place for it."""
        super().showEvent(event)
        QTimer.singleShot(0, self, self.showPopup)

    def hidePopup(self) -> None:
        """Be done with the list; Qt says a moment later whether something was chosen."""
        super().hidePopup()
        QTimer.singleShot(0, self, self.left.emit)


class Number(NumberLine):
    """A weight, a bias, or how many nodes."""

    def __init__(self, bounds: Bounds, parent: QWidget) -> None:
        super().__init__(parent)
        self._bounds = bounds
        self.setAlignment(Qt.AlignmentFlag.AlignRight)

    def value(self) -> float:
        """Read what was typed.

        Raises:
            SettingError: If it is no number, or none that can be.
        """
        return self._bounds.check(typed.number(self.text()))


class Fields(QStyledItemDelegate):
    """Opens fields, and reads them.

    Attributes:
        pick: The list of activations or features that is open; None while there is none.

    Signals:
        refused: (str), why what was typed can't be; empty once it can.
    """

    refused = Signal(str)

    def __init__(
        self,
        theme: Theme,
        item: Callable[[Index], tuple[Item, Layer]],
        features: Callable[[], Sequence[str]],
        parent: QObject | None = None,
    ) -> None:
        """Make it.

        Args:
            theme: For the height of rows.
            item: What a row is about, and its layer.
            features: Those of the data that no input shows yet.
            parent: Qt's.
        """
        super().__init__(parent)
        self._theme, self._item, self._features = theme, item, features
        self.pick: Pick | None = None

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """As high as a row of any table."""
        return QSize(super().sizeHint(option, index).width(), self._theme.scaled(ROW_PX))

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """Open a field on a cell."""
        at, (item, layer) = Column(index.column()), self._item(index)
        field: Pick | LineEdit
        if at == Column.FUNCTION:
            field = self._pick(parent, item, layer)
        else:
            bounds = _SIZES if item.layer else _VALUES
            field = Number(bounds, parent) if at == Column.VALUE else LineEdit(parent)
            field.setProperty("look", "gap")
            field.setPlaceholderText(str(index.data()) if at == Column.NAME else "")
        field.setAccessibleName(TITLES[at][0])
        return field

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Begin with what stands there; numbers that come while somebody types don't disturb."""
        text = str(index.data(Qt.ItemDataRole.EditRole))
        if isinstance(editor, Choice):
            editor.show_value(text)
        elif isinstance(editor, QLineEdit) and not editor.isModified():
            editor.setText(text)
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QObject, index: Index) -> None:
        """Ask for what was typed or chosen."""
        if isinstance(editor, Choice):
            index.model().setData(index, editor.value)
        elif isinstance(editor, Number):
            if editor.isModified() and self._can_read(editor):
                index.model().setData(index, editor.value())
        elif isinstance(editor, QLineEdit) and editor.isModified():
            index.model().setData(index, editor.text())

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        """Fill the cell."""
        editor.setGeometry(option.rect)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep a number that can't be read where it is, to be mended or dropped by Escape."""
        ends = event.type() == QEvent.Type.FocusOut or (
            isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in _ENDING
        )
        if ends and isinstance(watched, Number) and watched.isModified() and not self._can_read(watched):
            return event.type() == QEvent.Type.KeyPress
        if event.type() == QEvent.Type.FocusOut and isinstance(watched, Pick):
            return False  # the keys go to its own list
        return super().eventFilter(watched, event)

    def destroyEditor(self, editor: QWidget, index: Index) -> None:
        """What was wrong in a field goes with it."""
        if isinstance(editor, Number) and editor.wrong:
            self.refused.emit("")
        super().destroyEditor(editor, index)

    def _can_read(self, field: Number) -> bool:
        """Whether there is a number in a field; if not, say so and mark it."""
        sentence = ""
        try:
            field.value()
        except SettingError as error:
            sentence = str(error)
        field.mark(wrong=bool(sentence))
        self.refused.emit(sentence)
        return not sentence

    def _pick(self, parent: QWidget, item: Item, layer: Layer) -> Pick:
        self.pick = pick = Pick(parent)
        pick.fill(self._shown(item, layer) if layer.role == "input" else self._computed(item, layer))
        pick.chosen.connect(self._on_chosen)
        pick.left.connect(partial(self._on_left, pick))
        return pick

    def _shown(self, item: Item, layer: Layer) -> list[tuple[str, str, str]]:
        """What an input node can show: its own feature, and those that no other shows."""
        own = next(node.feature or "" for node in layer.nodes if node.id == item.node)
        return [(feature, feature_title(feature), "") for feature in (own, *self._features())]

    def _computed(self, item: Item, layer: Layer) -> list[tuple[str, str, str]]:
        """What a node or layer can compute."""
        follows = (FOLLOW, f"As the layer ({ACTIVATIONS[layer.activation].label})", "Follow the layer")
        offered = [
            (entry.name, entry.label, "")
            for entry in ACTIVATIONS.values()
            if entry.elementwise or (item.layer and layer.role == "output")
        ]
        return offered if item.layer else [follows, *offered]

    @Slot()
    def _on_chosen(self) -> None:
        if self.pick is not None:
            self.commitData.emit(self.pick)
            self._on_left(self.pick)

    def _on_left(self, pick: Pick) -> None:
        if self.pick is pick:  # and not one that was opened since
            self.pick = None
            self.closeEditor.emit(pick)

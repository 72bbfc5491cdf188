"""The columns of a table as rows of a list: what each is taken for, what is missing; a click changes it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOption,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from bpviz.data.account_words import FILL_WORDS, account_text, missing_text, remedy_label, remedy_text
from bpviz.data.accounts import ColumnAccount
from bpviz.data.inputs import USES
from bpviz.errors import grouped, named
from bpviz.ui.panels.fields import Choice
from bpviz.ui.texts import name_text, tip_text
from bpviz.ui.theme import scaled

TARGET: Final = "target"
OUT: Final = "out"
DROP: Final = "drop"
USE_COLUMN: Final = 1
WORDS_COLUMN: Final = 3
REMEDY_COLUMN: Final = 4
_HEADS: Final = ("Column", "Taken for", "Values", "Missing", "If missing")
_TIPS: Final = (
    "",
    "Click to take a column for something else",
    "A few of its values, and how many different ones there are",
    "How many of its cells hold no value, and the words that stand there; click to say which words count",
    "Click to leave out rows that lack a value, or to fill it in as the training part has it",
)
_WIDTHS_PX: Final = (140, 170, 220, 130)
_ENTRIES_ROLE: Final = Qt.ItemDataRole.UserRole
_OPENING: Final = (Qt.Key.Key_F2, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
_ROW_PX: Final = 28
_ARROW_PX: Final = 12
_Index = QModelIndex | QPersistentModelIndex


class ColumnsModel(QAbstractTableModel):
    """A row for each column of a table.

    Signals:
        use_chosen: (str, str), a column and what it is to be taken for.
        remedy_chosen: (str, str), a column and what is to be done where it lacks a value.
    """

    use_chosen = Signal(str, str)
    remedy_chosen = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._accounts: tuple[ColumnAccount, ...] = ()

    @property
    def accounts(self) -> tuple[ColumnAccount, ...]:
        """What is shown."""
        return self._accounts

    def show_accounts(self, accounts: Sequence[ColumnAccount]) -> None:
        """Show other columns, or the same taken for something else."""
        same = [one.name for one in accounts] == [one.name for one in self._accounts]
        if not same:
            self.beginResetModel()
        self._accounts = tuple(accounts)
        if same:
            self.dataChanged.emit(self.index(0, 0), self.index(len(accounts) - 1, len(_HEADS) - 1))
        else:
            self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own
        return 0 if parent.isValid() else len(self._accounts)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(_HEADS)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        usual = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        column, account = index.column(), self._accounts[index.row()]
        chosen = column == USE_COLUMN or (column == REMEDY_COLUMN and bool(_remedies(account)))
        return usual | Qt.ItemFlag.ItemIsEditable if chosen else usual

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        account = self._accounts[index.row()]
        if role == Qt.ItemDataRole.EditRole:
            return _value(account, index.column())
        if role == _ENTRIES_ROLE:
            return _USES if index.column() == USE_COLUMN else _remedies(account)
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(account, index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            text = account.name if index.column() == 0 else self._text(account, index.column())
            return tip_text(text)
        return None

    def setData(self, index: _Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        account = self._accounts[index.row()]
        if role != Qt.ItemDataRole.EditRole or value == _value(account, index.column()):
            return False
        signal = self.use_chosen if index.column() == USE_COLUMN else self.remedy_chosen
        signal.emit(account.name, str(value))
        return True

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation == Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return _HEADS[section]
            if role == Qt.ItemDataRole.ToolTipRole:
                return _TIPS[section]
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def _text(self, account: ColumnAccount, column: int) -> str:
        if column == 0:
            return name_text(account.name)
        if column == USE_COLUMN:
            return account_text(account)
        if column == WORDS_COLUMN:
            return name_text(missing_text(account)) or "none"
        if column == REMEDY_COLUMN:
            return remedy_text(account)
        more = account.different - len(account.values)
        end = f", … ({grouped(account.different)})" if more else ""
        return name_text(named(account.values)) + end


_USES: Final = (
    (TARGET, "Target", "What the network is to learn"),
    *((use.name, use.label, use.about) for use in USES.values()),
)


def _value(account: ColumnAccount, column: int) -> str:
    return account.use if column == USE_COLUMN else account.fill or DROP


def _remedies(account: ColumnAccount) -> tuple[tuple[str, str, str], ...]:
    """What can be done about the missing values of a column; nothing where none is missing."""
    if not account.missing or account.use == OUT:
        return ()
    drop = (DROP, remedy_label(DROP), "Rows that lack a value here are not learned from")
    if account.use == TARGET:
        return (drop,)
    # A mean of categories is none of them.
    hows = FILL_WORDS if account.use == "number" else ("frequent",)
    fills = ((how, remedy_label(how), "Filled in as the training part has it") for how in hows)
    return (drop, *fills, (OUT, "Leave column out", "The network does not see it"))


class EntryDelegate(QStyledItemDelegate):
    """Draws what is chosen in a cell as something that opens, and opens it."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        super().paint(painter, option, index)
        opens = index.flags() & Qt.ItemFlag.ItemIsEditable
        if not opens and index.column() != WORDS_COLUMN:
            return
        arrow = QStyleOption()
        side = scaled(_ARROW_PX)
        area: QRect = option.rect
        arrow.rect = QRect(area.right() - side - scaled(6), area.center().y() - side // 2, side, side)
        arrow.palette = option.palette
        arrow.state = QStyle.StateFlag.State_Enabled
        widget: QWidget = option.widget
        widget.style().drawPrimitive(QStyle.PrimitiveElement.PE_IndicatorArrowDown, arrow, painter, widget)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: _Index) -> QWidget:
        editor = Choice(parent)
        editor.setAutoFillBackground(True)
        editor.fill(index.data(_ENTRIES_ROLE))
        editor.chosen.connect(self._on_chosen)
        # Keys lead through an open list; in a closed one each would choose.  First it gets its place.
        QTimer.singleShot(0, editor, editor.showPopup)
        return editor

    def setEditorData(self, editor: QWidget, index: _Index) -> None:
        assert isinstance(editor, Choice)
        editor.show_value(str(index.data(Qt.ItemDataRole.EditRole)))

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: _Index) -> None:
        assert isinstance(editor, Choice)
        model.setData(index, editor.value, Qt.ItemDataRole.EditRole)

    @Slot()
    def _on_chosen(self) -> None:
        editor = self.sender()
        assert isinstance(editor, QWidget)
        self.commitData.emit(editor)
        self.closeEditor.emit(editor)


class ColumnsTable(QTableView):
    """Shows what columns are taken for.

    Signals:
        use_chosen: (str, str), a column and what it is to be taken for.
        remedy_chosen: (str, str), a column and what is to be done where it lacks a value.
        words_wanted: (str), a column of which one wants to say what counts as missing.
    """

    use_chosen = Signal(str, str)
    remedy_chosen = Signal(str, str)
    words_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.columns = ColumnsModel(self)
        self.columns.use_chosen.connect(self.use_chosen)
        self.columns.remedy_chosen.connect(self.remedy_chosen)
        self.setModel(self.columns)
        self._delegate = EntryDelegate(self)
        for column in (USE_COLUMN, WORDS_COLUMN, REMEDY_COLUMN):
            self.setItemDelegateForColumn(column, self._delegate)
        self.setAccessibleName("Columns")
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.setEditTriggers(QTableView.EditTrigger.EditKeyPressed | QTableView.EditTrigger.AnyKeyPressed)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(scaled(_ROW_PX))
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for at, width in enumerate(_WIDTHS_PX):
            self.setColumnWidth(at, scaled(width))
        header.setStretchLastSection(True)
        self.setMinimumHeight(scaled(5 * _ROW_PX))
        self.clicked.connect(self._on_clicked)

    @property
    def editor(self) -> Choice | None:
        """The list that is open, or was the last; it goes when it is closed."""
        found = self.viewport().findChildren(Choice)
        return found[-1] if found else None

    def show_accounts(self, accounts: Sequence[ColumnAccount]) -> None:
        """Show columns."""
        self.columns.show_accounts(accounts)

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        """One click opens what can be chosen in a cell."""
        if index.column() == WORDS_COLUMN:
            self.words_wanted.emit(self.columns.accounts[index.row()].name)
        elif index.flags() & Qt.ItemFlag.ItemIsEditable:
            self.edit(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the words that count as missing as other cells are opened."""
        at = self.currentIndex()
        if at.column() == WORDS_COLUMN and event.key() in _OPENING:
            self.words_wanted.emit(self.columns.accounts[at.row()].name)
        else:
            super().keyPressEvent(event)

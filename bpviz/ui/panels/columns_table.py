"""The columns of a table as rows of a list: what each is taken for, to be changed by a click."""

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
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOption,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from bpviz.data.account_words import account_text, missing_text
from bpviz.data.accounts import ColumnAccount
from bpviz.data.inputs import USES
from bpviz.errors import grouped, named
from bpviz.ui.panels.fields import Choice
from bpviz.ui.texts import name_text, tip_text
from bpviz.ui.theme import scaled

TARGET: Final = "target"
USE_COLUMN: Final = 1
_HEADS: Final = ("Column", "Taken for", "Values", "Missing")
_TIPS: Final = (
    "",
    "Click to take a column for something else",
    "A few of its values, and how many different ones there are",
    "How many of its cells hold no value, and what is filled in",
)
_WIDTHS_PX: Final = (150, 190, 230)
_ROW_PX: Final = 28
_ARROW_PX: Final = 12
_Index = QModelIndex | QPersistentModelIndex


class ColumnsModel(QAbstractTableModel):
    """A row for each column of a table.

    Signals:
        use_chosen: (str, str), a column and what it is to be taken for.
    """

    use_chosen = Signal(str, str)

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
        return usual | Qt.ItemFlag.ItemIsEditable if index.column() == USE_COLUMN else usual

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        account = self._accounts[index.row()]
        if role == Qt.ItemDataRole.EditRole:
            return account.use
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(account, index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            text = account.name if index.column() == 0 else self._text(account, index.column())
            return tip_text(text)
        return None

    def setData(self, index: _Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        account = self._accounts[index.row()]
        if role != Qt.ItemDataRole.EditRole or value == account.use:
            return False
        self.use_chosen.emit(account.name, str(value))
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
        if column == len(_HEADS) - 1:
            return missing_text(account)
        more = account.different - len(account.values)
        end = f", … {grouped(account.different)} different" if more else ""
        return name_text(named(account.values)) + end


class UseDelegate(QStyledItemDelegate):
    """Draws what a column is taken for as something that opens, and opens it."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        super().paint(painter, option, index)
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
        editor.fill(
            [
                (TARGET, "Target", "What the network is to learn"),
                *((use.name, use.label, use.about) for use in USES.values()),
            ]
        )
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
    """

    use_chosen = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.columns = ColumnsModel(self)
        self.columns.use_chosen.connect(self.use_chosen)
        self.setModel(self.columns)
        self._delegate = UseDelegate(self)
        self.setItemDelegateForColumn(USE_COLUMN, self._delegate)
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
        """One click opens what a column may be."""
        if index.column() == USE_COLUMN:
            self.edit(index)

"""The outline as Qt sees it: rows below rows, cells, and what a cell asks for when somebody changes it.

An index holds no object but a number that says what is above it, so that a hundred thousand rows cost nothing
until they are opened.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QFont

from bpviz.model.spec import Network
from bpviz.training.snapshot import Snapshot
from bpviz.ui.outline.cells import TITLES, Cells, Column
from bpviz.ui.outline.moment import Moment
from bpviz.ui.outline.rows import Item, Rows
from bpviz.ui.texts import tip_text
from bpviz.ui.theme import Theme

Index = QModelIndex | QPersistentModelIndex

_ROOT: Final = QModelIndex()
_DEPTH: Final = 3  # of rows: layers, nodes, connections
_COLUMNS: Final = tuple(
    Column
)  # looked up for each cell of each row, which the enumeration itself is slow at
_ALWAYS: Final = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
_LEAF: Final = _ALWAYS | Qt.ItemFlag.ItemNeverHasChildren
_NUMBERS: Final = (Column.VALUE, Column.GRADIENT, Column.DELTA)
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_MOVING: Final = frozenset(
    {
        Qt.ItemDataRole.EditRole,
        Qt.ItemDataRole.ToolTipRole,
        Qt.ItemDataRole.AccessibleTextRole,
    }
)
"""Roles whose answers follow the run; others follow from the drawing and the colors."""
_MOST_KEPT: Final = 20_000
_CHECKS: Final = {
    True: Qt.CheckState.Checked,
    False: Qt.CheckState.Unchecked,
    None: Qt.CheckState.PartiallyChecked,
}


class OutlineModel(QAbstractItemModel):
    """Layers, below each its nodes, below each node what leads into it.

    Signals:
        asked: (`Item`, `Column`, object), somebody wants something else in a cell.
    """

    asked = Signal(object, object, object)

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows = Rows(Network())
        self._moment: Moment | None = None
        self._cells = Cells(self._rows, None)
        self._kept: dict[tuple[int, int, int, int], object] = {}
        theme.changed.connect(self._kept.clear)

    @property
    def rows(self) -> Rows:
        """What stands in which row."""
        return self._rows

    @property
    def cells(self) -> Cells:
        """What they say."""
        return self._cells

    def show_network(self, network: Network) -> None:
        """Show another drawing; whoever holds on to a row keeps it, as long as what it is about is there.

        All in one change of layout: rows that come, go and move at once are none of Qt's single changes.
        """
        if network is self._rows.network:
            return
        self.layoutAboutToBeChanged.emit()
        held = self.persistentIndexList()
        kept = [(self.item(index), index.column()) for index in held]
        self._rows = Rows(network)
        self._cells = Cells(self._rows, self._moment)
        self._kept.clear()
        self.changePersistentIndexList(held, [self.index_of(item, at) for item, at in kept])
        self.layoutChanged.emit()

    def show_snapshot(self, snapshot: Snapshot | None) -> None:
        """Show the numbers of a moment of the run.

        Told of the layers alone: the view paints what is in sight, which may be few of a hundred thousand.
        """
        self._moment = None if snapshot is None else Moment(snapshot)
        self._cells = Cells(self._rows, self._moment)
        if self._rows.layers:
            last = self.index(len(self._rows.layers) - 1, Column.DELTA)
            self.dataChanged.emit(self.index(0, Column.VALUE), last)

    def item(self, index: Index) -> Item:
        """Return what a row is about."""
        return self._rows.item(self.path(index))

    def index_of(self, item: Item, at: int = Column.NAME) -> QModelIndex:
        """Return where an item stands; nowhere if it is gone."""
        path = self._rows.path(item)
        return self.createIndex(path[-1], at, self._id_below(path[:-1])) if path else QModelIndex()

    # Qt's questions

    def index(self, row: int, at: int, parent: Index = _ROOT) -> QModelIndex:
        if not 0 <= at < len(Column) or not 0 <= row < self.rowCount(parent):
            return QModelIndex()
        return self.createIndex(row, at, self._id_below(self.path(parent)))

    def parent(self, child: Index = _ROOT) -> QModelIndex:  # type: ignore[override]
        path = self.path(child)[:-1]
        return self.createIndex(path[-1], 0, self._id_below(path[:-1])) if path else QModelIndex()

    def rowCount(self, parent: Index = _ROOT) -> int:
        if parent.isValid() and parent.column() != 0:
            return 0
        path = self.path(parent)
        if not path:
            return len(self._rows.layers)
        if len(path) == 1:
            return len(self._rows.nodes[path[0]])
        return len(self._rows.sources(self._rows.number(*path))) if len(path) < _DEPTH else 0

    def hasChildren(self, parent: Index = _ROOT) -> bool:
        """Whether there is something to open; asked of each row in sight, so nothing is gathered for it."""
        path = self.path(parent)
        if len(path) == _DEPTH - 1 and parent.column() == 0:
            return self._rows.has_sources(self._rows.number(*path))
        return self.rowCount(parent) > 0

    def columnCount(self, parent: Index = _ROOT) -> int:
        return len(Column)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        if index.column() == Column.NAME and index.internalId() > len(self._rows.layers):
            return _LEAF  # at once: a view asks this of all connections into a node that it opens
        item, at, flags = self.item(index), _COLUMNS[index.column()], _ALWAYS
        if at == Column.FROZEN and self._cells.computes(item):
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags | Qt.ItemFlag.ItemIsEditable if self._cells.is_typed(item, at) else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Answer for a cell; what no step changes is kept, for a view asks a thousand times a frame."""
        if not index.isValid():
            return None
        column = index.column()
        if role in _MOVING or (role == Qt.ItemDataRole.DisplayRole and column in _NUMBERS):
            return self._answer(self.item(index), _COLUMNS[column], role)
        key = (index.internalId(), index.row(), column, role)
        if key not in self._kept:
            if len(self._kept) >= _MOST_KEPT:  # of rows that were scrolled away
                self._kept.clear()
            self._kept[key] = self._answer(self.item(index), _COLUMNS[column], role)
        return self._kept[key]

    def _answer(self, item: Item, at: Column, role: int) -> object:
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._cells.text(item, at)
            case Qt.ItemDataRole.EditRole:
                return self._cells.typed(item, at)
            case Qt.ItemDataRole.CheckStateRole if at == Column.FROZEN and self._cells.computes(item):
                return _CHECKS[self._rows.frozen(item)]
            case Qt.ItemDataRole.TextAlignmentRole:
                return _RIGHT if at in _NUMBERS else _LEFT
            case Qt.ItemDataRole.ToolTipRole:
                return tip_text(self._cells.tip(item, at))
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._cells.spoken(item, at)
            case Qt.ItemDataRole.DecorationRole if at == Column.NAME and self._rows.locked(item):
                return self._theme.icon("lock", "secondary")
            case Qt.ItemDataRole.FontRole if item.layer and at == Column.NAME:
                font = self._theme.font()
                font.setWeight(QFont.Weight.DemiBold)
                return font
            case Qt.ItemDataRole.ForegroundRole if item.source if at == Column.NAME else item.layer:
                return self._theme.color("secondary")
        return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Ask for something else; what comes of it, the document says."""
        if role == Qt.ItemDataRole.CheckStateRole:
            value = Qt.CheckState(value) != Qt.CheckState.Unchecked
        elif value == self.data(index, role):
            return False
        self.asked.emit(self.item(index), _COLUMNS[index.column()], value)
        return True

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation != Qt.Orientation.Horizontal:
            return None
        at = Column(section)
        title, about = TITLES[at]
        match role:
            case Qt.ItemDataRole.DisplayRole if at != Column.FROZEN:
                return title
            case Qt.ItemDataRole.DecorationRole if at == Column.FROZEN:  # narrower than its title
                return self._theme.icon("freeze", "secondary")
            case Qt.ItemDataRole.AccessibleTextRole:
                return title
            case Qt.ItemDataRole.ToolTipRole:
                return tip_text(about)
            case Qt.ItemDataRole.TextAlignmentRole:
                return _RIGHT if at in _NUMBERS else _LEFT
        return None

    def path(self, index: Index) -> tuple[int, ...]:
        """The rows that lead to an index, from the layer down."""
        if not index.isValid():
            return ()
        row, above, layers = index.row(), int(index.internalId()), len(self._rows.layers)
        if above == 0:
            return (row,)
        return (above - 1, row) if above <= layers else (*self._rows.node_at(above - layers - 1), row)

    def _id_below(self, path: tuple[int, ...]) -> int:
        """What an index keeps of what is above it: 0 at the top, then layers, then all nodes by number."""
        if len(path) == _DEPTH - 1:
            return 1 + len(self._rows.layers) + self._rows.number(*path)
        return 1 + path[0] if path else 0

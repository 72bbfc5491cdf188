"""The list of parts, to be dragged from or chosen by keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QMimeData, QPoint, QSize, Qt, Slot
from PySide6.QtGui import QDrag, QIcon, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from bpviz.ui.canvas import NetworkCanvas
from bpviz.ui.desk import Desk
from bpviz.ui.panels.form import caption
from bpviz.ui.panels.gradually import Gradually
from bpviz.ui.panels.miniature import miniature
from bpviz.ui.parts.dropping import Dropping, data_of
from bpviz.ui.parts.table import PARTS
from bpviz.ui.texts import tip_text
from bpviz.ui.theme import Theme

_PICTURE_PX: Final = (72, 44)
_BESIDE_PX: Final = 14
_NAME: Final = Qt.ItemDataRole.UserRole
_HINT: Final = "Drag into the picture, or press Enter to put it at what is selected."


class PartsList(QListWidget):
    """Drags parts by their names.

    Attributes:
        pictures: Drawn beside the labels, once somebody looks.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAccessibleName("Parts")
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        for part in PARTS.values():
            item = QListWidgetItem(part.label, self)
            item.setData(_NAME, part.name)
            item.setToolTip(tip_text(part.about))
            item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, part.about)
        self.setCurrentRow(0)
        self.pictures = Gradually(PARTS, self._draw, self)
        theme.changed.connect(self._dress)
        self._dress()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Somebody looks."""
        self.pictures.look()
        super().paintEvent(event)

    def startDrag(self, actions: Qt.DropAction) -> None:
        """Take the picture along beside the pointer, so that it covers nothing that is aimed at."""
        drag = QDrag(self)
        drag.setMimeData(self.mimeData(self.selectedItems()))
        drag.setPixmap(self.currentItem().icon().pixmap(self.iconSize()))
        drag.setHotSpot(QPoint(-_BESIDE_PX, -_BESIDE_PX))
        drag.exec(actions)

    @Slot()
    def _dress(self) -> None:
        self.setIconSize(QSize(*map(self._theme.scaled, _PICTURE_PX)))
        self.pictures.again()

    def _draw(self, name: str) -> None:
        picture = miniature(PARTS[name].picture(), self._theme, self.iconSize())
        icon = QIcon(picture)
        icon.addPixmap(picture, QIcon.Mode.Selected)  # else Qt would tint it
        self.item(list(PARTS).index(name)).setIcon(icon)

    def mimeData(self, items: Sequence[QListWidgetItem]) -> QMimeData:
        """What is dragged: one part, for only one is selected."""
        return data_of(str(items[0].data(_NAME))) if items else QMimeData()


class PartsPanel(QWidget):
    """Nodes, layers and whole networks to draw with.

    Attributes:
        list: One row a part.
        dropping: Lets the canvas take them.
    """

    def __init__(self, desk: Desk, theme: Theme, canvas: NetworkCanvas) -> None:
        super().__init__()
        self._desk = desk
        self.list = PartsList(theme)
        self.list.itemActivated.connect(self._on_activated)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 4, 12, 8)
        layout.addWidget(self.list, 1)
        layout.addWidget(caption(_HINT))
        self.setFocusProxy(self.list)
        self.dropping = Dropping(desk, canvas.pane, canvas.scene)

    @Slot(QListWidgetItem)
    def _on_activated(self, item: QListWidgetItem) -> None:
        PARTS[str(item.data(_NAME))].add(self._desk, self._desk.selection)

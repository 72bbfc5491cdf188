"""The pages in the middle of the window: the network is always there, others can be closed."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QAbstractButton, QTabBar, QTabWidget, QWidget

from bpviz.ui.docks import fit_tabs


class Pages(QTabWidget):
    """Tabs that are in sight while there is more than one page.

    Signals:
        closed: (QWidget), the user closed a page.

    Args:
        first: The page that can't be closed.
        title: Of its tab.
    """

    closed = Signal(object)

    def __init__(self, first: QWidget, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._first = first
        self.setAccessibleName("Pages")
        self.setDocumentMode(True)
        self.setTabBarAutoHide(True)
        self.setTabsClosable(True)
        self.addTab(first, title)
        for side in (QTabBar.ButtonPosition.LeftSide, QTabBar.ButtonPosition.RightSide):
            self.tabBar().setTabButton(0, side, None)
        self._fit()
        self.tabCloseRequested.connect(self._on_close_requested)

    def add(self, page: QWidget, title: str) -> None:
        """Put a page behind the others, unless it is there."""
        if self.indexOf(page) < 0:
            self.addTab(page, title)
            self._fit()

    def show_page(self, page: QWidget, title: str) -> None:
        """Bring a page to the front."""
        self.add(page, title)
        self.setCurrentWidget(page)

    def show_first(self) -> None:
        """Bring the page that is always there to the front."""
        self.setCurrentWidget(self._first)

    def hide_page(self, page: QWidget) -> None:
        """Take a page away."""
        self.removeTab(self.indexOf(page))
        self._fit()

    def _fit(self) -> None:
        fit_tabs(self.tabBar(), "Pages")
        for button in self.tabBar().findChildren(QAbstractButton):
            button.setAccessibleName("Close this page")

    @Slot(int)
    def _on_close_requested(self, index: int) -> None:
        page = self.widget(index)
        if page is not None:
            self.hide_page(page)
            self.closed.emit(page)

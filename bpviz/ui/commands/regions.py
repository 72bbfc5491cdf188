"""From region to region by keys: the page in the middle, then every panel and plot in sight."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from bpviz.ui.docks import Dock
from bpviz.ui.pages import Pages

_BY_TAB = Qt.FocusPolicy.TabFocus


def next_region(window: QWidget, places: int) -> None:
    """Lead the keys so many regions on; those without anything to lead them to are left out."""
    assert isinstance(window, QMainWindow)
    regions = [region for region in _regions(window) if _entrance(region) is not None]
    focus = QApplication.focusWidget()
    here = next(
        (at for at, region in enumerate(regions) if focus is not None and _holds(region, focus)), None
    )
    if here is None:
        here = -1 if places > 0 else 0
    if regions:
        entrance = _entrance(regions[(here + places) % len(regions)])
        assert entrance is not None
        entrance.window().activateWindow()
        entrance.setFocus(Qt.FocusReason.ShortcutFocusReason)


def _regions(window: QMainWindow) -> list[QWidget]:
    """Everything in sight: the page first, panels as they stand, from the left, and downwards."""
    pages = window.findChildren(Pages)
    docks = [dock for dock in window.findChildren(Dock) if not dock.visibleRegion().isEmpty()]
    docks.sort(key=lambda dock: (dock.isFloating(), dock.mapToGlobal(dock.rect().topLeft()).toTuple()))
    return [*(page.currentWidget() for page in pages), *docks]


def _holds(region: QWidget, focus: QWidget) -> bool:
    return region is focus or region.isAncestorOf(focus)


def _entrance(region: QWidget) -> QWidget | None:
    """The first widget there that the Tab key would reach."""
    proxy = region.focusProxy()
    if proxy is not None and proxy.isVisible() and proxy.isEnabled():
        return proxy
    # Along the chain of the Tab key, and not through all children: few of them are widgets of ours.
    one = region.nextInFocusChain()
    while one is not None and one is not region:
        stops = one.focusPolicy() & _BY_TAB and one.isEnabled() and one.isVisible()
        if stops and region.isAncestorOf(one):
            return one
        one = one.nextInFocusChain()
    return None

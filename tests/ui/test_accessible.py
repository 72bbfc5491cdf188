"""Names, roles and values of every control, read back through Qt's accessibility interface."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAbstractScrollArea, QAbstractSpinBox, QApplication, QWidget
from pytestqt.qtbot import QtBot

from bpviz.ui.document import Selection
from bpviz.ui.main_window import MainWindow

_Role = QAccessible.Role
# What somebody does something with, or reads a value from; texts are read by what they say.
CONTROLS = {
    _Role.Button,
    _Role.ButtonMenu,
    _Role.CheckBox,
    _Role.RadioButton,
    _Role.ComboBox,
    _Role.EditableText,
    _Role.SpinBox,
    _Role.Slider,
    _Role.List,
    _Role.Table,
    _Role.Tree,
    _Role.PageTab,
    _Role.PageTabList,
    _Role.ProgressBar,
    _Role.Graphic,
    _Role.MenuItem,
    _Role.Dial,
}


def controls(top: QWidget) -> Iterator[tuple[QWidget, QAccessibleInterface]]:
    """Every control in sight: by its role, or because keys can be led there."""
    for widget in [top, *top.findChildren(QWidget)]:
        if not widget.isVisible() or widget.visibleRegion().isEmpty() or _is_part(widget):
            continue
        face = QAccessible.queryAccessibleInterface(widget)
        assert face is not None
        if face.role() in CONTROLS or widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            yield widget, face


def _is_part(widget: QWidget) -> bool:
    """Whether it is what another control is made of, which speaks for it."""
    above = widget.parentWidget()
    of_area = isinstance(above, QAbstractScrollArea) and above.viewport() is widget
    return of_area or isinstance(above, QAbstractSpinBox) or widget.focusProxy() is not None


def nameless(top: QWidget) -> list[str]:
    """Controls that say nothing of what they are, and tabs."""
    found = []
    for widget, face in controls(top):
        if not face.text(QAccessible.Text.Name).strip():
            found.append(f"{_path(widget)} ({face.role().name})")
        for at in range(face.childCount() if face.role() == _Role.PageTabList else 0):
            child = face.child(at)
            if not child.text(QAccessible.Text.Name).strip():
                found.append(f"{_path(widget)} child {at}")
    return found


def _in_sight(widget: QWidget) -> bool:
    return not widget.visibleRegion().isEmpty()


def _path(widget: QWidget) -> str:
    names: list[str] = []
    one: QWidget | None = widget
    while one is not None and len(names) < 5:
        names.append(type(one).__name__ + (f"#{one.objectName()}" if one.objectName() else ""))
        one = one.parentWidget()
    return " < ".join(names)


@pytest.mark.parametrize("name", ["mazur", "digits", "four_classes", "linear_neuron"])
def test_every_control_of_the_window_says_what_it_is(window: MainWindow, qtbot: QtBot, name: str) -> None:
    window.files.open_example(name)
    window.actions_by_name["find"].trigger()
    for dock in window.arrangement.docks.values():
        dock.show()
        dock.raise_()
        qtbot.waitUntil(partial(_in_sight, dock.widget()))
        assert nameless(window) == []
    window.show_welcome()
    assert nameless(window) == []
    assert len(list(controls(window))) > 50


def test_every_page_of_the_inspector_says_what_its_fields_are(window: MainWindow, qtbot: QtBot) -> None:
    network = window.document.project.network
    first, hidden = network.layers[0], network.layers[1]
    for selection in (
        Selection(nodes=frozenset({hidden.nodes[0].id})),
        Selection(layers=frozenset({hidden.id})),
        Selection(pairs=frozenset({(first.nodes[0].id, hidden.nodes[0].id)})),
        Selection(nodes=frozenset(node.id for node in hidden.nodes)),
    ):
        window.desk.select(selection)
        qtbot.waitUntil(lambda: window.inspector.page.isVisible())
        assert nameless(window) == []


@pytest.mark.parametrize(
    "name",
    [
        *("preferences", "breakpoints", "check_gradient", "input_gradient", "show_cost"),
        *("edit_examples", "palette", "shortcuts"),
    ],
)
def test_every_control_of_a_dialog_says_what_it_is(window: MainWindow, qtbot: QtBot, name: str) -> None:
    found: list[str] = []
    seen: list[QWidget] = []

    def look() -> None:
        dialogs = [top for top in QApplication.topLevelWidgets() if top.isVisible() and top is not window]
        inside = [one for top in dialogs for one, _ in controls(top)]
        if not inside:
            QTimer.singleShot(20, look)
            return
        seen.extend(dialogs)
        found.extend(line for top in dialogs for line in nameless(top))
        for top in dialogs:
            top.close()

    QTimer.singleShot(20, look)
    window.actions_by_name[name].trigger()
    qtbot.waitUntil(lambda: bool(seen))
    assert found == []


def test_values_can_be_read(window: MainWindow) -> None:
    window.arrangement.docks["training"].raise_()
    values = 0
    for widget, face in controls(window):
        if face.role() in (_Role.Slider, _Role.SpinBox):
            assert face.valueInterface() is not None or face.text(QAccessible.Text.Value), _path(widget)
            values += 1
        if face.role() == _Role.CheckBox:
            assert face.state().checkable, _path(widget)
        if face.role() == _Role.ComboBox:
            assert face.text(QAccessible.Text.Value), _path(widget)
            values += 1
    assert values > 5


def test_the_picture_says_what_is_selected(window: MainWindow) -> None:
    network, pane = window.document.project.network, window.canvas.pane

    def said() -> str:
        face = QAccessible.queryAccessibleInterface(pane)
        assert face is not None
        assert face.text(QAccessible.Text.Name) == "Network"
        return face.text(QAccessible.Text.Description)

    assert said().startswith("Nothing is selected. 4 layers: Input with 2 nodes, Hidden 1 with 8 nodes")
    hidden = network.layers[1]
    window.desk.select(Selection(nodes=frozenset({hidden.nodes[2].id})))
    assert said().startswith("Selected: node Hidden 1, node 3.")
    window.desk.select(Selection(pairs=frozenset({(network.layers[0].nodes[0].id, hidden.nodes[0].id)})))
    assert said().startswith("Selected: connection from x to Hidden 1, node 1.")
    window.desk.select(Selection(nodes=frozenset(node.id for node in hidden.nodes)))
    assert said().startswith("Selected: 8 nodes.")


def test_cells_of_the_outline_are_read_aloud_with_what_they_are(window: MainWindow, qtbot: QtBot) -> None:
    window.actions_by_name["outline"].trigger()
    tree = window.outlined.outline.tree
    qtbot.waitUntil(tree.hasFocus)
    face = QAccessible.queryAccessibleInterface(tree)
    assert face is not None
    assert face.role() == _Role.Tree
    cells = [face.child(at) for at in range(face.childCount())]
    texts = [cell.text(QAccessible.Text.Name) for cell in cells]
    assert "Hidden 1" in texts
    assert "not frozen" in texts
    assert "function ReLU" in texts

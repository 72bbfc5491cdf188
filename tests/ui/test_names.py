"""Names of any kind, wherever the window shows them: plain, on one line, no wider than there is room."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtGui import Qt as QtGuiQt
from PySide6.QtWidgets import QComboBox, QDialog, QLabel, QListWidget, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from bpviz.data.settings import Table
from bpviz.model.naming import layer_label
from bpviz.model.spec import Project
from bpviz.ui.document import Selection
from bpviz.ui.main_window import MainWindow
from bpviz.ui.panels.checklist import Checklist
from bpviz.ui.panels.questions import Questions
from bpviz.ui.panels.table_dialog import TableDialog
from bpviz.ui.texts import breakable, feature_title, menu_text, name_text, tip_text, title_text
from bpviz.ui.theme import Theme

MARKUP = "<b>x</b><img src=y>"
NAMES = [MARKUP, "a&b[*]", "w" * 2000, "two\nlines", "\u202eright"]


def _shown_texts(root: QWidget) -> Iterator[tuple[str, str]]:
    """Everything that a widget and its children show, and where it stands."""
    for widget in (root, *root.findChildren(QWidget)):
        where = type(widget).__name__
        yield f"tooltip of {where}", widget.toolTip()
        yield f"title of {where}", widget.windowTitle()
        if isinstance(widget, QLabel):
            yield f"label {where}", widget.text()
        if isinstance(widget, QComboBox):
            for at in range(widget.count()):
                yield f"entry of {where}", widget.itemText(at)
                yield (
                    f"tooltip of an entry of {where}",
                    widget.itemData(at, Qt.ItemDataRole.ToolTipRole) or "",
                )
        if isinstance(widget, QListWidget):
            for item in map(widget.item, range(widget.count())):
                yield f"entry of {where}", item.text()
                yield f"tooltip of an entry of {where}", item.toolTip()
    for action in root.findChildren(QAction):
        yield "action", action.text()
        if action.toolTip() != action.text().replace("&&", "&"):  # else Qt shows none
            yield "tooltip of an action", action.toolTip()


def _assert_plain(root: QWidget) -> None:
    for where, text in _shown_texts(root):
        place, longest = f"{where}: {text[:80]!r}", 700
        assert len(text) < longest, place
        assert "\u202e" not in text, place
        assert "two\nlines" not in text, place
        if QtGuiQt.mightBeRichText(text) and where.startswith("tooltip"):
            assert text.startswith("<qt>"), place
            assert MARKUP not in text, place
    for label in root.findChildren(QLabel):
        assert label.textFormat() != Qt.TextFormat.AutoText, label.text()
        if label.textFormat() == Qt.TextFormat.RichText:
            assert MARKUP not in label.text()


def _renamed(project: Project, name: str) -> Project:
    layers = tuple(
        replace(layer, name=name, nodes=tuple(replace(node, name=name) for node in layer.nodes))
        for layer in project.network.layers
    )
    return replace(project, network=replace(project.network, layers=layers), title=name)


@pytest.mark.parametrize("name", NAMES)
def test_names_in_a_project_are_plain_wherever_the_window_shows_them(
    window: MainWindow, qtbot: QtBot, name: str
) -> None:
    least = window.minimumSizeHint().width()
    window.document.apply("rename", lambda project: _renamed(project, name))
    qtbot.waitUntil(lambda: window.controller.latest is not None)
    network = window.document.project.network
    hidden = network.layers[1]
    pair = (network.layers[0].nodes[0].id, hidden.nodes[0].id)
    for selection in (
        Selection(),
        Selection(nodes=frozenset({hidden.nodes[0].id})),
        Selection(layers=frozenset({hidden.id})),
        Selection(pairs=frozenset({pair})),
    ):
        window.canvas.desk.select(selection)
        _assert_plain(window)
    window.status.say(f"Saved {name}.")
    window.pill.say(f"{name_text(name)} computes.")
    _assert_plain(window)
    assert window.minimumSizeHint().width() == least
    window.grab()  # what is drawn by hand survives such names, too


@pytest.mark.parametrize("name", NAMES)
def test_an_edit_named_after_something_is_undone_by_a_plain_entry(window: MainWindow, name: str) -> None:
    window.document.apply(f"add input {feature_title(name)}", lambda project: _renamed(project, name))
    assert window.actions_by_name["undo"].text() == menu_text(f"Undo add input {feature_title(name)}")
    _assert_plain(window)


@pytest.mark.parametrize("name", NAMES)
def test_names_in_menus_are_plain(window: MainWindow, tmp_path: Path, name: str) -> None:
    window.document.apply("rename", lambda project: _renamed(project, name))
    layer = window.document.project.network.layers[1]
    window.desk.select(Selection(layers=frozenset({window.document.project.network.layers[0].id})))
    menu = window.menus.by_name["disconnect_from"]
    menu.aboutToShow.emit()
    assert menu_text(layer_label(layer)) in [action.text() for action in menu.actions()]
    _assert_plain(window)


@pytest.mark.parametrize("name", [MARKUP, "a&b", "\u202eright", "w" * 200])
def test_names_of_recent_files_are_plain(window: MainWindow, tmp_path: Path, name: str) -> None:
    path = tmp_path / f"{name.replace('/', '-')}.bpviz"
    path.touch()
    window.preferences.add_recent(path)
    window.commands.refresh()
    menu = window.menus.by_name["recent"]
    menu.aboutToShow.emit()
    assert [action.text() for action in menu.actions()] == [menu_text(path.name)]
    _assert_plain(window)


@pytest.mark.parametrize("name", [MARKUP, "a&b", "two\nlines", "\u202eright", "w" * 200])
def test_names_of_columns_classes_and_files_are_plain_in_dialogs(
    theme: Theme, qtbot: QtBot, tmp_path: Path, name: str
) -> None:
    path = tmp_path / f"{name.replace('/', '-')}.csv"
    cells = "\n".join(f'{at},{-at},"{name}"' if at % 2 else f"{at},{-at},other" for at in range(20))
    path.write_text(f'"{name}","{name} 2",target\n{cells}\n,1,other\n', encoding="utf-8")
    dialog = TableDialog(path)
    qtbot.addWidget(dialog)
    dialog.show()
    _assert_plain(dialog)
    assert dialog.choices.features == [name, f"{name} 2"]
    assert dialog.width() <= 800
    model = dialog.preview.model()
    head = model.headerData(0, Qt.Orientation.Horizontal, Qt.ItemDataRole.DisplayRole)
    assert "\n" not in head
    ticks = Checklist("Features", "About", dialog.choices.features, [name])
    qtbot.addWidget(ticks)
    ticks.show()
    _assert_plain(ticks)
    assert ticks.chosen == [name]


def test_questions_are_plain_and_fit(theme: Theme, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    seen: list[QMessageBox] = []

    def look(box: QMessageBox) -> int:
        box.show()
        _assert_plain(box)
        assert box.width() < 900
        seen.append(box)
        box.close()
        return int(QDialog.DialogCode.Rejected)

    monkeypatch.setattr(QMessageBox, "exec", look)
    questions = Questions(parent)
    for name in NAMES:
        questions.unsaved(name)
        questions.yes("Missing values", f"Rows lack {name_text(name)}.\n\nLeave them out?", "Leave them out")
        questions.tell("bpviz", f"Can't open {name_text(name)}.")
    assert len(seen) == 3 * len(NAMES)


def test_a_table_of_ones_own_keeps_its_name_in_the_list(window: MainWindow) -> None:
    table = Table(MARKUP, ("a", "b"), (("1", "2"), ("3", "4")))
    window.document.apply("own", lambda project: replace(project, data=replace(project.data, table=table)))
    assert window.data_panel.source.findText(MARKUP) >= 0
    _assert_plain(window)


@pytest.mark.parametrize("name", NAMES)
def test_each_place_has_its_form(name: str) -> None:
    for text in (name_text(name), menu_text(name), title_text(name)):
        assert text.isprintable()
        assert len(text) < 100
    assert "&" not in menu_text(name).replace("&&", "")
    assert "[*]" not in title_text(name).replace("[*][*]", "")
    assert tip_text(name).removeprefix("<qt>").removesuffix("</qt>").count("<") == 0
    assert tip_text("") == ""
    assert breakable(name).replace("\u200b", "") == name
    assert max(map(len, breakable(name).replace("\u200b", " ").split())) <= 20

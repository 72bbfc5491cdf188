"""bpviz as its users start it, which besides answers where things are.

The other end of `tests.window.program`.  Nothing here sends events to the window or changes it.  A question
is a line with its name, on the pipe of the first argument; an answer is a line of JSON, on the second one.

Events come by the X server, questions by a pipe, and on a busy machine a question may come first.  So there
is an *ear*, a window nobody sees: who has made events moves it to a number and asks with that number.  The
server tells of both in their order, so once the ear is there, all events before have been taken in.
"""

from __future__ import annotations

import faulthandler
import json
import os
import signal
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRect, QSocketNotifier, Qt, QTimer
from PySide6.QtGui import QAction, QGuiApplication, QWindow
from PySide6.QtWidgets import (
    QApplication,
    QDockWidget,
    QFileDialog,
    QMenu,
    QMenuBar,
    QTabBar,
    QWidget,
)

from bpviz.errors import BpvizError
from bpviz.model.layout import node_position
from bpviz.ui.app import run
from bpviz.ui.canvas.items import PORT_AT
from bpviz.ui.canvas.targets import Target
from bpviz.ui.main_window import MainWindow

_SAMPLES: Final = 7  # on an edge; a small neighbor of a large one is found from its own edges
_BESIDE_PX: Final = 2  # from an edge to a point that surely is at one side of it
_TURNS: Final = 3  # of the event loop, until what the last event led to has been seen
_MOST_WIRES: Final = 100
_UNMANAGED: Final = (Qt.WindowType.Popup, Qt.WindowType.ToolTip)  # window managers leave these alone
_MOST: Final = 65_536
Answer = Any  # whatever goes into JSON


class Answers:
    """Answers questions from within the event loop of the window, also while a dialog or a menu is open."""

    def __init__(self, app: QApplication, questions: int, answers: int) -> None:
        self._app = app
        self._questions, self._begun = questions, b""
        self._answers = os.fdopen(answers, "w")
        self._fired: Counter[str] = Counter()
        self._ear = _ear() if QGuiApplication.platformName() == "xcb" else None
        self._notifier = QSocketNotifier(questions, QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._on_question)
        self._table: dict[str, Callable[[], Answer]] = {
            "front": self._front,
            "windows": self._windows,
            "controls": self._controls,
            "crossings": self._crossings,
            "network": self._network,
            "docks": self._docks,
            "timeline": self._timeline,
            "explanation": self._explanation,
            "actions": self._actions,
            "menus": self._menus,
            "fired": self._fired_so_far,
        }

    def _on_question(self) -> None:
        came = os.read(self._questions, _MOST)
        if not came:  # who asked is gone
            self._notifier.setEnabled(False)
        *lines, self._begun = (self._begun + came).split(b"\n")
        for line in lines:
            self.hear(line.decode())

    def hear(self, words: str) -> None:
        """Take a question, and answer when what came before has been seen."""
        name, _, place = words.partition(" ")
        self._wait_ear(name, int(place or 0))

    def _wait_ear(self, name: str, place: int) -> None:
        if place and self._ear is not None and self._ear.x() != place:
            QTimer.singleShot(0, partial(self._wait_ear, name, place))
        else:
            self._wait_turns(name, _TURNS)

    def _wait_turns(self, name: str, turns: int) -> None:
        if turns:
            QTimer.singleShot(0, partial(self._wait_turns, name, turns - 1))
        else:
            self.say(self._table[name]())

    def say(self, answer: Answer) -> None:
        """Write an answer."""
        self._answers.write(json.dumps(answer) + "\n")
        self._answers.flush()

    # ---- what can be asked

    def _front(self) -> Answer:
        """What takes the events now."""
        modal, popup = self._app.activeModalWidget(), self._app.activePopupWidget()
        tops = list(self._tops())  # asked for once: this question comes after each event
        return {
            "modal": type(modal).__name__ if modal is not None else "",
            "popup": type(popup).__name__ if popup is not None else "",
            "managed": sorted(int(one.winId()) for one in tops if one.windowType() not in _UNMANAGED),
            "files": any(isinstance(one, QFileDialog) for one in tops),
            "shown": any(isinstance(one, MainWindow) for one in tops),
            "ear": 0 if self._ear is None else int(self._ear.winId()),
        }

    def _windows(self) -> Answer:
        """Every window on the screen, the main one first: its frame and what is inside it."""
        tops = sorted(self._tops(), key=lambda one: not isinstance(one, MainWindow))
        return [{"frame": _list(one.frameGeometry()), "inner": _list(one.geometry())} for one in tops]

    def _controls(self) -> Answer:
        """Every widget that can be seen and pointed at, tabs and entries of menus beside them."""
        modal = self._app.activeModalWidget()
        found = []
        for widget in self._widgets():
            if modal is not None and modal is not widget.window() and not isinstance(widget.window(), QMenu):
                continue
            for name, rect in _parts(widget):
                if rect.width() > 1 and rect.height() > 1:
                    found.append({"name": name, "kind": _kind(widget), "rect": _list(rect)})
        return found

    def _crossings(self) -> Answer:
        """For each two neighbors a place where the pointer goes from one to the other."""
        seen: dict[tuple[str, str], list[tuple[QPoint, QPoint]]] = {}
        for widget in self._widgets():
            for inner, outer in _along(_visible(widget)):
                one, two = self._app.widgetAt(inner), self._app.widgetAt(outer)
                if one is None or two is None or one is two:
                    continue
                first, second = _path(one), _path(two)
                key = (first, second) if first < second else (second, first)
                seen.setdefault(key, []).append((inner, outer))
        middles = ((key, places[len(places) // 2]) for key, places in sorted(seen.items()))
        return [{"between": key, "from": _xy(inner), "to": _xy(outer)} for key, (inner, outer) in middles]

    def _network(self) -> Answer:
        """Where the nodes are, and how much is drawn."""
        window = self._window
        assert window is not None
        pane, network = window.canvas.pane, window.document.project.network

        def place(x: float, y: float) -> list[int]:
            return _xy(pane.viewport().mapToGlobal(pane.mapFromScene(QPointF(x, y))))

        columns = []
        for layer in sorted(network.layers, key=lambda layer: layer.x):
            places = [node_position(layer, node) for node in layer.nodes]
            caption = window.canvas.scene.middle_of(Target("caption", layer=layer.id))
            columns.append(
                {
                    "id": layer.id,
                    "nodes": [place(*at) for at in places],
                    "ports": [place(x + PORT_AT, y) for x, y in places],
                    "own": [node.x is not None for node in layer.nodes],
                    "caption": [] if caption is None else place(caption.x(), caption.y()),
                }
            )
        placement = window.canvas.scene.placement
        wires = placement.polylines(np.arange(min(placement.topology.pair_count, _MOST_WIRES)))
        before, after = (wires.shape[1] - 1) // 2, wires.shape[1] // 2
        return {
            "wires": [place(*at) for at in ((wires[:, before] + wires[:, after]) / 2).tolist()],
            "columns": columns,
            "links": sorted([link.source, link.target] for link in network.links),
            "pairs": sum(int((~link.removed.array).sum()) for link in network.links),
            "pane": _list(_global(pane, pane.rect())),
            "undo": window.document.undo_stack.index(),
            "selected": bool(window.desk.selection),
            "keys": window.canvas.pane.hasFocus(),
        }

    def _explanation(self) -> Answer:
        """What stands in the explanation, and where its numbers do."""
        window = self._window
        assert window is not None
        panel = window.explanation.panel
        view, moment = panel.sheet.view, panel.way.moment
        where: dict[str, list[int]] = {}
        for leaf, ref in view.gaps.open.items():
            if moment is not None and view.isVisible():
                rect = view.field_of(leaf)
                where[moment.names.ref(ref)] = _list(_global(view, (rect or view.rect_of(leaf)).toRect()))
        return {
            "heading": panel.sheet.heading.text(),
            "said": panel.sheet.verdict.text(),
            "judging": panel.learner.judging,
            "types": panel.sheet.blanks.field.hasFocus(),
            "numbers": where,
        }

    def _timeline(self) -> Answer:
        """Where the run stands in its timeline, and where that is shown."""
        window = self._window
        assert window is not None
        strip, snapshot = window.strip, window.controller.latest
        view = None if snapshot is None else snapshot.timeline
        answer: dict[str, Any] = {
            "playing": window.controller.playing,
            "run": _list(_global(strip.line, strip.line.rect())),
            "branches": _list(_global(strip.branch_button, strip.branch_button.rect())),
            **dict.fromkeys(("step", "first", "last", "line"), 0),
            "at_end": True,
            "exact": True,
            "lines": [],
            "ghosts": [],
            **dict.fromkeys(("phase", "example", "row"), None),
            "chooser": _list(_global(strip.example, strip.example.rect()))
            if strip.example.isVisible()
            else [],
        }
        if snapshot is not None and view is not None:
            answer |= {
                "head": _xy(strip.line.mapToGlobal(strip.line.place(snapshot.step))),
                "step": snapshot.step,
                "loss": snapshot.train_loss,
                "first": view.first_step,
                "last": view.last_step,
                "at_end": view.at_end,
                "exact": view.exact,
                "line": view.line,
                "lines": [line.number for line in view.lines],
                "ghosts": [ghost.kind for ghost in snapshot.ghosts],
            }
            if snapshot.cursor is not None:
                cursor = snapshot.cursor
                answer |= {"phase": cursor.index, "example": cursor.example, "row": cursor.row}
        return answer

    def _docks(self) -> Answer:
        """Every dock: where it is, how it is gripped, which tab shows it."""
        window = self._window
        assert window is not None
        found = {}
        for dock in window.findChildren(QDockWidget):
            title = dock.titleBarWidget()
            shown = dock.isVisible() and not dock.visibleRegion().isEmpty()
            found[dock.objectName()] = {
                "rect": _list(_global(dock, dock.rect())),
                "title": _list(_global(title, title.rect())),
                "tab": _tab_of(window, dock),
                "shown": shown,
                "open": not dock.isHidden(),
                "floating": dock.isFloating(),
                "with": sorted(other.objectName() for other in window.tabifiedDockWidgets(dock)),
            }
        return found

    def _actions(self) -> Answer:
        """Every command: whether it can be used and how often it was."""
        window = self._window
        assert window is not None
        for name, action in window.actions_by_name.items():
            self._watch(name, action)
        return {
            name: {"enabled": action.isEnabled(), "fired": self._fired[name]}
            for name, action in window.actions_by_name.items()
        }

    def _menus(self) -> Answer:
        """Every entry that can be seen in a menu, and how often it was used."""
        shown = [one for one in self._app.topLevelWidgets() if isinstance(one, QMenu) and one.isVisible()]
        entries = {}
        for menu in shown:
            for action in menu.actions():
                if action.isVisible() and not action.isSeparator():
                    name = action.objectName() or action.text()
                    self._watch(name, action)
                    rect = _list(_global(menu, menu.actionGeometry(action)))
                    entries[name] = {"rect": rect, "enabled": action.isEnabled()}
        return entries

    def _fired_so_far(self) -> Answer:
        """How often each entry of a menu was used that was seen by `_actions` or `_menus`."""
        return self._fired

    def _watch(self, name: str, action: QAction) -> None:
        if not action.property("watched"):
            action.setProperty("watched", True)
            action.triggered.connect(partial(self._count, name))

    def _count(self, name: str, *_: object) -> None:
        self._fired[name] += 1

    # ---- helpers

    @property
    def _window(self) -> MainWindow | None:
        tops = self._app.topLevelWidgets()
        return next((one for one in tops if isinstance(one, MainWindow)), None)

    def _tops(self) -> Iterator[QWidget]:
        return (one for one in self._app.topLevelWidgets() if one.isVisible() and not one.isMinimized())

    def _widgets(self) -> Iterator[QWidget]:
        for top in self._tops():
            yield from (one for one in (top, *top.findChildren(QWidget)) if _belongs(one, top))


def _ear() -> QWindow:
    """A window that is never shown, and that no window manager cares for."""
    window = QWindow()
    window.setFlags(Qt.WindowType.BypassWindowManagerHint)
    window.create()
    return window


def _belongs(widget: QWidget, top: QWidget) -> bool:
    return widget.isVisible() and widget.window() is top and not widget.visibleRegion().isEmpty()


def _visible(widget: QWidget) -> QRect:
    return _global(widget, widget.visibleRegion().boundingRect())


def _global(widget: QWidget, rect: QRect) -> QRect:
    return QRect(widget.mapToGlobal(rect.topLeft()), rect.size())


def _parts(widget: QWidget) -> Iterator[tuple[str, QRect]]:
    """The widget, and what in it reacts to the pointer without being a widget."""
    yield _path(widget), _visible(widget)
    if isinstance(widget, QTabBar):
        for at in range(widget.count()):
            yield f"tab {widget.tabText(at)}", _global(widget, widget.tabRect(at) & widget.rect())
    elif isinstance(widget, QMenuBar | QMenu):
        for action in widget.actions():
            if not action.isSeparator():
                yield f"entry {action.text()}", _global(widget, widget.actionGeometry(action))


def _along(rect: QRect) -> Iterator[tuple[QPoint, QPoint]]:
    """Points just inside and just outside of each edge."""
    left, right = rect.left() + _BESIDE_PX, rect.right() - _BESIDE_PX
    top, bottom = rect.top() + _BESIDE_PX, rect.bottom() - _BESIDE_PX
    for at in range(_SAMPLES):
        x = left + (right - left) * at // (_SAMPLES - 1)
        y = top + (bottom - top) * at // (_SAMPLES - 1)
        yield QPoint(x, top), QPoint(x, rect.top() - _BESIDE_PX)
        yield QPoint(x, bottom), QPoint(x, rect.bottom() + _BESIDE_PX)
        yield QPoint(left, y), QPoint(rect.left() - _BESIDE_PX, y)
        yield QPoint(right, y), QPoint(rect.right() + _BESIDE_PX, y)


def _tab_of(window: QWidget, dock: QDockWidget) -> list[int] | None:
    """The tab that shows a dock, where it shares its place."""
    for bar in window.findChildren(QTabBar):
        if bar.visibleRegion().isEmpty():  # Qt keeps those aside that lead one dock alone
            continue
        for at in range(bar.count()):
            if bar.isVisible() and bar.parent() is window and bar.tabText(at) == dock.windowTitle():
                return _list(_global(bar, bar.tabRect(at)))
    return None


def _kind(widget: QWidget) -> str:
    return type(widget).__name__


def _path(widget: QWidget) -> str:
    """Name a widget by where it is: kind and place among its kind, from the window down."""
    words: list[str] = []
    one: QWidget | None = widget
    while one is not None:
        parent = None if one.isWindow() else one.parentWidget()
        kin = [] if parent is None else [kid for kid in parent.children() if type(kid) is type(one)]
        place = f"[{kin.index(one)}]" if len(kin) > 1 else ""
        words.append(one.objectName() or f"{_kind(one)}{place}")
        one = parent
    return "/".join(reversed(words))


def _list(rect: QRect) -> list[int]:
    return [rect.x(), rect.y(), rect.width(), rect.height()]


def _xy(point: QPoint) -> list[int]:
    return [point.x(), point.y()]


def _on_audit(event: str, arguments: tuple[Any, ...]) -> None:
    """Write down what is about to be told as a fault of bpviz."""
    if event == "sys.excepthook" and not isinstance(arguments[2], BpvizError):
        traceback.print_exception(arguments[2])


def main(words: Sequence[str], kind: type[Answers] = Answers) -> int:
    """Open the window and stay until it is closed."""
    questions, answers, *paths = words
    faulthandler.enable()
    faulthandler.register(signal.SIGUSR1)  # where it hangs, when it does
    sys.addaudithook(_on_audit)
    app = QApplication(["bpviz"])
    ear = kind(app, int(questions), int(answers))
    code = run(Path(paths[0]) if paths else None)
    del ear
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The line at the foot of the window: where the run stands, in figures that keep their places."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, QTimer, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QStatusBar, QWidget

from bpviz.errors import grouped
from bpviz.training.snapshot import Path, Snapshot
from bpviz.ui.numbers import column, count, duration
from bpviz.ui.panels.labels import Elided
from bpviz.ui.theme import Theme

MESSAGE_MS: Final = 8000
_ROOM_PX: Final = 10
_LEAST_PX: Final = 240  # of the whole line: step and losses, whatever the text size
_MESSAGE_PX: Final = 120
_BETWEEN_PX: Final = 6  # Qt's own
_DECIMALS: Final = 5
_MOST_DECIMALS: Final = 9  # losses that agree in so many read alike
_LEAVING: Final = ("path", "time", "speed", "epoch", "accuracy")
"""What goes first where there is no room for all."""
_ENGINES: Final[dict[Path, tuple[str, str]]] = {
    "reference": ("reference", "Computed step by step in numpy, until the compiled engine is ready"),
    "kernel": ("compiled", "Computed by compiled code, many steps at a time"),
}
"""For each path that computes its word, and what that means."""


class RunStatus(QStatusBar):
    """Step, epoch, losses, accuracy, speed, time, and at the right what happened last."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setSizeGripEnabled(False)
        self._widest: dict[str, str] = {
            "step": f"step {count(9_999_999)}",
            "epoch": f"epoch {grouped(99_999.9, '.1f')}",
            "train": "train 0.00000",
            "test": "test 0.00000",
            "accuracy": "accuracy 100.0 %",
            "speed": f"{count(999_999)} steps/s",
            "time": "00:00:00",
            "path": "reference",
        }
        self.parts = {name: QLabel() for name in self._widest}
        for label in self.parts.values():
            self.addWidget(label)
        self._empty: set[str] = set()
        self.message = Elided()
        self.addPermanentWidget(self.message, 1)
        self._why = ""
        self._timer = QTimer(self, singleShot=True, interval=MESSAGE_MS)
        self._timer.timeout.connect(self.hush)
        theme.changed.connect(self._on_theme)
        self._on_theme()

    @Slot(object)
    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show where the run stands."""
        train, test = _losses(snapshot)
        texts = {
            "step": f"step {count(snapshot.step)}",
            "epoch": f"epoch {grouped(snapshot.epoch, '.1f')}",
            "train": f"train {train}",
            "test": f"test {test}" if snapshot.test_loss is not None else "no test",
            "accuracy": _accuracy(snapshot),
            "speed": f"{count(round(snapshot.steps_per_s))} steps/s" if snapshot.steps_per_s else "",
            "time": duration(snapshot.seconds),
            "path": _ENGINES[snapshot.path][0],
        }
        for name, text in texts.items():
            self.parts[name].setText(text)
            if len(text) > len(self._widest[name]):
                self._widest[name] = text
                self._make_room(name)
                self._fit()
        self.parts["path"].setToolTip(_ENGINES[snapshot.path][1])
        self._leave_out({"accuracy"} if not texts["accuracy"] else set())
        self._why = snapshot.stopped or ""
        if not self._timer.isActive():
            self.message.show_sentence(self._why)

    @Slot()
    def begin_anew(self) -> None:
        """Another project comes, and it may be one that can't run yet."""
        for label in self.parts.values():
            label.clear()
        self._why = ""
        self.hush()

    @Slot(str)
    def say(self, sentence: str) -> None:
        """Show a sentence for a while."""
        self.message.show_sentence(sentence)
        self._timer.start()

    @Slot()
    def hush(self) -> None:
        """Take back what was said: its time is over, or it is about what was done before."""
        self._timer.stop()
        self.message.show_sentence(self._why)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many figures as there is room for now."""
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """Never the reason why a window can't be narrower: figures are left out instead."""
        return QSize(self._theme.scaled(_LEAST_PX), super().minimumSizeHint().height())

    @Slot()
    def _on_theme(self) -> None:
        for name, label in self.parts.items():
            label.setFont(self._theme.font())
            self._make_room(name)
        self._fit()

    def _leave_out(self, empty: set[str]) -> None:
        if empty != self._empty:
            self._empty = empty
            self._fit()

    def _fit(self) -> None:
        shown = [name for name in self.parts if name not in self._empty]
        room = self.width() - self._theme.scaled(_MESSAGE_PX)
        for name in _LEAVING:
            if sum(self.parts[one].maximumWidth() + _BETWEEN_PX for one in shown) <= room:
                break
            if name in shown:
                shown.remove(name)
        for name, label in self.parts.items():
            label.setVisible(name in shown)

    def _make_room(self, name: str) -> None:
        """Give a part a fixed size: else each number would make Qt lay out the whole window anew."""
        metrics = self._theme.metrics()
        width = metrics.horizontalAdvance(self._widest[name]) + _ROOM_PX
        self.parts[name].setFixedSize(width, metrics.height())


def _losses(snapshot: Snapshot) -> tuple[str, str]:
    """The losses of both parts, with as many decimals as tell them apart."""
    train, test = snapshot.train_loss, snapshot.test_loss
    for decimals in range(_DECIMALS, _MOST_DECIMALS + 1):
        texts = (column(train, decimals), column(test, decimals))
        if texts[0] != texts[1] or train == test:
            break
    return texts


def _accuracy(snapshot: Snapshot) -> str:
    value = snapshot.test_accuracy if snapshot.test_accuracy is not None else snapshot.train_accuracy
    return "" if value is None else f"accuracy {100 * value:.1f} %"

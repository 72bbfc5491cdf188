"""The line at the foot of the window: where the run stands, in figures that keep their places."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QStatusBar, QWidget

from bpviz.errors import grouped
from bpviz.training.snapshot import Path, Snapshot
from bpviz.ui.numbers import column, count, duration
from bpviz.ui.theme import Theme

MESSAGE_MS: Final = 8000
_ROOM_PX: Final = 10
_ROOM_FOR_PADDING_PX: Final = 6
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
        texts = {
            "step": f"step {count(snapshot.step)}",
            "epoch": f"epoch {grouped(snapshot.epoch, '.1f')}",
            "train": f"train {column(snapshot.train_loss, 5)}",
            "test": f"test {column(snapshot.test_loss, 5)}" if snapshot.test_loss is not None else "no test",
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
        self.parts["path"].setToolTip(_ENGINES[snapshot.path][1])
        self.parts["accuracy"].setVisible(bool(texts["accuracy"]))
        self._why = snapshot.stopped or ""
        if not self._timer.isActive():
            self.message.show_sentence(self._why)

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

    @Slot()
    def _on_theme(self) -> None:
        for name, label in self.parts.items():
            label.setFont(self._theme.font())
            self._make_room(name)

    def _make_room(self, name: str) -> None:
        """Give a part a fixed size: else each number would make Qt lay out the whole window anew."""
        metrics = self._theme.metrics()
        width = metrics.horizontalAdvance(self._widest[name]) + _ROOM_PX
        self.parts[name].setFixedSize(width, metrics.height())


class Elided(QLabel):
    """A sentence that takes the room there is, ends with an ellipsis, and is whole in its tooltip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # A label as wide as a long sentence would widen the whole window.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.sentence = ""

    def show_sentence(self, sentence: str) -> None:
        """Show another sentence, or nothing."""
        if sentence != self.sentence:
            self.sentence = sentence
            self.setToolTip(sentence)
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as much as there is room for now."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = self.contentsRect().width() - _ROOM_FOR_PADDING_PX
        self.setText(self.fontMetrics().elidedText(self.sentence, Qt.TextElideMode.ElideRight, room))


def _accuracy(snapshot: Snapshot) -> str:
    value = snapshot.test_accuracy if snapshot.test_accuracy is not None else snapshot.train_accuracy
    return "" if value is None else f"accuracy {100 * value:.1f} %"

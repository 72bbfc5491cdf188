"""The line at the foot of the window: where the run stands, in figures that keep their places."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QLabel, QStatusBar, QWidget

from bpviz.training.snapshot import Snapshot
from bpviz.ui.numbers import column, count, duration
from bpviz.ui.theme import Theme

MESSAGE_MS: Final = 8000


class RunStatus(QStatusBar):
    """Step, epoch, losses, accuracy, speed, time, and at the right what happened last."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setSizeGripEnabled(False)
        self._widest: dict[str, str] = {
            "step": "step 9,999,999",
            "epoch": "epoch 99,999.9",
            "train": "train 0.00000",
            "test": "test 0.00000",
            "accuracy": "accuracy 100.0 %",
            "speed": "999,999 steps/s",
            "time": "00:00:00",
        }
        self.parts = {name: QLabel() for name in self._widest}
        for label in self.parts.values():
            self.addWidget(label)
        self.message = QLabel()
        self.addPermanentWidget(self.message, 1)
        self._why = ""
        self._timer = QTimer(self, singleShot=True, interval=MESSAGE_MS)
        self._timer.timeout.connect(self._on_timeout)
        theme.changed.connect(self._on_theme)
        self._on_theme()

    @Slot(object)
    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show where the run stands."""
        texts = {
            "step": f"step {count(snapshot.step)}",
            "epoch": f"epoch {snapshot.epoch:,.1f}",
            "train": f"train {column(snapshot.train_loss, 5)}",
            "test": f"test {column(snapshot.test_loss, 5)}" if snapshot.test_loss is not None else "no test",
            "accuracy": _accuracy(snapshot),
            "speed": f"{count(round(snapshot.steps_per_s))} steps/s" if snapshot.steps_per_s else "",
            "time": duration(snapshot.seconds),
        }
        for name, text in texts.items():
            self.parts[name].setText(text)
        self.parts["accuracy"].setVisible(bool(texts["accuracy"]))
        self._why = snapshot.stopped or ""
        if not self._timer.isActive():
            self.message.setText(self._why)

    @Slot(str)
    def say(self, sentence: str) -> None:
        """Show a sentence for a while."""
        self.message.setText(sentence)
        self.message.setToolTip(sentence)
        self._timer.start()

    @Slot()
    def _on_timeout(self) -> None:
        self.message.setText(self._why)
        self.message.setToolTip("")

    @Slot()
    def _on_theme(self) -> None:
        font, metrics = self._theme.font(), self._theme.metrics()
        for name, label in self.parts.items():
            label.setFont(font)
            label.setMinimumWidth(metrics.horizontalAdvance(self._widest[name]) + 10)


def _accuracy(snapshot: Snapshot) -> str:
    value = snapshot.test_accuracy if snapshot.test_accuracy is not None else snapshot.train_accuracy
    return "" if value is None else f"accuracy {100 * value:.1f} %"

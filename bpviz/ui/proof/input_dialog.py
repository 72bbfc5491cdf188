"""How the loss of an example changes with each input: numbers, and a picture where inputs are pixels."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from bpviz.data.images import NO_PLACES, Places
from bpviz.engine.backprop import Trace, input_gradient
from bpviz.errors import counted, grouped
from bpviz.model.compile import Compiled
from bpviz.training.input_figures import example_figure, input_figure, input_names
from bpviz.ui.numbers import column, signed
from bpviz.ui.panels.line_edits import Bounds, NumberEdit
from bpviz.ui.proof.dialog import ProofDialog
from bpviz.ui.proof.figure_box import FigureBox
from bpviz.ui.texts import name_text
from bpviz.ui.theme import Theme

_WANTED_PX: Final = QSize(460, 0)
_ROWS: Final = 40
_MOST: Final = 1_000_000
_HEADER: Final = ("Input", "As the network sees it", "∂loss/∂input")
_ABOUT: Final = (
    "The deltas of the first layers come back once more through the weights, without a slope. Where an "
    "input with a positive gradient grows, this example's loss grows; with a negative one it falls."
)


class InputDialog(ProofDialog):
    """Shows the gradient of one example's loss by its inputs.

    Signals:
        export_requested: (Figure), the user wants a picture in a file.
    """

    export_requested = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("Gradient of the inputs", "Look again", _WANTED_PX, parent)
        self._compiled: Compiled | None = None
        self._trace: Trace | None = None
        self._places = NO_PLACES
        self.example = NumberEdit(Bounds(1, _MOST, step=1, whole=True))
        self.example.setAccessibleName("Example")
        self.example.refused.connect(self.problem.say)
        self.example.committed.connect(self._on_example)
        self.of = QLabel()
        choice = QHBoxLayout()
        choice.addWidget(QLabel("Example"))
        choice.addWidget(self.example)
        choice.addWidget(self.of)
        choice.addStretch(1)
        self.layout_of_content.insertLayout(0, choice)
        self.seen, self.gradient = FigureBox(theme), FigureBox(theme)
        pictures = QHBoxLayout()
        for box in (self.seen, self.gradient):
            box.hide()
            box.export_requested.connect(self.export_requested)
            pictures.addWidget(box, 1)
        self.layout_of_content.insertLayout(2, pictures, 1)

    def show_pass(self, compiled: Compiled, trace: Trace, places: Places = NO_PLACES) -> None:
        """Show the examples of another pass, the first of them first; see `input_figure` for ``places``."""
        self._compiled, self._trace, self._places = compiled, trace, places
        self.example.show_value(1)
        self._show(0)

    @Slot()
    def _on_example(self) -> None:
        assert self._trace is not None
        count = len(self._trace.x)
        if self.example.value > count:
            self.example.refuse()
            self.problem.say(f"The coming step has {counted(count, 'example')}; choose one of them.")
        else:
            self.problem.say("")
            self._show(int(self.example.value) - 1)

    def _show(self, example: int) -> None:
        compiled, trace = self._compiled, self._trace
        assert compiled is not None
        assert trace is not None
        self.of.setText(
            f"of {grouped(len(trace.x))} of the coming step, loss {column(float(trace.losses[example]))}"
        )
        self.finish([_ABOUT])
        gradient = input_gradient(trace)[example].tolist()
        values = trace.x[example].tolist()
        figure = input_figure(compiled, trace, example, self._places)
        is_image = not figure.is_empty
        if is_image:
            self.seen.show_figure(example_figure(compiled, trace, example, self._places))
            self.gradient.show_figure(figure)
        for box in (self.seen, self.gradient):
            box.setVisible(is_image)
        cells = zip(input_names(compiled), values, gradient, strict=True)
        rows = [(name_text(name, 30), column(value), signed(slope, 6)) for name, value, slope in cells]
        self.rows.setVisible(not is_image)
        self.rows.show_rows(_HEADER, () if is_image else rows[:_ROWS])

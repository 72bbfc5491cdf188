"""*Why backpropagation is cheap*: the same gradient by three ways, and how each grows."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from bpviz.engine.forward_mode import METHODS
from bpviz.training.cost_figures import cost_figure
from bpviz.training.cost_words import HEADER, METHOD_ABOUT, TITLE, cost_rows, cost_sentences
from bpviz.training.costs import GradientCosts
from bpviz.ui.panels.form import caption
from bpviz.ui.proof.dialog import ProofDialog
from bpviz.ui.proof.figure_box import FigureBox
from bpviz.ui.texts import tip_text
from bpviz.ui.theme import Theme

_WANTED_PX: Final = QSize(860, 600)
_ABOUT: Final = (
    "The curves are of networks with dense layers between the same inputs and outputs; the dotted line is "
    "where the drawn network stands. Counted are products of a weight, slope, delta or activation with "
    "another, for one example."
)


class CostDialog(ProofDialog):
    """Shows what the gradient costs.

    Signals:
        export_requested: (Figure), the user wants a plot in a file.
    """

    export_requested = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(TITLE, "Measure again", _WANTED_PX, parent)
        self.by_depth, self.by_width = FigureBox(theme), FigureBox(theme)
        plots = QHBoxLayout()
        plots.setSpacing(16)
        for box in (self.by_depth, self.by_width):
            box.hide()
            box.export_requested.connect(self.export_requested)
            plots.addWidget(box, 1)
        self.layout_of_content.addLayout(plots, 1)
        self.about = caption(_ABOUT)
        self.about.setWordWrap(True)
        self.layout_of_content.addWidget(self.about)

    def show_costs(self, costs: GradientCosts) -> None:
        """Show another measurement."""
        self.rows.show_rows(HEADER, cost_rows(costs), [tip_text(METHOD_ABOUT[name]) for name in METHODS])
        self.finish(cost_sentences(costs))
        self.by_depth.show()
        self.by_width.show()
        self.by_depth.show_figure(cost_figure(costs.shape, "depth"))
        self.by_width.show_figure(cost_figure(costs.shape, "width"))

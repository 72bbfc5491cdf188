"""The gradient check in a dialog: the verdict in words, and the relative error of each layer and link."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from bpviz.errors import counted
from bpviz.training.check_words import check_sentences, error_text, verdict_text
from bpviz.ui.panels.form import caption
from bpviz.ui.proof.checked import Checked
from bpviz.ui.proof.dialog import ProofDialog
from bpviz.ui.texts import name_text

_WANTED_PX: Final = QSize(460, 0)
_HEADER: Final = ("Weights and biases of", "Relative error", "Verdict")
_LAYERS: Final = 40  # more of them are told by their sentences only
_KINKS: Final = 5
_ABOUT: Final = (
    "Each weight and bias is moved a little both ways, and the difference of the cost is compared with what "
    "backpropagation says."
)


class CheckDialog(ProofDialog):
    """Shows what a gradient check found."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Gradient check", "Check again", _WANTED_PX, parent)
        self.about = caption(_ABOUT)
        self.about.setWordWrap(True)
        self.layout_of_content.addWidget(self.about)
        self.layout_of_content.addStretch(1)

    def show_check(self, checked: Checked) -> None:
        """Show another check."""
        found = checked.found
        self.rows.show_rows(_HEADER, _rows(checked)[: 2 * _LAYERS])
        kinks = [f"• {sentence}" for sentence in found.kinks[:_KINKS]]
        more = len(found.kinks) - _KINKS
        kinks += [f"• and {more} more"] if more > 0 else []
        self.finish([*check_sentences(found), *(["\n".join(kinks)] if kinks else [])])
        self.about.setText(f"{_ABOUT} On {counted(checked.examples, 'example')}, in double precision.")


def _rows(checked: Checked) -> list[tuple[str, str, str]]:
    """One row a layer; where several links lead into it, one for each of them beneath."""
    plan, found = checked.compiled.plan, checked.found
    rows = []
    for at, judged in enumerate(found.layers, start=1):
        rows.append((name_text(plan.layers[at].name, 40), error_text(judged), verdict_text(judged)))
        links = plan.incoming[at]
        if len(links) > 1:
            for k in links:
                source = name_text(plan.layers[plan.links[k].source].name, 40)
                link = found.links[k]
                rows.append((f"    weights from {source}", error_text(link), verdict_text(link)))
    return rows

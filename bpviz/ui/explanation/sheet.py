"""What an explanation is shown on: trail, heading, choices, formula, notes, under each other."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from bpviz.errors import grouped
from bpviz.training.quantities import QUANTITIES, Ref
from bpviz.ui.explanation.blanks import Blanks
from bpviz.ui.explanation.content import Content, Table
from bpviz.ui.explanation.flow import FlowLayout
from bpviz.ui.explanation.gaps import Gaps
from bpviz.ui.explanation.options import Options, OptionsMenu
from bpviz.ui.explanation.topics import Topic
from bpviz.ui.explanation.trail import Trail
from bpviz.ui.explanation.view import FormulaView
from bpviz.ui.texts import breakable, tip_text
from bpviz.ui.theme import Theme

_EDGE_PX: Final = 16
_BUTTON_PX: Final = 24
_ICON_PX: Final = 16
_TEXT_PX: Final = 6
_HIDES: Final = "Hide the numbers of this page and work them out yourself (Shift+H; H hides one)"
_SHOWS: Final = "Show what is hidden (Shift+H; Escape shows one)"
_NOTHING: Final = "Select a node, a connection or a layer; without one, the loss is explained here."


class Sheet(QWidget):
    """Shows one explanation.

    Signals:
        chosen: (int), one of the topic's choices.
        example_chosen: (int or None), an example of the batch; None for all of them.
        unfold_wanted: All terms are to be written out.

    Attributes:
        menu: How formulas are written.
        trail: The way here.
        heading: The number in words.
        moment: Of which step and example it is.
        example: Chooses one; 0 stands for all.
        view: The formula.
        blanks: The fields in it.
        more: Writes out what is folded.
        guess: Hides the numbers of the page, or shows them again.
        verdict: What came of a number that was typed.
        notes: Sentences.
    """

    chosen = Signal(int)
    example_chosen = Signal(object)
    unfold_wanted = Signal()

    def __init__(self, theme: Theme, options: Options, parent: QWidget) -> None:
        super().__init__(parent)
        self.menu = OptionsMenu(options, self)
        self.trail = Trail()
        self.heading, self.moment, self.notes, self.verdict = QLabel(), QLabel(), QLabel(), QLabel()
        self.heading.setProperty("look", "title")
        self.moment.setProperty("look", "field")
        for label in (self.heading, self.moment, self.notes, self.verdict):
            label.setWordWrap(True)
        self.notes.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.example = QSpinBox()
        self.example.setPrefix("Example ")
        self.example.setAccessibleName("Which example")
        self.example.setToolTip("One example of the batch, or all of them")
        self.example.lineEdit().setTextMargins(_TEXT_PX, 0, _TEXT_PX, 0)
        self.example.setKeyboardTracking(False)
        self.example.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.example.valueChanged.connect(self._on_example)
        self.view = FormulaView(theme)
        self.blanks = Blanks(self.view, theme)
        self.more, self.guess = QPushButton(), QPushButton()
        for button in (self.more, self.guess):
            button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.more.clicked.connect(self.unfold_wanted)
        self.guess.clicked.connect(self._on_guess)
        self._choices = QWidget()
        self._flow = FlowLayout(self._choices, gap_px=4)
        self._hides = True
        self._group, self._buttons = QButtonGroup(self), list[QToolButton]()
        self._offered: Topic | None = None
        self._settings = QToolButton()
        self._settings.setProperty("look", "quiet")
        self._settings.setToolTip("Notation, digits and copying")
        self._settings.setAccessibleName("Notation, digits and copying")
        self._settings.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._settings.setMenu(self.menu)
        theme.size(self._settings, _BUTTON_PX, _BUTTON_PX, icon=_ICON_PX)
        theme.show_icon(self._settings, "settings", "secondary")
        self._lay_out()

    @property
    def choices(self) -> list[QToolButton]:
        """The buttons of the numbers on offer, in order."""
        return self._buttons[: len(self._offered.choices)] if self._offered is not None else []

    def show_nothing(self) -> None:
        """There is no step to explain yet."""
        self.trail.show_words([])
        self._offered = None
        self._choices.hide()
        self.example.hide()
        self._say("Explanation", _NOTHING, "")
        self.view.hide()
        self.guess.hide()

    def show_choices(self, topic: Topic, chosen: Sequence[Ref]) -> None:
        """Offer a topic's numbers."""
        if topic != self._offered:
            self._offered = topic
            self._fill(topic)
        self._choices.setVisible(len(topic.choices) > 1)
        for button, choice in zip(self.choices, topic.choices, strict=True):
            keys = {choice.key, "mean_loss"} if choice.key == "loss" else {choice.key}
            button.setChecked(bool(chosen) and chosen[0].key in keys and chosen[0].place == choice.place)

    def show_examples(self, count: int, example: int | None) -> None:
        """Offer the examples of a batch; a single one leaves no choice."""
        self.example.setVisible(count > 1)
        with QSignalBlocker(self.example):
            self.example.setRange(0, count)
            self.example.setSuffix(f" of {grouped(count)}")
            self.example.setSpecialValueText(f"Mean of {grouped(count)}")
            self.example.setValue(0 if example is None else example + 1)

    def show_content(self, heading: str, moment: str, content: Content, *, anew: bool) -> None:
        """Show a derivation, of something else than before or as it stands now."""
        self._say(f"{heading} {content.result}".rstrip(), moment, "\n".join(content.notes))
        self.view.show_page(
            content.page, frozenset(content.refs), content.terms, content.plain, content.gaps, anew=anew
        )
        self.view.show()
        self._offer_guesses(content.gaps)
        self.more.setText(f"Write out more terms ({grouped(content.rest)} left)")
        self.more.setVisible(content.rest > 0)

    def show_table(self, heading: str, moment: str, table: Table, *, anew: bool) -> None:
        """Show numbers of several nodes."""
        self._say(heading, moment, "")
        self.view.show_page(table.page, frozenset(table.refs), {}, table.plain, table.gaps, anew=anew)
        self.view.show()
        self._offer_guesses(table.gaps)
        self.more.setText(f"Show more nodes ({grouped(table.more)} left)")
        self.more.setVisible(table.more > 0)

    def show_unknown(self, heading: str, sentence: str) -> None:
        """Say that a number is not computed yet."""
        self._say(heading, sentence, "")
        self.view.hide()
        self.guess.hide()

    def say_verdict(self, sentence: str, *, right: bool = False) -> None:
        """Say what came of a number that was typed; nothing takes the sentence before away."""
        self.verdict.setText(breakable(f"✓ {sentence}" if right else sentence))
        self.verdict.setVisible(bool(sentence))

    def _offer_guesses(self, gaps: Gaps) -> None:
        self._hides = not gaps.masked
        self.guess.setText("Check my numbers" if self._hides else "Show all numbers")
        self.guess.setToolTip(_HIDES if self._hides else _SHOWS)
        self.guess.setVisible(bool(gaps.open))

    @Slot()
    def _on_guess(self) -> None:
        (self.blanks.hide_wanted if self._hides else self.blanks.reveal_wanted).emit(None)

    def _say(self, heading: str, moment: str, notes: str) -> None:
        self.heading.setText(breakable(heading))
        self.moment.setText(moment)
        self.notes.setText(breakable(notes))
        self.notes.setVisible(bool(notes))
        self.more.hide()

    def _fill(self, topic: Topic) -> None:
        """Let buttons say other letters: to make new ones takes longer than a frame."""
        while len(self._buttons) < len(topic.choices):
            button = QToolButton()
            button.setProperty("look", "chip")
            button.setCheckable(True)
            button.clicked.connect(partial(self.chosen.emit, len(self._buttons)))
            self._group.addButton(button)
            self._flow.addWidget(button)
            self._buttons.append(button)
        for button, choice in zip(self._buttons, topic.choices, strict=False):
            button.setText(choice.letter)
            label = QUANTITIES[choice.key].label
            button.setToolTip(tip_text(label))
            button.setAccessibleName(label)
        for at, button in enumerate(self._buttons):
            button.setVisible(at < len(topic.choices))

    def _lay_out(self) -> None:
        content = QWidget()
        content.setProperty("look", "panel")
        column = QVBoxLayout(content)
        column.setContentsMargins(_EDGE_PX, 8, _EDGE_PX, _EDGE_PX)
        column.setSpacing(8)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.trail, 1)
        top.addWidget(self._settings, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(top)
        column.addWidget(self._choices)
        column.addSpacing(4)
        column.addWidget(self.heading)
        column.addWidget(self.moment)
        column.addWidget(self.example, 0, Qt.AlignmentFlag.AlignLeft)
        column.addSpacing(4)
        column.addWidget(self.view)
        column.addWidget(self.verdict)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.more)
        buttons.addWidget(self.guess)
        buttons.addStretch(1)
        column.addLayout(buttons)
        column.addSpacing(4)
        column.addWidget(self.notes)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        # A page that is lower where it is narrower would show and hide the bar for ever.
        scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(content)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll)
        outer = self.parentWidget()
        assert outer is not None
        around = QVBoxLayout(outer)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self)

    @Slot(int)
    def _on_example(self, value: int) -> None:
        self.example_chosen.emit(value - 1 if value else None)

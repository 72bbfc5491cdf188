"""The panel: how the number that is looked at comes about, and the way down to what it is made of."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QElapsedTimer, QEvent, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QHideEvent, QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QWidget

from bpviz.errors import SettingError, grouped
from bpviz.training.passes import Pass
from bpviz.training.quantities import Ref
from bpviz.training.snapshot import Snapshot
from bpviz.ui.document import Document, Selection
from bpviz.ui.explanation.content import Content, Table, content_of, table_of
from bpviz.ui.explanation.copying import one_copied, pass_copied
from bpviz.ui.explanation.guessing import Mask
from bpviz.ui.explanation.learner import Learner
from bpviz.ui.explanation.moment import Moment
from bpviz.ui.explanation.options import FILE, PICTURE, Options, remember, remembered
from bpviz.ui.explanation.pictures import pictures, to_copy
from bpviz.ui.explanation.sheet import Sheet
from bpviz.ui.explanation.topics import places_in
from bpviz.ui.explanation.way import Way
from bpviz.ui.explanation.words import heading_of, moment_words, trail_word, unknown_words
from bpviz.ui.preferences import Preferences
from bpviz.ui.texts import name_text
from bpviz.ui.theme import Theme

_MORE: Final = 100
"""So many terms or nodes are written out at a time; layers can be thousands wide."""
_ROWS: Final = 40
_BETWEEN_MS: Final = 250
"""Between two refreshes while a run plays; a phase that somebody steps to is shown at once."""


class ExplanationPanel(QWidget):
    """Explains what is selected.

    Signals:
        wants_changed: (frozenset), what it needs from snapshots.
        lit: (Selection), what of the picture the term under the pointer goes through.
        said: (str), a sentence on what was copied, or why it could not be.
        drawn: (dict), a picture to be saved, by suffix of a file what belongs into it.

    Attributes:
        sheet: What it is shown on.
        learner: Who works numbers out.
    """

    wants_changed = Signal(object)
    lit = Signal(object)
    said = Signal(str)
    drawn = Signal(object)

    def __init__(
        self, document: Document, theme: Theme, preferences: Preferences, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._document, self._preferences = document, preferences
        self._way = Way()
        self._snapshot: Snapshot | None = None
        self._more = 0
        self._in_sight = True
        self._wanted = frozenset[str]()
        self._shown: Content | Table | None = None
        self._kept: tuple[tuple[Pass, Ref, Options, int, Mask], Content] | None = None
        self._options = remembered(preferences)
        self._since = QElapsedTimer()
        self._later = QTimer(self, singleShot=True)
        self._later.timeout.connect(self._take)
        self.sheet = Sheet(theme, self._options, self)
        self.learner = Learner(self.sheet, self)
        self.learner.write_minus_delta(self._options.minus_delta)
        self.setFocusProxy(self.sheet.view)
        self._connect()
        self.sheet.show_nothing()

    @property
    def wants(self) -> frozenset[str]:
        """What it needs from snapshots: nothing while it is out of sight."""
        return frozenset({"trace", "parameters"}) if self._seen else frozenset()

    @property
    def _seen(self) -> bool:
        return self._in_sight and self.isVisible()

    @property
    def way(self) -> Way:
        """Where one stands."""
        return self._way

    @property
    def shown(self) -> Content | Table | None:
        """What stands on the sheet; None where nothing is known."""
        return self._shown

    @Slot(object)
    def show_selection(self, selection: Selection) -> None:
        """Explain something else."""
        self._way.select(selection)
        self._show(anew=True)

    @Slot(object)
    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Take the numbers of another moment; a run that plays brings more of them than can be read."""
        self._snapshot = snapshot
        if not self._seen:
            return
        waited = self._since.elapsed() if self._since.isValid() else _BETWEEN_MS
        if waited >= _BETWEEN_MS or snapshot.cursor is not None:
            self._take()
        elif not self._later.isActive():
            self._later.start(_BETWEEN_MS - waited)

    @Slot()
    def begin_anew(self) -> None:
        """Another project comes: nothing of this one is explained any more."""
        self._later.stop()
        self._way = Way()
        self._snapshot = self._shown = self._kept = None
        self.sheet.show_nothing()
        self.learner.begin_anew()

    @Slot(object)
    def point_at(self, pointed: Selection) -> None:
        """Mark the term that goes through what is pointed at in the picture."""
        content, moment = self._shown, self._way.moment
        leaves: set[int] = set()
        if content is not None and moment is not None and pointed:
            for leaf, ref in content.refs.items():
                here = places_in(moment, [ref.place])
                if pointed.pairs & here.pairs or pointed.nodes & here.nodes:
                    leaves.add(leaf)
        if isinstance(content, Content):
            terms = {content.terms[leaf] for leaf in leaves}
            leaves = {leaf for leaf in content.refs if content.terms[leaf] in terms}
        self.sheet.view.light(frozenset(leaves))

    @Slot(bool)
    def set_in_sight(self, in_sight: bool) -> None:
        """Be seen, or not: behind another tab a panel is still shown as far as Qt is concerned."""
        self._in_sight = in_sight
        self.sheet.setEnabled(in_sight)  # else the keys would go there
        self._follow_sight()

    def showEvent(self, event: QShowEvent) -> None:
        """Ask for numbers again."""
        super().showEvent(event)
        self._follow_sight()

    def event(self, event: QEvent) -> bool:
        """Copying means the formula here and nodes in the window; as a key of both it would do nothing."""
        if event.type() == QEvent.Type.ShortcutOverride and _copies(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _copies(event):
            self._on_copy("text", False)
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Ask for nothing while hidden."""
        super().hideEvent(event)
        self._follow_sight()

    def _follow_sight(self) -> None:
        if self.wants == self._wanted:
            return
        self._wanted = self.wants
        self.wants_changed.emit(self._wanted)
        if not self._seen:
            self._later.stop()
            self.learner.rest()
            self.lit.emit(Selection())
        elif self._snapshot is not None and self._snapshot.trace is not None:
            self._take()

    def _connect(self) -> None:
        sheet = self.sheet
        sheet.view.followed.connect(self._on_followed)
        sheet.view.pointed.connect(self._on_pointed)
        sheet.view.back_wanted.connect(lambda: self._on_trail(len(self._way.trail) - 1))
        sheet.trail.wanted.connect(self._on_trail)
        sheet.chosen.connect(self._on_chosen)
        sheet.example_chosen.connect(self._on_example)
        sheet.unfold_wanted.connect(self._on_unfold)
        sheet.menu.chosen.connect(self._on_options)
        sheet.menu.copy_wanted.connect(self._on_copy)
        self.learner.changed.connect(lambda: self._show(anew=False))

    @Slot()
    def _take(self) -> None:
        """Look at the numbers at hand; what is the same is not explained again."""
        if self._snapshot is None:
            return
        before = self._way.moment
        moment = Moment.of(self._snapshot, before)
        anew = self._way.come_to(moment)
        self._since.start()
        self.learner.follow(moment)
        if moment is None:
            self._shown = None
            self.sheet.show_nothing()
        elif moment != before:
            self._show(anew=anew)

    def _show(self, *, anew: bool) -> None:
        way, sheet = self._way, self.sheet
        moment, topic, ref = way.moment, way.topic, way.ref
        if moment is None or topic is None:
            return
        if anew:
            self._more = 0
            self.learner.turn_page()
        sheet.trail.show_words([name_text(topic.title), *(trail_word(moment, at) for at in way.trail)])
        sheet.show_choices(topic, way.trail[:1])
        sheet.show_examples(moment.made.examples, way.example)
        words = moment_words(moment, ref, way.example)
        if ref is None:
            rows, mask = _ROWS + self._more, self.learner.mask
            self._shown = table_of(moment, topic, way.example, self._options, rows, mask)
            sheet.show_table(f"{grouped(len(topic.nodes))} nodes", words, self._shown, anew=anew)
        elif not moment.knows(ref):
            self._shown = None
            sheet.show_unknown(heading_of(moment, ref, self._options), unknown_words(moment, ref))
        elif (content := self._content(moment, ref)) is self._shown:  # in a walk through its own step
            sheet.moment.setText(words)
        else:
            self._shown = content
            sheet.show_content(heading_of(moment, ref, self._options), words, content, anew=anew)

    def _content(self, moment: Moment, ref: Ref) -> Content:
        """Explain a number; what was explained last is kept, since whoever walks sees it again and again."""
        key = (moment.made, ref, self._options, self._more, self.learner.mask)
        if self._kept is None or self._kept[0] != key:
            fold = self._options.fold + self._more
            self._kept = (key, content_of(moment, ref, self._options, fold, self.learner.mask))
        return self._kept[1]

    @Slot(int)
    def _on_followed(self, leaf: int) -> None:
        if self._shown is not None and leaf in self._shown.refs:
            self._way.follow(self._shown.refs[leaf])
            self._show(anew=True)

    @Slot(int)
    def _on_trail(self, at: int) -> None:
        """Go back to a word of the trail; the first is the topic."""
        self._way.go_back_to(at)
        self._show(anew=True)

    @Slot(int)
    def _on_chosen(self, at: int) -> None:
        if self._way.topic is not None:
            self._way.choose(self._way.topic.choices[at])
            self._show(anew=True)

    @Slot(object)
    def _on_example(self, example: int | None) -> None:
        self._way.look_at(example)
        self._show(anew=True)

    @Slot()
    def _on_unfold(self) -> None:
        self._more += _MORE
        self._show(anew=False)

    @Slot(object)
    def _on_options(self, options: Options) -> None:
        self._options = options
        remember(self._preferences, options)
        self.learner.write_minus_delta(options.minus_delta)
        self._show(anew=False)

    @Slot(object)
    def _on_pointed(self, leaf: int | None) -> None:
        content, moment = self._shown, self._way.moment
        if content is None or moment is None or leaf is None or leaf not in content.refs:
            self.lit.emit(Selection())
        elif isinstance(content, Table):
            self.lit.emit(places_in(moment, [content.refs[leaf].place]))
        else:
            self.lit.emit(places_in(moment, content.paths[content.terms[leaf]]))

    @Slot(str, bool)
    def _on_copy(self, kind: str, whole: bool) -> None:
        moment, shown = self._way.moment, self._shown
        if moment is None or not (whole or shown is not None):
            self.said.emit("There is nothing to copy yet.")
            return
        if shown is not None and kind == FILE:
            self.drawn.emit(pictures(shown.page, shown.gaps))
            return
        clipboard, mask = QGuiApplication.clipboard(), self.learner.mask
        try:
            if whole:
                title = f"{name_text(self._document.title)}, step {moment.step}"
                clipboard.setText(pass_copied(moment, title, self._options, kind, mask))
            elif shown is not None and kind == PICTURE:
                clipboard.setMimeData(to_copy(pictures(shown.page, shown.gaps)))
            elif self._way.ref is not None:
                clipboard.setText(one_copied(moment, self._way.ref, self._options, kind, mask))
            elif shown is not None:
                clipboard.setText(shown.plain)
        except SettingError as error:
            self.said.emit(str(error))
            return
        self.said.emit("Copied the whole pass." if whole else "Copied.")


def _copies(event: QEvent) -> bool:
    return isinstance(event, QKeyEvent) and event.matches(QKeySequence.StandardKey.Copy)

"""`LiveCommands`: the table of commands as actions of one window, true while it is used."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtGui import Qt as RichText
from PySide6.QtWidgets import QWidget

from bpviz.ui.commands.bringing import bring_in
from bpviz.ui.commands.command import Command, Entry, Toolbar
from bpviz.ui.commands.table import COMMANDS
from bpviz.ui.commands.workshop import Workshop
from bpviz.ui.keys import Keys, show_keys, shown
from bpviz.ui.texts import tip_text, unmarked


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing that can be done, as a list shows it.

    Attributes:
        label: What it is called.
        about: What it does.
        run: Does it.
        menu: Where it stands otherwise.
        keys: As menus show them.
        why_not: Why it can't be done now; empty when it can.
        part: It is one of several things that a command does.
    """

    label: str
    about: str
    run: Callable[[], object]
    menu: str = ""
    keys: str = ""
    why_not: str = ""
    part: bool = False


class LiveCommands(QObject):
    """Makes every action of the table, and says of each what it is called and why it can't be done.

    Signals:
        refreshed: Titles, marks or reasons may be others.

    Attributes:
        actions: By name.
        keys: In force.
    """

    refreshed = Signal()

    def __init__(self, window: QWidget, shop: Workshop, keys: Keys) -> None:
        """Make the actions.

        Args:
            window: Who owns them; their keys work anywhere in it.
            shop: What they work with.
            keys: Which keys they have.
        """
        super().__init__(window)
        self._window, self._shop, self.keys = window, shop, keys
        self._groups: dict[str, QActionGroup] = {}
        self._described: dict[str, tuple[str, str]] = {}
        self._doing = False
        self._later = QTimer(self, interval=0, singleShot=True)
        self._later.timeout.connect(self._refresh_now)
        self.actions = {command.name: self._made(command) for command in COMMANDS.values()}
        keys.changed.connect(self._show_keys)
        shop.files.foreign.connect(partial(bring_in, shop))
        self._show_keys()

    def of_part(self, part: Toolbar) -> list[QAction]:
        """The actions of a part of the toolbar."""
        return [self.actions[command.name] for command in COMMANDS.values() if command.toolbar == part]

    def why_not(self, name: str) -> str:
        """Why a command can't be done now; empty when it can."""
        return self._why_not(COMMANDS[name], self._locked)

    @property
    def _locked(self) -> str:
        """Why what is selected can't be changed, whatever the command: something of it is locked."""
        return self._shop.desk.editor.locked_refusal(self._shop.desk.selection)

    def _why_not(self, command: Command, locked: str) -> str:
        if command.changes and locked:
            return locked
        return command.why_not(self._shop) if command.why_not is not None else ""

    def entries(self, name: str) -> list[Entry]:
        """What a command with several offers now; each gives up a gesture first, as commands do."""
        command = COMMANDS[name]
        if command.entries is None or self.why_not(name):
            return []
        return [
            Entry(one.label, one.about, partial(self._do, one.run), one.checked)
            for one in command.entries(self._shop)
        ]

    def offers(self) -> Iterator[Offer]:
        """List all that can be done, each entry of a command by itself."""
        for command in COMMANDS.values():
            action, why_not = self.actions[command.name], self.why_not(command.name)
            if not command.menu:  # keys that lead through the picture, which nobody looks for by words
                continue
            if command.entries is None or why_not:
                keys = self.keys.text(command.name)
                label = unmarked(action.text()) if command.title is not None else command.plain
                yield Offer(label, command.about, action.trigger, command.menu, keys, why_not)
                continue
            for one in self.entries(command.name):
                yield Offer(f"{command.plain}: {one.label}", one.about, one.run, command.menu, part=True)

    @Slot()
    def refresh(self) -> None:
        """Say again what each is called, whether it is in force, and why it can't be done.

        What a command does brings several reasons to; they are heard together when it is done, or, where it
        asks something in a dialog, meanwhile.  So does every edit, the last of which is that it is history.
        """
        if self._shop.desk.document.turning:
            return
        if self._doing:
            self._later.start()
        else:
            self._refresh_now()

    @Slot()
    def _refresh_now(self) -> None:
        self._later.stop()
        locked = self._locked  # looked up once: there may be thousands of nodes
        for command in COMMANDS.values():
            action, why_not = self.actions[command.name], self._why_not(command, locked)
            if command.title is not None:
                action.setText(command.title(self._shop))
            if command.checked is not None:
                action.setChecked(command.checked(self._shop))
            action.setEnabled(not why_not)
            self._describe(command, action, why_not)
        self.refreshed.emit()

    def _made(self, command: Command) -> QAction:
        action = QAction(command.label, self._window)
        action.setObjectName(command.name)
        if command.icon:
            self._shop.theme.show_icon(action, command.icon)
        action.setCheckable(command.checked is not None)
        if command.choice:
            self._group(command.choice).addAction(action)
        if command.run is not None:
            run = partial(command.run, self._shop)
            action.triggered.connect(lambda *_: self._do(run))
            if command.menu == "Run":
                action.triggered.connect(self._shop.canvas.watch)
        if command.on_network:
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            self._shop.canvas.addAction(action)
        else:
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
            self._window.addAction(action)
        return action

    def _group(self, choice: str) -> QActionGroup:
        """The actions of one choice, of which none is in force while another quantity is shown."""
        if choice not in self._groups:
            self._groups[choice] = group = QActionGroup(self)
            group.setExclusionPolicy(QActionGroup.ExclusionPolicy.ExclusiveOptional)
        return self._groups[choice]

    def _do(self, run: Callable[[], object]) -> None:
        self._shop.canvas.give_up()  # no command meets a gesture half done
        before, self._doing = self._doing, True
        try:
            run()
        finally:
            self._doing = before
        self._refresh_now()

    @Slot()
    def _show_keys(self) -> None:
        for name, action in self.actions.items():
            action.setShortcuts([QKeySequence(keys) for keys in self.keys.of(name)])
        show_keys(self._window, self.keys)
        self._described.clear()
        self.refresh()

    def _describe(self, command: Command, action: QAction, why_not: str) -> None:
        about = unmarked(action.text()) if command.title is not None and not why_not else command.about
        if self._described.get(command.name) == (about, why_not):
            return
        self._described[command.name] = (about, why_not)
        keys = shown(next(iter(self.keys.of(command.name)), ""))
        tip = f"{about} ({keys})" if keys else about
        tip = f"{tip}. {why_not}" if why_not else tip
        tip = tip_text(tip) if RichText.mightBeRichText(tip) else tip
        action.setToolTip(tip)
        action.setStatusTip("")

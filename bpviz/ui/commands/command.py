"""`Command`: everything about one command in one place."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from bpviz.ui.commands.workshop import Workshop
from bpviz.ui.texts import unmarked

MENUS: Final = ("File", "Edit", "Select", "Network", "Run", "View", "Window", "Help")

Context: TypeAlias = Literal["node", "pair", "layer", "empty"]
"""What a context menu of the network is about."""
Toolbar: TypeAlias = Literal["", "files", "edits", "run", "steps", "views"]
"""A part of the toolbar."""

NETWORK: Final[tuple[Context, ...]] = ("node", "pair", "layer")


@dataclass(frozen=True, slots=True)
class Entry:
    """One of the things that a command with several does.

    Attributes:
        label: What its menu shows.
        about: As a tooltip.
        run: Does it.
        checked: Whether it is in force; None where that means nothing.
    """

    label: str
    about: str
    run: Callable[[], object]
    checked: bool | None = None


@dataclass(frozen=True, slots=True)
class Command:
    """One command.

    Attributes:
        name: Key in preferences and in tests; never renamed.
        label: What menus show, with an & before the letter that opens it.
        about: What it does, as a tooltip; its keys are added.
        run: Does it; None for one with `entries`.
        entries: What its own menu offers, made whenever that opens.
        keys: Separated by spaces; empty for none.
        icon: Picture of ``resources/icons``; empty for none, as for a choice: it would hide the mark.
        menu: Of the menu bar; empty for none.
        group: Entries of one group stand together, with a line to the next.
        contexts: Context menus of the network in which it stands, too.
        toolbar: Part of the toolbar in which it stands.
        choice: Of those with the same choice, one is in force at a time.
        checked: Whether it is in force; None for one that only does something.
        why_not: Why it can't be done now, a sentence; empty when it can.
        title: What it is called just now, where that differs.
        on_network: Its keys work only where the network has the focus, as other places need them.
        alone: What lists call it that show it away from its menu, where its label says too little there.
        changes: It changes what is selected, and can't while something of that is locked.
    """

    name: str
    label: str
    about: str
    run: Callable[[Workshop], object] | None = None
    entries: Callable[[Workshop], Iterable[Entry]] | None = None
    keys: str = ""
    icon: str = ""
    menu: str = ""
    group: int = 0
    contexts: tuple[Context, ...] = ()
    toolbar: Toolbar = ""
    choice: str = ""
    checked: Callable[[Workshop], bool] | None = None
    why_not: Callable[[Workshop], str] | None = None
    title: Callable[[Workshop], str] | None = None
    on_network: bool = False
    alone: str = ""
    changes: bool = False

    @property
    def plain(self) -> str:
        """The label without the mark of its letter, as lists show it, which have no menu around it."""
        return self.alone or unmarked(self.label)

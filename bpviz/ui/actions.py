"""Every command of the window as one table: menus, toolbar, shortcuts and tooltips follow from it.

To add a command, add an entry here and a handler of the same name in `bpviz.ui.main_window`.  Its keys are
none that desktops keep for themselves: none with Alt, no function keys with Ctrl.  A single letter works
wherever no text is typed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtGui import Qt as RichText
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from bpviz.registry import Registry
from bpviz.ui.texts import tip_text

MENUS: Final = ("File", "Edit", "Run", "View", "Window", "Help")


@dataclass(frozen=True, slots=True)
class ActionEntry:
    """One command.

    Attributes:
        name: Key; the handler has the same.
        label: What menus show, with an & before the letter that opens it.
        about: What it does, as a tooltip; the shortcut is added.
        menu: Where it stands.
        group: Entries of one group stand together, with a line to the next.
        shortcut: Keys, separated by semicolons; empty for none.
        icon: Picture of ``resources/icons``; empty for none, as for a choice: it would hide the mark.
        submenu: It opens a menu that the window fills.
        choice: It stays checked; of those with the same choice, one at a time.
    """

    name: str
    label: str
    about: str
    menu: str
    group: int
    shortcut: str = ""
    icon: str = ""
    submenu: bool = False
    choice: str = ""


ACTIONS: Final = Registry(
    "command",
    ActionEntry("new", "&New", "Begin with an empty sheet", "File", 0, "Ctrl+N", "new"),
    ActionEntry("examples", "Open &example", "Networks ready to play", "File", 0, submenu=True),
    ActionEntry("open", "&Open…", "Open a project, a .bpviz file", "File", 0, "Ctrl+O", "open"),
    ActionEntry("recent", "Open &recent", "Projects opened or saved lately", "File", 0, submenu=True),
    ActionEntry(
        "open_data", "Open &data…", "Learn from your own table, a CSV file", "File", 0, "Ctrl+D", "table"
    ),
    ActionEntry("save", "&Save", "Save the project with its trained state", "File", 1, "Ctrl+S", "save"),
    ActionEntry("save_as", "Save &as…", "Save the project under another name", "File", 1, "Ctrl+Shift+S"),
    ActionEntry(
        "export_weights",
        "Export &weights…",
        "Write the trained network as .npz, .safetensors, .json or .csv",
        "File",
        2,
        "Ctrl+E",
        "export",
    ),
    ActionEntry(
        "export_plot",
        "Export &plot",
        "Write a plot as PNG, SVG or PDF, or its numbers as CSV",
        "File",
        2,
        "",
        "chart",
        submenu=True,
    ),
    ActionEntry(
        "export_network",
        "Export net&work picture…",
        "Write the drawing of the network as PNG, SVG or PDF",
        "File",
        2,
        "",
        "network",
    ),
    ActionEntry("preferences", "Pre&ferences…", "Theme and motion", "File", 3, "Ctrl+,", "settings"),
    ActionEntry("quit", "&Quit", "Close bpviz", "File", 3, "Ctrl+Q", "quit"),
    ActionEntry("undo", "&Undo", "Take back the last edit", "Edit", 0, "Ctrl+Z", "undo"),
    ActionEntry("redo", "&Redo", "Do again what was taken back", "Edit", 0, "Ctrl+Shift+Z;Ctrl+Y", "redo"),
    ActionEntry("delete", "&Delete", "Remove what is selected", "Edit", 1, "Del;Backspace", "delete"),
    ActionEntry(
        "add_layer",
        "Add &layer",
        "Insert a hidden layer before the output; on an empty sheet the inputs first, then the outputs",
        "Edit",
        1,
        "",
        "add-layer",
    ),
    ActionEntry(
        "edit_examples",
        "E&xamples…",
        "See every example as a row of a table, and type in your own",
        "Edit",
        1,
        "Ctrl+T",
        "table",
    ),
    ActionEntry(
        "arrange", "&Arrange", "Put all layers and nodes of the picture in order", "Edit", 1, "Ctrl+L"
    ),
    ActionEntry("play", "&Play", "Train until paused", "Run", 0, "Space", "play"),
    ActionEntry(
        "reset",
        "&Reset",
        "Stand at the start again; the curves of this run stay as faint lines",
        "Run",
        0,
        "Ctrl+R",
        "reset",
    ),
    ActionEntry(
        "step_epoch",
        "Step one &epoch",
        "Train to the end of this epoch; in the past, show it",
        "Run",
        1,
        "Ctrl+Shift+Right;Ctrl+Shift+N",
    ),
    ActionEntry(
        "step_batch",
        "Step one &batch",
        "Make one update of the weights; in the past, show it",
        "Run",
        1,
        "Ctrl+Right;Shift+N",
        "step",
    ),
    ActionEntry("step_example", "Step one e&xample", "Show the next example of this batch", "Run", 1, "X"),
    ActionEntry(
        "step_phase",
        "Step one p&hase",
        "One part of a step: a layer forward, the loss, a layer backward, the update",
        "Run",
        1,
        "N",
    ),
    ActionEntry(
        "step_back", "Phase bac&k", "Back to the phase before, as far as you like", "Run", 2, "B", "back"
    ),
    ActionEntry("batch_back", "Bat&ch back", "Show the step before", "Run", 2, "Ctrl+Left;Shift+B"),
    ActionEntry(
        "epoch_back",
        "Epoc&h back",
        "Show where this epoch began, or the one before",
        "Run",
        2,
        "Ctrl+Shift+Left;Ctrl+Shift+B",
    ),
    ActionEntry("to_start", "To the &start", "Show the first step of the run", "Run", 2, "Ctrl+Home"),
    ActionEntry("to_end", "To the en&d", "Stand where the run goes on", "Run", 2, "Ctrl+End"),
    ActionEntry(
        "play_phases",
        "Pla&y phases",
        "Go on phase by phase, slowly enough to be seen; from the past without leaving it",
        "Run",
        3,
        "P",
        "phase-play",
    ),
    ActionEntry("first_phase", "F&irst phase", "To where the examples of this step enter", "Run", 3, "I"),
    ActionEntry("last_phase", "&Update", "To the last phase of this step, which makes it", "Run", 3, "U"),
    ActionEntry(
        "previous_example",
        "Pre&vious example",
        "Look at the example before, in the same phase; before the first one at the whole batch",
        "Run",
        3,
        ",",
    ),
    ActionEntry(
        "next_example",
        "Nex&t example",
        "Look at the next example of the batch, in the same phase",
        "Run",
        3,
        ".",
    ),
    ActionEntry(
        "next_breakpoint",
        "To the &next breakpoint",
        "Walk on until a breakpoint stops the walk",
        "Run",
        4,
        "K",
    ),
    ActionEntry(
        "breakpoints", "Breakp&oints…", "At which numbers a walk stops by itself", "Run", 4, "Shift+K"
    ),
    ActionEntry(
        "check_gradient",
        "Check &gradient",
        "Compare backpropagation's gradient with differences of the cost, layer by layer",
        "Run",
        5,
        "",
        "check",
    ),
    ActionEntry(
        "input_gradient",
        "Gradient of the &inputs",
        "How the loss of an example changes with each input; a picture where inputs are pixels",
        "Run",
        5,
    ),
    ActionEntry("faster", "&Faster", "Play at the next faster speed", "Run", 6, "Ctrl+Up"),
    ActionEntry("slower", "S&lower", "Play at the next slower speed", "Run", 6, "Ctrl+Down"),
    ActionEntry("view_weights", "&Weights", "Color links by their weight", "View", 0, "W", choice="view"),
    ActionEntry(
        "view_gradients", "&Gradients", "Color links by their gradient", "View", 0, "G", choice="view"
    ),
    ActionEntry("view_deltas", "&Deltas", "Color nodes by their delta", "View", 0, "D", choice="view"),
    ActionEntry(
        "view_activations", "&Activations", "Color nodes by what they put out", "View", 0, "A", choice="view"
    ),
    ActionEntry(
        "view_outputs", "&Outputs", "Show each node's output over the plane", "View", 0, "O", choice="view"
    ),
    ActionEntry("more_views", "&More numbers", "Show another quantity of a step", "View", 0, submenu=True),
    ActionEntry(
        "explain",
        "&Explain",
        "How the number that is looked at comes about: formulas with this network's own numbers",
        "View",
        1,
        "E",
    ),
    ActionEntry(
        "outline",
        "Out&line",
        "The network as a table: every layer, node and connection by name, to be changed by keys",
        "View",
        1,
        "T",
        "table",
    ),
    ActionEntry("fit", "&Fit to window", "Show the whole network", "View", 1, "F", "fit"),
    ActionEntry("zoom_in", "Zoom &in", "Show the network larger", "View", 1, "Ctrl++;Ctrl+=", "zoom-in"),
    ActionEntry("zoom_out", "Zoom o&ut", "Show the network smaller", "View", 1, "Ctrl+-", "zoom-out"),
    ActionEntry("theme_light", "&Light", "Dark on light", "View", 2, choice="theme"),
    ActionEntry("theme_dark", "Da&rk", "Light on dark", "View", 2, choice="theme"),
    ActionEntry(
        "theme_system", "As the &system", "Light or dark as the system shows", "View", 2, choice="theme"
    ),
    ActionEntry("reset_layout", "&Reset layout", "Put all panels back to their places", "Window", 1),
    ActionEntry("welcome", "&Welcome", "First steps and all examples", "Help", 0, "", "info"),
    ActionEntry(
        "show_cost",
        "Why &backpropagation is cheap",
        "The same gradient by three ways: counted multiplications, measured time, and how they grow",
        "Help",
        0,
    ),
    ActionEntry("about", "&About bpviz", "Version and where the log file is", "Help", 0),
)


def make_actions(
    parent: QWidget,
    show_icon: Callable[[QAction, str], None],
    handlers: Mapping[str, Callable[[], object]],
    before: Callable[[], None],
) -> dict[str, QAction]:
    """Make every action of the table.

    Args:
        parent: Who owns them; their shortcuts work anywhere in its window.
        show_icon: Gives an action a picture by name, for as long as it lives.
        handlers: What each does, by name; entries with a submenu need none.
        before: Is called before any of them: ends what a command may not meet half done, such as a drag.
    """
    actions = {}
    for entry in ACTIONS.values():
        action = QAction(entry.label, parent)
        action.setObjectName(entry.name)
        if entry.icon:
            show_icon(action, entry.icon)
        keys = [QKeySequence(key) for key in entry.shortcut.split(";") if key]
        action.setShortcuts(keys)
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.setCheckable(bool(entry.choice))
        describe(action, entry.about)
        if not entry.submenu:
            action.triggered.connect(_command(before, handlers[entry.name]))
        parent.addAction(action)
        actions[entry.name] = action
    return actions


def describe(action: QAction, about: str) -> None:
    """Set an action's tooltip, with its shortcut."""
    keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    tip = f"{about} ({keys})" if keys else about
    action.setToolTip(tip_text(tip) if RichText.mightBeRichText(tip) else tip)
    action.setStatusTip("")


def with_keys(about: str, *names: str) -> str:
    """What something does, with the keys of the commands that do the same."""
    shortcuts = (QKeySequence(ACTIONS[name].shortcut.split(";")[0]) for name in names)
    # Not a comma between: that is a key, too.
    keys = " or ".join(keys.toString(QKeySequence.SequenceFormat.NativeText) for keys in shortcuts)
    return f"{about} ({keys})"


def fill_menus(bar: QMenuBar, actions: Mapping[str, QAction]) -> dict[str, QMenu]:
    """Fill a menu bar from the table.

    Returns:
        All menus by title, and the submenus by the name of their entry.
    """
    menus: dict[str, QMenu] = {}
    for title in MENUS:
        menu = bar.addMenu(f"&{title}")
        menu.setToolTipsVisible(True)
        menus[title] = menu
        for at, (_, entries) in enumerate(groupby(_of_menu(title), key=lambda entry: entry.group)):
            if at:
                menu.addSeparator()
            for entry in entries:
                menu.addAction(actions[entry.name])
                if entry.submenu:
                    menus[entry.name] = QMenu(bar)
                    menus[entry.name].setToolTipsVisible(True)
                    actions[entry.name].setMenu(menus[entry.name])
    return menus


def _of_menu(title: str) -> Iterator[ActionEntry]:
    return (entry for entry in ACTIONS.values() if entry.menu == title)


def _command(before: Callable[[], None], handler: Callable[[], object]) -> Callable[[], None]:
    def triggered(*_: object) -> None:
        before()
        handler()

    return triggered

"""Commands that take back, remove, and edit what was typed in."""

from __future__ import annotations

from typing import Final

from bpviz.ui.commands.command import NETWORK, Command
from bpviz.ui.commands.reasons import no_nodes, not_removable
from bpviz.ui.commands.workshop import Workshop
from bpviz.ui.texts import menu_text, name_text


def _undo_title(shop: Workshop) -> str:
    return menu_text(name_text(f"Undo {shop.document.undo_stack.undoText()}".strip()))


def _redo_title(shop: Workshop) -> str:
    return menu_text(name_text(f"Redo {shop.document.undo_stack.redoText()}".strip()))


def _no_undo(shop: Workshop) -> str:
    return "" if shop.document.undo_stack.canUndo() else "Nothing was edited yet."


def _no_redo(shop: Workshop) -> str:
    return "" if shop.document.undo_stack.canRedo() else "Nothing was taken back."


def _is_locked(shop: Workshop) -> bool:
    return shop.desk.editor.is_locked(shop.desk.selection)


COMMANDS: Final = (
    Command(
        "undo",
        "&Undo",
        "Take back the last edit",
        lambda shop: shop.document.undo_stack.undo(),
        keys="Ctrl+Z",
        icon="undo",
        menu="Edit",
        toolbar="edits",
        why_not=_no_undo,
        title=_undo_title,
    ),
    Command(
        "redo",
        "&Redo",
        "Do again what was taken back",
        lambda shop: shop.document.undo_stack.redo(),
        keys="Ctrl+Shift+Z Ctrl+Y",
        icon="redo",
        menu="Edit",
        toolbar="edits",
        why_not=_no_redo,
        title=_redo_title,
    ),
    Command(
        "delete",
        "&Delete",
        "Remove what is selected",
        lambda shop: shop.desk.editor.delete(shop.desk.selection),
        keys="Del Backspace",
        icon="delete",
        menu="Edit",
        group=2,
        contexts=NETWORK,
        why_not=not_removable,
        changes=True,
    ),
    Command(
        "lock",
        "L&ock",
        "Let no edit move, connect, change or remove the selected nodes and layers; training goes on as ever",
        lambda shop: shop.desk.editor.toggle_lock(shop.desk.selection),
        keys="Ctrl+K",
        icon="lock",
        menu="Edit",
        group=3,
        contexts=("node", "layer"),
        why_not=no_nodes,
        title=lambda shop: "Unl&ock" if _is_locked(shop) else "L&ock",
    ),
    Command(
        "edit_examples",
        "E&xamples…",
        "See every example as a row of a table, and type in your own",
        lambda shop: shop.data_panel.show_examples(),
        keys="Ctrl+T",
        icon="table",
        menu="Edit",
        group=4,
        alone="Edit examples…",
    ),
)

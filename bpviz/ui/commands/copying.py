"""Commands of the clipboard: what is copied is a text with its weights, for other windows and for people."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtGui import QGuiApplication

from bpviz.errors import BpvizError
from bpviz.files.clip import Pasted, copied, pasted
from bpviz.model import edits
from bpviz.model.spec import Network, Project
from bpviz.ui.commands.command import Command
from bpviz.ui.commands.reasons import no_nodes, not_removable
from bpviz.ui.commands.workshop import Workshop
from bpviz.ui.document import Selection


def _copy(shop: Workshop) -> bool:
    """Put what is selected on the clipboard; whether there was anything that can be copied."""
    try:
        text = copied(shop.desk.network, shop.desk.selection, shop.canvas.scene.value_of)
    except BpvizError as error:
        shop.desk.refused.emit(str(error))
        return False
    QGuiApplication.clipboard().setText(text)
    return True


def _cut(shop: Workshop) -> None:
    if _copy(shop):
        chosen = shop.desk.selection
        shop.desk.editor.delete(Selection(nodes=chosen.nodes, layers=chosen.layers))


def _paste(shop: Workshop) -> None:
    """Add what the clipboard holds, at the pointer if it is over the network; it then is what is selected."""
    text, spot, made = QGuiApplication.clipboard().text(), shop.canvas.spot(), list[Pasted]()

    def paste(project: Project) -> Project:
        place = None if spot is None else (spot.x(), spot.y())
        made.append(pasted(project, text, place, shop.document.new_id))
        return made[-1].project

    if shop.desk.editor.apply("paste", paste, chosen=lambda: made[-1].selection):
        left = made[-1].left_out
        if left:
            others = " and others" if len(left) > 3 else ""
            shop.desk.refused.emit(
                f"Of the copy, {', '.join(left[:3])}{others} had no like among the inputs and outputs here, "
                f"and stayed away."
            )


def carried(shop: Workshop, text: str, edit: Callable[[Network], edits.Carried]) -> bool:
    """Make an edit by which weights go along, and select what is new."""
    value_of = shop.canvas.scene.value_of
    return shop.desk.editor.carry(text, edit, value_of, lambda made: Selection(nodes=made.nodes))


def _duplicate(shop: Workshop) -> None:
    chosen = shop.desk.selection
    edit = partial(edits.duplicate, nodes=chosen.nodes, layers=chosen.layers, new_id=shop.document.new_id)
    carried(shop, "duplicate", edit)


def _not_duplicate(shop: Workshop) -> str:
    meant = shop.desk.layers_meant
    if meant and all(layer.role != "hidden" for layer in meant):
        return "A network has one input and one output layer; select hidden nodes to duplicate them."
    return no_nodes(shop)


COMMANDS: Final = (
    Command(
        "cut",
        "Cu&t",
        "Copy what is selected to the clipboard, with its weights, and remove it",
        _cut,
        keys="Ctrl+X",
        menu="Edit",
        group=1,
        contexts=("node", "layer"),
        why_not=lambda shop: no_nodes(shop) or not_removable(shop),
        changes=True,
    ),
    Command(
        "copy",
        "&Copy",
        "Copy what is selected to the clipboard, as readable text with its weights",
        _copy,
        keys="Ctrl+C",
        menu="Edit",
        group=1,
        contexts=("node", "layer"),
        why_not=no_nodes,
    ),
    Command(
        "paste",
        "&Paste",
        "Add the nodes and layers of the clipboard, at the pointer if it is over the network",
        _paste,
        keys="Ctrl+V",
        menu="Edit",
        group=1,
        contexts=("node", "layer", "empty"),
    ),
    Command(
        "duplicate",
        "Dup&licate",
        "Copy what is selected with its connections and weights, below itself",
        _duplicate,
        keys="Ctrl+D",
        menu="Edit",
        group=1,
        contexts=("node", "layer"),
        why_not=_not_duplicate,
    ),
)

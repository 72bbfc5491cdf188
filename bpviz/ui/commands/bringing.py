"""Commands that bring networks in from elsewhere, and settings out to the Playground."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog

from bpviz.errors import BpvizError
from bpviz.files.bringing import READERS, patterns
from bpviz.files.bringing.readers import PATTERNS
from bpviz.model.playground import is_link, playground_link
from bpviz.model.templates import fitted_project
from bpviz.ui.commands.command import Command
from bpviz.ui.commands.workshop import Workshop
from bpviz.ui.panels.import_dialog import HERE, ImportDialog


def _open_link(shop: Workshop) -> None:
    """Ask for a link; what the clipboard holds stands there, if it is one."""
    held = QGuiApplication.clipboard().text().strip()
    sentence = "A link to the TensorFlow Playground; no network is used:"
    link = shop.files.questions.write("Playground link", sentence, held if is_link(held) else "", "Open")
    if link is not None and link.strip():
        shop.files.open_link(link)


def _copy_link(shop: Workshop) -> None:
    QGuiApplication.clipboard().setText(playground_link(shop.document.project))
    shop.files.message.emit("The link is on the clipboard: settings and seed, not what was trained.")


def _no_link(shop: Workshop) -> str:
    try:
        playground_link(shop.document.project)
    except BpvizError as error:
        return str(error)
    return ""


def _import(shop: Workshop) -> None:
    kinds = [(f"Networks and weights ({reader.suffix})", reader.suffix) for reader in READERS.values()]
    kinds[0] = ("Networks and weights", kinds[0][1])
    path = shop.files.questions.file_to_open("Import network", shop.preferences.folder, kinds)
    if path is not None:
        bring_in(shop, path)


def bring_in(shop: Workshop, path: Path) -> None:
    """Show what a file of another program holds, and take it as the user wishes."""
    shop.files.attempt("Import network", partial(_ask_and_take, shop, path))


def _ask_and_take(shop: Workshop, path: Path) -> None:
    if path.suffix.lower() == PATTERNS:
        shop.files.show_project(fitted_project(patterns(path)))
        return
    dialog = ImportDialog(path, shop.document.project, shop.theme, shop.canvas.window())
    taken = dialog.exec() == QDialog.DialogCode.Accepted
    project, here = dialog.project, dialog.place.value == HERE
    dialog.deleteLater()
    if not taken or project is None:
        return
    shop.preferences.folder = path.parent
    if here:
        start = project.start
        shop.document.apply("import weights", lambda drawn: replace(drawn, start=start))
    else:
        shop.files.show_project(project)


COMMANDS: Final = (
    Command(
        "open_link",
        "Open P&layground link…",
        "Take over points, first weights and settings of a link to the TensorFlow Playground",
        _open_link,
        menu="File",
    ),
    Command(
        "import",
        "&Import network…",
        "Bring in a network or weights: npz, safetensors, ONNX, SNNS, or what bpviz exported",
        _import,
        menu="File",
    ),
    Command(
        "copy_link",
        "Copy as Play&ground link",
        "Put a link on the clipboard that gives this project in the TensorFlow Playground",
        _copy_link,
        menu="File",
        group=2,
        why_not=_no_link,
    ),
)

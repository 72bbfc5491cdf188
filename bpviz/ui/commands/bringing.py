"""Commands that bring networks in from elsewhere, and settings out to the Playground."""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QGuiApplication

from bpviz.errors import BpvizError
from bpviz.model.playground import is_link, link_of, playground_link
from bpviz.ui.commands.command import Command
from bpviz.ui.commands.workshop import Workshop


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
    if isinstance(link_of(shop.document.project), str):
        return ""
    try:
        playground_link(shop.document.project)
    except BpvizError as error:
        return str(error)
    return ""


COMMANDS: Final = (
    Command(
        "open_link",
        "Open P&layground link…",
        "Take over points, first weights and settings of a link to the TensorFlow Playground",
        _open_link,
        menu="File",
    ),
    Command(
        "copy_link",
        "&Copy as Playground link",
        "Put a link on the clipboard that gives this project in the TensorFlow Playground",
        _copy_link,
        menu="File",
        group=2,
        why_not=_no_link,
    ),
)

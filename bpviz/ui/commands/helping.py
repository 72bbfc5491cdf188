"""Commands that help: first steps, what there is to do, and who made it."""

from __future__ import annotations

from typing import Final

from bpviz import __version__
from bpviz.ui.commands.command import Command
from bpviz.ui.commands.workshop import Workshop
from bpviz.ui.faults import log_path


def _about(shop: Workshop) -> None:
    shop.files.questions.tell(
        "About bpviz",
        f"bpviz {__version__}: see backpropagation happen.\n\nFaults are written to {log_path()}.",
    )


COMMANDS: Final = (
    Command(
        "palette",
        "&Find a command…",
        "Search all commands, examples, views and plots by words, and run one",
        lambda shop: shop.frame.show_palette(),
        keys="Ctrl+Shift+P",
        menu="Help",
    ),
    Command(
        "shortcuts",
        "&Keys…",
        "All keys, to be looked up and changed",
        lambda shop: shop.frame.show_shortcuts(),
        keys="F1",
        menu="Help",
    ),
    Command(
        "welcome",
        "&Welcome",
        "First steps and all examples",
        lambda shop: shop.frame.show_welcome(),
        icon="info",
        menu="Help",
        group=1,
    ),
    Command(
        "show_cost",
        "Why &backpropagation is cheap",
        "The same gradient by three ways: counted multiplications, measured time, and how they grow",
        lambda shop: shop.proving.show_cost(),
        menu="Help",
        group=1,
    ),
    Command(
        "about",
        "&About bpviz",
        "Version and where the log file is",
        _about,
        menu="Help",
        group=1,
    ),
)

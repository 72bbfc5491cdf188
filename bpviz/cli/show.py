"""``bpviz open``: the one command with a window."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import click

from bpviz.cli.options import at_least, keep_what_is_read, project_options
from bpviz.display import obstacle
from bpviz.errors import NoWindowError
from bpviz.interrupts import left_to_the_system


@click.command("open")
@project_options
@click.option(
    "--screenshot", metavar="PNG", type=click.Path(path_type=Path), help="Draw the window and leave."
)
@click.option("--after", metavar="STEPS", type=int, callback=at_least(0), help="Train so many steps before.")
@click.option("--restore", metavar="NAME", hidden=True, help="Go on with unsaved work that is kept as NAME.")
def open_command(
    file: Path | None, screenshot: Path | None, after: int | None, example: str | None, restore: str | None
) -> int:
    """Open the window with FILE, a saved project, a table or a link to the Playground, or with an example.

    With --screenshot the window is drawn into a picture instead, also where there is no display.
    """
    if after is not None and screenshot is None:
        raise click.UsageError("--after goes with --screenshot; name the picture too.")
    if restore is not None and (file or screenshot or example):
        raise click.UsageError("--restore goes alone; leave out all else.")
    if file is not None and example is not None:
        raise click.UsageError("Name one: a file, or an example by --example NAME.")
    keep_what_is_read(screenshot, file)
    if screenshot is not None and obstacle() is not None:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    in_the_way = obstacle()
    if in_the_way is not None:  # Qt would end the process
        raise NoWindowError(in_the_way.sentence, in_the_way.line)
    return _run()(file, screenshot, after or 0, example=example, restore=restore)


def _run() -> Callable[..., int]:
    """Load Qt and the window: everything else works without them.

    Raises:
        NoWindowError: If Qt can't be loaded.
    """
    try:
        with left_to_the_system():
            from bpviz.ui.app import run
    except ImportError as error:
        if not (error.name or "").startswith(("PySide6", "shiboken6")):
            raise
        raise NoWindowError(
            f"Qt can't be loaded ({error}); find out what is missing:", "bpviz doctor"
        ) from error
    return run

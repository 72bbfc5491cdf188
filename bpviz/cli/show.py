"""``bpviz open``: the one command with a window."""

from __future__ import annotations

import os
from pathlib import Path

import click

from bpviz.cli.options import at_least, has_display
from bpviz.errors import BpvizError


@click.command("open")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option(
    "--screenshot", metavar="PNG", type=click.Path(path_type=Path), help="Draw the window and leave."
)
@click.option("--after", metavar="STEPS", type=int, callback=at_least(0), help="Train so many steps before.")
@click.option("--restore", metavar="NAME", hidden=True, help="Go on with unsaved work that is kept as NAME.")
def open_command(file: Path | None, screenshot: Path | None, after: int | None, restore: str | None) -> int:
    """Open the window with FILE, a saved project or a table, or with an example.

    With --screenshot the window is drawn into a picture instead, also where there is no display.
    """
    if after is not None and screenshot is None:
        raise click.UsageError("--after goes with --screenshot; name the picture too.")
    if restore is not None and (file or screenshot):
        raise click.UsageError("--restore goes alone; leave out the file and the picture.")
    if not has_display():  # Qt would end the process
        if screenshot is None:
            raise BpvizError(
                "There is no display to open a window on; draw a picture of it with "
                "bpviz open --screenshot window.png, or train without it: bpviz train --help."
            )
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from bpviz.ui.app import run  # only here: everything else works without Qt

    return run(file, screenshot, after or 0, restore=restore)

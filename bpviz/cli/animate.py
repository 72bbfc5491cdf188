"""``bpviz animate``: how a saved run went, as a GIF, a video or a folder of pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from bpviz.animation import animate
from bpviz.cli.options import chosen_run, progress_bar, project_options
from bpviz.cli.picturing import picture_options, wanted
from bpviz.errors import counted


@click.command("animate")
@project_options
@click.option(
    "--what",
    metavar="NAME",
    default="network",
    help="network, or a plot such as map or loss; bpviz plots lists them. [network]",
)
@click.option("--frames", metavar="N", type=int, help="How many, evenly over all steps. [60]")
@click.option("--every", metavar="STEPS", type=int, help="Instead, a frame every so many steps.")
@click.option("--fps", metavar="X", type=float, help="Frames a second. [12]")
@click.option("--smooth", metavar="X", type=float, help="Of curves: from 0 up to 0.999. [0]")
@picture_options
@click.option(
    "--out",
    metavar="PATH",
    type=click.Path(path_type=Path),
    required=True,
    help="A .gif or .mp4 file, or without an ending a new folder of PNG pictures.",
)
def animate_command(
    file: Path | None,
    example: str | None,
    what: str,
    frames: int | None,
    every: int | None,
    fps: float | None,
    smooth: float | None,
    out: Path,
    **picture: Any,
) -> None:
    """Draw how the run saved in FILE went: its network, its map, or any plot, step by step."""
    settings = wanted(**picture)
    run = chosen_run(file, example)
    given = {"fps": fps, "smooth": smooth}
    chosen: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    with progress_bar("drawing", 100) as tell:
        count = animate(
            run,
            what,
            out,
            frames=frames,
            every=every,
            progress=lambda done, of: tell(100 * done / of),
            **chosen,
            **settings,
        )
    click.echo(f"wrote {out}, {counted(count, 'frame')}")

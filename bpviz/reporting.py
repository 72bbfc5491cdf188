"""A page about a run, for scripts and the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from bpviz.api import standing_run
from bpviz.errors import FileError
from bpviz.files.formats import HALF_LETTERS
from bpviz.files.report_markdown import write_markdown
from bpviz.files.report_page import report_page
from bpviz.files.safe import check_place, write_atomically
from bpviz.model.spec import Project
from bpviz.training.run import Run
from bpviz.training.session import Session

HTML: Final = (".html", ".htm")
MARKDOWN: Final = (".md", ".markdown")


def report(
    what: Project | Session | Run,
    path: str | Path,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Path, ...]:
    """Write one page about a run: HTML that needs nothing beside it, or Markdown with a folder of pictures.

    It has the network, the settings, all plots, the results, and a table of the weights where they are few.

    Args:
        what: The beginning of a project, or a run as it stands.
        path: An ``.html`` or an ``.md`` file.
        progress: Told now and then (pictures done, pictures in all).

    Returns:
        What was written: the page, and the folder of its pictures if it has one.

    Raises:
        FileError: If it can't be written; nothing is left behind then.
        BpvizError: If the project can't run as it is drawn.
    """
    target = Path(path)
    if target.suffix.lower() not in HTML + MARKDOWN:
        raise FileError(
            f"A report is a page for the browser or in Markdown; end {target.name!r} in .html or .md.", target
        )
    check_place(target)  # before the pictures are drawn, which takes a while
    run = standing_run(what)
    if target.suffix.lower() in MARKDOWN:
        return target, write_markdown(run, target, progress)
    write_atomically(target, lambda: report_page(run, progress).encode("utf-8", HALF_LETTERS))
    return (target,)

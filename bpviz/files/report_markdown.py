"""A page about a run as Markdown, with its pictures in a folder beside it.

Pictures are files, as whoever writes Markdown expects: most places that show such pages take no picture that
stands in the text.  Every name is escaped, for names are anybody's.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

from bpviz.errors import FileError, one_line
from bpviz.files.formats import HALF_LETTERS
from bpviz.files.picture_settings import PictureSettings
from bpviz.files.report_drawings import Tell, about, drawn, title_of
from bpviz.files.report_outline import Section, outline
from bpviz.files.report_tables import Table
from bpviz.files.safe import make_folder, write_atomically
from bpviz.training.session import Session

_LOOK: Final = PictureSettings(dpi=150)
_MARKS: Final = re.compile(r"([\\`*_\[\]<>|#~$&])")
"""What Markdown, or a place that shows it, takes for more than a letter."""


@dataclass(frozen=True, slots=True)
class MarkdownPage:
    """A page and its pictures.

    Attributes:
        text: Markdown.
        pictures: PNG files by name, which belong into the folder.
    """

    text: str
    pictures: dict[str, bytes]


def markdown_page(run: Session, folder: str, tell: Tell | None = None) -> MarkdownPage:
    """Write a page about a run as it stands.

    Args:
        run: What it is about.
        folder: Name of the folder of pictures.
        tell: Told now and then (pictures done, pictures in all).
    """
    pictures, links = {}, []
    for drawing in drawn(run, tell):
        name = f"{drawing.name}.png"
        pictures[name] = drawing.draw("png", _LOOK)
        links.append(f"![{_plain(drawing.title)}]({quote(os.fsencode(folder))}/{quote(name)})")
    blocks = [f"# {_plain(title_of(run))}", _plain(about(run))]
    for section in outline(run, links):
        blocks += _section(section)
    return MarkdownPage("\n\n".join(blocks) + "\n", pictures)


def write_markdown(run: Session, path: Path, tell: Tell | None = None) -> Path:
    """Write a page and the folder of its pictures, called after it; returns the folder.

    Raises:
        FileError: If they can't be written.
    """
    folder = path.with_name(f"{path.stem}-pictures")
    page = markdown_page(run, folder.name, tell)
    made = not folder.exists()
    make_folder(folder)
    try:
        for name, content in page.pictures.items():
            write_atomically(folder / name, content)
        write_atomically(path, page.text.encode("utf-8", HALF_LETTERS))
    except FileError:
        if made:
            shutil.rmtree(folder, ignore_errors=True)
        raise
    return folder


def _section(section: Section) -> Iterator[str]:
    if section.heading:
        yield f"{'#' * section.level} {_plain(section.heading)}"
    for part in section.parts:
        yield from (part,) if isinstance(part, str) else _table(part)


def _table(table: Table) -> Iterator[str]:
    if table.rows:
        # A table has a head there, also where nothing is to be said in it.
        header = table.header or ("", "Value")
        yield "\n".join([_row(header), "|" + " --- |" * len(header), *map(_row, table.rows)])
    if table.note:
        yield _plain(table.note)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(map(_plain, cells))} |"


def _plain(text: str) -> str:
    return _MARKS.sub(r"\\\1", one_line(text))

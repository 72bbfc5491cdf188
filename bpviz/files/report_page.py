"""One page about a run, as HTML that needs nothing beside it: tables, and pictures in light and dark.

Every text on it is escaped: names are anybody's.  It loads nothing, and runs no script.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from operator import attrgetter
from typing import Final

from bpviz.files.picture_settings import PictureSettings
from bpviz.files.report_drawings import Drawing, Tell, about, drawn, title_of
from bpviz.files.report_outline import Section, outline
from bpviz.files.report_tables import Table
from bpviz.palette import DARK, LIGHT, Palette
from bpviz.training.session import Session

_LARGEST_SVG: Final = 600_000  # bytes; a larger drawing is kept as pixels
_MIME: Final = {"svg": "image/svg+xml", "png": "image/png"}


@dataclass(frozen=True, slots=True)
class Illustration:
    """A picture of a report.

    Attributes:
        title: What it is of.
        light: As the address that holds it all.
        dark: Likewise.
    """

    title: str
    light: str
    dark: str


def report_page(run: Session, tell: Tell | None = None) -> str:
    """Write a page about a run as it stands.

    Args:
        run: What it is about.
        tell: Told now and then (pictures done, pictures in all).
    """
    title = title_of(run)
    pictures = ["\n".join(_illustration(_both(drawing))) for drawing in drawn(run, tell)]
    body = [f"<h1>{escape(title)}</h1>", f"<p class=quiet>{escape(about(run))}</p>"]
    for narrow, sections in groupby(outline(run, pictures), attrgetter("narrow")):
        lines = [line for section in sections for line in _section(section)]
        body += ["<div class=columns>", *lines, "</div>"] if narrow else lines
    return _PAGE.format(title=escape(title), style=_style(), body="\n".join(body))


def _section(section: Section) -> Iterator[str]:
    if section.heading:
        yield f"<h{section.level}>{escape(section.heading)}</h{section.level}>"
    for part in section.parts:
        yield from (part,) if isinstance(part, str) else _table(part)


def _both(drawing: Drawing) -> Illustration:
    """Draw something light and dark, as lines where they are few enough."""
    addresses = []
    for palette in (LIGHT, DARK):
        kind, content = "svg", drawing.draw("svg", PictureSettings(theme=palette.name))
        if len(content) > _LARGEST_SVG:
            kind, content = "png", drawing.draw("png", PictureSettings(theme=palette.name))
        addresses.append(f"data:{_MIME[kind]};base64,{base64.b64encode(content).decode()}")
    return Illustration(drawing.title, *addresses)


def _illustration(picture: Illustration) -> Iterator[str]:
    yield "<figure><picture>"
    yield f'<source media="(prefers-color-scheme: dark)" srcset="{picture.dark}">'
    yield f'<img src="{picture.light}" alt="{escape(picture.title)}">'
    yield "</picture></figure>"


def _table(table: Table) -> Iterator[str]:
    if table.rows:
        wide = " class=wide" if table.header else ""
        yield f"<div class=scroll><table{wide}>"
        if table.header:
            yield _row(table.header, "th", "th")
        for row in table.rows:
            yield _row(row, "th", "td")
        yield "</table></div>"
    if table.note:
        yield f"<p>{escape(table.note)}</p>"


def _row(cells: Sequence[str], first: str, others: str) -> str:
    kinds = (first, *(others for _ in cells[1:]))
    parts = (f"<{kind}>{escape(cell)}</{kind}>" for kind, cell in zip(kinds, cells, strict=True))
    return f"<tr>{''.join(parts)}</tr>"


def _style() -> str:
    return _STYLE % {"light": _variables(LIGHT), "dark": _variables(DARK)}


def _variables(palette: Palette) -> str:
    names = ("surface", "text", "secondary", "hairline", "strong_line")
    return " ".join(f"--{name}: {getattr(palette, name)};" for name in names)


_PAGE: Final = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
{style}
</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""

_STYLE: Final = """:root { %(light)s }
@media (prefers-color-scheme: dark) { :root { %(dark)s } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--surface); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 960px; margin: 0 auto; padding: 32px 24px 64px; }
h1 { font-size: 28px; line-height: 1.2; margin: 0 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 20px; margin: 40px 0 12px; border-top: 1px solid var(--hairline); padding-top: 24px; }
h3 { font-size: 15px; margin: 20px 0 6px; }
p.quiet { color: var(--secondary); margin: 0; }
figure { margin: 0 0 16px; overflow-x: auto; }
img { display: block; max-width: 100%%; height: auto; margin: 0 auto; }
.columns { columns: 2 320px; column-gap: 40px; }
.columns > * { break-inside: avoid; }
.columns h3 { break-after: avoid; }
.columns h3:first-child { margin-top: 0; }
.columns table { width: 100%%; }
.columns th { width: 45%%; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 13px; }
th, td { padding: 3px 16px 3px 0; text-align: left; vertical-align: top; }
th, td { border-bottom: 1px solid var(--hairline); }
th { font-weight: 400; color: var(--secondary); }
td { overflow-wrap: break-word; } /* not anywhere: numbers would be cut before the table scrolls */
.wide td, .wide th { padding-right: 20px; }
.wide th { white-space: nowrap; }
.wide tr:first-child th { border-bottom-color: var(--strong_line); }
@media (max-width: 600px) {
  main { padding: 20px 16px 40px; }
  img { max-width: none; width: max(100%%, 560px); } /* below that, nobody reads the numbers at axes */
}
@media print {
  main { max-width: none; padding: 0; }
  h2, h3 { break-after: avoid; }
  figure, tr { break-inside: avoid; }
  .scroll { overflow: visible; }
}"""

r"""A `Drawing` for LaTeX: a document of its own, whose ``tikzpicture`` can be taken into another.

It needs the package ``tikz``; a picture of many thousand lines is better taken as PDF.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from typing import Final

import numpy as np

from bpviz.drawing.value import Box, Disc, Drawing, Mark, Strokes, Tile, Words
from bpviz.palette import Color

_HEAD: Final = r"""\documentclass{article}
\usepackage[paperwidth=%.1fpt,paperheight=%.1fpt,margin=0pt]{geometry}
\usepackage{tikz}
\pagestyle{empty}
\parindent=0pt
\begin{document}
"""
_FOOT: Final = r"""\end{document}
"""
_ANCHORS: Final = {"left": "west", "center": "center", "right": "east"}
_PX_IN_PT: Final = 0.75
_MOST_CELLS: Final = 16
_SHADES: Final = 31
_SEAM_PX: Final = 0.15
_SPECIAL: Final = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "−": "$-$",
    "·": r"$\cdot$",
    "²": r"$^2$",
    "³": r"$^3$",
    "…": r"\dots{}",
    **{letter: f"\\{letter}" for letter in "&%$#_{}"},
}
_WHOLE: Final = "ßæøåœÆØÅŒ"
_GREEK: Final = {
    "α": "alpha",
    "β": "beta",
    "δ": "delta",
    "η": "eta",
    "λ": "lambda",
    "σ": "sigma",
    "φ": "varphi",
}


def tikz_text(drawn: Drawing) -> str:
    """Write a drawing as a LaTeX document."""
    colors = sorted({drawn.ground, *(color for mark in drawn.marks for color in _colors_of(mark))})
    names = {color: f"c{number}" for number, color in enumerate(colors)}
    lines = [f"\\definecolor{{{names[color]}}}{{HTML}}{{{color[1:].upper()}}}" for color in colors]
    lines += [f"\\begin{{tikzpicture}}[x={_PX_IN_PT}pt,y=-{_PX_IN_PT}pt]"]
    corners = f"{_at(drawn.left, drawn.top)} rectangle {_at(drawn.right, drawn.bottom)}"
    lines += [f"  \\useasboundingbox[fill={names[drawn.ground]}] {corners};"]
    for mark in drawn.marks:
        lines += [f"  {line}" for line in _WRITERS[type(mark)](mark, names)]
    lines += ["\\end{tikzpicture}"]
    width, height = (_PX_IN_PT * side for side in drawn.size)
    return _HEAD % (width + 1, height + 1) + "\n".join(lines) + "\n" + _FOOT  # a line's end needs a point


def escaped(text: str) -> str:
    """Write a text so that LaTeX shows it; letters that its common fonts lack become question marks."""
    return "".join(_letter(letter) for letter in text)


def _letter(letter: str) -> str:
    if letter in _SPECIAL:
        return _SPECIAL[letter]
    if letter in _GREEK:
        return f"$\\{_GREEK[letter]}$"
    composed = unicodedata.normalize("NFD", letter)[0].isascii()
    return letter if composed or letter in _WHOLE else "?"


def _disc(disc: Disc, names: Mapping[Color, str]) -> Iterator[str]:
    look = f"draw={names[disc.line]},fill={names[disc.fill]},line width={_pt(disc.width)}"
    yield f"\\path[{look}] {_at(disc.x, disc.y)} circle[radius={_pt(disc.radius)}];"


def _box(box: Box, names: Mapping[Color, str]) -> Iterator[str]:
    look = f"draw={names[box.line]},fill={names[box.fill]},line width={_pt(box.width)}"
    corners = f"{_at(box.left, box.top)} rectangle {_at(box.right, box.bottom)}"
    yield f"\\path[{look},rounded corners={_pt(box.corner)}] {corners};"


def _tile(tile: Tile, names: Mapping[Color, str]) -> Iterator[str]:
    """Cells beside each other, neighbors of one color in one rectangle, cut by the border."""
    corners = f"{_at(tile.left, tile.top)} rectangle {_at(tile.right, tile.bottom)}"
    yield "\\begin{scope}"
    yield f"\\clip[rounded corners={_pt(tile.corner)}] {corners};"
    colors = _cells(tile)
    wide = (tile.right - tile.left) / len(colors[0])
    high = (tile.bottom - tile.top) / len(colors)
    for row, cells in enumerate(colors):
        top, column = tile.top + row * high, 0
        for color, alike in groupby(cells):
            count = len(list(alike))
            # A hair larger: between cells that only touch, readers show seams.
            right, bottom = tile.left + (column + count) * wide + _SEAM_PX, top + high + _SEAM_PX
            place = f"{_at(tile.left + column * wide, top)} rectangle {_at(right, bottom)}"
            yield f"\\fill[{names[color]}] {place};"
            column += count
    yield "\\end{scope}"
    look = f"draw={names[tile.line]},line width={_pt(tile.width)},rounded corners={_pt(tile.corner)}"
    yield f"\\path[{look}] {corners};"


def _cells(tile: Tile) -> list[list[Color]]:
    """The colors of a tile's cells; of many every second or third, and few shades: each is a line."""
    rows, columns = tile.colors.shape[:2]
    step = -(-rows // _MOST_CELLS) if rows > 1 else -(-columns // (2 * _MOST_CELLS))
    parts = np.rint(_SHADES * tile.colors[:: step if rows > 1 else 1, ::step]) / _SHADES
    return [
        ["#" + "".join(f"{round(255 * part):02x}" for part in cell) for cell in row] for row in parts.tolist()
    ]


def _strokes(strokes: Strokes, names: Mapping[Color, str]) -> Iterator[str]:
    dashed = strokes.dashed.tolist()
    looks = zip(strokes.colors, strokes.opacities.tolist(), strokes.widths.tolist(), dashed, strict=True)
    for path, (color, opacity, width, is_dashed) in zip(strokes.paths.tolist(), looks, strict=True):
        look = f"draw={names[color]},opacity={opacity:.3g},line width={_pt(width)}"
        way = "{0} .. controls {1} and {2} .. {3}" if len(path) == 4 else "{0} -- {1}"
        places = way.format(*(_at(x, y) for x, y in path))
        yield f"\\path[{look}{',dashed' if is_dashed else ''}] {places};"


def _words(words: Words, names: Mapping[Color, str]) -> Iterator[str]:
    look = [
        f"text={names[words.color]}",
        f"anchor={_ANCHORS[words.anchor]}",
        "inner sep=1pt,text height=1.4ex,text depth=.2ex",
    ]
    if words.ground is not None:
        look.append(f"fill={names[words.ground]},fill opacity=.8,text opacity=1")
    if words.upward:
        look.append("rotate=90")
    size = words.size * _PX_IN_PT
    bold = r"\bfseries" if words.bold else ""
    font = f"\\fontsize{{{size:.3g}}}{{{1.2 * size:.3g}}}\\selectfont\\sffamily{bold}"
    yield f"\\node[{','.join(look)},font={font}] at {_at(words.x, words.y)} {{{escaped(words.text)}}};"


def _colors_of(mark: Mark) -> tuple[Color, ...]:
    if isinstance(mark, Strokes):
        return mark.colors
    if isinstance(mark, Tile):
        return (mark.line, *(color for row in _cells(mark) for color in row))
    if isinstance(mark, Words):
        return (mark.color,) if mark.ground is None else (mark.color, mark.ground)
    return mark.fill, mark.line


def _at(x: float, y: float) -> str:
    return f"({x:.2f},{y:.2f})"


def _pt(px: float) -> str:
    return f"{px * _PX_IN_PT:.3g}pt"


_WRITERS: Final[Mapping[type[Mark], Callable[..., Iterator[str]]]] = {
    Disc: _disc,
    Box: _box,
    Tile: _tile,
    Strokes: _strokes,
    Words: _words,
}

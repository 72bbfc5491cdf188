"""The marks of a figure, as tests ask for them."""

from __future__ import annotations

from dataclasses import replace

from bpviz.training.figure import Figure, M
from bpviz.training.marks import Line


def the(figure: Figure, kind: type[M]) -> M:
    """Its one mark of a kind."""
    (found,) = (mark for mark in figure.marks if isinstance(mark, kind))
    return found


def faint(*lines: Line) -> tuple[Line, ...]:
    """Lines as those of other runs."""
    return tuple(replace(line, behind=True) for line in lines)

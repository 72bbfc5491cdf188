"""What lines of a timeline and the runs behind the present one are called: by name, or by what differs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from bpviz.errors import grouped
from bpviz.model.spec import Project
from bpviz.training.events import retuned_text, rewired_text
from bpviz.training.timeline_view import Ghost, LineView

_REMEMBERED = 64


def line_words(view: LineView) -> str:
    """Name a line: as the user did, or by what was changed where it left its parent."""
    if view.name:
        return view.name
    if view.parent is None:
        return "main"
    return difference(view.before, view.project) or f"from step {grouped(view.forked_at)}"


def ghost_words(ghost: Ghost, lines: Sequence[LineView] = (), present: Project | None = None) -> str:
    """Name what stands behind: as the user did, or by what differs from the present project.

    Args:
        ghost: A run, or a line.
        lines: All lines of the present run; a line is called the same everywhere.
        present: What a run is compared with if it does not say.
    """
    if ghost.name:
        return ghost.name
    if ghost.kind == "line":
        view = next((line for line in lines if line.number == ghost.number), None)
        if view is not None:
            return line_words(view)
        return difference(ghost.before, ghost.project) or f"branch {ghost.number}"
    before = present if ghost.before is None else ghost.before
    return difference(before, ghost.project) or f"run {ghost.number}"


def difference(before: Project | None, after: Project) -> str:
    """Say what differs between two projects; empty if nothing that counts does, or nothing tells."""
    return "" if before is None else _difference(_Same(before), _Same(after))


class _Same:
    """A project that equals only itself: to compare large ones at every picture would take long."""

    __slots__ = ("project",)

    def __init__(self, project: Project) -> None:
        self.project = project

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.project is self.project

    def __hash__(self) -> int:
        return id(self.project)


@lru_cache(_REMEMBERED)
def _difference(first: _Same, second: _Same) -> str:
    before, after = first.project, second.project
    parts = [rewired_text(before.network, after.network), retuned_text(before, after)]
    if before.data != after.data:
        parts.append("other data")
    if before.start != after.start:
        parts.append("other start values")
    return ", ".join(filter(None, parts))

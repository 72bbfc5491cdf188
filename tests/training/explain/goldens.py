"""Golden documents of the worked examples; ``python -m tests.training.explain.goldens`` writes them anew."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from bpviz.training.explain.documents import FORMATS, Setting
from bpviz.training.explain.notation import DIALECTS, Notation
from bpviz.training.explain.order import sections
from bpviz.training.explain.writing import DIGITS, FOLD
from tests.training.explain import worked
from tests.training.explain.worked import Worked

FOLDER: Final = Path(__file__).parent / "golden"
SUFFIXES: Final = {"markdown": "md", "latex": "tex"}

EXAMPLES: Final[dict[str, tuple[Callable[[], Worked], str]]] = {
    "w1": (worked.w1, "neuron"),
    "w2": (worked.w2, "neuron"),
    "w3": (lambda: worked.w3(4), "notes"),
    "w4": (worked.w4, "matrix"),
    "w5": (worked.w5, "neuron"),
    "w6": (worked.w6, "matrix"),
    "w7": (worked.w7, "neuron"),
    "w8": (worked.w8, "neuron"),
}
"""Each with the dialect that its book is nearest to."""


def setting(
    what: Worked, dialect: str = "matrix", *, minus: bool = False, digits: int = DIGITS, fold: int = FOLD
) -> Setting:
    """Say how a pass is to be written."""
    notation = Notation(DIALECTS[dialect], what.names, what.made.rule.optimizer, minus)
    return Setting(what.made, notation, digits, fold)


def document(what: Worked, kind: str, dialect: str = "matrix", title: str = "A pass") -> str:
    """Write a whole pass."""
    parts = sections(what.made, accumulated=DIALECTS[dialect].accumulates)
    return "\n".join([*FORMATS[kind].lines(title, setting(what, dialect), parts), ""])


def golden(name: str, kind: str) -> str:
    """Write what stands in a golden file."""
    make, dialect = EXAMPLES[name]
    return document(make(), kind, dialect, name.upper())


def path_of(name: str, kind: str) -> Path:
    """Return where it stands."""
    return FOLDER / f"{name}.{SUFFIXES[kind]}"


if __name__ == "__main__":
    for name in EXAMPLES:
        for kind in SUFFIXES:
            path_of(name, kind).write_text(golden(name, kind), encoding="utf-8")

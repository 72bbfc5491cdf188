"""Names that anybody may have chosen, made fit for the places of the window that would take them for more.

A name of a file, project, layer, class or column may hold anything: markup, ampersands, line breaks, letters
by the thousand.  Labels show plain text, which ``resources/window.qss`` says once for all of them; each other
place has a function here.
"""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Final

from bpviz.errors import LONGEST_NAME, elided, one_line

_SUPERSCRIPTS: Final = {"^2": "²", "*": " · "}
_UNBROKEN: Final = 16  # letters of a word after which a line may break
_LONG_WORD: Final = re.compile(rf"(\S{{{_UNBROKEN}}})(?=\S)")
_BREAK: Final = "\u200b"  # no width, and a line may end there


def name_text(name: str, most: int = LONGEST_NAME) -> str:
    """One line of at most so many letters; a longer one lacks its middle."""
    return elided(one_line(name), most)


def tip_text(text: str) -> str:
    """A tooltip, which wraps; Qt would take a name such as ``<b>`` for markup."""
    return f"<qt>{html.escape(one_line(text))}</qt>" if text else ""


def menu_text(name: str) -> str:
    """An entry of a menu, or a button: Qt would take an ampersand for a mark of the next letter."""
    return name_text(name).replace("&", "&&")


def unmarked(label: str) -> str:
    """A label of a menu without the marks of its letters, as lists show it."""
    return label.replace("&&", "\0").replace("&", "").replace("\0", "&")


def wanted_words(text: str) -> list[str]:
    """The words to look for in labels; the dots at the end of one in a menu, typed after it, are none."""
    return text.casefold().replace("…", " ").replace("...", " ").split()


def title_text(name: str) -> str:
    """The title of a window: Qt would take ``[*]`` for the place of the mark of changes."""
    return name_text(name).replace("[*]", "[*][*]")


def feature_title(feature: str) -> str:
    """A feature as it is read: ``x²`` for ``x^2``."""
    feature = one_line(feature)
    for plain, shown in _SUPERSCRIPTS.items():
        feature = feature.replace(plain, shown)
    return feature


def breakable(text: str) -> str:
    """A text whose long words may break, so that they never make a panel wider."""
    return _LONG_WORD.sub(rf"\1{_BREAK}", text)


def wrote_text(path: Path) -> str:
    """Say where a file was written."""
    return f"Wrote {name_text(path.name)} in {path.parent}."

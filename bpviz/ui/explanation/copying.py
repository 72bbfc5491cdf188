"""What is copied of explanations: one derivation, or all of a pass that is known, in one of the formats."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from bpviz.errors import SettingError, grouped
from bpviz.training.explain.documents import FORMATS, Setting, equations
from bpviz.training.explain.order import Section, count, sections
from bpviz.training.explain.styles import STYLES
from bpviz.training.quantities import Ref
from bpviz.ui.explanation.content import derive, notation_of
from bpviz.ui.explanation.guessing import Mask
from bpviz.ui.explanation.moment import Moment
from bpviz.ui.explanation.options import Options

_MOST_NUMBERS = 2_000
"""Of a pass that is copied; to write more would take longer than a window may."""


def one_copied(moment: Moment, ref: Ref, options: Options, kind: str, mask: Mask) -> str:
    """Write one derivation; in LaTeX without a document around it, to be put into another."""
    setting = _setting(moment, options, mask)
    if kind == "latex":
        written = setting.write(derive(moment, ref, options, options.fold), STYLES["latex"])
        return "\n".join(equations(written, "align*"))
    lines = [*FORMATS[kind].lines("", setting, [Section("", (ref,))])]
    return "\n".join(lines[1:]).strip("\n")


def pass_copied(moment: Moment, title: str, options: Options, kind: str, mask: Mask) -> str:
    """Write every number of the pass that is known yet, as a document.

    Raises:
        SettingError: If there are too many.
    """
    numbers = count(moment.made)
    if numbers > _MOST_NUMBERS:
        raise SettingError(
            f"The whole pass has about {grouped(numbers)} numbers, too many to copy; "
            "the command bpviz explain writes those that you name."
        )
    setting = _setting(moment, options, mask)
    return "\n".join(FORMATS[kind].lines(title, setting, _known(moment, setting)))


def _known(moment: Moment, setting: Setting) -> Iterator[Section]:
    for section in sections(moment.made, accumulated=setting.notation.dialect.accumulates):
        refs = tuple(ref for ref in section.refs if moment.knows(ref))
        if refs:
            yield Section(section.title, refs)


def _setting(moment: Moment, options: Options, mask: Mask) -> Setting:
    hidden = partial(mask.covers, moment.made)
    return Setting(moment.made, notation_of(moment, options), options.digits, options.fold, hidden)

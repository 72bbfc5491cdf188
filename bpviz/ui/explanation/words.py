"""Sentences and headings of the explanation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bpviz.errors import grouped
from bpviz.training.places import BiasPlace
from bpviz.training.quantities import QUANTITIES, Ref
from bpviz.training.snapshot import Traced
from bpviz.ui.explanation.moment import Moment
from bpviz.ui.explanation.options import Options
from bpviz.ui.explanation.topics import Choice

_STEPS: Final[Mapping[Traced, str]] = {
    "made": "Of the step just made",
    "passing": "At step {}",
    "coming": "Of the coming step",
}


def heading_of(moment: Moment, ref: Ref, options: Options) -> str:
    """Say in words which number it is."""
    label = QUANTITIES[ref.key].label
    if ref.key == "delta" and options.minus_delta:
        label = "error (minus delta)"
    place = moment.names.place(ref.place).replace("->", " → ")
    if isinstance(ref.place, BiasPlace):
        place = f"the bias of {place}"
    text = f"{label} of {place}" if place else label
    return text[0].upper() + text[1:]


def trail_word(moment: Moment, ref: Ref) -> str:
    """Name a number in few letters."""
    place = moment.names.place(ref.place).replace("->", "→")
    many = ref.example is not None and moment.made.examples > 1
    example = f" ({moment.names.examples[ref.example or 0]})" if many else ""
    return f"{Choice(ref.key, ref.place).letter} {place}".rstrip() + example


def moment_words(moment: Moment, ref: Ref | None, example: int | None) -> str:
    """Say of which step and example a number is."""
    step = _STEPS[moment.traced].format(grouped(moment.step))
    count = moment.made.examples
    if ref is not None:
        example = ref.example
        entry = QUANTITIES[ref.key]
        if entry.per == "batch" and ref.key != "mean_loss":
            return f"{step}."
    if count == 1:
        return f"{step}."
    if example is None:
        return f"{step}: mean of {grouped(count)} examples."
    return f"{step}: example {grouped(example + 1)} of {grouped(count)}."


def unknown_words(moment: Moment, ref: Ref) -> str:
    """Say when a number will be known."""
    return f"Not computed yet: comes with {moment.comes_with(ref)}."

"""What a gradient check found, in the words that window and command line share."""

from __future__ import annotations

from typing import Final

from bpviz.engine.gradcheck import TOLERANCE, GradientCheck, Judgement, Verdict
from bpviz.errors import grouped, named

VERDICTS: Final[dict[Verdict, str]] = {
    "good": "good",
    "bad": "wrong",
    "too_small": "too small to judge",
    "kinks": "at kinks only",
    "not_finite": "not finite",
}
"""In a word or two, for tables."""


def verdict_text(judged: Judgement) -> str:
    """Say what a judgement comes to, with the kinks that were left out."""
    text = VERDICTS[judged.verdict]
    return text if judged.verdict == "kinks" or not judged.kinks else f"{text}, {judged.kinks} at kinks"


def error_text(judged: Judgement) -> str:
    """Write a relative error; a dash where nothing could be compared."""
    if judged.verdict in ("kinks", "not_finite"):
        return "–"
    return "0" if judged.error == 0 else f"{judged.error:.1e}".replace("-", "−")


def check_sentences(found: GradientCheck) -> list[str]:
    """Say what the check comes to: the verdict first, then what could not be judged, and why."""
    return [_whole(found), *_left_out(found)]


def alarm(found: GradientCheck) -> str:
    """One line about a check that failed; nothing about any other."""
    return _whole(found) if found.verdict == "bad" else ""


def _whole(found: GradientCheck) -> str:
    bad = _named(found, "bad")
    if bad:
        worst = max(layer.error for layer in found.layers if layer.verdict == "bad")
        return (
            f"Backpropagation and differences of the cost do not agree in {named(bad)}: the relative error "
            f"is {_short(worst)}, and up to {_short(TOLERANCE)} passes."
        )
    good = [layer.error for layer in found.layers if layer.verdict == "good"]
    if found.verdict == "not_finite":
        return "The cost or its gradient is not finite here, so there is nothing to compare."
    if not good:
        return "Nothing can be judged here."
    return (
        f"Backpropagation is right: its gradient agrees with differences of the cost. The largest relative "
        f"error of a layer is {_short(max(good))}, and up to {_short(TOLERANCE)} passes."
    )


def _left_out(found: GradientCheck) -> list[str]:
    sentences = []
    small = _named(found, "too_small")
    if small:
        sentences.append(
            f"Too small to judge: the gradient of {named(small)} is so small that differences of the cost "
            "drown in rounding."
        )
    kinks, count = sum(layer.kinks for layer in found.layers), sum(layer.count for layer in found.layers)
    if kinks:
        sentences.append(
            f"At a kink: moving {grouped(kinks)} of {grouped(count)} weights and biases carries a node, the "
            "loss or the penalty across one, where there is no derivative to compare with: not judged."
        )
    return sentences


def _named(found: GradientCheck, verdict: Verdict) -> list[str]:
    layers = zip(found.plan.layers[1:], found.layers, strict=True)
    return [layer.name for layer, judged in layers if judged.verdict == verdict]


def _short(error: float) -> str:
    return f"{error:.1e}".replace("-", "−")

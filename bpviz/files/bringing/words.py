"""Sentences about what is brought in, which window, command line and scripts say alike."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bpviz.errors import LONGEST_NAME, elided
from bpviz.files.bringing.proposal import Mapped, Proposal, Remark

_REMARKS: Final = {
    "convention": "By the names of its arrays this is a {}.",
    "hidden": "The file does not say the activation of the hidden nodes; {} is taken.",
    "output": "The file does not say the activation of the output; {} is taken.",
    "no_bias": "The matrix {} has no biases; they start at 0.",
    "left_out": "The array {} has no place in a network of layers; it is left out.",
    "input_scaling": "The file scales its inputs; bpviz takes scales from the data, so open the same data.",
    "target_scaling": "The file scales its targets; bpviz takes scales from the data, so open the same data.",
    "one_row": "No data came along: a row of ones, with the network's own answer, stands in for them.",
    "snns_bias": "{} nodes of Act_Identity ignore their bias in SNNS; it is 0 here.",
    "patterns_alone": "Patterns alone have no network; one was made for them.",
    "functions": "Activations stay as they are drawn here; the file has others: {}.",
}


def remark_text(remark: Remark) -> str:
    """Say what was guessed, rounded or left out."""
    key, about = remark
    return _REMARKS[key].format(elided(about, LONGEST_NAME))


def mapping_lines(proposal: Proposal) -> Iterator[str]:
    """Say, one line each, what becomes of the arrays."""
    yield from (_line(proposal, mapped) for mapped in proposal.mapping)


def layer_name(proposal: Proposal, at: int) -> str:
    """What a layer is called."""
    last = len(proposal.columns) - 1
    usual = "Input" if at == 0 else "Output" if at == last else f"Hidden {at}"
    return proposal.columns[at].name or usual


def _line(proposal: Proposal, mapped: Mapped) -> str:
    shape = "×".join(map(str, mapped.shape)) or "1"
    name = elided(mapped.array, LONGEST_NAME)
    if mapped.what == "left out":
        return f"{name} ({shape}): left out"
    target = layer_name(proposal, mapped.target)
    if mapped.what == "bias":
        return f"{name} ({shape}): biases of {target}"
    turned = ", transposed" if mapped.turned else ""
    return f"{name} ({shape}): weights from {layer_name(proposal, mapped.source)} to {target}{turned}"

"""Sentences for what is judged of a learner's number; to add a slip's, add an entry to `SENTENCES`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from bpviz.errors import SettingError, grouped
from bpviz.training.explain.checking import Kind, Verdict, read_answer
from bpviz.training.explain.making import Note
from bpviz.training.explain.naming import Names
from bpviz.training.explain.slips import SLIPS
from bpviz.training.quantities import Ref

_MOST_NAMES: Final = 4


def _listed(names: Sequence[str]) -> str:
    """Join names, as a sentence has room for."""
    shown = list(names[:_MOST_NAMES])
    if len(names) > _MOST_NAMES:
        shown.append(f"{grouped(len(names) - _MOST_NAMES)} more")
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def _places(note: Note, names: Names) -> str:
    places = next((fact for _, fact in note.facts if isinstance(fact, tuple)), ())
    return _listed([names.place(place) for place in places])


def _example(note: Note, names: Names) -> str:
    at = note.fact("example")
    assert isinstance(at, int)
    return names.examples[at]


def _sign(note: Note, _names: Names) -> str:
    if note.fact("key") == "delta":
        return (
            "This is minus delta, which some books call the error; delta is the derivative of the loss by z."
        )
    return "The size is right, but the sign is turned."


_Say = Callable[[Note, Names], str]


def _always(sentence: str) -> _Say:
    return lambda _note, _names: sentence


SENTENCES: Final[Mapping[str, _Say]] = {
    "sign": _sign,
    "weights_updated": _always(
        "The weights were already updated: what comes back passes through the weights before the step."
    ),
    "slope_left_out": lambda note, names: f"The slope f'(z) of {_places(note, names)} was left out.",
    "activation_for_slope": lambda note, names: (
        f"For {_places(note, names)} the activation stands where the slope f'(z) belongs."
    ),
    "slope_from_z": lambda note, names: (
        f"The slope of {_places(note, names)} was made from z, where its formula has the activation a."
    ),
    "slope_not_cancelled": _always(
        "The slope of the output was multiplied in, but with this loss it has cancelled: delta is a − y."
    ),
    "rate_forgotten": _always("The learning rate was forgotten."),
    "new_for_change": _always("This is the value after the step; asked is the change, new minus old."),
    "gradient_for_change": _always(
        "This is the gradient; the change goes against it, times the learning rate."
    ),
    "change_for_gradient": _always("This is the change of the step; asked is the gradient."),
    "rate_on_gradient": _always("The learning rate was multiplied in; the gradient is without it."),
    "half_forgotten": _always(
        "The ½ of the half squared error was forgotten, which makes all twice as large."
    ),
    "half_added": _always("A ½ was put before the squared error; this loss has none."),
    "mean_forgotten": _always("The examples were added up, but not divided by how many there are."),
    "mean_twice": _always("It was divided by the number of examples twice."),
    "mean_for_sum": _always("It was divided by the number of examples; asked is the sum."),
    "neighbors_weight": lambda note, names: f"The weights are those of {_places(note, names)}.",
    "transposed": _always("A matrix of weights was read by columns for rows: it is transposed."),
    "bias_forgotten": lambda note, names: f"The bias of {_places(note, names)} was forgotten.",
    "term_forgotten": lambda note, names: f"In the sum the term of {_places(note, names)} is missing.",
    "activation_left_out": _always("z stands where the activation belongs."),
    "input_left_out": _always("This is delta; it is still to be multiplied by what came in."),
    "targets_activation": _always(
        "The activation is that of the node the weight leads to; it must be that of the node it comes from."
    ),
    "neighbors_delta": lambda note, names: f"The delta is that of {_places(note, names)}.",
    "neighbors_input": lambda note, names: f"What came in is that of {_places(note, names)}.",
    "single_example": lambda note, names: (
        f"This is example {_example(note, names)} alone; asked is the mean of the batch."
    ),
    "example_forgotten": lambda note, names: f"Example {_example(note, names)} was forgotten.",
    "penalty_forgotten": _always("The penalty was forgotten."),
    "penalty_on_bias": _always("The bias was penalized; penalties are of weights only."),
    "penalty_undivided": _always("The penalty was not divided by the number of training examples."),
    "memory_forgotten": _always("What the optimizer remembers of earlier steps was forgotten."),
    "clipping_forgotten": _always("The gradient was not clipped."),
}


def _slip(verdict: Verdict, names: Names) -> str:
    first, *others = verdict.slips
    sentence = SENTENCES[first.key](first, names)
    if verdict.turned and first.key == "sign" and first.fact("key") == "delta":
        sentence = "This is delta; asked is minus delta, the error."
    if verdict.earlier:
        sentence += f" (Computed with {_own(verdict.earlier, names)}.)"
    if others:
        labels = _listed([SLIPS[note.key].label.lower() for note in others])
        sentence += f" (The same number comes from: {labels}.)"
    return sentence


def _own(earlier: Sequence[Ref], names: Names) -> str:
    return f"your {_listed([names.ref(ref) for ref in earlier])}"


def _no_number(verdict: Verdict) -> str:
    try:
        read_answer(verdict.text)
    except SettingError as error:
        return str(error)
    raise AssertionError("it was none when it was judged")


_KINDS: Final[Mapping[Kind, Callable[[Verdict, Names], str]]] = {
    "right": lambda _verdict, _names: "Right.",
    "from_yours": lambda verdict, names: f"Right from {_own(verdict.earlier, names)}.",
    "slip": _slip,
    "wrong": lambda _verdict, _names: "Not right, and no common slip gives this number.",
    "not_asked": lambda verdict, names: (
        "A new value says little, since even a wrong change disappears in it; "
        f"type the change instead, {names.ref(Ref('change', verdict.ref.place))}."
    ),
    "no_number": lambda verdict, _names: _no_number(verdict),
}


def verdict_sentence(verdict: Verdict, names: Names) -> str:
    """Say how an answer came out."""
    return _KINDS[verdict.kind](verdict, names)

"""Every entry of the engine's tables has its formula, and every note its sentence."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bpviz.engine.activations import ACTIVATIONS
from bpviz.engine.losses import LOSSES
from bpviz.engine.optimizers import OPTIMIZERS
from bpviz.engine.penalties import PENALTIES
from bpviz.training import explain as package
from bpviz.training.explain.activations import ACTIVATION_FORMS
from bpviz.training.explain.derivation import DERIVERS
from bpviz.training.explain.losses import LOSS_FORMS
from bpviz.training.explain.notation import CONSTANTS
from bpviz.training.explain.optimizers import OPTIMIZER_FORMS, OPTION_SYMBOLS
from bpviz.training.explain.penalties import PENALTY_FORMS
from bpviz.training.explain.words import NOTES
from bpviz.training.quantities import QUANTITIES


def test_every_entry_of_the_engine_has_its_formula() -> None:
    assert set(ACTIVATION_FORMS) == set(ACTIVATIONS)
    assert set(LOSS_FORMS) == set(LOSSES)
    assert set(PENALTY_FORMS) == set(PENALTIES)
    assert set(OPTIMIZER_FORMS) == set(OPTIMIZERS)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_an_optimizer_names_all_that_it_remembers_and_is_set_by(name: str) -> None:
    form, entry = OPTIMIZER_FORMS[name], OPTIMIZERS[name]
    assert len(form.memories) == len(form.remember) == entry.slots
    assert {option.name for option in entry.options} <= set(OPTION_SYMBOLS)
    assert set(OPTION_SYMBOLS.values()) <= set(CONSTANTS)


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_without_a_factor_of_its_own_has_none_in_its_form(name: str) -> None:
    assert (LOSS_FORMS[name].slope is None) == LOSSES[name].fused


def test_what_is_explained_is_a_quantity_and_the_rest_is_given() -> None:
    assert set(DERIVERS) <= set(QUANTITIES)
    given = {"input", "target", "rate", "flat", "held"}
    assert set(QUANTITIES) - set(DERIVERS) == given


def test_every_note_that_is_made_has_a_sentence_and_every_sentence_a_note() -> None:
    folder = Path(package.__file__).parent
    source = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    made = set(re.findall(r'Note\(\s*"(\w+)"', source))
    named = set(re.findall(r'"(\w+)"', source.partition("NOTES: Final")[0]))
    assert made <= set(NOTES)
    assert set(NOTES) - made <= named  # chosen among several

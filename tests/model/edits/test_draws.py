"""Values drawn anew."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bpviz.engine.initializers import INITIALIZERS
from bpviz.errors import ModelError
from bpviz.model import edits
from bpviz.model.spec import Address, BiasAddress, WeightAddress
from bpviz.training.session import Session
from tests.model.projects import circle_project


@pytest.mark.parametrize("name", INITIALIZERS)
def test_some_weights_are_drawn_anew_by_the_initializer(name: str) -> None:
    project = circle_project()
    project = replace(project, training=replace(project.training, initializer=name))
    wanted: list[Address] = [WeightAddress("n2", "n5"), WeightAddress("n3", "n5"), BiasAddress("n5")]

    drawn = edits.redrawn(project, wanted, 3)

    assert list(drawn) == wanted
    assert drawn == edits.redrawn(project, wanted, 3)
    begun = Session(project)
    if name not in ("zeros", "constant"):
        assert drawn[wanted[0]] != edits.redrawn(project, wanted, 4)[wanted[0]]
        assert drawn[wanted[0]] != begun.value(wanted[0])
    assert drawn[wanted[2]] == begun.value(wanted[2])  # all biases begin alike


def test_frozen_values_stay() -> None:
    held: list[Address] = [WeightAddress("n2", "n5"), BiasAddress("n5")]
    project = edits.on_network(lambda network: edits.set_frozen(network, held, frozen=True))(circle_project())

    assert list(edits.redrawn(project, [*held, WeightAddress("n2", "n6")], 0)) == [WeightAddress("n2", "n6")]


def test_what_is_not_there_can_not_be_drawn() -> None:
    with pytest.raises(ModelError, match="input nodes pass on"):
        edits.redrawn(circle_project(), [BiasAddress("n2")], 0)

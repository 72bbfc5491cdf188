from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from bpviz.errors import SettingError
from bpviz.model import edits
from bpviz.model.compile import compile_network
from bpviz.model.examples import EXAMPLES
from bpviz.model.matrices import LayerMatrix, layer_matrix, pasted_values
from bpviz.model.spec import BiasAddress, Project, WeightAddress
from bpviz.training.session import Session


def matrix_of(project: Project, layer: int) -> LayerMatrix:
    run = Session(project)
    found = layer_matrix(run.compiled, project.network.layers[layer].id, run.parameters)
    assert found is not None
    return found


def hidden(name: str = "textbook_case") -> LayerMatrix:
    return matrix_of(EXAMPLES[name].build(), 1)


def test_rows_are_targets_and_the_last_column_is_the_biases() -> None:
    found = hidden()

    np.testing.assert_array_equal(found.values, [[0.2, 0.4, -0.5, -0.4], [-0.3, 0.1, 0.2, 0.2]])
    network = EXAMPLES["textbook_case"].build().network
    inputs, nodes = network.layers[0].nodes, network.layers[1].nodes
    assert found.address(1, 2) == WeightAddress(inputs[2].id, nodes[1].id)
    assert found.address(0, 3) == BiasAddress(nodes[0].id)


def test_every_link_into_a_layer_has_its_columns() -> None:
    project = EXAMPLES["xor_one_node"].build()
    found = matrix_of(project, 2)

    starts = dict(project.start.values)
    assert len(found.sources) == 3
    for column in range(4):
        assert found.values[0, column] == starts[found.address(0, column)]


def test_the_input_layer_and_one_that_is_gone_have_none() -> None:
    project = EXAMPLES["two_by_two"].build()
    compiled = compile_network(project.network)

    for layer_id in (project.network.layers[0].id, "l999"):
        assert layer_matrix(compiled, layer_id, np.zeros(compiled.plan.size)) is None


@pytest.mark.parametrize(
    ("text", "at", "places"),
    [
        ("[1 2 3; 4 5 6]", (1, 1), {(0, 0): 1, (0, 2): 3, (1, 2): 6}),
        ("[1 2 3 7; 4 5 6 8]", (1, 1), {(0, 3): 7, (1, 3): 8}),
        ("[=cos(0) 2 3; 4 5 =1/2]", (0, 0), {(0, 0): 1, (1, 2): 0.5}),
        ("[7; 8]", (0, 3), {(0, 3): 7, (1, 3): 8}),
        ("7\n8", (0, 3), {(0, 3): 7, (1, 3): 8}),
        ("1\t2", (1, 1), {(1, 1): 1, (1, 2): 2}),
    ],
)
def test_a_matrix_goes_where_its_shape_says(
    text: str, at: tuple[int, int], places: dict[tuple[int, int], float]
) -> None:
    found = pasted_values(hidden(), text, at)

    assert {place: found[place] for place in places} == places


@pytest.mark.parametrize(
    ("text", "at", "fault"),
    [
        ("[1 2; 3 4; 5 6]", (0, 0), "has 3 rows of 2; here go 2 rows of 3, or of 4 with the biases"),
        ("[1 2 3]", (0, 0), "has 1 row of 3"),
        ("[7; 8]", (0, 0), "has 2 rows of 1"),
        ("1\t2\t3\t4\t5", (0, 0), "has 1 row of 5"),
        ("1\n2\n3", (0, 0), "has 3 rows of 1"),
        ("[1 2 3; 4 5 x]", (0, 0), "Row 2, column 3: “x” is not a number"),
        ("[1 2 3; 4 5]", (0, 0), "Row 2 of what was pasted is 2 cells long"),
    ],
)
def test_another_shape_or_a_bad_number_is_refused(text: str, at: tuple[int, int], fault: str) -> None:
    with pytest.raises(SettingError, match=fault):
        pasted_values(hidden(), text, at)


def test_a_removed_pair_takes_nothing_but_nothing() -> None:
    project = EXAMPLES["two_by_two"].build()
    first, second = (project.network.layers[at].nodes[0].id for at in (0, 1))
    cut = edits.on_network(partial(edits.remove_pairs, pairs=[(first, second)]))(project)
    found = matrix_of(cut, 1)

    assert not found.has(0, 0)
    for empty in ("0", "-"):
        assert pasted_values(found, f"[{empty} 2; 3 4]", (0, 0)) == {(0, 1): 2, (1, 0): 3, (1, 1): 4}
    assert pasted_values(found, "\t2\n3\t4", (0, 0)) == {(0, 1): 2, (1, 0): 3, (1, 1): 4}
    with pytest.raises(SettingError, match="Row 1, column 1: these two nodes are not connected"):
        pasted_values(found, "[1 2; 3 4]", (0, 0))

"""Aligned and distributed: only the picture changes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.errors import ModelError, UnknownNameError
from bpviz.model import edits
from bpviz.model.builder import layered_network
from bpviz.model.edits.places import ALIGNMENTS, DISTRIBUTIONS
from bpviz.model.impact import Impact, impact
from bpviz.model.layout import NODE_RADIUS, node_position
from bpviz.model.spec import Network
from tests.model.projects import circle_project


def place(network: Network, node_id: str) -> tuple[float, float]:
    return node_position(network.layer_of(node_id), network.node(node_id))


@pytest.mark.parametrize(
    ("alignment", "expected"),
    [("top", -40.0), ("middle", 30.0), ("bottom", 100.0)],
)
def test_nodes_of_several_columns_are_put_on_one_height(
    chain: Network, alignment: str, expected: float
) -> None:
    before = edits.place_nodes(chain, {"n2": (0.0, -40.0), "n5": (160.0, 0.0), "n9": (320.0, 100.0)})

    after = edits.align(before, ["n2", "n5", "n9"], [], alignment)

    assert [place(after, node) for node in ("n2", "n5", "n9")] == [
        (0.0, expected),
        (160.0, expected),
        (320.0, expected),
    ]


@pytest.mark.parametrize(("alignment", "expected"), [("left", 160.0), ("center", 200.0), ("right", 240.0)])
def test_nodes_of_a_column_are_put_on_one_line(chain: Network, alignment: str, expected: float) -> None:
    before = edits.place_nodes(chain, {"n5": (240.0, -56.0)})

    after = edits.align(before, ["n5", "n6"], [], alignment)

    assert [place(after, node)[0] for node in ("n5", "n6")] == [expected, expected]
    assert [place(after, node)[1] for node in ("n5", "n6")] == [
        place(before, node)[1] for node in ("n5", "n6")
    ]


def test_layers_are_aligned_as_a_whole(chain: Network) -> None:
    after = edits.align(chain, ["n5"], ["l4", "l8", "l11"], "top")

    assert {min(node.y for node in after.layer(layer).nodes) for layer in ("l4", "l8", "l11")} == {-56.0}
    assert [layer.x for layer in after.layers] == [layer.x for layer in chain.layers]


def test_what_would_lie_on_each_other_is_refused(chain: Network) -> None:
    with pytest.raises(ModelError, match="lie on each other"):
        edits.align(chain, ["n5", "n6"], [], "top")
    with pytest.raises(ModelError, match="lie on each other"):
        edits.align(chain, [], ["l4", "l8"], "left")
    with pytest.raises(ModelError, match="at least two"):
        edits.align(chain, ["n5"], [], "left")
    with pytest.raises(UnknownNameError, match="no alignment named 'up'"):
        edits.align(chain, ["n5", "n9"], [], "up")


def test_layers_get_equal_gaps_between_the_outermost(chain: Network) -> None:
    moved = edits.move_layer(chain, "l4", 90.0)

    after = edits.distribute(moved, [], [layer.id for layer in moved.layers], "across")

    assert [layer.x for layer in after.layers] == [0.0, 160.0, 320.0, 480.0]


HEIGHTS = st.lists(st.floats(-1000, 1000), min_size=3, max_size=3)


@given(heights=HEIGHTS)
def test_distributed_nodes_have_equal_gaps_and_never_overlap(heights: list[float]) -> None:
    project = circle_project()
    nodes = ["n5", "n6", "n7"]
    before = edits.move_nodes(project.network, dict(zip(nodes, heights, strict=True)))

    after = edits.distribute(before, nodes, [], "down")

    ys = sorted(place(after, node)[1] for node in nodes)
    assert ys[1] - ys[0] == pytest.approx(ys[2] - ys[1], abs=0.021)  # places have two decimals
    assert ys[1] - ys[0] > 2 * NODE_RADIUS
    assert ys[0] == pytest.approx(min(heights))


@given(st.integers(1, 400), st.integers(3, 9))
def test_what_has_equal_gaps_already_stays_where_it_is(gap: int, count: int) -> None:
    """Qt leaves out a move by the last bit, so that the picture and the document would differ by it."""
    network = layered_network(["x"], [count], 1)
    nodes = [node.id for node in network.layers[1].nodes]
    heights = {node: 33.3 + at * (55 + gap / 7) for at, node in enumerate(nodes)}
    before = edits.move_nodes(network, heights)
    assert edits.distribute(before, nodes, [], "down") == before


def test_fewer_than_three_can_not_be_distributed(chain: Network) -> None:
    with pytest.raises(ModelError, match="at least three"):
        edits.distribute(chain, ["n5", "n6"], [], "down")


@pytest.mark.parametrize("name", [*ALIGNMENTS, *DISTRIBUTIONS])
def test_places_are_nothing_to_a_run(name: str) -> None:
    before = circle_project()
    edit = edits.align if name in ALIGNMENTS else edits.distribute
    nodes = ["n2", "n5", "n10"] if name not in ("left", "center", "right") else ["n5", "n6", "n7"]
    aside = edits.place_nodes(before.network, {"n5": (190.0, -300.0)})

    after = edits.on_network(lambda network: edit(aside, nodes, [], name))(before)

    assert impact(before, after) == (Impact.NOTHING, "")

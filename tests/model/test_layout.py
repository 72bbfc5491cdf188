from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.model import edits, layout
from bpviz.model.builder import layered_network
from bpviz.model.spec import Network
from tests.model.drawings import networks


@given(network=networks())
def test_arranged_nodes_never_overlap(network: Network) -> None:
    arranged = layout.arrange(network)

    places = np.array([(layer.x, node.y) for layer in arranged.layers for node in layer.nodes])
    apart = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
    np.fill_diagonal(apart, np.inf)
    assert apart.min() > 2 * layout.NODE_RADIUS


@given(network=networks())
def test_arranged_links_lead_from_left_to_right(network: Network) -> None:
    arranged = layout.arrange(network)

    assert all(arranged.layer(link.source).x < arranged.layer(link.target).x for link in arranged.links)


def test_what_hangs_on_a_layer_that_nothing_leads_into_stands_to_its_right(chain: Network) -> None:
    loose = edits.add_layer(edits.add_layer(chain, "l20", ["n21"]), "l22", ["n23"])

    arranged = layout.arrange(edits.connect_layers(loose, "l20", "l22"))

    assert arranged.layer("l20").x < arranged.layer("l22").x


def test_the_output_has_its_column_to_itself_however_deep_a_blind_alley_is(chain: Network) -> None:
    loose = edits.add_layer(edits.add_layer(chain, "l20", ["n21"]), "l22", ["n23"])
    blind = edits.connect_layers(edits.connect_layers(loose, "l8", "l20"), "l20", "l22")

    arranged = layout.arrange(blind)

    assert arranged.layer("l11").x > max(layer.x for layer in arranged.layers if layer.id != "l11")


def test_a_chain_stands_on_one_axis_with_even_columns(chain: Network) -> None:
    xs = [layer.x for layer in chain.layers]

    assert xs == [0.0, layout.COLUMN_GAP, 2 * layout.COLUMN_GAP, 3 * layout.COLUMN_GAP]
    assert all(layout.center_y(layer) == pytest.approx(0.0) for layer in chain.layers)


def test_branches_of_one_depth_share_a_column(chain: Network) -> None:
    branched = layout.arrange(edits.insert_layer(chain, "l20", ["n21"], "l1", "l11"))

    new, old = branched.layer("l20"), branched.layer("l4")
    assert new.x == old.x
    assert min(node.y for node in new.nodes) > max(node.y for node in old.nodes)


def test_wide_layers_become_a_strip_of_fixed_height() -> None:
    layer = layered_network([f"x{at}" for at in range(784)], (), 10, output_activation="softmax").layers[0]

    assert layout.collapsed(layer)
    assert layout.height_of(layer) == pytest.approx(layout.STRIP_HEIGHT)


def test_columns_of_up_to_forty_nodes_show_every_node_apart() -> None:
    for size in (1, 2, 10, 25, 40):
        layer = layered_network(("x",), (size,), 1).layers[1]
        assert not layout.collapsed(layer)
        assert size == 1 or layer.nodes[1].y - layer.nodes[0].y > 2 * layout.NODE_RADIUS


@given(st.integers(1, 60), st.floats(-500, 500))
def test_columns_are_centered_and_evenly_spaced(size: int, center: float) -> None:
    heights = np.array(layout.column(size, center))

    assert heights.mean() == pytest.approx(center, abs=0.02)
    if size > 2:
        assert np.ptp(np.diff(heights)) < 0.03


def test_links_leave_and_enter_horizontally_and_skipping_ones_clear_the_columns_between(
    chain: Network,
) -> None:
    skipping = edits.connect_layers(chain, "l1", "l11")
    source, target = skipping.layer("l1"), skipping.layer("l11")
    assert layout.bulge(skipping, source, skipping.layer("l4")) == 0.0

    bend = layout.bulge(skipping, source, target)
    start = layout.node_position(source, source.nodes[0])
    end = layout.node_position(target, target.nodes[0])
    path = layout.link_path(start, end, bend)

    assert tuple(path[0]) == start
    assert tuple(path[3]) == end
    middle = (path[0] + 3 * path[1] + 3 * path[2] + path[3]) / 8
    assert middle[1] == pytest.approx((start[1] + end[1]) / 2 - bend)
    straight = layout.link_path(start, end)
    assert (straight[1, 1], straight[2, 1]) == (start[1], end[1])


def test_many_links_have_the_paths_of_each() -> None:
    starts, ends = np.array([[0.0, 0.0], [0.0, 50.0]]), np.array([[160.0, 20.0], [160.0, -20.0]])

    paths = layout.link_paths(starts, ends, np.array([0.0, 30.0]))

    np.testing.assert_array_equal(paths[0], layout.link_path((0.0, 0.0), (160.0, 20.0)))
    np.testing.assert_array_equal(paths[1], layout.link_path((0.0, 50.0), (160.0, -20.0), 30.0))


def test_widths_and_opacities_grow_with_the_root_of_the_size_up_to_the_95th_percentile() -> None:
    values = np.array([0.0, 0.25, -1.0, 4.0])

    np.testing.assert_allclose(layout.widths(values, 1.0), [1.0, 3.5, 6.0, 6.0])
    np.testing.assert_allclose(layout.opacities(values, 1.0), [0.35, 0.675, 1.0, 1.0])
    assert layout.full_strength(np.arange(101.0)) == pytest.approx(95.0)


def test_the_strength_of_very_many_values_is_that_of_an_even_sample() -> None:
    many = np.random.default_rng(3).normal(size=(512, 784))
    assert layout.full_strength(many) == pytest.approx(np.percentile(np.abs(many), 95), rel=0.02)
    # A sample that took whole columns would miss the large ones, or find nothing else.
    many[:, ::8] = 50.0
    assert layout.full_strength(many) == 50.0
    many[:, ::16], many[:, 8::32] = 0.0, 0.0
    assert layout.full_strength(many) < 5.0


def test_strange_values_have_widths_too() -> None:
    low, high = layout.WIDTHS_PX

    np.testing.assert_array_equal(layout.widths(np.zeros(3)), [low] * 3)
    np.testing.assert_array_equal(layout.widths(np.array([np.nan, np.inf, 1.0])), [low, high, high])
    assert layout.widths(np.zeros(0)).size == 0


def test_bounds_enclose_every_disc(chain: Network) -> None:
    left, top, right, bottom = layout.bounds(chain)

    assert (left, right) == (-layout.NODE_RADIUS, 3 * layout.COLUMN_GAP + layout.NODE_RADIUS)
    assert (top, bottom) == (-layout.NODE_GAP - layout.NODE_RADIUS, layout.NODE_GAP + layout.NODE_RADIUS)
    assert layout.bounds(Network()) == (-layout.NODE_RADIUS,) * 2 + (layout.NODE_RADIUS,) * 2


def test_skipping_links_pass_above_every_node_between_them(chain: Network) -> None:
    skipping = edits.connect_layers(chain, "l1", "l11")
    source, target = skipping.layer("l1"), skipping.layer("l11")
    pairs = [(a, b) for a in source.nodes for b in target.nodes]
    starts = np.array([layout.node_position(source, a) for a, _ in pairs])
    ends = np.array([layout.node_position(target, b) for _, b in pairs])

    paths = layout.link_paths(starts, ends, layout.bends(skipping, source, target, starts, ends))

    t = np.linspace(0.0, 1.0, 400)[:, None, None]
    curve = (1 - t) ** 3 * paths[:, 0] + 3 * t * (1 - t) ** 2 * paths[:, 1]
    curve += 3 * t**2 * (1 - t) * paths[:, 2] + t**3 * paths[:, 3]
    for layer in skipping.layers[1:3]:
        beside = np.abs(curve[..., 0] - layer.x) < layout.NODE_RADIUS
        assert curve[beside][:, 1].max() < min(node.y for node in layer.nodes) - layout.NODE_RADIUS


def test_links_between_neighbors_do_not_bend(chain: Network) -> None:
    source, target = chain.layer("l1"), chain.layer("l4")
    starts, ends = np.zeros((3, 2)), np.ones((3, 2))

    np.testing.assert_array_equal(layout.bends(chain, source, target, starts, ends), np.zeros(3))


def test_arranging_takes_nodes_back_into_their_columns(chain: Network) -> None:
    scattered = edits.place_nodes(chain, {"n5": (11.0, 5.0), "n6": (11.0, 5.0), "n12": (2.0, 900.0)})

    assert layout.arrange(scattered) == layout.arrange(chain)


def test_bounds_enclose_a_node_beside_its_column(chain: Network) -> None:
    left, top, _, _ = layout.bounds(edits.place_nodes(chain, {"n5": (-300.0, -400.0)}))

    assert (left, top) == (-300.0 - layout.NODE_RADIUS, -400.0 - layout.NODE_RADIUS)


def test_the_rows_of_a_strip_have_no_place_of_their_own(chain: Network) -> None:
    wide = edits.resize_layer(chain, "l4", 50, [f"n{k}" for k in range(100, 150)])
    layer = edits.place_nodes(wide, {"n5": (7.0, 0.0)}).layer("l4")

    assert {layout.node_position(layer, node)[0] for node in layer.nodes} == {layer.x}


def test_a_caption_belongs_over_the_nodes_that_stand_in_the_column(chain: Network) -> None:
    layer = edits.place_nodes(chain, {"n5": (chain.layer("l4").x + 90.0, -300.0)}).layer("l4")

    assert [node.id for node in layout.in_column(layer)] == ["n6", "n7"]
    assert layout.in_column(chain.layer("l4")) == chain.layer("l4").nodes

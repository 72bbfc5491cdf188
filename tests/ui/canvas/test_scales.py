"""What the legend says."""

from __future__ import annotations

from bpviz.ui.canvas.scales import Scales
from bpviz.ui.canvas.views import PHASES, views


def test_each_scale_has_a_label_and_two_ends() -> None:
    scales = Scales(view=views()["activations"], pairs=0.2144, nodes=2.0)
    assert scales.rows == [("Weight", "−0.214", "+0.214"), ("Activation", "−2.000", "+2.000")]
    assert Scales().rows == [("Weight", "−", "+")], "nothing is known yet"


def test_biases_have_a_scale_where_rows_show_them() -> None:
    assert Scales(pairs=1.0, biases=0.5).rows[1] == ("Bias", "−0.500", "+0.500")
    assert Scales(view=views()["gradients"], biases=0.5).rows[1][0] == "Bias gradient"


def test_numbers_of_a_batch_say_that_they_are_means() -> None:
    scales = Scales(views()["deltas"], pairs=1.0, nodes=1.0, nodes_of="mean of 10")
    assert [label for label, _, _ in scales.rows] == ["Weight", "Delta, mean of 10"]
    single = Scales(views()["gradients"], pairs_of="example 3 of 10", biases=0.5)
    assert [label for label, _, _ in single.rows] == [
        "Gradient, example 3 of 10",
        "Bias gradient, example 3 of 10",
    ]


def test_shares_lead_from_0_to_1_and_say_what_1_means() -> None:
    still = Scales(views()["still"], pairs=1.0, nodes=1.0, nodes_of="mean of 10", biases=1.0)
    assert still.rows == [
        ("Frozen", "0", "1"),
        ("At slope 0, mean of 10", "0", "1"),
        ("Bias frozen", "0", "1"),
    ]
    assert any("dead" in note for note in still.notes)


def test_numbers_above_each_other_are_explained() -> None:
    forward = Scales(PHASES["forward"], nodes=1.0, nodes_of="mean of 10", written=("z", "a"))
    assert (forward.rows[1][0], forward.notes) == ("Activation (below z), mean of 10", [])
    assert Scales(PHASES["loss"], nodes=1.0, written=("a", "y")).rows[1][0] == "Activation (above y)"
    assert Scales(PHASES["update"], written=("b", "b⁺")).notes == ["In nodes at work: b above b⁺"]


def test_it_says_which_connections_are_lines() -> None:
    assert Scales(drawn=9, seen=9).notes == []
    assert Scales(drawn=1000, seen=4978).notes == ["Lines: the 1\u202f000 strongest of 4\u202f978"]
    assert Scales(drawn=1000, seen=10500, scrolled=True, strips=True).notes == [
        "Lines: the 1\u202f000 strongest of 10\u202f500 between rows in view",
        "Strips: every weight into a node",
    ]
    assert Scales(drawn=213, seen=213, scrolled=True).notes == ["Lines: all 213 between rows in view"]

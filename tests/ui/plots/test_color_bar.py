"""The numbers beside a scale."""

from __future__ import annotations

from bpviz.training.marks import Scale
from bpviz.ui.plots.color_bar import scale_ticks


def test_a_logarithmic_scale_names_a_power_of_ten_between_middle_and_end() -> None:
    scale = Scale("Mean delta", "diverging", limit=0.1, floor=1e-5)
    ticks = dict(scale_ticks(scale, roomy=True))
    assert ticks[0.0] == "0"
    assert (ticks[1.0], ticks[-1.0]) == ("0.1", "−0.1")
    assert {"0.001", "−0.001"} <= set(ticks.values())


def test_a_linear_scale_is_halved_where_there_is_room() -> None:
    scale = Scale("Output", "diverging", limit=1.0)
    assert sorted(scale_ticks(scale, roomy=True)) == [
        (-1.0, "−1"),
        (-0.5, "−0.5"),
        (0.0, "0"),
        (0.5, "0.5"),
        (1.0, "1"),
    ]
    assert len(scale_ticks(scale, roomy=False)) == 3


def test_a_scale_around_another_middle_names_it() -> None:
    scale = Scale("Output", "diverging", limit=0.5, center=0.5)
    assert dict(scale_ticks(scale, roomy=False)) == {0.0: "0.5", 1.0: "1", -1.0: "0"}


def test_a_sequential_scale_begins_at_zero() -> None:
    assert scale_ticks(Scale("Examples", "sequential", limit=40.0), roomy=False) == [(0.0, "0"), (1.0, "40")]


def test_the_ends_of_a_huge_scale_are_powers_of_ten_that_fit_beside_the_bar() -> None:
    ticks = dict(scale_ticks(Scale("Delta", "diverging", 1e34), roomy=False))
    assert (ticks[1.0], ticks[-1.0]) == ("10³⁴", "−10³⁴")
    assert dict(scale_ticks(Scale("Delta", "diverging", 3e-6), roomy=False))[-1.0] == "−3·10⁻⁶"


def test_numbers_of_a_scale_far_from_zero_differ() -> None:
    scale = Scale("price", "diverging", 0.01, center=1.05)
    texts = [text for _, text in scale_ticks(scale, roomy=True)]
    assert len(set(texts)) == 5

"""The numbers of worked examples, read off their derivations."""

from __future__ import annotations

import pytest

from bpviz.training.explain.expressions import Number, Product, leaves
from tests.training.explain import worked

near = pytest.approx


def close(*numbers: float, digits: int = 10) -> object:
    """As many decimals as the source gives; some sources cut the last one rather than round it."""
    return pytest.approx(list(numbers), abs=1.01 * 10**-digits, rel=0)


def test_a_textbooks_table_of_errors_and_new_weights() -> None:
    w1 = worked.w1()
    assert w1.values("z:h1", "z:h2", "z:o1") == close(-0.7, 0.1, -0.1045395058)
    assert w1.values("a:h1", "a:h2", "a:o1") == close(0.3318122278, 0.5249791875, 0.4738888988)
    assert w1.values("delta:h1", "delta:h2", "delta:o1") == close(0.0087245620, 0.0065420851, -0.1311690782)
    assert w1.values("new:h1->o1", "new:h2->o1") == close(-0.2608288463, -0.1380250675)
    assert w1.values("change:x2->h1", "change:x2->h2") == [0, 0]
    assert w1.notes("change:x2->h1") >= {"no_input_no_move"}
    assert "no_input" in w1.notes("gradient:x2->h1")


def test_hidden_deltas_come_from_the_weights_before_the_step() -> None:
    w2 = worked.w2()
    assert w2.values("a:o1", "delta:o1") == close(0.6902834929, 0.0406811251)
    assert w2.values("delta:h1", "delta:h2") == close(0.0026544890, 0.0081716451)
    assert w2.values("new:h1->o1", "new:h2->o1") == close(0.2723259651, 0.8729983630)
    first, second = ("new:x1->h1", "new:x2->h1"), ("new:x1->h2", "new:x2->h2")
    assert w2.values(*first, *second) == close(0.0990709288, 0.7976109599, 0.3971399242, 0.5926455194)
    weights = [leaf for leaf in leaves(w2.of("delta:h1").expression) if leaf.ref and leaf.ref.key == "value"]
    assert [leaf.value for leaf in weights] == [0.3]


GRADIENT = (
    *(0.766138, 0.979897, -0.027540, -0.035844, -0.024929, -0.053862),
    *(0.883417, 0.568762, 0.584668, 0.598139, 0.459314, 0.344618, 0.256313, 0.311885, 0.478337, 0.368920),
    *(0.259771, 0.322331),
)


def test_the_course_notes_accumulate_divide_and_add_lambda() -> None:
    plain, penalized = worked.w3(0), worked.w3(4)
    assert plain.value("mean_loss") == near(7.406969856, abs=1e-9)
    assert penalized.value("cost") == near(19.473636523, abs=1e-9)
    refs = [
        f"total:{end}"
        for layer in (("h1", "h2"), ("o1", "o2", "o3", "o4"))
        for source in ("", *(("x1", "x2") if "h1" in layer else ("h1", "h2")))
        for end in (f"{source}->{target}" if source else target for target in layer)
    ]
    assert plain.values(*refs) == close(*GRADIENT, digits=6)
    of_weights = ("total:x1->h1", "total:x1->h2", "total:x2->h1", "total:x2->h2")
    assert penalized.values(*of_weights) == close(0.372460, 0.497489, 0.641738, 0.746138, digits=6)
    assert penalized.values("total:h1", "total:h2") == plain.values("total:h1", "total:h2")
    assert "biases_are_free" in penalized.notes("total:h1")
    sums = penalized.values("accumulated:x1->h1", "gradient:x1->h1")
    assert sums[0] == near(3 * sums[1], rel=1e-15)
    assert sum(penalized.values(*(f"gradient:x1->h1@{at}" for at in range(3)))) == near(sums[0], rel=1e-14)


def test_relu_cuts_what_arrives_and_softmax_needs_no_slope() -> None:
    w4 = worked.w4()
    assert w4.values("a:h1", "a:h2", "z:o1", "z:o2", "z:o3") == close(2.28, 0, 0.4332, -0.228, 0.228)
    assert w4.value("loss") == near(1.051375468504, abs=1e-12)
    deltas = (0.429052723714, 0.221490524653, -0.650543248367)
    assert w4.values("delta:o1", "delta:o2", "delta:o3") == close(*deltas, digits=12)
    gradients = (0.978240210068, 0.504998396208, -1.483238606277)
    assert w4.values("gradient:h1->o1", "gradient:h1->o2", "gradient:h1->o3") == close(*gradients, digits=12)
    assert w4.values("gradient:h2->o1", "gradient:h2->o2", "gradient:h2->o3") == [0, 0, 0]
    assert w4.values("dloss_da:h1", "dloss_da:h2") == close(-0.005683359796, -0.036817689655, digits=12)
    assert w4.value("delta:h2") == 0
    assert w4.notes("delta:h2") >= {"cut"}
    assert "cut" not in w4.notes("delta:h1")
    assert w4.notes("delta:o1") == {"fused"}


def test_changes_are_derived_from_the_gradient() -> None:
    w5 = worked.w5()
    assert w5.values("a:o1", "delta:o1") == close(0.4849734308, -0.0287306695)
    assert w5.values("change:h1->o1", "change:h2->o1") == close(0.0080404739, 0.0055591809)
    first = ("change:x1->h1", "change:x2->h1", "change:x3->h1")
    assert w5.values(*first) == near([1.77005547e-4, 3.54011093e-5, -7.08022187e-5], rel=1e-8)
    second = ("change:x1->h2", "change:x2->h2", "change:x3->h2")
    assert w5.values(*second) == near([-5.11178506e-4, -1.02235701e-4, 2.04471402e-4], rel=1e-8)
    assert "frozen" in w5.notes("new:o1")


def test_links_that_skip_take_part_and_gradients_are_means() -> None:
    w6 = worked.w6()
    cases = range(4)
    outputs = (0.1125420077, 0.8801354804, 0.9142401214, 0.1037718651)
    assert w6.values(*(f"a:o1@{at}" for at in cases)) == close(*outputs)
    deltas = (0.0112402798, -0.0126453492, -0.0067240137, 0.0096511223)
    assert w6.values(*(f"delta:o1@{at}" for at in cases)) == close(*deltas)
    hidden = (0.0052063321, -0.0000506106, -0.0088626175, 0.0048319757)
    assert w6.values(*(f"delta:h1@{at}" for at in cases)) == close(*hidden)
    assert w6.value("mean_loss") == near(0.0056445704, abs=6e-11)
    into_h = ("gradient:x1->h1", "gradient:x2->h1", "gradient:h1")
    assert w6.values(*into_h) == close(-0.00100766, 0.00119534, 0.00028127, digits=8)
    into_o = ("gradient:h1->o1", "gradient:x1->o1", "gradient:x2->o1", "gradient:o1")
    assert w6.values(*into_o) == close(-0.00121453, 0.00073178, -0.00074856, 0.00038051, digits=8)
    assert w6.notes("gradient:x1->o1") == {"batch_mean"}
    assert len(w6.terms("z:o1@3")) == 4


def test_cross_entropy_and_squared_error_differ_in_one_factor() -> None:
    cross, squared = worked.w7(), worked.w7("half_squared")
    assert cross.values("a:o1", "loss", "delta:o1") == close(0.6472915700, 0.4349584369, -0.3527084300)
    assert cross.values("gradient:h1->o1", "gradient:h2->o1") == close(-0.1851645850, -0.2026107182)
    assert cross.values("delta:h1", "delta:h2") == close(-0.0439785158, -0.0517335044)
    assert cross.values("gradient:x2->h1", "gradient:x2->h2") == [0, 0]
    factors = squared.of("delta:o1").expression
    assert isinstance(factors, Product)
    error, slope = factors.factors
    assert isinstance(error, Number)
    assert isinstance(slope, Number)
    assert error.value == cross.value("delta:o1")
    assert slope.value == near(0.2283, abs=6e-5)
    assert squared.value("delta:o1") == near(cross.value("delta:o1") * slope.value, rel=1e-15)


def test_mazurs_intermediate_terms() -> None:
    w8 = worked.w8()
    assert w8.values("loss_share:o1", "loss_share:o2") == close(0.274811083, 0.023560026, digits=9)
    assert w8.values("dloss_da:o1", "slope:o1", "a:h1") == close(
        0.741365070, 0.186815602, 0.593269992, digits=9
    )
    assert w8.value("gradient:h1->o1") == near(0.082167041, abs=6e-10)
    assert w8.terms("dloss_da:h1") == close(0.055399425, -0.019049119, digits=9)
    assert w8.values("dloss_da:h1", "slope:h1") == close(0.036350306, 0.241300709, digits=9)
    assert w8.value("gradient:x1->h1") == near(0.000438568, abs=6e-10)
    assert w8.values("delta:h1", "delta:h2") == close(0.008771355, 0.009954255, digits=9)
    assert w8.value("new:h1->o1") == near(0.358916480, abs=6e-10)

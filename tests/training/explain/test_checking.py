"""Learners' numbers: what counts as right, what follows from their own, and which slip gives the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from bpviz.arrays import Array
from bpviz.engine.update import Rule, initial_state, step
from bpviz.errors import ModelError, SettingError
from bpviz.registry import Registry
from bpviz.training.explain import checking
from bpviz.training.explain.checking import (
    Answer,
    Verdict,
    check,
    likeliest,
    read_answer,
    slip_values,
    wrong_numbers,
)
from bpviz.training.explain.expressions import constant, times
from bpviz.training.explain.naming import read_refs
from bpviz.training.explain.recomputing import Formulas, Variant
from bpviz.training.explain.slips import SLIPS, Slip
from bpviz.training.explain.twisting import of_asked
from bpviz.training.passes import Pass
from bpviz.training.places import BiasPlace, NodePlace, PairPlace
from bpviz.training.quantities import Ref, value_of
from tests.engine.networks import make_plan
from tests.training.explain import worked
from tests.training.explain.passes import every_ref, passes
from tests.training.explain.worked import Worked

pytestmark = pytest.mark.thorough


def ref(example: Worked, text: str) -> Ref:
    (found,) = read_refs(example.made, example.names, text)
    return found


def judge(example: Worked, text: str, answer: str, mine: Mapping[str, float] | None = None) -> Verdict:
    earlier = {ref(example, other): value for other, value in (mine or {}).items()}
    return check(example.made, ref(example, text), answer, earlier)


# ---- what is typed


@pytest.mark.parametrize(
    ("text", "value", "half_unit"),
    [
        ("0.5", 0.5, 0),
        ("0,50", 0.5, 0.005),
        ("1/2", 0.5, 0),
        ("-1/4", -0.25, 0),
        ("5e-1", 0.5, 0),
        ("5.0e-1", 0.5, 0.005),
        ("−2,5e−3", -0.0025, 0.00005),
        ("007", 7, 0),
        ("12", 12, 0.5),
        ("1\u202f234", 1234, 0.5),
        ("0.00", 0, 0),
        ("=0.25*2", 0.5, 0),
    ],
)
def test_a_number_is_read_with_the_worth_of_its_last_digit(text: str, value: float, half_unit: float) -> None:
    found = read_answer(text)
    assert found.value == value
    assert found.half_unit == pytest.approx(half_unit, rel=1e-15)


@pytest.mark.parametrize("text", ["", "x", "1/0", "1.2.3", "inf", "1 / x", "1/"])
def test_what_is_no_number_is_said_to_be_none(text: str) -> None:
    with pytest.raises(SettingError):
        read_answer(text)
    assert judge(worked.w2(), "delta:h1", text).kind == "no_number"


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (".0026545", "right"),
        (",0026545", "right"),
        ("2.6545e-3", "right"),
        (".0027", "right"),  # two digits: half a unit of the last one is 2 %
        (".002645", "right"),  # not its rounding, but within half a percent
        (".0026", "wrong"),
        (".003", "wrong"),  # one digit says too little
        ("0", "wrong"),
        ("26545/10000000", "right"),
    ],
)
def test_right_is_within_half_a_percent_or_half_a_unit_of_the_last_of_two_digits(
    answer: str, kind: str
) -> None:
    assert judge(worked.w2(), "delta:h1", answer).kind == kind


def test_zero_is_right_only_for_zero() -> None:
    w7 = worked.w7()
    assert judge(w7, "gradient:x2->h1", "0").kind == "right"
    assert judge(w7, "gradient:x2->h1", "0.0001").kind == "wrong"
    assert judge(w7, "delta:h1", "0.00").kind == "wrong"


def test_of_an_update_the_change_is_asked_and_never_the_new_value() -> None:
    w5 = worked.w5()
    assert judge(w5, "new:h1->o1", "0.108").kind == "not_asked"
    assert judge(w5, "change:h1->o1", "0.00804").kind == "right"
    assert [note.key for note in judge(w5, "change:h1->o1", "0.10804").slips] == ["new_for_change"]


def test_a_number_that_the_step_does_not_have_is_an_error() -> None:
    with pytest.raises(ModelError):
        check(worked.w2().made, Ref("delta", NodePlace(7, 0), 0), "1")


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(passes())
def test_the_engines_own_number_is_right_whatever_it_is(made: Pass) -> None:
    for one in every_ref(made):
        verdict = check(made, one, repr(value_of(made, one)))
        assert verdict.kind == ("not_asked" if one.key == "new" else "right"), one


# ---- slips


W2_SLIPS = {
    ".002410": "weights_updated",
    ".012204": "slope_left_out",
    ".012416": "slope_left_out",
    ".008302": "activation_for_slope",
    ".002257": "slope_from_z",
    ".007963": "neighbors_weight",
    ".005309": "half_forgotten",
    "-.0026545": "sign",
}


@pytest.mark.parametrize(("answer", "slip"), W2_SLIPS.items())
def test_each_common_slip_of_a_hidden_delta_is_named(answer: str, slip: str) -> None:
    verdict = judge(worked.w2(), "delta:h1", answer)
    assert verdict.kind == "slip"
    assert [note.key for note in verdict.slips] == [slip]


def test_it_is_said_whose_slope_was_left_out() -> None:
    w2 = worked.w2()
    (own,), (ahead,) = (judge(w2, "delta:h1", answer).slips for answer in (".012204", ".012416"))
    assert own.fact("nodes") == (NodePlace(1, 0),)
    assert ahead.fact("nodes") == (NodePlace(2, 0),)


@pytest.mark.parametrize(
    ("of", "answer", "slip"),
    [
        ("gradient:x1->h1", "=0.35*.0024096210", "weights_updated"),  # through the product
        ("change:x1->h1", "=-0.35*.0024096210", "weights_updated"),
        ("gradient:x1->h1", ".0026545", "input_left_out"),
        ("gradient:x1->h1", "=.0026544890*.68026731", "targets_activation"),
        ("gradient:x1->h1", "=.9*.0026544890", "neighbors_input"),
        ("gradient:x1->h1", "=.35*.0081716451", "neighbors_delta"),
        ("z:h1", "=.35*.1", "term_forgotten"),
        ("z:h1", "=.35*.1+.9*.4", "transposed"),
        ("z:h1", "=.35*.4+.9*.6", "neighbors_weight"),
        ("a:h1", ".755", "activation_left_out"),
        ("z:o1", "=.3*.755+.9*.68", "activation_left_out"),
    ],
)
def test_slips_reach_as_far_as_they_would_on_paper(of: str, answer: str, slip: str) -> None:
    assert slip in [note.key for note in judge(worked.w2(), of, answer).slips]


def test_slips_of_a_batch_and_a_penalty_are_named() -> None:
    w6, w3 = worked.w6(), worked.w3(4)
    mean = w6.value("gradient:x1->h1")
    shares = w6.values(*(f"gradient:x1->h1@{at}" for at in range(4)))
    found = {
        slip: [note.key for note in judge(w6, "gradient:x1->h1", repr(value)).slips]
        for slip, value in {
            "mean_forgotten": 4 * mean,
            "mean_twice": mean / 4,
            "single_example": shares[2],
            "example_forgotten": (sum(shares) - shares[3]) / 3,
            "half_forgotten": 2 * mean,
        }.items()
    }
    assert all(slip in keys for slip, keys in found.items()), found
    plain, bias = w3.value("gradient:x1->h1"), w3.value("gradient:h1")
    assert [note.key for note in judge(w3, "total:x1->h1", repr(plain)).slips] == ["penalty_forgotten"]
    penalized = repr(bias + 4 / 3 * w3.value("bias:h1"))
    assert [note.key for note in judge(w3, "total:h1", penalized).slips] == ["penalty_on_bias"]
    undivided = repr(plain + 4 * w3.value("weight:x1->h1"))
    assert [note.key for note in judge(w3, "total:x1->h1", undivided).slips] == ["penalty_undivided"]
    fused = repr(w3.value("delta:o1@0") * w3.value("slope:o1@0"))
    assert [note.key for note in judge(w3, "delta:o1@0", fused).slips] == ["slope_not_cancelled"]


def test_of_a_step_the_rate_and_the_gradient_are_told_apart_from_the_change() -> None:
    w5 = worked.w5()
    gradient, change = w5.values("gradient:h1->o1", "change:h1->o1")
    for of, value, slip in (
        ("change:h1->o1", -gradient, "rate_forgotten"),
        ("change:h1->o1", gradient, "gradient_for_change"),
        ("change:h1->o1", -change, "sign"),
        ("gradient:h1->o1", change, "change_for_gradient"),
        ("gradient:h1->o1", -change, "rate_on_gradient"),
    ):
        assert judge(w5, of, repr(value)).slips[0].key == slip


def test_where_two_slips_give_the_same_number_the_likelier_comes_first() -> None:
    # With a rate of one half, to forget it doubles the change, and so does the half of the squared error.
    w5 = worked.w5()
    verdict = judge(w5, "change:h1->o1", repr(2 * w5.value("change:h1->o1")))
    assert [note.key for note in verdict.slips] == ["rate_forgotten", "half_forgotten"]


def test_a_slip_that_gives_the_right_number_is_not_named() -> None:
    weights = {(0, 1): [[0.1, 2.0], [0.3, 0.4]], (1, 2): [[0.5, 0.6]]}

    def kind(first_input: float) -> str:
        # Delta is given for the gradient, which is delta times the input; typed .4 % too large.
        made = worked.worked(worked.sigmoids(2, 2, 1), weights, {}, [[first_input, 0.8]], [[1]])
        return judge(made, "gradient:x1->h1", repr(1.004 * made.value("delta:h1"))).kind

    assert kind(1) == "right"
    assert kind(0.997) == "wrong"
    assert kind(0.98) == "slip"


def test_a_slip_is_added_by_an_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    def sevenfold(_made: Pass, asked: Ref) -> Iterator[Variant]:
        yield Variant(of_asked(asked, lambda formula: times(constant(7), formula)))

    w2 = worked.w2()
    answer = repr(7 * w2.value("delta:h1"))
    assert judge(w2, "delta:h1", answer).kind == "wrong"
    more = Registry("slip", *SLIPS.values(), Slip("sevenfold", "Sevenfold", sevenfold))
    monkeypatch.setattr(checking, "SLIPS", more)
    assert [note.key for note in judge(w2, "delta:h1", answer).slips] == ["sevenfold"]


# ---- the learner's own numbers


def test_what_follows_from_an_accepted_rounding_is_right_from_theirs() -> None:
    w2 = worked.w2()
    assert judge(w2, "delta:o1", ".041").kind == "right"
    follows = repr(0.041 * 0.3 * w2.value("slope:h1"))
    assert judge(w2, "delta:h1", follows).kind == "wrong"
    verdict = judge(w2, "delta:h1", follows, {"delta:o1": 0.041})
    assert verdict.kind == "from_yours"
    assert verdict.earlier == (ref(w2, "delta:o1"),)
    assert verdict.accepted


def test_what_follows_from_a_wrong_number_far_back_is_right_from_theirs() -> None:
    w2 = worked.w2()
    sigmoid = "1/(1+exp(-({})))".format
    a1 = sigmoid("2")
    out = sigmoid(f"0.3*{a1}+0.9*{sigmoid('0.68')}")
    verdict = judge(w2, "a:o1", f"={out}", {"z:h1": 2.0})
    assert (verdict.kind, verdict.earlier) == ("from_yours", (ref(w2, "z:h1"),))
    # The nearest number of theirs counts, also where an earlier one was mended since.
    assert judge(w2, "a:h1", f"={a1}", {"z:h1": 2.0, "a:h2": 0.1}).earlier == (ref(w2, "z:h1"),)
    assert judge(w2, "z:o1", f"={'0.3*0.5+0.9*0.1'}", {"z:h1": 2.0, "a:h1": 0.5, "a:h2": 0.1}).earlier == (
        ref(w2, "a:h1"),
        ref(w2, "a:h2"),
    )


def test_one_of_theirs_may_have_been_used_without_the_others() -> None:
    w2 = worked.w2()
    only = repr(0.3 * 0.5 + 0.9 * w2.value("a:h2"))
    assert judge(w2, "z:o1", only, {"a:h1": 0.5, "a:h2": 0.1}).earlier == (ref(w2, "a:h1"),)


def test_other_ways_round_are_followed_too() -> None:
    w2, w6, w5 = worked.w2(), worked.w6(), worked.w5()
    arrived = judge(w2, "delta:h1", repr(0.5 * w2.value("slope:h1")), {"dloss_da:h1": 0.5})
    assert arrived.earlier == (ref(w2, "dloss_da:h1"),)
    summed = judge(w6, "gradient:x1->h1", "0.25", {"accumulated:x1->h1": 1.0})
    assert summed.earlier == (ref(w6, "accumulated:x1->h1"),)
    applied = judge(w5, "change:h1->o1", "-0.5", {"applied:h1->o1": 1.0})
    assert applied.earlier == (ref(w5, "applied:h1->o1"),)
    shares = judge(w6, "gradient:x1->h1", repr(w6.value("gradient:x1->h1") + 0.25), {
        "gradient:x1->h1@1": w6.value("gradient:x1->h1@1") + 1.0
    })  # fmt: skip
    assert shares.earlier == (ref(w6, "gradient:x1->h1@1"),)


def test_a_slip_on_top_of_their_own_number_is_named_with_both() -> None:
    w2 = worked.w2()
    verdict = judge(w2, "delta:h1", repr(0.1 * 0.3), {"delta:o1": 0.1})
    assert verdict.slips[0].key == "slope_left_out"
    assert verdict.earlier == (ref(w2, "delta:o1"),)


def test_a_deep_network_is_followed_to_its_end() -> None:
    depth = 300
    plan = make_plan([1] * (depth + 1), ["linear"] * depth)
    parameters = np.concatenate([np.ones(depth), np.zeros(depth)])
    rule = Rule()
    made = Pass(rule, step(plan, rule, initial_state(plan, rule, parameters), np.eye(1), np.eye(1), 0.5))
    first, last = Ref("z", NodePlace(1, 0), 0), Ref("a", NodePlace(depth, 0), 0)
    assert check(made, last, "3", {first: 3.0}).kind == "from_yours"


# ---- the law


def homework(rng: np.random.Generator) -> Pass:
    """A network as on a sheet: two or three nodes a layer, and no number that is nearly 0."""
    while True:
        sizes = [int(rng.integers(2, 4)), int(rng.integers(2, 4)), int(rng.integers(1, 3))]
        plan = make_plan(sizes, [("sigmoid", "tanh")[int(rng.integers(2))] for _ in range(2)])
        parameters, examples = _away_from_0(rng, plan.size), int(rng.choice([1, 3]))
        x = _away_from_0(rng, examples * sizes[0]).reshape(examples, -1)
        y = rng.integers(0, 2, (examples, sizes[-1])).astype(float)
        penalty = ("none", "l2")[int(rng.integers(2))]
        rule = Rule(penalty=penalty, penalty_rate=0.1, examples=examples)
        made = Pass(rule, step(plan, rule, initial_state(plan, rule, parameters), x, y, 0.5))
        if min(np.abs(z).min() for z in made.trace.z[1:]) > 0.3:
            return made


def _away_from_0(rng: np.random.Generator, count: int) -> Array:
    signs: Array = rng.choice([-1.0, 1.0], count)
    return rng.uniform(0.1, 1, count) * signs


def questions(made: Pass, rng: np.random.Generator) -> list[Ref]:
    """What a sheet asks for, around one hidden node."""
    node = NodePlace(1, int(rng.integers(made.plan.layers[1].size)))
    into = PairPlace(NodePlace(0, int(rng.integers(made.plan.layers[0].size))), node)
    out = PairPlace(node, NodePlace(2, int(rng.integers(made.plan.layers[2].size))))
    at = int(rng.integers(made.examples))
    of_nodes = [Ref(key, node, at) for key in ("z", "a", "slope", "dloss_da", "delta")]
    of_weights = [Ref(key, pair) for key in ("gradient", "change") for pair in (into, out)]
    totals = [Ref("total", place) for place in (into, BiasPlace(node))]
    return [*of_nodes, Ref("delta", out.target, at), *of_weights, *totals, Ref("mean_loss"), Ref("cost")]


def test_less_than_one_slip_in_a_hundred_hides_behind_the_right_number_or_is_called_by_another_name() -> None:
    rng = np.random.default_rng(1)
    hidden = misnamed = seen = 0
    for _ in range(1000):
        made = homework(rng)
        asked = questions(made, rng)
        ref = asked[int(rng.integers(len(asked)))]
        formulas, exact = Formulas(made), value_of(made, ref)
        told = list(wrong_numbers(formulas, ref))
        for note, value in slip_values(formulas, ref):
            if value == pytest.approx(exact, rel=1e-12):
                continue  # it does not apply: it changes nothing
            seen += 1
            if (note, value) not in told:
                hidden += 1
                continue
            # With all its digits there is no doubt.
            assert note.key in {found.key for found in likeliest(Answer(value), told)}
            if note.key not in {found.key for found in likeliest(read_answer(f"{value:.4g}"), told)}:
                misnamed += 1
    assert seen > 10_000
    assert hidden + misnamed < 0.01 * seen, (hidden, misnamed, seen)

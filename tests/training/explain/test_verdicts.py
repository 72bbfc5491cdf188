"""What is said of learners' numbers."""

from __future__ import annotations

import pytest

from bpviz.training.explain.checking import Verdict, check
from bpviz.training.explain.making import Note
from bpviz.training.explain.naming import read_refs
from bpviz.training.explain.slips import SLIPS
from bpviz.training.explain.verdicts import SENTENCES, verdict_sentence
from bpviz.training.quantities import Ref
from tests.training.explain import worked


def said(of: str, answer: str, **mine: float) -> str:
    w2 = worked.w2()
    (ref,) = read_refs(w2.made, w2.names, of)
    earlier = {read_refs(w2.made, w2.names, key.replace("_", ":"))[0]: value for key, value in mine.items()}
    return verdict_sentence(check(w2.made, ref, answer, earlier), w2.names)


def test_every_slip_has_a_sentence() -> None:
    assert set(SENTENCES) == set(SLIPS)


@pytest.mark.parametrize(
    ("of", "answer", "sentence"),
    [
        ("delta:h1", ",0026545", "Right."),
        ("delta:h1", ".002410", "The weights were already updated"),
        ("delta:h1", ".012204", "The slope f'(z) of h1 was left out."),
        ("delta:h1", ".012416", "The slope f'(z) of o1 was left out."),
        ("delta:h1", ".007963", "The weights are those of h2."),
        ("delta:h1", "-.0026545", "minus delta, which some books call the error"),
        ("gradient:x1->h1", "=-.35*.0026545", "sign is turned"),
        ("delta:h1", "5", "no common slip"),
        ("new:h1->o1", ".272", "change:h1->o1"),
        ("delta:h1", "1/0", "divides by zero"),
        ("z:h1", "=.35*.1", "the term of x2->h1 is missing"),
    ],
)
def test_a_verdict_is_a_sentence(of: str, answer: str, sentence: str) -> None:
    found = said(of, answer)
    assert sentence in found
    assert found.endswith((".", ".)"))


def test_their_own_numbers_are_named() -> None:
    assert said("z:o1", "=.3*.5+.9*.1", a_h1=0.5, a_h2=0.1) == "Right from your a:h1 and a:h2."
    assert "(Computed with your delta:o1.)" in said("delta:h1", "=.1*.3", delta_o1=0.1)


def test_many_places_are_counted_and_other_slips_are_listed() -> None:
    w2 = worked.w2()
    nodes = tuple(w2.names.places.values())[:5]
    slips = (Note("slope_left_out", (("nodes", (*nodes, *nodes)),)), Note("half_forgotten"))
    found = verdict_sentence(Verdict("slip", Ref("loss"), "1", slips), w2.names)
    assert "more was left out" in found
    assert found.endswith("(The same number comes from: half forgotten.)")

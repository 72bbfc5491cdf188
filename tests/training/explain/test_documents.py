"""Documents: golden texts, every dialect and format on random networks, and LaTeX that compiles."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpviz.training.explain.documents import FORMATS
from bpviz.training.explain.naming import names_of_plan, read_refs
from bpviz.training.explain.notation import DIALECTS, Notation
from bpviz.training.explain.order import Section, count, sections
from bpviz.training.explain.views import as_book
from bpviz.training.explain.writing import DIGITS, FOLD
from bpviz.training.passes import Pass
from bpviz.training.quantities import value_of
from tests.training.explain import worked
from tests.training.explain.goldens import EXAMPLES, SUFFIXES, document, golden, path_of, setting
from tests.training.explain.passes import every_ref, passes
from tests.training.explain.worked import Worked


def text_of(
    what: Worked,
    ref: str,
    dialect: str = "matrix",
    *,
    minus: bool = False,
    digits: int = DIGITS,
    fold: int = FOLD,
) -> list[str]:
    refs = tuple(read_refs(what.made, what.names, ref))
    chosen = setting(what, dialect, minus=minus, digits=digits, fold=fold)
    _title, _empty, *lines = "\n".join(FORMATS["text"].lines("", chosen, [Section("", refs)])).split("\n")
    return [line.strip() for line in lines[1:]]


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("kind", SUFFIXES)
def test_a_whole_pass_is_written_as_it_always_was(name: str, kind: str) -> None:
    assert golden(name, kind) == path_of(name, kind).read_text(encoding="utf-8")


def test_the_three_dialects_write_a_hidden_delta() -> None:
    w8 = worked.w8()
    assert text_of(w8, "delta:h1", "matrix")[0] == (
        "δ^1_1 = f'(z^1_1) · (W^2_{1,1} · δ^2_1 + W^2_{2,1} · δ^2_2)"
    )
    assert text_of(w8, "delta:h1", "neuron")[:3] == [
        "δ_h1 = φ'(net_h1) · (w_{h1,o1} · δ_o1 + w_{h1,o2} · δ_o2)",
        "= 0.241301 · (0.4 · 0.138499 + 0.5 · (−0.0380982))",
        "≈ 0.00877135",
    ]
    assert text_of(w8, "delta:h1", "notes")[:2] == [
        "d^(2)_1 = ∂a^(2)_1/∂z^(2)_1 · (∂z^(3)_1/∂a^(2)_1 · ∂C/∂z^(3)_1 + ∂z^(3)_2/∂a^(2)_1 · ∂C/∂z^(3)_2)",
        "= g'(z^(2)_1) · (Θ^(2)_{1,1} · d^(3)_1 + Θ^(2)_{2,1} · d^(3)_2)",
    ]


def test_the_chain_of_a_weight_names_the_local_gradient() -> None:
    lines = text_of(worked.w8(), "gradient:h1->o1", "notes")
    assert lines[0] == "∂C/∂Θ^(2)_{1,1} = ∂C/∂z^(3)_1 · ∂z^(3)_1/∂Θ^(2)_{1,1}"
    assert lines[1] == "= d^(3)_1 · a^(2)_1"
    assert any("local gradient" in line for line in lines)


def test_the_course_notes_write_d_with_delta_and_lambda_but_not_for_the_bias_column() -> None:
    w3 = worked.w3(4)
    assert text_of(w3, "total:x1->h1", "notes") == [
        "D^(1)_{1,1} = (1 / m) · (Δ^(1)_{1,1} + λ · Θ^(1)_{1,1})",
        "= (1 / 3) · (−0.0826188 + 4 · 0.3)",
        "≈ 0.372460",
    ]
    assert text_of(w3, "total:h1", "notes")[0] == "D^(1)_{1,0} = ∂C̄/∂Θ^(1)_{1,0}"


def test_a_skip_is_written_with_both_layers() -> None:
    assert "W^{2←0}_{1,1} · a^0_1⟨3⟩" in text_of(worked.w6(), "z:o1@3")[0]
    assert "Θ^{(3←1)}_{1,1}" in text_of(worked.w6(), "z:o1@3", "notes")[0]


def test_books_that_call_minus_delta_the_error_are_followed() -> None:
    w1 = worked.w1()
    lines = text_of(w1, "delta:o1", "neuron", minus=True)
    assert lines[0] == "Err_o1 = (t_o1 − o_o1) · φ'(net_o1)"
    assert lines[-1] == "≈ 0.131169"
    assert text_of(w1, "delta:h1", "neuron", minus=True)[0] == "Err_h1 = φ'(net_h1) · w_{h1,o1} · Err_o1"
    assert text_of(w1, "gradient:h1->o1", "neuron", minus=True)[:2] == [
        "∂E/∂w_{h1,o1} = −Err_o1 · o_h1",
        "= −0.131169 · 0.331812",
    ]


def test_rounding_that_shows_is_told_and_more_digits_are_shown_on_demand() -> None:
    w8 = worked.w8()
    few, many = text_of(w8, "gradient:h1->o1"), text_of(w8, "gradient:h1->o1", digits=17)
    assert any("rounded" in line for line in few)
    assert not any("rounded" in line for line in many)
    assert text_of(w8, "gradient:h1->o1", digits=12)[1] == "= 0.138498561629 · 0.593269992107"


def test_long_sums_are_folded_and_nothing_is_lost() -> None:
    w4 = worked.w4()
    lines = text_of(w4, "z:o1", fold=1)
    assert lines[0] == "z^2_1 = W^2_{1,1} · a^1_1 + (2 more: 0)"
    everything = json.loads(document(w4, "json"))
    (found,) = [entry for entry in everything["quantities"] if entry["ref"] == "z:o1"]
    assert [part["value"] for part in found["expression"]["parts"]] == pytest.approx([0.4332, 0, 0])


def test_json_has_all_digits_and_refers_on() -> None:
    w6 = worked.w6()
    entries = {entry["ref"]: entry for entry in json.loads(document(w6, "json", "notes"))["quantities"]}
    assert entries["delta:h1@2"]["value"] == w6.value("delta:h1@2")
    leaves = json.dumps(entries["delta:h1@2"]["expression"])
    assert '"ref": "delta:o1@2"' in leaves
    assert '"ref": "weight:h1->o1"' in leaves
    assert {note["key"] for note in entries["gradient:h1->o1"]["notes"]} == {"batch_mean"}
    for ref in entries:
        (read,) = read_refs(w6.made, w6.names, ref)
        assert entries[ref]["value"] == value_of(w6.made, read)


def test_a_pass_is_listed_in_the_order_of_its_phases() -> None:
    w6 = worked.w6()
    entries = json.loads(document(w6, "json"))["quantities"]
    known = [entry["known_from_phase"] for entry in entries if entry["quantity"] != "value"]
    assert known == sorted(known)
    refs = [ref for section in sections(w6.made) for ref in section.refs]
    assert len(refs) == len(set(refs)) <= count(w6.made)


@settings(max_examples=12, deadline=None)
@given(passes())
def test_every_dialect_comes_to_the_engines_own_number(made: Pass) -> None:
    names = names_of_plan(made.plan, made.examples)
    for dialect in DIALECTS.values():
        for minus in (False, True):
            notation = Notation(dialect, names, made.rule.optimizer, minus)
            for ref in every_ref(made):
                found = as_book(made, notation, ref)
                sign = -1 if minus and ref.key == "delta" else 1
                assert found.value == sign * value_of(made, ref)
                assert abs(found.computed - found.value) <= 1e-14 * found.size


@settings(max_examples=20, deadline=None)
@given(passes(), st.sampled_from(list(DIALECTS)), st.sampled_from(list(FORMATS)))
def test_every_format_can_write_every_pass(made: Pass, dialect: str, kind: str) -> None:
    assert document(Worked(made, names_of_plan(made.plan, made.examples)), kind, dialect)


@pytest.fixture
def pdflatex() -> None:
    """Need LaTeX; with ``BPVIZ_LATEX=required`` a missing one fails."""
    if shutil.which("pdflatex") is None:
        advice = "pdflatex is not here to compile documents; on Debian: apt-get install texlive-latex-base"
        if os.environ.get("BPVIZ_LATEX") == "required":
            pytest.fail(advice)
        pytest.skip(advice)


@pytest.mark.usefixtures("pdflatex")
@pytest.mark.parametrize("name", EXAMPLES)
def test_the_latex_compiles(name: str, tmp_path: Path) -> None:
    shutil.copy(path_of(name, "latex"), tmp_path)
    assert "Overfull" not in compiled(f"{name}.tex", tmp_path)


@pytest.mark.usefixtures("pdflatex")
def test_the_latex_compiles_whatever_things_are_called(tmp_path: Path) -> None:
    w8 = worked.w8()
    odd = (("x^2 #%", "入力"), ("a~b{c}\\", "x, y"), ("é_$&", "<>|"))
    named = Worked(w8.made, replace(w8.names, shorts=odd))
    for dialect in DIALECTS:
        text = document(named, "latex", dialect, "50 % of\\_x^2 ← {ŝ}")
        assert text.isascii()
        (tmp_path / f"{dialect}.tex").write_text(text, encoding="ascii")
        compiled(f"{dialect}.tex", tmp_path)


def compiled(name: str, folder: Path) -> str:
    words = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", name]
    answer = subprocess.run(words, cwd=folder, capture_output=True, text=True, errors="replace")
    assert answer.returncode == 0, answer.stdout[-2000:]
    return answer.stdout

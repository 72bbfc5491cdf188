"""Numbers as people type them: one rule in every locale, formulas, and refusals that say what to do."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz import typed
from bpviz.errors import GROUP, SettingError, grouped
from bpviz.ui import numbers

FINITE = st.floats(allow_nan=False, allow_infinity=False)
BPVIZ = Path(typed.__file__).parent


@given(FINITE)
def test_an_exact_number_reads_back_as_itself(value: float) -> None:
    assert typed.number(numbers.exact(value)) == value


@given(st.integers(-(10**15), 10**15))
def test_a_count_copied_from_the_window_reads_back_as_itself(value: int) -> None:
    assert typed.number(numbers.count(value)) == value


@given(st.floats(-1e12, 1e12), st.integers(1, 9))
def test_what_the_window_shows_reads_back_as_what_it_shows(value: float, digits: int) -> None:
    for text in (numbers.short(value, digits), numbers.column(value, digits), numbers.signed(value, digits)):
        assert typed.number(text) == float(text.replace(GROUP, "").replace(numbers.MINUS, "-"))


@pytest.mark.parametrize("sign", [".", ","])
@given(whole=st.integers(0, 10**6), decimals=st.text("0123456789", min_size=1, max_size=9))
def test_comma_and_point_are_the_decimal_sign_whatever_follows(sign: str, whole: int, decimals: str) -> None:
    assert typed.number(f"{whole}{sign}{decimals}") == float(f"{whole}.{decimals}")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.03", 0.03),
        ("0,03", 0.03),
        ("1,250", 1.25),
        ("-1,294", -1.294),
        (" −1e−4 ", -1e-4),
        ("+.5", 0.5),
        ("5,", 5.0),
        (f"12{GROUP}480", 12480.0),
        (f"−1{GROUP}250{GROUP}000,5", -1250000.5),
        ("1\u00a0250", 1250.0),  # as other programs group
    ],
)
def test_what_people_type_is_understood(text: str, value: float) -> None:
    assert typed.number(text) == value


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1.234,5", "more than one decimal sign"),
        ("1,234.5", "more than one decimal sign"),
        ("1,250,000", "more than one decimal sign"),
        ("1.250.000", "more than one decimal sign"),
        ("0,02\t3", "more than one number"),
        ("0,02\n3", "more than one number"),
        ("1 250", "more than one number"),
        (f"0.02{GROUP}300", "number"),
        ("1_000", "not a number"),
        ("0x10", "not a number"),
        ("abc", "not a number"),
        ("1e999", "finite"),
        ("nan", "finite"),
        ("−∞", "finite"),
        ("", "Write a number"),
    ],
)
def test_what_may_mean_two_things_or_none_is_refused_in_a_sentence(text: str, why: str) -> None:
    with pytest.raises(SettingError, match=why):
        typed.number(text)


def _read(text: str) -> float | str:
    """The number, or why it is none."""
    try:
        return typed.number(text)
    except SettingError as error:
        return str(error)


@given(
    st.one_of(st.text(), st.text("0123456789.,+-*/^()episncoxqrtlga ", max_size=40)),
    st.sampled_from(["", "="]),
)
def test_any_text_is_a_finite_number_or_refused_on_one_line(text: str, begins: str) -> None:
    answer = _read(begins + text)
    if isinstance(answer, str):
        assert answer.isprintable()
        assert len(answer) < 160
    else:
        assert math.isfinite(answer)


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=2*0.3", 0.6),
        ("=cos(1)", math.cos(1)),
        ("=1/3", 1 / 3),
        ("=1,5*2", 3.0),
        ("=1 + 2 * 3 - 8 / 4", 5.0),
        ("=10-4-3", 3.0),
        ("=16/4/2", 2.0),
        ("=-2^2", -4.0),
        ("=2^-1", 0.5),
        ("=2^3^2", 512.0),
        ("=(1+2)*3", 9.0),
        ("=sqrt(2)/exp(1) + log(e) + sin(pi/2) - tan(0)", math.sqrt(2) / math.e + 2.0),
        ("=2 × π ÷ 4", math.pi / 2),
        ("= −1e−4", -1e-4),
        (f"=12{GROUP}480/2", 6240.0),
    ],
)
def test_formulas_are_computed_as_mathematics_does(formula: str, value: float) -> None:
    assert typed.number(formula) == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize(
    ("formula", "why"),
    [
        ("=1/0", "divides by zero"),
        ("=exp(1000)", "grows beyond"),
        ("=9^9^9^9", "grows beyond"),
        ("=1/(1e308*10)", "grows beyond"),
        ("=sqrt(-1)", "no real value"),
        ("=(-8)^(1/3)", "no real value"),
        ("=" + "(" * 5000 + "1", "longer than"),
        ("=" + "(" * 400 + "1" + ")" * 400, "nested too deeply"),
        ("=" + "-" * 400 + "1", "nested too deeply"),
        ("=2^" * 1 + "2^" * 400 + "2", "nested too deeply"),
        ("=2pi", "lacks a number or a sign"),
        ("=cos 1", r"such as cos\(1\)"),
        ("=cos(1,5)", "after a point"),
        ("=(1", "ends too early"),
        ("=", "ends too early"),
        ("=1)", "did not open"),
        ("=open(1)", "knows no “open”; it knows sqrt"),
        ("=__import__('os')", "lacks a number"),
        ("=1,250,000", "lacks a number"),
    ],
)
def test_formulas_that_have_no_value_are_refused_in_a_sentence(formula: str, why: str) -> None:
    with pytest.raises(SettingError, match=why):
        typed.number(formula)


def test_a_long_text_is_read_in_no_time_and_repeated_in_part() -> None:
    assert typed.number("9" * 300) == pytest.approx(1e300)
    with pytest.raises(SettingError) as refused:
        typed.number("12x" * 100_000)
    assert len(str(refused.value)) < 100


def test_digits_are_grouped_in_one_way_only() -> None:
    assert grouped(1234567) == f"1{GROUP}234{GROUP}567"
    assert grouped(1234.5, ".1f") == f"1{GROUP}234.5"
    by_commas = re.compile(r"\{[^{}]*:,[^{}]*\}")
    # The benchmark's tables are read by the eye and by nothing else, in a terminal.
    others = (path for path in BPVIZ.rglob("*.py") if "bench" not in path.parts)
    assert [path.name for path in others if by_commas.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("[.1 .8; .4 .6]", [[".1", ".8"], [".4", ".6"]]),
        ("[[.1, .8],\n [.4, .6]]", [[".1", ".8"], [".4", ".6"]]),
        ("W1 = [1, 2; 3, 4];", [["1", "2"], ["3", "4"]]),
        ("array([[ 1.,  2.],\n       [ 3., -4.]])", [["1.", "2."], ["3.", "-4."]]),
        ("np.array([1, 2])", [["1", "2"]]),
        ("[1\n2]", [["1"], ["2"]]),
        ("[=cos(1) =1/2]", [["=cos(1)", "=1/2"]]),
        (".1 .8; .4 .6", [[".1", ".8"], [".4", ".6"]]),
        ("1\t2\r\n3\t\r\n", [["1", "2"], ["3", ""]]),
        ("0,5;0,9\n1;2", [["0,5", "0,9"], ["1", "2"]]),
        ("0,5  0,9\n1 2", [["0,5", "0,9"], ["1", "2"]]),
        (f"12{GROUP}480 2", [[f"12{GROUP}480", "2"]]),
        ("1,0,1\n0,1,0", [["1", "0", "1"], ["0", "1", "0"]]),
        ("a,b\n1,2", [["a", "b"], ["1", "2"]]),
        ("lower left", [["lower left"]]),
        ("=cos( 1 )", [["=cos( 1 )"]]),
    ],
)
def test_a_pasted_block_is_divided_into_cells(text: str, rows: list[list[str]]) -> None:
    assert typed.block(text) == rows


def test_where_one_column_is_left_a_comma_is_a_decimal_sign() -> None:
    assert typed.block("0,5\n1,0", 1) == [["0,5"], ["1,0"]]
    with pytest.raises(SettingError, match="may be one number or two"):
        typed.block("0,5\n1,0", 2)


@pytest.mark.parametrize("text", ["", " \n\n", "\t\n", "1\t2\n3", "[1 2; 3]", "[]"])
def test_blocks_that_are_ragged_or_empty_are_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(SettingError, match=r"\.$"):
        typed.block(text)


@given(
    st.integers(1, 4).flatmap(
        lambda width: st.lists(st.lists(FINITE, min_size=width, max_size=width), min_size=1, max_size=4)
    ),
    st.sampled_from(["brackets", "lists", "tabs"]),
)
def test_a_matrix_reads_back_however_it_was_written(rows: list[list[float]], form: str) -> None:
    cells = [[repr(value) for value in row] for row in rows]
    text = {
        "brackets": f"[{'; '.join(' '.join(row) for row in cells)}]",
        "lists": f"[{', '.join('[' + ', '.join(row) + ']' for row in cells)}]",
        "tabs": "\n".join("\t".join(row) for row in cells),
    }[form]

    assert [[typed.number(cell) for cell in row] for row in typed.block(text)] == rows


@given(st.text("[]()0123456789.,;= \t\nxe-", max_size=40))
def test_whatever_is_pasted_is_a_block_or_a_sentence(text: str) -> None:
    sentence = ""
    rows: list[list[str]] = [[""]]
    try:
        rows = typed.block(text)
    except SettingError as error:
        sentence = str(error)
    assert sentence == "" or sentence.endswith(".")
    assert len({len(row) for row in rows}) == 1

"""Formulas in boxes: everything that derivations write can be read, and stands where it belongs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QImage, QPainter

from bpviz.training.explain.functions import FUNCTIONS
from bpviz.training.explain.styles import LETTERS
from bpviz.ui.explanation.boxes import SIZES_PX, TICK, Box, Pen
from bpviz.ui.explanation.formulas import boxed, read
from bpviz.ui.explanation.pages import Text, aligned, derivation_page, table_page
from bpviz.ui.theme import Theme

GOLDEN = sorted((Path(__file__).parents[2] / "training" / "explain" / "golden").glob("*.md"))


@pytest.fixture
def pen(theme: Theme) -> Pen:
    return Pen(theme)


def _text(box: Box) -> str:
    return box.text + "".join(_text(part) for _, _, part in box.parts)


def _shown(latex: str, pen: Pen) -> str:
    return _text(boxed(read(latex, pen)))


def _fonts(box: Box) -> set[int]:
    own = {box.font.pixelSize()} if box.font is not None else set[int]()
    return own.union(*(_fonts(part) for _, _, part in box.parts))


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: str(path.name))
def test_no_command_of_a_whole_pass_is_shown_as_it_is_written(path: Path, pen: Pen) -> None:
    formulas = re.findall(
        r"\$\$\n\\begin\{aligned\}\n(.*?)\n\\end\{aligned\}", path.read_text(encoding="utf-8"), re.DOTALL
    )
    assert len(formulas) > 30
    for formula in formulas:
        lines = re.sub(r"&(=|\\approx|\\qquad)", r"\1", formula).replace(r"\qquad", "").split(" \\\\\n")
        shown = "".join(_shown(line, pen) for line in lines)
        assert "\\" not in shown
        assert "{" not in shown


@pytest.mark.parametrize(
    "latex", [pair[1] for pair in LETTERS.values()] + [f.latex for f in FUNCTIONS.values()]
)
def test_every_letter_and_function_is_known(latex: str, pen: Pen) -> None:
    assert "\\" not in _shown(latex.replace("{}", "x").replace("{{x}}", "{x}"), pen)


def test_nothing_is_smaller_than_a_body_text(pen: Pen) -> None:
    box = boxed(read(r"\frac{1}{1 + e^{-z_{1}^{2}}} \cdot \sqrt{W_{1,2}^{2 \leftarrow 1}}", pen))
    assert _fonts(box) == set(SIZES_PX)
    assert min(SIZES_PX) == 13


def test_indices_stand_over_each_other_behind_their_letter(pen: Pen) -> None:
    (item,) = read(r"\delta_{1}^{2}", pen)
    (base_x, _, base), (up_x, up, _), (low_x, low, _) = item.box.parts
    assert up_x == low_x > base_x + base.width - 1
    assert up < 0 < low


def test_a_fraction_is_centered_on_the_middle_of_signs(pen: Pen) -> None:
    box = boxed(read(r"\frac{1}{m}", pen))
    (_, up, over), (_, down, under) = box.parts
    assert up + over.descent < -pen.axis < down - under.ascent
    assert box.ascent > pen.write("x").ascent


def test_brackets_grow_with_what_they_hold(pen: Pen) -> None:
    low, high = (boxed(read(rf"\bigl({inside}\bigr)", pen)) for inside in ("x", r"\frac{\frac{a}{b}}{c}"))
    assert high.parts[0][2].ascent > low.parts[0][2].ascent
    assert not high.parts[0][2].text  # drawn, no letter any more


def test_cases_stand_behind_a_brace(pen: Pen) -> None:
    box = boxed(read(r"\begin{cases} z & \text{if}\ z > 0 \\ 0 & \text{else} \end{cases}", pen))
    assert _text(box) == "zifz>00else"
    assert len(box.strokes) == 1
    lines = {down for _, down, _ in box.parts}
    assert len(lines) == 2


def test_numbers_stand_under_their_symbols(pen: Pen) -> None:
    symbols, numbers = aligned(
        [
            read(r"\leaf{0}{W_{1}} \cdot \leaf{1}{a} + \leaf{2}{b}", pen),
            read(r"\leaf{0}{0.123456} \cdot \bigl(-\leaf{1}{0.5}\bigr) - \leaf{2}{1}", pen),
        ]
    )
    above = [rect.center().x() for _, rect in symbols.leaves(0, 0)]
    below = [rect.center().x() for _, rect in numbers.leaves(0, 0)]
    assert above == pytest.approx(below)
    assert symbols.width == pytest.approx(numbers.width)


def _sum(count: int) -> Text:
    symbols = "\n+ ".join(rf"\leaf{{{k}}}{{W_{{{k}}}}}" for k in range(count))
    numbers = "\n- ".join(rf"\leaf{{{k}}}{{0.12345{k}}}" for k in range(count))
    return Text("z", (symbols, numbers), "=", "1")


def test_a_sum_of_many_stands_one_term_a_line_its_numbers_beside(pen: Pen) -> None:
    page = derivation_page(_sum(5), pen, 400.0)
    by_line: dict[float, set[int]] = {}
    for leaf, rect, _ in page.spots():
        by_line.setdefault(round(rect.bottom()), set()).add(leaf)
    assert [{leaf} for leaf in range(5)] in ([*by_line.values()], [*by_line.values()][::2])
    assert not page.broken
    assert len(page.rules) == 1


@pytest.mark.parametrize("width", [120.0, 180.0, 260.0, 400.0, 900.0])
def test_long_lines_break_before_signs_and_keep_all_they_say(width: float, pen: Pen) -> None:
    line = " + ".join(
        rf"\leaf{{{2 * k}}}{{W_{{{k}}}}} \cdot \leaf{{{2 * k + 1}}}{{a_{{{k}}}}}" for k in range(3)
    )
    page = derivation_page(Text("z", (line, line.replace("W", "V")), "=", "0.5"), pen, width)
    shown = "".join(_text(at.box) for at in page.placed)
    assert shown.count("W") == shown.count("V") == shown.count("·") / 2 == 3
    assert sorted({leaf for leaf, _, _ in page.spots()}) == [*range(6)]
    assert page.width <= max(width, 140)


def test_a_table_takes_smaller_letters_before_it_is_too_wide(pen: Pen) -> None:
    rows = [["h1", "-0.123456", "-0.00151764", "-0.0000123456"]] * 3
    wide, narrow = (table_page(["", "z", "a", "d"], rows, pen, px) for px in (600.0, 340.0))
    assert narrow.width <= 345.0 < wide.width
    assert {size for at in narrow.placed for size in _fonts(at.box)} == {13}


def test_what_is_painted_is_in_the_colors_asked_for(theme: Theme, pen: Pen) -> None:
    image = QImage(200, 60, QImage.Format.Format_RGB32)
    image.fill(theme.color("surface"))
    painter = QPainter(image)
    painter.setPen(theme.color("text"))
    boxed(read(r"\leaf{7}{W} \cdot \frac{1}{2}", pen)).draw(painter, 10, 40, lambda _leaf: theme.color("bad"))
    painter.end()
    colors = {image.pixelColor(x, y).name() for x in range(200) for y in range(60)}
    assert theme.color("bad").name() in colors
    assert theme.color("text").name() in colors


def test_a_field_is_as_wide_as_the_number_will_be_with_its_sign(pen: Pen) -> None:
    field, found = (boxed(read(latex, pen)) for latex in (r"\blank{0.123456}{}", r"0.123456\tick"))
    assert field.width == pytest.approx(found.width)
    assert _text(field) == ""
    short, typed = (boxed(read(latex, pen)) for latex in (r"\blank{0}{}", r"\blank{0}{0.24\_\}}"))
    assert short.width >= 56
    assert _text(typed) == "0.24_}"
    assert boxed(read(r"\blank{0}{a rather long text}", pen)).width > short.width
    leaves = [leaf for leaf, _ in found.leaves(0.0, 0.0)]
    assert leaves == [TICK]


def test_a_formula_is_read_once_for_each_size(pen: Pen) -> None:
    first = read(r"\frac{1}{2}", pen)
    assert read(r"\frac{1}{2}", pen) is first
    assert boxed(read(r"\frac{1}{2}", pen.at(1))).width < boxed(first).width

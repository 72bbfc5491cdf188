"""The theme: palettes, icons, fonts and the style sheet."""

from __future__ import annotations

import gc
import re
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QColor, QFont, QIcon, QPixmap
from PySide6.QtWidgets import QApplication, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from bpviz.errors import BpvizError
from bpviz.palette import DARK, LIGHT, Palette
from bpviz.resources import resource
from bpviz.ui.stylesheet import stylesheet
from bpviz.ui.theme import Theme, scaled

ICONS = sorted(path.stem for path in resource("icons").glob("*.svg"))


def _inks(pixmap: QPixmap) -> set[str]:
    image = pixmap.toImage()
    colors = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return {color.name() for color in colors if color.alpha() == 255}


@pytest.mark.parametrize("name", ICONS)
def test_an_icon_is_drawn_in_the_colors_of_its_theme(theme: Theme, name: str) -> None:
    size = 40
    assert LIGHT.text in _inks(theme.icon(name).pixmap(size, size))
    assert LIGHT.disabled in _inks(theme.icon(name).pixmap(size, size, QIcon.Mode.Disabled))
    theme.set_mode("dark")
    assert DARK.accent in _inks(theme.icon(name, "accent").pixmap(size, size))


@pytest.mark.parametrize("name", ICONS)
def test_icons_share_one_style(name: str) -> None:
    source = resource("icons", f"{name}.svg").read_text(encoding="utf-8")
    assert 'viewBox="0 0 20 20"' in source
    assert 'stroke-width="1.5"' in source
    assert "#" not in source  # colors come from the palette


def test_an_icon_that_is_not_there_is_an_expected_failure(theme: Theme) -> None:
    with pytest.raises(BpvizError, match=r"nothing-like-it"):
        theme.icon("nothing-like-it")


def test_switching_is_heard_once_and_dresses_the_application(theme: Theme, qapp: QApplication) -> None:
    heard: list[bool] = []
    theme.changed.connect(lambda: heard.append(theme.dark))
    theme.set_mode("dark")
    theme.set_mode("dark")
    assert heard == [True]
    assert theme.palette is DARK
    assert qapp.palette().window().color() == QColor(DARK.window)


def test_no_widget_is_collected_while_qt_dresses_all_of_them(
    theme: Theme, qapp: QApplication, qtbot: QtBot
) -> None:
    # Python ended one in the midst of it, and with it the process: seen once, among ten thousand tests.
    seen: set[bool] = set()

    class Watching(QWidget):
        def changeEvent(self, event: QEvent) -> None:
            seen.add(gc.isenabled())
            super().changeEvent(event)

    widget = Watching()
    qtbot.addWidget(widget)
    theme.apply(qapp)
    widget.ensurePolished()
    seen.clear()
    theme.set_mode("dark" if theme.palette.name == "light" else "light")
    assert seen == {False}
    assert gc.isenabled()


def test_reduced_motion_is_heard(theme: Theme) -> None:
    heard: list[bool] = []
    theme.changed.connect(lambda: heard.append(theme.reduced_motion))
    theme.set_reduced_motion(reduced=True)
    theme.set_reduced_motion(reduced=True)
    assert heard == [True]


def test_color_tables_run_from_end_to_end(theme: Theme) -> None:
    table = theme.diverging_table()
    assert table.shape == (256, 4)
    assert bytes(table[0]).hex() == LIGHT.negative.removeprefix("#") + "ff"
    assert bytes(table[-1]).hex() == LIGHT.positive.removeprefix("#") + "ff"
    assert theme.diverging(1.0) == QColor(LIGHT.positive)
    assert theme.color("test", 0.5).alphaF() == pytest.approx(0.5, abs=0.01)


def test_digits_have_one_width_and_titles_are_semibold(theme: Theme) -> None:
    assert theme.font("caption").pixelSize() == 11
    assert theme.font("title").weight() == QFont.Weight.DemiBold
    metrics = theme.metrics()
    assert len({metrics.horizontalAdvance(digit) for digit in "0123456789"}) == 1


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=lambda palette: palette.name)
def test_the_style_sheet_is_filled_completely(palette: Palette, tmp_path: Path) -> None:
    sheet = stylesheet(palette, f"{tmp_path}/x-")
    assert "$" not in sheet
    assert palette.accent in sheet


def test_all_sizes_go_with_the_text_size_but_lines_stay_thin(theme: Theme, qapp: QApplication) -> None:
    heard: list[int] = []
    theme.changed.connect(lambda: heard.append(theme.text_percent))
    theme.set_text_percent(200)
    theme.set_text_percent(200)
    assert heard == [200]
    assert (theme.font("caption").pixelSize(), qapp.font().pixelSize()) == (22, 26)
    assert theme.scaled(21) == scaled(21) == 42
    sheet = qapp.styleSheet()
    assert "min-height: 48px" in sheet  # of a line that is typed into: 24
    assert "border: 1px solid" in sheet
    assert theme.icon("play").pixmap(40, 40).width() == 40


@pytest.mark.parametrize("percent", range(80, 201, 10))
def test_round_handles_stay_round(percent: int) -> None:
    """Qt draws a corner whose radius is more than half of its box as no corner at all."""
    sheet = stylesheet(LIGHT, "", percent)
    handle = sheet[sheet.index("QSlider::handle:horizontal {") :].partition("}")[0]
    width, radius = (int(re.findall(rf"{name}: (\d+)px", handle)[0]) for name in ("width", "border-radius"))
    assert width / 2 <= radius <= (width + 2) / 2


def test_a_fixed_size_goes_with_the_text_size_as_long_as_its_widget_lives(theme: Theme, qtbot: QtBot) -> None:
    button, gone = QToolButton(), QToolButton()
    qtbot.addWidget(button)
    for one in (button, gone):
        theme.size(one, 20, 24, icon=16)
    gone.deleteLater()
    QApplication.sendPostedEvents(gone, QEvent.Type.DeferredDelete)
    theme.set_text_percent(150)
    assert (button.width(), button.height(), button.iconSize().width()) == (30, 36, 24)
    theme.size(button, 40)
    assert button.width() == 60

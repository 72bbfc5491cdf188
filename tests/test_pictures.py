"""Pictures from scripts and from the command line are the same bytes, and the same is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from PIL import Image

import bpviz as library
from bpviz import api, pictures
from bpviz.cli import cli as group
from bpviz.errors import SettingError, UnknownNameError
from bpviz.files.runs import reopen
from bpviz.pictures import Wanted, seen


def bpviz(*words: str) -> Result:
    return CliRunner().invoke(group, list(words))


def said(result: Result) -> str:
    """What a refused command says: one sentence on stderr, and nothing else."""
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    text = result.stderr.rstrip("\n")
    assert "\n" not in text
    assert text.endswith((".", "?"))
    return text


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A saved project with a run of two epochs, in the present folder."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "circle.bpviz"
    api.save(path, api.train(api.example("circle"), 2))
    return path


LOOKS = ("--size", "120x80mm", "--dpi", "100", "--font-size", "9", "--theme", "dark")
SEEN = ("--smooth", "0.8", "--range", "0:30", "--value-range", ".01:1")


def test_a_plot_by_command_is_the_plot_by_script(project: Path) -> None:
    words = ("export", project.name, "--plot", "loss:log", *LOOKS, *SEEN, "--out", "a.png")
    assert bpviz(*words).exit_code == 0
    looks = Wanted(size="120x80mm", dpi=100, font_size=9, theme="dark")
    library.export_plot(
        reopen(project)[0], "loss:log", "b.png", smooth=0.8, x=(0, 30), y=(0.01, 1.0), **looks
    )
    assert Path("a.png").read_bytes() == Path("b.png").read_bytes()
    with Image.open("a.png") as image:
        assert image.size == (472, 314)  # 472.4 x 314.96


def test_a_network_by_command_is_the_network_by_script(project: Path) -> None:
    assert bpviz("render", project.name, *LOOKS, "--out", "a.png").exit_code == 0
    assert bpviz("render", project.name, "--dark", "--out", "b.svg").exit_code == 0
    run = reopen(project)[0]
    library.draw(run, "c.png", size="120x80mm", dpi=100, font_size=9, theme="dark")
    library.draw(run, "d.svg", dark=True)
    assert Path("a.png").read_bytes() == Path("c.png").read_bytes()
    assert Path("b.svg").read_bytes() == Path("d.svg").read_bytes()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--size", "12"), "'12' is no size of a picture"),
        (("--size", "1x1mm"), "has no room for its letters"),
        (("--dpi", "5"), "can't have 5 dpi"),
        (("--font-size", "900"), "Letters can't be 900.0 pt"),
        (("--theme", "blue"), "no theme 'blue'"),
        (("--dark", "--theme", "light"), "leave out one of them"),
        (("--smooth", "1"), "as smooth as 1.0"),
        (("--range", "3"), "no part of an axis"),
        (("--range", "3:1"), "write the smaller number first"),
        (("--log", "--value-range", "0:1"), "A logarithmic axis can't begin at 0"),
    ],
)
def test_what_can_not_be_made_is_refused_and_nothing_is_written(
    project: Path, words: tuple[str, ...], sentence: str
) -> None:
    assert sentence in said(bpviz("export", project.name, "--plot", "loss", *words, "--out", "a.png"))
    assert not Path("a.png").exists()


@pytest.mark.parametrize("words", [("--dpi", "96"), ("--smooth", "0.5"), ("--dark",), ("--range", "0:1")])
def test_what_says_how_a_picture_looks_goes_with_pictures(project: Path, words: tuple[str, ...]) -> None:
    result = bpviz("export", project.name, "--weights", "json", *words, "--out", "w.json")
    assert "goes with --plot" in said(result)


def test_numbers_are_written_with_what_is_drawn_of_them(project: Path) -> None:
    words = ("export", project.name, "--plot", "loss", "--smooth", "0.5", "--out", "a.csv")
    assert bpviz(*words).exit_code == 0
    header, *rows = Path("a.csv").read_text().splitlines()
    assert header.split(",")[-2:] == ["mean", "smoothed"]
    assert rows


def test_scripts_are_refused_in_the_same_words() -> None:
    project = api.example("xor")
    figure = api.figure(project, "loss")
    with pytest.raises(SettingError, match="as smooth as"):
        seen(figure, 2.0)
    with pytest.raises(SettingError, match="no size of a picture"):
        pictures.draw(project, "x.png", size="huge")


def test_a_setting_that_there_is_not_is_not_passed_over(tmp_path: Path) -> None:
    wrong: dict[str, Any] = {"fontsize": 3}
    with pytest.raises(UnknownNameError, match="did you mean 'font_size'"):
        library.export_plot(api.example("circle"), "loss", tmp_path / "loss.png", **wrong)
    assert not list(tmp_path.iterdir())

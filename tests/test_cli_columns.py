"""Columns of a table are chosen, accounted for and filled, from the command line and from scripts alike."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import bpviz
from bpviz.cli import cli
from bpviz.data.datasets import facts
from bpviz.errors import BpvizError
from bpviz.files.project import open_project
from tests.data.birds import write_birds


@pytest.fixture
def birds(tmp_path: Path) -> Path:
    return write_birds(tmp_path / "birds.csv")


def train(birds: Path, *words: object) -> Result:
    own = ("--data", birds, "--target", "species", "--epochs", 30, "--engine", "reference")
    return CliRunner().invoke(cli, [str(word) for word in ("train", *own, *words)])


def test_island_and_sex_are_inputs_and_the_rest_is_accounted_for(birds: Path, tmp_path: Path) -> None:
    result = train(birds, "--missing", "median", "--save", tmp_path / "p.bpviz", "--json")
    assert result.exit_code == 0, result.output
    assert "Encoded as one input for each value: island (3), sex (2)." in result.stderr
    assert "Left out because it holds text: notes." in result.stderr
    assert "filled, as the training part has them: bill length (1, by the median), sex (7" in result.stderr
    project = open_project(tmp_path / "p.bpviz").project
    assert project.network.input is not None
    assert [node.feature for node in project.network.input.nodes] == [
        "bill length", "bill depth", "island=Biscoe", "island=Dream", "island=Torgersen",
        "sex=female", "sex=male", "tagged",
    ]  # fmt: skip
    run = bpviz.resume(tmp_path / "p.bpviz")
    assert run.metrics.test_accuracy is not None
    assert run.metrics.test_accuracy > 0.9
    bpviz.export_weights(run, tmp_path / "w.csv")
    assert "island=Torgersen" in (tmp_path / "w.csv").read_text(encoding="utf-8")


def test_columns_are_chosen_by_name(birds: Path, tmp_path: Path) -> None:
    words = ("--features", "bill depth,island", "--categorical", "study", "--save", tmp_path / "p.bpviz")
    result = train(birds, *words)
    assert result.exit_code == 0, result.output
    data = bpviz.load(tmp_path / "p.bpviz").data
    assert facts(data).columns == (
        "bill depth",
        "island=Biscoe",
        "island=Dream",
        "island=Torgersen",
        "study=1",
    )
    same = bpviz.table(birds, "species", features=["bill depth", "island"], categorical="study")
    assert same == data
    ignored = bpviz.table(birds, "species", ignore="island,sex,tagged,bill length")
    assert facts(ignored).columns == ("bill depth",)
    number = bpviz.table(birds, "species", features="bird_id")
    assert facts(number).columns == ("bird_id",)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--features", "iland"), "no column 'iland'; did you mean 'island'?"),
        (("--ignore", "species"), "The column 'species' is the target; choose other columns."),
        (("--ignore", "sex", "--categorical", "sex"), "'sex' is to be used and to be ignored; name it once."),
        (("--missing", "guess"), "Missing values can't be 'guess'; choose one of 'refuse', 'drop', 'mean'"),
        ((), "Row 4 has no value in the column 'bill length', and 7 more rows lack one"),
        (("--categorical", "notes"), "'notes' has 333 different values, too many for one input each"),
    ],
)
def test_what_can_not_be_is_refused_in_the_same_sentence(
    words: tuple[str, ...], sentence: str, birds: Path
) -> None:
    result = train(birds, *words)
    assert result.exit_code == 2
    assert sentence in result.stderr
    if words:
        options = {name.removeprefix("--"): text for name, text in zip(words[::2], words[1::2], strict=True)}
        with pytest.raises(BpvizError) as caught:
            bpviz.table(birds, "species", **options)  # type: ignore[arg-type]
        assert sentence in str(caught.value)


def test_options_of_columns_go_with_a_table() -> None:
    result = CliRunner().invoke(cli, ["train", "--example", "xor", "--ignore", "x"])
    assert result.exit_code == 2
    assert "--ignore, --missing, --drop-missing and --image go with --data CSV." in result.stderr

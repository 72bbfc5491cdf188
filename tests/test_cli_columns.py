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
        (
            ("--missing", "sex=guess"),
            "Missing values can't be 'guess'; choose one of 'refuse', 'drop', 'mean'",
        ),
        (("--missing", "species=mean"), "The column 'species' is the target; choose other columns."),
        (("--missing", "sx=mean"), "The table birds.csv has no column 'sx'; did you mean 'sex'?"),
        (("--missing", "sex=drop"), "are refused or dropped, whichever column lacks it; choose one of these"),
        (("--gaps", "sx=none"), "The table birds.csv has no column 'sx'; did you mean 'sex'?"),
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
        options = {
            name.removeprefix("--"): _said(text) for name, text in zip(words[::2], words[1::2], strict=True)
        }
        with pytest.raises(BpvizError) as caught:
            bpviz.table(birds, "species", **options)  # type: ignore[arg-type]
        assert sentence in str(caught.value)


def _said(text: str) -> str | dict[str, str]:
    """What scripts write for COLUMN=CHOICE."""
    name, sign, choice = text.rpartition("=")
    return {name: choice} if sign else text


def test_each_column_is_filled_in_its_own_way(birds: Path, tmp_path: Path) -> None:
    words = ("--missing", "drop", "--missing", "bill length=median", "--save", tmp_path / "p.bpviz")
    result = train(birds, *words)
    assert result.exit_code == 0, result.output
    data = bpviz.load(tmp_path / "p.bpviz").data
    assert (data.fills, data.drop_missing) == ((("bill length", "median"),), True)
    assert bpviz.table(birds, "species", missing={"": "drop", "bill length": "median"}) == data
    both = bpviz.table(birds, "species", missing={"sex": "frequent", "bill length": "mean"})
    assert (both.fills, both.drop_missing) == ((("bill length", "mean"), ("sex", "frequent")), False)


def test_words_that_may_be_values_are_asked_about_unless_it_is_said(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    rows = "".join(
        f"{region},{at},{at % 2}\n" for at, region in enumerate(["NA", "eu", "as", "eu", "as"] * 4)
    )
    path.write_text(f"region,size,y\n{rows}")
    own = ("train", "--data", str(path), "--target", "y", "--epochs", "1", "--engine", "reference")
    asked = CliRunner().invoke(cli, [*own, "--missing", "drop"])
    assert "In region, NA (4) counts as missing, but may be a value.\n" in asked.stderr
    assert "--gaps COLUMN=WORDS says which words are missing, or none.\n" in asked.stderr
    for said in (("--gaps", "region=NA", "--missing", "drop"), ("--gaps", "region=none")):
        answered = CliRunner().invoke(cli, [*own, *said, "--save", str(tmp_path / "p.bpviz")])
        assert answered.exit_code == 0, answered.output
        assert "may be" not in answered.stderr
    data = bpviz.load(tmp_path / "p.bpviz").data
    assert facts(data).columns == ("region=NA", "region=as", "region=eu", "size")
    assert data.table == bpviz.read_table(path, gaps={"region": "none"}).table


def test_options_of_columns_go_with_a_table() -> None:
    result = CliRunner().invoke(cli, ["train", "--example", "xor", "--ignore", "x"])
    assert result.exit_code == 2
    assert "--ignore, --missing, --drop-missing and --image go with --data CSV." in result.stderr

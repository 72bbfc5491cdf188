"""``bpviz train`` alone is enough: every setting of the panels, and networks made for data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import bpviz
from bpviz.cli import cli
from bpviz.cli.settings import ELSEWHERE, option_of
from bpviz.data.settings import DataSettings
from bpviz.engine.optimizers import OPTIMIZERS
from bpviz.errors import SettingError, UnknownNameError
from bpviz.model.settings import OF_DATA, Amount, Setting, of_training
from bpviz.model.spec import Training

ROWS = "kind,a,b\n" + "".join(f"{'xy'[k % 2]},{k},{k * k % 7}\n" for k in range(20))


def run(*words: object) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words])


def trained(folder: Path, *words: object) -> bpviz.api.Project:  # type: ignore[name-defined]
    """Train for an epoch, and return the project that was saved."""
    result = run("train", *words, "--engine", "reference", "--epochs", 1, "--save", folder / "p.bpviz")
    assert result.exit_code == 0, result.output
    return bpviz.load(folder / "p.bpviz")


def example_of(setting: Setting) -> tuple[str, Any]:
    """A word for a setting, and what it means."""
    kind = setting.kind
    if not isinstance(kind, Amount):
        key = kind.entries[-1][0]
        return key.replace(" ", "-"), key
    if kind.whole:
        return "7", 7
    return ("30%", 0.3) if setting.factor != 1.0 else ("0,25", 0.25)


@pytest.mark.parametrize(
    "setting", [s for s in (*OF_DATA, *of_training()) if s.field not in ELSEWHERE], ids=lambda s: s.field
)
def test_every_setting_is_an_option(setting: Setting, tmp_path: Path) -> None:
    text, value = example_of(setting)
    words = (
        ("--network", "none", "--data", "iris")
        if value == "categorical_cross_entropy"
        else ("--data", "plane")
    )
    project = trained(tmp_path, *words, option_of(setting), text)
    whose: Training | DataSettings = project.data if setting in OF_DATA else project.training
    assert setting.read(whose) == value
    assert option_of(setting) in run("train", "--help").output


def test_the_help_has_the_headings_of_the_panel() -> None:
    lines = run("train", "--help").output.splitlines()
    assert {"Options:", "Data:", "Training:", "Rate over time:", "Stop when:"} <= set(lines)


def test_a_table_alone_is_enough_and_what_was_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text(ROWS)
    result = run("train", "--data", tmp_path / "own.csv", "--target", "kind", "--engine", "reference")
    assert result.exit_code == 0
    assert "made the network 2-8-8-1 tanh sigmoid for these data" in result.stderr
    assert "own.csv: 100 epochs" in result.stdout


def test_many_inputs_get_one_wide_layer() -> None:
    sizes = [layer.size for layer in bpviz.fitted_project("digits").network.layers]
    assert sizes == [64, 32, 10]


def test_the_network_can_be_chosen_for_data_and_for_an_example(tmp_path: Path) -> None:
    made = trained(tmp_path, "--data", "spiral", "--network", "5-3", "--activation", "ReLU")
    assert [(layer.size, layer.activation) for layer in made.network.layers[1:-1]] == [
        (5, "relu"),
        (3, "relu"),
    ]
    drawn = trained(tmp_path, "--example", "spiral", "--network", "none")
    assert [node.feature for node in drawn.network.layers[0].nodes] == [
        node.feature for node in bpviz.example("spiral").network.layers[0].nodes
    ]
    assert len(drawn.network.layers) == 2
    other = trained(tmp_path, "--example", "spiral", "--activation", "sigmoid")
    assert {layer.activation for layer in other.network.layers[1:-1]} == {"sigmoid"}


def test_entries_are_set_by_what_follows_their_name(tmp_path: Path) -> None:
    project = trained(tmp_path, "--data", "xor", "--optimizer", "adam:beta1=0.8,beta2==1/2")
    assert project.training.optimizer_options == (("beta1", 0.8), ("beta2", 0.5))
    assert "adam" in OPTIMIZERS


def test_the_same_words_make_the_same_project_as_the_api(tmp_path: Path) -> None:
    ours = bpviz.fitted_project("moons", "4", "relu", optimizer="adam", learning_rate=0.01)
    theirs = trained(
        tmp_path, "--data", "moons", "--network", 4, "--activation", "relu", "--optimizer", "adam",
        "--learning-rate", ".01",
    )  # fmt: skip
    assert theirs.network == ours.network
    assert (theirs.data, theirs.training.optimizer_options) == (ours.data, ours.training.optimizer_options)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("--learning-rate abc", "--learning-rate: “abc” is not a number; write one such as 0.03 or 1e-4."),
        ("--learning-rate 0", "The learning rate must be a number above 0, such as 0.03."),
        ("--optimizer adamm", "There is no optimizer named 'adamm'; did you mean 'adam'?"),
        ("--optimizer adam:beta9=1", "There is no setting of Adam named 'beta9'; did you mean 'beta2'?"),
        ("--optimizer adam:x", "--optimizer can't have 'x'; write such settings as momentum:momentum=0.9."),
        ("--batch-size 2.5", "--batch-size can't be '2.5'; write a whole number."),
        ("--network 8-a", "'8-a' are no hidden layers; write their sizes, such as 8-8, or none."),
        ("--network 0", "Every hidden layer needs from 1 to 10\u202f000 nodes."),
        ("--activation softmax", "Softmax belongs to the output; choose another for hidden layers."),
        ("--shuffle maybe", "The setting shuffle must be one of each epoch, never."),
        ("--train-share 0", "The share to train on must be above 0 % and at most 100 %."),
        ("--target y", "--data spiral is a bundled data set, whose target is known."),
    ],
)
def test_bad_settings_are_a_sentence(words: str, sentence: str) -> None:
    result = run("train", "--data", "spiral", *words.split())
    assert (result.exit_code, result.stderr.strip()) == (2, sentence)


def test_api_and_command_line_refuse_in_the_same_sentence() -> None:
    with pytest.raises(SettingError) as error:
        bpviz.fitted_project("spiral", learning_rate=0)
    assert str(error.value) == run("train", "--data", "spiral", "--learning-rate", 0).stderr.strip()
    with pytest.raises(UnknownNameError) as unknown:
        bpviz.fitted_project("spiral", optimizer="adamm")
    assert str(unknown.value) == run("train", "--data", "spiral", "--optimizer", "adamm").stderr.strip()


def test_settings_do_not_go_with_a_run_that_goes_on(tmp_path: Path) -> None:
    trained(tmp_path, "--data", "xor")
    result = run("train", tmp_path / "p.bpviz", "--continue", "--learning-rate", ".1")
    assert result.exit_code == 2
    assert "without --data, --seed and other settings" in result.stderr


def test_moments_can_be_saved_without_a_folder(tmp_path: Path) -> None:
    target = tmp_path / "p.bpviz"
    result = run(
        "train", "--data", "xor", "--epochs", 2, "--engine", "reference", "--save", target, "--keep-moments",
        "--json",
    )  # fmt: skip
    assert json.loads(result.stdout)["files"] == [str(target)]
    assert "kept" in result.stderr

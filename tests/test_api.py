"""The Python API, as a script uses it."""

from __future__ import annotations

import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import bpviz
from bpviz.data.settings import DataSettings
from bpviz.errors import (
    BpvizError,
    DataError,
    FileError,
    ModelError,
    SettingError,
    ShapeError,
    UnknownNameError,
)
from bpviz.model.problems import problems
from bpviz.model.spec import BiasAddress, Project, Start, Stop, Training
from bpviz.training.paths import best_engine
from bpviz.training.run import Run
from bpviz.training.session import Session

ROOT = Path(__file__).resolve().parent.parent


def test_every_name_is_there_and_documented() -> None:
    for name in bpviz.__all__:
        assert getattr(bpviz, name).__doc__ is not None
        assert name in dir(bpviz)
    with pytest.raises(AttributeError, match="nothing"):
        _ = bpviz.nothing


def test_the_version_is_that_of_the_package() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        assert tomllib.load(file)["project"]["version"] == bpviz.__version__


def test_importing_is_quick_because_nothing_is_loaded_yet() -> None:
    code = "import sys, bpviz; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


def test_a_network_is_built_from_sizes() -> None:
    network = bpviz.network(2, 8, 4, 1, activation="relu", features=["x", "x*y"])
    assert [layer.size for layer in network.layers] == [2, 8, 4, 1]
    assert [layer.role for layer in network.layers] == ["input", "hidden", "hidden", "output"]
    assert [layer.activation for layer in network.layers[1:]] == ["relu", "relu", "tanh"]
    assert [node.feature for node in network.layers[0].nodes] == ["x", "x*y"]
    assert len(network.links) == 3


@pytest.mark.parametrize("sizes", [(), (2,), (2, 0, 1), (2, -1)])
def test_a_network_needs_two_layers_with_nodes(sizes: tuple[int, ...]) -> None:
    with pytest.raises(ModelError, match="at least two layers"):
        bpviz.network(*sizes)


def test_features_must_be_as_many_as_input_nodes() -> None:
    with pytest.raises(ModelError, match="2 nodes and 1 features"):
        bpviz.network(2, 1, features=["x"])


def test_a_project_gives_input_nodes_the_columns_of_the_data() -> None:
    made = bpviz.project(bpviz.network(2, 3, 1), data="xor", optimizer="adam", learning_rate=0.02)
    assert made.network.input is not None
    assert [node.feature for node in made.network.input.nodes] == ["x", "y"]
    assert (made.training.optimizer, made.training.learning_rate) == ("adam", 0.02)
    assert bpviz.train(made, 2).step > 0


def test_what_does_not_fit_is_a_sentence() -> None:
    with pytest.raises(DataError, match="4 columns and the network 2 input nodes"):
        bpviz.project(bpviz.network(2, 3), data="iris")
    with pytest.raises(UnknownNameError, match="did you mean 'iris'"):
        bpviz.project(bpviz.network(2, 3), data="irsi")
    with pytest.raises(SettingError):
        bpviz.project(bpviz.network(2, 1), data="xor", learning_rate=float("nan"))
    with pytest.raises(UnknownNameError, match="did you mean 'spiral'"):
        bpviz.example("sprial")


def test_training_ends_after_the_epochs_asked_for_or_by_a_rule() -> None:
    project = bpviz.example("xor")
    assert bpviz.train(project, 3).epoch == 3
    rule = replace(project.training, stop=Stop(target_loss=10.0))
    run = bpviz.train(replace(project, training=rule), 30)
    assert run.epoch < 30
    assert run.stopped is not None


def test_a_run_goes_on_as_if_it_had_never_paused() -> None:
    run = bpviz.train(bpviz.train(bpviz.example("circle"), 2), 3)
    straight = bpviz.train(bpviz.example("circle"), 5)
    assert run.epoch == 5
    np.testing.assert_array_equal(run.parameters, straight.parameters)


def test_training_tells_its_progress() -> None:
    seen: list[float] = []
    bpviz.train(bpviz.example("circle"), 3, progress=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 3


def test_a_run_that_nothing_would_end_is_refused() -> None:
    project = bpviz.example("circle")
    endless = replace(project, training=replace(project.training, stop=Stop()))
    with pytest.raises(SettingError, match="say for how many epochs"):
        bpviz.train(endless)
    with pytest.raises(SettingError, match="can't take -1 epochs"):
        bpviz.train(endless, -1)
    with pytest.raises(UnknownNameError, match="engine"):
        bpviz.train(endless, 1, engine="steam")
    assert bpviz.train(endless, 0).step == 0


def test_a_run_that_went_on_past_its_stop_rule_needs_a_new_end() -> None:
    run = bpviz.train(bpviz.train(bpviz.example("circle"), 1), 2)  # the rule for one epoch is overruled
    assert run.epoch == 3
    with pytest.raises(SettingError, match="say for how many epochs"):
        bpviz.train(run)


def test_one_pass_has_every_number() -> None:
    # The 2-2-2 example by Matt Mazur, "A Step by Step Backpropagation Example" (2015).
    trace = bpviz.backprop(bpviz.example("mazur"))
    assert trace.mean_loss == pytest.approx(0.298371109, abs=5e-10)
    np.testing.assert_allclose(trace.a[1], [[0.593269992, 0.596884378]], atol=5e-10)
    np.testing.assert_allclose(trace.a[2], [[0.751365070, 0.772928465]], atol=5e-10)
    np.testing.assert_allclose(trace.delta[2], [[0.138498562, -0.038098237]], atol=5e-10)
    np.testing.assert_allclose(trace.delta[1], [[0.008771355, 0.009954255]], atol=5e-10)
    assert trace.gradient.shape == (trace.plan.size,)


def test_rows_choose_examples_in_the_order_of_the_data() -> None:
    run = bpviz.session(bpviz.example("iris"))
    trace = bpviz.backprop(run, slice(3, 5))
    np.testing.assert_array_equal(trace.x, run.prepared.train_x[3:5])
    with pytest.raises(DataError, match="the training part has rows 0:105"):
        bpviz.backprop(run, slice(200, 300))


def test_the_pass_of_a_single_precision_run_is_computed_in_double() -> None:
    project = bpviz.example("xor")
    single = replace(project, training=replace(project.training, precision="float32"))
    assert bpviz.backprop(single).gradient.dtype == np.float64


def test_gradients_are_checked() -> None:
    found = bpviz.check_gradients(bpviz.example("four_layers"))
    assert found.passed
    assert max(found.errors) < 1e-6


def test_projects_and_runs_are_saved_and_come_back(tmp_path: Path) -> None:
    project = bpviz.example("xor")
    bpviz.save(tmp_path / "plain.bpviz", project)
    assert bpviz.load(tmp_path / "plain.bpviz") == project
    assert bpviz.resume(tmp_path / "plain.bpviz").step == 0
    run = bpviz.train(project, 2)
    bpviz.save(str(tmp_path / "run.bpviz"), run)
    again = bpviz.resume(str(tmp_path / "run.bpviz"))
    for each in (run, again):
        each.advance(7)
    np.testing.assert_array_equal(run.parameters, again.parameters)


def test_a_table_of_ones_own_becomes_data(tmp_path: Path) -> None:
    rows = "".join(f"{k},{k * k},{'big' if k > 5 else 'small'}\n" for k in range(12))
    (tmp_path / "own.csv").write_text(f"a,b,size\n{rows}")
    data = bpviz.table(tmp_path / "own.csv", "size")
    fitted = bpviz.with_data(bpviz.example("circle"), data)
    assert fitted.title == "own.csv"
    assert bpviz.train(fitted, 5).metrics.train_accuracy is not None
    made = bpviz.project(bpviz.network(2, 3, 1, output_activation="sigmoid"), data)
    assert bpviz.train(made, 1).step > 0
    with pytest.raises(BpvizError, match="size"):
        bpviz.table(tmp_path / "own.csv", "siez")


def test_a_table_has_several_targets_and_declared_classes(tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    own.write_text('a,"b,c",d\n1,0,3\n2,1,3\n')

    assert bpviz.table(own, "b,c").targets == ("b,c",)
    assert bpviz.table(own, ["b,c", "d"]).targets == ("b,c", "d")
    assert bpviz.table(own, "a, d").targets == ("a", "d")
    assert bpviz.table(own, "d", classes=(1, 2, 3)).classes == ("1", "2", "3")
    outputs = bpviz.with_data(bpviz.example("circle"), bpviz.table(own, "d", classes="1,2,3")).network.output
    assert outputs is not None
    assert [node.name for node in outputs.nodes] == ["1", "2", "3"]


def test_other_bundled_data_bring_their_layers() -> None:
    fitted = bpviz.with_data(bpviz.example("circle"), DataSettings(source="iris"))
    assert fitted.network.output is not None
    assert fitted.network.output.size == 3
    assert fitted.title == "Iris"


def test_results_are_taken_away(tmp_path: Path) -> None:
    run = bpviz.train(bpviz.example("xor"), 2)
    bpviz.export_weights(run, tmp_path / "w.npz")
    bpviz.export_weights(run, tmp_path / "w.dat", "json")
    bpviz.export_plot(run, "loss", tmp_path / "loss.svg", dark=True)
    bpviz.draw(run, tmp_path / "run.png")
    bpviz.draw(run.project, tmp_path / "project.svg")
    bpviz.draw(run.project.network, tmp_path / "network.pdf")
    assert len(list(tmp_path.iterdir())) == 6
    assert not bpviz.figure(run, "loss").is_empty
    assert [bpviz.figure(run, name).y.log for name in ("loss", "loss:log")] == [False, True]
    with pytest.raises(UnknownNameError, match="did you mean 'npz'"):
        bpviz.export_weights(run, tmp_path / "w.npy")
    with pytest.raises(UnknownNameError, match="did you mean 'loss'"):
        bpviz.export_plot(run, "lose", tmp_path / "x.png")
    with pytest.raises(FileError, match="that folder does not exist"):
        bpviz.export_weights(run, tmp_path / "none" / "w.npz")


def test_the_fastest_engine_is_the_default() -> None:
    assert best_engine() in ("reference", "kernel")
    assert bpviz.session(bpviz.example("xor")).path == best_engine()


REFUSED = {
    "cross-entropy of numbers": bpviz.project(
        bpviz.network(1, 4, 1, output_activation="sigmoid"), "sine", loss="binary_cross_entropy"
    ),
    "softmax over one node": bpviz.project(
        bpviz.network(2, 4, 1, output_activation="softmax"), loss="categorical_cross_entropy"
    ),
    "too few outputs": bpviz.project(bpviz.network(4, 3, 2), "iris"),
    "a loss that does not go with the output": bpviz.project(
        bpviz.network(2, 3, 1), loss="binary_cross_entropy"
    ),
    "a setting out of range": replace(bpviz.example("circle"), training=Training(learning_rate=-1.0)),
    "a start value that is none": replace(
        bpviz.example("circle"), start=Start(((BiasAddress("n7"), float("inf")),))
    ),
    "no such data": replace(bpviz.example("circle"), data=DataSettings(source="square")),
    "an empty sheet": Project(),
}


@pytest.mark.parametrize("project", REFUSED.values(), ids=REFUSED)
def test_what_the_window_would_not_play_is_refused_in_the_same_words(
    project: Project, tmp_path: Path
) -> None:
    words = problems(project)[0].sentence
    saved = tmp_path / "refused.bpviz"
    asked: list[Callable[[], object]] = [
        lambda: bpviz.session(project),
        lambda: bpviz.session(project, engine="reference"),
        lambda: bpviz.train(project, 3),
        lambda: bpviz.backprop(project),
        lambda: bpviz.check_gradients(project),
        lambda: bpviz.figure(project, "loss"),
        lambda: bpviz.export_weights(project, tmp_path / "w.npz"),
        lambda: bpviz.export_plot(project, "loss", tmp_path / "p.png"),
    ]
    for ask in asked:
        with pytest.raises(BpvizError) as refusal:
            ask()
        assert str(refusal.value) == words
    assert list(tmp_path.iterdir()) == []
    bpviz.save(saved, project)
    with pytest.raises(BpvizError):
        bpviz.resume(saved)


@pytest.mark.parametrize("engine", ["reference", "kernel"])
def test_a_run_does_not_follow_where_the_window_would_not_play(engine: str) -> None:
    network = bpviz.network(1, 4, 1, output_activation="sigmoid")
    project = bpviz.project(network, "sine", loss="half_squared")
    run = bpviz.session(project, engine=engine)
    run.advance(3)
    other = replace(project, training=replace(project.training, loss="binary_cross_entropy"))
    with pytest.raises(ModelError, match="is for classes"):
        run.follow(other)
    assert run.project == project
    assert run.advance(2) == 2


def test_data_count_as_they_stand() -> None:
    data = DataSettings(source="iris", train_share=0.6, scaling="min-max", noise=0.0)
    fitted = bpviz.with_data(bpviz.example("circle"), data)
    assert fitted.data == data
    run = bpviz.session(fitted)
    assert len(run.prepared.train_x) == 90
    assert run.prepared.train_x.min() == 0
    numbers = DataSettings(source="diabetes", train_share=0.5, target_scaling="standardize")
    assert bpviz.with_data(fitted, numbers).data == numbers


def test_a_table_of_ones_own_is_split_and_scaled_as_suits_it(tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    own.write_text("a,b,price,kind\n" + "".join(f"{k},{k * k},{1000 * k},{k % 3}x\n" for k in range(40)))
    classes, numbers = bpviz.table(own, "kind"), bpviz.table(own, "price")
    assert (classes.train_share, classes.scaling, classes.target_scaling) == (0.8, "standardize", "none")
    assert (numbers.train_share, numbers.scaling) == (0.8, "standardize")
    assert numbers.target_scaling == "standardize"
    own.write_text("a,b\n1,2\n3,4\n")
    few = bpviz.table(own, "b")
    assert (few.train_share, few.scaling) == (1.0, "none")


# A run that one can move about in


def last_step_shown(what: Session | Run) -> int:
    figure = bpviz.figure(what, "loss")
    return max(int(line.last[-1]) for line in figure.curves)


def test_a_run_gives_out_any_step_and_goes_on_from_it_on_a_branch() -> None:
    run = bpviz.train(bpviz.run(bpviz.example("circle")), 3)
    assert (run.session.epoch, run.timeline.at_end) == (3, True)
    middle = run.at(40)
    straight = bpviz.session(bpviz.example("circle"))
    straight.advance(40)
    np.testing.assert_array_equal(middle.parameters, straight.parameters)
    assert last_step_shown(middle) == 39  # the step that led there
    end = run.session.parameters.tobytes()
    number = run.branch(40, learning_rate=0.3)
    assert bpviz.train(run, 2) is run
    assert run.session.step > 40
    run.switch(1)
    assert (number, run.session.parameters.tobytes()) == (2, end)


def test_training_a_run_is_training_a_session() -> None:
    run, session = bpviz.run(bpviz.example("spiral")), bpviz.session(bpviz.example("spiral"))
    for _ in range(2):
        bpviz.train(run, 4)
        bpviz.train(session, 4)
    np.testing.assert_array_equal(run.session.parameters, session.parameters)
    run.timeline.seek(7)
    bpviz.train(run, 1)
    assert (run.timeline.line.number, run.timeline.line.forked_at) == (2, 7)
    with pytest.raises(SettingError, match=r"can't take 1\.5 epochs"):
        bpviz.train(run, 1.5)  # type: ignore[call-overload]


def test_moments_and_branches_are_saved_within_the_room_that_is_given(tmp_path: Path) -> None:
    run = bpviz.train(bpviz.run(bpviz.example("circle")), 2)
    run.branch(30, learning_rate=0.3)
    bpviz.train(run, 1)
    path = tmp_path / "a.bpviz"
    bpviz.save(path, run)
    found = bpviz.run(path)
    assert sorted(found.timeline.lines) == [1, 2]
    for number in (1, 2):
        run.switch(number)
        found.switch(number)
        np.testing.assert_array_equal(found.session.parameters, run.session.parameters)
        np.testing.assert_array_equal(found.at(33).parameters, run.at(33).parameters)
    bpviz.save(path, run, keep_moments=0)
    assert sorted(bpviz.run(path).timeline.lines) == [1]
    before = path.read_bytes()
    with pytest.raises(SettingError, match=r"2 branches of this run need .* MB"):
        bpviz.save(path, run, keep_moments=0.001)
    for wrong in (-1, float("nan"), "much", 1e9):
        with pytest.raises(SettingError, match="Moments can't take"):
            bpviz.save(path, run, keep_moments=wrong)  # type: ignore[arg-type]
    assert path.read_bytes() == before


def test_a_run_without_moments_is_repeated_from_its_start(tmp_path: Path) -> None:
    session = bpviz.train(bpviz.example("circle"), 2)
    path = tmp_path / "a.bpviz"
    bpviz.save(path, session)
    for run in (bpviz.run(path), bpviz.run(str(path)), bpviz.run(session)):
        assert run.timeline.first_step == 0
        straight = bpviz.session(bpviz.example("circle"))
        straight.advance(11)
        np.testing.assert_array_equal(run.at(11).parameters, straight.parameters)
    assert bpviz.run(session).session is session


def test_moments_that_are_damaged_are_a_warning_and_the_run_is_whole(tmp_path: Path) -> None:
    run = bpviz.train(bpviz.run(bpviz.example("circle")), 1)
    path, damaged = tmp_path / "a.bpviz", tmp_path / "b.bpviz"
    bpviz.save(path, run)
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(damaged, "w") as new:
        for name in old.namelist():
            new.writestr(name, b"[]" if name == "timeline.json" else old.read(name))
    with pytest.warns(UserWarning, match="moments and branches in this file are damaged"):
        found = bpviz.run(damaged)
    np.testing.assert_array_equal(found.session.parameters, run.session.parameters)
    np.testing.assert_array_equal(bpviz.resume(damaged).parameters, run.session.parameters)


def test_what_is_made_of_a_run_is_made_of_where_it_stands(tmp_path: Path) -> None:
    run = bpviz.train(bpviz.run(bpviz.example("circle")), 2)
    assert last_step_shown(run) == last_step_shown(run.session) == run.session.step
    run.timeline.seek(20)
    assert last_step_shown(run) == 19
    np.testing.assert_array_equal(bpviz.backprop(run).gradient, bpviz.backprop(run.at(20)).gradient)
    for name, what in (("a", run), ("b", run.at(20))):
        bpviz.export_weights(what, tmp_path / f"{name}.json")
        bpviz.draw(what, tmp_path / f"{name}.svg")
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()


@pytest.mark.parametrize("steps", [-1, 1.5, "3", True, float("nan")])
def test_a_run_makes_whole_numbers_of_steps(steps: object) -> None:
    session = bpviz.session(bpviz.example("circle"))
    with pytest.raises(SettingError, match="whole number"):
        session.advance(any_(steps))
    assert session.step == 0
    assert (session.advance(2), session.advance(0)) == (2, 0)


def test_a_network_of_more_nodes_than_can_be_is_refused_before_it_is_made() -> None:
    with pytest.raises(ModelError, match="at most 10"):
        bpviz.network(2, 10**9, 1)


@pytest.mark.parametrize("rows", [np.zeros((3, 5)), np.zeros(2), [0, 0], "0,0", [[None, 0]], [["a", "b"]]])
def test_answers_are_to_rows_of_all_columns(rows: object) -> None:
    session = bpviz.session(bpviz.example("circle"))
    with pytest.raises(ShapeError, match="Each example needs 2 numbers, in a row of its own"):
        session.outputs(any_(rows))


def test_answers_are_to_lists_too() -> None:
    session = bpviz.session(bpviz.example("circle"))
    rows = [[0.5, -1.0], [2.0, 0.0]]
    np.testing.assert_array_equal(session.outputs(any_(rows)), session.outputs(np.array(rows)))


def any_(value: Any) -> Any:
    """What a script without types may give."""
    return value


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: bpviz.project(any_("spiral")), "'spiral' is no network; bpviz.network builds one."),
        (
            lambda: bpviz.session(any_("spiral")),
            "'spiral' is no project; bpviz.example and bpviz.load give one.",
        ),
        (lambda: bpviz.train(any_("spiral"), 1), "'spiral' is no project and no run"),
        (lambda: bpviz.backprop(any_(None)), "'NoneType' is no project and no run"),
        (lambda: bpviz.export_weights(any_(3), "a.npz"), "'int' is no project and no run"),
        (lambda: bpviz.backprop(bpviz.example("circle"), any_(5)), "Rows are a slice, such as slice"),
        (lambda: bpviz.check_gradients(bpviz.example("circle"), any_(None)), "Rows are a slice"),
    ],
)
def test_what_is_no_project_is_a_sentence(call: Callable[[], object], sentence: str) -> None:
    with pytest.raises(BpvizError, match=sentence):
        call()


def test_hidden_layers_are_sizes_or_a_size() -> None:
    sizes = [
        [layer.size for layer in bpviz.fitted_project("iris", hidden=h).network.layers] for h in (8, [8])
    ]
    assert sizes == [[4, 8, 3], [4, 8, 3]]


def test_other_data_are_given_by_their_name_too() -> None:
    project = bpviz.with_data(bpviz.example("circle"), "iris")
    assert project == bpviz.with_data(bpviz.example("circle"), DataSettings("iris"))
    assert (project.network.layers[0].size, project.network.layers[-1].size) == (4, 3)
    with pytest.raises(UnknownNameError, match="iris"):
        bpviz.with_data(project, "irys")

"""Networks by a line, for whatever data are at hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.data.settings import DataSettings
from bpviz.errors import BpvizError, ModelError, SettingError, UnknownNameError
from bpviz.model.checks import check_project
from bpviz.model.fitting import suited
from bpviz.model.naming import counting_from
from bpviz.model.problems import problems
from bpviz.model.spec import BiasAddress, Project, Start
from bpviz.model.templates import TEMPLATES, Line, from_line, from_template, parsed_line, template_line
from bpviz.training.session import Session
from tests.model.projects import circle_project


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2-8-8-1 tanh", Line((2, 8, 8, 1), "tanh")),
        ("4-16-3 relu softmax", Line((4, 16, 3), "relu", "softmax")),
        (" 4 – 16 − 3, ReLU, Softmax ", Line((4, 16, 3), "relu", "softmax")),
        ("8-3-8", Line((8, 3, 8))),
        ("2x1 sigmoid", Line((2, 1), None, "sigmoid")),
        ("4-8-3 softmax", Line((4, 8, 3), None, "softmax")),
    ],
)
def test_a_line_says_sizes_and_activations(text: str, expected: Line) -> None:
    assert parsed_line(text) == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no list of layers"),
        ("2", "no list of layers"),
        ("2-8-", "no list of layers"),
        ("2-8-1 tanh!", "no list of layers"),
        ("tanh 2-8-1", "no list of layers"),
        ("2-0-1", "at least one node"),
        ("2-99999-1", "too many nodes"),
        ("2-" + "9" * 190 + "-1", "too many nodes"),
        ("2-8-1 tan", "did you mean 'tanh'"),
        ("2-8-1 softmax tanh", "write it last"),
        ("2-8-1 tanh relu relu", "at most two"),
        ("2-8" * 100, "no list of layers"),
    ],
)
def test_a_line_that_can_not_be_read_is_refused_in_a_sentence(text: str, said: str) -> None:
    with pytest.raises(BpvizError, match=said):
        parsed_line(text)


@given(st.text(alphabet="0123456789- x,tanhrelu²٣", max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        sizes = parsed_line(text).sizes
    except (SettingError, UnknownNameError, ModelError):
        sizes = (1, 1)
    assert len(sizes) >= 2
    assert min(sizes) >= 1


@pytest.mark.parametrize("source", ["circle", "iris", "plane", "digits", "xor_points"])
@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_suits_the_data_at_hand_and_runs(name: str, source: str) -> None:
    project = Project(data=suited(DataSettings(source)))

    made = from_template(project, name, counting_from(40))

    check_project(made)
    assert problems(made) == ()
    assert Session(made).advance(2) == 2
    sizes = [layer.size for layer in made.network.layers]
    assert "-".join(map(str, sizes)) == template_line(name, project.data).split()[0]


def test_the_autoencoder_of_eight_has_a_waist_of_three() -> None:
    assert TEMPLATES["autoencoder"].line(8, 8) == "8-3-8 sigmoid"
    assert TEMPLATES["autoencoder"].line(1, 1) == "1-1-1 sigmoid"


def test_every_layer_skips_to_all_that_follow() -> None:
    made = from_template(circle_project(), "skips", counting_from(40))

    assert len(made.network.links) == 3 + 2 + 1


def test_a_line_takes_derived_features_and_gives_two_classes_a_node_each() -> None:
    made = from_line(circle_project(), parsed_line("5-3-2 relu"), counting_from(40))

    assert [node.feature for node in made.network.layers[0].nodes] == ["x", "y", "x^2", "y^2", "x*y"]
    assert made.network.layers[1].activation == "relu"
    assert made.network.layers[2].activation == "softmax"
    assert made.training.loss == "categorical_cross_entropy"
    assert problems(made) == ()


def test_a_loss_that_goes_with_the_outputs_stays() -> None:
    project = circle_project()
    other = replace(project, training=replace(project.training, loss="huber"))

    assert from_line(other, Line((2, 3, 1)), counting_from(40)).training.loss == "huber"


def test_start_values_of_the_network_before_are_forgotten() -> None:
    before = replace(circle_project(), start=Start(((BiasAddress("n5"), 1.0),)))

    assert from_line(before, Line((2, 3, 1)), counting_from(40)).start == Start()


def test_what_the_data_do_not_have_is_refused() -> None:
    project = circle_project()
    with pytest.raises(ModelError, match="write at most 9"):
        from_line(project, Line((12, 3, 1)), counting_from(40))
    with pytest.raises(ModelError, match="for these data write 1"):
        from_line(project, Line((2, 3, 4)), counting_from(40))
    with pytest.raises(UnknownNameError, match="no template"):
        from_template(project, "conv", counting_from(40))

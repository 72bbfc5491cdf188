from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bpviz.data.datasets import DATASETS, facts
from bpviz.data.features import available, find
from bpviz.data.settings import DataSettings, Table
from bpviz.errors import DataError, ModelError, SettingError, UnknownNameError
from bpviz.model import edits
from bpviz.model.edits.starts import existing
from bpviz.model.examples import EXAMPLES, new_project
from bpviz.model.layout import arrange
from bpviz.model.naming import counting_from, first_free_number
from bpviz.model.problems import problems
from bpviz.model.spec import Address, BiasAddress, Network, Project, WeightAddress
from tests.model.projects import circle_project

# The new project: input l1 with n2 (x) and n3 (y), hidden l4 with n5 to n8, output l9 with n10.
WORDS = Table("words.csv", ("word", "kind"), (("a", "x"), ("b", "y"), ("c", "x")))


def chosen(project: Project, source: str) -> Project:
    return edits.set_data(project, counting_from(first_free_number(project.network)), source=source)


def test_start_values_are_set_replaced_and_forgotten() -> None:
    bias, weight = BiasAddress("n5"), WeightAddress("n2", "n5")
    project = edits.set_start(edits.set_start(circle_project(), bias, 1.0), weight, 2.0)

    assert dict(project.start.values) == {bias: 1.0, weight: 2.0}
    assert dict(edits.set_start(project, bias, 3.0).start.values) == {bias: 3.0, weight: 2.0}
    assert dict(edits.set_start(project, bias, None).start.values) == {weight: 2.0}
    assert edits.clear_start(project) == circle_project()


def test_start_values_are_looked_up_only_where_nodes_or_pairs_come_or_go(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    project = edits.set_start(circle_project(), WeightAddress("n2", "n5"), 1.0)
    looked = []

    def looked_up(network: Network, addresses: Iterable[Address]) -> set[Address]:
        looked.append(network)
        return existing(network, addresses)

    monkeypatch.setattr("bpviz.model.edits.starts.existing", looked_up)
    changes: tuple[Callable[[Network], Network], ...] = (
        lambda network: edits.rename(network, network.layers[1].id, "Middle"),
        lambda network: edits.place_nodes(network, {network.layers[1].nodes[0].id: (5.0, 7.0)}),
        lambda network: edits.set_activation(network, network.layers[1].id, "relu"),
    )
    for change in changes:
        assert edits.on_network(change)(project).start is project.start
    assert not looked
    edits.on_network(lambda network: edits.remove_nodes(network, {network.layers[1].nodes[0].id}))(project)
    assert len(looked) == 1


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -1e7])
def test_start_values_are_reasonable_numbers(value: float) -> None:
    with pytest.raises(SettingError, match="start value must be a number"):
        edits.set_start(circle_project(), BiasAddress("n5"), value)


def test_start_values_need_an_address() -> None:
    with pytest.raises(ModelError, match="no connection from x to Output, node 1"):
        edits.set_start(circle_project(), WeightAddress("n2", "n10"), 1.0)
    with pytest.raises(ModelError, match="x has no bias"):
        edits.set_start(circle_project(), BiasAddress("n2"), 1.0)


def test_an_edit_of_the_drawing_forgets_start_values_that_lost_their_address() -> None:
    project = circle_project()
    for address in (
        BiasAddress("n5"),
        BiasAddress("n6"),
        WeightAddress("n2", "n5"),
        WeightAddress("n2", "n6"),
    ):
        project = edits.set_start(project, address, 1.0)

    without_node = edits.on_network(lambda n: edits.remove_nodes(n, ["n5"]))(project)
    without_pair = edits.on_network(lambda n: edits.remove_pairs(n, [("n2", "n6")]))(project)

    assert {address for address, _ in without_node.start.values} == {
        BiasAddress("n6"),
        WeightAddress("n2", "n6"),
    }
    assert WeightAddress("n2", "n6") not in dict(without_pair.start.values)
    assert len(without_pair.start.values) == 3


def test_existing_addresses_are_found_all_at_once() -> None:
    network = edits.remove_pairs(circle_project().network, [("n2", "n5")])
    there: set[Address] = {BiasAddress("n5"), WeightAddress("n3", "n5")}

    wanted: set[Address] = {
        *there,
        BiasAddress("n2"),
        BiasAddress("n99"),
        WeightAddress("n2", "n5"),
        WeightAddress("n9", "n1"),
    }
    assert existing(network, wanted) == there


def test_settings_of_the_training_are_checked_before_they_are_taken() -> None:
    project = circle_project()

    assert edits.set_training(project, learning_rate=0.5).training.learning_rate == 0.5
    with pytest.raises(SettingError, match="learning rate"):
        edits.set_training(project, learning_rate=float("nan"))
    with pytest.raises(UnknownNameError, match="did you mean 'adam'"):
        edits.set_training(project, optimizer="adamm")


def test_another_optimizer_starts_from_its_own_options() -> None:
    momentum = edits.set_training(
        circle_project(), optimizer="momentum", optimizer_options=(("momentum", 0.5),), learning_rate=0.1
    )

    adam = edits.set_training(momentum, optimizer="adam")
    again = edits.set_training(momentum, optimizer="momentum", learning_rate=0.2)

    assert adam.training.optimizer_options == ()
    assert again.training.optimizer_options == (("momentum", 0.5),)


@given(sources=st.lists(st.sampled_from(sorted(DATASETS)), min_size=1, max_size=4))
def test_after_any_choice_of_data_the_project_can_be_played(sources: list[str]) -> None:
    project = circle_project()
    for source in sources:
        project = chosen(project, source)

        assert problems(project) == ()
        assert project.network.layer("l4") == circle_project().network.layer("l4")  # hidden layers stay


def test_other_data_keep_the_nodes_that_still_serve() -> None:
    with_square = edits.on_network(lambda n: edits.set_features(n, ("x", "y", "x^2"), ("n50",) * 3))(
        circle_project()
    )

    # Both are planes: the features the user chose stay.
    assert chosen(with_square, "xor").network == with_square.network
    iris = chosen(with_square, "iris")
    assert iris.network.layers[2].nodes[0].id == "n10"
    assert [node.name for node in iris.network.layers[2].nodes] == ["setosa", "versicolor", "virginica"]


def test_what_the_user_chose_stays_while_data_of_the_same_kind_follow_each_other() -> None:
    project = edits.set_training(circle_project(), loss="mae")
    project = edits.set_data(project, counting_from(50), scaling="standardize", train_share=0.9)

    after = chosen(project, "spiral")

    assert after.training.loss == "mae"
    assert (after.data.scaling, after.data.train_share) == ("standardize", 0.9)
    assert chosen(after, "moons").training.loss == "binary_cross_entropy"


def test_more_noise_or_another_split_leave_the_network_alone() -> None:
    project = circle_project()

    after = edits.set_data(project, counting_from(50), noise=0.3, train_share=0.8, samples=200)

    assert after.network is project.network
    assert (after.data.noise, after.data.train_share, after.data.samples) == (0.3, 0.8, 200)
    assert chosen(after, "xor").data.samples is None  # each set has its own number


def test_impossible_data_are_refused() -> None:
    project = circle_project()

    with pytest.raises(SettingError, match="noise"):
        edits.set_data(project, counting_from(50), noise=2.0)
    with pytest.raises(UnknownNameError, match="did you mean 'circle'"):
        edits.set_data(project, counting_from(50), source="circel")
    with pytest.raises(DataError, match="no column of numbers"):
        edits.set_data(project, counting_from(50), source="table", table=WORDS, targets=("kind",))


def test_data_follow_a_table_that_could_not_be_used() -> None:
    broken = replace(circle_project(), data=DataSettings(source="table"))

    assert problems(chosen(broken, "circle")) == ()


def test_arranging_puts_a_drawing_in_order_and_changes_nothing_else() -> None:
    project = EXAMPLES["skip_link"].build()
    messy = edits.on_network(lambda n: edits.move_layer(n, n.layers[2].id, -400.0, dy=90.0))(project)

    assert edits.arrange_network(messy).network == arrange(project.network)


@pytest.mark.parametrize("source", DATASETS)
def test_on_an_empty_sheet_data_are_chosen_and_both_ends_drawn_as_they_ask(source: str) -> None:
    new_id = counting_from(1)
    project = edits.set_data(new_project(), new_id, source=source)
    assert project.network == Network()
    for role in ("input", "output"):
        project = edits.draw_end(project, role, new_id)
    assert problems(project) == ()
    chosen_first = chosen(circle_project(), source)
    for role in ("input", "output"):
        drawn, fitted = (getattr(one.network, role) for one in (project, chosen_first))
        assert [(n.feature, n.name) for n in drawn.nodes] == [(n.feature, n.name) for n in fitted.nodes]
        assert drawn.activation == fitted.activation
    assert (project.data, project.training) == (chosen_first.data, chosen_first.training)


def test_the_layer_that_is_drawn_is_fitted_and_the_other_waits() -> None:
    project = edits.draw_end(new_project(), "input", counting_from(1))
    after = edits.set_data(project, counting_from(50), source="iris")
    assert [layer.role for layer in after.network.layers] == ["input"]
    assert after.network.layers[0].size == 4
    with pytest.raises(ModelError, match="already"):
        edits.draw_end(after, "input", counting_from(90))


def _own(columns: tuple[str, ...], *rows: tuple[str, ...], **settings: Any) -> DataSettings:
    return DataSettings("table", Table("own", columns, rows), columns[-1:], train_share=1.0, **settings)


def test_start_values_are_set_all_or_none() -> None:
    project = circle_project()
    weight, bias = WeightAddress("n2", "n5"), BiasAddress("n5")

    after = edits.set_starts(project, {weight: 1.0, bias: 2})
    assert dict(after.start.values) == {weight: 1.0, bias: 2.0}
    assert edits.set_starts(after, {bias: 3.0}).start.values == ((weight, 1.0), (bias, 3.0))
    absent: tuple[Address, ...] = (BiasAddress("n2"), WeightAddress("n5", "n2"))
    for address in absent:
        with pytest.raises(ModelError):
            edits.set_starts(project, {weight: 1.0, address: 1.0})
    with pytest.raises(SettingError, match="start value"):
        edits.set_starts(project, {weight: 1.0, bias: 2e6})


def test_columns_under_other_names_keep_their_nodes_and_start_values() -> None:
    data = _own(("a", "b", "t"), ("1", "2", "0.5"))
    before = edits.set_data(circle_project(), counting_from(50), **vars_of(data))
    before = edits.set_start(before, WeightAddress("n2", "n5"), 0.25)

    after = edits.set_data(before, counting_from(90), **vars_of(_own(("c", "d", "t"), ("1", "2", "0.5"))))

    assert [(node.id, node.feature) for node in after.network.layers[0].nodes] == [("n2", "c"), ("n3", "d")]
    assert after.start == before.start


def test_other_examples_of_the_same_kind_change_nothing_else() -> None:
    before = edits.set_data(
        circle_project(), counting_from(50), **vars_of(_own(("a", "b", "t"), ("1", "2", "0.5")))
    )
    before = edits.set_training(before, loss="mae")

    after = edits.set_examples(
        before, counting_from(90), _own(("a", "b", "t"), ("4", "5", "1.5"), ("7", "8", "2.5"))
    )

    assert (after.network, after.training) == (before.network, before.training)
    assert after.data.table is not None
    assert len(after.data.table.rows) == 2


def test_other_targets_bring_their_output_layer() -> None:
    several = replace(_own(("a", "b", "s", "t"), ("1", "2", "3", "4")), targets=("s", "t"))

    after = edits.set_examples(circle_project(), counting_from(50), several)

    assert problems(after) == ()
    assert [node.name for node in after.network.layers[2].nodes] == ["s", "t"]
    assert (after.network.layers[2].activation, after.training.loss) == ("linear", "half_squared")
    switches = replace(
        _own(("a", "b", "s", "t"), ("1", "2", "1", "0"), ("2", "2", "0", "0")), targets=("s", "t")
    )
    after = edits.set_examples(after, counting_from(90), switches)
    assert after.network.layers[2].activation == "linear"  # the same targets: all else stays
    after = edits.set_examples(circle_project(), counting_from(50), switches)
    assert (after.network.layers[2].activation, after.training.loss) == ("sigmoid", "binary_cross_entropy")


def test_an_output_that_the_user_chose_stays_where_it_can_put_out_the_targets() -> None:
    chosen_by_user = edits.on_network(lambda n: edits.set_activation(n, "l9", "sigmoid"))(circle_project())

    kept = edits.set_examples(chosen_by_user, counting_from(50), _own(("a", "b", "t"), ("1", "2", "0.5")))
    not_kept = edits.set_examples(chosen_by_user, counting_from(50), _own(("a", "b", "t"), ("1", "2", "7")))

    assert kept.network.layers[2].activation == "sigmoid"
    assert not_kept.network.layers[2].activation == "linear"


def vars_of(data: DataSettings) -> dict[str, Any]:
    """The fields of settings, as an edit takes them."""
    return {field.name: getattr(data, field.name) for field in fields(data)}


COLUMNS = ("a", "b", "word", "y")
MIXED = Table("mixed", COLUMNS, (("1", "4", "u", "0.5"), ("2", "3", "v", "1.5"), ("3", "9", "u", "2.5")))
USED = st.fixed_dictionaries(
    {}, optional={"a": st.sampled_from(["number", "category", "out"]), "b": st.just("out"),
                  "word": st.sampled_from(["category", "switch", "out"])},
)  # fmt: skip


@given(USED, USED, st.data())
def test_features_that_were_chosen_stay_as_far_as_they_exist(
    first: dict[str, str], second: dict[str, str], draw: st.DataObject
) -> None:
    data = DataSettings("table", MIXED, ("y",), train_share=1.0, uses=tuple(first.items()))
    assume(facts(data).columns)
    before = edits.set_data(circle_project(), counting_from(50), **vars_of(data))
    offered = available(facts(data).columns)
    chosen = draw.draw(st.lists(st.sampled_from(offered), min_size=1, max_size=3, unique=True))
    network = edits.set_features(before.network, chosen, [f"m{at}" for at in range(len(chosen))])
    before = replace(before, network=network)
    after_data = replace(data, uses=tuple(second.items()))
    there = facts(after_data).columns
    assume(there)

    after = edits.set_data(before, counting_from(90), uses=after_data.uses)

    seen = features_of(after)
    new = [text for text in there if text not in facts(data).columns]
    if chosen == list(facts(data).columns):
        assert seen == list(there)  # none was left out, so all are seen
        return
    kept = [text for text in chosen if find(text, there) is not None]
    assert seen == ([*kept, *(text for text in new if text not in kept)] or list(there))
    ids = {node.feature: node.id for node in before.network.layers[0].nodes}
    assert all(node.id == ids[node.feature] for node in after.network.layers[0].nodes if node.feature in kept)


def test_another_table_is_seen_whole() -> None:
    before = edits.set_data(
        circle_project(), counting_from(50), **vars_of(_own(("a", "b", "t"), ("1", "2", "3")))
    )
    before = replace(before, network=edits.set_features(before.network, ["a"], []))
    after = edits.set_data(before, counting_from(90), **vars_of(_own(("a", "c", "t"), ("1", "2", "3"))))
    assert features_of(after) == ["a", "c"]


def features_of(project: Project) -> list[str | None]:
    return [node.feature for node in project.network.layers[0].nodes]

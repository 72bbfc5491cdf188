"""Projects come back whole, runs go on bit for bit, and nothing a file says does harm."""

from __future__ import annotations

import io
import json
import random
import re
import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpviz.data.missing_words import texts_of, with_missing
from bpviz.data.rows import Rows
from bpviz.data.settings import DataSettings, Gap, Table
from bpviz.engine.optimizers import OPTIMIZERS
from bpviz.errors import DataError, FileError, FileFormatError, SettingError, VersionError
from bpviz.files import project as project_file
from bpviz.files import schema
from bpviz.files.archive import pack, pack_arrays, unfolded_size, unpack_arrays
from bpviz.files.cells import held_bytes
from bpviz.files.gaps import GapsDocument, with_gaps
from bpviz.files.project import Saved, open_project, save_project
from bpviz.files.starts import Blocks
from bpviz.model.edits import add_layer, is_locked, place_nodes, set_locked, set_training
from bpviz.model.examples import EXAMPLES
from bpviz.model.spec import BiasAddress, Layer, Network, Node, Project, Stop, WeightAddress
from bpviz.training.moments import Moments
from bpviz.training.session import Session
from bpviz.training.timeline import Timeline
from bpviz.training.timeline_state import restored, state_of, taken_up

GOLDEN = Path(__file__).parent / "golden"
TABLE = Table('own, "data".csv', ("a", "b c", "kind"), (("1.5", "", "x"), ("-2", 'say "hi",\n', "ω")))


def saved_and_opened(path: Path, saved: Saved) -> Saved:
    save_project(path, saved)
    return open_project(path)


def assert_same_run(first: Session, second: Session) -> None:
    one, two = first.state(), second.state()
    for name in ("parameters", "start", "slots"):
        assert getattr(one, name).tobytes() == getattr(two, name).tobytes()
    for name in ("step", "cleared_at", "place", "watch", "metrics", "events", "batch_loss"):
        assert getattr(one, name) == getattr(two, name)
    assert one.history.keys() == two.history.keys()
    for name, array in one.history.items():
        assert array.tobytes() == two.history[name].tobytes(), name


def test_a_project_comes_back_as_it_was(tmp_path: Path, hard_project: Project) -> None:
    found = saved_and_opened(tmp_path / "a.bpviz", Saved(hard_project, next_id=1234))
    assert found.project == hard_project
    assert (found.state, found.next_id, found.run_network) == (None, 1234, None)


def test_the_users_own_table_comes_along(tmp_path: Path) -> None:
    data = DataSettings(source="table", table=TABLE, targets=("kind",), drop_missing=True)
    project = replace(EXAMPLES["xor"].build(), data=data)
    assert saved_and_opened(tmp_path / "a.bpviz", Saved(project)).project == project
    with zipfile.ZipFile(tmp_path / "a.bpviz") as archive:
        assert archive.read("data.csv").decode().startswith("a,b c,kind\n1.5,,x\n")


def test_several_targets_and_declared_classes_come_back(tmp_path: Path) -> None:
    several = DataSettings("table", TABLE, targets=("b c", "a"))
    for data in (several, DataSettings("table", TABLE, targets=("kind",), classes=("y", "x", "z"))):
        project = replace(EXAMPLES["xor"].build(), data=data)
        assert saved_and_opened(tmp_path / "a.bpviz", Saved(project)).project == project


def test_the_size_of_images_comes_back_and_is_only_written_where_there_is_one(tmp_path: Path) -> None:
    table = Table("own", ("a", "b", "c", "d", "kind"), (tuple("1234x"), tuple("4321y")))
    for shape in ((2, 2), None):
        data = DataSettings("table", table, ("kind",), image=shape)
        project = replace(EXAMPLES["xor"].build(), data=data)
        assert saved_and_opened(tmp_path / "a.bpviz", Saved(project)).project == project
        with zipfile.ZipFile(tmp_path / "a.bpviz") as archive:
            assert (b'"image"' in archive.read("project.json")) == (shape is not None)


def test_the_one_target_of_the_first_version_is_read() -> None:
    project = replace(EXAMPLES["xor"].build(), data=DataSettings("table", TABLE, ("kind",)))
    document = schema.to_document(project, 1, "bpviz", Blocks())
    document.data.target, document.data.targets = "kind", []

    assert schema.to_project(document, TABLE) == project


def test_a_reopened_run_goes_on_bit_for_bit(tmp_path: Path, hard_run: Session) -> None:
    saved = saved_and_opened(tmp_path / "a.bpviz", Saved(hard_run.project, hard_run.state()))
    reopened = Session(saved.project, state=saved.state)
    assert_same_run(hard_run, reopened)
    for run in (hard_run, reopened):
        run.advance(2 * run.steps_per_epoch + 1)
    assert_same_run(hard_run, reopened)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_every_optimizer_goes_on_bit_for_bit(
    tmp_path: Path, hard_project: Project, optimizer: str, precision: str
) -> None:
    project = set_training(hard_project, optimizer=optimizer, precision=precision)
    run = Session(project)
    run.advance(5)
    saved = saved_and_opened(tmp_path / "a.bpviz", Saved(project, run.state()))
    reopened = Session(saved.project, state=saved.state)
    for each in (run, reopened):
        each.advance(5)
    assert_same_run(run, reopened)


def test_what_was_done_to_a_run_comes_back(tmp_path: Path, hard_run: Session) -> None:
    address = next(hard_run.compiled.addresses())
    hard_run.set_value(address, 0.1 + 0.2)
    hard_run.follow(set_training(hard_run.project, optimizer="rprop", learning_rate=0.003))
    hard_run.advance(3)
    saved = saved_and_opened(tmp_path / "a.bpviz", Saved(hard_run.project, hard_run.state()))
    reopened = Session(saved.project, state=saved.state)
    assert reopened.events == hard_run.events
    assert [event.kind for event in reopened.events][:2] == ["value", "edited"]
    assert_same_run(hard_run, reopened)


def test_a_run_is_kept_while_its_drawing_cannot_run(tmp_path: Path, hard_run: Session) -> None:
    project = hard_run.project
    lonely = Layer("l900", "Second output", "output", (Node("n901"),))
    network = replace(project.network, layers=(*project.network.layers, lonely))
    saved = Saved(replace(project, network=network), hard_run.state(), 902, project.network)
    found = saved_and_opened(tmp_path / "a.bpviz", saved)
    assert found.project.network == network
    assert found.run_network == project.network
    assert_same_run(hard_run, Session(replace(found.project, network=project.network), state=found.state))


def test_ids_are_never_handed_out_twice_even_if_a_file_lies(tmp_path: Path, hard_project: Project) -> None:
    network = add_layer(hard_project.network, "l500", ["n501"])
    found = saved_and_opened(tmp_path / "a.bpviz", Saved(replace(hard_project, network=network), next_id=3))
    assert found.next_id == 502


def test_the_same_project_gives_the_same_bytes(tmp_path: Path, hard_run: Session) -> None:
    saved = Saved(hard_run.project, hard_run.state())
    save_project(tmp_path / "a.bpviz", saved)
    save_project(tmp_path / "b.bpviz", saved)
    assert (tmp_path / "a.bpviz").read_bytes() == (tmp_path / "b.bpviz").read_bytes()


def test_the_file_can_be_read_without_bpviz(tmp_path: Path, hard_run: Session) -> None:
    save_project(tmp_path / "a.bpviz", Saved(hard_run.project, hard_run.state()))
    with zipfile.ZipFile(tmp_path / "a.bpviz") as archive:
        document = json.loads(archive.read("project.json"))
        with np.load(io.BytesIO(archive.read("history.npz")), allow_pickle=False) as history:
            assert history["steps/first"].size
        names = set(archive.namelist())
    assert (document["format"], document["version"]) == ("bpviz project", 6)
    assert document["training"]["optimizer_options"] == {"beta1": 0.8}
    assert names == {"project.json", "state.safetensors", "events.json", "history.npz"}


def test_a_file_of_version_1_opens_for_ever() -> None:
    saved = open_project(GOLDEN / "v1.bpviz")
    project = saved.project
    assert (project.title, saved.next_id) == ("Golden, ω", 900)
    assert project.data.table is not None
    assert project.data.table.columns == ("size", "weight, kg", "answer")
    assert project.data.table.rows[3:5] == (("3.5", "3", 'no, "never"'), ("4.5", "", "yes"))
    assert project.training.optimizer_options == (("beta1", 0.8),)
    assert project.training.stop == Stop(epochs=40, patience=12)
    assert project.start.values[1] == (BiasAddress("n6"), -0.5)
    hidden = project.network.layers[1]
    assert (hidden.nodes[0].activation, hidden.nodes[0].bias_frozen, hidden.nodes[0].name) == (
        "sine",
        True,
        "ω",
    )
    assert sum(link.removed.count for link in project.network.links) == 4
    assert saved.state is not None
    assert saved.state.step == 13
    assert saved.state.parameters[0] == -0.22780015850518243
    assert [event.kind for event in saved.state.events] == ["remark", "remark"]
    assert all(event.words for event in saved.state.events)


def test_a_run_of_version_1_goes_on() -> None:
    saved = open_project(GOLDEN / "v1.bpviz")
    run = Session(saved.project, state=saved.state)
    assert run.advance(5) == 5
    # Linear algebra may round otherwise on another machine.
    np.testing.assert_allclose(run.parameters[:2], [-0.18400535313819105, 0.05763676972246248], rtol=1e-9)
    assert run.evaluate().train_loss == pytest.approx(0.6558570820147137, rel=1e-9)


def test_the_timeline_of_a_run_of_version_1_begins_where_it_was_saved() -> None:
    saved = open_project(GOLDEN / "v1.bpviz")
    timeline, lost = taken_up(Session(saved.project, state=saved.state), saved.timeline)
    assert (lost, timeline.first_step, timeline.last_step) == ((), 13, 13)
    timeline.advance(5)
    straight = Session(saved.project, state=saved.state)
    straight.advance(5)
    assert_same_run(timeline.session, straight)
    with pytest.raises(SettingError, match="has the steps 13 to 18"):
        timeline.seek(12)
    timeline.seek(13)
    assert timeline.session.parameters[0] == -0.22780015850518243


def golden_film() -> Timeline:
    saved = open_project(GOLDEN / "v2.bpviz")
    assert saved.timeline is not None
    return restored(Session(saved.project, state=saved.state), saved.timeline)


def test_a_file_of_version_2_opens_for_ever() -> None:
    saved = open_project(GOLDEN / "v2.bpviz")
    assert (saved.project.title, saved.next_id, saved.lost) == ("Golden, ω", 901, ())
    assert saved.project.data == open_project(GOLDEN / "v1.bpviz").project.data
    assert saved.state is not None
    assert saved.state.began is not None
    assert [(event.step, event.kind) for event in saved.state.events] == [
        (8, "edited"),
        (10, "edited"),
        (15, "edited"),
    ]
    assert saved.state.events[1].project is not None
    assert saved.state.events[1].project.training.learning_rate == 0.2
    assert (saved.state.step, saved.state.parameters[0]) == (18, 0.06677949317430489)
    assert all(node.x is None for layer in saved.project.network.layers for node in layer.nodes)


def test_a_file_of_version_3_opens_for_ever() -> None:
    saved, before = open_project(GOLDEN / "v3.bpviz"), open_project(GOLDEN / "v2.bpviz")
    moved = place_nodes(before.project.network, {"n6": (217.5, -40.25)})
    assert (saved.project, saved.next_id, saved.lost) == (replace(before.project, network=moved), 901, ())
    assert saved.project.network.node("n6").x == 217.5
    assert saved.state is not None
    assert before.state is not None
    assert saved.state.parameters.tobytes() == before.state.parameters.tobytes()
    assert not is_locked(saved.project.network, [layer.id for layer in saved.project.network.layers], ["n6"])


def test_a_file_of_version_4_opens_for_ever() -> None:
    saved, before = open_project(GOLDEN / "v4.bpviz"), open_project(GOLDEN / "v3.bpviz")
    locked = set_locked(before.project.network, {"l12"}, {"n6"}, locked=True)
    assert (saved.project, saved.next_id, saved.lost) == (replace(before.project, network=locked), 901, ())
    assert saved.project.network.layer("l12").locked
    assert saved.project.network.node("n6").locked


def test_a_file_of_version_5_opens_for_ever() -> None:
    saved, before = open_project(GOLDEN / "v5.bpviz"), open_project(GOLDEN / "v4.bpviz")
    assert before.project.data.uses == before.project.data.fills == ()
    assert saved.project.data.uses == (("island", "category"), ("notes", "out"), ("tagged", "switch"))
    assert saved.project.data.fills == (("bill, mm", "median"),)
    assert saved.project.network.input is not None
    features = tuple(node.feature for node in saved.project.network.input.nodes)
    assert features == ("bill, mm", "island=Biscoe", "island=Dream", "island=ω", "tagged")
    assert saved.state is not None
    assert (saved.state.step, saved.state.parameters[0]) == (6, 0.7463005751271589)
    session = Session(saved.project, state=saved.state)
    assert session.prepared.dataset.inputs[2].tolist() == [40.5, 0, 0, 1, 1]


def test_many_start_values_of_version_5_stand_as_an_array_for_ever(tmp_path: Path) -> None:
    saved = open_project(GOLDEN / "v5-start.bpviz")
    network, start = saved.project.network, saved.project.start
    begin, end = network.layers[1].nodes, network.layers[2].nodes
    assert start.values == ((WeightAddress(network.layers[0].nodes[0].id, begin[0].id), 0.25),)
    (block,) = start.blocks
    assert (block.sources, block.targets) == (tuple(n.id for n in begin), tuple(n.id for n in end))
    np.testing.assert_array_equal(block.array, 0.001 * np.arange(1200.0).reshape(30, 40) - 0.5)
    session = Session(saved.project, state=saved.state)
    assert (session.step, session.parameters[0]) == (5, 0.261565078715996)
    assert session.events[0].project is not None
    # What the run followed before begins with the same array, which stands in the file once.
    again = tmp_path / "a.bpviz"
    assert saved_and_opened(again, saved).project == saved.project
    with zipfile.ZipFile(again) as archive:
        assert unfolded_size(archive.read("start.npz")) < 9 * block.array.size
        assert len(archive.read("events.json")) < 20_000
    reopened = open_project(again)
    for each in (session, Session(reopened.project, state=reopened.state)):
        each.advance(4)
        assert_same_run(each, session)


def test_start_values_that_a_file_lacks_or_that_are_none_are_damage(tmp_path: Path) -> None:
    saved, path = open_project(GOLDEN / "v5-start.bpviz"), tmp_path / "a.bpviz"
    save_project(path, saved)
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    arrays = unpack_arrays(members["start.npz"], 10**6)
    (name,) = arrays
    wrong = {
        "no array": {},
        "another shape": {name: arrays[name][:-1]},
        "another precision": {name: arrays[name].astype(np.float32)},
        "infinite": {name: np.where(arrays[name] > 0, np.inf, arrays[name])},
    }
    for damaged in wrong.values():
        path.write_bytes(pack(members | {"start.npz": pack_arrays(damaged)}))
        with pytest.raises(FileFormatError, match=r"start\.npz lacks|not a finite number"):
            open_project(path)
    path.write_bytes(pack({name: part for name, part in members.items() if name != "start.npz"}))
    with pytest.raises(FileFormatError, match=r"start\.npz lacks"):
        open_project(path)


def test_uses_and_fills_come_back_and_are_only_written_where_there_are_some(tmp_path: Path) -> None:
    plain = DataSettings("table", TABLE, targets=("kind",))
    chosen = replace(plain, uses=(("a", "out"), ("b c", "category")), fills=(("b c", "frequent"),))
    for data in (plain, chosen):
        project = replace(EXAMPLES["xor"].build(), data=data)
        assert saved_and_opened(tmp_path / "a.bpviz", Saved(project)).project == project
        with zipfile.ZipFile(tmp_path / "a.bpviz") as archive:
            written = json.loads(archive.read("project.json"))["data"]
        assert ("uses" in written, "fills" in written) == (bool(data.uses), bool(data.fills))


def test_words_that_count_as_missing_come_back_and_are_only_written_where_there_are_some(
    tmp_path: Path,
) -> None:
    rows = (("NA", "?", "1"), ("", "?", "0"), ("eu", "3", "1"), ("-", "4", "0"))
    table = with_missing(Table("t", ("a", "b", "y"), rows), {"a": "NA,-", "b": "?"})
    for words in (table, with_missing(table, {"a": "", "b": ""})):
        data = DataSettings("table", words, targets=("y",), drop_missing=True)
        project = replace(EXAMPLES["xor"].build(), data=data)
        opened = saved_and_opened(tmp_path / "a.bpviz", Saved(project)).project
        assert opened == project
        assert opened.data.table is not None
        assert texts_of(opened.data.table, "a") == ["NA", "", "eu", "-"]
        with zipfile.ZipFile(tmp_path / "a.bpviz") as archive:
            written = json.loads(archive.read("project.json"))["data"]
        assert written.get("gaps") == ({"a": {"-": [3], "NA": [0]}, "b": {"?": None}} if words.gaps else None)


def test_words_that_a_script_left_behind_do_no_harm(tmp_path: Path) -> None:
    gaps = (Gap("a", "NA", (0, 1, 9)), Gap("gone", "NA"))
    table = Table("t", ("a", "y"), (("1", "1"), ("", "0"), ("3", "1")), gaps)
    data = DataSettings("table", table, targets=("y",), drop_missing=True)
    opened = saved_and_opened(tmp_path / "a.bpviz", Saved(replace(EXAMPLES["xor"].build(), data=data)))
    assert opened.project.data.table == replace(table, gaps=(Gap("a", "NA", (1,)),))


@pytest.mark.parametrize("gaps", [{"z": {"NA": None}}, {"a": {"NA": [9]}}, {"a": {"NA": [2]}}])
def test_words_where_no_value_is_missing_are_damage(gaps: GapsDocument) -> None:
    table = Table("t", ("a",), (("",), ("",), ("1",)))
    with pytest.raises(DataError, match="counts as missing where no missing value is"):
        with_gaps(table, gaps)


def test_the_timeline_of_version_2_opens_for_ever() -> None:
    timeline = golden_film()
    lines = timeline.lines.values()
    assert [(line.number, line.parent, line.forked_at, line.name) for line in lines] == [
        (1, None, 0, ""),
        (2, 1, 10, "faster, ω"),
        (3, 2, 15, ""),
    ]
    assert timeline.line.number == 3
    # Moments that are kept hold these bits on every machine.
    timeline.seek(12)
    assert timeline.session.parameters[:2].tolist() == [-0.054946735759564186, 0.12059118378307303]
    timeline.switch(1)
    assert timeline.story.events[1].address is not None
    assert (timeline.story.events[1].new, timeline.step) == (0.25, 19)
    assert timeline.session.parameters[0] == 0.20589517844750815
    timeline.seek(12)
    assert timeline.session.parameters[:2].tolist() == [-0.2038409083463431, 0.06039888927649451]


def test_a_run_of_version_2_goes_on_and_its_steps_can_be_repeated() -> None:
    timeline = golden_film()
    timeline.line.moments = Moments(list(timeline.line.moments)[:1])
    timeline.seek(17)
    # Linear algebra may round otherwise on another machine.
    np.testing.assert_allclose(
        timeline.session.parameters[:2], [0.08765025092917662, 0.049101611444386975], rtol=1e-9
    )
    timeline.to_end()
    assert timeline.advance(5) == 5
    assert timeline.session.evaluate().train_loss == pytest.approx(0.6300330552758572, rel=1e-9)


# Bad input


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("good") / "good.bpviz"
    project = EXAMPLES["mazur"].build()
    run = Session(project)
    run.advance(2)
    save_project(path, Saved(project, run.state()))
    return path.read_bytes()


def edited(good: bytes, member: str, change: Callable[[bytes], bytes | None]) -> bytes:
    """The file with one member changed, or left out."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            content = change(old.read(name)) if name == member else old.read(name)
            if content is not None:
                new.writestr(name, content)
    return file.getvalue()


def with_field(*path: str, value: object) -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        document = json.loads(content)
        place = document
        for key in path[:-1]:
            place = place[int(key)] if isinstance(place, list) else place[key]
        place[path[-1]] = value
        return json.dumps(document).encode()

    return change


def instead(content: bytes) -> Callable[[bytes], bytes]:
    return lambda _: content


def refusal(tmp_path: Path, content: bytes) -> str:
    path = tmp_path / "bad.bpviz"
    path.write_bytes(content)
    with pytest.raises(FileFormatError) as caught:
        open_project(path)
    text = str(caught.value)
    assert text.startswith("Can't open bad.bpviz: ")
    assert text.endswith((".", "?"))
    assert caught.value.path == path
    return text


def _parts(saved: Saved, path: Path) -> dict[str, int]:
    """The parts of a project file, and how large each is once all in it is unfolded."""
    save_project(path, saved)
    with zipfile.ZipFile(path) as archive:
        sizes = {}
        for name in archive.namelist():
            content = archive.read(name)
            sizes[name] = unfolded_size(content) if name.endswith(".npz") else len(content)
    return sizes


def test_nothing_is_saved_that_could_not_be_opened_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hard_run: Session
) -> None:
    table = Table("own.csv", ("a", "b", "c"), (("1", "2", "3"), ("4", "5", "6"), ("7", "8", "9")))
    with_table = replace(hard_run.project, data=DataSettings("table", table, targets=("c",)))
    timeline = Timeline(hard_run)
    hard_run.advance(1)
    with_run = Saved(hard_run.project, hard_run.state(), timeline=state_of(timeline, 10**8))
    path, tried = tmp_path / "p.bpviz", set()
    wide = open_project(GOLDEN / "v5-start.bpviz").project
    for saved in (with_run, Saved(with_table), Saved(wide)):
        sizes = _parts(saved, path)
        good = path.read_bytes()
        for name, size in sizes.items():
            tried.add(name)
            of = "_LIMITS" if name in project_file._LIMITS else "_TIMELINE_LIMITS"
            with monkeypatch.context() as patch:
                patch.setitem(getattr(project_file, of), name, size)
                save_project(path, saved)
                assert open_project(path).lost == ()
                patch.setitem(getattr(project_file, of), name, size - 1)
                with pytest.raises(FileError, match=rf"its part {re.escape(name)} has 1 MB, and 0 MB"):
                    save_project(path, saved)
            assert path.read_bytes() == good
    assert tried >= {*project_file._LIMITS, *project_file._TIMELINE_LIMITS} - {"earlier.json"}


_LETTERS = st.text(alphabet='[]{}"\\a,:', max_size=40)


@given(
    st.recursive(_LETTERS | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(_LETTERS, inner))
)
def test_brackets_are_counted_outside_of_texts(value: object) -> None:
    def depth(of: object) -> int:
        inside = of.values() if isinstance(of, dict) else of if isinstance(of, list) else None
        return 0 if inside is None else 1 + max(map(depth, inside), default=0)

    assert project_file._depth(json.dumps(value).encode()) == depth(value)


def test_a_newer_file_is_refused_with_a_sentence(tmp_path: Path, good: bytes) -> None:
    newer = edited(good, "project.json", lambda _: b'{"format": "bpviz project", "version": 99, "new": [1]}')
    path = tmp_path / "new.bpviz"
    path.write_bytes(newer)
    with pytest.raises(
        VersionError, match=r"a newer bpviz wrote it \(format 99, this one reads up to 6\); update"
    ):
        open_project(path)


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("training", "learning_rate"), "fast", "wrong at training.learning_rate"),
        (("training", "surprise"), 1, "unknown field"),
        (("network", "layers", "0", "nodes"), 3, r"wrong at network.layers\[0\].nodes"),
        (("network", "layers", "0", "role"), "king", "wrong at network.layers"),
        (("training", "learning_rate"), -1.0, "learning rate"),
        (("training", "optimizer"), "adamm", r"did you mean 'adam'\?$"),
        (("data", "source"), "circel", "did you mean 'circle'"),
        (("network", "layers", "0", "activation"), "nope", "activation"),
        (("data", "table"), "own.csv", "data.csv is missing"),
        (("version",), 0, "a version that never was"),
        (("format",), "other", "no bpviz project"),
    ],
)
def test_a_wrong_field_is_named(
    tmp_path: Path, good: bytes, path: tuple[str, ...], value: object, said: str
) -> None:
    text = refusal(tmp_path, edited(good, "project.json", with_field(*path, value=value)))
    assert re.search(said, text), text


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("step",), -1),
        (("step",), 10**30),
        (("cleared_at",), 3),
        (("rewirings",), -1),
        (("place", "epoch"), 10**30),
        (("place", "carried"), [10**30]),
        (("watch", "since"), -1),
    ],
)
def test_numbers_of_a_run_that_can_not_be_are_refused(
    tmp_path: Path, good: bytes, path: tuple[str, ...], value: object
) -> None:
    text = refusal(tmp_path, edited(good, "events.json", with_field(*path, value=value)))
    assert "its events.json" in text


def test_a_loop_in_a_file_is_refused(tmp_path: Path, hard_project: Project) -> None:
    save_project(tmp_path / "a.bpviz", Saved(hard_project))
    content = (tmp_path / "a.bpviz").read_bytes()
    ids = [layer.id for layer in hard_project.network.layers]

    def loop(old: bytes) -> bytes:
        document = json.loads(old)
        document["network"]["links"].append({"source": ids[2], "target": ids[1]})
        return json.dumps(document).encode()

    assert "loop" in refusal(tmp_path, edited(content, "project.json", loop))


@pytest.mark.parametrize("member", ["project.json", "state.safetensors", "events.json", "history.npz"])
def test_a_missing_or_damaged_part_is_refused(tmp_path: Path, good: bytes, member: str) -> None:
    for change in (
        lambda _: None,
        lambda _: b"",
        lambda content: content[: len(content) // 2],
        lambda _: b"\x00\xff" * 40,
        lambda _: b"[" * 100_000,
        lambda _: b"9" * 100_000,
    ):
        refusal(tmp_path, edited(good, member, change))


def test_files_that_are_something_else_are_refused(tmp_path: Path) -> None:
    for content in (b"", b"a,b\n1,2\n", b"PK\x03\x04", b"PK\x05\x06" + bytes(18), bytes(10_000)):
        refusal(tmp_path, content)


def test_a_file_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="there is no such file"):
        open_project(tmp_path / "none.bpviz")


@settings(max_examples=150)
@given(seed=st.integers(0, 2**32), cut=st.booleans())
def test_random_damage_never_raises_anything_but_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, good: bytes, seed: int, cut: bool
) -> None:
    dice = random.Random(seed)
    damaged = bytearray(good)
    for _ in range(dice.randint(1, 8)):
        damaged[dice.randrange(len(damaged))] = dice.randrange(256)
    if cut:
        del damaged[dice.randrange(len(damaged)) :]
    path = tmp_path_factory.getbasetemp() / "damaged.bpviz"
    path.write_bytes(damaged)
    with suppress(FileError):  # where the damage met a byte that nothing depends on, it opens
        assert open_project(path).project.network.layers


def test_saving_into_a_missing_folder_is_a_sentence(tmp_path: Path, hard_project: Project) -> None:
    with pytest.raises(FileError, match="that folder does not exist"):
        save_project(tmp_path / "none" / "a.bpviz", Saved(hard_project))


@pytest.mark.timeout(20)
def test_a_text_that_never_ends_is_refused_at_once(tmp_path: Path, good: bytes) -> None:
    for tail in (
        b'\\"' * 500_000,
        b'"' * 500_001,
        b"\\" * 500_001,
        b"[" * 500_000,
        b'["' * 8 + b"x" * 500_000,
    ):
        assert "project.json" in refusal(tmp_path, edited(good, "project.json", instead(b'{"a": "' + tail)))


@pytest.mark.timeout(20)
def test_an_id_of_any_length_opens_and_is_saved_again(tmp_path: Path, hard_project: Project) -> None:
    for key in ("n" + "9" * 20, "n" + "9" * 5_000, "9" * 300_000 + "x", "n" + "9" * 15):
        hidden = hard_project.network.layers[1]
        layer = replace(hidden, nodes=(*hidden.nodes, Node(key)))
        layers = tuple(layer if other is hidden else other for other in hard_project.network.layers)
        links = tuple(
            link for link in hard_project.network.links if hidden.id not in (link.source, link.target)
        )
        network = Network(layers, links)
        saved = Saved(replace(hard_project, network=network))
        found = saved_and_opened(tmp_path / "a.bpviz", saved)
        assert saved_and_opened(tmp_path / "a.bpviz", found).project == saved.project
        assert f"n{found.next_id}" not in {node.id for node in layer.nodes}


def test_a_number_for_the_next_id_beyond_counting_is_refused(tmp_path: Path, good: bytes) -> None:
    for number in (2**53, 2**64 - 1):
        text = refusal(tmp_path, edited(good, "project.json", with_field("next_id", value=number)))
        assert "wrong at next_id" in text


CELL = st.one_of(st.integers(-99, 99).map(str), st.text(alphabet=',;"\n\r| a1.é', max_size=3))


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers().map(str), CELL, st.sampled_from("ab")), min_size=4, max_size=9),
    st.sampled_from(["note", "a, b", "two\nlines", 'say "a"']),
)
def test_a_large_table_comes_back_cell_by_cell(rows: list[tuple[str, str, str]], name: str) -> None:
    table = Table("large", ("x", name, "y"), (*rows, ("1", "2", "a"), ("2", "3", "b")))
    project = replace(
        EXAMPLES["xor"].build(),
        data=DataSettings(source="table", table=table, targets=("y",), drop_missing=True),
    )
    with pytest.MonkeyPatch.context() as patch, TemporaryDirectory() as folder:
        patch.setattr("bpviz.files.project._LARGE_TABLE", 0)
        path = Path(folder) / "a.bpviz"
        found = saved_and_opened(path, Saved(project))
        assert found.project == project
        assert found.project.data.table is not None
        assert found.project.data.table.rows == table.rows
        patch.setattr("bpviz.files.project._LARGE_TABLE", 10**6)
        save_project(Path(folder) / "b.bpviz", Saved(project))
        members = [zipfile.ZipFile(Path(folder) / name).read("data.csv") for name in ("a.bpviz", "b.bpviz")]
        assert members[0] == members[1]


def test_a_large_table_is_packed_once_however_often_it_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bpviz.files.project._LARGE_TABLE", 0)
    packed: list[Rows] = []

    def written(names: Sequence[str], rows: Rows) -> bytes:
        packed.append(rows)
        return held_bytes(names, rows)

    monkeypatch.setattr("bpviz.files.project.held_bytes", written)
    table = Table("packed once", ("a", "kind"), (("1", "x"), ("2", "y")))
    data = DataSettings(source="table", table=table, targets=("kind",))
    project = replace(EXAMPLES["xor"].build(), data=data)
    for name in ("a.bpviz", "b.bpviz"):
        assert saved_and_opened(tmp_path / name, Saved(project)).project == project
        project = replace(project, title="changed since")
    assert len(packed) == 1

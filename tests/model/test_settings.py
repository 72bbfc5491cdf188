"""The table of settings: complete, and what a setting reads it can set again."""

from __future__ import annotations

from dataclasses import fields

import pytest

from bpviz.data.settings import DataSettings
from bpviz.engine.options import HasOptions
from bpviz.model.edits import set_training
from bpviz.model.settings import OF_DATA, OPTIONS_OF, Amount, Setting, of_training
from bpviz.model.spec import Project, Stop, Training


def test_every_setting_of_the_training_has_an_entry() -> None:
    own = {field.name for field in fields(Training)} - {"stop", "seed"}
    own -= {name for name in own if name.endswith("_options")}
    assert {setting.field for setting in of_training()} == own | {f"stop.{f.name}" for f in fields(Stop)}


def test_settings_of_data_are_fields_of_theirs() -> None:
    assert {setting.field for setting in OF_DATA} <= {field.name for field in fields(DataSettings)}


@pytest.mark.parametrize("setting", of_training(), ids=lambda setting: setting.field)
def test_every_word_and_both_ends_of_every_number_can_be_set(setting: Setting) -> None:
    kind = setting.kind
    if isinstance(kind, Amount):
        values: list[object] = [kind.low / setting.factor, kind.high / setting.factor]
        values = [int(kind.low), int(kind.high)] if kind.whole else values
        values += [None] if kind.off else []
    else:
        values = [key for key, _, _ in kind.entries]
    for value in values:
        changed = set_training(Project(), **setting.fields(Project().training, value))
        assert setting.read(changed.training) == value


def test_tables_whose_entries_have_options_are_known() -> None:
    with_options = {setting.field for setting in of_training() if setting.has_options}
    assert with_options == set(OPTIONS_OF)
    entries: list[HasOptions] = [entry for table in OPTIONS_OF.values() for entry in table.values()]
    assert any(entry.options for entry in entries)

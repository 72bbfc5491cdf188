"""A small share of the wrong files that ``tests/long/readers.py`` makes, from elsewhere in its stream."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path

import pytest

from tests.long.mutations import mutated_json
from tests.long.readers import CASES, READERS, Reader, good_projects, try_case

_SHARE = 120


@pytest.mark.parametrize("name", READERS)
def test_only_sentences_leave_a_reader(tmp_path: Path, name: str) -> None:
    answers = [try_case(READERS[name], case, tmp_path) for case in range(CASES, CASES + _SHARE)]
    # Were all refused at the door, nothing behind it would have been tried; were none, nothing was wrong.
    assert answers.count("used") > 0.03 * _SHARE
    assert answers.count("refused") > 0.1 * _SHARE or name == "notes"  # one that is wrong is passed over


def test_the_same_case_is_the_same_file() -> None:
    for reader in READERS.values():
        assert reader.mutated(random.Random("1")) == reader.mutated(random.Random("1"))


def test_anything_but_a_sentence_fails_and_says_how_to_replay(tmp_path: Path) -> None:
    def fail(dice: random.Random, path: Path) -> None:
        raise ValueError("a fault in bpviz")

    broken = Reader("projects", READERS["projects"].mutated, fail)
    with pytest.raises(
        AssertionError, match=r"replay: python -m tests.long.readers projects 7\n(.|\n)*a fault"
    ):
        try_case(broken, 7, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_is_made_wrong_was_right() -> None:
    with zipfile.ZipFile(io.BytesIO(good_projects()[0])) as archive:
        right = archive.read("project.json")
    wrong = {mutated_json(random.Random(seed), right) for seed in range(50)}
    assert len(wrong) > 30

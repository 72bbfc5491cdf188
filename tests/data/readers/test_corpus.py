"""Every file of the corpus is read right or refused rightly, by scripts and the command line alike."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import bpviz
from bpviz.cli import cli
from bpviz.errors import LONGEST_SENTENCE, BpvizError
from tests.data.readers.corpus.all import CORPUS
from tests.data.readers.corpus.cases import Case


@pytest.fixture
def written(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Case, Path]:
    case: Case = request.param
    path = tmp_path / case.name
    path.write_bytes(case.content)
    for name, content in case.beside.items():
        (tmp_path / name).write_bytes(content)
    return case, path


each_case = pytest.mark.parametrize("written", CORPUS, ids=lambda case: case.kind, indirect=True)


@each_case
def test_a_script_reads_it_right_or_is_told_why_not(written: tuple[Case, Path]) -> None:
    case, path = written
    if case.refused:
        with pytest.raises(BpvizError) as caught:
            bpviz.read_table(path, **case.choices)
        sentence = str(caught.value)
        assert case.refused in sentence
        assert sentence.endswith(".")
        assert len(sentence) <= LONGEST_SENTENCE
        assert len(sentence.splitlines()) == 1
        return
    read = bpviz.read_table(path, **case.choices)
    assert (read.table.columns, read.table.rows) == (case.columns, case.rows)
    for part in case.said:
        assert part in read.message


@each_case
def test_the_command_line_does_and_says_the_same(written: tuple[Case, Path]) -> None:
    case, path = written
    words = [word for name, value in case.choices.items() for word in (f"--{name}", str(value))]
    result = CliRunner().invoke(cli, ["table", str(path), "--json", *words])
    if case.refused:
        assert (result.exit_code, result.stdout) == (2, "")
        assert case.refused in result.stderr or f"--{case.refused}" in result.stderr
        assert result.stderr.count("\n") == 1
        return
    assert result.exit_code == 0, result.output
    document = json.loads(result.stdout)
    assert (document["columns"], document["rows"]) == (list(case.columns), list(map(list, case.rows)))
    assert result.stderr == f"{path.name}: {bpviz.read_table(path, **case.choices).message}\n"


def test_the_corpus_is_as_large_as_it_is_said_to_be() -> None:
    assert len(CORPUS) >= 120
    assert len({case.kind for case in CORPUS}) == len(CORPUS)

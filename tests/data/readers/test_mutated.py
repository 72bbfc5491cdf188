"""Whatever a damaged file says, a reader answers with a table or with one sentence."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

import bpviz
from bpviz.errors import BpvizError
from tests.data.readers.corpus.all import CORPUS

_CASES = 400
_SIGNS = (
    b",",
    b"\n",
    b'"',
    b"'",
    b"{",
    b"}",
    b":",
    b"#",
    b"\t",
    b"|",
    b"-",
    b"\0",
    b"@data\n",
    b"9" * 20,
    b"\\",
)


def _mutated(dice: random.Random, content: bytes) -> bytes:
    changed = bytearray(content)
    for _ in range(dice.choice((1, 1, 2, 5))):
        at = dice.randrange(len(changed) + 1)
        match dice.randrange(4):
            case 0:
                changed[at : at + 1] = bytes([dice.randrange(256)])
            case 1:
                changed[at:at] = dice.choice(_SIGNS)
            case 2:
                del changed[at : at + dice.choice((1, 8, 50))]
            case _:
                other = dice.choice(CORPUS).content
                begin = dice.randrange(len(other) + 1)
                changed[at:at] = other[begin : begin + 30]
    return bytes(changed)


@pytest.mark.parametrize("shard", range(4))
def test_a_damaged_file_is_read_or_refused_in_a_sentence(tmp_path: Path, shard: int) -> None:
    used, refused = 0, []
    for number in range(shard, _CASES, 4):
        dice = random.Random(number)
        case = dice.choice(CORPUS)
        path = tmp_path / case.name
        path.write_bytes(_mutated(dice, case.content))
        try:
            table = bpviz.read_table(path, header=dice.choice((None, None, 0, 1, 2))).table
        except BpvizError as error:
            refused.append(str(error))
        else:
            used += 1
            assert len(set(table.columns)) == len(table.columns) > 0, number
            assert {len(row) for row in table.rows} == {len(table.columns)}, number
    assert used > 0
    assert all(sentence.endswith(".") and len(sentence.splitlines()) == 1 for sentence in refused)

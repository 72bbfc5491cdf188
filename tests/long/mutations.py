"""Files made wrong in the ways that disks, other programs and bad people make them wrong.

Every function takes a random generator and something good, and returns it with one thing changed; the same
seed gives the same change.
"""

from __future__ import annotations

import copy
import csv
import io
import json
import random
import struct
import zipfile
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Random = random.Random

TEXTS: Final = (
    *("", " ", "x", "l1", "n1", "\0", "\n", "\u202e", "\ud83d\ude42", "a" * 3_000, "../../x", "__class__"),
    *("1e999", "-1", "0", "000", "111", "input", "output", "hidden", "softmax", "table", "circle", "nan"),
    *("(" * 200, "*" * 500, "%s%n", "{0}", "'", '"', "<b>", "$x$", "=1", "\r"),
)
WORDS: Final = (
    *("relu", "tanh", "sigmoid", "linear", "softmax", "sine", "gelu", "half_squared", "binary_cross_entropy"),
    *("categorical_cross_entropy", "sgd", "adam", "rprop", "adamw", "momentum", "l1", "l2", "playground_l1"),
    *("step", "cosine", "exponential", "constant", "never", "each epoch", "keep", "carry over", "float32"),
    *("spiral", "xor", "sine", "iris", "plane", "x^2", "x*y", "sin(x)", "cos(y)", "standardize", "min-max"),
    *(
        "l2",
        "l3",
        "n1",
        "n2",
        "n3",
        "kernel",
        "reference",
        "retuned",
        "rewired",
        "value",
        "epochs",
        "diverged",
    ),
)
"""What some fields may hold."""
NUMBERS: Final = (
    *(0, 1, -1, 2, 3, 255, 2**31, 2**32, 2**53, 2**63, 2**64, -(2**63), 10**30),
    *(0.5, -0.0, 1e-320, 1e-300, 1e300, 1.7e308, -1e300, 0.1, 3.0, 1e16),
)
FLOATS: Final = (np.nan, np.inf, -np.inf, 0.0, -0.0, 1e308, -1e308, 1e-320, 1e30, -1.0, 3.5)
DTYPES: Final = ("<f8", "<f4", ">f8", "<i8", "<i4", "<u1", "?", "<c16", "<U3", "<f2", "S3")


# Bytes


def mutated_bytes(random: Random, content: bytes) -> bytes:
    """Bytes with one to five places changed, cut, doubled, filled or swapped."""
    for _ in range(random.choice((1, 1, 1, 2, 5))):
        at = random.randrange(len(content) + 1)
        length = random.choice((1, 1, 2, 4, 8, 64, 1_000))
        part = content[at : at + length]
        content = (
            content[:at]
            + random.choice(
                (
                    b"",
                    random.randbytes(len(part)),
                    bytes(byte ^ (1 << random.randrange(8)) for byte in part),
                    part * random.choice((2, 3)),
                    bytes(len(part)),
                    b"\xff" * len(part),
                    random.choice((b'"', b"{", b"[", b",", b"\n", b"\r", b"\0", b";", b"9")) * length,
                )
            )
            + content[at + length :]
        )
    if random.random() < 0.1:
        content = content[: random.randrange(len(content) + 1)]
    return content


# Zip


def members_of(content: bytes) -> dict[str, bytes]:
    """The parts of a zip."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(members: list[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip, also one with a part twice."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return file.getvalue()


def mutated_members(random: Random, members: dict[str, bytes]) -> bytes:
    """A zip with a part lost, doubled, renamed, exchanged, empty or packed in another way."""
    parts = list(members.items())
    at, other = random.randrange(len(parts)), random.randrange(len(parts))
    name, content = parts[at]
    method = zipfile.ZIP_DEFLATED
    match random.randrange(7):
        case 0:
            del parts[at]
        case 1:
            parts[at] = (random.choice(("x", "../x", "", "project.json", "data.csv", "a" * 300)), content)
        case 2:
            parts[at] = (name, parts[other][1])
        case 3:
            parts[at] = (name, b"")
        case 4:
            parts.append((random.choice(("data.csv", "state.safetensors", "history.npz", "y")), content))
        case 5:
            method = random.choice((zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA))
        case _:
            parts[at] = (name, content * random.choice((2, 50)))
    unique = dict(parts)
    return zipped(list(unique.items()), method)


# JSON


def mutated_json(random: Random, content: bytes) -> bytes:
    """JSON with one to three of its values replaced, lost, doubled, renamed or exchanged."""
    document = json.loads(content)
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        places = list(_places(document))
        if not places:
            break
        holder, key = random.choice(places)
        _change(random, holder, key, places)
    text = json.dumps(document, ensure_ascii=random.random() < 0.5)
    for word in ("NaN", "1e999", "-1e999", "1E400", "00", "--1"):
        if random.random() < 0.01:
            text = text.replace("0.0", word, 1)
    return text.encode("utf-8", "surrogatepass")


def _change(random: Random, holder: Any, key: Any, places: list[tuple[Any, Any]]) -> None:
    value = holder[key]
    if isinstance(value, bool | int | float | str) and random.random() < 0.7:
        holder[key] = _neighbor(random, value)
        return
    match random.randrange(5):
        case 0:
            del holder[key]
        case 1 if isinstance(holder, list):
            holder.extend([value] * random.choice((1, 2, 40)))
        case 2 if isinstance(holder, dict):
            holder[random.choice((*TEXTS, "id", "name", "nodes", "value", "step", "text"))] = holder.pop(key)
        case 3:
            other, place = random.choice(places)
            holder[key] = copy.deepcopy(other[place])
        case _:
            wrong: tuple[Any, ...] = (None, True, False, [], {}, [[]], [None], {"a": 1})
            holder[key] = random.choice((*wrong, *NUMBERS, *TEXTS))


def _neighbor(random: Random, value: bool | float | str) -> Any:
    """Another value of the same kind, so that what is wrong is found late or never."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, str):
        return random.choice((*TEXTS, *WORDS, value[:-1], value * 2))
    if isinstance(value, int):
        return random.choice((value + 1, value - 1, -value, *(n for n in NUMBERS if isinstance(n, int))))
    return random.choice((value / 3, value * 1e10, -value, *map(float, NUMBERS)))


def _places(document: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(document, dict | list):
        for key in document if isinstance(document, dict) else range(len(document)):
            yield document, key
            yield from _places(document[key])


# Arrays


def mutated_tensors(random: Random, content: bytes) -> bytes:
    """A safetensors file with its head, its numbers or its length changed."""
    (length,) = struct.unpack("<Q", content[:8])
    head, body = content[8 : 8 + length], content[8 + length :]
    match random.randrange(6):
        case 0:
            head = mutated_json(random, head)
        case 1:
            head = mutated_bytes(random, head)
        case 2:
            body = _with_float(random, body)
        case 3:
            body = mutated_bytes(random, body)
        case 4:
            old = random.choice((b'"F64"', b"[", b"links", b"bias", b"now", b"start", b"optimizer"))
            new = random.choice(
                (b'"F32"', b'"I64"', b'"U8"', b'"BOOL"', b'"BF16"', b'"X"', b"[1,", b"x", b"now")
            )
            head = head.replace(old, new, random.choice((1, -1)))
        case _:
            length = random.choice((0, 1, 2**31, 2**62, 2**64 - 1, len(content)))
            return struct.pack("<Q", length) + head + body
    return struct.pack("<Q", len(head)) + head + body


def _with_float(random: Random, body: bytes) -> bytes:
    size = random.choice((4, 8, 8, 8))
    if len(body) < size:
        return body
    at = random.randrange(len(body) // size) * size
    value = struct.pack(
        "<f" if size == 4 else "<d", random.choice(FLOATS) if size == 8 else random.choice(FLOATS[:5])
    )
    return body[:at] + value + body[at + size :]


def mutated_npz(random: Random, content: bytes) -> bytes:
    """An npz file with an array of other values, another type or shape, another name, or a wrong head."""
    members = members_of(content)
    name = random.choice(sorted(members))
    match random.randrange(7):
        case 0:
            members[name] = mutated_bytes(random, members[name])
        case 1:
            end = members[name].index(b"\n") if b"\n" in members[name] else 60
            members[name] = mutated_bytes(random, members[name][:end]) + members[name][end:]
        case 2:
            del members[name]
        case 3:
            members[random.choice(("x.npy", "steps/state.npy", "x", "nodes/total.npy"))] = members.pop(name)
        case _:
            file = io.BytesIO()
            array = np.load(io.BytesIO(members[name]), allow_pickle=False)
            np.lib.format.write_array(file, mutated_array(random, array), allow_pickle=False)
            members[name] = file.getvalue()
    return zipped(list(members.items()))


def mutated_array(random: Random, array: NDArray[Any]) -> NDArray[Any]:
    """An array with one value changed, of another type, or of another shape."""
    array = array.copy()
    match random.randrange(6):
        case 0 if array.dtype.kind not in "fc":
            with np.errstate(all="ignore"):
                array = array.astype(random.choice(DTYPES))
        case 1:
            array = array[: len(array) // 2] if array.ndim else array
        case 2:
            array = array.reshape(random.choice(((-1,), (1, -1), (-1, 1))))
        case 3:
            array = np.concatenate([array, array]) if array.ndim else array
        case 4:
            array = np.zeros(random.choice(((0,), (0, 5), (), (1, 1, 1))), array.dtype)
        case _ if array.size:
            flat = array.reshape(-1)
            at = random.randrange(flat.size)
            if array.dtype.kind == "f":
                flat[at] = random.choice(FLOATS)
            elif array.dtype.kind == "i":
                flat[at] = random.choice((-1, 0, 1, 3, 4, 1_000, 2**31, 2**62, -(2**63), 2**63 - 1))
            array = flat.reshape(array.shape)
    return array


# Tables

_CELLS: Final = (
    *(
        "",
        "x",
        "-",
        "+",
        "NaN",
        "inf",
        "-inf",
        "1e400",
        "1e308",
        "-1e308",
        "1e-400",
        "0",
        "1",
        "1,5",
        "1.234,5",
    ),
    *(
        "1,234.5",
        "1_000",
        "0x10",
        "٣",
        "１",
        "½",
        "'",
        '"',
        "\n",
        "\r",
        "\t",
        ";",
        ",",
        "|",
        "a,b",
        "?",
        "NA",
        "\0",
    ),
    *(
        "9" * 400,
        "x" * 3_000,
        " 1 ",
        "\u00a0",
        "\u202f1",
        "=1+1",
        "1e5",
        "1E+",
        "--1",
        "+-1",
        "1.2.3",
        "\ufeff",
        "\u2028",
    ),
)


def mutated_table(random: Random, content: bytes) -> bytes:
    """A table with cells, rows, columns, delimiters or its encoding changed."""
    rows = list(csv.reader(io.StringIO(content.decode(), newline="")))
    for _ in range(random.choice((1, 1, 2, 8))):
        change = random.choice((_change_row, _change_row, _change_column, _change_rows))
        change(random, rows)
    file = io.StringIO()
    delimiter = random.choice((",", ",", ",", ";", "\t", "|", " "))
    end = random.choice(("\n", "\n", "\r\n", "\r"))
    csv.writer(file, delimiter=delimiter, lineterminator=end, escapechar="\\").writerows(rows)
    text = file.getvalue()
    if random.random() < 0.1:
        text = text.replace('"', "", random.choice((1, -1)))
    rare = ("utf-8-sig", "utf-16", "latin-1", "utf-16-le", "utf-32")
    return text.encode(random.choice(rare) if random.random() < 0.1 else "utf-8", "replace")


def _change_row(random: Random, rows: list[list[str]]) -> None:
    row = random.choice(rows) if rows else []
    at = random.randrange(len(row) + 1)
    match random.randrange(6):
        case 0:
            del row[at : at + 1]
        case 1:
            row.insert(at, random.choice(_CELLS))
        case _:
            row[at : at + 1] = [random.choice(_CELLS)]


def _change_column(random: Random, rows: list[list[str]]) -> None:
    at = random.randrange(len(rows[0]) + 1) if rows else 0
    cell, copies = random.choice(_CELLS), random.random() < 0.5
    for row in rows[random.choice((0, 1)) :]:
        if at < len(row) and (copies or random.random() < 0.5):
            row[at] = cell


def _change_rows(random: Random, rows: list[list[str]]) -> None:
    at = random.randrange(len(rows) + 1)
    if random.random() < 0.3:
        del rows[at:]
    else:
        row = rows[at % len(rows)] if rows else []
        rows.insert(at, random.choice(([], [""], list(row), list(row), ["x"] * 50)))

"""Read networks of SNNS and JavaNNS: ``.net`` and ``.pat``, as their user manual tells of them.

A unit's input is the sum over its links plus its bias, which the identity function alone leaves out.  Units
become nodes where they stand; hidden ones form a layer by how many links deep they lie, and links that skip
layers, or miss in one, stay what they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from bpviz.data.settings import Table
from bpviz.errors import ModelError, counted, elided
from bpviz.files.bringing.proposal import Column, Mapped, Proposal, Remark

NET: Final = "SNNS network definition file"
PATTERNS: Final = "SNNS pattern definition file"

ACTIVATIONS: Final = {
    "Act_Logistic": "sigmoid",
    "Act_LogisticTbl": "sigmoid",
    "Act_TanH": "tanh",
    "Act_Identity": "linear",
    "Act_IdentityPlusBias": "linear",
    "Act_Softmax": "softmax",
}
WITHOUT_BIAS: Final = "Act_Identity"
_SPACING: Final = 56.0  # pixels from one place of SNNS's grid to the next
_KINDS: Final = {"i": "input", "h": "hidden", "o": "output"}
_NUMBER: Final = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_SOURCE: Final = re.compile(rf"\s*(\d+)\s*:\s*({_NUMBER})\s*")
_HEAD: Final = re.compile(r"\s*no\.\s*of\s+([a-z ]+?)\s*:\s*(\d+)\s*", re.IGNORECASE)
_SECTION: Final = re.compile(r"([a-z0-9 ]+ section)\s*:", re.IGNORECASE)
_RULE: Final = re.compile(r"[-|\s]+")
_MOST: Final = 100_000_000


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as the file has it.

    Attributes:
        number: Its own.
        name: Its own, or empty.
        bias: Added to the sum over its links.
        kind: ``input``, ``hidden`` or ``output``.
        place: On the grid.
        function: Of activation, as SNNS calls it.
    """

    number: int
    name: str
    bias: float
    kind: str
    place: tuple[float, float]
    function: str


def network_in(text: str, title: str) -> Proposal:
    """Read a ``.net`` file.

    Raises:
        ModelError: If it is of a kind that bpviz has not, or damaged.
    """
    sections = _sections(text)
    if _rows(sections.get("time delay section", ())):
        raise ModelError("A time-delay network (TDNN) of SNNS can't be had: bpviz has plain links alone.")
    units = {unit.number: unit for unit in _units(sections)}
    links = _links(sections.get("connection definition section", ()), units)
    _check_counts(text, units, links)
    _check_kinds(units, links)
    columns = _columns(units, links)
    at = {number: (k, row) for k, column in enumerate(columns) for row, number in enumerate(column)}
    weights, present = {}, {}
    for (target, source), weight in links.items():
        (to, row), (out, place) = at[target], at[source]
        if (to, out) not in weights:
            shape = len(columns[to]), len(columns[out])
            weights[to, out], present[to, out] = np.zeros(shape), np.zeros(shape, dtype=np.bool_)
        weights[to, out][row, place], present[to, out][row, place] = weight, True
    ignored = [
        unit
        for unit in units.values()
        if unit.function == WITHOUT_BIAS and unit.bias and unit.kind != "input"
    ]
    remarks: tuple[Remark, ...] = (("snns_bias", str(len(ignored))),) if ignored else ()
    biases = {
        k: np.array([0.0 if units[n].function == WITHOUT_BIAS else units[n].bias for n in column])
        for k, column in enumerate(columns)
        if k
    }
    placed = len({unit.place for unit in units.values()}) == len(units)
    drawn = tuple(
        _drawn([units[number] for number in column], first=not k, placed=placed)
        for k, column in enumerate(columns)
    )
    keys = sorted(weights)
    mapping = [Mapped("connection definition section", weights[k].shape, "weights", *k) for k in keys]
    mapping += [Mapped("unit definition section", biases[k].shape, "bias", k) for k in sorted(biases)]
    return Proposal(
        "snns",
        title,
        drawn,
        {key: weights[key] for key in keys},
        {key: present[key] for key in keys},
        biases,
        tuple(mapping),
        remarks,
    )


def patterns_in(text: str, title: str, names: Sequence[str] = ()) -> tuple[Table, tuple[str, ...]]:
    """Read a ``.pat`` file: the table and the names of its targets.

    Args:
        text: Of the file.
        title: Of the table.
        names: Of the inputs, from the network.

    Raises:
        ModelError: If it is damaged, or of patterns of variable size.
    """
    bare = "\n".join(line.split("#")[0] for line in text.splitlines()[1:])
    heads = {found[1].lower(): int(found[2]) for found in _HEAD.finditer(bare)}
    if any("variable" in head and count for head, count in heads.items()):
        raise ModelError("Patterns of variable size can't be had; write them with a fixed size.")
    rows, inputs = heads.get("patterns", 0), heads.get("input units", 0)
    targets = heads.get("output units", 0)
    if not rows or not inputs or not targets:
        raise ModelError("These patterns do not say how many there are, with inputs and outputs.")
    last = list(_HEAD.finditer(bare))[-1]
    words = bare[last.end() :].split()
    wanted = rows * (inputs + targets)
    if len(words) != wanted or wanted > _MOST:
        raise ModelError(f"The patterns hold {counted(len(words), 'number')} where their head says {wanted}.")
    for word in words:
        if not re.fullmatch(_NUMBER, word):
            raise ModelError(f"The pattern value {elided(word, 24)!r} is no number; write it with a point.")
    own = names if len(names) == inputs else [f"x{k + 1}" for k in range(inputs)]
    answers = tuple(f"{'y' if 'y1' not in own else 'target '}{k + 1}" for k in range(targets))
    width = inputs + targets
    cells = tuple(tuple(words[at : at + width]) for at in range(0, len(words), width))
    return Table(title, (*own, *answers), cells), answers


def _sections(text: str) -> dict[str, list[str]]:
    """The lines of each section by its title; comments are left out."""
    found: dict[str, list[str]] = {}
    here: list[str] = []
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        title = _SECTION.match(line.strip())
        if title:
            here = found.setdefault(title[1].lower(), [])
        else:
            here.append(line)
    return found


def _rows(lines: Sequence[str]) -> list[list[str]]:
    """Cells of the rows below a section's head, with lines that go on after a comma joined."""
    rules = [k for k, line in enumerate(lines) if line.strip() and _RULE.fullmatch(line) and "-" in line]
    if not rules:
        return []
    rows: list[str] = []
    for line in lines[rules[0] + 1 :]:
        if not line.strip() or (_RULE.fullmatch(line) and "---" in line):
            continue
        if rows and rows[-1].rstrip().endswith(","):
            rows[-1] += line.strip()
        else:
            rows.append(line)
    return [[cell.strip() for cell in row.split("|")] for row in rows]


def _head(lines: Sequence[str]) -> list[str]:
    """Names of the columns of a section."""
    first = next((line for line in lines if "|" in line and not _RULE.fullmatch(line)), "")
    return [" ".join(cell.split()) for cell in first.split("|")]


def _tabled(lines: Sequence[str]) -> Iterator[dict[str, str]]:
    head = _head(lines)
    for row in _rows(lines):
        if len(row) > len(head):
            raise ModelError(f"The row {elided(' | '.join(row), 60)!r} has too many columns.")
        yield dict(zip(head, row + [""] * (len(head) - len(row)), strict=True))


def _units(sections: Mapping[str, Sequence[str]]) -> Iterator[Unit]:
    usual = next(_tabled(sections.get("unit default section", ())), {})
    types = {row["name"]: row for row in _tabled(sections.get("type definition section", ()))}
    rows = list(_tabled(sections.get("unit definition section", ())))
    if not rows:
        raise ModelError("This file of SNNS has no unit definition section; it is damaged.")
    for row in rows:
        of_type = types.get(row.get("typeName", ""), {})
        function = row.get("act func") or of_type.get("act func") or usual.get("act func") or "Act_Logistic"
        out = row.get("out func") or of_type.get("out func") or usual.get("out func") or "Out_Identity"
        number = _whole(row.get("no.", ""), "number of a unit")
        kind = row.get("st") or usual.get("st") or "h"
        if kind not in _KINDS:
            raise ModelError(
                f"Unit {number} is of the kind {kind!r}; only inputs, hidden and outputs can be had."
            )
        if out != "Out_Identity":
            raise ModelError(f"Unit {number} has the output function {out}; only Out_Identity can be had.")
        if kind != "i" and function not in ACTIVATIONS:
            known = ", ".join(ACTIVATIONS)
            raise ModelError(
                f"Unit {number} has the activation function {function}; only {known} can be had."
            )
        if row.get("sites") or of_type.get("sites"):
            raise ModelError(f"Unit {number} has sites; only plain links can be had.")
        grid = [float(word) for word in re.findall(_NUMBER, row.get("position", ""))] or [0.0, float(number)]
        place = grid[0], grid[1] if len(grid) > 1 else 0.0
        bias = float(row.get("bias") or usual.get("bias") or 0.0)
        yield Unit(number, row.get("unitName", ""), bias, _KINDS[kind], place, function)


def _links(lines: Sequence[str], units: Mapping[int, Unit]) -> dict[tuple[int, int], float]:
    """Weights by (target, source)."""
    found: dict[tuple[int, int], float] = {}
    for row in _rows(lines):
        if len(row) != 3:
            raise ModelError(f"The row of links {elided(' | '.join(row), 60)!r} has not three columns.")
        target = _whole(row[0], "target of a link")
        if row[1]:
            raise ModelError(f"Unit {target} has the site {row[1]}; only plain links can be had.")
        for word in row[2].split(","):
            if not word.strip():
                continue
            pair = _SOURCE.fullmatch(word)
            if pair is None:
                raise ModelError(f"The link {elided(word.strip(), 40)!r} is not written as source:weight.")
            source = int(pair[1])
            if target not in units or source not in units:
                raise ModelError(f"The link from {source} to {target} leads to a unit that is not there.")
            found[target, source] = float(pair[2])
    return found


def _check_counts(text: str, units: Mapping[int, Unit], links: Mapping[tuple[int, int], float]) -> None:
    heads = {found[1].lower(): int(found[2]) for found in _HEAD.finditer(text[:4096])}
    for what, count in (("units", len(units)), ("connections", len(links))):
        # Writers by hand leave a 0 there.
        if heads.get(what) and heads[what] != count:
            raise ModelError(
                f"The head of the file says {heads[what]} {what}, and it holds {count}; it is cut off or "
                "damaged."
            )


def _check_kinds(units: Mapping[int, Unit], links: Mapping[tuple[int, int], float]) -> None:
    for kind in ("input", "output"):
        if not any(unit.kind == kind for unit in units.values()):
            raise ModelError(f"This network of SNNS has no {kind} unit.")
    for target, source in links:
        if target == source:
            raise ModelError(f"Unit {target} is linked to itself; recurrent networks can't be had.")
    _ = _depths(units, links)
    for target, source in links:
        if units[target].kind == "input":
            raise ModelError(f"A link leads from unit {source} into the input unit {target}; remove it.")
        if units[source].kind == "output":
            raise ModelError(
                f"A link leads out of the output unit {source} to {target}; bpviz has none such."
            )


def _depths(units: Mapping[int, Unit], links: Mapping[tuple[int, int], float]) -> dict[int, int]:
    """How many links deep each unit lies, at most."""
    waiting = dict.fromkeys(units, 0)
    onward: dict[int, list[int]] = {number: [] for number in units}
    for target, source in links:
        waiting[target] += 1
        onward[source].append(target)
    depth = dict.fromkeys(units, 0)
    ready = [number for number, count in waiting.items() if not count]
    for source in ready:  # grows while it is walked through
        for target in onward[source]:
            depth[target] = max(depth[target], depth[source] + 1)
            waiting[target] -= 1
            if not waiting[target]:
                ready.append(target)
    if len(ready) < len(units):
        loop = sorted(set(units) - set(ready))
        raise ModelError(f"The links of unit {loop[0]} form a loop; recurrent networks can't be had.")
    return depth


def _columns(units: Mapping[int, Unit], links: Mapping[tuple[int, int], float]) -> list[list[int]]:
    """Numbers of the units layer by layer."""
    depth = _depths(units, links)
    inside = [number for number, unit in units.items() if unit.kind == "hidden"]
    levels = sorted({max(depth[number], 1) for number in inside})
    ends = {kind: [n for n, unit in units.items() if unit.kind == kind] for kind in ("input", "output")}
    hidden = [[n for n in inside if max(depth[n], 1) == level] for level in levels]
    return [ends["input"], *hidden, ends["output"]]


def _drawn(units: Sequence[Unit], *, first: bool, placed: bool) -> Column:
    functions = () if first else tuple(ACTIVATIONS[unit.function] for unit in units)
    places = tuple((x * _SPACING, y * _SPACING) for x, y in (unit.place for unit in units)) if placed else ()
    own = [unit.name for unit in units]
    named = all(own) and len(set(own)) == len(own)
    return Column(len(units), functions, names=tuple(own) if named else (), places=places)


def _whole(text: str, what: str) -> int:
    if not text.isdecimal():
        raise ModelError(f"The {what} is {elided(text, 24)!r}, which is no number; the file is damaged.")
    return int(text)

"""What each column of a table is taken for, and what it should be: every column is accounted for.

`proposed` decides by rule when a table is opened; the project keeps what was chosen, so that a file means the
same for ever, whatever the rule becomes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, TypeAlias

import numpy as np

from bpviz.data.column import Column, columns_of
from bpviz.data.columns import FEW_VALUES
from bpviz.data.inputs import inputs_of, plain_use, switch_words
from bpviz.data.missing_words import ALL_WORDS
from bpviz.data.settings import Choices, DataSettings, Table

Kind: TypeAlias = Literal[
    "number", "category", "switch", "text", "row number", "id", "constant", "date", "empty"
]
"""What a column holds, by its values and its name."""

_TAKEN: Final = {"number": "number", "category": "category", "switch": "switch"}
_SHOWN: Final = 3
_WORDY: Final = frozenset({"category", "switch", "text", "constant"})
_LEAST_PIXELS: Final = 16
_BRIGHTEST: Final = 255
_NAMELESS: Final = re.compile(
    r"column 1|unnamed: 0|index|row|rownames|row number|nr\.?|no\.?|#", re.IGNORECASE
)
_HEADERLESS: Final = "column 2"
_ID: Final = re.compile(r"(?:.*[^A-Za-z])?[Ii][Dd]s?(?:[^A-Za-z].*)?|.*[a-z]I[dD]|[Ii]dentifier")
_TIME: Final = r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?: ?[APap]\.?[Mm]\.?)?(?: ?Z| ?[+-]\d{2}:?\d{2})?"
_MONTH: Final = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*"
_DAY: Final = (
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}"
    r"|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})"
    rf"|\d{{1,2}}\.?[- ]{_MONTH}[-, ]+\d{{2,4}}|{_MONTH} \d{{1,2}},? \d{{2,4}}"
)
_DATE: Final = re.compile(rf"(?:{_DAY})(?:[T ]+{_TIME})?|{_TIME}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ColumnAccount:
    """What one column is taken for.

    Attributes:
        name: Of the column.
        kind: What it holds.
        use: ``target``, or the entry of `bpviz.data.inputs.USES` in force.
        proposed: The use that the rule proposes.
        inputs: How many inputs it becomes.
        different: How many different values it has.
        values: A few of those.
        missing: In how many rows its cell is missing.
        fill: How these are filled; empty if they are not.
        words: What stood in cells that are missing, and in how many; of empty ones nothing is said.
        suspects: Words that are values here, and in how many cells; elsewhere they stand for a missing one.
    """

    name: str
    kind: Kind
    use: str
    proposed: str
    inputs: int
    different: int
    values: tuple[str, ...]
    missing: int
    fill: str = ""
    words: tuple[tuple[str, int], ...] = ()
    suspects: tuple[tuple[str, int], ...] = ()

    @property
    def doubtful(self) -> bool:
        """Whether a word that counts as missing may be a value, as the others in this column are texts, too.

        Or the other way round.
        """
        return self.use != "out" and self.kind in _WORDY and bool(self.words or self.suspects)

    @property
    def chosen(self) -> bool:
        """Whether it is used otherwise than by rule."""
        return self.use not in ("target", self.proposed)


@lru_cache(maxsize=2)  # the window asks whenever a project is shown
def accounts(settings: DataSettings) -> tuple[ColumnAccount, ...]:
    """Say of every column of the user's own table what it is taken for; nothing for other data.

    Raises:
        DataError: If a column can't be used as it is asked to be.
    """
    table = settings.table
    if table is None:
        return ()
    made = Counter(one.column for one in inputs_of(table, settings.targets, settings.uses))
    uses, fills = dict(settings.uses), dict(settings.fills)
    rule = dict(proposed(table, settings.targets))
    found = []
    for column, facts in zip(columns_of(table).values(), _looks(table), strict=True):
        name, usual = column.name, plain_use(column)
        use = "target" if name in settings.targets else uses.get(name, usual)
        fill = fills.get(name, "") if made[name] and facts.missing else ""
        fill = "frequent" if fill and use != "number" else fill  # as `columns` does
        found.append(
            ColumnAccount(
                name, facts.kind, use, rule.get(name, usual), made[name], facts.different, facts.values,
                facts.missing, fill, facts.words, facts.suspects,
            )
        )  # fmt: skip
    return tuple(found)


def proposed(table: Table, targets: Sequence[str], *, pixels: bool = False) -> Choices:
    """Decide what the columns of a table that is opened are taken for.

    Args:
        table: The table.
        targets: Its targets, about which nothing is decided.
        pixels: Each row is an image, so that a column that never changes is a part of it.

    Returns:
        The uses that differ from what columns are taken for where nothing is chosen.
    """
    columns = [column for column in columns_of(table).values() if column.name not in targets]
    kinds = {look.name: look.kind for look in _looks(table)}
    uses = {column.name: _TAKEN.get(kinds[column.name], "out") for column in columns}
    if pixels or _are_pixels(columns):
        uses |= {one.name: "number" for one in columns if kinds[one.name] == "constant" and one.is_numeric}
    if set(uses.values()) <= {"out"}:
        # Better a number that tells little than no input at all.
        uses |= {one.name: "number" for one in columns if one.is_numeric}
    return tuple((one.name, uses[one.name]) for one in columns if uses[one.name] != plain_use(one))


def chosen_uses(uses: Choices, table: Table, changes: Iterable[tuple[str, str]]) -> Choices:
    """Return uses with changes; what columns are taken for anyway is not said."""
    wanted = dict(uses) | dict(changes)
    columns = columns_of(table)
    return tuple(
        (name, wanted[name])
        for name in table.columns
        if name in wanted and wanted[name] != plain_use(columns[name])
    )


@dataclass(frozen=True, slots=True)
class _Look:
    name: str
    kind: Kind
    different: int
    values: tuple[str, ...]
    missing: int
    words: tuple[tuple[str, int], ...]
    suspects: tuple[tuple[str, int], ...]


@lru_cache(maxsize=2)
def _looks(table: Table) -> tuple[_Look, ...]:
    return tuple(_look(table, column, at) for at, column in enumerate(columns_of(table).values()))


def _look(table: Table, column: Column, at: int) -> _Look:
    different = column.cells.word_count()
    missing = int(column.present.size - np.count_nonzero(column.present))
    own = table.gaps_of(column.name)
    gaps = tuple((gap.word, missing if gap.rows is None else len(gap.rows)) for gap in own)
    kind = _kind(table, column, at, different)
    shown = column.cells.first_words(_SHOWN)
    return _Look(column.name, kind, different, shown, missing, gaps, _suspects(column))


def _suspects(column: Column) -> tuple[tuple[str, int], ...]:
    """Words that stand for a missing value elsewhere, and how often each stands here as a value."""
    if not column.strays.size:  # numbers alone
        return ()
    words = column.cells.words()
    # Beside a plus, a minus is a label as well.
    known = ALL_WORDS - ({"", "-"} if "+" in words else {""})
    return tuple((word, column.cells.count(word)) for word in words if word.lower() in known)


def _kind(table: Table, column: Column, at: int, different: int) -> Kind:
    if not different:
        return "empty"
    if different == 1:
        return "number" if len(table.rows) == 1 and column.is_numeric else "constant"
    if column.is_numeric:
        if at == 0 and _NAMELESS.fullmatch(column.name) and _counts_up(table, column):
            return "row number"
        return "id" if _ID.fullmatch(column.name) and _all_different(column) else "number"
    if all(_DATE.fullmatch(word) for word in column.cells.words() if word):
        return "date"
    if switch_words(column) is not None:
        return "switch"
    # Words that come again are categories; names and sentences don't.
    few = different <= FEW_VALUES and 2 * different <= np.count_nonzero(column.present)
    return "category" if few else "text"


def _counts_up(table: Table, column: Column) -> bool:
    """Whether a first column that has no name of its own is 0..n-1 or 1..n."""
    if table.columns[1:2] == (_HEADERLESS,) or len(column.values) < 2:
        return False  # none of the columns has a name, so this may be an input like the others
    return bool(np.array_equal(column.values - column.values[0], np.arange(len(column.values)))) and (
        column.values[0] in (0, 1)
    )


def _all_different(column: Column) -> bool:
    values = column.values
    whole = bool(np.all(values == np.round(values)))  # False where one is missing
    return whole and np.unique(values).size == values.size


def _are_pixels(columns: Sequence[Column]) -> bool:
    """Whether columns look like the pixels of images: many, all of them whole brightnesses."""
    numbers = [column.values for column in columns if column.is_numeric]
    return len(numbers) >= _LEAST_PIXELS and all(
        bool(np.all((v >= 0) & (v <= _BRIGHTEST) & (v == np.round(v)))) for v in numbers
    )

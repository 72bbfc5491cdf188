"""What a project says about its data; frozen values without arrays of their own to change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from bpviz.data.cells import Cells
from bpviz.data.rows import Rows
from bpviz.plain import hold

Scaling: TypeAlias = Literal["none", "standardize", "min-max"]

Choices: TypeAlias = tuple[tuple[str, str], ...]
"""What was chosen for some columns: pairs of a name and a choice."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A word that stood in some cells of a column, and counts as missing there.

    Attributes:
        column: Name of the column.
        word: What stood there.
        rows: In which rows, from 0; None for every cell of the column that is missing.
    """

    column: str
    word: str
    rows: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """The user's own table as read: every cell a text, short rows already refused; held by columns.

    Attributes:
        name: File name without folder, for titles and messages.
        columns: Column names, unique, in file order.
        rows: Cells as written, but trimmed and with a decimal point; one tuple a row.  A missing value is "".
            Whatever sequence of rows is given, what is kept are `Rows`.
        gaps: Words that stood in cells which are missing, so that one may be a value after all.
    """

    name: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    gaps: tuple[Gap, ...] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.rows, Rows):
            object.__setattr__(self, "rows", Rows.of(self.rows, len(self.columns)))

    @property
    def held(self) -> Rows:
        """The rows as they are held."""
        assert isinstance(self.rows, Rows)
        return self.rows

    @property
    def cells(self) -> tuple[Cells, ...]:
        """The same by columns, from left to right."""
        return self.held.cells

    def gaps_of(self, column: str) -> tuple[Gap, ...]:
        """The words that count as missing in a column."""
        return tuple(gap for gap in self.gaps if gap.column == column)

    def __hash__(self) -> int:
        # Settings are looked up often, and a hash over every cell of a large table takes long.
        return hash((self.name, self.columns, len(self.rows)))


@dataclass(frozen=True, slots=True)
class DataSettings:
    """Which data, and how they are split and scaled.

    Which features the network sees stands on the nodes of its input layer.

    Attributes:
        source: Entry of `bpviz.data.datasets.DATASETS`, or ``table`` for the user's own.
        table: The user's own table, when source is ``table``.
        targets: Names of the table's target columns, when source is ``table``; several are numbers.
        target_kind: Whether the target is a class or a number; ``auto`` decides by its values.
        classes: Names of its classes in their order, also of those that no row holds; empty takes those
            that the rows hold.
        uses: What columns of the table are taken for, entries of `bpviz.data.inputs.USES`; of a column that
            is not named, numbers are an input and text is left out.
        fills: How missing values of columns are filled: ``mean``, ``median`` or ``frequent``, of the training
            part.
        drop_missing: Leave out rows of the table that lack a value that is used; otherwise they are refused.
        samples: How many examples a generator draws; None takes the entry's own number.
        noise: 0 to 0.8, of the generators (the Playground's slider divided by 100).
        train_share: Part of the examples to train on, above 0 to 1; 1 leaves no test part.
        scaling: Of the input features, fitted to the training part alone.
        target_scaling: ``standardize`` or ``none``, of regression targets.
        image: Rows and columns, when each row of the table is an image, pixel by pixel; for pictures alone.
    """

    source: str = "circle"
    table: Table | None = None
    targets: tuple[str, ...] = ()
    target_kind: Literal["auto", "class", "number"] = "auto"
    classes: tuple[str, ...] = ()
    uses: Choices = ()
    fills: Choices = ()
    drop_missing: bool = False
    samples: int | None = None
    noise: float = 0.0
    train_share: float = 0.5
    scaling: Scaling = "none"
    target_scaling: Scaling = "none"
    image: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        hold(
            self,
            whole=("samples",),
            float=("noise", "train_share"),
            truth=("drop_missing",),
            words=("targets", "classes"),
            wholes=("image",),
            choices=("uses", "fills"),
        )

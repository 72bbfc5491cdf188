"""The whole corpus."""

from __future__ import annotations

from typing import Final

from tests.data.readers.corpus.arrays import ARRAYS
from tests.data.readers.corpus.books import BOOKS
from tests.data.readers.corpus.records import RECORDS
from tests.data.readers.corpus.strangers import STRANGE
from tests.data.readers.corpus.texts import TEXTS

CORPUS: Final = (*TEXTS, *BOOKS, *RECORDS, *ARRAYS, *STRANGE)

"""Formats of files: chosen by name or by the name of the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from bpviz.errors import FileError, UnknownNameError
from bpviz.files.figures import FIGURE_FORMATS
from bpviz.files.formats import FileFormat, format_for
from bpviz.files.weights import WEIGHT_FORMATS
from bpviz.registry import Registry

NOTES: Registry[FileFormat[[str]]] = Registry(
    "format of notes",
    FileFormat("txt", "Text", ".txt", str.encode),
    FileFormat("md", "Markdown", ".md", lambda text: f"# {text}".encode()),
)


def test_what_is_named_counts_before_how_the_file_is_called() -> None:
    assert format_for(NOTES, Path("a.TXT"), None) is NOTES["txt"]
    assert format_for(NOTES, Path("a.txt"), "md") is NOTES["md"]


def test_a_name_that_says_nothing_and_an_unknown_format_are_sentences() -> None:
    with pytest.raises(FileError, match=r"'notes' does not say .* end it in \.txt, \.md"):
        format_for(NOTES, Path("notes"), None)
    with pytest.raises(UnknownNameError, match="no format of notes named 'doc'"):
        format_for(NOTES, Path("a.doc"), None)


def test_a_file_holds_the_content(tmp_path: Path) -> None:
    NOTES["md"].write(tmp_path / "a.md", "hello")
    assert (tmp_path / "a.md").read_bytes() == b"# hello"


def test_formats_are_called_what_files_end_with() -> None:
    suffixes = {entry.name: entry.suffix for entry in WEIGHT_FORMATS.values()}
    suffixes |= {entry.name: entry.suffix for entry in FIGURE_FORMATS.values()}
    assert all(suffix == f".{name}" for name, suffix in suffixes.items())

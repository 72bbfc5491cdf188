"""Bundled files are found, wherever bpviz runs from."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bpviz import resources
from bpviz.errors import BpvizError
from bpviz.resources import resource


@pytest.fixture(autouse=True)
def fresh_search() -> Iterator[None]:
    """Let each test look for the folder anew, and the tests after it too."""
    resources._root.cache_clear()
    yield
    resources._root.cache_clear()


def _install_at(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "bpviz").mkdir(parents=True)
    monkeypatch.setattr(resources, "__file__", str(folder / "bpviz" / "resources.py"))


def test_a_checkout_has_its_resources_beside_the_package() -> None:
    assert resource("data") == Path(__file__).resolve().parent.parent / "resources" / "data"


def test_an_installed_wheel_has_them_inside_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _install_at(tmp_path, monkeypatch)
    (tmp_path / "bpviz" / "_resources" / "icons").mkdir(parents=True)
    (tmp_path / "resources" / "icons").mkdir(parents=True)  # someone else's, as in site-packages
    assert resource("icons") == tmp_path / "bpviz" / "_resources" / "icons"


def test_a_frozen_build_has_them_where_it_unpacked_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _install_at(tmp_path / "app", monkeypatch)
    unpacked = tmp_path / "unpacked"
    (unpacked / "bpviz" / "_resources").mkdir(parents=True)
    monkeypatch.setattr(sys, "_MEIPASS", str(unpacked), raising=False)
    assert resource() == unpacked / "bpviz" / "_resources"


def test_a_missing_file_is_named_in_a_sentence() -> None:
    with pytest.raises(BpvizError, match=r"lacks its file resources/data/no such\.csv; install bpviz again"):
        resource("data", "no such.csv")


def test_a_copy_without_resources_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _install_at(tmp_path, monkeypatch)
    with pytest.raises(BpvizError, match="lacks its resources folder"):
        resource("data")

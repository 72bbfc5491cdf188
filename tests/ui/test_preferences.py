"""What the window remembers."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray

from bpviz.ui.preferences import MOST_RECENT, Preferences, default_path


def test_they_come_back_from_the_file(tmp_path: Path) -> None:
    path = tmp_path / "bpviz.ini"
    first = Preferences(path)
    first.theme, first.reduced_motion, first.welcomed, first.folder = "dark", True, True, tmp_path
    first.text_percent = 150
    first.save_layout(QByteArray(b"geometry"), QByteArray(b"docks"))
    first.sync()
    second = Preferences(path)
    assert (second.theme, second.reduced_motion, second.welcomed) == ("dark", True, True)
    assert second.folder == tmp_path
    assert second.text_percent == 150
    assert second.layout == (QByteArray(b"geometry"), QByteArray(b"docks"))
    second.forget_layout()
    assert second.layout is None


def test_a_first_start_has_sensible_ones(preferences: Preferences) -> None:
    assert (preferences.theme, preferences.reduced_motion, preferences.welcomed) == ("system", False, False)
    assert preferences.layout is None
    assert not preferences.recent
    assert preferences.folder == Path.home()


def test_foreign_values_count_as_not_set(tmp_path: Path) -> None:
    path = tmp_path / "bpviz.ini"
    path.write_text("[window]\ntheme=purple\nlayout=1\ngeometry=7\n[files]\nfolder=/nowhere/at/all\n")
    preferences = Preferences(path)
    assert preferences.theme == "system"
    assert preferences.layout is None
    assert preferences.folder == Path.home()


def test_recent_files_are_unique_bounded_and_exist(preferences: Preferences, tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.bpviz" for number in range(MOST_RECENT + 2)]
    for path in (*paths, paths[-2]):
        path.touch()
        preferences.add_recent(path)
    assert preferences.recent[:2] == (paths[-2], paths[-1])
    assert len(preferences.recent) == MOST_RECENT
    paths[-1].unlink()
    assert paths[-1] not in preferences.recent


def test_they_live_in_the_users_configuration_folder() -> None:
    assert default_path().name == "bpviz.ini"
    assert default_path().parent.name == "bpviz"


@pytest.mark.parametrize(
    ("stored", "percent"),
    [("150", 150), ("20", 80), ("9999", 200), ("large", 100), ("-5", 100), ("99999999999", 100)],
)
def test_a_text_size_is_one_that_can_be_read(tmp_path: Path, stored: str, percent: int) -> None:
    path = tmp_path / "bpviz.ini"
    path.write_text(f"[window]\ntext_percent={stored}\n")
    assert Preferences(path).text_percent == percent

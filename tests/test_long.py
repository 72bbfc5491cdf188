"""The runner of what takes hours: it goes on where it was stopped, and tells failures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.long import __main__ as command
from tests.long import runner
from tests.long.regime import Regime
from tests.long.runner import Outcome

RUN: list[tuple[str, int]] = []


def nothing(_shard: int, _folder: Path) -> dict[str, float]:
    """Stand in for a regime's work; the process that would do it is not started."""
    return {}


@pytest.fixture
def outcomes(monkeypatch: pytest.MonkeyPatch) -> dict[int, bool]:
    """Run no process: a shard goes well unless it is False here."""
    answers: dict[int, bool] = {}
    RUN.clear()

    def run(regime: Regime, shard: int, of: str) -> Outcome:
        RUN.append((regime.name, shard))
        ok = answers.get(shard, True)
        return Outcome(regime.name, shard, of, ok, 1.5, {"tries": 10} if ok else {}, "" if ok else "bad")

    monkeypatch.setattr(command, "run_shard", run)
    monkeypatch.setattr(command, "revision", lambda: "now")
    monkeypatch.setattr(command, "found", lambda: {"tries": Regime("tries", "ten tries", 3, nothing)})
    return answers


def test_shards_that_went_well_are_not_run_again(outcomes: dict[int, bool], tmp_path: Path) -> None:
    outcomes[1] = False
    words = ["--figures", str(tmp_path / "figures")]
    assert command.main(words) == 1
    assert RUN == [("tries", 0), ("tries", 1), ("tries", 2)]
    RUN.clear()
    outcomes.clear()
    assert command.main(words) == 0
    assert RUN == [("tries", 1)]
    assert command.main(words) == 0
    assert len(RUN) == 1


def test_other_sources_begin_anew(
    outcomes: dict[int, bool], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["--figures", str(tmp_path / "figures")]
    command.main(words)
    monkeypatch.setattr(command, "revision", lambda: "later")
    RUN.clear()
    command.main(words)
    assert len(RUN) == 3


def test_one_shard_is_run_again_when_it_is_asked_for(outcomes: dict[int, bool], tmp_path: Path) -> None:
    words = ["--figures", str(tmp_path / "figures")]
    command.main(words)
    RUN.clear()
    command.main([*words, "tries", "--shard", "2"])
    assert RUN == [("tries", 2)]


def test_a_line_that_was_cut_off_does_not_count(outcomes: dict[int, bool], tmp_path: Path) -> None:
    path = tmp_path / "figures"
    command.main(["--figures", str(path)])
    path.write_text(path.read_text()[:-20])
    RUN.clear()
    command.main(["--figures", str(path)])
    assert RUN == [("tries", 2)]


def test_a_regime_that_is_not_there_is_named(
    outcomes: dict[int, bool], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["--figures", str(tmp_path / "figures"), "trials"]) == 2
    assert "trials" in capsys.readouterr().err
    assert not RUN


def test_the_summary_counts_and_adds() -> None:
    regime = Regime("tries", "ten tries", 3, nothing)
    one = Outcome("tries", 0, "now", ok=True, seconds=2.0, figures={"tries": 10})
    text = runner.summary(
        [regime], [one, replace(one, shard=1, figures={"tries": 30}), replace(one, shard=2, ok=False)]
    )
    assert "2 of 3 shards" in text
    assert "FAILED: 2" in text
    assert "10 to 30, together 40" in text


def test_every_regime_is_found() -> None:
    modules = {
        path.stem for path in (runner.ROOT / "tests" / "long").glob("*.py") if "REGIME" in path.read_text()
    }
    assert {"edits", "autosave"} <= set(runner.found())
    assert {regime.run.__module__.rpartition(".")[2] for regime in runner.found().values()} <= modules


def test_a_shard_is_a_process_that_tells_its_figures_or_what_went_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "somewhere.py"
    package.write_text(
        "from tests.long.regime import Regime\n"
        "def run(shard, folder):\n"
        "    assert shard == 0, 'the second one is bad'\n"
        "    return {'files': len(list(folder.iterdir()))}\n"
        "REGIME = Regime('somewhere', '', 2, run)\n"
    )
    monkeypatch.setattr(runner, "ROOT", tmp_path)
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{Path(__file__).parent.parent}")
    nothing.__module__, before = "somewhere", nothing.__module__
    try:
        good, bad = (
            runner.run_shard(Regime("somewhere", "", 2, nothing), shard, "now") for shard in range(2)
        )
    finally:
        nothing.__module__ = before
    assert (good.ok, good.figures) == (True, {"files": 0.0})
    assert not bad.ok
    assert "the second one is bad" in bad.error
    assert "--shard 1" in bad.error

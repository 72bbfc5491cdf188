"""A report is one page that needs nothing beside it and has every setting, number and picture of a run."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest
from click.testing import CliRunner
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image
from PySide6.QtGui import QTextDocument

import bpviz
from bpviz.cli import cli as group
from bpviz.errors import CancelledError, FileError, one_line
from bpviz.files import report_markdown
from bpviz.files.report_page import report_page
from bpviz.files.report_tables import MOST_WEIGHTS, Table, weights_tables, written
from bpviz.model import edits
from bpviz.model.settings import MORE, MOST_USED, OF_DATA
from bpviz.palette import DARK, LIGHT
from bpviz.training.figures import PLOTS
from bpviz.training.session import Session

_ALONE = {"meta", "source", "img"}


class Page(HTMLParser):
    """Reads a page and notes what is in it; refuses tags that are not closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.cells: list[str] = []
        self.pictures: list[str] = []
        self.addresses: list[str] = []
        self.tags: set[str] = set()
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        given = dict(attrs)
        self.addresses += [given[name] or "" for name in ("src", "srcset", "href") if name in given]
        if tag == "img":
            self.pictures.append(given["alt"] or "")
        if tag not in _ALONE:
            self.open.append(tag)
        if tag in ("td", "th", "h1", "h2", "h3", "p"):
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in ("td", "th", "h1", "h2", "h3", "p"):
            self.cells[-1] += data


@pytest.fixture(scope="module")
def run() -> Session:
    return bpviz.train(bpviz.example("xor"), 3)


@pytest.fixture(scope="module")
def text(run: Session) -> str:
    return report_page(run)


def test_it_needs_nothing_beside_it(text: str) -> None:
    page = Page(text)
    assert page.addresses
    assert all(address.startswith("data:image/") for address in page.addresses)
    assert not page.tags & {"script", "link", "iframe", "object"}
    style = text[text.index("<style>") : text.index("</style>")]
    assert "url(" not in style
    assert "@import" not in style


def test_it_has_every_setting_of_the_panels(text: str, run: Session) -> None:
    cells = Page(text).cells
    for setting in (*OF_DATA, *MOST_USED, *(one for _, section in MORE for one in section)):
        assert setting.label in cells, setting.field
    for title, _ in MORE:
        assert title in cells
    assert str(run.project.training.seed) in cells
    assert cells[cells.index("Learning rate") + 1] == written(run.project.training.learning_rate)
    assert cells[cells.index("Train share") + 1] == "50 %"
    assert cells[cells.index("Clip norm at") + 1] == "never"


def test_it_has_every_picture_light_and_dark(text: str, run: Session) -> None:
    page = Page(text)
    shown = [plot for plot in PLOTS.values() if not plot.figure(run.snapshot(plot.wants)).is_empty]
    assert len(page.pictures) == len(shown) + 1
    assert len(page.addresses) == 2 * len(page.pictures)
    drawn = [base64.b64decode(address.partition("base64,")[2]) for address in page.addresses]
    dark, light = drawn[0::2], drawn[1::2]
    assert all(DARK.surface.encode() in one for one in dark)
    assert all(LIGHT.surface.encode() in one for one in light)


def test_it_has_the_results_and_every_weight(text: str, run: Session) -> None:
    cells = Page(text).cells
    assert cells[cells.index("Training loss") + 1] == written(run.metrics.train_loss)
    assert cells[cells.index("Steps") + 1] == str(run.step)
    numbers = [written(value) for value in run.parameters[run.compiled.plan.present].tolist()]
    tables = list(weights_tables(run))
    shown = [cell for table in tables for row in table.rows for cell in row[1:]]
    assert sorted(shown) == sorted(numbers)
    assert set(numbers) <= set(cells)


def test_very_many_weights_are_told_of(run: Session) -> None:
    wide = bpviz.session(bpviz.project(bpviz.network(2, 30, 30, 1), "circle"))
    assert wide.compiled.plan.size > MOST_WEIGHTS
    (table,) = weights_tables(wide)
    assert table.rows == ()
    assert "1\u202f051 weights and biases" in table.note


def test_names_are_plain_text(tmp_path: Path) -> None:
    project = replace(bpviz.example("xor"), title='<b>& "x"</b><script>alert(1)</script>')
    (layer, *_) = [layer for layer in project.network.layers if layer.role == "hidden"]
    network = edits.rename(project.network, layer.id, "<i>&amp;\ud800")
    bpviz.report(replace(project, network=network), tmp_path / "a.html")
    text = (tmp_path / "a.html").read_text("utf-8")
    page = Page(text)
    assert page.cells[0] == '<b>& "x"</b><script>alert(1)</script>'
    assert not page.tags & {"b", "i", "script"}


def test_a_page_by_command_is_the_page_by_script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    bpviz.save("p.bpviz", bpviz.train(bpviz.run(bpviz.example("xor")), 2))
    answer = CliRunner().invoke(group, ["report", "p.bpviz", "--at", "20", "--out", "a.html"])
    assert (answer.exit_code, answer.stdout) == (0, "wrote a.html\n")
    bpviz.report(bpviz.run("p.bpviz").at(20), "b.html")  # which is the same every time
    assert Path("a.html").read_bytes() == Path("b.html").read_bytes()
    refused = CliRunner().invoke(group, ["report", "p.bpviz", "--out", "a.doc"])
    assert refused.exit_code == 2
    assert (
        refused.stderr == "A report is a page for the browser or in Markdown; end 'a.doc' in .html or .md.\n"
    )


def shown(text: str) -> list[str]:
    """What a reader of Markdown shows, as lines and cells."""
    document = QTextDocument()
    document.setMarkdown(text)
    return document.toPlainText().splitlines()


@pytest.mark.usefixtures("qapp")  # without one, texts of Qt have no size
def test_a_page_in_markdown_has_the_same_tables_and_its_pictures_beside_it(
    tmp_path: Path, run: Session, text: str
) -> None:
    assert bpviz.report(run, tmp_path / "my run.md") == (tmp_path / "my run.md", tmp_path / "my run-pictures")
    written_text = (tmp_path / "my run.md").read_text("utf-8")
    page = Page(text)
    assert [cell for cell in page.cells if cell] == [
        line for line in shown(written_text) if line not in ("", "Value", "\ufffc")
    ]
    names = [unquote(name) for name in re.findall(r"!\[.*?\]\((.*?)\)", written_text)]
    assert len(names) == len(page.pictures)
    assert {tmp_path / name for name in names} == set((tmp_path / "my run-pictures").iterdir())
    for name in names:
        with Image.open(tmp_path / name) as image:
            assert image.format == "PNG"
    before = sorted(tmp_path.rglob("*"))
    bpviz.report(run, tmp_path / "my run.md")  # again, over itself
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.usefixtures("qapp")
@given(st.text(st.characters(codec="utf-8"), max_size=20))
@example('<b>& "x"</b> | *a* _b_ `c` [d](e) ~f~ \\| # $g$ &amp; <i>')
def test_names_are_plain_text_in_markdown(name: str) -> None:
    table = Table("T", ("a", "b"), (("x", f"({name})"),))
    cells = shown("\n\n".join(["# T", *report_markdown._table(table)]))
    assert re.sub(r"\s", "", cells[-1]) == re.sub(r"\s", "", f"({one_line(name)})")


def test_where_the_page_can_not_be_written_its_pictures_go(tmp_path: Path, run: Session) -> None:
    (tmp_path / "a.md").mkdir()
    with pytest.raises(FileError):
        bpviz.report(run, tmp_path / "a.md")
    assert [path.name for path in tmp_path.iterdir()] == ["a.md"]


def test_one_that_is_ended_leaves_nothing_behind(tmp_path: Path, run: Session) -> None:
    def end(done: int, of: int) -> None:
        assert 0 <= done <= of
        if done == 1:
            raise CancelledError("Stopped.")

    for name in ("a.html", "a.md"):
        with pytest.raises(CancelledError):
            bpviz.report(run, tmp_path / name, progress=end)
    with pytest.raises(FileError, match="does not exist"):
        bpviz.report(run, tmp_path / "none" / "a.html")
    assert list(tmp_path.iterdir()) == []


def test_what_was_done_on_the_way_is_listed() -> None:
    run = bpviz.run(bpviz.example("xor"))
    bpviz.train(run, 1)
    run.branch(10, learning_rate=0.5)
    bpviz.train(run, 1)
    cells = Page(report_page(run.session)).cells
    assert any(re.search(r"rate.*0\.5", cell) for cell in cells)

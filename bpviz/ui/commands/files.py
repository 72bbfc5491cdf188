"""Commands that open, save and export."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from bpviz.files.diagram import formats_text
from bpviz.model.examples import EXAMPLES
from bpviz.training.figures import PLOTS
from bpviz.ui.commands.command import Command, Entry
from bpviz.ui.commands.workshop import Workshop
from bpviz.ui.panels.preferences_dialog import PreferencesDialog


def _examples(shop: Workshop) -> Iterator[Entry]:
    for example in EXAMPLES.values():
        yield Entry(example.label, example.about, partial(_open_example, shop, example.name))


def _open_example(shop: Workshop, name: str) -> None:
    shop.files.open_example(name)
    shop.pages.show_first()


def _recent(shop: Workshop) -> Iterator[Entry]:
    for path in shop.preferences.recent:
        yield Entry(path.name, str(path), partial(shop.files.open_path, path))


def _plots(shop: Workshop) -> Iterator[Entry]:
    for plot in PLOTS.values():
        yield Entry(f"{plot.label}…", plot.about, partial(shop.exports.plot, plot.name))


def _no_recent(shop: Workshop) -> str:
    return "" if shop.preferences.recent else "No project was opened or saved yet that is still there."


def _preferences(shop: Workshop) -> None:
    dialog = PreferencesDialog(shop.preferences, shop.theme, shop.canvas.window())
    dialog.exec()
    dialog.deleteLater()
    shop.frame.allow_room()


COMMANDS: Final = (
    Command(
        "new",
        "&New",
        "Begin with an empty sheet",
        lambda shop: shop.files.new(),
        keys="Ctrl+N",
        icon="new",
        menu="File",
        toolbar="files",
    ),
    Command("examples", "Open &example", "Networks ready to play", entries=_examples, menu="File"),
    Command(
        "open",
        "&Open…",
        "Open a project, a .bpviz file",
        lambda shop: shop.files.open(),
        keys="Ctrl+O",
        icon="open",
        menu="File",
        toolbar="files",
    ),
    Command(
        "recent",
        "Open &recent",
        "Projects opened or saved lately",
        entries=_recent,
        menu="File",
        why_not=_no_recent,
    ),
    Command(
        "open_data",
        "Open &data…",
        "Learn from your own table: text such as CSV, a workbook and others",
        lambda shop: shop.files.open_data(),
        keys="Ctrl+Shift+O",
        icon="table",
        menu="File",
    ),
    Command(
        "paste_table",
        "Ta&ble from clipboard…",
        "Learn from a table that was copied, as from a spreadsheet",
        lambda shop: shop.files.paste_table(),
        menu="File",
    ),
    Command(
        "save",
        "&Save",
        "Save the project with its trained state",
        lambda shop: shop.files.save(),
        keys="Ctrl+S",
        icon="save",
        menu="File",
        group=1,
        toolbar="files",
    ),
    Command(
        "save_as",
        "Save &as…",
        "Save the project under another name",
        lambda shop: shop.files.save_as(),
        keys="Ctrl+Shift+S",
        menu="File",
        group=1,
    ),
    Command(
        "export_weights",
        "Export &weights…",
        "Write the trained network as .npz, .safetensors, .json, .csv or .onnx",
        lambda shop: shop.exports.weights(),
        keys="Ctrl+E",
        icon="export",
        menu="File",
        group=2,
    ),
    Command(
        "export_code",
        "Export &code…",
        "Show the run as a program for NumPy, PyTorch or Keras, which trains as it does, and save it",
        lambda shop: shop.exports.code(),
        icon="export",
        menu="File",
        group=2,
    ),
    Command(
        "export_plot",
        "Export &plot",
        "Write a plot as PNG, SVG or PDF, or its numbers as CSV",
        entries=_plots,
        icon="chart",
        menu="File",
        group=2,
    ),
    Command(
        "export_network",
        "Export networ&k picture…",
        f"Write the drawing of the network as {formats_text()}",
        lambda shop: shop.exports.network(),
        icon="network",
        menu="File",
        group=2,
    ),
    Command(
        "copy_network_picture",
        "Cop&y network picture",
        "Put the drawing of the network on the clipboard",
        lambda shop: shop.exports.copy_network(),
        menu="File",
        group=2,
    ),
    Command(
        "animation",
        "Ani&mation…",
        "Write how the run went, its network or a plot, as a GIF, a video or pictures",
        lambda shop: shop.exports.records.animation(),
        menu="File",
        group=2,
    ),
    Command(
        "report",
        "Repor&t…",
        "Write a page about the run: network, settings, plots, results and weights",
        lambda shop: shop.exports.records.report(),
        menu="File",
        group=2,
    ),
    Command(
        "preferences",
        "Pre&ferences…",
        "Theme and motion",
        _preferences,
        keys="Ctrl+,",
        icon="settings",
        menu="File",
        group=3,
    ),
    Command(
        "quit",
        "&Quit",
        "Close bpviz",
        lambda shop: shop.frame.close(),
        keys="Ctrl+Q",
        icon="quit",
        menu="File",
        group=3,
    ),
)

"""The rules that keep the rooms apart, checked."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted((ROOT / "bpviz").rglob("*.py"))
BELOW_WINDOW = [
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for path in MODULES
    if path.relative_to(ROOT / "bpviz").parts[0] not in ("ui", "__main__.py")
]
LONGEST_MODULE = 400
LONGEST_FUNCTION = 60  # about 40 lines of code, with room for the docstring


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


_SHOWN_WINDOW = """
import os
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
from pathlib import Path
from PySide6.QtWidgets import QApplication
from bpviz.ui.app import make_window
from bpviz.ui.preferences import Preferences

def show():
    app = QApplication([])
    window = make_window(app, Preferences(Path({settings!r})))
    window.start()
    window.show_restored()
    window.abandon()

show()
"""


def _loaded_after(statements: str) -> set[str]:
    """Run statements in a fresh interpreter and list the packages that it then has loaded."""
    code = f"{statements}\nimport sys\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    answer = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stderr
    return set(answer.stdout.split())


def test_imports_point_downwards() -> None:
    # In a process of its own: it switches off the logs of all that is loaded.
    code = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    answer = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stderr or answer.stdout.partition("Broken contracts")[2]


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_a_module_is_short_and_says_what_it_is_for(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(text)), "it does not start with a docstring"
    assert text.count("\n") <= LONGEST_MODULE


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_functions_are_short(path: Path) -> None:
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    long = [
        f"{node.name} starts in line {node.lineno}"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, functions) and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    ]
    assert not long


def test_every_package_has_its_contract_in_an_init() -> None:
    folders = {path.parent for path in MODULES}
    assert [folder for folder in folders if not (folder / "__init__.py").is_file()] == []


def test_nothing_below_the_window_loads_qt() -> None:
    loaded = _loaded_after("\n".join(f"import {name}" for name in BELOW_WINDOW))
    assert not loaded & {"PySide6", "shiboken6", "pyqtgraph"}


def test_importing_bpviz_is_quick_because_it_loads_nothing_heavy() -> None:
    assert not _loaded_after("import bpviz") & {"PySide6", "numba", "scipy", "matplotlib", "numpy", "click"}


def test_naming_the_commands_loads_neither_qt_nor_numba_nor_matplotlib() -> None:
    assert not _loaded_after("import bpviz.cli") & {"PySide6", "pyqtgraph", "numba", "matplotlib"}


def test_the_window_is_built_and_shown_before_anything_slow_is_loaded(tmp_path: Path) -> None:
    loaded = _loaded_after(_SHOWN_WINDOW.format(settings=str(tmp_path / "settings.ini")))
    assert "PySide6" in loaded
    assert not loaded & {"pyqtgraph", "numba", "llvmlite", "scipy", "matplotlib", "safetensors"}


def test_folders_beside_the_package_shadow_no_library() -> None:
    # packaging/__init__.py would hide the library of that name, which matplotlib and pytest need.
    assert not [name for name in ("packaging", "resources") if (ROOT / name / "__init__.py").exists()]


def test_no_modules_import_each_other() -> None:
    assert sorted(_circles(_imports())) == []


def test_a_circle_is_found_also_where_it_hides() -> None:
    assert _circles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"d", "a"}}) == [["b", "c"], ["d"]]
    inside = (
        "def later():\n    from bpviz import api\nif TYPE_CHECKING:\n    from bpviz.model.spec import Node"
    )
    assert _imported(inside, {"bpviz.api", "bpviz.model.spec"}) == {"bpviz.api", "bpviz.model.spec"}


def _imports() -> dict[str, set[str]]:
    """For each module those it imports, whether at once, inside a function or for type checking alone."""
    paths = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for path in MODULES
    }
    return {name: _imported(path.read_text(encoding="utf-8"), set(paths)) for name, path in paths.items()}


def _imported(source: str, known: set[str]) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.module, "an import without its full name"
            for alias in node.names:
                member = f"{node.module}.{alias.name}"
                # A name of a package is a module of it, or else stands in its __init__.
                found.add(member if member in known else node.module)
    return found & known


def _circles(imports: dict[str, set[str]]) -> list[list[str]]:
    """Modules that lead to each other and back, and those that import themselves."""
    reached = {name: set(targets) for name, targets in imports.items()}
    for between in imports:
        for name in imports:
            if between in reached[name]:
                reached[name] |= reached[between]
    circles = {
        tuple(sorted({name} | {other for other in reached[name] if name in reached[other]}))
        for name in imports
        if name in reached[name]
    }
    return [list(circle) for circle in sorted(circles)]

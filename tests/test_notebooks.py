"""Notebooks hold calls and words: no outputs, no definitions, and they run."""

from __future__ import annotations

import ast
from pathlib import Path

import nbformat
import pytest

FOLDER = Path(__file__).parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))

#: Seconds after which a cell counts as hanging.
CELL_TIMEOUT = 600


def code_cells(path: Path) -> list[nbformat.NotebookNode]:
    notebook = nbformat.read(path, as_version=4)
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.name)
class TestNotebook:
    def test_holds_no_outputs(self, path):
        held = [cell.source for cell in code_cells(path) if cell.outputs or cell.execution_count]

        assert not held, "clear all outputs before committing"

    def test_defines_nothing(self, path):
        defined = [
            getattr(node, "name", "lambda")
            for cell in code_cells(path)
            for node in ast.walk(ast.parse(cell.source))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda)
        ]

        assert not defined, f"move {defined} into wageguide/ and test it there"

    def test_hides_no_warning(self, path):
        assert not [c.source for c in code_cells(path) if "filterwarnings" in c.source]

    def test_begins_with_a_title_and_has_one_cell_of_parameters(self, path):
        first = nbformat.read(path, as_version=4).cells[0]
        tags = [cell.metadata.get("tags", []) for cell in code_cells(path)]

        assert first.cell_type == "markdown"
        assert first.source.startswith("# ")
        assert sum("parameters" in t for t in tags) == 1

    @pytest.mark.slow
    def test_runs_on_the_sample(self, path, tmp_path):
        # From an empty folder: what it reads comes with the package, what it writes goes here.
        from nbclient import NotebookClient

        notebook = nbformat.read(path, as_version=4)
        NotebookClient(
            notebook, timeout=CELL_TIMEOUT, resources={"metadata": {"path": str(tmp_path)}}
        ).execute()


def test_there_are_notebooks():
    assert NOTEBOOKS  # an empty list of parameters passes silently

"""The yearly notebooks, run on this year's returns and kept as pages for the analysts."""

from __future__ import annotations

import ast
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from wageguide.errors import ReleaseError
from wageguide.policy import Policy

#: The set that is run every year, by file name; each has one cell of parameters.
YEARLY = ("10_price_tables.ipynb",)
#: Seconds after which a cell counts as hanging.
_CELL_TIMEOUT = 3600


def notebooks_dir() -> Path:
    """The folder of notebooks: in the wheel, or beside the package."""
    package = Path(__file__).parents[1]
    installed = package / "_notebooks"
    return installed if installed.is_dir() else package.parent / "notebooks"


def write_notebooks(
    folder: Path, survey_path: Path, policy: Policy, *, year: int, progress: bool = False
) -> None:
    """Run the yearly notebooks and write each as an HTML page.

    They run in a folder of their own in which the inputs have fixed names, so that the
    pages hold no path of this machine and the same input gives the same bytes.

    Parameters
    ----------
    folder
        Folder to make.
    survey_path
        Folder of returns, or one file.
    policy
        The policy; its weights name the frame.
    year
        Reference year.
    progress
        Whether each notebook is named on standard error.

    Raises
    ------
    ReleaseError
        If the notebook packages are not installed, there is no frame, or a cell fails.
    """
    try:
        import nbconvert  # noqa: F401
        import nbformat
        from nbclient import NotebookClient
        from nbclient.exceptions import CellExecutionError
    except ImportError as error:
        raise ReleaseError(
            f"Notebooks cannot be run: {error.name} is not installed. "
            'Install them with pip install "wageguide[notebook]".'
        ) from error
    frame = policy.sections.get("weights", {}).get("frame")
    if not frame:
        raise ReleaseError(
            f"The notebooks weigh the survey, and {policy.path.name} names no [weights] frame. "
            "Add it, or make the release without notebooks."
        )
    from tqdm import tqdm

    read: Any = nbformat.read
    folder.mkdir()
    with tempfile.TemporaryDirectory() as place:
        work = Path(place)
        returns = Path("returns") if survey_path.is_dir() else Path(f"returns{survey_path.suffix}")
        _bring(survey_path, work / returns)
        _bring(policy.path.parent, work / "policy")
        values = {
            "YEAR": str(year),
            "RETURNS": f"Path({returns.as_posix()!r})",
            "POLICY": f"Path({f'policy/{policy.path.name}'!r})",
            "FRAME": f"Path({f'policy/{frame}'.replace('{year}', str(year))!r})",
            "OUT": f"Path({f'release/{year}'!r})",
        }
        for name in tqdm(YEARLY, desc="笔记本 Notebooks", disable=not progress, unit=""):
            notebook = read(notebooks_dir() / name, as_version=4)
            _set_parameters(notebook, values)
            client = NotebookClient(
                notebook,
                timeout=_CELL_TIMEOUT,
                record_timing=False,
                resources={"metadata": {"path": str(work)}},
            )
            try:
                client.execute()
            except CellExecutionError as error:
                raise ReleaseError(f"The notebook {name} stopped: {error}") from error
            page = folder / Path(name).with_suffix(".html").name
            page.write_text(_page(notebook, name), encoding="utf-8", newline="\n")


def _bring(source: Path, place: Path) -> None:
    """Put an input under a fixed name: as a link, or copied where links are not allowed."""
    source = source.resolve()
    try:
        os.symlink(source, place, target_is_directory=source.is_dir())
    except OSError:
        if source.is_dir():
            shutil.copytree(source, place)
        else:
            shutil.copy2(source, place)


def _set_parameters(notebook: Any, values: Mapping[str, str]) -> None:
    """Give the parameters of a notebook other values, and leave the rest of the cell.

    Parameters
    ----------
    notebook
        A notebook with one cell tagged ``parameters``.
    values
        Python expressions by name; names that the cell does not assign are left out.
    """
    cells = [c for c in notebook.cells if "parameters" in c.metadata.get("tags", [])]
    if len(cells) != 1:
        raise ReleaseError(f"A notebook has {len(cells)} cells of parameters; it should have one.")
    lines = cells[0].source.splitlines()
    for node in reversed(ast.parse(cells[0].source).body):
        if not (isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)):
            continue
        name = node.targets[0].id
        if name in values:
            lines[node.lineno - 1 : node.end_lineno] = [f"{name} = {values[name]}"]
    cells[0].source = "\n".join(lines)


def _page(notebook: Any, name: str) -> str:
    """The notebook as one page that fetches nothing from elsewhere."""
    from nbconvert import HTMLExporter

    exporter: Any = cast("Any", HTMLExporter)(template_name="basic")
    body, _ = exporter.from_notebook_node(notebook)
    title = Path(name).stem
    return (
        '<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "img-src data:; style-src 'unsafe-inline'\">"
        f"<title>{title}</title><style>{_STYLE}</style></head>\n<body>\n{body}\n</body></html>\n"
    )


_STYLE = (
    "body{max-width:64rem;margin:2rem auto;padding:0 1rem;font:16px/1.6 system-ui,"
    '"Noto Sans SC","Microsoft YaHei",sans-serif;color:#222}pre{overflow:auto;font-size:.85rem;'
    "background:#f6f6f6;padding:.6rem}.jp-InputPrompt,.jp-OutputPrompt,.prompt{display:none}"
    "table{border-collapse:collapse;font-size:.85rem}td,th{border:1px solid #ccc;"
    "padding:.2rem .5rem;text-align:right}.jp-Cell-outputWrapper,.output{overflow:auto}"
    "a.anchor-link{display:none}"
)

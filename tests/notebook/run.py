"""Runs the notebook, with a kernel of its own, against the offline fake.

What it shows is kept in its file: `python tests/notebook/run.py` writes it anew. Read the difference before you commit.
"""

from __future__ import annotations

import html
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

if TYPE_CHECKING:
    from nbformat import NotebookNode

NOTEBOOK = Path(__file__).with_name("pictures.ipynb")
GENERATED = Path(__file__).parents[2] / "generated"
# Seconds for a cell; none takes one.
_LONGEST = 120
_HEAD = """<!doctype html><meta charset=utf-8>
<style>body { font-family: sans-serif; margin: 16px; background: #fff } pre { white-space: pre-wrap }</style>
"""
_KEPT = ("data", "text", "name", "ename", "evalue")


def stored() -> NotebookNode:
    """The notebook as it is in its file."""
    import nbformat

    return nbformat.read(NOTEBOOK, as_version=4)


def executed(folder: Path) -> NotebookNode:
    """The notebook after all its cells have run.

    Args:
        folder: Where the kernel runs, and keeps what it has to.
    """
    from nbclient import NotebookClient

    notebook = stored()
    with mock.patch.dict(os.environ, _environment(folder)):
        NotebookClient(
            notebook, timeout=_LONGEST, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
        ).execute()
    return notebook


def shown(notebook: NotebookNode) -> list[list[dict[str, Any]]]:
    """What each cell of code shows, without what differs from run to run."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return [[{name: one[name] for name in _KEPT if name in one} for one in cell.outputs] for cell in cells]


def as_page(notebook: NotebookNode) -> str:
    """The notebook as a page: its cells, and below each what it shows, as Jupyter would show it."""
    parts = [_HEAD]
    for cell in notebook.cells:
        parts.append(f"<pre style='background:#f4f4f4;padding:8px'>{html.escape(cell.source)}</pre>")
        for one in cell.get("outputs", []):
            data = one.get("data", {})
            parts.append(data.get("text/html") or f"<pre>{html.escape(data.get('text/plain') or one['text'])}</pre>")
    return "\n".join(parts)


def _environment(folder: Path) -> dict[str, str]:
    """What the kernel sees: this client, no settings of whoever runs the tests, and no display of progress."""
    theirs = ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
    own = {name: str(folder) for name in theirs}
    return {**own, "PYTHONPATH": str(GENERATED), "FAL_TYPED_PROGRESS": "0", "PYDEVD_DISABLE_FILE_VALIDATION": "1"}


def main() -> None:
    """Write what the notebook shows into its file."""
    import nbformat

    with tempfile.TemporaryDirectory() as folder:
        notebook = executed(Path(folder))
    for cell in notebook.cells:
        cell.metadata = {}
    notebook.metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    nbformat.write(notebook, NOTEBOOK)


if __name__ == "__main__":
    sys.exit(main())

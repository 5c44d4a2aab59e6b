"""What every command stands on: the application, where messages and data go, exit codes.

Messages go to stderr, data to stdout.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from ..project.settings import Settings, load_settings
from ..version import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..diagnostics import Diagnostic

# Of what `--json` prints. One more where a key goes, or means something else; a new key is no other version.
JSON_VERSION = 1
CLEAN, DRIFT, USAGE, NETWORK, BROKEN, INTERRUPTED = 0, 1, 2, 3, 4, 130

app = typer.Typer(
    name="generator", no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False
)
# Where nobody looks at a screen, no line is cut to fit one.
out = Console(highlight=False, emoji=False, soft_wrap=True, width=None if sys.stdout.isatty() else 1000)
err = Console(stderr=True, highlight=False, emoji=False, soft_wrap=True)


@dataclass(frozen=True, slots=True)
class _Project:
    root: Path


def _show_version(wanted: bool) -> None:
    if wanted:
        out.print(f"fal-typed-generator {VERSION}", markup=False)
        raise typer.Exit(CLEAN)


@app.callback()
def _options(
    context: typer.Context,
    project: Annotated[Path, typer.Option(help="The folder of the pyproject.toml with [tool.fal-typed].")] = Path(),
    version: Annotated[  # noqa: ARG001 - its callback does it
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version, and exit.")
    ] = False,
) -> None:
    """Generate a typed Python client for fal.ai from the endpoints' OpenAPI documents."""
    context.obj = _Project(project)


def folder_of(context: typer.Context) -> Path:
    """The folder that `--project` names."""
    project: _Project = context.obj
    return project.root


def settings_of(context: typer.Context, *, may_begin: bool = False) -> Settings:
    """The settings of the project that `--project` names.

    Args:
        context: Of the command.
        may_begin: Whether there may be no folder of documents yet.

    Raises:
        SettingsError: They are not as they should be.
    """
    return load_settings(folder_of(context), may_begin=may_begin)


def report(diagnostics: Iterable[Diagnostic], texts: Mapping[str, str]) -> None:
    """Print what was found, a line each."""
    for diagnostic in diagnostics:
        err.print(diagnostic.render(texts), markup=False)


def print_json(value: Mapping[str, object]) -> None:
    """Print data for programs, with the version of its shape."""
    text = json.dumps({"version": JSON_VERSION, **value}, indent=2, ensure_ascii=False)
    # A document's names and texts are in it: what JSON leaves as it is can still steer a terminal, and half a character
    # cannot be printed at all.
    sys.stdout.write(re.sub(r"[^\n -~]", _escaped, text) + "\n")


def _escaped(found: re.Match[str]) -> str:
    """A character as it is, if it can be seen; else as JSON escapes it."""
    return found[0] if found[0].isprintable() else json.dumps(found[0])[1:-1]

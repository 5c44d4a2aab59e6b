"""`census`: the table of fal's shared types, which every project's names begin with."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  (typer looks at it when the program runs)
from typing import TYPE_CHECKING, Annotated

import typer

from ..ir.census import CensusError, table_from
from ..json_text import NotJsonError
from ..project.files import replace_file
from ..project.settings import SettingsError
from ..project.type_table import TABLE_PATH, TypeTable, parse_table, render_table
from .app import app, err

if TYPE_CHECKING:
    from ..project.type_table import Entry


@app.command()
def census(
    file: Annotated[Path, typer.Argument(help="The census: for each component its structures, with their counts.")],
    table: Annotated[Path, typer.Option(help="The table to bring up to date; else the generator's own.")] = TABLE_PATH,
) -> None:
    """Name the shared types of fal's catalogue by their use; who has a name in the table keeps it."""
    known = _table(table)
    try:
        made = table_from(file.read_text(encoding="utf-8"), known)
    except UnicodeDecodeError as error:
        raise SettingsError(f"{file}:1: not UTF-8: {error.reason}") from None
    except NotJsonError as error:
        raise SettingsError(f"{file}:{error.line or 1}: {error}") from None
    except CensusError as error:
        raise SettingsError(f"{file}:{error}") from None
    for key in sorted(made.entries.keys() - known.entries.keys()):
        err.print(f"new: {_described(made.entries[key])}", markup=False)
    for one in made.entries.values():
        if made.is_tie(one) and not one.reason:
            err.print(f"a tie: {_described(one)}; decide who has the plain name, and give a reason", markup=False)
    text = render_table(made)
    if not table.is_file() or table.read_text(encoding="utf-8") != text:
        replace_file(table, text.encode(), durable=True)
    numbered = sum(made.is_numbered(one) for one in made.entries.values())
    err.print(f"{table}: {len(made.entries)} types, {numbered} of them with a number for a name", markup=False)


def _described(one: Entry) -> str:
    return f"{one.kind}.{one.name}, {one.component} of {one.endpoints} endpoint{'' if one.endpoints == 1 else 's'}"


def _table(path: Path) -> TypeTable:
    """The table so far.

    Raises:
        SettingsError: The file is none. It is not overwritten: names that people gave are in it.
    """
    if not path.is_file():
        return TypeTable()
    try:
        return parse_table(path.read_text(encoding="utf-8"))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SettingsError(f"{path}: not a table of types: {error}; restore it from version control") from None

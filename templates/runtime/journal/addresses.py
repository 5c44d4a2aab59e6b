"""Where a journal is, as callers say it."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .store import Store


_SQLITE = re.compile(r"sqlite(\+\w+)?:///(?P<path>.*)", re.DOTALL)


def absolute(address: str | os.PathLike[str]) -> str:
    """An address that means the same in another folder: a URL of a server as it is, a path in full."""
    text = os.fspath(address)
    if not isinstance(text, str):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"a journal's address must be text or a path, not {type(text).__name__}")
    if (file := _SQLITE.match(text)) is not None:
        text = file["path"]
    if not text.strip() or "\0" in text:
        raise ValueError(f"a journal's address must be a path or a URL, not {text!r}")
    return text if "://" in text else os.path.realpath(text)


def open_store(url: str) -> Store:
    """The store at an absolute address.

    Raises:
        JournalError: It cannot be opened, or is no journal.
        ImportError: The packages of the extra `batch` are not installed.
    """
    scheme, is_url, _ = url.partition("://")
    if is_url and scheme.partition("+")[0] not in ("postgresql", "postgres"):
        raise ValueError(f"a journal is a path, sqlite:///path or postgresql://…, not {scheme}://…")
    try:
        if is_url:
            from .sql.postgres import PostgresStore

            return PostgresStore(url)
        from .sql.sqlite import SqliteStore
    except ModuleNotFoundError as error:
        if error.name not in ("sqlalchemy", "psycopg"):
            raise
        raise ImportError(
            f"a journal in a file or a database needs {error.name}: pip install sqlalchemy 'psycopg[binary]', "
            "or this package with the extra `batch`",
            name=error.name,
        ) from None
    return SqliteStore(url)

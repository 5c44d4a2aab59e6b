"""What an editor is offered, in the order in which it shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from editors.language_server import LanguageServer, Program

if TYPE_CHECKING:
    from pathlib import Path


def offered(folder: Path, code: str, packages: Path) -> list[str]:
    """What pyright offers behind the end of a program, in the order in which an editor shows it.

    Args:
        folder: Where to write the program.
        code: The program.
        packages: Where the package is that it uses.
    """
    with LanguageServer(folder, packages) as server:
        return Program(server, folder / "panda.py", code).offered()

"""The command line of the package, in this process, and the server that it calls."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

import pytest
from command_line import Ran, settings
from fal_typed.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable

    from fal_server import FalServer


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    """Run a command in this process."""

    def run(*arguments: str, stdin: bytes = b"") -> Ran:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsys.readouterr()
        code = main(arguments)
        return Ran(code, *capsys.readouterr())

    return run


@pytest.fixture
def fal(server: FalServer, monkeypatch: pytest.MonkeyPatch) -> FalServer:
    """The server, where the environment leads to it."""
    for name, value in settings(server).items():
        monkeypatch.setenv(name, value)
    return server

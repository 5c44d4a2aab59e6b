"""The proxy as people mount it: a table of ways."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import asgi_shells, wsgi_shells

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from fal_typed import Hosts


@dataclass(frozen=True)
class Shell:
    """One way.

    Attributes:
        serve: Serves a proxy to a fal; its URL.
        is_quick: Whether `make test` has it; the others are slow.
        sees_leaving: Whether it sees that a caller left who waits for an answer: WSGI does not tell.
    """

    serve: Callable[[Hosts], AbstractContextManager[str]]
    is_quick: bool = False
    sees_leaving: bool = True


SHELLS = {
    "asgi": Shell(asgi_shells.alone, is_quick=True),
    "asgi-with-owners": Shell(asgi_shells.with_owners),
    "asgi-on-httpx2": Shell(asgi_shells.on_httpx2),
    "starlette-middleware": Shell(asgi_shells.behind_middleware),
    "fastapi": Shell(asgi_shells.in_fastapi),
    "wsgi": Shell(wsgi_shells.alone, is_quick=True, sees_leaving=False),
    "flask": Shell(wsgi_shells.in_flask, sees_leaving=False),
    "django": Shell(wsgi_shells.in_django, sees_leaving=False),
}

"""What a view of Django reads and returns to have the proxy answer. Imported when a view does that."""

# Where the framework is not installed its types are not known.
# pyright: basic

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Protocol

from asgiref.sync import sync_to_async  # type: ignore[import-not-found,unused-ignore] # pyright: ignore
from django.http import StreamingHttpResponse  # type: ignore # pyright: ignore

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Mapping

    from ..headers import RawHeaders


class DjangoRequest(Protocol):
    """A `django.http.HttpRequest`."""

    @property
    def META(self) -> Mapping[str, Any]:
        """WSGI's environ, and on ASGI something like it."""
        ...

    def read(self, size: int, /) -> bytes:
        """At most so many bytes of the body."""
        ...


def body_of(request: DjangoRequest) -> dict[str, Any]:
    """Where the body is, as WSGI says it: Django gives none that has no length, but on ASGI."""
    meta = request.META
    is_wsgi = "wsgi.input" in meta
    is_terminated = bool(meta.get("wsgi.input_terminated")) or not is_wsgi
    source = meta["wsgi.input"] if is_wsgi and is_terminated and not meta.get("CONTENT_LENGTH") else request
    return {"wsgi.input": source, "wsgi.input_terminated": is_terminated}


async def _awaited(pieces: Iterable[bytes]) -> AsyncIterator[bytes]:
    """The pieces as they come: on ASGI, Django would collect those of a plain iterator until there are no more."""
    iterator = iter(pieces)

    def following() -> bytes | None:
        return next(iterator, None)

    # A thread of its own: one that waits for a silent stream must not keep those of other requests.
    own = ThreadPoolExecutor(1, thread_name_prefix="fal-proxy")
    try:
        while (piece := await sync_to_async(following, thread_sensitive=False, executor=own)()) is not None:
            yield piece
    finally:
        close = getattr(pieces, "close", None)
        if close is not None:
            close()
        own.shutdown(wait=False)


def response_of(
    request: DjangoRequest, status: int, headers: RawHeaders, pieces: Iterable[bytes]
) -> StreamingHttpResponse:
    """An answer as Django's."""
    is_wsgi = "wsgi.input" in request.META
    response = StreamingHttpResponse(pieces if is_wsgi else _awaited(pieces), status=status)
    del response["content-type"]
    for name, value in ((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers):
        response[name] = f"{response[name]}, {value}" if name in response else value
    return response

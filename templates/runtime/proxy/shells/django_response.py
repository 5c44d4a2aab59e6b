"""What a view of Django reads and returns to have the proxy answer. Imported when a view does that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from django.http import StreamingHttpResponse  # type: ignore # pyright: ignore

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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


def response_of(status: int, headers: RawHeaders, pieces: Iterable[bytes]) -> StreamingHttpResponse:
    """An answer as Django's."""
    response = StreamingHttpResponse(pieces, status=status)
    del response["content-type"]
    for name, value in ((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers):
        response[name] = f"{response[name]}, {value}" if name in response else value
    return response

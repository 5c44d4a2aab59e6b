"""A site of Django's that has nothing but views."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import types


def django_site(urls: types.ModuleType, *middleware: str, is_async: bool = False) -> Any:
    """A WSGI or ASGI application of the views in a module like `urls.py`. A process has one: the last one made."""
    import django
    from django.conf import settings
    from django.core.handlers.asgi import ASGIHandler
    from django.core.handlers.wsgi import WSGIHandler
    from django.urls import clear_url_caches

    sys.modules[urls.__name__] = urls
    if not settings.configured:
        settings.configure(SECRET_KEY="x", ALLOWED_HOSTS=["*"])
    settings.ROOT_URLCONF = urls.__name__
    settings.MIDDLEWARE = ["django.middleware.csrf.CsrfViewMiddleware", *middleware]
    django.setup()
    clear_url_caches()

    class Handler(ASGIHandler):
        """One that leaves no file behind where an answer breaks off, as Django's own does."""

        async def read_body(self, receive: Any) -> Any:
            with await super().read_body(receive) as file:
                return io.BytesIO(file.read())

    return Handler() if is_async else WSGIHandler()

"""A site of Django's that has nothing but views."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import types


def django_site(urls: types.ModuleType, *middleware: str) -> Any:
    """A WSGI application of the views in a module like `urls.py`. There is one in a process: the last one made."""
    import django
    from django.conf import settings
    from django.core.handlers.wsgi import WSGIHandler
    from django.urls import clear_url_caches

    sys.modules[urls.__name__] = urls
    if not settings.configured:
        settings.configure(SECRET_KEY="x", ALLOWED_HOSTS=["*"])
    settings.ROOT_URLCONF = urls.__name__
    settings.MIDDLEWARE = ["django.middleware.csrf.CsrfViewMiddleware", *middleware]
    django.setup()
    clear_url_caches()
    return WSGIHandler()

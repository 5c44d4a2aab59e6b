"""The proxy in applications of WSGI, on waitress."""

from __future__ import annotations

import contextlib
from types import ModuleType
from typing import TYPE_CHECKING, Any

from fal_server.django_site import django_site
from fal_server.wsgi import running_wsgi
from fal_typed.proxy import WsgiFalProxy

from .allowed import METHODS, PLACE, settings, user_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fal_typed import Hosts


def authorize(request: Any) -> str | None:
    return user_of(request.headers)


@contextlib.contextmanager
def alone(hosts: Hosts) -> Iterator[str]:
    """An application of its own."""
    with WsgiFalProxy(**settings(hosts, authorize=authorize)) as proxy, running_wsgi(proxy) as url:
        yield url + PLACE


@contextlib.contextmanager
def in_flask(hosts: Hosts) -> Iterator[str]:
    """A view that knows who asks."""
    import flask

    app = flask.Flask("shop")
    with WsgiFalProxy(**settings(hosts)) as proxy:

        @app.route(PLACE, methods=METHODS)
        def to_fal() -> Any:
            return proxy.answer(user_of(flask.request.headers))

        with running_wsgi(app) as url:
            yield url + PLACE


@contextlib.contextmanager
def in_django(hosts: Hosts) -> Iterator[str]:
    """A view behind the middleware that Django gives a new project."""
    from django.urls import path

    urls: Any = ModuleType("javascript_urls")
    with WsgiFalProxy(**settings(hosts)) as proxy:

        def to_fal(request: Any) -> Any:
            return proxy.django_view(request, user_of(request.headers))

        to_fal.csrf_exempt = True  # type: ignore[attr-defined]
        urls.urlpatterns = [path(PLACE[1:], to_fal)]
        with running_wsgi(django_site(urls, *DJANGO_MIDDLEWARE)) as url:
            yield url + PLACE


# What Django gives a new project beside the check for CSRF tokens, as far as it needs no database.
DJANGO_MIDDLEWARE = (
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
)

"""The proxy in applications of WSGI, on waitress."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

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
    from django.conf import settings as project

    if not project.configured:
        project.configure(ALLOWED_HOSTS=["*"], SECRET_KEY="none")
    from django.core.handlers.wsgi import WSGIHandler
    from django.test import override_settings
    from django.urls import path

    with WsgiFalProxy(**settings(hosts)) as proxy:

        def to_fal(request: Any) -> Any:
            return proxy.django_view(request, user_of(request.headers))

        to_fal.csrf_exempt = True  # type: ignore[attr-defined]
        middleware = [f"django.middleware.{name}" for name in DJANGO_MIDDLEWARE]
        with (
            override_settings(ROOT_URLCONF=(path(PLACE[1:], to_fal),), MIDDLEWARE=middleware, ALLOWED_HOSTS=["*"]),
            running_wsgi(WSGIHandler()) as url,
        ):
            yield url + PLACE


DJANGO_MIDDLEWARE = (
    "security.SecurityMiddleware",
    "common.CommonMiddleware",
    "csrf.CsrfViewMiddleware",
    "clickjacking.XFrameOptionsMiddleware",
)

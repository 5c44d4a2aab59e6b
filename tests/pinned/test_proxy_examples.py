"""The applications with a proxy that the README of the package shows, served as they stand before the fake server."""

from __future__ import annotations

import re
import sys
import tomllib
import types
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import fal_typed
import httpx
import pytest
from fal_server.asgi import running
from fal_server.django_site import django_site
from fal_server.wsgi import running_wsgi
from pages.ways import blocks

from .catalog import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fal_server import FalServer

APPLICATIONS = {
    re.findall(r"^from (starlette|fastapi|flask|django)", block.code, re.MULTILINE)[0]: block.code
    for block in blocks("proxy")
}
KEY = "a:b"


class User:
    """What a middleware of Django's makes of a session."""

    def __init__(self, get_response: Any) -> None:
        self._get_response = get_response

    def __call__(self, request: Any) -> Any:
        """See Django."""
        request.user = types.SimpleNamespace(pk=7 if request.COOKIES.get("session") == "known" else None)
        return self._get_response(request)


@contextmanager
def served(framework: str) -> Iterator[str]:
    """The URL of an application of the README."""
    names = types.ModuleType("shown_in_the_readme")
    exec(APPLICATIONS[framework], names.__dict__)
    if framework != "django":
        serve = running_wsgi if framework == "flask" else running
        with serve(names.app) as url:
            yield url
    else:
        with running_wsgi(django_site(names, f"{User.__module__}.User")) as url:
            yield url
    if framework in ("flask", "django"):
        names.proxy.close()


def test_each_framework_has_one() -> None:
    assert APPLICATIONS.keys() == {"starlette", "fastapi", "flask", "django"}


@pytest.mark.parametrize("framework", APPLICATIONS)
def test_the_proxy_of_the_readme_keeps_the_key(
    server: FalServer, monkeypatch: pytest.MonkeyPatch, framework: str
) -> None:
    variables = {"FAL_KEY": KEY, "FAL_RUN_HOST": server.run_url, "FAL_QUEUE_RUN_HOST": server.queue_url}
    for name, text in variables.items():
        monkeypatch.setenv(name, text)
    with served(framework) as url:
        for session, status in (("known", 200), ("", 401)):
            client = httpx.Client(cookies={"session": session})
            with client, fal_typed.Fal(proxy_url=f"{url}/api/fal/proxy", http_client=client) as fal:
                try:
                    fal.recraft.v2.text_to_image.subscribe(prompt="x")
                    answered = 200
                except fal_typed.AuthenticationError as error:
                    answered = error.status_code
            assert answered == status
        with httpx.Client(cookies={"session": "known"}) as client:
            headers = {"x-fal-target-url": "https://queue.fal.run/fal-ai/recraft/requests/somebodys/status"}
            asked = client.get(f"{url}/api/fal/proxy", headers=headers)
            assert asked.json() == (
                {"status": "NOT_FOUND"} if framework == "starlette" else {"detail": "Request not found"}
            )
    assert {each.headers["authorization"] for each in server.seen} == {f"Key {KEY}"}


@pytest.mark.parametrize("framework", APPLICATIONS)
def test_an_extra_installs_what_its_example_imports(framework: str) -> None:
    project = tomllib.loads((ROOT / "generated" / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (needed,) = project["optional-dependencies"][framework]
    imported = set(re.findall(r"^(?:from|import) (\w+)", APPLICATIONS[framework], re.MULTILINE))
    assert imported - sys.stdlib_module_names == {re.match(r"\w+", needed)[0], "fal_typed"}  # type: ignore[index]

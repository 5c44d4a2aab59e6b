"""Where the key is found, in which order, and that a login is renewed while a client lives."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import os
import stat
import sys
import threading
import time
import traceback
import types
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import httpx
import pytest
from runtime import errors
from runtime.http import login
from runtime.http.credentials import Secret
from runtime_sample import AsyncFal, Fal
from runtime_twin import OUTPUT, Steps, Twin

if TYPE_CHECKING:
    from pathlib import Path

VARIABLES = ("FAL_KEY", "FAL_KEY_ID", "FAL_KEY_SECRET", "FAL_FORCE_AUTH_BY_USER")


def token(seconds: float, name: str = "t") -> str:
    """An access token that ends so many seconds from now."""
    claims = json.dumps({"exp": time.time() + seconds, "name": name}).encode()
    return f"head.{base64.urlsafe_b64encode(claims).rstrip(b'=').decode()}.signature"


class Fals:
    """fal and its giver of tokens, behind a client of httpx.

    Attributes:
        sent: The Authorization of each call.
        asked: The form of each request for a token.
        given: What the next requests for a token are answered with.
    """

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.asked: list[dict[str, list[str]]] = []
        self.given: list[httpx.Response] = []
        self.status = 200
        self.held: threading.Event | None = None

    def tokens(self, **fields: Any) -> None:
        self.given.append(httpx.Response(200, json=fields))

    def answer(self, request: httpx.Request) -> httpx.Response:
        if str(request.url) == login.TOKEN_URL:
            assert "authorization" not in request.headers
            self.asked.append(parse_qs(request.content.decode()))
            if self.held is not None:
                assert self.held.wait(60)
            return self.given.pop(0)
        self.sent.append(request.headers["authorization"])
        body: Any = OUTPUT if self.status == 200 else {"detail": f"unknown: {self.sent[-1]}"}
        return httpx.Response(self.status, json=body, headers={"x-fal-request-id": "r"})

    async def answer_soon(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        await asyncio.sleep(0)
        return self.answer(request)


@pytest.fixture
def fals() -> Fals:
    return Fals()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of fal's tools, without a login; no key is set."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("FAL_HOME_DIR", str(tmp_path / "fal"))
    (tmp_path / "fal").mkdir()
    return tmp_path / "fal" / "auth0_token"


def call(twin: Twin, fals: Fals, steps: Any = None, **settings: Any) -> Any:
    """Do steps, or one run, with a client that finds its key itself."""
    if twin.is_async:
        own: Any = httpx.AsyncClient(transport=httpx.MockTransport(fals.answer_soon))
    else:
        own = httpx.Client(transport=httpx.MockTransport(fals.answer))
    settings = {"credentials": None, "http_client": own, **settings}
    return twin.do(steps or (lambda fal: fal.flux_1.schnell.run(prompt="x")), **settings)


def in_colab(monkeypatch: pytest.MonkeyPatch, get: Any) -> None:
    google, colab = types.ModuleType("google"), types.ModuleType("google.colab")
    google.__path__ = []
    colab.userdata = types.SimpleNamespace(get=get)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "google", google)
    monkeypatch.setitem(sys.modules, "google.colab", colab)


def test_the_order_of_the_places(twin: Twin, fals: Fals, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """That of the official client, from the last place to the first."""
    with pytest.raises(errors.MissingCredentialsError) as caught:
        call(twin, fals)
    for place in ("credentials=", "FAL_KEY,", "FAL_KEY_ID and FAL_KEY_SECRET", "Colab", "fal auth login", str(home)):
        assert place in str(caught.value)
    home.write_text(f"refresh\n{token(3600)}\n")
    call(twin, fals)
    in_colab(monkeypatch, lambda name: f" colab-{name}\n")
    call(twin, fals)
    monkeypatch.setenv("FAL_KEY_ID", "id")
    monkeypatch.setenv("FAL_KEY_SECRET", "secret")
    call(twin, fals)
    monkeypatch.setenv("FAL_KEY", "key")
    call(twin, fals)
    call(twin, fals, credentials="own")
    monkeypatch.setenv("FAL_FORCE_AUTH_BY_USER", "1")
    call(twin, fals)
    call(twin, fals, credentials="own")
    bearer = f"Bearer {home.read_text().split()[1]}"
    assert fals.sent == [bearer, "Key colab-FAL_KEY", "Key id:secret", "Key key", "Key own", bearer, "Key own"]
    home.unlink()
    with pytest.raises(errors.MissingCredentialsError, match="FAL_FORCE_AUTH_BY_USER=1 asks for a login"):
        call(twin, fals)
    assert not fals.asked


def refusing(name: str) -> str:
    raise RuntimeError(f"no access to {name}")


@pytest.mark.parametrize("get", [refusing, lambda name: None, lambda name: "  "])
def test_a_notebook_without_the_secret(
    twin: Twin, fals: Fals, home: Path, monkeypatch: pytest.MonkeyPatch, get: Any
) -> None:
    in_colab(monkeypatch, get)
    with pytest.raises(errors.MissingCredentialsError):
        call(twin, fals)
    home.write_text(f"refresh\n{token(3600)}")
    call(twin, fals)
    assert fals.sent[0].startswith("Bearer ")


def test_the_login_is_in_the_home_folder(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FAL_HOME_DIR")
    monkeypatch.setenv("HOME", str(home.parent))
    from runtime.http.environment import login_path

    assert login_path() == str(home.parent / ".fal" / "auth0_token")


@pytest.mark.parametrize("kept", [None, "", "no token", "a.b.c", 299.0, -1000.0])
def test_a_token_that_is_about_to_end_is_renewed_first(twin: Twin, fals: Fals, home: Path, kept: Any) -> None:
    text = token(kept) if isinstance(kept, float) else kept
    home.write_text("old refresh" if text is None else f"old refresh\n{text}\n")
    new = token(3600)
    fals.tokens(access_token=new, refresh_token="new refresh")

    def steps(fal: Any) -> Steps:
        for _ in range(2):
            yield fal.flux_1.schnell.run(prompt="x")

    call(twin, fals, steps)
    call(twin, fals)
    assert fals.sent == [f"Bearer {new}"] * 3
    (asked,) = fals.asked
    assert asked == {
        "grant_type": ["refresh_token"],
        "client_id": [login.CLIENT_ID],
        "refresh_token": ["old refresh"],
    }
    assert home.read_text() == f"new refresh\n{new}"
    assert stat.S_IMODE(home.stat().st_mode) == 0o600
    assert [each.name for each in home.parent.iterdir()] == [home.name]


def test_a_client_that_lives_long_renews_its_login(
    twin: Twin, fals: Fals, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.write_text(f"refresh\n{token(3600, 'first')}")
    second = token(7200, "second")
    fals.tokens(access_token=second)  # the refresh token is good for more than once
    now = time.time()

    def it_is(seconds: float) -> None:
        for module in ("credentials", "login"):
            monkeypatch.setattr(f"runtime.http.{module}.time", types.SimpleNamespace(time=lambda: now + seconds))

    def steps(fal: Any) -> Steps:
        yield fal.flux_1.schnell.run(prompt="x")
        it_is(3301)
        yield fal.flux_1.schnell.run(prompt="x")
        # Another process has renewed it by now.
        home.write_text(f"refresh\n{token(90_000, 'third')}")
        it_is(7000)
        yield fal.flux_1.schnell.run(prompt="x")

    call(twin, fals, steps)
    assert len(fals.asked) == 1
    first, then, last = fals.sent
    assert then == f"Bearer {second}" != first
    assert last == f"Bearer {home.read_text().split()[1]}" != then


@pytest.mark.parametrize(
    ("status", "body", "kind", "words"),
    [
        (403, '{"error": "invalid_grant"}', errors.MissingCredentialsError, "fal auth login"),
        (200, '{"refresh_token": "another"}', errors.MissingCredentialsError, "is over"),
        (200, "<html>", errors.MissingCredentialsError, "is over"),
        (503, "", errors.ServerError, "fal auth login"),
    ],
)
def test_a_login_that_cannot_be_renewed(
    twin: Twin, fals: Fals, home: Path, status: int, body: str, kind: type[errors.FalError], words: str
) -> None:
    home.write_text("old-refresh-token")
    fals.given = [httpx.Response(status, text=body) for _ in range(2)]
    with pytest.raises(kind, match=words) as caught:
        call(twin, fals)
    assert len(fals.asked) == 1
    assert not fals.sent
    assert home.read_text() == "old-refresh-token"
    shown = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    assert "old-refresh-token" not in "".join(shown.format())
    with pytest.raises(kind):  # nothing is left that would make it wait
        call(twin, fals)


def test_a_login_that_lasts_yet_is_used_if_it_cannot_be_renewed(
    twin: Twin, fals: Fals, home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    home.write_text(f"refresh\n{token(200)}")
    fals.given = [httpx.Response(503)]

    def steps(fal: Any) -> Steps:
        for _ in range(3):
            yield fal.flux_1.schnell.run(prompt="x")

    call(twin, fals, steps)
    assert (len(fals.sent), len(fals.asked)) == (3, 1)
    (warning,) = [each.getMessage() for each in caplog.records if each.levelno == logging.WARNING]
    assert "could not be renewed" in warning


def test_a_login_that_cannot_be_kept_is_used(
    twin: Twin, fals: Fals, home: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError("no space")

    home.write_text("refresh")
    monkeypatch.setattr("runtime.http.login.os.replace", full)
    fals.tokens(access_token="opaque", expires_in=7200)
    call(twin, fals)
    assert fals.sent == ["Bearer opaque"]
    assert [each.name for each in home.parent.iterdir()] == [home.name]
    assert "cannot be kept" in caplog.text


def test_a_clock_that_is_wrong_renews_no_login_for_ever(twin: Twin, fals: Fals, home: Path) -> None:
    home.write_text("refresh")
    fals.tokens(access_token=token(-9000))

    def steps(fal: Any) -> Steps:
        for _ in range(2):
            yield fal.flux_1.schnell.run(prompt="x")

    call(twin, fals, steps)
    assert len(fals.sent) == 2


def test_many_callers_renew_a_login_once(twin: Twin, fals: Fals, home: Path) -> None:
    """A refresh token may be good for one time alone."""
    home.write_text("refresh")
    fals.tokens(access_token=token(3600), refresh_token="next")
    if twin.is_async:

        async def main() -> None:
            async with httpx.AsyncClient(transport=httpx.MockTransport(fals.answer_soon)) as own:
                clients = [AsyncFal(http_client=own) for _ in range(2)]
                await asyncio.gather(*(fal.flux_1.schnell.run(prompt="x") for fal in clients * 5))

        asyncio.run(main())
    else:
        fals.held = threading.Event()
        with httpx.Client(transport=httpx.MockTransport(fals.answer)) as own:
            clients = [Fal(http_client=own) for _ in range(2)]
            work = [threading.Thread(target=lambda fal=fal: fal.flux_1.schnell.run(prompt="x")) for fal in clients * 5]
            for thread in work:
                thread.start()
            fals.held.set()
            for thread in work:
                thread.join()
    assert (len(fals.asked), len(fals.sent), set(fals.sent)) == (1, 10, {fals.sent[0]})


def test_who_waits_for_a_login_waits_no_longer_than_its_time(twin: Twin, fals: Fals, home: Path) -> None:
    home.write_text("refresh")
    claim = (os.getpid(), str(home))
    login._CLAIMS[claim] = "somebody else"
    try:
        with pytest.raises(errors.DeadlineExceededError, match="fal auth login"):
            call(twin, fals, timeout=0.2)
    finally:
        del login._CLAIMS[claim]


@pytest.mark.parametrize("source", ["given", "FAL_KEY", "pair", "colab", "login"])
def test_a_401_says_where_the_key_came_from(
    twin: Twin, fals: Fals, home: Path, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    fals.status = 401
    settings: dict[str, Any] = {}
    words = {
        "given": "sent was the key given as credentials=… (request id r)",
        "FAL_KEY": "sent was the key of the environment variable FAL_KEY (",
        "pair": "sent was the key of the environment variables FAL_KEY_ID and FAL_KEY_SECRET (",
        "colab": "sent was the key of the Colab secret FAL_KEY (",
        "login": f"sent was the login of `fal auth login` ({home})",
    }[source]
    if source == "given":
        settings = {"credentials": "very-secret"}
    elif source == "FAL_KEY":
        monkeypatch.setenv("FAL_KEY", "very-secret")
    elif source == "pair":
        monkeypatch.setenv("FAL_KEY_ID", "very")
        monkeypatch.setenv("FAL_KEY_SECRET", "secret")
    elif source == "colab":
        in_colab(monkeypatch, lambda name: "very-secret")
    else:
        home.write_text(f"refresh\n{token(3600)}")
    with pytest.raises(errors.AuthenticationError) as caught:
        call(twin, fals, **settings)
    assert words in str(caught.value)
    # This server says the key it was sent.
    for secret in ("very-secret", "very:secret", "head."):
        assert secret not in str(caught.value)
        assert secret not in str(caught.value.body)


@pytest.mark.parametrize(("secret", "left"), [("seven-l", "seven-l"), ("eight-le", "***")])
def test_what_a_server_says_of_a_secret_is_not_told(secret: str, left: str) -> None:
    """A shorter one may be a word of the answer."""
    found = Secret(f"id:{secret}").removed_from(f"the key id:{secret}, the secret {secret}, the id".encode())
    assert found.decode() == f"the key ***, the secret {left}, the id"


def test_through_a_proxy_no_key_is_looked_for(twin: Twin, home: Path) -> None:
    home.write_text("refresh")
    own: Any = (httpx.AsyncClient if twin.is_async else httpx.Client)(
        transport=httpx.MockTransport(lambda request: httpx.Response(401, json={"detail": "no"}))
    )
    with pytest.raises(errors.AuthenticationError) as caught:
        twin.do(
            lambda fal: fal.flux_1.schnell.run(prompt="x"), credentials=None, http_client=own, proxy_url="https://a.b"
        )
    assert "sent was" not in str(caught.value)

"""Accidents of callers and servers, each small, that must not become a riddle."""

from __future__ import annotations

import logging
import pickle
import time
import traceback
from collections.abc import Mapping  # noqa: TC003  (the annotations below are looked at)
from functools import partial
from typing import Annotated, Any, Required

import httpx
import pytest
from pydantic import Field
from runtime import checks, errors, log
from runtime.calls.status import LogEntry, LogReader, Queued, parse_status
from runtime.errors import InvalidInputError, MissingCredentialsError
from runtime.http.credentials import given_credentials
from runtime.http.environment import credentials_from_environment
from runtime.http.exchange import Exchange, Purpose
from runtime.http.retry import Outcome
from runtime.http.transport import no_answer
from runtime.inputs.validate import check_input
from runtime.inputs.wire_names import wire_form
from runtime.options import OPTION_NAMES, Options
from runtime_sample import ALIAS, Fal, Schnell
from typing_extensions import TypedDict


@pytest.mark.parametrize("text", [" id:secret", "id:secret ", "\tid:secret\n"])
def test_blanks_around_a_key_are_an_accident_of_copying(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given = given_credentials(text)
    assert given is not None
    assert given.authorization == "Key id:secret"
    monkeypatch.setenv("FAL_KEY", text)
    assert credentials_from_environment().authorization == "Key id:secret"


def test_a_key_of_blanks_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FAL_KEY", "FAL_KEY_ID", "FAL_KEY_SECRET"):
        monkeypatch.setenv(name, "  ")
    assert given_credentials(None) is None
    with pytest.raises(MissingCredentialsError, match="empty"):
        given_credentials(" ")
    with pytest.raises(MissingCredentialsError):
        credentials_from_environment()


@pytest.mark.parametrize("options", [{"hint": " a"}, {"hint": "a "}, {"headers": {"X-T": "token "}}])
def test_a_header_that_cannot_be_sent_is_refused_when_it_is_set(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="begins or ends with a blank") as caught:
        Options(**options)
    assert "token" not in str(caught.value)


@pytest.mark.parametrize("text", ["", " ", "two\nlines", "a" * 256])
def test_a_short_text_is_short_and_can_be_printed(text: str) -> None:
    assert checks.short_text("salt", "a" * 255) == "a" * 255
    with pytest.raises(ValueError, match="salt must be 1 to 255 characters that can be printed, not '"):
        checks.short_text("salt", text)


def test_none_does_not_turn_checking_off() -> None:
    with pytest.raises(TypeError, match="validate_inputs must be True or False"):
        Fal("id:secret", validate_inputs=None)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", OPTION_NAMES)
def test_an_option_among_the_inputs_is_told_where_it_belongs(name: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        check_input(ALIAS, {"from_": "a", name: 1})
    assert f"{name}: is not an input of this endpoint; it is an option: .with_options({name}=...)" in str(caught.value)


def test_a_coroutine_function_is_refused_where_nothing_awaits_it() -> None:
    async def callback(update: object) -> None: ...

    class Callback:
        async def __call__(self, update: object) -> None: ...

    endpoint = Fal("id:secret").flux_1.schnell
    for each in (callback, Callback(), Callback().__call__, partial(callback), partial(partial(Callback()))):
        with pytest.raises(TypeError, match="only AsyncFal awaits those"):
            endpoint.subscribe(prompt="a", on_queue_update=each)
        with pytest.raises(TypeError, match="must be a plain function"):
            checks.plain_function("progress", each)
    for plain in (None, print, Callback, partial(print), list[int]):
        checks.plain_callback("on_queue_update", plain)


def test_a_header_that_httpx_refuses_is_not_quoted() -> None:
    exchange = Exchange(Purpose.RUN, "POST", "https://fal.run/a/b", {}, "a/b")
    failed = no_answer(exchange, httpx.LocalProtocolError("Illegal header value b'Key id:secret '"))
    shown = "".join(traceback.format_exception(failed.error))
    assert "LocalProtocolError" in shown
    assert "secret" not in shown
    assert failed.outcome is Outcome.UNANSWERED


def test_an_error_that_the_callers_own_hook_raises_is_the_callers() -> None:
    def refuse(response: httpx.Response) -> None:
        response.raise_for_status()

    transport = httpx.MockTransport(lambda request: httpx.Response(422, json={"detail": "no"}))
    with httpx.Client(transport=transport, event_hooks={"response": [refuse]}) as client:
        fal = Fal("id:secret", http_client=client)
        with pytest.raises(httpx.HTTPStatusError):
            Schnell(fal._session).run(prompt="a")


@pytest.mark.parametrize(("length", "told"), [(298, ""), (299, " … 1 more")])
def test_a_long_name_is_cut(length: int, told: str) -> None:
    assert checks.quoted("x" * length) == ("'" + "x" * length + "'")[:300] + told


def test_null_in_a_log_line_is_no_text() -> None:
    status, _ = parse_status({"status": "IN_PROGRESS", "logs": [{"message": None}, {"message": 3}]}, "r")
    assert [entry.message for entry in status.logs] == ["", "3"]


def test_true_is_no_queue_position() -> None:
    status, _ = parse_status({"status": "IN_QUEUE", "queue_position": True}, "r")
    assert status == Queued("r", None)


def test_an_old_window_of_many_logs_is_found_in_time() -> None:
    reader = LogReader()
    known = [LogEntry(f"line {number}") for number in range(50_000)]
    assert len(reader.new_entries(known)) == 50_000
    start = time.process_time()
    assert reader.new_entries(known[20_000:25_000]) == ()
    assert len(reader.new_entries([LogEntry(f"new {number}") for number in range(5_000)])) == 5_000
    assert time.process_time() - start < 5  # a hundredth of it; by trying each place it would be minutes


@pytest.mark.parametrize("package", ["fal_typed", "app.clients.fal"])
def test_the_logger_is_that_of_the_package(package: str) -> None:
    source = (log.__file__ or "").strip()
    with open(source, encoding="utf-8") as file:  # noqa: PTH123
        namespace = {"__name__": f"{package}._runtime.log", "logging": logging}
        exec(compile(file.read(), source, "exec"), namespace)
    assert namespace["logger"].name == package  # type: ignore[attr-defined]


class Inner(TypedDict, total=False, closed=True):
    a_b: Annotated[int, Field(alias="a-b")]
    plain: int


class Outer(TypedDict, total=False, closed=True):
    from_: Required[Annotated[str, Field(alias="from")]]
    inner: Inner | None
    many: list[Inner]
    by_name: Mapping[str, Inner]


def test_the_names_of_the_wire_at_every_depth_and_nothing_lost() -> None:
    inner = {"a_b": 1, "plain": 2, "unknown": {"x": (3,)}}
    wire = {"a-b": 1, "plain": 2, "unknown": {"x": [3]}}
    given = {"from_": "a", "inner": inner, "many": (inner,), "by_name": {"a_b": inner}, "unknown": [inner]}
    assert wire_form(given, Outer) == {
        "from": "a",
        "inner": wire,
        "many": [wire],
        "by_name": {"a_b": wire},
        "unknown": [{"a_b": 1, "plain": 2, "unknown": {"x": [3]}}],
    }
    assert wire_form({"inner": None}, Outer) == {"inner": None}


def test_each_error_tells_the_request_that_it_is_about() -> None:
    """One `except FalError` is enough to pick up what was paid for."""
    assert errors.FalError("It broke").request_id is None
    assert errors.MissingCredentialsError("No key").request_id is None
    found: list[errors.FalError] = [
        errors.RequestFailedError(error="It broke", request_id="run-1"),
        errors.ResultExpiredError(request_id="run-1", endpoint="fal-ai/model"),
        errors.DeadlineExceededError(timeout=1, endpoint="fal-ai/model", request_id="run-1"),
    ]
    assert [pickle.loads(pickle.dumps(one)).request_id for one in found] == ["run-1"] * 3

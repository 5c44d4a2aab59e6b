"""Who types what fal-client or a dict would take reads in one line what it is called here, on both clients."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import pytest
from runtime import errors
from runtime.calls.endpoint import DynamicEndpoint
from runtime.calls.status import InProgress, LogEntry, Queued
from runtime.habits.names import module_hint
from runtime.http.credentials import checked_key
from runtime_sample import SPEC, AsyncAlias, Image, RenamedInput, Schnell, SchnellOutput
from runtime_twin import KEY, SCHNELL, Twin
from typing_extensions import deprecated

if TYPE_CHECKING:
    from collections.abc import Callable

# What is typed, and what the message must have.
CALLS: list[tuple[Callable[[Any], Any], str]] = [
    (lambda fal: fal.flux_1.schnell.subscribe({"prompt": "x"}), "subscribe(prompt=...) or subscribe(**{...})"),
    (lambda fal: fal.flux_1.schnell.run("a cat"), "takes inputs as keyword arguments: run(prompt=...) or run(**{...})"),
    (lambda fal: fal.flux_1.schnell.run({"image_size": "square"}), "run(image_size=...)"),
    (lambda fal: fal.flux_1.schnell.submit({"not a name": 1}, webhook_url="https://a.b/c"), "submit(prompt=...)"),
    (lambda fal: fal.alias.run("x"), "run(from_=...)"),
    (lambda fal: fal.flux_1.schnell.stream("a cat"), "stream(prompt=...) or stream(**{...})"),
    (lambda fal: fal.flux_1(prompt="x"), "'{A}Flux1' object is not callable; it is no endpoint"),
    (lambda fal: fal.flux_1(), "has some below it: .schnell"),
    (lambda fal: fal.flux_1.schnell(prompt="x"), "; use .subscribe(prompt=...), .run(...) or .submit(...)"),
    (lambda fal: fal.flux_1.schnell("x"), "; use .subscribe(prompt=...), .run(...) or .submit(...)"),
    (lambda fal: fal.endpoint("any/where")(text="x"), "; use .subscribe(text=...), .run(...) or .submit(...)"),
]


LONG = "z" * 10_000
LONG_NAMES: list[Callable[[Any], Any]] = [
    lambda fal: getattr(fal, LONG),
    lambda fal: getattr(fal.flux_1, LONG),
    lambda fal: getattr(fal.flux_1.schnell, LONG),
    lambda fal: getattr(fal.flux_1.schnell.request("id"), LONG),
    lambda fal: getattr(fal.storage, LONG),
    lambda fal: fal.endpoints[LONG],
    lambda fal: fal.endpoint(LONG),
    lambda fal: fal.endpoint(f"a/{LONG}!"),
    lambda fal: type(fal)(**{LONG: 1}),
    lambda fal: fal.flux_1.schnell(**{LONG: 1}),
    lambda fal: fal.flux_1.schnell.run({LONG: 1}),
    lambda fal: fal.flux_1.schnell.with_options(**{LONG: 1}),
    lambda fal: fal.storage.upload(b"", **{LONG: 1}),
]


@pytest.mark.parametrize("number", range(len(LONG_NAMES)))
def test_a_name_that_nobody_meant_is_cut(twin: Twin, number: int) -> None:
    with pytest.raises((AttributeError, KeyError, TypeError, ValueError)) as caught:
        twin.do(LONG_NAMES[number])
    assert len(repr(caught.value)) < 2_000
    assert len(str(caught.value)) < 2_000


@pytest.mark.parametrize(("call", "hint"), CALLS, ids=[hint for _, hint in CALLS])
def test_a_wrong_call_says_how_it_is_written(twin: Twin, call: Callable[[Any], Any], hint: str) -> None:
    with pytest.raises(TypeError) as caught:
        twin.do(call)
    assert hint.replace("{A}", "Async" if twin.is_async else "") in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not twin.server.seen


@pytest.mark.parametrize("name", ["realtime", "ws_connect", "realtime_async"])
def test_the_package_says_that_there_are_no_websockets(name: str) -> None:
    assert module_hint(name).startswith("; there are no websockets here")


INPUTS = [
    ("arguments", {"prompt": "x"}, "; inputs are keyword arguments: (prompt=...) or (**{...})"),
    ("arguments", {"seed": 1}, "; inputs are keyword arguments: (seed=...) or (**{...})"),
    ("input", "x", "; inputs are keyword arguments: (prompt=...) or (**{...})"),
    ("with_logs", True, "; the option is logs: subscribe(logs=...), or .with_options(logs=...)"),
    ("client_timeout", 3, "; the option is timeout: .with_options(timeout=...)"),
    ("interval", 1, "; the option is poll_interval: .with_options(poll_interval=...)"),
    ("start_timeout", 3, "; it is an option: .with_options(start_timeout=...)"),
    ("priority", "low", "; it is an option: .with_options(priority=...)"),
    ("hint", "x", "; it is an option: .with_options(hint=...)"),
    ("headers", {}, "; it is an option: .with_options(headers=...)"),
    (
        "on_enqueue",
        print,
        "; there is no such callback: every update has the request_id, and so has the handle of submit(...)",
    ),
    ("path", "/x", "; a path is a part of the id: .endpoint('owner/name/path')"),
    ("method", "GET", "; a model is called by POST alone"),
    ("application", SCHNELL, "; the endpoint itself knows its id"),
]


@pytest.mark.parametrize(("name", "value", "hint"), INPUTS, ids=[f"{name}-{hint[-9:]}" for name, _, hint in INPUTS])
def test_an_argument_of_fal_client_is_named(twin: Twin, name: str, value: object, hint: str) -> None:
    with pytest.raises(errors.InvalidInputError) as caught:
        twin.do(lambda fal: fal.flux_1.schnell.subscribe(prompt="x", **{name: value}))
    (problem,) = caught.value.problems
    assert str(problem) == f"{name}: is not an input of this endpoint{hint}"
    assert not twin.server.seen


def test_a_near_input_is_meant_before_an_argument_of_fal_client(twin: Twin) -> None:
    """`to` is an input of this one; nothing is near to `methods`, and `inputs` of another thing is no input here."""
    with pytest.raises(errors.InvalidInputError, match="tag: is not an input of this endpoint; did you mean 'tags'"):
        twin.do(lambda fal: fal.flux_1.schnell.run(prompt="x", tag={}))
    # An endpoint's own inputs are never spoken of.
    assert not {"arguments", "path", "interval"} & RenamedInput.__annotations__.keys()
    twin.do(lambda fal: fal.endpoint(SCHNELL).run({"path": "mine", "interval": 3, "arguments": {}}))
    assert twin.server.seen[-1].json == {"path": "mine", "interval": 3, "arguments": {}}


def test_a_hint_stands_at_the_top_alone(twin: Twin) -> None:
    with pytest.raises(errors.InvalidInputError) as caught:
        twin.do(lambda fal: fal.flux_1.schnell.run(prompt="x", image_size={"with_logs": 1}))
    assert str(caught.value.problems[0]) == "image_size.with_logs: is unknown"


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("key", "; it is credentials="),
        ("api_key", "; it is credentials="),
        ("default_timeout", "; it is timeout= for a whole call, or http_timeout= for one exchange"),
        ("credential", "; did you mean 'credentials'?"),
        ("max_retry", "; did you mean 'max_retries'?"),
        ("nothing_near", "'nothing_near'"),
    ],
)
def test_an_argument_that_a_client_does_not_take(twin: Twin, name: str, hint: str) -> None:
    with pytest.raises(TypeError) as caught:
        twin.kind(**{name: "secret-value"})
    kind = "AsyncFal" if twin.is_async else "Fal"
    assert str(caught.value).startswith(f"{kind}() got an unexpected keyword argument {name!r}")
    assert hint in str(caught.value)
    assert "secret-value" not in str(caught.value)


def test_other_complaints_of_a_client_stay_as_they_are(twin: Twin) -> None:
    with pytest.raises(TypeError, match="timeout must be a number of seconds"):
        twin.kind(timeout="x")
    with pytest.raises(TypeError, match="positional"):
        twin.kind("id", "secret")


ATTRIBUTES: list[tuple[str, str, str]] = [
    *(("", verb, f".endpoints['owner/name'].{verb}(...)") for verb in ("run", "subscribe", "submit")),
    ("", "stream", "endpoints that stream have it, and .endpoint('owner/name').stream({...}) tries with any"),
    *(
        ("", name, f".endpoints['owner/name'].request('request-id').{name}()")
        for name in ("status", "result", "cancel")
    ),
    ("", "get_handle", ".endpoints['owner/name'].request('request-id')"),
    ("", "upload", "; it is .storage.upload(data, content_type=...)"),
    ("", "upload_file", "; it is .storage.upload(pathlib.Path(...)); an input that takes a file takes the Path itself"),
    ("", "upload_image", "; it is .storage.upload(image)"),
    ("", "encode", "; it is runtime_sample.data_uri(data, content_type=...)"),
    ("", "encode_file", ".data_uri(pathlib.Path(...))"),
    ("", "encode_image", ".data_uri(image)"),
    ("", "realtime", "; there are no websockets here"),
    ("", "ws_connect", "; there are no websockets here"),
    (
        "",
        "subscribe_async",
        "; awaited, of AsyncFal: each endpoint has its own: .endpoints['owner/name'].subs",
    ),
    ("flux_1", "subscribe", "; it is no endpoint, but has some below it: .schnell"),
    ("alias", "stream", ": workflows/me/alias is not noted as streaming"),
    ("alias", "stream", "subscribe(on_queue_update=...) follows it"),
    ("alias", "realtime", "; there are no websockets here: use subscribe(...) or run(...)"),
    ("alias", "status", "; it is .request('request-id').status()"),
    ("alias", "run_async", "; it is run of AsyncFal, awaited"),
]


@pytest.mark.parametrize(("node", "name", "hint"), ATTRIBUTES, ids=[f"{a}.{b}-{c[-9:]}" for a, b, c in ATTRIBUTES])
def test_a_name_of_fal_client_is_told(twin: Twin, node: str, name: str, hint: str) -> None:
    at = twin.client()
    at = getattr(at, node) if node else at
    with pytest.raises(AttributeError) as caught:
        getattr(at, name)
    hint = hint.replace("runtime_sample.", "")  # the sample is no package
    assert hint.removeprefix("; it is ") in str(caught.value)
    assert f"has no attribute {name!r}" in str(caught.value)
    assert "did you mean" not in str(caught.value)


@pytest.mark.parametrize("name", ["zzzz_async", "_async", "upload_asynchronously"])
def test_a_name_that_is_none_is_told_nothing_of_async(twin: Twin, name: str) -> None:
    with pytest.raises(AttributeError) as caught:
        getattr(twin.client().alias, name)
    assert str(caught.value).endswith(f"has no attribute {name!r}")


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("get", "; it is .result()"),
        ("iter_events", "; it is .updates()"),
        ("response_url", "; it is .to_dict()['response_url']"),
        ("statu", "; did you mean 'status'?"),
        ("reques", "; did you mean 'request_id'?"),
        ("zzzz", "'zzzz'"),
    ],
)
def test_a_handle_names_what_is_meant(twin: Twin, name: str, hint: str) -> None:
    handle = twin.client().flux_1.schnell.request("some-id")
    with pytest.raises(AttributeError) as caught:
        getattr(handle, name)
    assert str(caught.value).endswith(f"'{name}'{hint}" if hint.startswith(";") else hint)


def test_an_output_is_no_dict(twin: Twin) -> None:
    out: Any = twin.do(lambda fal: fal.flux_1.schnell.run(prompt="x"))
    assert isinstance(out, SchnellOutput)
    for key, hint in {"images": "; it has attributes: .images", "from": "; it has attributes: .from_"}.items():
        with pytest.raises(TypeError, match="'SchnellOutput' object is not subscriptable") as caught:
            out[key]
        assert str(caught.value).endswith(hint)
    with pytest.raises(TypeError, match="subscriptable; did you mean 'url'"):
        out.images[0]["ulr"]
    with pytest.raises(TypeError, match=r"subscriptable; it has attributes: \.new$"):
        Image.model_validate({"url": "https://a.b/c", "new": 1})["new"]  # type: ignore[index] # pyright: ignore
    with pytest.raises(TypeError, match=r"subscriptable$"):
        out[0]


def test_logs_and_states_are_no_dicts() -> None:
    entry: Any = InProgress("id", (LogEntry("hello"),)).logs[0]
    with pytest.raises(TypeError, match=r"it has attributes: \.message"):
        entry["message"]
    queued: Any = Queued("id", 3)
    with pytest.raises(AttributeError, match=r"has no attribute 'position'; it is \.queue_position"):
        _ = queued.position
    with pytest.raises(AttributeError, match=r"has no attribute 'positio'; did you mean 'queue_position'\?$"):
        _ = queued.positio


@pytest.mark.parametrize(
    ("given", "shown"), [((512, 512), (512, 512)), ([512, 768], (512, 768)), ((1, 2, 3), None), ((1.5, 2), None)]
)
def test_a_size_is_an_object(twin: Twin, given: Any, shown: tuple[int, int] | None) -> None:
    for inputs in ({"image_size": given}, {"parts": [given]}):
        with pytest.raises(errors.InvalidInputError) as caught:
            twin.do(lambda fal, inputs=inputs: fal.flux_1.schnell.run(prompt="x", **inputs))
        hint = f'; a size is {{"width": {shown[0]}, "height": {shown[1]}}}; got ' if shown else "a size is"
        assert (hint in str(caught.value)) == bool(shown)


def test_a_pair_is_no_size_where_none_is_wanted(twin: Twin) -> None:
    with pytest.raises(errors.InvalidInputError) as caught:
        twin.do(lambda fal: fal.flux_1.schnell.run(prompt=(1, 2), bpm=(3, 4)))
    assert "a size is" not in str(caught.value)


KEYS = {
    "Key id:very-secret": "begins with 'Key'",
    "key id:very-secret": "begins with 'Key'",
    "Bearer id:very-secret": "begins with 'Bearer'",
    "FAL_KEY=id:very-secret": "begins with 'FAL_KEY='",
    '"id:very-secret"': "has quotes",
    "'id:very-secret'": "has quotes",
    "`id:very-secret`": "has quotes",
    "\u201cid:very-secret\u201d": "has quotes",
    "id: very-secret": "holds a blank",
    "id:very\tsecret": "holds a blank",
    "…": "has the '…' of a sample, which stands for yours",
    "FAL_KEY=…": "has the '…' of a sample, which stands for yours",
}


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("source", ["credentials", "FAL_KEY"])
def test_a_key_that_was_copied_with_more(twin: Twin, monkeypatch: pytest.MonkeyPatch, key: str, source: str) -> None:
    settings: dict[str, Any] = {"credentials": key if source == "credentials" else None}
    if source == "FAL_KEY":
        monkeypatch.setenv("FAL_KEY", key)
    with pytest.raises((ValueError, errors.MissingCredentialsError)) as caught:
        twin.do(lambda fal: fal.flux_1.schnell.run(prompt="x"), **settings)
    text = str(caught.value)
    assert text.startswith(f"{source}: the key {KEYS[key]}; give the key alone")
    assert "very" not in text + repr(caught.value)
    assert not twin.server.seen


def test_a_pair_that_was_copied_with_more(twin: Twin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAL_KEY_ID", '"id"')
    monkeypatch.setenv("FAL_KEY_SECRET", '"very-secret"')
    with pytest.raises(
        errors.MissingCredentialsError, match=r"^FAL_KEY_ID and FAL_KEY_SECRET: the key has quotes"
    ) as caught:
        twin.do(lambda fal: fal.flux_1.schnell.run(prompt="x"), credentials=None)
    assert "very" not in str(caught.value)


@pytest.mark.parametrize("key", [KEY, "no-colon", "Keyed:secret", "bearer", "a:b=="])
def test_what_may_be_a_key_goes_out(twin: Twin, key: str) -> None:
    """Nobody promises what a key looks like, and blanks at its ends are an accident of copying."""
    twin.do(lambda fal: fal.flux_1.schnell.run(prompt="x"), credentials=f" {key}\n")
    assert twin.server.seen[-1].headers["authorization"] == f"Key {key}"
    assert checked_key("credentials", key) == key


# A good call is what it was.


def test_verbs_look_as_they_were_written() -> None:
    import inspect

    names = ["self", *Schnell._spec.input.__annotations__, "logs", "on_queue_update"]
    assert [*inspect.signature(Schnell.subscribe).parameters] == names
    assert inspect.iscoroutinefunction(AsyncAlias.run)
    assert not inspect.iscoroutinefunction(Schnell.run)
    assert Schnell.run.__qualname__ == "Schnell.run"


def test_a_deprecated_verb_warns_of_who_calls_it(twin: Twin) -> None:
    class Old(DynamicEndpoint):
        _spec = SPEC

        @deprecated("gone soon")
        def run(self, /, **given: Any) -> Any:  # type: ignore[override] # pyright: ignore
            return given

    old: Any = Old.__new__(Old)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        assert old.run(prompt="x") == {"prompt": "x"}
    assert [each.filename for each in told] == [__file__]
    with pytest.raises(TypeError, match="takes inputs as keyword arguments"), pytest.warns(match="gone soon"):
        old.run("x")

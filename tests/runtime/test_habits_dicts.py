"""Values that are taken for dicts, and options that are taken for inputs: a hint, and nothing sent."""

from __future__ import annotations

import copy
import pickle
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import TypeAdapter
from runtime import errors
from runtime.calls.status import Completed, InProgress, LogEntry, Queued
from runtime.endpoints import EndpointTable, UnknownEndpointError
from runtime.files.media_type import safe_name
from runtime.habits.calls import argument_error, dynamic_problem, endpoint_call_hint, input_hint
from runtime.habits.names import client_hint, module_hint, namespace_hint
from runtime.options import OPTION_NAMES, OPTIONS_ANYWHERE
from runtime_sample import Fal, Image, RenamedInput, SchnellOutput
from runtime_twin import KEY, OUTPUT, Twin

if TYPE_CHECKING:
    from collections.abc import Callable

STATES = [LogEntry("a"), Queued("id"), InProgress("id"), Completed("id")]


# --- an endpoint that nothing is known of ----------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["run", "subscribe", "submit", "stream"])
@pytest.mark.parametrize("name", ["arguments", "with_logs", "client_timeout", "interval", "priority", "headers"])
def test_an_option_is_not_sent_as_an_input(twin: Twin, verb: str, name: str) -> None:
    with pytest.raises(errors.InvalidInputError, match=r"taken for an input|by name") as caught:
        twin.do(lambda fal: getattr(fal.endpoint("any/where"), verb)({"prompt": "x"}, **{name: {"seed": 1}}))
    (problem,) = caught.value.problems
    assert problem.path == name
    assert "\n" not in str(problem)
    assert not twin.server.seen


def test_all_that_is_wrong_is_told_at_once(twin: Twin) -> None:
    given = dict.fromkeys(OPTIONS_ANYWHERE - {"logs", "on_queue_update"}, 1)
    with pytest.raises(errors.InvalidInputError) as caught:
        twin.do(lambda fal: fal.endpoint("any/where").subscribe(**given))
    assert {each.path for each in caught.value.problems} == given.keys()


def test_such_an_input_goes_in_the_dict(twin: Twin) -> None:
    given: dict[str, Any] = {**dict.fromkeys(OPTIONS_ANYWHERE, 1), "input": 2}
    twin.do(lambda fal: fal.endpoint("any/where").run(given, inputs=3, prompt="x"))
    assert twin.server.seen[-1].json == {**given, "inputs": 3, "prompt": "x"}


def test_the_words_for_each() -> None:
    assert dynamic_problem("arguments", {"seed": 1}).endswith(
        "inputs are a dict by position: ({'seed': ...}), or (**{...})"
    )
    assert "; it is an option: .with_options(priority=...); an input of that" in dynamic_problem("priority", 1)
    assert "; the option is timeout: .with_options(timeout=...); an input" in dynamic_problem("client_timeout", 1)
    assert dynamic_problem("path", 1).endswith("in a dict: ({'path': ...})")


# --- hints that name what there is -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"arguments": {"prompt": 1}}, "prompt"),
        ({"arguments": {"seed": 1}}, "seed"),
        ({"with_logs": True, "seed": 1}, "seed"),
        ({"with_logs": True}, "text"),
        ({"priority": "low"}, "text"),
    ],
)
def test_a_called_endpoint_names_an_input(given: dict[str, Any], shown: str) -> None:
    assert endpoint_call_hint(given, ["text", "seed"], OPTION_NAMES).startswith(f"; use .subscribe({shown}=...)")


def test_an_input_hint_names_inputs_that_there_are() -> None:
    voice = ["input_text", "voice"]
    assert "did you mean 'input_text'? If not: inputs are keyword arguments: (input_text=...)" in input_hint(
        "input", "a", voice
    )
    assert input_hint("arguments", "a", ["voice"]) == "; inputs are keyword arguments: (voice=...) or (**{...})"
    assert input_hint("arguments", {"class": 1}, []).startswith("; inputs are keyword arguments: (prompt=...)")
    for name, meant in {"interval": "frame_interval", "path": "mask_path", "method": "sampling_method"}.items():
        assert input_hint(name, 1, ["prompt", meant]).startswith(f"; did you mean {meant!r}? If not: ")
    assert "subscribe(" not in input_hint("with_logs", True, ["logs"])


def test_a_keyword_of_python_is_no_example(twin: Twin) -> None:
    with pytest.raises(TypeError, match=r"run\(prompt=\.\.\.\)"):
        twin.do(lambda fal: fal.flux_1.schnell.run({"class": 1}))


def test_a_subclass_of_a_client_is_no_package(twin: Twin) -> None:
    mine = type("Mine", (twin.kind,), {"__module__": "app.clients"})
    with pytest.raises(AttributeError) as caught:
        _ = mine(KEY).encode_file
    assert "app" not in str(caught.value)
    assert client_hint("encode_image_async", "fal_typed") == "; it is fal_typed.data_uri(image)"


def test_a_constructor_of_ones_own_is_not_blamed() -> None:
    class My(Fal):
        def __init__(self, key: str) -> None:
            super().__init__(key=key)  # type: ignore[call-arg] # pyright: ignore

    with pytest.raises(TypeError, match=r"^Fal\(\) got an unexpected keyword argument 'key'; it is credentials="):
        My(key="x")
    with pytest.raises(TypeError, match=r"^Plain\(\) got an unexpected"):
        type("Plain", (Fal,), {})(key="x")


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (
            lambda e: e.with_options(with_logs=True),
            ".with_options() got an unexpected keyword argument 'with_logs'; it is logs=",
        ),
        (lambda e: e.with_options(client_timeout=1), "; it is timeout="),
        (lambda e: e.with_options(interval=1), "; it is poll_interval="),
        (lambda e: e.with_options(timout=1), "; did you mean 'timeout'?"),
        (lambda e: e.with_options(path="/x"), "; a path is a part of the id"),
        (lambda e: e.request(), "Schnell.request() missing 1 required positional argument"),
        (
            lambda e: e.request("i").status(with_logs=True),
            "RequestHandle.status() got an unexpected keyword argument 'with_logs'; it is logs=",
        ),
        (lambda e: e.request("i").updates(with_logs=True), "; it is logs="),
        (
            lambda e: e.request("i").updates(interval=1),
            "; it is an option of the endpoint: .with_options(poll_interval=...)",
        ),
        (lambda e: e.request("i").result(client_timeout=1), "; it is timeout="),
    ],
)
def test_an_argument_of_fal_client_is_told_by_each_method(twin: Twin, call: Callable[[Any], Any], said: str) -> None:
    with pytest.raises(TypeError) as caught:
        twin.do(lambda fal: call(fal.flux_1.schnell))
    assert said in str(caught.value)
    assert "Configurable" not in str(caught.value)


def test_storage_and_client_say_what_is_meant(twin: Twin) -> None:
    with pytest.raises(TypeError, match=r"Storage\.upload\(\) got .* 'lifecycle'; it is expires_in= and initial_acl="):
        twin.do(lambda fal: fal.storage.upload(b"x", lifecycle={}))
    fal = twin.client()
    with pytest.raises(AttributeError, match=r"'upload_file'; it is \.upload\(pathlib"):
        _ = fal.storage.upload_file
    for name, said in {
        "key": "credentials=",
        "fal_ai": "no owner before them",
        "default_timeout": "http_timeout=",
    }.items():
        with pytest.raises(AttributeError, match=said):
            getattr(fal, name)
    with pytest.raises(TypeError, match=r"^(Async)?Fal\.endpoint\(\) missing"):
        fal.endpoint()
    with pytest.raises(AttributeError, match=r"upload_file_async'; awaited, of AsyncFal: it is \.storage"):
        _ = fal.upload_file_async
    assert client_hint("me", "x", owners=type("Owners", (), {"me": 1})()) == "; it is .owners.me"


def test_names_of_the_module() -> None:
    assert module_hint("SyncClient") == "; it is Fal"
    assert module_hint("subscribe") == (
        "; it is a method of each endpoint of a client: Fal().endpoints['owner/name'].subscribe(...)"
    )
    assert "AsyncFal().endpoints" in module_hint("submit_async")
    assert module_hint("upload_file").startswith("; it is Fal().storage.upload(")
    assert module_hint("zzz") == module_hint("__path__") == ""


@pytest.mark.parametrize("wrong", ["fal-ai/flux/dev", "fal-ai/flux/schnell", "fal-ai/flux-2/schnell", "a/b"])
def test_no_other_model_is_suggested(wrong: str) -> None:
    table = EndpointTable(None, "x", {"fal-ai/flux-1/schnell": ("a", "B")})
    with pytest.raises(UnknownEndpointError) as caught:
        table[wrong]
    assert "did you mean" not in str(caught.value)
    assert f".endpoint({wrong!r})" in str(caught.value)
    with pytest.raises(UnknownEndpointError, match="did you mean 'fal-ai/flux-1/schnell'"):
        table["fal-ai/flux-1/shcnell"]


# --- values ----------------------------------------------------------------------------------------------------------


def output(**more: Any) -> Any:
    return SchnellOutput.model_validate({**OUTPUT, **more})


def test_an_output_is_not_asked_as_a_dict() -> None:
    out = output()
    with pytest.raises(TypeError, match=r"has attributes, no keys; it has attributes: \.images"):
        _ = "images" in out
    with pytest.raises(TypeError, match=r"\.model_dump\(\) is a dict"):
        _ = "zzz" in out
    for name in ("get", "keys", "items", "values"):
        with pytest.raises(AttributeError, match=rf"'{name}'; it is no dict: use \.images or \.model_dump\(\)"):
            getattr(out, name)
    with pytest.raises(AttributeError, match=r"'imges'; did you mean 'images'\?") as caught:
        _ = out.imges
    assert caught.value.obj is None
    with pytest.raises(AttributeError, match=r"'model_dumpp'$"):
        _ = out.model_dumpp


def test_an_output_is_what_it_was() -> None:
    out = output(new=3)
    assert (out.new, hasattr(out, "get"), hasattr(out, "zzz")) == (3, False, False)
    for again in (copy.copy(out), copy.deepcopy(out), pickle.loads(pickle.dumps(out)), SchnellOutput(**dict(out))):
        assert again == out
    assert SchnellOutput.model_validate_json(out.model_dump_json()) == out
    with pytest.raises(TypeError, match="must be a mapping"):
        dict(**out)
    templates = pytest.importorskip("jinja2")
    assert templates.Template("{{ out.seed }}{{ out.nothing }}{{ out['seed'] }}").render(out=out) == "77"


@pytest.mark.parametrize("name", ["foo-bar", "class", "copy", "_x", "model_dump"])
def test_a_name_that_is_no_attribute_is_read_as_data(name: str) -> None:
    image: Any = Image.model_validate({"url": "https://a.b/c", name: 1})
    with pytest.raises(TypeError) as caught:
        image[name]
    way = str(caught.value).rpartition(": .")[2]
    assert way == f"model_extra[{name!r}]"
    assert eval(f"image.{way}") == 1


@pytest.mark.parametrize("state", STATES, ids=lambda state: type(state).__name__)
def test_a_state_is_no_dict(state: Any) -> None:
    with pytest.raises(TypeError):
        iter(state)
    assert not hasattr(state, "__array__")
    name = type(state).__slots__[0]
    with pytest.raises(AttributeError, match=f"^{type(state).__name__!r} object has no attribute '_{name}'$"):
        getattr(state, f"_{name}")
    with pytest.raises(TypeError, match=rf"it has attributes: \.{name}"):
        state[name]
    with pytest.raises(TypeError, match=rf"it has attributes: \.{name}"):
        _ = name in state
    with pytest.raises(AttributeError, match=rf"'get'; it is no dict: use \.{name}"):
        state.get(name)
    assert copy.copy(state) == pickle.loads(pickle.dumps(state)) == state
    assert not hasattr(state, "__dict__")


def test_a_type_of_inputs_is_the_same_before_and_after_a_call(twin: Twin) -> None:
    before = TypeAdapter(RenamedInput).validate_python({"from": "x"})
    twin.do(lambda fal: fal.alias.run(from_="x"))
    assert twin.server.seen[-1].json == {"from": "x"}
    assert not hasattr(RenamedInput, "__pydantic_config__")
    assert TypeAdapter(RenamedInput).validate_python({"from": "x"}) == before


def test_what_only_raises_is_not_called_in_templates(twin: Twin) -> None:
    """As Django's templates do with anything that can be called."""
    fal = twin.client()
    for node in (fal.flux_1, fal.flux_1.schnell, fal.endpoint("any/where")):
        assert callable(node)
        assert node.do_not_call_in_templates is True
        assert "do_not_call_in_templates" not in dir(node)


@pytest.mark.parametrize("key", ["", " ", "\n"])
def test_an_empty_key_is_no_key_of_the_environment(twin: Twin, monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv("FAL_KEY", "the:environments")
    with pytest.raises(errors.MissingCredentialsError, match=r"^credentials: the key is empty; None stands for"):
        twin.kind(credentials=key)
    with pytest.raises(ValueError, match="credentials: the key begins with 'Key'"):
        twin.kind(credentials="Key a:b")


@pytest.mark.parametrize("name", ["conin$", "CONOUT$.png", "con", "Con .txt"])
def test_a_device_of_windows_is_no_name(name: str) -> None:
    assert safe_name(name).startswith("_")


def test_a_name_that_begins_so_is_one() -> None:
    assert safe_name("conin.png") == "conin.png"


@pytest.mark.parametrize(("count", "more"), [(1, ""), (5, ""), (6, ", ..."), (9, ", ...")])
def test_of_what_is_below_a_name_five_are_shown(count: int, more: str) -> None:
    paths = [f"a{n}" for n in range(count)]
    shown = ", ".join(f".{path}" for path in paths[:5])
    assert namespace_hint(iter(paths)) == f"; it is no endpoint, but has some below it: {shown}{more}"


def test_an_argument_that_is_almost_one_is_suggested() -> None:
    told = str(argument_error("RequestHandle.result", "timout", ["timeout"]))
    assert told == ("RequestHandle.result() got an unexpected keyword argument 'timout'; did you mean 'timeout'?")
    assert str(argument_error("RequestHandle.result", "zzz", ["timeout"])).endswith("argument 'zzz'")

"""The signatures that verbs have at run time: made when asked for, and nothing else of a verb is changed by them."""

from __future__ import annotations

import inspect
import pickle
import subprocess
import sys
import typing
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Annotated, Any
from unittest import mock

import pytest
from fal_typed import AsyncFal, Fal, RequestHandle
from fal_typed._registry import ENDPOINTS
from fal_typed._runtime.calls import told
from fal_typed._runtime.calls.endpoint import DynamicEndpoint, Endpoint
from fal_typed._runtime.inputs.spec import EndpointSpec
from fal_typed._runtime.inputs_told import rows
from fal_typed._runtime.inputs_told.rows import NO_DEFAULT
from fal_typed._runtime.schemas import Schemas
from fal_typed.endpoints.flux_1.schnell import AsyncFlux1Schnell, Flux1Schnell, Flux1SchnellOutput
from pydantic import Field
from typing_extensions import TypedDict, Unpack, deprecated

REPOSITORY = Path(__file__).parents[3]
VERBS = {"run": set[str](), "subscribe": {"logs", "on_queue_update"}, "submit": {"webhook_url"}}


@pytest.fixture
def fal() -> Fal:
    return Fal("id:secret")


@pytest.mark.parametrize("kind", [Fal, AsyncFal])
@pytest.mark.parametrize("endpoint_id", ENDPOINTS)
def test_every_verb_has_all_inputs(endpoint_id: str, kind: Any) -> None:
    endpoint = kind("id:secret").endpoints[endpoint_id]
    inputs = typing.get_type_hints(import_module(type(endpoint).__module__).SPEC.input)
    for verb, options in VERBS.items():
        signature = inspect.signature(getattr(endpoint, verb))
        assert [*signature.parameters][: len(inputs)] == [*inputs]
        assert {*signature.parameters} - {*inputs} == options
        assert {one.kind for one in signature.parameters.values()} == {inspect.Parameter.KEYWORD_ONLY}


def test_types_and_defaults_are_readable(fal: Fal) -> None:
    assert str(inspect.signature(fal.flux_1.schnell.subscribe)) == (
        "(*, prompt: str, "
        'image_size: "square_hd" | "square" | "portrait_4_3" | "portrait_16_9" | "landscape_4_3" | "landscape_16_9" | '
        "ImageSize = 'landscape_4_3', num_inference_steps: int = 4, seed: int | None = ..., sync_mode: bool = False, "
        'num_images: int = 1, enable_safety_checker: bool = True, output_format: "jpeg" | "png" = \'png\', '
        'acceleration: "none" | "regular" | "high" = \'regular\', logs: bool | None = None, '
        "on_queue_update: Callable[[Queued | InProgress | Completed], object] | None = None) "
        "-> fal_typed.endpoints.flux_1.schnell.Flux1SchnellOutput"
    )


def test_it_can_be_reckoned_with(fal: Fal) -> None:
    signature = inspect.signature(fal.flux_1.schnell.submit)
    assert signature.parameters["prompt"].default is inspect.Parameter.empty
    assert signature.parameters["seed"].default is NO_DEFAULT
    assert signature.parameters["num_images"].default == 1
    assert signature.return_annotation == RequestHandle[Flux1SchnellOutput]
    assert inspect.signature(Flux1Schnell.run).return_annotation is Flux1SchnellOutput
    assert next(iter(inspect.signature(Flux1Schnell.run).parameters)) == "self"
    with pytest.raises(TypeError, match="prompt"):
        signature.bind(num_images=1)


def test_a_mock_knows_the_inputs(fal: Fal) -> None:
    run = mock.create_autospec(fal.flux_1.schnell.run)
    run(prompt="a", num_images=2)
    with pytest.raises(TypeError, match="num_image"):
        run(prompt="a", num_image=2)
    assert mock.create_autospec(fal.flux_1.schnell).subscribe is not None


def test_it_is_made_when_asked_for_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    from fal_typed._runtime.inputs_told import signatures

    real = signatures.signature_of
    monkeypatch.setattr(signatures, "signature_of", lambda *how: made.append(how[1].id) or real(*how))
    verb = Fal("id:secret").nucleus_image.run
    assert made == []
    assert inspect.signature(verb) == inspect.signature(verb)
    assert len(made) <= 1  # or another test has asked


def test_a_call_imports_nothing_of_it() -> None:
    code = (
        "import sys, fal_typed\n"
        "fal = fal_typed.Fal('id:secret', max_retries=0, hosts=fal_typed.Hosts(run='http://127.0.0.1:9'))\n"
        "try: fal.flux_1.schnell.run(prompt='a')\n"
        "except fal_typed.APIConnectionError: pass\n"
        "found = [one for one in sys.modules if 'inputs_told' in one or one.endswith('.schemas') or 'IPython' in one]\n"
        "print(found)"
    )
    where = REPOSITORY / "generated"
    done = subprocess.run([sys.executable, "-c", code], cwd=where, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_verbs_are_the_functions_that_they_were(fal: Fal) -> None:
    assert inspect.isfunction(Flux1Schnell.run)
    assert inspect.ismethod(fal.flux_1.schnell.run)
    assert inspect.iscoroutinefunction(AsyncFlux1Schnell.run)
    assert not inspect.iscoroutinefunction(Flux1Schnell.run)
    assert Flux1Schnell.run.__qualname__ == "Flux1Schnell.run"
    assert "def run(self, /, **input" in inspect.getsource(fal.flux_1.schnell.run)
    assert inspect.unwrap(Flux1Schnell.run).__code__.co_filename.endswith("schnell.py")
    assert pickle.loads(pickle.dumps(Flux1Schnell.run)) is Flux1Schnell.run
    again = pickle.loads(pickle.dumps(fal.flux_1.schnell.run))
    assert inspect.signature(again) == inspect.signature(fal.flux_1.schnell.run)
    assert typing.get_type_hints(Flux1Schnell.run)["return"] is Flux1SchnellOutput


def test_what_is_positional_is_refused_as_before(fal: Fal) -> None:
    with pytest.raises(TypeError, match=r"takes inputs as keyword arguments: run\(prompt=\.\.\.\)"):
        fal.flux_1.schnell.run("a cat")  # type: ignore[misc]  # pyright: ignore[reportCallIssue]


def test_copies_with_options_have_them(fal: Fal) -> None:
    copy = fal.flux_1.schnell.with_options(logs=True)
    assert "prompt" in inspect.signature(copy.run).parameters


def test_a_dynamic_endpoint_keeps_its_own(fal: Fal) -> None:
    assert [*inspect.signature(fal.endpoint("owner/other").run).parameters] == ["arguments", "given"]
    assert (DynamicEndpoint.__doc__ or "").startswith("Any endpoint by its id")


def test_an_endpoint_itself_has_none(fal: Fal) -> None:
    """It cannot be called, although it has a `__call__` that says so."""
    for one in (fal.flux_1, fal.flux_1.schnell):
        with pytest.raises(ValueError, match=r"no signature|not callable"):
            inspect.signature(one)


class Odd(TypedDict, total=False, extra_items=Any):  # type: ignore[call-arg]
    self: Annotated[str, Field(alias="Self")]
    more: int


def old(**spec: Any) -> type[Endpoint[Any, Any]]:
    class Old(Endpoint[Any, Any]):
        """An old one."""

        _spec = EndpointSpec(id="a/b", **spec)

        @deprecated("gone")
        def run(self, /, **input: Unpack[Odd]) -> Any:
            """Run it."""
            return self._run(input)

    return Old


def test_names_that_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    said = Schemas(input={"properties": {"Self": {"default": "x" * 100}, "more": {"default": [1]}}}, output={})
    monkeypatch.setattr(rows, "schemas_of", lambda *_: said)
    signature = inspect.signature(old(input=Odd, renamed=True).run)
    assert [*signature.parameters] == ["self_", "self", "more", "more_"]
    assert signature.parameters["more_"].kind is inspect.Parameter.VAR_KEYWORD
    assert repr(signature.parameters["self"].default) == f"'{'x' * 57} …"
    assert signature.parameters["self"].default.value == "x" * 100
    assert signature.parameters["more"].default == [1]


def test_a_deprecated_verb_has_it_and_warns_still(monkeypatch: pytest.MonkeyPatch) -> None:
    verb: Any = old(input=Odd).run
    assert verb.__deprecated__ == "gone"
    assert "more" in inspect.signature(verb).parameters
    assert verb.getdoc().startswith("Run it.")
    with pytest.warns(DeprecationWarning, match="gone"):
        assert verb(SimpleNamespace(_run=list), more=1) == ["more"]


def test_of_an_endpoint_without_known_inputs_there_is_nothing_to_list() -> None:
    assert [*inspect.signature(old().run).parameters] == ["self"]
    assert (old().__doc__ or "") == "An old one."


def test_without_docstrings() -> None:
    """Under -OO there are none, and help is the table alone."""
    code = "from fal_typed.endpoints.flux_1.schnell import Flux1Schnell as F; print(F.__doc__, F.run.getdoc()[:6])"
    where = REPOSITORY / "generated"
    done = subprocess.run([sys.executable, "-OO", "-c", code], cwd=where, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("None Inputs\n", "")


def test_the_package_is_the_one_that_the_endpoint_is_of() -> None:
    assert told._PACKAGE == "fal_typed"  # pyright: ignore[reportPrivateUsage]

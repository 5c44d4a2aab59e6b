"""`input_schema()` and `output_schema()`, as users ask for them."""

from __future__ import annotations

import inspect
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import fal_typed
import pytest
from jsonschema import Draft202012Validator
from support import PINNED
from support.static import CHECKERS, error_lines, lines_marked

from .catalog import ROOT

if TYPE_CHECKING:
    from pathlib import Path

SCHNELL = "fal-ai/flux-1/schnell"
KINDS = [fal_typed.Fal, fal_typed.AsyncFal]
each_client = pytest.mark.parametrize("client", KINDS, ids=lambda kind: kind.__name__)


@each_client
@pytest.mark.parametrize("endpoint_id", PINNED)
def test_every_endpoint_has_both(client: Any, endpoint_id: str) -> None:
    fal = client()
    for endpoint in (fal.endpoints[endpoint_id], fal.endpoint(endpoint_id)):
        for schema in (endpoint.input_schema(), endpoint.output_schema()):
            assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
            assert schema["type"] == "object"
            Draft202012Validator.check_schema(schema)


@each_client
def test_it_has_what_a_form_needs(client: Any) -> None:
    schema = client().flux_1.schnell.with_options(timeout=3).input_schema()
    assert [*schema["properties"]][:3] == ["prompt", "image_size", "num_inference_steps"]
    assert schema["required"] == ["prompt"]
    steps = schema["properties"]["num_inference_steps"]
    assert (steps["title"], steps["default"], steps["minimum"], steps["maximum"]) == ("Num Inference Steps", 4, 1, 12)
    assert client().flux_1.schnell.output_schema()["properties"]["images"]["items"]["x-file"] == {"kind": "image"}


@each_client
def test_what_is_asked_for_is_the_caller_s_own(client: Any) -> None:
    endpoint = client().flux_1.schnell
    first, text = endpoint.input_schema(), json.dumps(endpoint.input_schema())
    first["properties"]["prompt"]["title"] = "Changed"
    first["$defs"].clear()
    del first["properties"]["seed"]
    assert json.dumps(endpoint.input_schema()) == text
    assert endpoint.input_schema()["properties"]["prompt"] is not endpoint.input_schema()["properties"]["prompt"]


def test_a_change_is_nobody_else_s(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither of what help tells and a fake answers by."""
    from fal_typed._runtime.schemas import schemas_of

    shared = schemas_of("fal_typed", SCHNELL)
    assert shared is not None
    before = json.dumps(shared.input)
    fal_typed.Fal().flux_1.schnell.input_schema()["properties"].clear()
    assert json.dumps(shared.input) == before


@each_client
def test_of_an_endpoint_that_was_not_generated_nothing_is_known(client: Any) -> None:
    endpoint = client().endpoint("fal-ai/nobody")
    for ask in (endpoint.input_schema, endpoint.output_schema):
        with pytest.raises(fal_typed.UnknownEndpointError) as caught:
            ask()
        assert str(caught.value) == (
            "no endpoint 'fal-ai/nobody' was generated: what it takes and gives is not known here"
        )


@each_client
def test_it_is_a_method_that_says_what_it_does(client: Any) -> None:
    for endpoint in (client().flux_1.schnell, client().endpoint("a/b")):
        for ask in (endpoint.input_schema, endpoint.output_schema):
            assert not inspect.iscoroutinefunction(ask)
            assert not inspect.signature(ask).parameters
            assert (inspect.getdoc(ask) or "").startswith("What the model ")
    with pytest.raises(TypeError, match=r"Flux1Schnell\.input_schema\(\) takes 1 positional argument"):
        client().flux_1.schnell.input_schema({"prompt": "x"})


def test_many_threads_may_ask_at_once() -> None:
    fal = fal_typed.Fal()
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda one: json.dumps(fal.endpoints[one].input_schema()), PINNED * 8))
    assert found == found[: len(PINNED)] * 8


@pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing is forked on this system")
def test_a_forked_child_may_ask() -> None:
    code = (
        "import os, fal_typed\n"
        "fal = fal_typed.Fal()\n"
        "mine = fal.flux_1.schnell.input_schema()\n"
        "if (child := os.fork()) == 0:\n"
        "    fine = fal.flux_1.schnell.input_schema() == mine and fal.imagen4.preview.output_schema()\n"
        "    os._exit(0 if fine else 1)\n"
        "assert os.waitpid(child, 0)[1] == 0\n"
    )
    assert ran(code) == ""


def test_nothing_is_read_before_somebody_asks() -> None:
    code = (
        "import sys, fal_typed\n"
        "endpoint = fal_typed.Fal().flux_1.schnell\n"
        "assert 'fal_typed._runtime.schemas' not in sys.modules\n"
        "endpoint.input_schema()\n"
        "assert 'fal_typed._runtime.schemas' in sys.modules\n"
        "assert 'httpx' not in sys.modules\n"
    )
    assert ran(code) == ""


def ran(code: str) -> str:
    """What a fresh interpreter, that has no key, says of some code."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("FAL_")}
    environment["PYTHONPATH"] = str(ROOT / "generated")
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    return done.stderr


PROGRAM = """\
from typing import Any, assert_type

from fal_typed import AsyncFal, Fal


def tool(fal: Fal, other: AsyncFal) -> str:
    schema = fal.flux_1.schnell.input_schema()
    assert_type(schema, dict[str, Any])
    schema["properties"].pop("sync_mode")
    assert_type(other.flux_1.schnell.output_schema(), dict[str, Any])
    assert_type(fal.endpoint("a/b").input_schema(), dict[str, Any])
    fal.flux_1.schnell.input_schema("prompt")  # BAD
    fal.flux_1.input_schema()  # BAD
    title: str = schema["properties"]["prompt"]["title"]
    return title


def call(fal: Fal, arguments: dict[str, Any]) -> str:
    return fal.flux_1.schnell.subscribe(**arguments).images[0].url
"""


@pytest.mark.slow
@pytest.mark.parametrize("checker", CHECKERS)
def test_type_checkers_let_it_be_used(tmp_path: Path, checker: str) -> None:
    found = error_lines(checker, tmp_path, PROGRAM, ROOT / "generated")
    assert found.keys() == lines_marked(PROGRAM), found

"""No hint leads to a private name: every attribute of every client, endpoint and handle is misspelt."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import fal_typed
import pytest
from fal_typed._runtime.calls.child import children
from fal_typed._runtime.checks import suggestion

from .catalog import PINNED, ROOT, each_endpoint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .catalog import Entry

CLIENTS = [fal_typed.Fal, fal_typed.AsyncFal]
PRIVATE = re.compile(r"(?<![\w/])_\w")


def misspelt(name: str) -> set[str]:
    """Names near to one, none of them private."""
    plain = name.strip("_")
    near = {plain, plain[:-1], plain[1:], plain + "s", plain.replace("_", ""), plain.upper()}
    return {each.lstrip("_") for each in near} - {""}


def nodes(node: Any) -> Iterator[Any]:
    """A node of the tree of endpoints, and all below it."""
    yield node
    for name in children(type(node)):
        yield from nodes(getattr(node, name))


def messages(thing: Any) -> Iterator[str]:
    """What is said of each misspelling of each name that it has, private ones too."""
    for name in {near for each in dir(type(thing)) for near in misspelt(each)}:
        if hasattr(thing, name):
            continue
        with pytest.raises(AttributeError) as caught:
            getattr(thing, name)
        assert caught.value.obj is None, "the interpreter would suggest names of its own"
        assert "\n" not in str(caught.value)
        yield str(caught.value).partition(repr(name))[2]


@pytest.mark.sampled(2)
@pytest.mark.parametrize("kind", CLIENTS)
def test_no_hint_names_what_is_private(kind: type[Any]) -> None:
    client = kind("a:b")
    things = [client, *nodes(client._root()), client.flux_1.schnell.request("id"), client.endpoint("any/where")]
    assert len(things) > len(PINNED)
    said = [each for thing in things for each in messages(thing)]
    assert [each for each in said if "did you mean" in each]
    assert not [each for each in said if PRIVATE.search(each)]


def test_a_suggestion_is_public() -> None:
    assert suggestion("stream", ["_stream", "__stream__"]) == ""
    assert suggestion("stream", ["_stream", "streams"]) == "; did you mean 'streams'?"


def test_the_interpreter_adds_nothing() -> None:
    program = "import fal_typed; fal_typed.Fal('a:b').flux_1.schnell.stream(prompt='x')"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "generated")}
    ran = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False)
    last = ran.stderr.splitlines()[-1]
    assert last.startswith("AttributeError: 'Flux1Schnell' has no attribute 'stream': fal-ai/flux-1/schnell is not")
    assert "_stream" not in last


@each_endpoint
@pytest.mark.parametrize("kind", CLIENTS)
def test_every_endpoint_says_how_it_is_called(kind: type[Any], entry: Entry) -> None:
    endpoint = entry.of(kind("a:b"))
    with pytest.raises(TypeError, match=r"is not callable; use \.subscribe\(prompt=\.\.\.\)"):
        endpoint(prompt="x")
    if not hasattr(type(endpoint), "stream"):
        with pytest.raises(AttributeError, match=rf"{entry.id} is not noted as streaming"):
            _ = endpoint.stream


@pytest.mark.parametrize("kind", CLIENTS)
@pytest.mark.parametrize(
    ("name", "below"),
    [
        ("flux_1", ".schnell"),
        ("f_lite", ".standard"),
        ("ideogram", ".v2"),
        ("imagen4", ".preview, .preview.fast"),
        ("recraft", ".v2.text_to_image"),
    ],
)
def test_a_namespace_names_the_endpoints_below_it(kind: type[Any], name: str, below: str) -> None:
    with pytest.raises(TypeError) as caught:
        getattr(kind("a:b"), name)(prompt="x")
    assert str(caught.value).endswith(f"object is not callable; it is no endpoint, but has some below it: {below}")


def test_a_hint_is_loaded_when_it_is_needed() -> None:
    program = (
        "import sys, fal_typed\n"
        "fal = fal_typed.Fal('a:b')\n"
        "fal.flux_1.schnell.with_options(logs=True).request('id')\n"
        "before = 'fal_typed._runtime.habits' in sys.modules\n"
        "try: fal.subscribe\n"
        "except AttributeError: pass\n"
        "print(before, 'fal_typed._runtime.habits' in sys.modules)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "generated")}
    ran = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert ran.stdout == "False True\n"


@pytest.mark.parametrize("name", ["subscribe", "run_async", "upload_file", "SyncClient", "FalClientError", "Status"])
def test_a_name_of_fal_client_in_the_module(name: str) -> None:
    with pytest.raises(AttributeError, match=rf"module 'fal_typed' has no attribute '{name}'; it is "):
        getattr(fal_typed, name)
    assert not hasattr(fal_typed, name)


def test_the_error_of_an_unknown_id_is_called_as_it_is_imported() -> None:
    with pytest.raises(fal_typed.UnknownEndpointError) as caught:
        fal_typed.Fal("a:b").endpoints["any/where"]  # type: ignore[misc] # pyright: ignore
    assert type(caught.value).__module__ == "fal_typed"

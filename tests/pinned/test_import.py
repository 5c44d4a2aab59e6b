"""Importing the package costs next to nothing, every public name is there, and a wrong one gets a useful answer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

import fal_typed
import pytest
from fal_typed._runtime.calls.child import children

from .catalog import PINNED, ROOT, Entry, each_endpoint
from .documents import document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fal_server import FalServer

HEAVY = {"pydantic", "pydantic_core", "httpx", "httpcore", "typing_extensions", "annotated_types", "anyio", "ssl"}
HEAVY |= {"asyncio", "dataclasses", "inspect", "email", "http", "urllib.request"}
# Below each line: the modules of the package itself that may be there.
STEPS = {
    "import fal_typed": 1,
    "import fal_typed; fal_typed.Fal('a:b')": 14,
    "import fal_typed; fal = fal_typed.Fal(); repr(fal)": 15,
    "import fal_typed; fal_typed.Fal(credentials='a:b', hosts=fal_typed.Hosts(), timeout=5).close": 15,
}


def loaded_by(code: str) -> list[str]:
    """The modules that some code loads into a fresh interpreter, which had none of them before."""
    program = f"import sys, json\nold = set(sys.modules)\n{code}\nprint(json.dumps(sorted(set(sys.modules) - old)))"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "generated"), "FAL_KEY": "a:b"}
    ran = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    return json.loads(ran.stdout.splitlines()[-1])


@pytest.mark.parametrize("code", STEPS)
def test_nothing_heavy_is_loaded_before_the_first_endpoint(code: str) -> None:
    modules = loaded_by(code)
    assert not HEAVY & set(modules)
    assert not {name for name in modules if name.partition(".")[0] not in {"fal_typed", *sys.stdlib_module_names}}
    own = [name for name in modules if name.partition(".")[0] == "fal_typed"]
    assert not [name for name in own if ".endpoints" in name or ".models" in name or ".params" in name]
    assert len(own) <= STEPS[code], own


AWAITED = """
import asyncio, json, sys
from fal_typed import AsyncFal

async def main():
    before = set(sys.modules)
    async with AsyncFal("a:b") as fal:
        for verb in ("run", "subscribe"):
            await getattr(fal.flux_1.schnell, verb)(prompt="x")
    return sorted(set(sys.modules) - before)

print(json.dumps(asyncio.run(main())))
"""


def test_an_event_loop_waits_for_the_endpoint_alone(server: FalServer) -> None:
    """Who awaits has imported the rest with the client's class."""
    entry = next(entry for entry in PINNED if entry.id == "fal-ai/flux-1/schnell")
    server.plan(entry.id, output=document(entry.id).sample(document(entry.id).output, full=True))
    hosts = {"FAL_RUN_HOST": server.run_url, "FAL_QUEUE_RUN_HOST": server.queue_url}
    environment = {**os.environ, **hosts, "PYTHONPATH": str(ROOT / "generated")}
    ran = subprocess.run([sys.executable, "-c", AWAITED], env=environment, capture_output=True, text=True, check=True)
    own = ("fal_typed.endpoints", "fal_typed.models", "fal_typed.params", "encodings.")
    assert [name for name in json.loads(ran.stdout) if not name.startswith(own)] == []


def test_an_endpoint_brings_only_itself() -> None:
    modules = loaded_by("import fal_typed; fal_typed.Fal().imagen4.preview.run")
    endpoints = {name for name in modules if name.startswith("fal_typed.endpoints.")}
    # fast is below preview, and comes when it is asked for.
    assert endpoints == {f"fal_typed.endpoints.{name}" for name in ("_root", "imagen4", "imagen4.preview")}
    assert {name for name in modules if name.startswith(("fal_typed.models.", "fal_typed.params."))} == {
        "fal_typed.models._plain_image"
    }
    assert "httpx" not in modules
    listed = loaded_by("import fal_typed; fal_typed.Fal().endpoints; list(fal_typed.Fal().endpoints)")
    assert not [name for name in listed if name.startswith("fal_typed.endpoints.")]


def test_a_synchronous_caller_loads_no_asyncio() -> None:
    """Endpoint modules have both kinds of class, and asyncio costs as much as all else that comes with the first."""
    assert "asyncio" not in loaded_by("import fal_typed; fal_typed.Fal().hidream_i1_full.stream")


@pytest.mark.parametrize("name", ["fal_typed", "fal_typed.models", "fal_typed.params"])
def test_every_public_name_resolves(name: str) -> None:
    module = import_module(name)
    assert len(set(module.__all__)) == len(module.__all__)
    for public in module.__all__:
        assert getattr(module, public) is not None
        assert public in dir(module)
    with pytest.raises(AttributeError, match=rf"{name}.*no_such_name"):
        _ = module.no_such_name


@each_endpoint
def test_every_public_name_of_an_endpoint_resolves(entry: Entry) -> None:
    module = import_module(entry.module_name)
    assert all(hasattr(module, public) for public in module.__all__)
    assert {entry.name, f"Async{entry.name}", f"{entry.name}Input", f"{entry.name}Output"} <= set(module.__all__)


def attribute_paths(node: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """The endpoints below a namespace, found as a user with tab completion finds them: attribute path and class."""
    for name in children(type(node)):
        child = getattr(node, name)
        if hasattr(child, "submit"):
            yield ".".join((*path, name)), repr(child)
        yield from attribute_paths(child, (*path, name))


@pytest.mark.parametrize("kind", [fal_typed.Fal, fal_typed.AsyncFal])
def test_the_attribute_paths_are_the_registry_and_the_pinned_ids(kind: type) -> None:
    client = kind(credentials="a:b")
    prefix = "Async" if kind is fal_typed.AsyncFal else ""
    assert sorted(client.endpoints) == [entry.id for entry in PINNED]
    assert sorted(attribute_paths(client._root())) == sorted(
        (entry.attribute, f"<{prefix}{entry.name} {entry.id}>") for entry in PINNED
    )
    assert {entry.attribute.partition(".")[0] for entry in PINNED} <= set(dir(client))
    for entry in PINNED:
        assert entry.id in client.endpoints
        assert type(client.endpoints[entry.id]).__name__ == f"{prefix}{entry.name}"


@each_endpoint
def test_a_misspelt_attribute_names_the_nearest(entry: Entry) -> None:
    *above, name = entry.attribute.split(".")
    node: Any = fal_typed.Fal(credentials="a:b")
    for part in above:
        node = getattr(node, part)
    with pytest.raises(AttributeError, match=rf"did you mean '{name}'\?") as caught:
        getattr(node, name[:-1])
    assert name[:-1] in str(caught.value)


@each_endpoint
def test_a_misspelt_id_names_the_nearest(entry: Entry) -> None:
    endpoints = fal_typed.Fal(credentials="a:b").endpoints
    wrong = entry.id[:-1]
    with pytest.raises(KeyError) as caught:
        endpoints[wrong]
    assert f"did you mean {entry.id!r}?" in str(caught.value)
    assert f".endpoint({wrong!r})" in str(caught.value)
    assert wrong not in endpoints
    assert endpoints.get(wrong) is None


def test_every_error_is_public_and_called_so() -> None:
    """A traceback says `fal_typed.RateLimitError`, which is what users catch; `pickle` finds it there, too."""
    own = import_module("fal_typed._runtime.errors")
    errors = [one for one in vars(own).values() if isinstance(one, type) and issubclass(one, own.FalError)]
    assert len(errors) >= 20
    for error in errors:
        assert getattr(fal_typed, error.__name__) is error
        assert error.__module__ == "fal_typed"
        assert error.__name__ in fal_typed.__all__

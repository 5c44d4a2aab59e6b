"""What users see without opening the documentation: `help`, and the docstrings an editor shows."""

from __future__ import annotations

import ast
import inspect
import pydoc
import re
import sys
from functools import reduce
from typing import TYPE_CHECKING, Any

import pytest
from corpus import corpus, folder

from docs.support import REPOSITORY, emitted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.docs.describe import FieldDescription

IDS = sorted(emitted())
STREAMING = {"fal-ai/hidream-i1-fast", "fal-ai/hidream-i1-full"}


def endpoint(endpoint_id: str, client: str = "Fal") -> Any:
    """The endpoint of a client, as a user reaches it."""
    import fal_typed
    from fal_typed._registry import ENDPOINTS

    return reduce(getattr, ENDPOINTS[endpoint_id][0].split("."), getattr(fal_typed, client)())


def fields(found: object) -> tuple[FieldDescription, ...]:
    assert isinstance(found, tuple)
    return found


@pytest.mark.parametrize("endpoint_id", IDS)
def test_help_lists_every_input(endpoint_id: str) -> None:
    shown = pydoc.render_doc(endpoint(endpoint_id).subscribe, renderer=pydoc.plaintext)
    listed = re.findall(r"^ {12}(\w+) \((required|optional|default .*|has a default)\)(?::|$)", shown, re.MULTILINE)
    assert [name for name, _ in listed] == [one.name for one in fields(emitted()[endpoint_id].input)]
    required = [name for name, note in listed if note == "required"]
    assert required == [one.name for one in fields(emitted()[endpoint_id].input) if one.required]
    assert "logs: Whether" in shown


@pytest.mark.parametrize("endpoint_id", IDS)
def test_help_of_the_asynchronous_client_says_where_the_inputs_are_listed(endpoint_id: str) -> None:
    """Once is enough: the two classes stand in one module."""
    found = endpoint(endpoint_id, "AsyncFal")
    sync = type(endpoint(endpoint_id))
    for verb in ("run", "subscribe", "submit"):
        doc = inspect.getdoc(getattr(found, verb))
        assert doc is not None
        assert f"**input: The model's inputs; `{sync.__name__}.subscribe` lists them." in doc
    assert getattr(sys.modules[type(found).__module__], sync.__name__) is sync


@pytest.mark.parametrize("name", ["Fal", "AsyncFal"])
def test_the_client_says_what_it_takes(name: str) -> None:
    import fal_typed

    client = getattr(fal_typed, name)
    doc = inspect.getdoc(client)
    assert doc is not None
    listed = re.findall(r"^    (\w+): ", doc.partition("Args:\n")[2].partition("\n\n")[0], re.MULTILINE)
    assert listed == [*inspect.signature(client).parameters]


@pytest.mark.pinned
def test_help_says_what_an_input_is_and_what_it_is_otherwise() -> None:
    shown = pydoc.render_doc(endpoint("fal-ai/flux-1/schnell").subscribe, renderer=pydoc.plaintext)
    assert "            prompt (required): The prompt to generate an image from.\n" in shown
    assert "            num_inference_steps (default 4): The number of inference steps to perform.\n" in shown
    assert re.search(r"^ +seed \(optional\): The same seed .* …$", shown, re.MULTILINE)
    assert max(map(len, inspect.getdoc(endpoint("fal-ai/omnigen-v2").subscribe).splitlines())) <= 110


@pytest.mark.parametrize("endpoint_id", IDS)
def test_the_class_tells_what_the_endpoint_is(endpoint_id: str) -> None:
    for client in ("Fal", "AsyncFal"):
        doc = inspect.getdoc(type(endpoint(endpoint_id, client)))
        assert doc is not None
        assert doc.startswith(f"{endpoint_id}: text-to-image.\n")
        assert f"\nDocumentation: https://fal.ai/models/{endpoint_id}/api\n\nInputs (* must be given):\n" in doc
        assert ("It can stream its output." in doc) is (endpoint_id in STREAMING)


@pytest.mark.parametrize("endpoint_id", IDS)
def test_every_docstring_is_free_of_layout(endpoint_id: str) -> None:
    """No indentation, no trailing space and no doubled one: what a document's own source was indented by is gone."""
    for text in docstrings(endpoint_id):
        lines = inspect.cleandoc(text).splitlines()
        assert not [line for line in lines if line != line.rstrip() or "\t" in line]
        prose = [line for line in lines if not line.startswith(("Example:", "Default:", " ", "- "))]
        assert not [line for line in prose if "  " in line]
        assert "Default value:" not in text


def docstrings(endpoint_id: str) -> Iterator[str]:
    from fal_typed._registry import ENDPOINTS

    path = REPOSITORY.joinpath("generated", "fal_typed", "endpoints", *ENDPOINTS[endpoint_id][0].split("."))
    tree = ast.parse((path / "__init__.py" if path.is_dir() else path.with_suffix(".py")).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node.value.value


@pytest.mark.pinned
def test_a_field_shows_default_range_and_example_where_an_editor_looks() -> None:
    source = (REPOSITORY / "generated/fal_typed/endpoints/nucleus_image.py").read_text(encoding="utf-8")
    for text in (
        "Default: `50`. Range: 1 to 100.",
        'Example: `"blurry, low quality, distorted text"`.',
        "Default: `False`.",
    ):
        assert f"    {text}\n" in source


@pytest.mark.slow
def test_help_lists_every_input_of_the_corpus(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Names that Python forbids, hostile prose, forty inputs: every one has its line."""
    made = corpus.make(corpus.shared_between_workers(tmp_path_factory.getbasetemp()) / "corpus")
    count = 0
    for module in sorted((made.package / "endpoints").rglob("*.py")):
        tree = ast.parse(module.read_text(encoding="utf-8"))
        classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
        declared = next((cls for name, cls in classes.items() if name.endswith("Input") and name[:-5] in classes), None)
        if declared is None:
            continue
        names = [n.target.id for n in declared.body if isinstance(n, ast.AnnAssign) and isinstance(n.target, ast.Name)]
        body = classes[declared.name[:-5]].body
        verb = next(n for n in body if isinstance(n, ast.FunctionDef) and n.name == "subscribe")
        shown = ast.get_docstring(verb)
        assert shown is not None
        assert re.findall(r"^ {8}(\w+) \(", shown, re.MULTILINE) == names
        count += len(names)
    assert count > (2_500 if folder.IS_HERE else 250)

"""The schemas that the package carries, as the runtime reads them."""

from __future__ import annotations

import base64
import lzma
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from fal_typed._registry import ENDPOINTS
from fal_typed._runtime import schemas
from fal_typed._runtime.schemas import schemas_of
from jsonschema import Draft202012Validator
from support import PINNED, REPOSITORY

from generator.emit.carried import packed

if TYPE_CHECKING:
    from pathlib import Path

SCHNELL = "fal-ai/flux-1/schnell"


def test_every_endpoint_has_them() -> None:
    assert sorted(ENDPOINTS) == PINNED
    for endpoint_id in PINNED:
        found = schemas_of("fal_typed", endpoint_id)
        assert found is not None
        for one in (found.input, found.output):
            assert one["$schema"] == "https://json-schema.org/draft/2020-12/schema"
            Draft202012Validator.check_schema(dict(one))


def test_they_say_what_the_document_says() -> None:
    found = schemas_of("fal_typed", SCHNELL)
    assert found is not None
    assert [*found.input["properties"]][:3] == ["prompt", "image_size", "num_inference_steps"]
    steps = found.input["properties"]["num_inference_steps"]
    assert (steps["default"], steps["minimum"], steps["maximum"]) == (4, 1, 12)
    assert Draft202012Validator(dict(found.input)).is_valid({"prompt": "a", "image_size": {"width": 8}})
    assert not Draft202012Validator(dict(found.input)).is_valid({"prompt": "a", "image_size": {"width": "8"}})


def test_they_say_what_the_model_is() -> None:
    found = schemas_of("fal_typed", SCHNELL)
    assert found is not None
    assert found.category == "text-to-image"
    assert (found.description or "").startswith("FLUX.1 [schnell], turbo mode")
    assert found.documentation == f"https://fal.ai/models/{SCHNELL}/api"


def test_a_line_of_an_earlier_generator_tells_nothing_of_the_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A document that broke meanwhile keeps the line that it had."""
    rows = base64.b64encode(lzma.compress(b'a/b\t{"input":{},"output":{}}\n'))
    package(tmp_path, "early_schemas", b"# header\n" + rows + b"\n", monkeypatch)
    found = schemas_of("early_schemas", "a/b")
    assert found is not None
    assert (found.category, found.description, found.documentation) == (None, None, None)


def test_of_no_endpoint_there_are_none() -> None:
    assert schemas_of("fal_typed", "fal-ai/nobody") is None
    assert schemas_of("fal_typed", "") is None


def test_of_many_endpoints_only_some_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [f"owner-{number % 7}/model-{number}" for number in range(400)]
    lines = {one: f'{one}\t{{"input":{{"title":"{one}"}},"output":{{}}}}' for one in ids}
    package(tmp_path, "many_schemas", packed(lines, "header").encode(), monkeypatch)
    asked: list[bytes] = []
    decompress = lzma.decompress
    monkeypatch.setattr(lzma, "decompress", lambda data: asked.append(data) or decompress(data))
    assert schemas_of("many_schemas", ids[200]) is not None
    assert len(asked) == 1
    for one in ids:
        found = schemas_of("many_schemas", one)
        assert found is not None
        assert found.input["title"] == one
        assert schemas_of("many_schemas", f"{one}-") is None
    assert 3 < len(asked) == len(set(asked))
    assert schemas_of("many_schemas", "a/b") is schemas_of("many_schemas", "z/z") is None


def test_many_threads_may_ask_at_once() -> None:
    schemas_of.cache_clear()
    schemas._read.clear()  # pyright: ignore[reportPrivateUsage]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda one: schemas_of("fal_typed", one), PINNED * 8))
    assert None not in found


def test_importing_reads_nothing() -> None:
    code = (
        "import sys, fal_typed, fal_typed._runtime.schemas as s; fal_typed.Fal\n"
        "assert not s._read and 'lzma' not in sys.modules and 'httpx' not in sys.modules"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY / "generated", capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_a_package_in_an_archive(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "client.zip", "w") as archive:
        for path in sorted((REPOSITORY / "generated" / "fal_typed").rglob("*")):
            if path.suffix in (".py", ".txt"):
                archive.write(path, path.relative_to(REPOSITORY / "generated"))
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path / 'client.zip')!r})\n"
        "from fal_typed._runtime.schemas import schemas_of\n"
        f"print([*schemas_of('fal_typed', {SCHNELL!r}).output['properties']])"
    )
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == "['images', 'timings', 'seed', 'has_nsfw_concepts', 'prompt']\n", done.stderr


def package(folder: Path, name: str, data: bytes | None, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / name).mkdir()
    (folder / name / "__init__.py").touch()
    if data is not None:
        (folder / name / "_schemas.txt").write_bytes(data)
    monkeypatch.syspath_prepend(folder)


def test_a_package_without_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package(tmp_path, "lacks_schemas", None, monkeypatch)
    with pytest.raises(FileNotFoundError, match=r"_schemas\.txt"):
        schemas_of("lacks_schemas", SCHNELL)


@pytest.mark.parametrize("data", [b"# header\nnot base64", b"# header\nAAAA\n"])
def test_a_file_that_is_none(data: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = f"broken_schemas_{len(data)}"
    package(tmp_path, name, data, monkeypatch)
    with pytest.raises(RuntimeError, match=f"{name}/_schemas.txt is not as it was generated"):
        schemas_of(name, SCHNELL)


def test_a_python_without_lzma(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = base64.b64encode(lzma.compress(b'a/b\t{"input":{},"output":{}}\n'))
    package(tmp_path, "small_schemas", b"# header\n" + rows + b"\n", monkeypatch)
    with monkeypatch.context() as without:
        without.setitem(sys.modules, "lzma", None)
        with pytest.raises(RuntimeError, match="built without `lzma`"):
            schemas_of("small_schemas", "a/b")
    found = schemas_of("small_schemas", "a/b")
    assert found is not None
    assert [*found.input] == ["$schema"]

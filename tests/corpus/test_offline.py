"""Every real endpoint against the offline fal, by every verb and with either client, as somebody's tests would."""

from __future__ import annotations

import asyncio
import importlib
from typing import TYPE_CHECKING, Any

import pytest
from testing.strict_schema import published

from corpus.corpus import PACKAGE, documents

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("made")


def package(name: str = "") -> Any:
    """A module of the package of all documents."""
    return importlib.import_module(f"{PACKAGE}{name}")


def example(_: object) -> str:
    return "https://example.com/a.png"


def given(endpoint_id: str) -> dict[str, Any]:
    """What an endpoint requires, by its schema."""
    schema = package("._runtime.schemas").schemas_of(PACKAGE, endpoint_id).input
    output_of = package("._runtime.testing.values.outputs").output_of
    made = output_of(schema, endpoint_id=endpoint_id, input={}, file_url=example)
    return {name: made[name] for name in schema.get("required", ())}


def check(endpoint_id: str, output: Any) -> None:
    """Hold what was received against the document."""
    assert published()[endpoint_id].complaints(output) == [], endpoint_id


def files_in(value: Any) -> list[str]:
    """The URLs of the fake's files in an output."""
    if isinstance(value, str):
        return [value] if value.startswith("https://v3.fal.media/files/fake/") else []
    inside: Any = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()  # pyright: ignore
    return [url for one in inside for url in files_in(one)]


def test_synchronously(tmp_path: Path) -> None:
    image = package().AnyImage
    with package(".testing").fake_fal() as fake, package().Fal() as fal:
        for number, endpoint_id in enumerate(documents()):
            endpoint, sent = fal.endpoint(endpoint_id), given(endpoint_id)
            output = endpoint.subscribe(sent)
            check(endpoint_id, output)
            assert endpoint.submit(sent).result() == endpoint.run(sent) == output
            with endpoint.stream(sent) as stream:
                assert [*stream] == [output]
            if urls := files_in(output):
                saved = image(url=urls[0]).download(tmp_path / str(number))
                assert saved.stat().st_size
            content = f"uploaded for {endpoint_id}".encode()
            kept = image(url=fal.storage.upload(content, file_name="a.txt")).download(tmp_path / f"{number} uploaded")
            assert kept.read_bytes() == content
        assert len(fake.calls) == 4 * len(documents())


def test_asynchronously(tmp_path: Path) -> None:
    image = package().AnyImage

    async def use() -> None:
        async with package(".testing").fake_fal(), package().AsyncFal() as fal:
            for number, endpoint_id in enumerate(documents()):
                endpoint, sent = fal.endpoint(endpoint_id), given(endpoint_id)
                output = await endpoint.subscribe(sent)
                check(endpoint_id, output)
                assert await (await endpoint.submit(sent)).result() == await endpoint.run(sent) == output
                async with endpoint.stream(sent) as stream:
                    assert [event async for event in stream] == [output]
                if urls := files_in(output):
                    saved = await image(url=urls[0]).adownload(tmp_path / str(number))
                    assert saved.stat().st_size
                content = f"uploaded for {endpoint_id}".encode()
                url = await fal.storage.upload(content, file_name="a.txt")
                kept = await image(url=url).adownload(tmp_path / f"{number} uploaded")
                assert kept.read_bytes() == content

    asyncio.run(use())


def test_models_read_it(caplog: pytest.LogCaptureFixture) -> None:
    """And have nothing to tell of an output that is not as its document says."""
    catalog = package("._runtime.testing.service.catalog").Catalog(PACKAGE)
    with package(".testing").fake_fal() as fake, package().Fal(validate_inputs=False) as fal:
        for endpoint_id in documents():
            if not catalog.spec(endpoint_id).renamed:
                fal.endpoints[endpoint_id].subscribe(**given(endpoint_id))
                assert fake.endpoints[endpoint_id].call_count == 1
    assert not caplog.records

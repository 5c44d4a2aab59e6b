"""Every endpoint against the fake, by every verb, with either client: outputs are valid by their documents."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from fal_typed import AnyImage, AsyncFal, adownload_all, download_all
from fal_typed.testing import fake_fal

from .faked import IDS, both, input_for, schemas

if TYPE_CHECKING:
    from pathlib import Path

each = pytest.mark.parametrize("endpoint_id", IDS)
pytestmark = pytest.mark.usefixtures("no_key")
either = pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])


def check(endpoint_id: str, output: Any) -> Any:
    """Whether an output is what the document says, as JSON."""
    schema: dict[str, Any] = dict(schemas(endpoint_id).output)
    plain = json.loads(output.model_dump_json(by_alias=True, exclude_unset=True))
    checker: Any = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    assert [error.message for error in checker.iter_errors(plain)] == []
    return plain


def is_file(path: Path) -> bool:
    """Whether something was saved that is one of the media that its name says."""
    content = path.read_bytes()
    starts = {".png": b"\x89PNG", ".jpg": b"\xff\xd8", ".jpeg": b"\xff\xd8", ".webp": b"RIFF"}
    return content.startswith(starts[path.suffix])


@each
def test_synchronous(endpoint_id: str, tmp_path: Path) -> None:
    with fake_fal() as fake:

        def use(fal: Any) -> None:
            endpoint, given = fal.endpoints[endpoint_id], input_for(endpoint_id)
            subscribed = endpoint.subscribe(**given)
            plain = check(endpoint_id, subscribed)
            handle = endpoint.submit(**given)
            assert handle.status().request_id == handle.request_id
            assert check(endpoint_id, handle.result()) == plain
            assert check(endpoint_id, endpoint.run(**given)) == plain
            with fal.endpoint(endpoint_id).stream(given) as stream:
                assert [*stream][-1] == plain
            saved = download_all(subscribed, tmp_path)
            assert saved
            assert all(map(is_file, saved))

        both(False, use)
        assert [call.verb for call in fake.endpoints[endpoint_id].calls] == ["subscribe", "submit", "run", "stream"]


@each
def test_asynchronous(endpoint_id: str, tmp_path: Path) -> None:
    with fake_fal() as fake:

        async def use(fal: AsyncFal) -> None:
            found: Any = fal.endpoints
            endpoint, given = found[endpoint_id], input_for(endpoint_id)
            subscribed = await endpoint.subscribe(**given)
            plain = check(endpoint_id, subscribed)
            handle = await endpoint.submit(**given)
            assert (await handle.status()).request_id == handle.request_id
            assert check(endpoint_id, await handle.result()) == plain
            assert check(endpoint_id, await endpoint.run(**given)) == plain
            async with fal.endpoint(endpoint_id).stream(given) as stream:
                assert [event async for event in stream][-1] == plain
            saved = await adownload_all(subscribed, tmp_path)
            assert saved
            assert all(map(is_file, saved))

        both(True, use)
        assert [call.verb for call in fake.endpoints[endpoint_id].calls] == ["subscribe", "submit", "run", "stream"]


@either
def test_what_is_uploaded_can_be_downloaded(tmp_path: Path, is_async: bool) -> None:
    content = bytes(range(256)) * 40

    def use(fal: Any) -> Any:
        return fal.storage.upload(content, file_name="all bytes.bin", content_type="application/octet-stream")

    with fake_fal() as fake:
        url = both(is_async, use)
        assert [(one.url, one.name, one.content) for one in fake.uploads] == [(url, "all bytes.bin", content)]
        # The same in another fake: the same URL.
        with fake_fal():
            assert both(is_async, use) == url
        saved = AnyImage(url=url).download(tmp_path / "back.bin")
    assert saved.read_bytes() == content


@either
def test_an_input_with_a_local_file(tmp_path: Path, is_async: bool) -> None:
    """It is uploaded, and the call knows its bytes."""
    path = tmp_path / "in.png"
    path.write_bytes(b"\x89PNG and so on")
    with fake_fal() as fake:
        fake.endpoint("me/app").returns({"ok": True})
        output = both(is_async, lambda fal: fal.endpoint("me/app").subscribe({"image_url": path}))
        assert output == {"ok": True}
        call = fake.endpoint("me/app").calls[0]
        assert call.input == {"image_url": fake.uploads[0].url}
        assert [one.content for one in call.uploads] == [path.read_bytes()]

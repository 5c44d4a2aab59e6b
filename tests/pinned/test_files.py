"""Every place of the pinned endpoints that takes a file takes one of every kind; no other place does."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import fal_typed
import pytest
from fal_typed.models import RemoteFile

from .cases import takes_file
from .catalog import PINNED, Entry
from .documents import Place, document

if TYPE_CHECKING:
    from pathlib import Path

    from fal_server import FalServer

    from .caller import Caller

PLACES = [
    (entry, place)
    for entry in PINNED
    for place in document(entry.id).places()
    if "string" in place.kinds and takes_file(place)
]


def test_these_are_the_places() -> None:
    assert sorted({f"{entry.attribute} {place.dotted}" for entry, place in PLACES}) == [
        "hidream_i1_full loras.0.path",
        "illusion_diffusion image_url",
        "omnigen_v2 input_image_urls.0",
        "stable_diffusion_v35_large controlnet.control_image_url",
        "stable_diffusion_v35_large controlnet.path",
        "stable_diffusion_v35_large ip_adapter.image_url",
        "stable_diffusion_v35_large ip_adapter.mask_image_url",
        "stable_diffusion_v35_large loras.0.path",
    ]


@pytest.mark.parametrize(("entry", "place"), PLACES, ids=[f"{entry.id} {place.dotted}" for entry, place in PLACES])
def test_every_kind_of_file(server: FalServer, call: Caller, entry: Entry, place: Place, tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"path")
    kinds: list[tuple[Any, bytes]] = [(path, b"path"), (b"bytes", b"bytes"), (io.BytesIO(b"file"), b"file")]
    for file, content in kinds:
        call(entry.of(call.client()).run(**document(entry.id).call(place.path, file)))
        assert server.storage.files[_at(server.seen[-1].json, place)].content == content
    remote = RemoteFile(url="https://v3.fal.media/x.png")
    call(entry.of(call.client()).run(**document(entry.id).call(place.path, remote)))
    assert _at(server.seen[-1].json, place) == remote.url
    assert server.storage.leaks == []


def _at(value: Any, place: Place) -> Any:
    for step in place.path:
        value = value[step]
    return value


def test_the_public_names() -> None:
    assert {"FileInput", "FileTransferError", "data_uri"} <= set(fal_typed.__all__)
    assert issubclass(fal_typed.FileTransferError, fal_typed.FalError)
    assert fal_typed.data_uri(b"x") == "data:application/octet-stream;base64,eA=="

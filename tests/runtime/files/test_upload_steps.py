"""How large files go, in the sizes of real ones: those of the official client, which fal's storage is made for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fal_client.client import MULTIPART_CHUNK_SIZE, MULTIPART_THRESHOLD
from runtime.errors import APIConnectionError, APIStatusError
from runtime.files.progress import Meter
from runtime.files.uploads import upload_steps
from runtime.files.uploads.sources import open_source
from runtime.files.uploads.storage_api import StorageRequests
from runtime.files.uploads.tokens import NoToken, Tokens, TokenWanted
from runtime.files.uploads.upload_steps import Parallel, Upload
from runtime.http.exchange import Answer, Deadline, Exchange, Limits
from runtime.http.hosts import Hosts

if TYPE_CHECKING:
    from pathlib import Path


def test_the_sizes_are_those_of_the_official_client() -> None:
    assert upload_steps.SINGLE_LIMIT == MULTIPART_THRESHOLD
    assert upload_steps.PART_BYTES == MULTIPART_CHUNK_SIZE


@pytest.mark.parametrize(
    ("size", "requests"),
    [
        (MULTIPART_THRESHOLD, [MULTIPART_THRESHOLD]),
        (MULTIPART_THRESHOLD + 1, [*[MULTIPART_CHUNK_SIZE] * 10, 1]),
        # S3, and what follows it, takes 10,000 parts and no more.
        (MULTIPART_CHUNK_SIZE * 10_000 + 1, [*[MULTIPART_CHUNK_SIZE + 1] * 9999, MULTIPART_CHUNK_SIZE - 9998]),
    ],
)
def test_what_is_sent_of_a_file(tmp_path: Path, size: int, requests: list[int]) -> None:
    path = tmp_path / "file.bin"
    with path.open("wb") as file:
        file.truncate(size)  # takes no place on the disk
    assert bodies(path) == requests


@pytest.mark.parametrize(
    ("status", "tries", "learns_more"),
    [
        (401, 0, False),
        (428, 0, False),
        (429, 0, True),
        (430, 0, False),
        (499, 0, False),
        (399, 0, True),
        (400, 0, False),
        (500, 2, True),
        (500, 3, False),
        (429, 3, False),
        (None, 2, True),
        (None, 3, False),
    ],
)
def test_who_waited_for_a_token_asks_itself_where_it_may_learn_more(
    status: int | None, tries: int, learns_more: bool
) -> None:
    """Not after a refusal, nor after as many tries as it has itself."""
    error = (
        APIConnectionError("x", maybe_submitted=False) if status is None else APIStatusError("x", status_code=status)
    )
    assert NoToken(error, tries).holds_for(Limits(Deadline(None), 120.0, 3)) is not learns_more


def bodies(path: Path) -> list[int]:
    """The lengths of what is sent of a file itself; nothing of it is read."""
    source = open_source(path)
    requests = StorageRequests(Hosts(), "agent", "the upload", {})
    steps = Upload(source, requests, Tokens(), Meter(None, None)).steps()
    wanted = next(steps)
    assert isinstance(wanted, TokenWanted)
    asking = wanted.steps()
    assert isinstance(next(asking), Exchange)
    with pytest.raises(StopIteration) as got:
        asking.send(Answer(200, {}, b'{"token": "t"}'))
    step = steps.send(got.value.value)
    assert isinstance(step, Exchange)
    lengths = [int(step.headers["content-length"])]
    if step.url.endswith("/multipart"):
        step = steps.send(Answer(200, {}, b'{"access_url": "https://v3.fal.media/x", "uploadId": "u"}'))
        assert isinstance(step, Parallel)
        parts = [next(flow) for flow in step.flows]
        lengths = [int(part.headers["content-length"]) for part in parts if isinstance(part, Exchange)]
    source.close()
    return lengths

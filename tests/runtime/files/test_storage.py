"""`storage.upload` against the fake storage, on both clients: what arrives, and what happens when something fails."""

from __future__ import annotations

import io
import os
import random
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fal_server import FalServer, Gate, Reply, faults, until
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from runtime import errors
from runtime.files.uploads import sources, upload_steps
from runtime_twin import KEY, Steps, Twin
from uploaded import KINDS, Reader, made, pipe

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Sizes a thousand times smaller than the real ones: the thresholds are what counts.
SINGLE, PART, CHUNK = 40_000, 10_000, 1000
PNG = b"\x89PNG\r\n\x1a\nrest"
UNAVAILABLE = Reply(500, {"detail": "storage is down"})


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload_steps, "SINGLE_LIMIT", SINGLE)
    monkeypatch.setattr(upload_steps, "PART_BYTES", PART)
    monkeypatch.setattr(sources, "CHUNK_BYTES", CHUNK)


@pytest.fixture(autouse=True)
def _no_leak(server: FalServer) -> Iterator[None]:
    """Whatever a test does: the key goes to one place, and the CDN is told no more than it needs."""
    yield
    assert server.storage.leaks == []
    keyed = [each.path for each in server.storage.seen if each.headers.get("authorization", "").startswith("Key ")]
    assert set(keyed) <= {"/rest/storage/auth/token"}


def upload(twin: Twin, file: Any, **how: Any) -> str:
    url: str = twin.do(lambda fal: fal.storage.upload(file, **how))
    return url


def content(size: int) -> bytes:
    return random.Random(size).randbytes(size)


# --- what arrives ----------------------------------------------------------------------------------------------------


@pytest.mark.sampled(5)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [0, SINGLE, SINGLE + 1])
def test_what_arrives_is_what_was_sent(twin: Twin, tmp_path: Path, kind: str, size: int) -> None:
    sent = content(size)
    with made(kind, sent, tmp_path) as file:
        url = upload(twin, file)
    stored = twin.server.storage.files[url]
    assert stored.content == sent
    is_stream = kind in ("pipe", "reader")
    assert stored.parts == (0 if size <= (PART - 1 if is_stream else SINGLE) else -(-size // PART))


@given(
    size=st.sampled_from([0, PART, SINGLE, 2 * PART, SINGLE + PART]).flatmap(
        lambda around: st.integers(max(0, around - 2), around + 2)
    ),
    kind=st.sampled_from(KINDS),
    chunk=st.sampled_from([CHUNK, 7777, PART, PART + 1]),
    is_async=st.booleans(),
)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_around_every_threshold(
    server: FalServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int, kind: str, chunk: int, is_async: bool
) -> None:
    monkeypatch.setattr(sources, "CHUNK_BYTES", chunk)
    sent = content(size)
    with made(kind, sent, tmp_path) as file:
        url = upload(Twin(server, is_async=is_async), file)
    assert server.storage.files[url].content == sent


@pytest.mark.parametrize("size", [1, 3 * PART])
def test_an_event_loop_does_not_wait_for_what_comes_slowly(server: FalServer, size: int) -> None:
    """A pipe gives its bytes when somebody writes them, who may be in the very loop."""
    readers: set[int] = set()

    class Slow(Reader):
        def read(self, size: int = -1, /) -> bytes:
            readers.add(threading.get_ident())
            return super().read(size)

    upload(Twin(server, is_async=True), Slow(content(size)))
    assert readers
    assert threading.get_ident() not in readers


def test_parts_go_side_by_side_and_few_at_a_time(twin: Twin) -> None:
    together = faults.held(Gate(opens_at=4))
    twin.server.storage.first["after part"] = [together] * 4 + [faults.delayed(0.02)] * 26
    upload(twin, content(30 * PART))
    assert twin.server.storage.most_busy == 4


def test_a_file_is_left_at_its_end_and_open(twin: Twin, tmp_path: Path) -> None:
    with made("moved", b"abc", tmp_path) as file:
        upload(twin, file)
        assert file.tell() == 9
        assert file.read() == b""


# --- what the CDN is told --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "how", "name", "content_type"),
    [
        (PNG, {}, "upload.png", "image/png"),
        (b"?", {}, "upload", "application/octet-stream"),
        (b"RIFF1234WEBPVP8 ", {}, "upload.webp", "image/webp"),
        (b"?", {"file_name": "a.mp4"}, "a.mp4", "video/mp4"),
        (PNG, {"file_name": "no ending"}, "no ending", "image/png"),
        (PNG, {"content_type": "image/x-mine"}, "upload", "image/x-mine"),
        (PNG, {"file_name": "Überblick/../Größe.png"}, "Gro_e.png", "image/png"),
        (PNG, {"file_name": "猫.png"}, "_.png", "image/png"),
        (PNG, {"file_name": "a\r\nx-evil: 1.png"}, "a_x-evil_ 1.png", "image/png"),
        (PNG, {"file_name": "../.."}, "upload.png", "image/png"),
    ],
)
def test_name_and_type(twin: Twin, file: Any, how: Any, name: str, content_type: str) -> None:
    stored = twin.server.storage.files[upload(twin, file, **how)]
    assert (stored.name, stored.content_type) == (name, content_type)


def test_the_name_of_a_file_is_its_own(twin: Twin, tmp_path: Path) -> None:
    path = tmp_path / "photo.JPG"
    path.write_bytes(PNG)
    with path.open("rb") as opened:
        urls = [upload(twin, path), upload(twin, opened)]
    found = [twin.server.storage.files[url] for url in urls]
    assert [(one.name, one.content_type) for one in found] == [("photo.JPG", "image/jpeg")] * 2


@pytest.mark.parametrize(
    ("how", "sent"),
    [
        ({}, None),
        ({"expires_in": "never"}, {}),
        ({"expires_in": "immediate"}, {"expiration_duration_seconds": 60}),
        ({"expires_in": "1y"}, {"expiration_duration_seconds": 31_536_000}),
        ({"expires_in": 90}, {"expiration_duration_seconds": 90}),
        ({"initial_acl": {"default": "hide"}}, {"initial_acl": {"default": "hide"}}),
        (
            {"expires_in": "1h", "initial_acl": {"default": "forbid", "rules": [{"user": "me", "decision": "allow"}]}},
            {
                "expiration_duration_seconds": 3600,
                "initial_acl": {"default": "forbid", "rules": [{"user": "me", "decision": "allow"}]},
            },
        ),
    ],
)
@pytest.mark.parametrize("size", [1, SINGLE + 1])
def test_lifecycle(twin: Twin, size: int, how: Any, sent: Any) -> None:
    assert twin.server.storage.files[upload(twin, content(size), **how)].lifecycle == sent


@pytest.mark.parametrize(
    ("how", "error", "text"),
    [
        ({"content_type": "png"}, ValueError, "content_type must be a media type such as 'image/png', not 'png'"),
        ({"content_type": "a/b\n"}, ValueError, "content_type cannot be sent as a header"),
        ({"file_name": 3}, TypeError, "file_name must be a str, not int"),
        ({"expires_in": "2h"}, ValueError, "expires_in must be one of 'never', 'immediate', '1h'"),
        ({"expires_in": 0}, ValueError, "expires_in must be more than 0 seconds"),
        ({"expires_in": True}, TypeError, "expires_in must be an int, not bool"),
        ({"expires_in": 1.5}, TypeError, "expires_in must be an int, not float"),
        ({"initial_acl": {}}, ValueError, "initial_acl must have 'default'"),
        ({"initial_acl": {"default": "no"}}, ValueError, "must be one of 'hide', 'forbid', 'allow', not 'no'"),
        ({"initial_acl": {"default": "hide", "rules": [{"user": "x"}]}}, ValueError, "must have 'user' and 'decision'"),
        ({"progress": 3}, TypeError, "progress must be callable, not int"),
        ({"timeout": 0}, ValueError, "timeout must be a finite number of seconds greater than 0"),
    ],
)
def test_wrong_options_are_refused(twin: Twin, how: Any, error: type[Exception], text: str) -> None:
    with pytest.raises(error) as caught:
        upload(twin, b"x", **how)
    assert text in str(caught.value)
    assert twin.server.storage.seen == []


def test_a_coroutine_function_is_no_progress_callback(twin: Twin) -> None:
    async def progress(sent: int, total: int | None) -> None: ...

    with pytest.raises(TypeError, match="progress must be a plain function: it is called and not awaited"):
        upload(twin, b"x", progress=progress)


def test_what_cannot_be_uploaded(twin: Twin, tmp_path: Path) -> None:
    closed = io.BytesIO(b"x")
    closed.close()
    text = tmp_path / "text"
    text.write_text("x", encoding="utf-8")
    wrong: list[tuple[Any, type[Exception], str]] = [
        ("cat.png", TypeError, r"a str is a URL and never a path: pass pathlib.Path\(...\)"),
        (tmp_path, IsADirectoryError, "Is a directory"),
        (tmp_path / "nope", FileNotFoundError, "nope"),
        (io.StringIO("x"), ValueError, "opened in binary mode, 'rb'"),
        (closed, ValueError, "closed already"),
        (7, TypeError, "not int"),
        (None, TypeError, "not NoneType"),
    ]
    with text.open(encoding="utf-8") as opened:
        for file, error, message in [*wrong, (opened, ValueError, "binary mode")]:
            with pytest.raises(error, match=message):
                upload(twin, file)
    assert twin.server.storage.seen == []


def test_a_reader_of_text_is_found_out(twin: Twin) -> None:
    class Texts:
        def read(self, size: int = -1, /) -> str:
            return "text"

    with pytest.raises(TypeError, match=r"its read\(\) must give bytes, not str"):
        upload(twin, Texts())
    assert [each for each in twin.server.storage.steps() if each != "POST token"] == []


# --- progress --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [0, 5 * CHUNK, SINGLE + 1])
def test_progress(twin: Twin, size: int) -> None:
    told: list[tuple[int, int | None]] = []
    twin.server.storage.first = {"part 3": [faults.DROPPED], "single": [faults.DROPPED]}
    upload(twin, content(size), progress=lambda *counts: told.append(counts))
    moved = [sent for sent, _ in told]
    assert moved == sorted(set(moved))
    assert told[-1] == (size, size)
    assert {total for _, total in told} == {size}
    assert len(told) >= (size > 0) * 3


def test_progress_of_a_pipe_knows_the_total_at_the_end(twin: Twin) -> None:
    told: list[tuple[int, int | None]] = []
    with pipe(content(3 * PART)) as file:
        upload(twin, file, progress=lambda *counts: told.append(counts))
    assert {total for _, total in told[:-1]} == {None}
    assert told[-1] == (3 * PART, 3 * PART)


@pytest.mark.parametrize("size", [1, SINGLE + 1])
def test_a_progress_callback_that_fails_ends_the_upload(twin: Twin, size: int) -> None:
    def progress(sent: int, total: int | None) -> None:
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        upload(twin, content(size), progress=progress)
    assert twin.server.storage.files == {}


# --- what fails ------------------------------------------------------------------------------------------------------

STEPS = ["token", "single", "after single", "create", "part", "part 4", "after part", "complete"]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(
    "fault",
    [
        pytest.param([UNAVAILABLE, faults.too_many("0")], id="500 and 429"),
        pytest.param([faults.DROPPED], id="dropped"),
    ],
)
def test_storage_that_fails_for_a_moment(twin: Twin, step: str, fault: list[Reply]) -> None:
    sent = content(10 if "single" in step or step == "token" else SINGLE + 1)
    twin.server.storage.first[step] = list(fault)
    url = upload(twin, sent)
    assert twin.server.storage.files[url].content == sent
    assert twin.server.storage.first[step] == []


@pytest.mark.parametrize("step", ["token", "single", "create", "part", "part 4", "complete"])
def test_storage_that_stays_down(twin: Twin, step: str) -> None:
    twin.server.storage.first[step] = [UNAVAILABLE] * 100
    with pytest.raises(errors.ServerError) as caught:
        upload(twin, content(10 if step in ("token", "single") else SINGLE + 1), file_name="a.bin")
    what = "the token of an upload" if step == "token" else "the upload of a.bin"
    assert str(caught.value) == f"500 from {what}: storage is down; gave up after 0 s, 4 tries"
    assert caught.value.maybe_submitted is False
    assert twin.server.storage.files == {}


def test_storage_that_cannot_be_reached(twin: Twin) -> None:
    twin.server.storage.first["token"] = [faults.DROPPED] * 10
    with pytest.raises(
        errors.APIConnectionError, match=r"^the token of an upload: POST .*/token got no answer"
    ) as caught:
        upload(twin, b"x", file_name="a.bin")
    assert caught.value.maybe_submitted is False


def test_max_retries_counts_for_uploads(twin: Twin) -> None:
    twin.server.storage.first["single"] = [UNAVAILABLE]
    with pytest.raises(errors.ServerError):
        twin.do(lambda fal: fal.storage.upload(b"x"), max_retries=0)
    assert twin.server.storage.steps() == ["POST token", "POST upload"]


def test_a_key_that_is_refused(twin: Twin) -> None:
    twin.server.storage.first["token"] = [Reply(401, {"detail": "bad key"})]
    with pytest.raises(errors.AuthenticationError, match="401 from the token of an upload: bad key"):
        upload(twin, b"x")


def test_without_a_key_nothing_is_sent(twin: Twin) -> None:
    with pytest.raises(errors.MissingCredentialsError):
        twin.do(lambda fal: fal.storage.upload(b"x"), credentials=None)
    assert twin.server.storage.seen == []


@pytest.mark.parametrize(
    ("step", "reply", "text"),
    [
        ("token", Reply(200, {}), "the answer holds no token"),
        ("token", Reply(200, {"token": "t", "base_url": "https://evil.example"}), "its base_url is no host of fal's"),
        ("token", Reply(200, b"<html>"), "the answer holds no token"),
        ("after single", Reply(200, {}), "the answer holds no access_url"),
        ("after create", Reply(200, {"access_url": "https://v3.fal.media/x"}), "the answer holds no uploadId"),
        (
            "after create",
            Reply(200, {"access_url": "https://fal.media.evil.example/x", "uploadId": "u"}),
            "its access_url is no host of fal's",
        ),
        ("after part", Reply(200, b""), "the answer to a part has no ETag"),
    ],
)
def test_answers_that_cannot_be_used(twin: Twin, step: str, reply: Reply, text: str) -> None:
    twin.server.storage.first[step] = [reply]
    with pytest.raises(errors.InvalidResponseError, match=text):
        upload(twin, content(SINGLE + 1 if step in ("after create", "after part") else 1))


# --- tokens ----------------------------------------------------------------------------------------------------------


def test_a_token_is_kept_while_it_is_good(twin: Twin) -> None:
    def steps(fal: Any) -> Steps:
        for _ in range(3):
            yield fal.storage.upload(b"x")

    twin.do(steps)
    assert twin.server.storage.steps().count("POST token") == 1


def test_a_token_that_expires_soon_is_not_kept(twin: Twin) -> None:
    twin.server.storage.lifetime = 30

    def steps(fal: Any) -> Steps:
        yield fal.storage.upload(b"x")
        yield fal.storage.upload(b"x")

    twin.do(steps)
    assert twin.server.storage.steps().count("POST token") == 2


@pytest.mark.parametrize("expires", [None, "soon", 7])
def test_a_token_of_unknown_life_is_kept_until_it_is_refused(twin: Twin, expires: Any) -> None:
    def steps(fal: Any) -> Steps:
        yield fal.storage.upload(content(SINGLE + 1))
        yield fal.storage.upload(b"x")

    body = {"token": "mine", "base_url": twin.server.storage.cdn_url, "expires_at": expires}
    twin.server.storage.first["token"] = [Reply(200, body)]
    twin.server.storage.accept("mine")
    twin.do(steps)
    assert twin.server.storage.steps().count("POST token") == 1


def test_a_token_that_names_no_place_is_for_the_usual_one(twin: Twin) -> None:
    twin.server.storage.first["token"] = [Reply(200, {"token": "mine"})]
    twin.server.storage.accept("mine")
    assert upload(twin, b"x") in twin.server.storage.files


def test_a_closed_client_uploads_nothing(twin: Twin, tmp_path: Path) -> None:
    def steps(fal: Any) -> Steps:
        yield fal.storage.upload(b"x")
        yield fal.aclose() if twin.is_async else fal.close()
        yield fal.flux_1.schnell.run(prompt="x", image_urls=[b"1", b"2"])

    with pytest.raises(RuntimeError, match="this client is closed"):
        twin.do(steps)
    assert len(twin.server.storage.files) == 1


@pytest.mark.parametrize("size", [1, SINGLE + 1])
def test_a_token_that_is_refused_is_got_anew(twin: Twin, size: int) -> None:
    def steps(fal: Any) -> Steps:
        yield fal.storage.upload(b"x")
        twin.server.storage.revoke()
        return (yield fal.storage.upload(content(size)))

    assert twin.server.storage.files[twin.do(steps)].content == content(size)


@pytest.mark.parametrize("status", [401, 403])
def test_a_token_that_expires_between_two_parts(twin: Twin, status: int) -> None:
    twin.server.storage.first["part 5"] = [Reply(status, {"detail": "expired"})]
    url = upload(twin, content(SINGLE + 1))
    assert twin.server.storage.files[url].content == content(SINGLE + 1)
    assert twin.server.storage.steps().count("POST token") == 2


def test_the_token_never_shows(twin: Twin, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    twin.server.storage.first["single"] = [UNAVAILABLE] * 9
    with pytest.raises(errors.ServerError) as caught:
        upload(twin, b"x")
    frames = []
    trace = caught.value.__traceback__
    while trace is not None:
        frames.append(repr(trace.tb_frame.f_locals))
        trace = trace.tb_next
    for text in (str(caught.value), caplog.text, *frames):
        assert "cdn-token-" not in text
        assert KEY not in text


# --- files that change -----------------------------------------------------------------------------------------------


@contextmanager
def meanwhile(twin: Twin, step: str, change: Any) -> Iterator[None]:
    """Do something while the server is at a step."""
    gate = Gate()
    twin.server.storage.first[step] = [faults.held(gate)]

    def wait() -> None:
        until(lambda: gate.arrived, "it does not come to that step")
        change()
        gate.open()

    thread = threading.Thread(target=wait)
    thread.start()
    yield
    thread.join()


@pytest.mark.parametrize("size", [1000, SINGLE + 1])
@pytest.mark.parametrize("change", ["longer", "shorter", "other"])
def test_a_file_that_changes(twin: Twin, tmp_path: Path, size: int, change: str) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(content(size))

    def edit() -> None:
        if change == "shorter":
            os.truncate(path, 10)
        else:
            with path.open("ab" if change == "longer" else "r+b") as file:
                file.write(b"more")

    step = "after create" if size > SINGLE else "after single"
    with meanwhile(twin, step, edit), pytest.raises(errors.FileTransferError, match=r"^a.bin changed while it was"):
        upload(twin, path)


def test_a_file_that_vanishes_arrives_whole(twin: Twin, tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(content(SINGLE + 1))
    with meanwhile(twin, "after create", path.unlink):
        url = upload(twin, path)
    assert twin.server.storage.files[url].content == content(SINGLE + 1)


def test_a_file_that_is_closed_meanwhile(twin: Twin, tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(content(SINGLE + 1))
    file = path.open("rb")
    with (
        meanwhile(twin, "after create", file.close),
        pytest.raises(errors.FileTransferError, match=r"^a.bin can be read no more: .*closed file"),
    ):
        upload(twin, file)


# --- time ------------------------------------------------------------------------------------------------------------


@pytest.mark.sampled(5)
@pytest.mark.parametrize("step", ["token", "after single", "after part"])
def test_the_deadline(twin: Twin, step: str) -> None:
    """Nothing else ends this."""
    twin.server.storage.first[step] = [faults.SILENT] * 20

    def steps(fal: Any) -> Steps:
        yield fal.storage.upload(content(SINGLE + 1 if step == "after part" else 1), timeout=0.4)

    with pytest.raises(
        errors.DeadlineExceededError, match=r"the (upload|token of an upload) did not finish within 0.4 s"
    ):
        twin.do(steps, http_timeout=600)


def test_http_timeout_is_not_for_the_whole_file(twin: Twin) -> None:
    """It bounds each wait, so a slow line is no reason to fail."""
    twin.server.storage.first["after single"] = [faults.delayed(0.2)]

    def steps(fal: Any) -> Steps:
        def progress(sent: int, total: int | None) -> None:
            time.sleep(0.1)

        return (yield fal.storage.upload(content(15 * CHUNK), progress=progress))

    assert twin.do(steps, http_timeout=1.5) in twin.server.storage.files


# --- the caller's own client of httpx --------------------------------------------------------------------------------


def test_an_injected_client_is_used_and_its_headers_go_to_fal_alone(twin: Twin) -> None:
    kind: Any = httpx.AsyncClient if twin.is_async else httpx.Client
    seen: list[str] = []

    def note(request: httpx.Request) -> None:
        seen.append(request.url.path)

    async def note_async(request: httpx.Request) -> None:
        note(request)

    hook = note_async if twin.is_async else note
    client = kind(headers={"x-mine": "1"}, cookies={"session": "1"}, event_hooks={"request": [hook]})

    def steps(fal: Any) -> Steps:
        uploaded = yield fal.storage.upload(content(SINGLE + 1))
        yield client.aclose() if twin.is_async else client.close()
        return uploaded

    url: str = twin.do(steps, http_client=client)
    assert twin.server.storage.files[url].content == content(SINGLE + 1)
    assert len(seen) == len(twin.server.storage.steps())
    told = {each.path.rpartition("/")[2]: "x-mine" in each.headers for each in twin.server.storage.seen}
    assert told["token"]
    assert not told["multipart"]
    assert not told["complete"]

"""A download that is cut off goes on where it was, but never with bytes that may be another file's."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

import pytest
from fal_server.file_host import Asked, FileHost, Sent, ranged
from runtime.errors import FileTransferError
from saving import save

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from runtime_twin import Twin
    from stopped_clock import StoppedClock

CONTENT = bytes(range(256)) * 40
SIZE = len(CONTENT)
CHANGED, SENT = "Wed, 21 Oct 2015 07:28:00 GMT", "Wed, 21 Oct 2015 07:30:00 GMT"
Counts = list[tuple[int, int | None]]
STRONG, DATED = {"etag": '"v1"'}, {"last_modified": CHANGED, "date": SENT}


@pytest.mark.parametrize(
    ("headers", "condition"),
    [
        (STRONG, '"v1"'),
        (DATED, CHANGED),
        ({**STRONG, **DATED}, '"v1"'),
        ({**DATED, "etag": 'W/"v1"'}, CHANGED),
        ({"last_modified": CHANGED}, CHANGED),
    ],
)
def test_it_goes_on_where_it_was(twin: Twin, tmp_path: Path, headers: dict[str, str], condition: str) -> None:
    told: Counts = []
    with FileHost(ranged(CONTENT, [4000, 3000], **headers)) as host:
        saved = save(twin, f"{host.url}/a.png", tmp_path / "a.png", progress=lambda *counts: told.append(counts))
        assert saved.read_bytes() == CONTENT
        assert [each.headers.get("range") for each in host.asked] == [None, "bytes=4000-", "bytes=7000-"]
        assert [each.headers.get("if-range") for each in host.asked] == [None, condition, condition]
        assert {each.headers["accept-encoding"] for each in host.asked} == {"identity"}
        assert host.sent == SIZE
    assert told[-1] == (SIZE, SIZE)
    assert {total for _, total in told} == {SIZE}
    assert [moved for moved, _ in told] == sorted({moved for moved, _ in told})


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"etag": 'W/"v1"'},
        {"etag": "v1"},
        {"last_modified": SENT, "date": SENT},  # it may have changed twice in that second
        {"last_modified": "yesterday", "date": SENT},
    ],
)
def test_what_nothing_names_begins_anew(twin: Twin, tmp_path: Path, headers: dict[str, str]) -> None:
    told: Counts = []
    with FileHost(ranged(CONTENT, [4000], **headers)) as host:
        saved = save(twin, f"{host.url}/a.png", tmp_path / "a.png", progress=lambda *counts: told.append(counts))
        assert saved.read_bytes() == CONTENT
        assert [each.headers.get("range") for each in host.asked] == [None, None]
    moved = [each for each, _ in told]
    assert 0 < max(moved[: moved.index(0)]) <= 4000  # then it is told that nothing is there any more
    assert moved[moved.index(0) :] == sorted(set(moved[moved.index(0) :]))
    assert told[-1] == (SIZE, SIZE)


def changed(content: bytes, *after: Sent) -> Callable[[Asked], Sent]:
    """A file that is cut off once; then what else is said, if it is asked for the rest; then another file, whole."""
    answers = [Sent(200, {"etag": '"old"'}, b"x" * SIZE, 4000), *after]
    return lambda asked: answers.pop(0) if answers else Sent(200, {"etag": '"new"'}, content)


def part(start: int, total: object, body: bytes = CONTENT[4000:], **more: str) -> Sent:
    return Sent(206, {"content-range": f"bytes {start}-{SIZE - 1}/{total}", "etag": '"old"', **more}, body)


@pytest.mark.parametrize(
    "after",
    [
        (),
        (Sent(416, {"content-range": "bytes */10"}),),
        (part(3999, SIZE, CONTENT[3999:]),),
        (part(0, SIZE, CONTENT),),
        (part(4000, SIZE + 1),),
        (part(4000, SIZE, etag='"new"'),),
        (part(4000, SIZE, gzip.compress(CONTENT[4000:]), **{"content-encoding": "gzip"}),),
        (Sent(206, {"etag": '"old"'}, CONTENT[4000:]),),
        (Sent(206, {"content-type": "multipart/byteranges; boundary=x"}, CONTENT[4000:]),),
        (Sent(206, {"content-range": "bytes 4000-x/y"}, CONTENT[4000:]),),
    ],
    ids=["200", "416", "earlier", "whole", "total", "etag", "packed", "no range", "several", "garbage"],
)
def test_another_part_than_the_missing_one_is_not_taken(twin: Twin, tmp_path: Path, after: tuple[Sent, ...]) -> None:
    with FileHost(changed(CONTENT, *after)) as host:
        assert save(twin, f"{host.url}/a.png", tmp_path / "a.png").read_bytes() == CONTENT
        asked = [each.headers.get("range") for each in host.asked]
        assert asked == [None, "bytes=4000-", *[None] * len(after)]


def test_a_host_that_sends_other_parts_is_asked_for_no_more_of_them(twin: Twin, tmp_path: Path) -> None:
    """Each time it is cut off it begins anew, where it would else end with the next wrong part."""
    answers = [
        Sent(200, {"etag": '"v1"'}, CONTENT, 4000),
        part(0, SIZE, CONTENT),
        Sent(200, {"etag": '"v1"'}, CONTENT, 4000),
    ]

    def answer(asked: Asked) -> Sent:
        return answers.pop(0) if answers else Sent(200, {"etag": '"v1"'}, CONTENT)

    with FileHost(answer) as host:
        assert save(twin, f"{host.url}/a.png", tmp_path / "a.png").read_bytes() == CONTENT
        assert [each.headers.get("range") for each in host.asked] == [None, "bytes=4000-", None, None]


@pytest.mark.parametrize("total", [str(SIZE), "*"])
def test_the_rest_may_come_in_parts(twin: Twin, tmp_path: Path, total: str) -> None:
    """A host may send less than it was asked for."""

    def answer(asked: Asked) -> Sent:
        if not asked.start:
            return Sent(200, {"etag": '"v1"'}, CONTENT, 1000)
        end = min(asked.start + 3000, SIZE)
        headers = {"content-range": f"bytes {asked.start}-{end - 1}/{total}", "etag": '"v1"'}
        return Sent(206, headers, CONTENT[asked.start : end])

    with FileHost(answer) as host:
        assert save(twin, f"{host.url}/a.png", tmp_path / "a.png").read_bytes() == CONTENT
        assert [each.start for each in host.asked] == [0, 1000, 4000, 7000, 10000]


def test_the_rest_that_never_comes(twin: Twin, tmp_path: Path) -> None:
    def answer(asked: Asked) -> Sent:
        if not asked.start:
            return Sent(200, {"etag": '"v1"'}, CONTENT, 1000)
        return Sent(206, {"content-range": f"bytes {asked.start}-{SIZE - 1}/{SIZE}"}, b"")

    with FileHost(answer) as host, pytest.raises(FileTransferError, match=r"a\.png: only 1000 bytes of it came; noth"):
        save(twin, f"{host.url}/a.png", tmp_path / "a.png")
    assert [*tmp_path.iterdir()] == []


def test_more_than_the_rest(twin: Twin, tmp_path: Path) -> None:
    with (
        FileHost(changed(CONTENT, part(4000, SIZE, CONTENT))) as host,
        pytest.raises(FileTransferError, match=f"more came than its {SIZE} bytes"),
    ):
        save(twin, f"{host.url}/a.png", tmp_path / "a.png")
    assert [*tmp_path.iterdir()] == []


def test_what_is_behind_a_redirect_goes_on_there_and_nowhere_else(twin: Twin, tmp_path: Path) -> None:
    """An ETag names the bytes at one URL."""
    with FileHost(ranged(CONTENT, [], etag='"v1"')) as other:

        def answer(asked: Asked) -> Sent:
            if asked.path == "/a.png":
                return Sent(302, {"location": "/b.png"})
            return Sent(302, {"location": other.url}) if asked.start else Sent(200, {"etag": '"v1"'}, b"x" * SIZE, 4000)

        with FileHost(answer) as host:
            assert save(twin, f"{host.url}/a.png", tmp_path / "a.png").read_bytes() == CONTENT
            assert [(each.path, each.start) for each in host.asked] == [("/a.png", 0), ("/b.png", 0), ("/b.png", 4000)]
        assert [each.start for each in other.asked] == [0]


def test_what_goes_on_is_not_given_up_and_what_does_not_is(
    twin: Twin, tmp_path: Path, nobody_waits: StoppedClock
) -> None:
    """An outage may last ten minutes, and one after the other is more."""
    honest = ranged(CONTENT, [100] * 20, etag='"v1"')

    def slow(asked: Asked) -> Sent:
        nobody_waits.sleep(500)
        return honest(asked)

    with FileHost(slow) as host:
        assert save(twin, f"{host.url}/a.png", tmp_path / "a.png").read_bytes() == CONTENT
        assert len(host.asked) == 21
    assert nobody_waits.now - nobody_waits.start < 21 * 500 + 20  # it waits for as long as after a first try
    with FileHost(ranged(CONTENT, [100] * 1000)) as host:
        with pytest.raises(Exception, match="no answer for 6"):
            save(twin, f"{host.url}/b.png", tmp_path / "b.png")
        assert len(host.asked) < 100


def test_a_length_beside_chunks_means_nothing(twin: Twin, tmp_path: Path) -> None:
    """RFC 9112: the chunks tell."""
    headers = {"content-length": "99", "transfer-encoding": "chunked"}
    with FileHost(lambda _: Sent(200, headers, iter([b"3\r\nabc\r\n0\r\n\r\n"]), cut=0)) as host:
        assert save(twin, f"{host.url}/a.png", tmp_path / "a.png").read_bytes() == b"abc"


def test_a_limit_holds_for_all_parts_together(twin: Twin, tmp_path: Path) -> None:
    def answer(asked: Asked) -> Sent:
        if not asked.start:
            return Sent(200, {"etag": '"v1"', "transfer-encoding": "chunked", "content-length": ""}, chunked(), 0)
        return Sent(206, {"content-range": f"bytes {asked.start}-{SIZE - 1}/*"}, CONTENT[asked.start :])

    def chunked() -> Any:
        yield b"3e8\r\n" + CONTENT[:1000] + b"\r\n"

    with FileHost(answer) as host, pytest.raises(FileTransferError, match=f"larger than max_bytes={SIZE - 1}"):
        save(twin, f"{host.url}/a.png", tmp_path / "a.png", max_bytes=SIZE - 1)
    assert [*tmp_path.iterdir()] == []

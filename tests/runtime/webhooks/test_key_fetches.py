"""One fetch of fal's keys: who waits for it, how long it may take, and how much of it is read."""

from __future__ import annotations

import asyncio
import gzip
import logging
import os
import subprocess
import sys
import threading
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from fal_server import until
from fal_server.dripping import dripping, unanswering
from fal_server.webhooks import KeyServer, sign
from runtime import errors
from runtime.webhooks import key_set
from webhook_calls import KEY, OK, OTHER, refused, told, verifier_of, verify_async, verify_sync

if TYPE_CHECKING:
    from collections.abc import Callable

    from runtime.webhooks.verifier import WebhookVerifier
    from stopped_clock import StoppedClock


def started(*calls: Callable[[], object]) -> list[threading.Thread]:
    threads = [threading.Thread(target=call) for call in calls]
    for thread in threads:
        thread.start()
    return threads


def forging(verifier: WebhookVerifier, verify: Any) -> Callable[[], object]:
    """A forged call, refused."""
    headers = sign(OTHER, OK)

    def call() -> None:
        with pytest.raises(errors.WebhookVerificationError):
            verify(verifier, headers, OK)

    return call


@pytest.mark.parametrize("forge", [verify_sync, verify_async])
def test_a_genuine_call_waits_for_nobody_while_a_forged_one_has_the_keys_fetched(
    keys: KeyServer, verify: Any, forge: Any
) -> None:
    verifier = verifier_of(keys)
    verify(verifier, sign(KEY, OK), OK)
    keys.answering.clear()
    (thread,) = started(forging(verifier, forge))
    until(lambda: keys.asked == 2, "nobody asks")
    for _call in range(20):
        assert verify(verifier, sign(KEY, OK), OK).ok
    assert thread.is_alive(), "it has waited for the fetch to end"
    keys.answering.set()
    thread.join()
    assert keys.asked == 2


def test_nor_for_the_lock(keys: KeyServer, verify: Any) -> None:
    verifier = verifier_of(keys)
    verify(verifier, sign(KEY, OK), OK)
    events: list[Any] = []
    with verifier._keys.get()._lock:
        (thread,) = started(lambda: events.append(verify(verifier, sign(KEY, OK), OK)))
        until(lambda: events, "it waits")
    thread.join()


def test_nor_does_it_with_old_keys(keys: KeyServer, verify: Any, key_clock: StoppedClock) -> None:
    verifier = verifier_of(keys, max_age=50)
    verify(verifier, sign(KEY, OK), OK)
    key_clock.now += 51
    keys.answering.clear()
    (thread,) = started(forging(verifier, verify_sync))
    until(lambda: keys.asked == 2, "nobody asks")
    assert verify(verifier, sign(KEY, OK), OK).ok
    assert thread.is_alive(), "it has waited for the fetch to end"
    keys.answering.set()
    thread.join()


def test_threads_tasks_and_event_loops_fetch_once(keys: KeyServer) -> None:
    keys.answering.clear()
    verifier, headers = verifier_of(keys), sign(KEY, OK)
    events: list[Any] = []

    async def tasks() -> None:
        events.extend(await asyncio.gather(*(verifier.averify(headers, OK) for _ in range(8))))

    threads = started(*[lambda: events.append(verifier.verify(headers, OK))] * 4, *[lambda: asyncio.run(tasks())] * 2)
    until(lambda: keys.asked, "nobody asks")
    keys.answering.set()
    for thread in threads:
        thread.join()
    assert (len(events), keys.asked) == (20, 1)


def test_many_tasks_fetch_once_and_do_not_block(keys: KeyServer) -> None:
    keys.answering.clear()

    async def main() -> None:
        verifier, headers = verifier_of(keys), sign(KEY, OK)
        tasks = [asyncio.create_task(verifier.averify(headers, OK)) for _ in range(8)]
        await asyncio.to_thread(until, lambda: keys.asked, "nobody asks")
        keys.answering.set()  # which one that blocks would not come to
        assert len(await asyncio.gather(*tasks)) == 8

    asyncio.run(main())
    assert keys.asked == 1


def test_many_tasks_do_not_each_ask_for_keys_that_cannot_be_had(keys: KeyServer) -> None:
    keys.answering.clear()
    keys.status = 500

    async def main() -> None:
        verifier, headers = verifier_of(keys), sign(KEY, OK)
        tasks = [asyncio.create_task(verifier.averify(headers, OK)) for _ in range(8)]
        await asyncio.to_thread(until, lambda: keys.asked, "nobody asks")
        keys.answering.set()
        failed = await asyncio.gather(*tasks, return_exceptions=True)
        assert {type(each).__name__ for each in failed} == {"WebhookVerificationError"}

    asyncio.run(main())
    assert keys.asked == 1


def test_who_hangs_up_does_not_end_the_fetch_for_the_others(keys: KeyServer) -> None:
    keys.answering.clear()

    async def main() -> None:
        verifier, headers = verifier_of(keys), sign(KEY, OK)
        first = asyncio.create_task(verifier.averify(headers, OK))
        await asyncio.to_thread(until, lambda: keys.asked, "nobody asks")
        second = asyncio.create_task(verifier.averify(headers, OK))
        first.cancel()
        await asyncio.wait([first])
        assert first.cancelled()
        keys.answering.set()
        assert (await second).ok

    asyncio.run(main())
    assert keys.asked == 1


def test_an_event_loop_that_ends_ends_its_fetch(keys: KeyServer) -> None:
    keys.answering.clear()
    verifier, headers = verifier_of(keys), sign(KEY, OK)

    async def main() -> None:
        task = asyncio.create_task(verifier.averify(headers, OK))
        await asyncio.to_thread(until, lambda: keys.asked, "nobody asks")
        task.cancel()

    with told() as lines:
        asyncio.run(main())
    assert lines.records == [], "nobody knows whether fal's keys can be had"
    keys.answering.set()
    assert verifier.verify(headers, OK).ok
    assert keys.asked == 2


def test_a_synchronous_call_in_the_event_loop_that_fetches_does_not_wait_for_itself(keys: KeyServer) -> None:
    keys.answering.clear()

    async def main() -> None:
        verifier, headers = verifier_of(keys), sign(KEY, OK)
        task = asyncio.create_task(verifier.averify(headers, OK))
        await asyncio.to_thread(until, lambda: keys.asked, "nobody asks")
        assert "cannot be fetched" in refused(verify_sync, verifier, headers, OK)
        assert not task.done()
        keys.answering.set()
        assert (await task).ok

    asyncio.run(main())


def test_an_interrupted_fetch_leaves_it_to_the_next(keys: KeyServer, monkeypatch: pytest.MonkeyPatch) -> None:
    verifier, headers = verifier_of(keys), sign(KEY, OK)
    with monkeypatch.context() as patch:

        def interrupted(url: str) -> Any:
            raise KeyboardInterrupt

        patch.setattr("runtime.webhooks.keys.fetch_keys", interrupted)
        with pytest.raises(KeyboardInterrupt):
            verifier.verify(headers, OK)
    assert verifier.verify(headers, OK).ok


@pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing is forked here")
def test_a_child_does_not_wait_for_what_its_parent_fetches(keys: KeyServer) -> None:
    keys.answering.clear()
    verifier, headers = verifier_of(keys), sign(KEY, OK)
    (thread,) = started(lambda: verifier.verify(headers, OK))
    until(lambda: keys.asked, "nobody asks")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # there are threads here, which the child does without
        child = os.fork()
    if child == 0:
        try:
            os._exit(0 if verifier.verify(headers, OK).ok else 2)
        finally:
            os._exit(1)
    until(lambda: keys.asked == 2, "the child does not ask")
    keys.answering.set()
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    thread.join()


@pytest.mark.parametrize("kind", ["header", "early hints", "chunk extension", "body", "nothing"])
def test_the_whole_fetch_has_a_limit(verify: Any, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.setattr(key_set, "FETCH_SECONDS", 0.2)
    with dripping(kind) as port, told() as lines:
        refused(verify, verifier_of(f"http://127.0.0.1:{port}"), sign(KEY, OK), OK)
    assert lines.at(logging.WARNING)[0].endswith("cannot be fetched: it took longer than 0.2 s")


def test_connecting_has_the_same_limit(verify: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_set, "FETCH_SECONDS", 0.2)
    with unanswering() as port, told() as lines:
        refused(verify, verifier_of(f"http://127.0.0.1:{port}"), sign(KEY, OK), OK)
    assert lines.at(logging.WARNING)[0].endswith("cannot be fetched: it took longer than 0.2 s")


def test_ten_seconds_are_the_limit() -> None:
    assert key_set.FETCH_SECONDS == 10


@pytest.mark.parametrize("encoding", ["gzip", "zstd", "br", "deflate, gzip"])
def test_a_compressed_key_set_is_not_read(keys: KeyServer, verify: Any, encoding: str) -> None:
    keys.headers = {"content-encoding": encoding}
    with told() as lines:
        refused(verify, verifier_of(keys), sign(KEY, OK), OK)
    assert lines.at(logging.WARNING)[0].endswith("it is compressed, although that was not asked for")
    assert keys.asked_with[0]["accept-encoding"] == "identity"


def test_one_that_says_it_is_plain_is_read(keys: KeyServer, verify: Any) -> None:
    keys.headers = {"content-encoding": "Identity"}
    assert verify(verifier_of(keys), sign(KEY, OK), OK).ok


MEASURE = """
import asyncio, re, sys
import httpx, anyio._backends._asyncio
from pathlib import Path
from fal_typed.webhooks import WebhookVerifier
def peak():  # of this program alone: that of getrusage begins with what the parent had
    return int(re.search("VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
verifier = WebhookVerifier(sys.argv[1], user_ids={"user-1"})
headers = dict(line.split(": ") for line in sys.argv[2].splitlines())
before = peak()
try:
    asyncio.run(verifier.averify(headers, b"{}")) if sys.argv[3] == "async" else verifier.verify(headers, b"{}")
except Exception as error:
    print(type(error).__name__, (peak() - before) // 1024)
"""


@pytest.mark.sampled(4)
@pytest.mark.skipif(sys.platform != "linux", reason="measures by /proc")
@pytest.mark.parametrize("way", ["sync", "async"])
@pytest.mark.parametrize(("status", "is_compressed"), [(200, True), (200, False), (503, False)])
def test_a_key_set_takes_no_memory_whatever_comes(keys: KeyServer, way: str, status: int, is_compressed: bool) -> None:
    large = bytes(80_000_000)
    keys.status = status
    keys.content = gzip.compress(large) if is_compressed else large
    keys.headers = {"content-encoding": "gzip"} if is_compressed else {}
    text = "\n".join(f"{name}: {value}" for name, value in sign(KEY, b"{}").items())
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3] / "generated")}
    command = [sys.executable, "-c", MEASURE, keys.url, text, way]
    ran = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
    name, mebibytes = ran.stdout.split()
    assert (name, int(mebibytes) < 30) == ("WebhookVerificationError", True), ran.stdout

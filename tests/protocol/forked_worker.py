"""A process that forks, whose client was used before: `forked_worker.py CALLS MODE VERB WHOSE RUN QUEUE`.

It writes what went wrong. Children that hang are ended by their alarm, which the parent reports.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from contextlib import ExitStack
from typing import Any

import fal_typed
import httpx
from fal_typed._runtime.outputs import parse

ENDPOINT = "fal-ai/flux-1/schnell"
CHILDREN = 6
PATIENCE = 20
CALLS = int(sys.argv[1])


def say(lines: list[str]) -> None:
    os.write(1, "".join(f"{line}\n" for line in lines).encode())


def wrong(name: str, call: Any) -> list[str]:
    """What this process got instead of its own answers."""
    found: list[str] = []
    for number in range(CALLS):
        prompt = f"{name}-{number}"
        try:
            got = call(prompt)
        except Exception as error:
            got = repr(error)
        if got != prompt:
            found.append(f"asked {prompt}, got {got}")
    return found


def forked(calls: Any) -> list[int]:
    """Children that all make their calls at once."""
    children: list[int] = []
    for index in range(CHILDREN):
        child = os.fork()
        if child == 0:
            signal.alarm(PATIENCE)
            try:
                say(calls(f"child {index}"))
            finally:
                os._exit(0)
        children.append(child)
    return children


def ended(children: list[int]) -> None:
    for child in children:
        if status := os.waitpid(child, 0)[1]:
            say([f"a child ended with {status}"])


class Held:
    """Locks that another thread holds."""

    def __init__(self, locks: list[Any]) -> None:
        self._all_held, self._let_go = threading.Event(), threading.Event()
        self._locks = locks
        self._thread = threading.Thread(target=self._hold, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()
        self._all_held.wait()

    def __exit__(self, *_: object) -> None:
        self._let_go.set()
        self._thread.join()

    def _hold(self) -> None:
        with ExitStack() as stack:
            for lock in self._locks:
                stack.enter_context(lock)
            self._all_held.set()
            self._let_go.wait()


def locks_of(fal: Any) -> list[Any]:
    """Whatever a call may wait for."""
    transport = fal._session.transport
    pool = transport.client()._transport._pool
    return [fal._session._lock, transport._lock, parse._LOCK, pool._optional_thread_lock]


def sync(verb: str, hosts: fal_typed.Hosts, client: httpx.Client | None) -> None:
    fal = fal_typed.Fal(hosts=hosts, http_client=client)

    def call(prompt: str) -> str:
        output = getattr(fal.flux_1.schnell, verb)(prompt=prompt)
        return str(output.prompt)

    call("before")
    with Held(locks_of(fal)):
        children = forked(lambda name: wrong(name, call))
    say(wrong("parent", call))
    ended(children)


def asynchronous(verb: str, hosts: fal_typed.Hosts, client: httpx.AsyncClient | None) -> None:
    """The parent's event loop runs in another thread, and goes on."""
    fal = fal_typed.AsyncFal(hosts=hosts, http_client=client)
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True).start()

    async def call(prompt: str) -> str:
        output = await getattr(fal.flux_1.schnell, verb)(prompt=prompt)
        return str(output.prompt)

    def in_thread(prompt: str) -> str:
        return asyncio.run_coroutine_threadsafe(call(prompt), loop).result()

    async def in_own_loop(name: str) -> list[str]:
        found = await asyncio.gather(*(call(f"{name}-{number}") for number in range(CALLS)), return_exceptions=True)
        return [f"asked {name}-{i}, got {got!r}" for i, got in enumerate(found) if got != f"{name}-{i}"]

    in_thread("before")
    with Held([fal._session._lock, fal._session.transport._lock, parse._LOCK]):
        children = forked(lambda name: asyncio.run(in_own_loop(name)))
    say(wrong("parent", in_thread))
    ended(children)


def main() -> None:
    mode, verb, whose, run, queue = sys.argv[2:]
    hosts = fal_typed.Hosts(run=run, queue=queue)
    if mode == "sync":
        sync(verb, hosts, httpx.Client() if whose == "injected" else None)
    else:
        asynchronous(verb, hosts, httpx.AsyncClient() if whose == "injected" else None)


if __name__ == "__main__":
    main()

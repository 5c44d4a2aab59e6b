"""fal's public keys: fetched when they are needed, and kept for a while."""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from .. import forks
from ..checks import is_array, is_object
from ..log import logger

if TYPE_CHECKING:
    import httpx

FETCH_SECONDS = 10.0
# Anybody can send a signature that no key verifies: it must not make us ask fal each time.
REFETCH_SECONDS = 60.0
_LARGEST = 1_000_000
_MOST_KEYS = 100
_UNREACHABLE = "the key set at %s cannot be fetched: %s: %s"


@dataclass(frozen=True, slots=True)
class KeySet:
    """The keys, and when they were fetched (`time.monotonic`)."""

    keys: tuple[Ed25519PublicKey, ...]
    at: float


class KeyCache:
    """The key set of one URL. Safe to share between threads, tasks and event loops.

    Args:
        url: Where it is.
        max_age: Seconds after which it is fetched again, and not used any more.
    """

    def __init__(self, url: str, max_age: float) -> None:
        self._url = url
        self._max_age = max_age
        self._known: KeySet | None = None
        self._fetched = self._refetched = float("-inf")
        self._lock = forks.Lock()
        self._async_locks: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()

    def get(self, instead_of: KeySet | None = None) -> KeySet | None:
        """The keys; None where they cannot be fetched.

        Args:
            instead_of: A set whose keys did not do. Another one is fetched, if that was not tried a moment ago.
        """
        asked = time.monotonic()
        with self._lock:  # of those who wait here, the first fetches for all
            if not self._must_fetch(instead_of, asked):
                return self._usable()
            self._note_fetch(instead_of)
            self._learn(_fetch(self._url))
            return self._usable()

    async def aget(self, instead_of: KeySet | None = None) -> KeySet | None:
        """The same, without blocking the event loop."""
        asked = time.monotonic()
        lock = self._async_locks.setdefault(asyncio.get_running_loop(), asyncio.Lock())
        async with lock:
            if not self._must_fetch(instead_of, asked):
                return self._usable()
            self._note_fetch(instead_of)
            self._learn(await _afetch(self._url))
            return self._usable()

    def _usable(self) -> KeySet | None:
        known = self._known
        return None if known is None or time.monotonic() - known.at > self._max_age else known

    def _must_fetch(self, instead_of: KeySet | None, asked: float) -> bool:
        if self._fetched >= asked:  # somebody did while we waited
            return False
        usable = self._usable()
        if usable is None:
            return True
        return usable is instead_of and time.monotonic() - self._refetched >= REFETCH_SECONDS

    def _note_fetch(self, instead_of: KeySet | None) -> None:
        self._fetched = time.monotonic()
        if instead_of is not None:
            self._refetched = self._fetched

    def _learn(self, keys: tuple[Ed25519PublicKey, ...] | None) -> None:
        if keys:
            self._known = KeySet(keys, time.monotonic())


def _fetch(url: str) -> tuple[Ed25519PublicKey, ...] | None:
    import httpx

    try:
        with httpx.stream("GET", url, timeout=FETCH_SECONDS, follow_redirects=False) as response:
            content = bytearray()
            for chunk in response.iter_bytes():
                content += chunk
                if len(content) > _LARGEST:
                    break
            return _read(url, response, bytes(content))
    except httpx.HTTPError as error:
        logger.warning(_UNREACHABLE, url, type(error).__name__, error)
    return None


async def _afetch(url: str) -> tuple[Ed25519PublicKey, ...] | None:
    import httpx

    try:
        async with (
            httpx.AsyncClient(timeout=FETCH_SECONDS, follow_redirects=False) as client,
            client.stream("GET", url) as response,
        ):
            content = bytearray()
            async for chunk in response.aiter_bytes():
                content += chunk
                if len(content) > _LARGEST:
                    break
            return _read(url, response, bytes(content))
    except httpx.HTTPError as error:
        logger.warning(_UNREACHABLE, url, type(error).__name__, error)
    return None


def _read(url: str, response: httpx.Response, content: bytes) -> tuple[Ed25519PublicKey, ...] | None:
    if response.status_code != 200:
        logger.warning("the key set at %s cannot be fetched: status %d", url, response.status_code)
        return None
    keys = read_keys(content) if len(content) <= _LARGEST else ()
    if not keys:
        logger.warning("the key set at %s holds no Ed25519 key", url)
    return keys


def read_keys(content: bytes) -> tuple[Ed25519PublicKey, ...]:
    """The Ed25519 keys of a JSON Web Key Set (RFC 8037); whatever else is in it is left out."""
    try:
        document: Any = json.loads(content)
    except (ValueError, RecursionError):
        return ()
    listed = document.get("keys") if is_object(document) else None
    entries = listed[:_MOST_KEYS] if is_array(listed) else []
    return tuple(key for entry in entries if is_object(entry) and (key := _read_key(entry)) is not None)


def _read_key(entry: dict[str, Any]) -> Ed25519PublicKey | None:
    x = entry.get("x")
    if entry.get("kty", "OKP") != "OKP" or entry.get("crv", "Ed25519") != "Ed25519" or not isinstance(x, str):
        return None
    try:
        padded = x + "=" * (-len(x) % 4)
        return Ed25519PublicKey.from_public_bytes(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, binascii.Error):
        return None

"""fal's public keys: one fetch of them, within ten seconds and a megabyte."""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from .. import stand_in
from ..checks import is_array, is_object, shortened
from ..http.exchange import Left

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager, AbstractContextManager

    import httpx

Keys: TypeAlias = tuple[Ed25519PublicKey, ...]
# Of the whole fetch, however many pieces it comes in.
FETCH_SECONDS = 10.0
_LARGEST = 1_000_000
_MOST_KEYS = 100
# What is not compressed is as large in memory as on the way.
_HEADERS = {"accept-encoding": "identity"}


@dataclass(frozen=True, slots=True)
class KeySet:
    """The keys, and when they were asked for (`stand_in.now`)."""

    keys: Keys
    at: float

    def has_signed(self, message: bytes, signature: bytes) -> bool:
        """Whether a key verifies it; no call names its key."""
        for key in self.keys:
            try:
                key.verify(signature, message)
            except InvalidSignature:
                continue
            return True
        return False


def fetch_keys(url: str) -> Keys | str:
    """The keys of the set at a URL, or why there are none."""
    from ..http.connections.network import keep_to_the_end

    limit = Left(FETCH_SECONDS, stand_in.now() + FETCH_SECONDS)
    timeout = dict.fromkeys(("connect", "read", "write", "pool"), limit)
    try:
        with _client() as client:
            keep_to_the_end(client)
            extensions = {"timeout": timeout}
            with client.stream("GET", url, headers=_HEADERS, follow_redirects=False, extensions=extensions) as response:
                content = bytearray()
                for chunk in response.iter_raw() if _is_plain(response) else ():
                    content += chunk
                    if len(content) > _LARGEST:
                        break
                return _keys_in(response, bytes(content))
    except Exception as error:  # a wrong proxy in the environment is none of httpx's own
        return _why(error)


async def afetch_keys(url: str) -> Keys | str:
    """The same, without blocking the event loop."""
    try:
        async with (
            asyncio.timeout(FETCH_SECONDS),
            _async_client() as client,
            client.stream("GET", url, headers=_HEADERS, follow_redirects=False, timeout=FETCH_SECONDS) as response,
        ):
            content = bytearray()
            if _is_plain(response):
                async for chunk in response.aiter_raw():
                    content += chunk
                    if len(content) > _LARGEST:
                        break
            return _keys_in(response, bytes(content))
    except Exception as error:
        return _why(error)


def _client() -> AbstractContextManager[httpx.Client]:
    """One of its own, closed at the end; or what stands in for it, which is not."""
    import httpx

    instead = stand_in.current
    return httpx.Client() if instead is None else nullcontext(instead.client())


def _async_client() -> AbstractAsyncContextManager[httpx.AsyncClient]:
    import httpx

    instead = stand_in.current
    return httpx.AsyncClient() if instead is None else nullcontext(instead.async_client())


def _is_plain(response: httpx.Response) -> bool:
    """Whether there is a body to read: of an error it says nothing, and a compressed one may be of any size."""
    return response.status_code == 200 and response.headers.get("content-encoding", "identity").lower() == "identity"


def _keys_in(response: httpx.Response, content: bytes) -> Keys | str:
    if response.status_code != 200:
        return f"status {response.status_code}"
    if not _is_plain(response):
        return "it is compressed, although that was not asked for"
    if len(content) > _LARGEST:
        return "it is larger than a megabyte"
    return read_keys(content) or "it holds no Ed25519 key"


def _why(error: Exception) -> str:
    import httpx

    if isinstance(error, TimeoutError | httpx.TimeoutException):
        return f"it took longer than {FETCH_SECONDS:g} s"
    return f"{type(error).__name__}: {shortened(str(error))}"


def read_keys(content: bytes) -> Keys:
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

"""Telling webhook calls of fal from those of others."""

# design: What does a refused webhook call tell?

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, TypeAlias, cast

from .. import checks
from ..checks import is_mapping
from ..errors import WebhookVerificationError
from ..http.hosts import check_base_url

try:
    from cryptography.exceptions import InvalidSignature

    from .keys import KeyCache, KeySet
except ImportError as error:  # pragma: no cover - a test runs it without the extra
    if error.name is None or error.name.partition(".")[0] != "cryptography":
        raise
    package = __name__.removesuffix("._runtime.webhooks.verifier")
    raise ImportError(
        f"{package}.webhooks needs the package cryptography: "
        f"pip install '{package.replace('_', '-')}[webhooks]', or pip install cryptography",
        name="cryptography",
    ) from None

from .event import WebhookEvent, read_event

Headers: TypeAlias = (
    Mapping[str, str] | Mapping[str, bytes] | Mapping[bytes, bytes] | Iterable[tuple[str | bytes, str | bytes]]
)
JWKS_URL = "https://rest.fal.ai/.well-known/jwks.json"
# fal docs, Webhooks: the age a signature may have, and that of the keys.
TOLERANCE = 300.0
MAX_AGE = 86_400.0
_PREFIX = "x-fal-webhook-"
_NAMES = ("request-id", "user-id", "timestamp", "signature")
_SIGNATURE_BYTES = 64
# The same for every reason, so that who guesses learns nothing.
_MESSAGE = "this webhook call was not signed by fal"


class _Signed(NamedTuple):
    request_id: str
    message: bytes
    signature: bytes


class WebhookVerifier:
    """Verifies webhook calls by fal's public keys (Ed25519; fal docs, Webhooks). Make one and keep it.

    Safe to share between threads, tasks and event loops. Nothing is fetched before a call that could be genuine.

    Args:
        jwks_url: Where fal's keys are. Plain http is accepted for loopback addresses only.
        max_age: Seconds to use fetched keys for; at most a day, says fal.
    """

    def __init__(self, jwks_url: str = JWKS_URL, *, max_age: float = MAX_AGE) -> None:
        self._keys = KeyCache(check_base_url("jwks_url", jwks_url), checks.seconds("max_age", max_age) or MAX_AGE)

    def verify(self, headers: Headers, raw_body: bytes) -> WebhookEvent:
        """The event of a call, if it came from fal, and less than five minutes ago.

        Args:
            headers: The call's headers: a mapping or pairs, in any case, as str or bytes.
            raw_body: The body before any decoding, byte for byte.

        Raises:
            WebhookVerificationError: It did not, or fal's keys cannot be fetched; only the log tells which.
            InvalidResponseError: It did, and its body is not JSON.
        """
        signed = _signed(headers, raw_body)
        if signed is not None:
            keys = self._keys.get()
            if _is_genuine(signed, keys) or _is_genuine(signed, self._others(keys)):
                return read_event(bytes(raw_body), signed.request_id)
        raise WebhookVerificationError(_MESSAGE)

    async def averify(self, headers: Headers, raw_body: bytes) -> WebhookEvent:
        """`verify` for asynchronous code: keys are fetched without blocking the event loop."""
        signed = _signed(headers, raw_body)
        if signed is not None:
            keys = await self._keys.aget()
            if _is_genuine(signed, keys) or _is_genuine(signed, keys and await self._keys.aget(instead_of=keys)):
                return read_event(bytes(raw_body), signed.request_id)
        raise WebhookVerificationError(_MESSAGE)

    def _others(self, keys: KeySet | None) -> KeySet | None:
        """The keys of now: fal may have changed them since we asked."""
        return keys and self._keys.get(instead_of=keys)


def _signed(headers: Headers, raw_body: bytes) -> _Signed | None:
    """What was signed and the signature; None where something is missing or the time is over."""
    if not isinstance(raw_body, bytes | bytearray | memoryview):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"raw_body must be the body's bytes, before any decoding, not {type(raw_body).__name__}")
    found = _webhook_headers(headers)
    values = [found.get(name, []) for name in _NAMES]
    if any(len(each) != 1 for each in values):
        return None
    request_id, user_id, timestamp, signature = (each[0] for each in values)
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) < 20):
        return None
    if abs(time.time() - int(timestamp)) > TOLERANCE:
        return None
    try:
        raw_signature = bytes.fromhex(signature)
    except ValueError:
        return None
    if len(raw_signature) != _SIGNATURE_BYTES:
        return None
    digest = hashlib.sha256(raw_body).hexdigest()
    return _Signed(request_id, "\n".join((request_id, user_id, timestamp, digest)).encode(), raw_signature)


def _webhook_headers(headers: Any) -> dict[str, list[str]]:
    """The values of fal's headers by the end of their name; empty or broken ones count as missing."""
    if not hasattr(headers, "__iter__") or isinstance(headers, str | bytes):
        raise TypeError(f"headers must be a mapping or pairs, not {type(headers).__name__}")
    pairs = cast("Iterable[tuple[object, object]]", headers.items() if is_mapping(headers) else headers)
    found: dict[str, list[str]] = {}
    for raw_name, raw_value in pairs:
        name, value = _text(raw_name).lower(), _text(raw_value).strip()
        if name.startswith(_PREFIX) and value and value.isprintable():
            found.setdefault(name.removeprefix(_PREFIX), []).append(value)
    return found


def _text(value: object) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _is_genuine(signed: _Signed, keys: KeySet | None) -> bool:
    for key in keys.keys if keys else ():
        try:
            key.verify(signed.signature, signed.message)
        except InvalidSignature:
            continue
        return True
    return False


__all__ = ["WebhookEvent", "WebhookVerificationError", "WebhookVerifier"]

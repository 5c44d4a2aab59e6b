"""Telling webhook calls of fal from those of others."""

# design: Whose webhook calls are taken?

from __future__ import annotations

import functools
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, ParamSpec

from .. import checks, stand_in
from ..errors import WebhookVerificationError
from ..http.hosts import check_base_url
from ..log import logger

try:
    from .keys import KeyCache
except ImportError as error:  # pragma: no cover - a test runs it without the extra
    if error.name is None or error.name.partition(".")[0] != "cryptography":
        raise
    package = __name__.removesuffix("._runtime.webhooks.verifier")
    raise ImportError(
        f"{package}.webhooks needs the package cryptography: pip install cryptography",
        name="cryptography",
    ) from None

from .event import WebhookEvent, read_event
from .signed import Signed, read_signed, refused

if TYPE_CHECKING:
    from .headers import Headers
    from .key_set import KeySet

P = ParamSpec("P")
JWKS_URL = "https://rest.fal.ai/.well-known/jwks.json"
# fal docs, Webhooks: the age of the keys.
MAX_AGE = 86_400.0
_WHOSE = (
    "WebhookVerifier needs user_ids, the ids of your fal accounts, as in WebhookVerifier(user_ids={'my-fal-user-id'}): "
    "fal signs the calls of all accounts with the same keys. To find your id out, user_ids=None takes any account's "
    "calls, and the user_id of an event is the id"
)
_ANYBODY = (
    "this WebhookVerifier takes the calls of any fal account (user_ids=None): whoever has one can send it what they "
    "like. Give it your own ids"
)


def _says_whose(init: Callable[P, None]) -> Callable[P, None]:
    """What is missing without `user_ids`; Python would say only that it is."""

    @functools.wraps(init)
    def checked(*args: P.args, **kwargs: P.kwargs) -> None:
        if "user_ids" not in kwargs:
            raise TypeError(_WHOSE)
        init(*args, **kwargs)

    return checked


class WebhookVerifier:
    """Verifies webhook calls by fal's public keys (Ed25519; fal docs, Webhooks). Make one and keep it.

    Safe to share between threads, tasks and event loops. Nothing is fetched before a call that could be genuine.

    Args:
        jwks_url: Where fal's keys are. Plain http is accepted for loopback addresses only.
        user_ids: The ids of the fal accounts whose calls to take. Must be given: fal signs for all accounts with the
            same keys. None takes anybody's, with a warning in the log.
        max_age: Seconds to use fetched keys for; at most a day, says fal. Where newer ones cannot be fetched, the old
            ones are used for a day more.

    Raises:
        TypeError: `user_ids` is missing, or is no collection of `str`.
        ValueError: `user_ids` is empty, or another argument cannot be used.
    """

    @_says_whose
    def __init__(self, jwks_url: str = JWKS_URL, *, user_ids: Collection[str] | None, max_age: float = MAX_AGE) -> None:
        self._user_ids = None if user_ids is None else _checked_ids(user_ids)
        url, seconds = check_base_url("jwks_url", jwks_url), checks.seconds("max_age", max_age) or MAX_AGE
        self._keys = stand_in.Apart(functools.partial(KeyCache, url, seconds))
        if user_ids is None:
            logger.warning(_ANYBODY)

    def verify(self, headers: Headers, raw_body: bytes) -> WebhookEvent:
        """The event of a call, if fal sent it for an account of `user_ids`, less than five minutes ago.

        Args:
            headers: The call's headers as your framework has them: a mapping, pairs, a WSGI environ. Names in any case,
                names and values as str or bytes, several values as a list.
            raw_body: The body before any decoding, byte for byte.

        Raises:
            WebhookVerificationError: It did not, or fal's keys cannot be fetched; only the log tells which (INFO).
            InvalidResponseError: It did, and its body is not JSON.
        """
        signed = read_signed(headers, raw_body)
        cache = self._keys.get()
        keys = cache.get()
        is_genuine = _is_genuine(signed, keys)
        if keys is not None and not is_genuine:  # fal may have others since we asked
            is_genuine = _is_genuine(signed, cache.get(instead_of=keys), tried=keys)
        return self._event(signed, raw_body, keys, is_genuine=is_genuine)

    async def averify(self, headers: Headers, raw_body: bytes) -> WebhookEvent:
        """`verify` for asynchronous code: keys are fetched without blocking the event loop."""
        signed = read_signed(headers, raw_body)
        cache = self._keys.get()
        keys = await cache.aget()
        is_genuine = _is_genuine(signed, keys)
        if keys is not None and not is_genuine:
            is_genuine = _is_genuine(signed, await cache.aget(instead_of=keys), tried=keys)
        return self._event(signed, raw_body, keys, is_genuine=is_genuine)

    def _event(self, signed: Signed, raw_body: bytes, keys: KeySet | None, *, is_genuine: bool) -> WebhookEvent:
        if keys is None:
            raise refused("fal's public keys cannot be fetched")
        if not is_genuine:
            raise refused("no key of fal's verifies its signature; or its body is not, byte for byte, what was signed")
        if self._user_ids is not None and signed.user_id not in self._user_ids:
            whose, request_id = checks.shortened(signed.user_id), checks.shortened(signed.request_id)
            raise refused("fal signed it for the account %s, not in user_ids (request id %s)", whose, request_id)
        return read_event(bytes(raw_body), signed.request_id, signed.user_id)


def _is_genuine(signed: Signed, keys: KeySet | None, *, tried: KeySet | None = None) -> bool:
    return keys is not None and keys is not tried and keys.has_signed(signed.message, signed.signature)


def _checked_ids(user_ids: Collection[str]) -> frozenset[str]:
    if isinstance(user_ids, str | bytes) or not isinstance(user_ids, Collection):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"user_ids must be a set or a list of ids, {{'my-fal-user-id'}}, not {type(user_ids).__name__}")
    for each in user_ids:
        if not isinstance(each, str):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(f"user_ids must hold str, not {type(each).__name__}")
        if not each or each != each.strip() or not each.isprintable():
            raise ValueError(f"user_ids: {checks.shortened(each)} is no id: it is empty, or has a blank at an end")
    if not user_ids:
        raise ValueError("user_ids is empty: no call would be taken. Give the id of your fal account")
    return frozenset(user_ids)


__all__ = ["WebhookEvent", "WebhookVerificationError", "WebhookVerifier"]

"""A key of the fake's own, and calls signed with it as fal signs them (fal docs, Webhooks)."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

KEY_SET_PATH = "/.well-known/jwks.json"


class SigningKey:
    """An Ed25519 key, made when it is first needed. What a fake signs, nobody trusts outside of it."""

    @cached_property
    def _key(self) -> Ed25519PrivateKey:
        try:
            from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        except ImportError as error:  # pragma: no cover - a test runs it without the extra
            if error.name is None or error.name.partition(".")[0] != "cryptography":
                raise
            raise ImportError(
                "to sign webhook calls, a fake needs the package cryptography: pip install cryptography",
                name="cryptography",
            ) from None
        return Ed25519PrivateKey.generate()

    def key_set(self) -> bytes:
        """The public half, as fal publishes its own (RFC 8037)."""
        x = base64.urlsafe_b64encode(self._key.public_key().public_bytes_raw()).decode().rstrip("=")
        return json.dumps({"keys": [{"kty": "OKP", "crv": "Ed25519", "x": x}]}).encode()

    def headers(self, body: bytes, *, request_id: str, user_id: str) -> dict[str, str]:
        """The headers of a call, signed now."""
        timestamp = str(int(time.time()))
        message = "\n".join((request_id, user_id, timestamp, hashlib.sha256(body).hexdigest()))
        return {
            "content-type": "application/json",
            "x-fal-webhook-request-id": request_id,
            "x-fal-webhook-user-id": user_id,
            "x-fal-webhook-timestamp": timestamp,
            "x-fal-webhook-signature": self._key.sign(message.encode()).hex(),
        }

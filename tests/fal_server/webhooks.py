"""fal's side of webhooks: a key set on a loopback socket, and calls signed as fal signs them (fal docs, Webhooks)."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from .waiting import PATIENCE


def new_key(seed: int) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)


def as_jwk(key: Ed25519PrivateKey) -> dict[str, str]:
    """The public half, unpadded as fal writes it."""
    x = base64.urlsafe_b64encode(key.public_key().public_bytes_raw()).decode().rstrip("=")
    return {"kty": "OKP", "crv": "Ed25519", "x": x}


def sign(
    key: Ed25519PrivateKey, body: bytes, *, request_id: str = "req-1", user_id: str = "user-1", at: float | None = None
) -> dict[str, str]:
    """The headers of a call."""
    timestamp = str(int(time.time() if at is None else at))
    message = "\n".join((request_id, user_id, timestamp, hashlib.sha256(body).hexdigest()))
    return {
        "X-Fal-Webhook-Request-Id": request_id,
        "X-Fal-Webhook-User-Id": user_id,
        "X-Fal-Webhook-Timestamp": timestamp,
        "X-Fal-Webhook-Signature": key.sign(message.encode()).hex(),
    }


class KeyServer:
    """Serves a key set, and counts how often it is asked for.

    Attributes:
        content: What it answers; by default the JWKS of `keys`.
        status: And with which status.
        headers: And which headers beside.
        asked_with: The headers of each request.
        answering: Cleared, it keeps silent until it is set again.
    """

    def __init__(self, *keys: Ed25519PrivateKey) -> None:
        self.keys = keys
        self.content: bytes | None = None
        self.status = 200
        self.headers: dict[str, str] = {}
        self.asked_with: list[dict[str, str]] = []
        self.answering = threading.Event()
        self.answering.set()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked_with.append({name.lower(): value for name, value in self.headers.items()})
                outer.answering.wait(PATIENCE)
                own = json.dumps({"keys": [as_jwk(key) for key in outer.keys]}).encode()
                content = own if outer.content is None else outer.content
                self.send_response(outer.status)
                self.send_header("location", "/elsewhere")
                self.send_header("content-length", str(len(content)))
                for name, value in outer.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                with suppress(OSError):  # not every client wants all of it
                    self.wfile.write(content)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/.well-known/jwks.json"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def asked(self) -> int:
        """How often."""
        return len(self.asked_with)

    def __enter__(self) -> KeyServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

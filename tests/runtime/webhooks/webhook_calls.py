"""What the tests of webhooks share: keys, a body, a verifier of one account, and how a refusal looks from outside."""

from __future__ import annotations

import asyncio
import json
import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from fal_server.webhooks import new_key
from runtime import errors
from runtime.log import logger
from runtime.webhooks.verifier import WebhookVerifier

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fal_server.webhooks import KeyServer

KEY, OTHER = new_key(1), new_key(2)
OUTPUT = {"images": [{"url": "https://v3.fal.media/a.png"}], "seed": 7}
OK = json.dumps({"request_id": "req-1", "gateway_request_id": "gw-2", "status": "OK", "payload": OUTPUT}).encode()


def verifier_of(keys: KeyServer | str, **options: Any) -> WebhookVerifier:
    """One that knows the account which `sign` signs for."""
    url = keys if isinstance(keys, str) else keys.url
    return WebhookVerifier(url, **{"user_ids": {"user-1"}, **options})


def verify_sync(verifier: WebhookVerifier, headers: Any, body: bytes) -> Any:
    return verifier.verify(headers, body)


def verify_async(verifier: WebhookVerifier, headers: Any, body: bytes) -> Any:
    return asyncio.run(verifier.averify(headers, body))


class Lines(logging.Handler):
    """What the client says in its log, from INFO on."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)

    def at(self, level: int) -> list[str]:
        """The texts of one level."""
        return [record.getMessage() for record in self.records if record.levelno == level]


@contextmanager
def told() -> Iterator[Lines]:
    """What the log is told meanwhile."""
    lines, level = Lines(), logger.level
    logger.addHandler(lines)
    logger.setLevel(logging.INFO)
    try:
        yield lines
    finally:
        logger.setLevel(level)
        logger.removeHandler(lines)


def refused(verify: Any, verifier: WebhookVerifier, headers: Any, body: bytes) -> str:
    """It is, and the caller does not learn why; the one reason that the log has."""
    with told() as lines, pytest.raises(errors.WebhookVerificationError) as caught:
        verify(verifier, headers, body)
    error = caught.value
    assert type(error) is errors.WebhookVerificationError
    assert str(error) == "this webhook call was not signed by fal"
    assert vars(error) == {"message": str(error)}
    assert error.__cause__ is None
    assert error.__context__ is None
    (reason,) = lines.at(logging.INFO)
    assert reason.isprintable()
    assert len(reason) < 300
    before, _, after = reason.partition("webhook call refused: ")
    assert before == ""
    return after

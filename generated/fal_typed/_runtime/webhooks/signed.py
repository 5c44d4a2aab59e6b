"""What a call says that was signed, and whether it could be genuine at all."""

# design: What does a refused webhook call tell?

from __future__ import annotations

import hashlib
import re
import time
from typing import NamedTuple

from ..errors import WebhookVerificationError
from ..log import logger
from .headers import NAMES, Headers, shown_name, webhook_headers

# fal docs, Webhooks: the seconds by which the time of a call may differ from ours.
TOLERANCE = 300.0
# An Ed25519 signature, spelled in the one way: who remembers signatures must not meet one again as another text.
_SIGNATURE = re.compile(r"[0-9a-f]{128}", re.ASCII)
# The same for every reason, so that who guesses learns nothing.
_MESSAGE = "this webhook call was not signed by fal"


class Signed(NamedTuple):
    """What was signed, and the signature."""

    request_id: str
    user_id: str
    message: bytes
    signature: bytes


def refused(reason: str, *values: object) -> WebhookVerificationError:
    """The error for the caller, which never says why: the log does.

    Args:
        reason: As `logger.info` takes it. What a stranger chose is not in it, but as a number.
        values: Those in the reason.
    """
    logger.info(f"webhook call refused: {reason}", *values)
    return WebhookVerificationError(_MESSAGE)


def read_signed(headers: Headers, raw_body: bytes) -> Signed:
    """What was signed, of a call that is whole and of now.

    Raises:
        WebhookVerificationError: It is not.
        TypeError: These are no headers, or no bytes.
    """
    if not isinstance(raw_body, bytes | bytearray | memoryview):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"raw_body must be the body's bytes, before any decoding, not {type(raw_body).__name__}")
    found = webhook_headers(headers)
    request_id, user_id, timestamp, signature = (_only(name, found.get(name, [])) for name in NAMES)
    _check_time(timestamp)
    if not _SIGNATURE.fullmatch(signature):
        raise refused("its signature is not 128 lower-case hexadecimal digits")
    digest = hashlib.sha256(raw_body).hexdigest()
    message = "\n".join((request_id, user_id, timestamp, digest)).encode()
    return Signed(request_id, user_id, message, bytes.fromhex(signature))


def _only(name: str, values: list[str]) -> str:
    if not values:
        raise refused("the header %s is missing", shown_name(name))
    if len(values) > 1:
        raise refused("the header %s is there %d times", shown_name(name), len(values))
    if not values[0] or not values[0].isprintable():
        raise refused("the header %s is empty, or holds a control character", shown_name(name))
    return values[0]


def _check_time(timestamp: str) -> None:
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) < 20):
        raise refused("its timestamp is not a number of seconds")
    age = time.time() - int(timestamp)
    if age > TOLERANCE:
        raise refused("it was signed %d s ago, and %d s are allowed", age, TOLERANCE)
    if age < -TOLERANCE:
        raise refused("it was signed %d s in the future: is the clock of this machine right?", -age)

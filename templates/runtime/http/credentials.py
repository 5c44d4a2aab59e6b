"""A credential: kept out of every `repr`, with where it came from, and when it ends."""

# design: What can be told of a key without asking fal?

from __future__ import annotations

import time
from typing import NoReturn

from ..checks import header_text

# Seconds: so long before its end the token of a login is renewed, and so long after a failure tried again.
LEEWAY, _PATIENCE = 300.0, 30.0
# What no key has in it, that of `FAL_KEY=…` among it; and what may stand before it where it was copied with its name.
_SAMPLE = "…"
_BESIDE_KEYS = frozenset(" \t\"'`\u201c\u201d\u2018\u2019" + _SAMPLE)
_NAME = "FAL_KEY="
# A text that is so long is a secret wherever it stands; a shorter one may be a word.
_NO_WORD = 8


class Login:
    """When an access token ends, and when it is to be renewed.

    Attributes:
        path: The file of the tokens.
    """

    __slots__ = ("_due", "_ends", "path")

    def __init__(self, path: str, ends: float) -> None:
        self.path: str = path
        self._ends, self._due = ends, ends - LEEWAY

    def lasts_until(self, ends: float) -> None:
        """There is a new token that ends then. By a clock that is wrong it has ended, and is of use all the same."""
        self._ends, self._due = ends, max(ends - LEEWAY, time.time() + _PATIENCE)

    def is_due(self) -> bool:
        """Whether the token is to be renewed."""
        return time.time() >= self._due

    def has_ended(self) -> bool:
        """Whether the token is of no use any more."""
        return time.time() >= self._ends

    def put_off(self) -> None:
        """Let the token be for a while: it lasts yet, and could not be renewed."""
        self._due = time.time() + _PATIENCE


class Secret:
    """A credential that never shows, and is not pickled.

    Attributes:
        authorization: The value of the Authorization header.
        source: Where it was found, in words for messages.
        login: What renews it, if it is the token of a login.
    """

    __slots__ = ("authorization", "login", "source")

    def __init__(self, text: str, *, scheme: str = "Key", source: str = "", login: Login | None = None) -> None:
        self.authorization: str = f"{scheme} {text}"  # fal docs, Authentication: `Key <id>:<secret>`
        self.source: str = source
        self.login: Login | None = login

    def removed_from(self, content: bytes) -> bytes:
        """What a server answered, without the credential, which some repeat."""
        text = self.authorization.partition(" ")[2].encode()
        secret = text.partition(b":")[2]  # the id in front of it is none
        content = content.replace(text, b"***") if text else content
        return content.replace(secret, b"***") if len(secret) >= _NO_WORD else content

    def __repr__(self) -> str:
        return "Secret(***)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a credential is never pickled")


def given_credentials(credentials: str | None) -> Secret | None:
    """The constructor's argument.

    Raises:
        MissingCredentialsError: It is empty, which would take the environment's key and bill its account, or no key.
        TypeError: It is no text.
    """
    if credentials is None:
        return None
    # A blank at either end is an accident of copying, and no header can carry it.
    text = credentials.strip() if isinstance(credentials, str) else credentials  # pyright: ignore[reportUnnecessaryIsInstance]
    try:
        checked_key("credentials", text)
        if not text:
            raise ValueError("credentials: the key is empty; None stands for the key of the environment")
    except ValueError as error:
        from ..errors import MissingCredentialsError

        raise MissingCredentialsError(str(error)) from None
    return Secret(text, source="the key given as credentials=…")


def checked_key(name: str, text: str | None) -> str | None:
    """A key that can be sent, or None. What may be a key is left to fal: nobody promises a colon.

    Raises:
        ValueError: It was copied with something around it, or from a sample. The message has the name of its place,
            and never the key.
    """
    if isinstance(text, str) and (_BESIDE_KEYS & {*text} or text.startswith(_NAME)):
        found = next((each for each in ("Key ", "Bearer ", _NAME) if text.lower().startswith(each.lower())), None)
        begins = f"begins with {found.strip()!r}" if found else "holds a blank" if text.split()[1:] else "has quotes"
        if _SAMPLE in text:
            begins = f"has the '{_SAMPLE}' of a sample, which stands for yours"
        raise ValueError(f"{name}: the key {begins}; give the key alone, as id:secret (https://fal.ai/dashboard/keys)")
    return header_text(name, text)

"""Where the key comes from, and a wrapper that keeps it out of every `repr`."""

from __future__ import annotations

import os
from typing import NoReturn

from .checks import header_text


class Secret:
    """A credential that never shows, and is not pickled."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def authorization(self) -> str:
        """The value of the Authorization header (fal docs, Authentication: `Key <id>:<secret>`)."""
        return f"Key {self._text}"

    def __repr__(self) -> str:
        return "Secret(***)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a credential is never pickled")


def given_credentials(credentials: str | None) -> Secret | None:
    """The constructor's argument; empty text counts as not given."""
    text = header_text("credentials", credentials)
    return Secret(text) if text else None


def credentials_from_environment() -> Secret:
    """`FAL_KEY`, else `FAL_KEY_ID` with `FAL_KEY_SECRET`; empty variables count as unset.

    Raises:
        MissingCredentialsError: Neither is set, or what is set cannot be sent.
    """
    from .errors import MissingCredentialsError

    read = os.environ.get
    if read("FAL_KEY"):
        source, text = "FAL_KEY", read("FAL_KEY", "")
    elif read("FAL_KEY_ID") and read("FAL_KEY_SECRET"):
        source, text = "FAL_KEY_ID and FAL_KEY_SECRET", f"{read('FAL_KEY_ID')}:{read('FAL_KEY_SECRET')}"
    else:
        raise MissingCredentialsError(
            "no credentials: pass credentials=, or set FAL_KEY, or FAL_KEY_ID and FAL_KEY_SECRET "
            "(keys: https://fal.ai/dashboard/keys)"
        )
    try:
        header_text(source, text)
    except ValueError as error:
        problem = str(error)
    else:
        return Secret(text)
    raise MissingCredentialsError(problem)

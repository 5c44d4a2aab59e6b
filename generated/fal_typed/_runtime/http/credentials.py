"""Where the key comes from, and a wrapper that keeps it out of every `repr`."""

from __future__ import annotations

import os
from typing import NoReturn

from ..checks import header_text


class Secret:
    """A credential that never shows, and is not pickled.

    Attributes:
        authorization: The value of the Authorization header.
    """

    __slots__ = ("authorization",)

    def __init__(self, text: str, *, scheme: str = "Key") -> None:
        self.authorization: str = f"{scheme} {text}"  # fal docs, Authentication: `Key <id>:<secret>`

    def __repr__(self) -> str:
        return "Secret(***)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a credential is never pickled")


def given_credentials(credentials: str | None) -> Secret | None:
    """The constructor's argument; empty text counts as not given."""
    # A blank at either end is an accident of copying, and no header can carry it.
    text = header_text("credentials", credentials.strip() if isinstance(credentials, str) else credentials)
    return Secret(text) if text else None


def credentials_from_environment() -> Secret:
    """`FAL_KEY`, else `FAL_KEY_ID` with `FAL_KEY_SECRET`; empty variables count as unset.

    Raises:
        MissingCredentialsError: Neither is set, or what is set cannot be sent.
    """
    from ..errors import MissingCredentialsError

    key, key_id, secret = (os.environ.get(name, "").strip() for name in ("FAL_KEY", "FAL_KEY_ID", "FAL_KEY_SECRET"))
    if key:
        source, text = "FAL_KEY", key
    elif key_id and secret:
        source, text = "FAL_KEY_ID and FAL_KEY_SECRET", f"{key_id}:{secret}"
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

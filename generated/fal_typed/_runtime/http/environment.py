"""Where a key is looked for that nobody gave."""

# design: Where is a key looked for?

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import Any

from .credentials import Secret, checked_key

FORCE_LOGIN_VARIABLE = "FAL_FORCE_AUTH_BY_USER"
_COLAB = "google.colab"


def credentials_from_environment() -> Secret:
    """Those of the variables, of Colab or of `fal auth login`, in the official client's order.

    `FAL_KEY`, else `FAL_KEY_ID` with `FAL_KEY_SECRET` (empty ones count as unset), else the secret `FAL_KEY` of the
    Colab notebook this runs in, else the login; with `FAL_FORCE_AUTH_BY_USER=1` the login alone.

    Raises:
        MissingCredentialsError: There is none, or what is set cannot be sent.
    """
    from ..errors import MissingCredentialsError

    is_forced = os.environ.get(FORCE_LOGIN_VARIABLE) == "1"
    found = None if is_forced else _of_variables() or _of_colab()
    path = login_path()
    if found is None and os.path.isfile(path):  # noqa: PTH113 - pathlib is heavy, and this is on every first call
        from .login import read_login

        found = read_login(path)
    if found is None:
        login = f"log in with `fal auth login` (there is none in {path})"
        raise MissingCredentialsError(
            f"no credentials: {FORCE_LOGIN_VARIABLE}=1 asks for a login, so {login}"
            if is_forced
            else "no credentials: pass credentials=, or set FAL_KEY, or FAL_KEY_ID and FAL_KEY_SECRET, "
            f"or FAL_KEY in the notebook of Google Colab, or {login} (keys: https://fal.ai/dashboard/keys)"
        )
    return found


def login_path() -> str:
    """Where `fal auth login` keeps its tokens."""
    home = os.environ.get("FAL_HOME_DIR") or os.path.join("~", ".fal")  # noqa: PTH118
    return os.path.join(os.path.expanduser(home), "auth0_token")  # noqa: PTH111, PTH118


def _of_variables() -> Secret | None:
    key, key_id, secret = (os.environ.get(name, "").strip() for name in ("FAL_KEY", "FAL_KEY_ID", "FAL_KEY_SECRET"))
    if key:
        return _checked(key, "FAL_KEY", "the key of the environment variable FAL_KEY")
    if key_id and secret:
        source = "the key of the environment variables FAL_KEY_ID and FAL_KEY_SECRET"
        return _checked(f"{key_id}:{secret}", "FAL_KEY_ID and FAL_KEY_SECRET", source)
    return None


def _of_colab() -> Secret | None:
    """The notebook's secret; only inside its kernel, which has imported Colab's package: elsewhere that would wait."""
    if _COLAB not in sys.modules:
        return None
    try:
        userdata: Any = import_module(_COLAB).userdata
        text: object = userdata.get("FAL_KEY")
    except Exception:  # there is no such secret, or the notebook may not read it: each a class of Colab's own
        return None
    given = text.strip() if isinstance(text, str) else ""
    return _checked(given, "the Colab secret FAL_KEY", "the key of the Colab secret FAL_KEY") if given else None


def _checked(text: str, name: str, source: str) -> Secret:
    from ..errors import MissingCredentialsError

    try:
        checked_key(name, text)
    except ValueError as error:
        problem = str(error)
    else:
        return Secret(text, source=source)
    raise MissingCredentialsError(problem)

"""The tokens of `fal auth login`: read where fal's own tools keep them, and renewed there before they end.

The file holds a refresh token in its first line and an access token in its second (the official client 1.0.3). Renewing
is written as steps: it happens on the connections, and within the limits, of the call that needs it.
"""

from __future__ import annotations

import base64
import json
import os
import tempfile
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from ..errors import FalError, MissingCredentialsError
from ..log import logger
from .credentials import LEEWAY, Login, Secret
from .error_answers import status_error
from .exchange import Deadline, Exchange, Pause, Purpose, Within

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .exchange import Answer, Limits, Steps

# Who gives out the tokens, and as whom its own tools ask for them: public facts, as in the official client 1.0.3.
TOKEN_URL = "https://auth.fal.ai/oauth/token"  # noqa: S105
CLIENT_ID = "TwXR51Vz8JbY8GUUMy6EyuVR0fTO7N4N"
# Seconds: what renewing may take, and what a token lasts that does not say.
_LONGEST, _LIFE = 30.0, 3600.0
_WHILE_ANOTHER_RENEWS = 0.05
# Whose login is being renewed, by process and path: one renews, others wait. A refresh token may be good only once.
_CLAIMS: dict[tuple[int, str], object] = {}


def read_login(path: str) -> Secret | None:
    """The login in a file, if there is one; its access token may have ended."""
    refresh, access = _read(path)
    if refresh is None:
        return None
    source = f"the login of `fal auth login` ({path})"
    return Secret(access or "", scheme="Bearer", source=source, login=Login(path, _end_of(access)))


def renewed_first(secret: Secret, login: Login, limits: Limits, asked: Steps[Answer]) -> Steps[Answer]:
    """What is asked for, after the login was renewed."""
    yield from kept_fresh(secret, login, limits)
    return (yield from asked)


def kept_fresh(secret: Secret, login: Login, limits: Limits) -> Steps[None]:
    """Renew a login if it is time, or wait for who does.

    Raises:
        MissingCredentialsError: The login is over.
        FalError: It could not be renewed in time, and the token has ended.
    """
    claim, mine = (os.getpid(), login.path), object()
    while login.is_due():
        if _CLAIMS.setdefault(claim, mine) is mine:
            try:
                yield from _renewed(secret, login, limits)
            finally:
                del _CLAIMS[claim]
        elif not login.has_ended():
            return
        elif limits.deadline.has_passed:
            raise limits.deadline.exceeded("fal auth login")
        else:
            yield Pause(limits.deadline.pause(_WHILE_ANOTHER_RENEWS))  # then the token is in the file


def _renewed(secret: Secret, login: Login, limits: Limits) -> Steps[None]:
    refresh = _take(secret, login)
    if not login.is_due():
        return
    # Not tried again: what was asked for and not heard may have used the refresh token up.
    deadline = Deadline(limits.deadline.limit(_LONGEST))
    within = limits._replace(deadline=deadline, http_timeout=_LONGEST, max_retries=0)
    try:
        tokens: dict[str, Any] = yield Within(_asked(refresh, login.path), within)
    except FalError as error:
        if login.has_ended():
            raise
        logger.warning("the login of `fal auth login` lasts yet, and could not be renewed: %s", error)
        login.put_off()
        return
    _keep(secret, login, tokens, refresh)


def _asked(refresh: Secret, path: str) -> Steps[dict[str, Any]]:
    def form() -> Iterator[bytes]:
        yield _form(refresh)

    headers = {
        "accept": "application/json",
        "content-type": "application/x-www-form-urlencoded",
        "content-length": str(len(_form(refresh))),
    }
    # What is a file to the table of retries: nothing that is billed. The body is made where nobody shows it.
    exchange = Exchange(Purpose.UPLOAD, "POST", TOKEN_URL, headers, "fal auth login", keyless=True, content=form)
    answer: Answer = yield exchange
    if answer.is_success and isinstance(answer.json_object().get("access_token"), str):
        return answer.json_object()
    if answer.status >= 500 or answer.status == 429:
        raise status_error(answer, exchange)
    status = answer.status
    raise MissingCredentialsError(
        f"the login in {path} is over ({status} from {TOKEN_URL}): log in again with `fal auth login`, or set FAL_KEY"
    )


def _form(refresh: Secret) -> bytes:
    token = refresh.authorization.partition(" ")[2]
    fields = {"grant_type": "refresh_token", "client_id": CLIENT_ID, "refresh_token": token}
    return urlencode(fields).encode()


def _take(secret: Secret, login: Login) -> Secret:
    """Take the access token that is in the file by now: another process may have renewed it. Gives the refresh token.

    Raises:
        MissingCredentialsError: There is none.
    """
    refresh, access = _read(login.path)
    if refresh is None:
        raise MissingCredentialsError(f"the login in {login.path} is gone: log in again with `fal auth login`")
    if _end_of(access) - LEEWAY > time.time():
        secret.authorization = f"Bearer {access}"
        login.lasts_until(_end_of(access))
    return Secret(refresh)


def _keep(secret: Secret, login: Login, tokens: dict[str, Any], refresh: Secret) -> None:
    access, after = tokens["access_token"], tokens.get("refresh_token")
    secret.authorization = f"Bearer {access}"
    lasts = tokens.get("expires_in")
    ends = _end_of(access) or time.time() + (lasts if isinstance(lasts, int | float) else _LIFE)
    login.lasts_until(ends)
    kept = after if isinstance(after, str) and after else refresh.authorization.partition(" ")[2]
    try:
        _write(os.path.realpath(login.path), f"{kept}\n{access}")
    except OSError as error:
        logger.warning("the renewed login cannot be kept in %s: %s", login.path, error)


def _read(path: str) -> tuple[str | None, str | None]:
    """The refresh token and the access token."""
    try:
        with open(path, encoding="utf-8") as file:  # noqa: PTH123
            lines = [line.strip() for line in file if line.strip()]
    except (OSError, ValueError):
        return None, None
    usable = [line if line.isascii() and line.isprintable() else None for line in (*lines, "", "")]
    return usable[0] or None, usable[1] or None


def _write(path: str, text: str) -> None:
    """Wholly or not at all, and for nobody else to read."""
    descriptor, name = tempfile.mkstemp(dir=os.path.dirname(path), prefix=".auth0_token")  # noqa: PTH120
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(name, path)  # noqa: PTH105
    except BaseException:
        os.unlink(name)  # noqa: PTH108
        raise


def _end_of(access: str | None) -> float:
    """When an access token ends, by its own claim (RFC 7519, `exp`); 0 where it does not say."""
    try:
        claims = (access or "").split(".")[1]
        end = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["exp"]
        return float(end)
    except (ValueError, TypeError, LookupError, OverflowError):
        return 0.0

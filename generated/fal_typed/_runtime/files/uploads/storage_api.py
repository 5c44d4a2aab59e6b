"""The requests of fal's storage, and what its answers say. No I/O.

A token is got with the key; whatever goes to the CDN carries the token and never the key. Source: the official client
1.0.3, `CDNTokenManager`, `MultipartUploadV3`; fal docs, fal CDN.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ... import checks
from ...http.credentials import Secret
from ...http.error_answers import status_error, unreadable
from ...http.exchange import Answer, Exchange, Purpose
from ...http.hosts import check_base_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ...http.hosts import Hosts

# Before it expires, for the clocks that differ and the request that is on its way.
_LEEWAY = timedelta(seconds=60)
_FALS_FILES = ".fal.media"
# Not the name of a file: all who wait for it are told of one that is refused.
OF_ANY_UPLOAD = "the token of an upload"


@dataclass(frozen=True, slots=True)
class CdnToken:
    """What lets one upload to the CDN until it expires; where fal did not say when, until it is refused."""

    secret: Secret
    base_url: str
    expires: datetime | None

    def is_fresh(self) -> bool:
        """Whether it can be used for a new upload."""
        return self.expires is None or datetime.now(UTC) < self.expires - _LEEWAY


@dataclass(frozen=True, slots=True)
class Multipart:
    """An upload in parts that was begun."""

    access_url: str
    upload_id: str

    @property
    def url(self) -> str:
        """Below it are its parts."""
        return f"{self.access_url}/multipart/{self.upload_id}"


@dataclass(frozen=True, slots=True)
class StorageRequests:
    """Makes the requests of one upload.

    Attributes:
        label: What messages call it.
        headers: What the CDN is told about the file.
    """

    hosts: Hosts
    user_agent: str
    label: str
    headers: dict[str, str]

    def token(self) -> Exchange:
        """Asks for a token: the one request with the key."""
        headers = {"accept": "application/json", "content-type": "application/json", "user-agent": self.user_agent}
        url = f"{self.hosts.rest}/storage/auth/token?storage_type=fal-cdn-v3"
        return Exchange(Purpose.UPLOAD, "POST", url, headers, OF_ANY_UPLOAD, b"{}")

    def single(self, token: CdnToken, content: Callable[[], Iterator[bytes]], length: int) -> Exchange:
        """The whole file in one request."""
        return self._to_cdn(token, "POST", f"{token.base_url}/files/upload", self.headers, content, length)

    def create(self, token: CdnToken) -> Exchange:
        """Begins an upload in parts."""
        return self._to_cdn(token, "POST", f"{token.base_url}/files/upload/multipart", self.headers)

    def part(
        self, token: CdnToken, upload: Multipart, number: int, content: Callable[[], Iterator[bytes]], length: int
    ) -> Exchange:
        """One part; numbers begin with 1."""
        return self._to_cdn(token, "PUT", f"{upload.url}/{number}", {}, content, length)

    def complete(self, token: CdnToken, upload: Multipart, etags: list[str]) -> Exchange:
        """Puts the parts together, in their order."""
        parts = [{"partNumber": number, "etag": etag} for number, etag in enumerate(etags, start=1)]
        body = json.dumps({"parts": parts}).encode()
        json_type = {"content-type": "application/json"}
        return self._to_cdn(token, "POST", f"{upload.url}/complete", json_type, lambda: iter((body,)), len(body))

    def _to_cdn(
        self,
        token: CdnToken,
        method: str,
        url: str,
        headers: dict[str, str],
        content: Callable[[], Iterator[bytes]] | None = None,
        length: int = 0,
    ) -> Exchange:
        own = {"accept": "*/*", "accept-encoding": "identity", "user-agent": self.user_agent}
        return Exchange(
            Purpose.UPLOAD,
            method,
            url,
            {**own, **headers, "content-length": str(length)},
            self.label,
            keyless=True,
            token=token.secret,
            content=content,
        )

    # What the answers say.

    def read_token(self, exchange: Exchange, answer: Answer) -> CdnToken:
        """The token of an answer.

        Raises:
            APIStatusError: There is none.
            InvalidResponseError: It cannot be used.
        """
        body = read_object(exchange, answer)
        text, scheme = body.get("token"), body.get("token_type") or "Bearer"
        if not isinstance(text, str) or not text or not isinstance(scheme, str):
            raise unreadable(answer, exchange, "the answer holds no token")
        base_url = body.get("base_url") or self.hosts.cdn
        if not self._takes_tokens(base_url):
            raise unreadable(answer, exchange, "its base_url is no host of fal's for files")
        return CdnToken(Secret(text, scheme=scheme), str(base_url).rstrip("/"), _moment(body.get("expires_at")))

    def read_url(self, exchange: Exchange, answer: Answer) -> str:
        """The URL of what was uploaded."""
        url = read_object(exchange, answer).get("access_url")
        if not isinstance(url, str) or not url:
            raise unreadable(answer, exchange, "the answer holds no access_url")
        return url

    def read_multipart(self, exchange: Exchange, answer: Answer) -> Multipart:
        """The upload in parts that was begun."""
        url, upload_id = self.read_url(exchange, answer), read_object(exchange, answer).get("uploadId")
        if not isinstance(upload_id, str) or not upload_id:
            raise unreadable(answer, exchange, "the answer holds no uploadId")
        if not self._takes_tokens(url):
            raise unreadable(answer, exchange, "its access_url is no host of fal's for files")
        return Multipart(url, upload_id)

    def _takes_tokens(self, url: Any) -> bool:
        """Whether the token may be sent to a URL that an answer named."""
        try:
            parts = urlsplit(check_base_url("url", url))
        except (TypeError, ValueError):
            return False
        own = urlsplit(self.hosts.cdn)
        is_own = (parts.scheme, parts.netloc) == (own.scheme, own.netloc)
        return is_own or (parts.scheme == "https" and (parts.hostname or "").endswith(_FALS_FILES))


def read_etag(exchange: Exchange, answer: Answer) -> str:
    """What names a part that has arrived."""
    check_success(exchange, answer)
    etag: str | None = answer.headers.get("etag")
    if not etag:
        raise unreadable(answer, exchange, "the answer to a part has no ETag")
    return etag


def read_object(exchange: Exchange, answer: Answer) -> dict[str, Any]:
    """The JSON object of a success."""
    check_success(exchange, answer)
    return answer.json_object()


def check_success(exchange: Exchange, answer: Answer) -> None:
    """Raise the error of an answer that is one."""
    if not answer.is_success:
        raise status_error(answer, exchange)


def _moment(text: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Literal, Required, TypeAlias

    from typing_extensions import TypedDict

    Decision: TypeAlias = Literal["hide", "forbid", "allow"]
    ExpiresIn: TypeAlias = Literal["never", "immediate", "1h", "1d", "7d", "30d", "1y"] | int

    class AclRule(TypedDict):
        """What one user may do."""

        user: str
        decision: Decision

    class InitialAcl(TypedDict, total=False):
        """Who may see a file: everybody else by `default`, and users by rules."""

        default: Required[Decision]
        rules: Sequence[AclRule]


HEADER = "x-fal-object-lifecycle"
_DECISIONS = ("hide", "forbid", "allow")


def lifecycle_headers(expires_in: ExpiresIn | None, initial_acl: InitialAcl | None) -> dict[str, str]:
    """The header that tells the CDN (fal docs, Object lifecycle); none where nothing was said.

    Raises:
        TypeError: A value is of the wrong type.
        ValueError: A value is not one that fal knows.
    """
    if expires_in is None and initial_acl is None:
        return {}
    preference: dict[str, Any] = {}
    if expires_in is not None and expires_in != "never":  # which is the field left out
        preference["expiration_duration_seconds"] = checks.lifetime("expires_in", expires_in, ("never",))
    if initial_acl is not None:
        preference["initial_acl"] = _checked_acl(initial_acl)
    return {HEADER: json.dumps(preference)}


def _checked_acl(acl: Mapping[str, Any]) -> dict[str, Any]:
    copied = checks.mapping("initial_acl", acl) or {}
    if copied.keys() - {"default", "rules"} or "default" not in copied:
        raise ValueError(f"initial_acl must have 'default' and may have 'rules', not {sorted(copied)}")
    _check_decision("initial_acl['default']", copied["default"])
    rules = [checks.mapping("initial_acl['rules']", rule) or {} for rule in copied.get("rules", ())]
    for rule in rules:
        if rule.keys() != {"user", "decision"}:
            raise ValueError("each of initial_acl['rules'] must have 'user' and 'decision'")
        _check_decision("a decision of initial_acl['rules']", rule["decision"])
    return {**copied, "rules": rules} if rules else {"default": copied["default"]}


def _check_decision(name: str, value: Any) -> None:
    if value not in _DECISIONS:
        raise ValueError(f"{name} must be one of {', '.join(map(repr, _DECISIONS))}, not {value!r}")

"""What may be asked of a proxy, and what then goes to fal. No I/O, and no framework."""

# design: Where does the proxy send what, and for whom?

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from ..http.requests import TARGET_HEADER
from ..log import logger
from .headers import RawHeaders, length_of, request_headers, values_of
from .request import ProxyRefusedError
from .targets import Target, Targets

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..http.hosts import Hosts

_PLAIN = re.compile(r"[A-Za-z0-9._~/?&=:,+-]*")
_WEBHOOK = "fal_webhook"
# What a query may say beside an input.
_FALS_NAMES = (_WEBHOOK, "fal_max_queue_length")
# A scheme, a host and a slash, then anything: what comes behind a `*` cannot change who is called.
_WEBHOOK_PATTERN = re.compile(r"https?://[^/?#@\\*\s]+/[^*\s]*\*?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be done for a caller who may ask for it.

    Attributes:
        target: Where it goes.
        headers: What goes with it, beside the key and what is said of the body.
        length: How many bytes the body has, if the caller says so.
    """

    method: str
    target: Target
    headers: RawHeaders
    length: int | None

    @property
    def has_body(self) -> bool:
        """Whether a body is passed on: reading and cancelling have none, and the input of a GET is in its URL."""
        return self.method == "POST"


class Rules:
    """Judges requests by their heads.

    Args:
        allowed_endpoints: Patterns of ids.
        hosts: Where fal is.
        webhooks: URLs that fal may be told to call; one that ends in `*` stands for all that begin so.
        max_body_bytes: The largest body.
        shell: What kind of server asks.
    """

    def __init__(
        self, allowed_endpoints: Iterable[str], hosts: Hosts, webhooks: Iterable[str], max_body_bytes: int, shell: str
    ) -> None:
        if isinstance(webhooks, str):
            raise TypeError("webhooks must be a list of URLs, not a str")
        self.targets = Targets(allowed_endpoints, hosts)
        self._webhooks = [_check_webhook(each) for each in webhooks]
        self._limit = max_body_bytes
        self._shell = shell

    def admit(self, method: str, headers: RawHeaders) -> Plan:
        """What a request asks for. It takes a fraction of a millisecond, whatever a stranger sends.

        Args:
            method: The HTTP method.
            headers: Names and values as they came.

        Raises:
            ProxyRefusedError: It asks for nothing that a proxy has to do with, whoever asks.
        """
        named = values_of(headers, TARGET_HEADER)
        target = self.targets.find(method, named[0]) if len(named) == 1 else None
        passed = request_headers(headers, self._shell)
        if target is None or passed is None:
            raise _refused(method, named)
        return Plan(method=method, target=target, headers=passed, length=length_of(headers))

    def check(self, plan: Plan) -> None:
        """Whether it is allowed. To be asked when it is known who asks: strangers are not told what is.

        Raises:
            ProxyRefusedError: It is not.
        """
        target = plan.target
        if not target.is_allowed:
            raise _refused(plan.method, [target.url])
        if target.endpoint is not None and not all(map(self._may_be_called, named_webhooks(target.query))):
            raise ProxyRefusedError(400, "This fal_webhook is not allowed")
        if plan.length is not None and plan.length > self._limit:
            raise ProxyRefusedError(413, "Request too large")

    def _may_be_called(self, url: str) -> bool:
        return any(
            url.startswith(each[:-1]) and _is_plain(url[len(each) - 1 :]) if each.endswith("*") else url == each
            for each in self._webhooks
        )


def _is_plain(rest: str) -> bool:
    """Whether what stands behind a rule stays below it: nothing that some client would read as another path."""
    path = rest.partition("?")[0]
    return _PLAIN.fullmatch(rest) is not None and not {".", ".."} & set(path.split("/"))


def named_webhooks(query: str) -> list[str]:
    """Every URL that a query tells fal to call, however the parameter's name is spelt."""
    pairs = parse_qsl(query.replace(";", "&"), keep_blank_values=True)
    return [value for name, value in pairs if name.strip().lower().startswith(_WEBHOOK)]


def input_of(plan: Plan, body: bytes) -> Any:
    """What fal will take for the input.

    Raises:
        ProxyRefusedError: It could take it for another one than this: not JSON, a name that is there twice, an input
            in the query beside that of the body.
    """
    if plan.method != "POST":
        return _of_query(plan.target.query)
    if [name for name in _of_query(plan.target.query) if name not in _FALS_NAMES]:
        raise ProxyRefusedError(400, "The input belongs into the body")
    if not body:
        return None
    try:
        return json.loads(body.decode(), object_pairs_hook=_once_each, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise ProxyRefusedError(400, "The body is not JSON") from None


def _of_query(query: str) -> dict[str, str | list[str]]:
    found: dict[str, str | list[str]] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        before = found.get(name)
        found[name] = value if before is None else [*([before] if isinstance(before, str) else before), value]
    return found


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name is there twice")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _check_webhook(url: str) -> str:
    if not isinstance(url, str):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"webhooks must hold str, not {type(url).__name__}")
    if not _WEBHOOK_PATTERN.fullmatch(url):
        raise ValueError(f"webhooks: {url!r} is no URL, as in 'https://app.example/fal' or 'https://app.example/fal/*'")
    return url


def _refused(method: str, named: list[str]) -> ProxyRefusedError:
    logger.info("proxy: refused %s %.200r", method, named)
    return ProxyRefusedError(400, "Invalid request")

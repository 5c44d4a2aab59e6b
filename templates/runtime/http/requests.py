"""Building the requests of fal's protocol. No I/O."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeGuard
from urllib.parse import quote, urlencode, urlsplit

from ..checks import tags_text
from ..log import logger
from .endpoint_ids import app_of
from .error_answers import status_error, unreadable
from .exchange import Answer, Exchange, Purpose

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..options import Options
    from .hosts import Hosts

STREAM_PATH = "/stream"
EVENT_STREAM = "text/event-stream"
TARGET_HEADER = "x-fal-target-url"
# Where fal answers when the first cannot be reached: as in the official client 1.0.3 (fal-ai/fal #1160), and named in
# fal docs, Queue API.
BACKUPS = {"https://fal.run": "https://falrun.com", "https://queue.fal.run": "https://queue.falrun.com"}


# What the answer to a submit calls them, in the order of `RequestUrls`.
URL_FIELDS = ("status_url", "response_url", "cancel_url")


class RequestUrls(NamedTuple):
    """Where one queued request is asked about."""

    status: str
    result: str
    cancel: str


class RequestBuilder(NamedTuple):
    """Makes the requests to one endpoint.

    Attributes:
        by_proxy: Whether somebody stands between: choosing one of fal's two hosts is up to them, and so is who answers.
    """

    endpoint: str
    path: str
    hosts: Hosts
    options: Options
    user_agent: str
    by_proxy: bool = False

    def run(self, body: bytes) -> Exchange:
        """A direct call (fal docs, Inference API: run)."""
        return self._post(Purpose.RUN, f"{self.hosts.run}/{self.path}", body)

    def stream(self, body: bytes, path: str | None = None) -> Exchange:
        """A direct call that answers with events (fal docs, Inference API: streaming).

        Args:
            body: The input.
            path: Where below the endpoint; by default `/stream`, which an id may end in already.
        """
        if path is None:
            path = "" if f"/{self.path}".endswith(STREAM_PATH) else STREAM_PATH
        made = self._post(Purpose.STREAM, f"{self.hosts.run}/{self.path}{path}", body)
        return made._replace(headers={**made.headers, "accept": EVENT_STREAM})

    def submit(self, body: bytes, webhook_url: str | None) -> Exchange:
        """A call through the queue (fal docs, Queue API: submit)."""
        url = f"{self.hosts.queue}/{self.path}"
        query: dict[str, str] = {}
        if webhook_url:
            query["fal_webhook"] = webhook_url
        if self.options.max_queue_length is not None:
            query["fal_max_queue_length"] = str(self.options.max_queue_length)
        return self._post(Purpose.SUBMIT, _with_query(url, **query) if query else url, body)

    def status(self, urls: RequestUrls, request_id: str, *, logs: bool) -> Exchange:
        """The state of a request; logs only where they are wanted."""
        url = _with_query(urls.status, logs="1") if logs else urls.status
        return self._about(Purpose.STATUS, "GET", url, request_id)

    def status_stream(self, urls: RequestUrls, request_id: str, *, logs: bool) -> Exchange:
        """Its states as events, as they change (fal docs, Queue API: streaming status)."""
        place, mark, query = urls.status.partition("?")
        url = f"{place}{STREAM_PATH}{mark}{query}"
        made = self._about(Purpose.STATUS_STREAM, "GET", _with_query(url, logs="1") if logs else url, request_id)
        return made._replace(headers={**made.headers, "accept": EVENT_STREAM}, alternate=None)

    def result(self, urls: RequestUrls, request_id: str) -> Exchange:
        """The model's own answer, replayed."""
        return self._about(Purpose.RESULT, "GET", urls.result, request_id)

    def cancel(self, urls: RequestUrls, request_id: str) -> Exchange:
        """Asks the queue to drop or stop a request."""
        return self._about(Purpose.CANCEL, "PUT", urls.cancel, request_id)

    def urls_of(self, request_id: str) -> RequestUrls:
        """The URLs of a request known by its id alone; they name the app, not the endpoint (fal docs, Queue API)."""
        if not isinstance(request_id, str):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(f"a request id must be a str, not {type(request_id).__name__}")
        if not request_id.strip("."):  # "." and ".." would climb out of the path
            raise ValueError(f"{request_id!r} is not a request id")
        base = f"{self.hosts.queue}/{app_of(self.path)}/requests/{quote(request_id, safe='')}"
        return RequestUrls(status=f"{base}/status", result=base, cancel=f"{base}/cancel")

    def read_submitted(self, exchange: Exchange, answer: Answer) -> tuple[str, RequestUrls]:
        """The request id and URLs of the answer to a submit.

        Raises:
            APIStatusError: The request was not accepted.
            InvalidResponseError: The answer is not one of the queue.
        """
        if not answer.is_success:
            raise status_error(answer, exchange)
        body = answer.json_object()
        request_id = body.get("request_id")
        if isinstance(request_id, int) and not isinstance(request_id, bool):
            request_id = str(request_id)
        if not isinstance(request_id, str) or not request_id.strip(".") or not _is_text(request_id):
            raise unreadable(answer, exchange, "the queue's answer holds no request_id")
        return request_id, self.urls_named(request_id, body)

    def urls_named(self, request_id: str, named: Mapping[str, Any]) -> RequestUrls:
        """The URLs that an answer names; our own where it names none, or one that must not get the key.

        The request is known by its id, which is all that our own need: nothing is lost. A proxy may have other hosts
        than this client, and is to be asked by the names of this one's: that is nothing to warn of.
        """
        urls = [named.get(field) for field in URL_FIELDS]
        followed = [url for url in urls if self._may_be_followed(url)]
        if len(followed) == len(urls):
            return RequestUrls(*followed)
        own = self.urls_of(request_id)
        foreign = [url for url in urls if url and not self._may_be_followed(url)]
        if foreign and not self.by_proxy:
            _tell_foreign(", ".join(dict.fromkeys(map(_host, foreign))), _host(own.status))
        pairs = zip(urls, (own.status, own.result, own.cancel), strict=True)
        return RequestUrls(*(url if self._may_be_followed(url) else mine for url, mine in pairs))

    def _post(self, purpose: Purpose, url: str, body: bytes) -> Exchange:
        headers = {**self._headers(), "content-type": "application/json", **self._call_headers()}
        return Exchange(purpose, "POST", url, headers, self.endpoint, body, alternate=self._alternate(url))

    def _about(self, purpose: Purpose, method: str, url: str, request_id: str) -> Exchange:
        other = self._alternate(url)
        return Exchange(purpose, method, url, self._headers(), self.endpoint, None, request_id, other)

    def _alternate(self, url: str) -> str | None:
        return None if self.by_proxy else alternate(self.hosts, url)

    def _headers(self) -> dict[str, str]:
        return {"accept": "application/json", "user-agent": self.user_agent, **(self.options.headers or {})}

    def _call_headers(self) -> dict[str, str]:
        """The headers that start work (fal docs, Common parameters)."""
        options = self.options
        headers: dict[str, str] = {}
        if options.start_timeout is not None:
            # The second name is the older one, which released SDKs still send; the first wins where both are known.
            headers["x-fal-request-start-timeout"] = headers["x-fal-request-timeout"] = f"{options.start_timeout:g}"
        if options.priority is not None:
            headers["x-fal-queue-priority"] = options.priority
        if options.hint is not None:
            headers["x-fal-runner-hint"] = options.hint
        if options.tags:
            headers["x-fal-tags"] = tags_text(options.tags)
        if options.store_io is not None:
            headers["x-fal-store-io"] = "1" if options.store_io else "0"
        if options.no_retry:
            headers["x-fal-no-retry"] = "1"
        if options.allow_fallback is False:
            headers["x-app-fal-disable-fallback"] = "1"
        if options.keep_output is not None:
            headers["x-fal-object-lifecycle-preference"] = f'{{"expiration_duration_seconds": {options.keep_output}}}'
        return headers

    def _may_be_followed(self, url: object) -> TypeGuard[str]:
        """Whether a URL the server named is of the queue's own origin, or fal's backup of it: the key goes there."""
        if not isinstance(url, str) or not url.isprintable() or "\\" in url or " " in url:
            return False
        try:
            return _origin(url) in {_origin(base) for base in (self.hosts.queue, BACKUPS.get(self.hosts.queue)) if base}
        except ValueError:
            return False


def alternate(hosts: Hosts, url: str) -> str | None:
    """The same place on fal's other host for it; None for a deployment that is not fal's own."""
    for base in (hosts.run, hosts.queue):
        for one, other in ((base, BACKUPS.get(base)), (BACKUPS.get(base), base)):
            if one and other and url.startswith(f"{one}/"):
                return other + url.removeprefix(one)
    return None


def _origin(url: str) -> tuple[str, str, int]:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        raise ValueError("not a plain http or https URL")
    return parts.scheme, parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)


@lru_cache(maxsize=64)
def _tell_foreign(hosts: str, own: str) -> None:
    """Warn, once in a process for the same hosts: a gateway that passes fal's answers on names fal's in each."""
    logger.warning("the queue names URLs of %s, which do not get the key: those of %s are used instead", hosts, own)


def _host(url: Any) -> str:
    """Where a URL leads, for a message; nothing else of it, which may be a secret."""
    try:
        parts = urlsplit(url if isinstance(url, str) else "")
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "no host"
    return f"{parts.hostname!r}{port}" if parts.hostname else "no host"


def _is_text(value: str) -> bool:
    """Whether it can be sent. JSON can hold half of a character."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _with_query(url: str, **parameters: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}{urlencode(parameters)}"


def through(proxy_url: str, exchange: Exchange) -> Exchange:
    """A request by way of a proxy, as fal's clients make it: the place it is for is in a header.

    Of fal's two hosts, choosing is up to the proxy.
    """
    headers = {**exchange.headers, TARGET_HEADER: exchange.url}
    return exchange._replace(url=proxy_url, headers=headers, alternate=None)

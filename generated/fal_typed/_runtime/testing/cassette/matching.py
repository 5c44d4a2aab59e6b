"""Which recorded exchange answers a request."""

# design: Which exchange of a cassette answers a request?

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from ... import forks
from ...checks import is_object
from .errors import NotRecordedError
from .keeping import is_for_a_token, place_of
from .likeness import Likeness
from .nearest import not_recorded
from .secret_book import PLACEHOLDER

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeAlias

    from .exchanges import Kept
    from .redaction import Redactor

    Matter: TypeAlias = dict[str, Any]

# So often the last state of a request is told that is not done: nobody waits for ever.
_MOST_STAYS = 5000
# What a secret is called that a request has and no cassette.
_LIVE = re.compile(r"REDACTED-[a-z0-9_]+-x\d+")
_NO_STREAM: Kept = {
    "status": 405,
    "headers": {"content-type": "application/json"},
    "json": {"detail": "Method Not Allowed"},
}


class Player:
    """The exchanges of a cassette, and which of them were used. Safe to share between threads.

    Args:
        name: What messages call the cassette.
        exchanges: What is on it.
        redactor: Replaces the secrets of requests as those on it were.
        repeats: Whether what starts work may be asked more often than it was recorded; then the last one answers.
    """

    def __init__(self, name: str, exchanges: Sequence[Kept], redactor: Redactor, *, repeats: bool) -> None:
        self.redactor = redactor
        self._name = name
        self._exchanges = exchanges
        self._repeats = repeats
        self._used = [0] * len(exchanges)
        self._bound: dict[str, str] = {}
        self._lock = forks.Lock()
        self._index: dict[str, list[int]] = {}
        self._matters = [matters_of(each["request"]) for each in exchanges]
        self._has_secrets = any("REDACTED-" in _key(one) for matters in self._matters for one in matters)
        for at, matters in enumerate(self._matters):
            for matter in matters:
                self._index.setdefault(_key(matter), []).append(at)

    def unused(self) -> list[tuple[int, Kept]]:
        """Those that nobody asked for, each with its number."""
        with self._lock:
            return [(at, each) for at, each in enumerate(self._exchanges) if not self._used[at]]

    def bound(self) -> dict[str, str]:
        """The secrets of requests that are on the cassette, and their placeholders there."""
        with self._lock:
            live = self.redactor.names.items()
            return {secret: self._bound[name] for secret, name in live if name in self._bound}

    def find(self, request: Kept) -> Kept:
        """The exchange that answers a request.

        Args:
            request: With its secrets.

        Raises:
            NotRecordedError: There is none.
        """
        with self._lock:
            self.redactor.request(request)  # what is secret by its name may stand in front of that, too
            wanted = self.redactor.request(request)
            at = self._found(wanted)
            if at is None:
                if (told := self._otherwise(wanted)) is not None:
                    return {"request": wanted, "answer": told}
                raise NotRecordedError(not_recorded(self._name, wanted, self._exchanges, self._used))
            self._used[at] += 1
            exchange = self._exchanges[at]
            if place_of(wanted)[1].endswith("/status"):
                self._check_ends(at, exchange.get("answer", {}).get("json"))
            return exchange

    def _found(self, wanted: Kept) -> int | None:
        asks_again = self._repeats or _changes_nothing(wanted)
        for matter in matters_of(wanted):
            exact = PLACEHOLDER.sub(lambda match: self._bound.get(match[0], match[0]), _key(matter))
            candidates = self._index.get(exact, [])
            unused = [at for at in candidates if not self._used[at]]
            if unused or (candidates and asks_again):
                return unused[0] if unused else candidates[-1]
            if (at := self._alike(matter, asks_again=asks_again)) is not None:
                return at
        return None

    def _alike(self, matter: Matter, *, asks_again: bool) -> int | None:
        """The first exchange that differs in secrets alone, and was not used; else, maybe, the last one."""
        last: int | None = None
        found: tuple[int, Likeness] | None = None
        for at, recorded in enumerate(self._matters if self._has_secrets else ()):
            if self._used[at] and not asks_again:
                continue
            likeness = Likeness()
            if not any(likeness.holds(each, matter) for each in recorded):
                continue
            if self._used[at]:
                last = at
            elif found is None or (likeness.is_one_to_one and not found[1].is_one_to_one):
                found = at, likeness
        if found is None:
            return last
        self._bound.update({text: name for name, text in found[1].pairs.items() if _LIVE.fullmatch(text)})
        return found[0]

    def _check_ends(self, at: int, state: Any) -> None:
        is_done = is_object(state) and state.get("status") == "COMPLETED"
        if self._used[at] > _MOST_STAYS and not is_done:
            raise NotRecordedError(
                f"{self._name}: the recording ended while the request was not done; /exchanges/{at} was its last "
                f"state, and is told for the {self._used[at]}th time: record it anew"
            )

    # The states of a request, which a client learns by a stream or by asking, as it happens.

    def _otherwise(self, wanted: Kept) -> Kept | None:
        host, path = place_of(wanted)
        if wanted["method"] != "GET":
            return None
        if path.endswith("/status/stream"):
            polled = (host, path.removesuffix("/stream"))
            return _NO_STREAM if any(place_of(one["request"]) == polled for one in self._exchanges) else None
        return self._state((host, f"{path}/stream")) if path.endswith("/status") else None

    def _state(self, place: tuple[str, str]) -> Kept | None:
        """The last state that streams told of."""
        state: Any = None
        for at, each in enumerate(self._exchanges):
            if place_of(each["request"]) == place:
                told = [event["data"] for event in each.get("answer", {}).get("events", ()) if "data" in event]
                state = told[-1] if told else state
                self._used[at] += bool(told)
                self._check_ends(at, state)
        if not is_object(state):
            return None
        status = 200 if state.get("status") == "COMPLETED" else 202
        return {"status": status, "headers": {"content-type": "application/json"}, "json": state}


def _changes_nothing(request: Kept) -> bool:
    """Whether it may be asked again: the last answer stays."""
    is_cancel = request["method"] == "PUT" and place_of(request)[1].endswith("/cancel")
    return request["method"] in ("GET", "HEAD") or is_cancel or is_for_a_token(request)


def matters_of(request: Kept) -> list[Matter]:
    """What a request is found by, without its secrets: the more exact first."""
    parts = urlsplit(str(request["url"]))
    query = sorted([*pair] for pair in parse_qsl(parts.query, keep_blank_values=True))
    headers = request["headers"]
    matter: Matter = {
        "method": request["method"],
        "place": [parts.scheme, parts.netloc.lower(), parts.path, query],
        "headers": [headers.get("x-fal-target-url"), headers.get("range")],
        "body": {name: request[name] for name in ("json", "text", "base64", "upload") if name in request},
    }
    matters = [matter]
    if not matter["body"] and "x-fal-file-name" in headers:  # an upload in parts begins without its content
        matters.insert(0, {**matter, "name": headers["x-fal-file-name"]})
    if place_of(request)[1].endswith(("/status", "/status/stream")):  # with logs or without
        target = headers.get("x-fal-target-url", "").partition("?")[0] or None
        less: Matter = {**matter, "place": [*matter["place"][:3], []], "headers": [target, headers.get("range")]}
        matters += [less] if less != matter else []
    return matters


def _key(matter: Matter) -> str:
    return json.dumps(matter, sort_keys=True, ensure_ascii=False)

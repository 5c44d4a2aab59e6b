"""What the fake posts when its requests end."""

# design: What does `deliver_webhooks` post?

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..messages import Answer
from .posting import Post, apost_all, post_all
from .signing import KEY_SET_PATH, SigningKey

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import httpx

    from ..clock import Clock
    from ..messages import Json, Request
    from ..scripting import script
    from .posting import Target

USER_ID = "fake-user"


@dataclass(frozen=True)
class Delivery:
    """A webhook call that was posted, and what the application said.

    Attributes:
        request_id: The request that it is about.
        webhook_url: Where it was to go, by its submission.
        body: What was posted.
        response: The answer. fal takes any status of 2xx for an acknowledgement.
    """

    request_id: str
    webhook_url: str
    body: bytes
    response: httpx.Response

    @property
    def status_code(self) -> int:
        """The status of the answer."""
        return self.response.status_code

    @property
    def acknowledged(self) -> bool:
        """Whether fal would not post it again."""
        return self.response.is_success


@dataclass(frozen=True, eq=False)
class _Waiting:
    call: script.Call
    play: script.Play

    def body(self) -> bytes:
        """What fal posts (fal docs, Webhooks)."""
        failure = self.play.error
        told: dict[str, Json] = {"request_id": self.call.request_id, "gateway_request_id": self.call.request_id}
        if failure is None:
            told |= {"status": "OK", "payload": self.play.output}
        else:
            error = failure.message or f"Invalid status code: {failure.status}"
            told |= {"status": "ERROR", "error": error, "payload": failure.body}
        return json.dumps(told, ensure_ascii=False).encode()


class Webhooks:
    """The webhook calls of a fake.

    Args:
        clock: That of the fake: it moves on to the end of what is delivered.
        allowed: Whether a host that is not this machine may be reached.
    """

    def __init__(self, clock: Clock, allowed: Callable[[str], bool] = lambda host: False) -> None:  # noqa: ARG005
        self._clock = clock
        self._allowed = allowed
        self._key = SigningKey()
        self._waiting: list[_Waiting] = []
        self._delivered: list[_Waiting] = []

    def note(self, call: script.Call, play: script.Play) -> None:
        """Remember the end of a request whose submission named a webhook."""
        if call.options.webhook_url:
            self._waiting.append(_Waiting(call, play))

    def deliver(self, to: Target = None, *, user_id: str = USER_ID, again: bool = False) -> list[Delivery]:
        """Post what was not delivered yet, in the order of its submission.

        Args:
            to: An ASGI or WSGI application (called with the URL that was submitted), a client of httpx that leads to
                one, such as Starlette's `TestClient`, or a URL. By default the URL that was submitted, which must be
                of this machine.
            user_id: The fal account that it is signed for: one of your `WebhookVerifier`.
            again: Whether to post, too, what was delivered before, as fal may do.

        Returns:
            What was posted, with the answers. What the application raises is raised here.
        """
        due, posts = self._due(user_id, again=again)
        return self._done(due, posts, post_all(to, posts, self._allowed))

    async def adeliver(self, to: Target = None, *, user_id: str = USER_ID, again: bool = False) -> list[Delivery]:
        """`deliver` for asynchronous tests: the application is called in the running event loop."""
        due, posts = self._due(user_id, again=again)
        return self._done(due, posts, await apost_all(to, posts, self._allowed))

    def answer(self, request: Request, usual: Callable[[], Answer]) -> Answer | None:  # noqa: ARG002
        """Fal's public keys, to whoever verifies its calls. It is a `script.Fault`."""
        if request.method != "GET" or not request.url.partition("?")[0].endswith(KEY_SET_PATH):
            return None
        return Answer(200, {"content-type": "application/json"}, self._key.key_set())

    def clear(self) -> None:
        """Forget what waits, and what was delivered."""
        self._waiting, self._delivered = [], []

    def _due(self, user_id: str, *, again: bool) -> tuple[list[_Waiting], list[Post]]:
        due = [*(self._delivered if again else ()), *self._waiting]
        ends = [each.call.at + each.play.seconds for each in due]
        self._clock.pause(max(0.0, max(ends, default=0.0) - self._clock.now()))
        bodies = [each.body() for each in due]
        return due, [
            Post(
                each.call.options.webhook_url or "",
                self._key.headers(body, request_id=each.call.request_id, user_id=user_id),
                body,
            )
            for each, body in zip(due, bodies, strict=True)
        ]

    def _done(
        self, due: Sequence[_Waiting], posts: Sequence[Post], responses: Sequence[httpx.Response]
    ) -> list[Delivery]:
        self._waiting = [each for each in self._waiting if each not in due]
        self._delivered += [each for each in due if each not in self._delivered]
        pairs = zip(due, posts, responses, strict=True)
        return [Delivery(each.call.request_id, post.url, post.body, answer) for each, post, answer in pairs]

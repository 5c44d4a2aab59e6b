"""`with_options`, which every endpoint has."""

# design: What can be said of a call by name?

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from ..hinting import hinting
from ..options import Options

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from os import PathLike
    from typing import Literal

    from ..journal.journal import Journal
    from ..options import KeptFor

C = TypeVar("C")  # jedi knows no Self
T = TypeVar("T")


class Configurable:
    """Something with options, which makes copies of itself with others."""

    def with_options(
        self: C,
        *,
        timeout: float | None = None,
        http_timeout: float | None = None,
        start_timeout: float | None = None,
        priority: Literal["normal", "low"] | None = None,
        hint: str | None = None,
        headers: Mapping[str, str] | None = None,
        tags: Mapping[str, str] | None = None,
        store_io: bool | None = None,
        no_retry: bool | None = None,
        allow_fallback: bool | None = None,
        max_queue_length: int | None = None,
        keep_output: KeptFor | None = None,
        max_retries: int | None = None,
        poll_interval: float | None = None,
        logs: bool | None = None,
        on_queue_update: Callable[..., object] | None = None,
        progress: bool | None = None,
        cancel_on_interrupt: bool | None = None,
        webhook_url: str | None = None,
        extra_input: Mapping[str, Any] | None = None,
        journal: Journal | str | PathLike[str] | None = None,
        job_key: str | None = None,
    ) -> C:
        """The same endpoint with options for its calls; what is None stays as it was.

        Args:
            timeout: Deadline of a whole call in seconds, waiting included.
            http_timeout: Seconds for one HTTP exchange.
            start_timeout: Seconds within which the model must have started, else fal gives up.
            priority: `"normal"` or `"low"`.
            hint: Which runner to prefer.
            headers: More headers, merged by name.
            tags: What fal's reports of usage show with the call, merged by key; at most ten.
            store_io: Whether fal stores input and output; by default as your account says.
            no_retry: Whether fal's queue does without trying a failed request again by itself.
            allow_fallback: Whether fal may send the request to an equivalent endpoint if this one fails.
            max_queue_length: With more requests than that waiting, `submit` and `subscribe` raise a RateLimitError;
                `run` and `stream`, which do without the queue, take no notice.
            keep_output: How long fal keeps the files that the call makes: `"1h"`, `"7d"` …, seconds or a timedelta;
                `"immediate"` is one minute. By default as your account says.
            max_retries: How often a request that starts work is sent again, if it was not accepted. What waits for one
                goes on through an outage anyway: up to `timeout`, or for ten minutes.
            poll_interval: Seconds between two polls. By default fal tells each change as it happens.
            logs: Whether updates carry the model's logs.
            on_queue_update: Called with every change of state.
            progress: Whether a line shows how far the call is: the bytes of uploads, the place in the queue, the
                seconds, the last line of the logs. On stderr, if that is a terminal, or below a notebook's cell; it
                goes away, and all calls share it. By default in a notebook only, or as `FAL_TYPED_PROGRESS` says: 0, 1
                or `lines`.
            cancel_on_interrupt: Whether fal is asked to cancel when Ctrl-C, a cancelled task or an exception of yours
                ends a `subscribe`. It takes two seconds at most; the exception's notes say what came of it.
            webhook_url: Where fal posts the result as well.
            extra_input: Inputs that the document does not know, merged by name; they are not checked.
            journal: Where it is written down what was asked for (a `Journal`, the path of a file, or a URL), so that
                the same `submit` or `subscribe`, in another process too, pays for nothing twice.
            job_key: What the journal knows the call by; by default its endpoint and its input. A key that belongs to
                another input is refused.

        Raises:
            TypeError: A value is of another type.
            ValueError: A value is out of its range, or cannot be sent.
        """
        later = Options(
            timeout=timeout,
            http_timeout=http_timeout,
            start_timeout=start_timeout,
            priority=priority,
            hint=hint,
            headers=headers,
            tags=tags,
            store_io=store_io,
            no_retry=no_retry,
            allow_fallback=allow_fallback,
            max_queue_length=max_queue_length,
            keep_output=keep_output,
            max_retries=max_retries,
            poll_interval=poll_interval,
            logs=logs,
            on_queue_update=on_queue_update,
            progress=progress,
            cancel_on_interrupt=cancel_on_interrupt,
            webhook_url=webhook_url,
            extra_input=extra_input,
            journal=journal,
            job_key=job_key,
        )
        return _with(self, later)

    if not TYPE_CHECKING:
        with_options = hinting(with_options)


def _with(one: T, later: Options) -> T:
    """A copy with more options. It is no method: editors would offer that."""
    inner: Any = one
    copy: T = inner._copy(inner._options.merged(later))
    return copy

"""What `with_options` sets: checked when it is set, merged key by key, carried along by endpoints and handles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from . import checks

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import timedelta
    from os import PathLike
    from typing import Literal, Self, TypeAlias

    from .journal.journal import Journal

    KeptFor: TypeAlias = Literal["immediate", "1h", "1d", "7d", "30d", "1y"] | int | timedelta

OPTION_NAMES = (
    "timeout",
    "http_timeout",
    "start_timeout",
    "priority",
    "hint",
    "headers",
    "tags",
    "store_io",
    "no_retry",
    "allow_fallback",
    "max_queue_length",
    "keep_output",
    "max_retries",
    "poll_interval",
    "logs",
    "on_queue_update",
    "progress",
    "cancel_on_interrupt",
    "webhook_url",
    "extra_input",
    "journal",
    "job_key",
)
# They and fal-client's: what may be meant as an option where inputs of any name go.
OPTIONS_ANYWHERE = frozenset(OPTION_NAMES) | {
    "application",
    "arguments",
    "client_timeout",
    "interval",
    "method",
    "on_enqueue",
    "path",
    "with_logs",
}
# fal docs, Common parameters: the server's minimum for the start timeout.
START_TIMEOUT_ABOVE = 0.1


class Value:
    """Immutable, compared by content, pickled by its fields, which a subclass names in `_fields`.

    A dataclass would do, but for the 8 ms that importing `dataclasses` would add to naming the client.
    """

    _fields: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def _restore(cls, fields: dict[str, Any]) -> Self:
        """Make a value of fields that were already checked."""
        value = cls.__new__(cls)
        value.__dict__.update(fields)
        return value

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is immutable; {name!r} cannot be set")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} is immutable; {name!r} cannot be deleted")

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other.__dict__ == self.__dict__

    def __hash__(self) -> int:
        return hash(tuple(self.__dict__[name] for name in self._fields))

    def __repr__(self) -> str:
        set_fields = ((name, self.__dict__[name]) for name in self._fields)
        return f"{type(self).__name__}({', '.join(f'{k}={v!r}' for k, v in set_fields if v is not None)})"


class Options(Value):
    """Options of calls to one endpoint; None means not set, so that the client's setting or fal's default applies."""

    _fields = OPTION_NAMES
    __hash__: ClassVar[None] = None  # type: ignore[assignment]  # it may hold dicts
    timeout: float | None
    http_timeout: float | None
    start_timeout: float | None
    priority: str | None
    hint: str | None
    headers: dict[str, str] | None
    tags: dict[str, str] | None
    store_io: bool | None
    no_retry: bool | None
    allow_fallback: bool | None
    max_queue_length: int | None
    keep_output: int | None
    max_retries: int | None
    poll_interval: float | None
    logs: bool | None
    on_queue_update: Callable[..., object] | None
    progress: bool | None
    cancel_on_interrupt: bool | None
    webhook_url: str | None
    extra_input: dict[str, Any] | None
    journal: Journal | str | PathLike[str] | None
    job_key: str | None

    def __init__(
        self,
        *,
        timeout: float | None = None,
        http_timeout: float | None = None,
        start_timeout: float | None = None,
        priority: str | None = None,
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
    ) -> None:
        self.__dict__.update(
            timeout=checks.seconds("timeout", timeout),
            http_timeout=checks.seconds("http_timeout", http_timeout),
            start_timeout=checks.seconds("start_timeout", start_timeout, above=START_TIMEOUT_ABOVE),
            priority=checks.choice("priority", priority, ("normal", "low")),
            hint=checks.header_text("hint", hint),
            headers=checks.headers("headers", headers),
            tags=checks.tags("tags", tags),
            store_io=checks.flag("store_io", store_io),
            no_retry=checks.flag("no_retry", no_retry),
            allow_fallback=checks.flag("allow_fallback", allow_fallback),
            max_queue_length=checks.count("max_queue_length", max_queue_length),
            keep_output=checks.lifetime("keep_output", keep_output),
            max_retries=checks.count("max_retries", max_retries),
            poll_interval=checks.seconds("poll_interval", poll_interval),
            logs=checks.flag("logs", logs),
            on_queue_update=checks.callback("on_queue_update", on_queue_update),
            progress=checks.flag("progress", progress),
            cancel_on_interrupt=checks.flag("cancel_on_interrupt", cancel_on_interrupt),
            webhook_url=checks.web_url("webhook_url", webhook_url),
            extra_input=checks.mapping("extra_input", extra_input),
            journal=checks.journal("journal", journal),
            job_key=checks.short_text("job_key", job_key),
        )

    def merged(self, later: Options) -> Options:
        """These options with those of a later call on top; headers, tags and extra inputs are merged key by key.

        Raises:
            ValueError: Together the tags are more than fal takes.
        """
        fields = dict(self.__dict__)
        for name, value in later.__dict__.items():
            if value is None:
                continue
            earlier = fields[name]
            both_mappings = isinstance(value, dict) and isinstance(earlier, dict)
            fields[name] = {**earlier, **value} if both_mappings else value
        if later.tags and self.tags:
            checks.tags("tags", fields["tags"])
        return self._restore(fields)


NO_OPTIONS = Options()

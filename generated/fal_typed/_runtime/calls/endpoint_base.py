"""What endpoint objects and namespaces share, sync and async."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from ..client_base import BaseClient, http_client_of, settings_of
from ..http.endpoint_ids import check_endpoint_id
from ..inputs.spec import EndpointSpec
from ..options import NO_OPTIONS, Options
from .call import CallContext

if TYPE_CHECKING:
    from typing import Self

C = TypeVar("C", bound=BaseClient)


class Node(Generic[C]):
    """Something reached by attribute access from a client: a namespace, an endpoint, or both."""

    def __init__(self, client: C) -> None:
        self._client = client

    if not TYPE_CHECKING:  # type checkers know the names

        def __getattr__(self, name: str) -> Any:
            from ..checks import suggestion

            hint = "" if name.startswith("_") else suggestion(name, dir(type(self)))
            raise AttributeError(f"{type(self).__name__!r} has no attribute {name!r}{hint}", name=name, obj=self)


class NamespaceBase(Node[C]):
    """Holds endpoints, and is none itself."""

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other.__dict__ == self.__dict__

    def __hash__(self) -> int:
        return hash((type(self), id(self._client)))

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


class EndpointBase(Node[C]):
    """An endpoint of a client, with the options of its calls."""

    _spec: EndpointSpec

    def __init__(self, client: C, options: Options = NO_OPTIONS) -> None:
        super().__init__(client)
        self._options = options

    def with_options(
        self,
        *,
        timeout: float | None = None,
        http_timeout: float | None = None,
        start_timeout: float | None = None,
        priority: Literal["normal", "low"] | None = None,
        hint: str | None = None,
        headers: Mapping[str, str] | None = None,
        max_retries: int | None = None,
        poll_interval: float | None = None,
        logs: bool | None = None,
        on_queue_update: Callable[..., object] | None = None,
        webhook_url: str | None = None,
        extra_input: Mapping[str, Any] | None = None,
    ) -> Self:
        """The same endpoint with options for its calls; what is None stays as it was.

        Args:
            timeout: Deadline of a whole call in seconds, waiting included.
            http_timeout: Seconds for one HTTP exchange.
            start_timeout: Seconds within which the model must have started, else fal gives up.
            priority: `"normal"` or `"low"`.
            hint: Which runner to prefer.
            headers: More headers, merged by name.
            max_retries: How often a request is tried again. One that starts work is so only if it was not accepted.
            poll_interval: Seconds between two polls.
            logs: Whether updates carry the model's logs.
            on_queue_update: Called with every change of state.
            webhook_url: Where fal posts the result as well.
            extra_input: Inputs that the document does not know, merged by name; they are not checked.
        """
        later = Options(
            timeout=timeout,
            http_timeout=http_timeout,
            start_timeout=start_timeout,
            priority=priority,
            hint=hint,
            headers=headers,
            max_retries=max_retries,
            poll_interval=poll_interval,
            logs=logs,
            on_queue_update=on_queue_update,
            webhook_url=webhook_url,
            extra_input=extra_input,
        )
        return self._copy(self._options.merged(later))

    def _copy(self, options: Options) -> Self:
        return type(self)(self._client, options)

    def _context(self) -> CallContext:
        settings, user_agent = settings_of(self._client)
        return CallContext(self._spec, settings, self._options, user_agent, http_client_of(self._client))

    def __eq__(self, other: object) -> bool:
        # "The same endpoint of the same client with the same options"; a dynamic one keeps its spec in the instance.
        return type(other) is type(self) and other.__dict__ == self.__dict__

    def __hash__(self) -> int:
        return hash((type(self), id(self._client), self._spec.id))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._spec.id}>"


def dynamic_spec(endpoint_id: str) -> EndpointSpec:
    """What is known of an endpoint that was not generated."""
    check_endpoint_id(endpoint_id)
    return EndpointSpec(id=endpoint_id, path=endpoint_id)


def dynamic_input(arguments: Mapping[str, Any] | None, given: Mapping[str, Any]) -> dict[str, Any]:
    """The input of such an endpoint: a mapping, keywords, or both (keywords win)."""
    if arguments is not None and not isinstance(arguments, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"arguments must be a mapping, not {type(arguments).__name__}")
    return {**(arguments or {}), **given}

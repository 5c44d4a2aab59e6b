"""Endpoint objects of the synchronous client. Generated classes declare their verbs and call the ones here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from . import checks
from .client import FalClient, transport_of
from .context import EndpointSpec
from .endpoint_base import EndpointBase, NamespaceBase
from .errors import DeadlineExceededError
from .handle import RequestHandle
from .inputs import HoldsFilesError
from .stream import Stream

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .answer import Exchange
    from .context import CallContext
    from .deadline import Limits
    from .status import OnQueueUpdate

T = TypeVar("T")


class Namespace(NamespaceBase[FalClient]):
    """Endpoints below one name."""


class Endpoint(EndpointBase[FalClient], Generic[T]):
    """One endpoint; `T` is its output."""

    def request(self, request_id: str, /) -> RequestHandle[T]:
        """Pick up a request by its id."""
        context = self._context()
        return RequestHandle(self._client, context, request_id, context.builder.urls_of(request_id))

    def _body(self, context: CallContext, arguments: Mapping[str, Any], limits: Limits) -> bytes:
        """The checked input as it goes over the wire, its files uploaded."""
        try:
            return context.body(arguments)
        except HoldsFilesError:
            pass
        from .storage import upload_inputs

        return context.body(upload_inputs(self._client.storage, context.spec.id, arguments, limits))

    def _run(self, given: Mapping[str, Any]) -> T:
        context = self._context()
        limits = context.limits()
        exchange = context.builder.run(self._body(context, context.arguments(given), limits))
        output: T = context.output(exchange, transport_of(self._client).send(exchange, limits))
        return output

    def _stream(self, given: Mapping[str, Any], path: str | None = None) -> Stream[Any, T]:
        context = self._context()
        arguments = context.arguments(given)  # what is wrong with the input is said at once

        def prepare(limits: Limits) -> Exchange:
            return context.builder.stream(self._body(context, arguments, limits), path)

        return Stream(self._client, context, prepare)

    def _submit(self, given: Mapping[str, Any], *, webhook_url: str | None = None) -> RequestHandle[T]:
        return self.with_options(webhook_url=webhook_url)._submitted(given, self._context().limits())

    def _submitted(self, given: Mapping[str, Any], limits: Limits) -> RequestHandle[T]:
        context = self._context()
        body = self._body(context, context.arguments(given), limits)
        exchange = context.builder.submit(body, self._options.webhook_url)
        answer = transport_of(self._client).send(exchange, limits)
        return RequestHandle(self._client, context, *context.builder.read_submitted(exchange, answer))

    def _subscribe(
        self,
        given: Mapping[str, Any],
        *,
        logs: bool | None = None,
        on_queue_update: OnQueueUpdate | None = None,
    ) -> T:
        return self.with_options(logs=logs, on_queue_update=on_queue_update)._subscribed(given)

    def _subscribed(self, given: Mapping[str, Any]) -> T:
        checks.plain_callback("on_queue_update", self._options.on_queue_update)
        limits = self._context().limits()  # one deadline for submitting, waiting and fetching
        handle = self._submitted(given, limits)
        try:
            return handle.wait(limits, logs=bool(self._options.logs), on_update=self._options.on_queue_update)
        except DeadlineExceededError:
            handle.cancel_quietly()
            raise


__all__ = ["Endpoint", "EndpointSpec", "Namespace"]

"""Traces of calls, by OpenTelemetry: one reader of what calls tell. Importing this imports none of it.

The names of spans and attributes are those of OpenTelemetry's semantic conventions for generative AI, version 1.41.1,
the last one before these moved to a repository of their own. What they have no name for begins with `fal.`.
"""

# design: What is in a span?

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..log import logger
from .kinds import Closed, Completed, Event, Failed, Retried, Started, Submitted, Updated, Uploaded
from .states import Queued

if TYPE_CHECKING:
    from opentelemetry.trace import Span, TracerProvider

_SCHEMA = "https://opentelemetry.io/schemas/1.41.1"
_PROVIDER = "fal"
_GENERATES = ("run", "subscribe", "submit", "stream")


class Tracing:
    """An `on_event` that makes a span of each call: `Fal(on_event=Tracing())`.

    The span is a child of the one that is current where the call is made. It has the endpoint, the request id, the
    units that are billed and what was uploaded or tried again; never an input, an output, a URL or the text of an
    error, which may quote an input.

    Args:
        tracer_provider: Where the spans go; by default OpenTelemetry's global one.

    Raises:
        ImportError: OpenTelemetry is not installed; the extra `otel` brings it.
    """

    def __init__(self, tracer_provider: TracerProvider | None = None) -> None:
        try:
            from opentelemetry import trace
        except ImportError as error:
            hint = "pip install opentelemetry-api, or this package with the extra `otel`"
            raise ImportError(f"Tracing needs OpenTelemetry: {hint}") from error
        self._trace: Any = trace
        self._tracer = trace.get_tracer(logger.name, tracer_provider=tracer_provider, schema_url=_SCHEMA)
        self._spans: dict[int, Span] = {}

    def __call__(self, event: Event) -> None:
        """See `on_event`."""
        if isinstance(event, Started):
            self._spans[event.call] = self._begun(event)
        elif isinstance(event, (Completed, Failed, Closed)):
            self._end(event)
        elif (span := self._spans.get(event.call)) is not None and span.is_recording():
            span.add_event(f"fal.{type(event).__name__.lower()}", _told(event))

    def _begun(self, event: Started) -> Span:
        # Whoever fetches the output of a request does not generate it a second time.
        operation = "generate_content" if event.verb in _GENERATES else event.verb
        attributes: dict[str, str | bool] = {
            "gen_ai.operation.name": operation,
            "gen_ai.provider.name": _PROVIDER,
            "gen_ai.request.model": event.endpoint,
            "fal.verb": event.verb,
        }
        if event.verb == "stream":
            attributes["gen_ai.request.stream"] = True
        name = f"{operation} {event.endpoint}"
        return self._tracer.start_span(name, kind=self._trace.SpanKind.CLIENT, attributes=attributes)

    def _end(self, event: Completed | Failed | Closed) -> None:
        span = self._spans.pop(event.call, None)
        if span is None:
            return
        if event.request_id is not None:
            span.set_attribute("gen_ai.response.id", event.request_id)
        if isinstance(event, Completed) and event.billable_units is not None:
            span.set_attribute("fal.billable_units", event.billable_units)
        if isinstance(event, Failed):
            span.set_attribute("error.type", type(event.error).__qualname__)
            if isinstance(code := getattr(event.error, "status_code", None), int):
                span.set_attribute("http.response.status_code", code)
            span.set_status(self._trace.StatusCode.ERROR)
        span.end()


def _told(event: Event) -> dict[str, str | int | float]:
    """The attributes of what happens in the midst of a call."""
    told: dict[str, str | int | float] = {}
    if isinstance(event, Submitted) and event.request_id is not None:
        told["gen_ai.response.id"] = event.request_id
    elif isinstance(event, Updated):
        told["fal.status"] = type(event.status).__name__
        if isinstance(event.status, Queued) and event.status.queue_position is not None:
            told["fal.queue_position"] = event.status.queue_position
    elif isinstance(event, Retried):
        told = {"fal.purpose": event.purpose, "fal.attempt": event.attempt}
        told |= {"fal.reason": event.reason, "fal.wait": event.wait}
    elif isinstance(event, Uploaded):
        told = {"fal.content_type": event.content_type, "fal.size": event.size}
    return told

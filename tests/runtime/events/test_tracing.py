"""Calls as spans of OpenTelemetry, whose own SDK and names judge them."""

from __future__ import annotations

import asyncio
import sys
import warnings
from typing import TYPE_CHECKING, Any

import pytest
from fal_server import faults
from fal_server.stream import event
from heard import Heard
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.semconv.schemas import Schemas
from opentelemetry.trace import SpanKind, StatusCode
from runtime import errors
from runtime.events import kinds
from runtime.events.tracing import Tracing
from runtime_twin import OUTPUT, SCHNELL, Twin

if TYPE_CHECKING:
    from fal_server import FalServer
    from opentelemetry.sdk.trace import ReadableSpan


class Traces:
    """Where spans go, and what has come."""

    def __init__(self) -> None:
        self._exporter = InMemorySpanExporter()
        self.provider = TracerProvider()
        self.provider.add_span_processor(SimpleSpanProcessor(self._exporter))

    def spans(self) -> list[ReadableSpan]:
        """All that have ended."""
        return list(self._exporter.get_finished_spans())


@pytest.fixture
def traces() -> Traces:
    return Traces()


def attributes(span: ReadableSpan) -> dict[str, Any]:
    return dict(span.attributes or {})


def test_a_subscription_is_one_span(server: FalServer, twin: Twin, traces: Traces) -> None:
    server.plans[SCHNELL].result_headers = {"X-Fal-Billable-Units": "1.5"}
    server.plans[SCHNELL].first["submit"] = [faults.too_many()]
    files = {"image_url": b"\xff\xd8\xff one"}
    heard, tracing = Heard(), Tracing(traces.provider)

    def both(one: kinds.Event) -> None:
        heard(one)
        tracing(one)

    twin.do(lambda fal: fal.flux_1.schnell.subscribe(prompt="private", **files), on_event=both)
    (span,) = traces.spans()
    request_id = server.requests("GET")[-1].path.rpartition("/")[2]
    assert (span.name, span.kind) == (f"generate_content {SCHNELL}", SpanKind.CLIENT)
    assert attributes(span) == {
        "gen_ai.operation.name": "generate_content",
        "gen_ai.provider.name": "fal",
        "gen_ai.request.model": SCHNELL,
        "gen_ai.response.id": request_id,
        "fal.verb": "subscribe",
        "fal.billable_units": 1.5,
    }
    assert span.status.status_code is StatusCode.UNSET
    steps = [(event.name, dict(event.attributes or {})) for event in span.events]
    assert [name for name, _ in steps[:3]] == ["fal.uploaded", "fal.retried", "fal.submitted"]
    assert steps[0][1] == {"fal.content_type": "image/jpeg", "fal.size": 7}
    (told,) = heard.of(kinds.Retried)
    assert steps[1][1] == {
        "fal.purpose": "submit",
        "fal.attempt": 2,
        "fal.reason": told.reason,
        "fal.wait": told.wait,
    }
    assert steps[2][1] == {"gen_ai.response.id": request_id}
    assert steps[3:] == [
        ("fal.updated", {"fal.status": "Queued", "fal.queue_position": 0}),
        ("fal.updated", {"fal.status": "InProgress"}),
        ("fal.updated", {"fal.status": "Completed"}),
    ]
    assert "private" not in span.to_json()


@pytest.mark.skipif(not hasattr(Schemas, "V1_41_1"), reason="the conventions that are installed are older")
def test_the_names_are_those_of_the_conventions(twin: Twin, traces: Traces) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # they have moved to a package that is not released
        from opentelemetry.semconv._incubating.attributes import gen_ai_attributes, http_attributes
        from opentelemetry.semconv.attributes import error_attributes

        known = {
            value
            for module in (gen_ai_attributes, http_attributes, error_attributes)
            for name, value in vars(module).items()
            if name.isupper()
        }
        operations = {one.value for one in gen_ai_attributes.GenAiOperationNameValues}
    with pytest.raises(errors.InvalidInputError):
        twin.do(lambda fal: fal.flux_1.schnell.run(prompt=1), on_event=Tracing(traces.provider))
    (span,) = traces.spans()
    assert {name for name in attributes(span) if not name.startswith("fal.")} <= known
    assert attributes(span)["gen_ai.operation.name"] in operations
    assert span.instrumentation_scope is not None
    assert span.instrumentation_scope.schema_url == Schemas.V1_41_1.value


def test_of_an_error_a_span_has_type_and_status_alone(server: FalServer, twin: Twin, traces: Traces) -> None:
    detail = [{"loc": ["body", "prompt"], "msg": "private is bad", "type": "bad"}]
    server.plans[SCHNELL].always["run"] = faults.Reply(422, {"detail": detail}, {"x-fal-request-id": "run-1"})
    with pytest.raises(errors.ModelError, match="private"):
        twin.do(lambda fal: fal.flux_1.schnell.run(prompt="private"), on_event=Tracing(traces.provider))
    (span,) = traces.spans()
    assert span.status.status_code is StatusCode.ERROR
    assert span.status.description is None
    told = attributes(span)
    assert (told["error.type"], told["http.response.status_code"]) == ("ModelError", 422)
    assert told["gen_ai.response.id"] == "run-1"
    assert "private" not in span.to_json()


def test_a_span_is_a_child_of_the_callers_own(twin: Twin, traces: Traces) -> None:
    tracer = traces.provider.get_tracer("mine")

    async def later(fal: Any) -> None:
        with tracer.start_as_current_span("mine"):
            await asyncio.gather(*(fal.flux_1.schnell.run(prompt=str(n)) for n in range(3)))

    def sync(fal: Any) -> None:
        with tracer.start_as_current_span("mine"):
            for n in range(3):
                fal.flux_1.schnell.run(prompt=str(n))

    twin.do(later if twin.is_async else sync, on_event=Tracing(traces.provider))
    *calls, mine = traces.spans()
    assert mine.context is not None
    assert [one.parent and one.parent.span_id for one in calls] == [mine.context.span_id] * 3


def test_a_request_that_is_picked_up_is_not_generated_twice(twin: Twin, traces: Traces) -> None:
    def steps(fal: Any) -> Any:
        handle = yield fal.flux_1.schnell.submit(prompt="x")
        yield handle.updates()
        yield handle.result()

    twin.do(steps, on_event=Tracing(traces.provider))
    operations = [attributes(span)["gen_ai.operation.name"] for span in traces.spans()]
    assert operations == ["generate_content", "updates", "result"]
    assert len({attributes(span)["gen_ai.response.id"] for span in traces.spans()}) == 1


def test_no_call_is_kept_when_it_has_ended(twin: Twin, traces: Traces) -> None:
    tracing = Tracing(traces.provider)
    with pytest.raises(errors.InvalidInputError):
        twin.do(lambda fal: fal.flux_1.schnell.run(prompt=1), on_event=tracing)
    twin.do(lambda fal: fal.flux_1.schnell.submit(prompt="x"), on_event=tracing)
    assert tracing._spans == {}
    before: dict[str, Any] = {"endpoint": "a/b", "call": -1, "request_id": None, "seconds": 0.0}
    tracing(kinds.Submitted(**before))  # of one that began before it listened
    tracing(kinds.Closed(**before))


def test_a_stream_is_told_as_one(server: FalServer, twin: Twin, traces: Traces) -> None:
    server.stream(f"{SCHNELL}/stream", event(OUTPUT))

    async def later(fal: Any) -> None:
        async with fal.flux_1.schnell.stream(prompt="x") as stream:
            await stream.output()

    def sync(fal: Any) -> None:
        with fal.flux_1.schnell.stream(prompt="x") as stream:
            stream.output()

    twin.do(later if twin.is_async else sync, on_event=Tracing(traces.provider))
    (span,) = traces.spans()
    assert attributes(span)["gen_ai.request.stream"] is True


def test_without_a_provider_nothing_happens(twin: Twin) -> None:
    twin.do(lambda fal: fal.flux_1.schnell.run(prompt="x"), on_event=Tracing())


def test_without_opentelemetry_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry", None)
    with pytest.raises(ImportError, match="pip install opentelemetry-api"):
        Tracing()

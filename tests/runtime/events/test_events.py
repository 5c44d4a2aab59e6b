"""What both clients tell of their calls, over real sockets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from runtime import errors
from runtime.events import kinds
from runtime_twin import SCHNELL, Twin

if TYPE_CHECKING:
    from fal_server import FalServer


class Heard(list[kinds.Event]):
    """An `on_event` that keeps what it is told."""

    def __call__(self, event: kinds.Event) -> None:
        self.append(event)

    def kinds(self) -> list[str]:
        return [type(event).__name__ for event in self]


def test_a_subscription_is_told_from_its_beginning_to_its_end(server: FalServer, twin: Twin) -> None:
    heard = Heard()
    twin.do(lambda fal: fal.flux_1.schnell.subscribe(prompt="a cat"), on_event=heard)
    assert heard.kinds()[:2] == ["Started", "Submitted"]
    assert set(heard.kinds()[2:-1]) == {"Updated"}
    assert heard.kinds()[-1] == "Completed"
    started, submitted, *_, updated, _completed = heard
    assert isinstance(started, kinds.Started)
    assert started.verb == "subscribe"
    assert started.request_id is None
    assert submitted.request_id is not None
    assert {event.request_id for event in heard[1:]} == {submitted.request_id}
    assert {event.endpoint for event in heard} == {SCHNELL}
    assert len({event.call for event in heard}) == 1
    assert sorted(event.seconds for event in heard) == [event.seconds for event in heard]
    assert isinstance(updated, kinds.Updated)
    assert updated.status.request_id == submitted.request_id


def test_a_run_is_told(twin: Twin) -> None:
    heard = Heard()
    twin.do(lambda fal: fal.flux_1.schnell.run(prompt="a cat"), on_event=heard)
    assert heard.kinds() == ["Started", "Completed"]


def test_what_comes_after_a_submit_is_told_as_calls_of_their_own(twin: Twin) -> None:
    heard = Heard()

    def steps(fal: Any) -> Any:
        handle = yield fal.flux_1.schnell.submit(prompt="a cat")
        assert heard.kinds() == ["Started", "Submitted", "Closed"]
        heard.clear()
        yield handle.updates()
        assert heard.kinds()[0] == "Started"
        assert heard.kinds()[-1] == "Completed"
        assert set(heard.kinds()[1:-1]) == {"Updated"}
        yield handle.result()
        picked_up = fal.flux_1.schnell.request(handle.request_id)
        yield picked_up.result()
        verbs = [event.verb for event in heard if isinstance(event, kinds.Started)]
        assert verbs == ["updates", "result", "result"]
        assert {event.request_id for event in heard} == {handle.request_id}
        assert len({event.call for event in heard}) == 3

    twin.do(steps, on_event=heard)


def test_an_error_is_told_and_raised(server: FalServer, twin: Twin) -> None:
    heard = Heard()
    with pytest.raises(errors.InvalidInputError) as raised:
        twin.do(lambda fal: fal.flux_1.schnell.run(prompt=1), on_event=heard)
    assert heard.kinds() == ["Started", "Failed"]
    assert isinstance(heard[-1], kinds.Failed)
    assert heard[-1].error is raised.value


@pytest.mark.parametrize("kind", ["function", "object"])
def test_a_coroutine_function_is_refused(twin: Twin, kind: str) -> None:
    async def note(event: kinds.Event) -> None: ...

    class Notes:
        async def __call__(self, event: kinds.Event) -> None: ...

    with pytest.raises(TypeError, match="on_event must be a plain function"):
        twin.client(on_event=note if kind == "function" else Notes())
    with pytest.raises(TypeError, match="on_event must be callable, not int"):
        twin.client(on_event=1)

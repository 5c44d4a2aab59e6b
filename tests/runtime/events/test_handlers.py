"""What a handler may do to calls: nothing, but for an interrupt; and what it is told of those that it makes."""

from __future__ import annotations

import asyncio
import logging
import warnings
from typing import TYPE_CHECKING, Any

import pytest
from heard import Heard
from runtime.events import kinds
from runtime.events.watch import Handler, Listener, Watch
from runtime_twin import SCHNELL, Twin

if TYPE_CHECKING:
    from fal_server import FalServer

PAIR = ["Started", "Completed"]
OWN = [asyncio.CancelledError, GeneratorExit, BaseException, ValueError]


def warned(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    return [record for record in caplog.records if record.levelno == logging.WARNING]


@pytest.mark.parametrize("error", OWN)
@pytest.mark.parametrize("at", [kinds.Started, kinds.Completed])
def test_whatever_a_handler_raises_costs_no_output(
    twin: Twin, caplog: pytest.LogCaptureFixture, error: type[BaseException], at: type[kinds.Event]
) -> None:
    heard = Heard()

    def wrong(event: kinds.Event) -> None:
        heard(event)
        if isinstance(event, at):
            raise error

    def steps(fal: Any) -> Any:
        for _ in range(2):
            output = yield fal.flux_1.schnell.run(prompt="x")
            assert output.seed == 7

    twin.do(steps, on_event=wrong)
    assert heard.kinds() == [*PAIR, *PAIR]
    assert len(warned(caplog)) == 1


class Told(Listener):
    """Keeps what it is told, and raises something at a step."""

    def __init__(self, at: type[kinds.Event] | None = None, error: BaseException | None = None) -> None:
        self.heard = Heard()
        self._at, self._error = at, error

    def told(self, event: kinds.Event) -> None:
        self.heard(event)
        if self._error is not None and self._at is not None and isinstance(event, self._at):
            raise self._error


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(3)])
@pytest.mark.parametrize("at", [kinds.Started, kinds.Submitted])
def test_an_interrupt_passes_when_all_are_told(at: type[kinds.Event], error: BaseException) -> None:
    first, second = Told(at, error), Told()
    watch = Watch("a/b", "subscribe", [first, second])

    def call() -> None:
        with watch.begun():
            watch.submitted("r")
            watch.completed(None)

    with pytest.raises(type(error)) as raised:
        call()
    assert raised.value is error
    expected = ["Started", *(["Submitted"] if at is kinds.Submitted else []), "Failed"]
    assert first.heard.kinds() == second.heard.kinds() == expected


def test_an_interrupt_at_the_end_is_told_to_all() -> None:
    first, second = Told(kinds.Completed, KeyboardInterrupt()), Told()
    watch = Watch("a/b", "run", [first, second])
    with pytest.raises(KeyboardInterrupt), watch.begun():
        watch.completed(None)
    assert first.heard.kinds() == second.heard.kinds() == PAIR


@pytest.mark.parametrize("other", [False, True], ids=["its client", "another client"])
def test_a_handler_is_not_told_of_its_own_calls(server: FalServer, other: bool) -> None:
    heard = Heard()

    class Logger:
        def note(self, event: kinds.Event) -> None:
            heard(event)
            assert len(heard) < 9, "it is told of its own calls"
            client = second if other else fal
            assert client.flux_1.schnell.run(prompt=type(event).__name__).seed == 7
            client.flux_1.schnell.submit(prompt="x").result()

    logger, twin = Logger(), Twin(server, is_async=False)
    with twin.client(on_event=logger.note) as fal, twin.client(on_event=logger.note) as second:
        for _ in range(2):
            fal.flux_1.schnell.run(prompt="x")
    assert heard.kinds() == [*PAIR, *PAIR]
    assert len(server.requests("POST")) == 2 + 4 * 2


def test_another_handler_is_told_of_the_calls_of_a_handler(server: FalServer) -> None:
    heard, twin = Heard(), Twin(server, is_async=False)
    with (
        twin.client(on_event=heard) as second,
        twin.client(on_event=lambda event: second.flux_1.schnell.run(prompt="x")) as fal,
    ):
        fal.flux_1.schnell.run(prompt="x")
    assert heard.kinds() == [*PAIR, *PAIR]


def test_a_task_of_a_handler_is_its_own(server: FalServer) -> None:
    heard, tasks = Heard(), list[asyncio.Task[Any]]()

    async def main() -> None:
        def handler(event: kinds.Event) -> asyncio.Task[Any]:
            heard(event)
            assert len(heard) < 9, "it is told of its own calls"
            tasks.append(asyncio.create_task(fal.flux_1.schnell.run(prompt="x")))
            return tasks[-1]

        async with Twin(server, is_async=True).client(on_event=handler) as fal:
            await fal.flux_1.schnell.run(prompt="x")
            assert [each.seed for each in await asyncio.gather(*tasks)] == [7, 7]

    asyncio.run(main())
    assert heard.kinds() == PAIR


async def note(event: kinds.Event) -> None:
    """What nobody awaits."""


@pytest.mark.parametrize("kind", ["coroutine", "awaitable"])
def test_what_is_to_be_awaited_is_wrong(twin: Twin, caplog: pytest.LogCaptureFixture, kind: str) -> None:
    class Awaitable:
        def __await__(self) -> Any: ...

    def handler(event: kinds.Event) -> object:
        return note(event) if kind == "coroutine" else Awaitable()

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        twin.do(lambda fal: fal.flux_1.schnell.run(prompt="x"), on_event=handler)
    (record,) = warned(caplog)
    assert record.exc_info is not None
    assert f"must be a plain function: it returned a {kind}" in str(record.exc_info[1]).lower()


def test_a_task_that_is_returned_goes_on(server: FalServer, caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> None:
        tasks = list[asyncio.Task[None]]()

        def handler(event: kinds.Event) -> asyncio.Task[None]:
            tasks.append(asyncio.create_task(note(event)))
            return tasks[-1]

        async with Twin(server, is_async=True).client(on_event=handler) as fal:
            await fal.flux_1.schnell.run(prompt="x")
        await asyncio.gather(*tasks)

    asyncio.run(main())
    assert warned(caplog) == []


def test_nothing_is_left_of_a_handler_that_raised() -> None:
    def wrong(_: kinds.Event) -> None:
        raise ZeroDivisionError

    handler = Handler(wrong)
    with pytest.raises(ZeroDivisionError):
        handler.told(kinds.Closed(endpoint=SCHNELL, call=1, request_id=None, seconds=0.0))
    assert not handler.is_telling

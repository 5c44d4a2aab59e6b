"""Writes a project of calls to the pinned endpoints: good ones with their types asserted, and bad ones, one a line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .documents import LEFT_OUT, Document, Place, document
from .pages import read_page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .catalog import Entry

BAD = "# BAD: "
STREAMING = ("fal-ai/hidream-i1-fast", "fal-ai/hidream-i1-full")

_GOOD = """\
# pyright: strict
from typing import Any, assert_type

from fal_typed import AsyncFal, AsyncRequestHandle, CancelStatus, Fal, QueueStatus, RequestHandle
from {module} import {name}, Async{name}, {name}Output


def good(fal: Fal) -> None:
    out = fal.{attribute}.run({example})
    assert_type(out, {name}Output)
    assert_type(out.{file}.url, str)
    assert_type(out.{file}.content_type, str | None)
    assert_type(fal.{attribute}.subscribe({example}, logs=True, on_queue_update=print), {name}Output)
    handle = fal.{attribute}.submit({example}, webhook_url="https://app.example/hook")
    assert_type(handle, RequestHandle[{name}Output])
    assert_type(handle.status(logs=True), QueueStatus)
    assert_type([update for update in handle.updates()], list[QueueStatus])
    assert_type(handle.result(timeout=5), {name}Output)
    assert_type(handle.cancel(), CancelStatus)
    assert_type(fal.endpoints["{id}"], {name})
    assert_type(fal.endpoints["{id}"].with_options(timeout=60, priority="low"), {name})
    assert_type(fal.endpoints["{id}"].request("some-id").result(), {name}Output)
    given: dict[str, Any] = {{}}
    assert_type(fal.endpoint("{id}").run(given), Any)
{stream}

async def good_async(fal: AsyncFal) -> None:
    assert_type(await fal.{attribute}.run({example}), {name}Output)
    out = await fal.{attribute}.subscribe({example}, logs=True, on_queue_update=print)
    assert_type(out, {name}Output)
    assert_type(out.{file}.url, str)
    handle = await fal.{attribute}.submit({example}, webhook_url="https://app.example/hook")
    assert_type(handle, AsyncRequestHandle[{name}Output])
    assert_type(await handle.status(), QueueStatus)
    assert_type([update async for update in handle.updates()], list[QueueStatus])
    assert_type(await handle.result(), {name}Output)
    assert_type(await handle.cancel(), CancelStatus)
    assert_type(fal.endpoints["{id}"], Async{name})
    assert_type(await fal.endpoints["{id}"].request("some-id").result(), {name}Output)


def every_input(fal: Fal) -> None:
{every_input}

def bad(fal: Fal) -> None:
{bad}

async def bad_async(fal: AsyncFal) -> None:
{bad_async}"""


_STREAM = """\
    with fal.{attribute}.stream({example}) as events:
        assert_type([event for event in events], list[dict[str, Any]])
        assert_type(events.output(), {name}Output)
"""


def arguments(given: dict[str, Any]) -> str:
    """An input as keyword arguments."""
    return ", ".join(f"{name}={value!r}" for name, value in given.items())


def bad_calls(known: Document) -> Iterator[tuple[str, str]]:
    """Arguments that the document does not allow and types can tell, each with what is wrong."""
    yield from ((arguments(known.call((name,))), f"{name} left out") for name in known.input["required"])
    yield arguments({**known.call(), "promt": "x"}), "unknown name"
    yield repr("a cat"), "positional"
    yield arguments({**known.call(), "logs": "yes"}), "wrong option"
    for place in known.places():
        for value, what in _wrong_values(place):
            yield arguments(known.call(place.path, value)), f"{place.dotted}: {what}"
        if "object" in place.kinds:
            yield arguments(known.call(place.path, {"widht": 1})), f"{place.dotted}: unknown name"
        if len(place.path) > 1 and place.required:
            yield arguments(known.call(place.path, LEFT_OUT)), f"{place.dotted}: left out"


def _wrong_values(place: Place) -> Iterator[tuple[Any, str]]:
    # Not probed: a bool for an int, which it is to a type checker.
    for value in (3, 2.5, "no-such-member", None, [{"x": 1.5}]):
        if not place.allows(value):
            yield value, repr(value)
    if "array" in place.kinds:
        yield [None], "a list of None"


def write_project(folder: Path, entries: tuple[Entry, ...]) -> dict[str, set[int]]:
    """Write a file for each endpoint; the lines of each on which an error is expected."""
    expected: dict[str, set[int]] = {}
    for entry in entries:
        text = _file(entry)
        name = f"{entry.attribute.replace('.', '_')}_calls.py"
        (folder / name).write_text(text, encoding="utf-8")
        expected[name] = {number for number, line in enumerate(text.splitlines(), 1) if BAD in line}
    return expected


def _file(entry: Entry) -> str:
    known = document(entry.id)
    streams = entry.id in STREAMING
    names = {"attribute": entry.attribute, "name": entry.name, "example": arguments(read_page(entry.id).input)}
    bad = list(bad_calls(known))
    samples = [known.call((name,), known.sample(known.input["properties"][name])) for name in known.fields]
    samples += [known.sample(known.input, full=True), read_page(entry.id).input]
    samples += [known.call(place.path, ()) for place in known.places() if "array" in place.kinds]
    samples += [known.call(place.path, None) for place in known.places() if "null" in place.kinds]
    samples += [known.call(place.path, 1) for place in known.places() if "number" in place.kinds]
    return _GOOD.format(
        **names,
        id=entry.id,
        module=entry.module_name,
        stream=_STREAM.format(**names) if streams else f"    fal.{entry.attribute}.stream  {BAD}does not stream\n",
        file="image" if "image" in known.output["properties"] else "images[0]",
        every_input="".join(f"    fal.{entry.attribute}.submit({arguments(given)})\n" for given in samples),
        bad="".join(f"    fal.{entry.attribute}.subscribe({given})  {BAD}{what}\n" for given, what in bad),
        bad_async="".join(f"    await fal.{entry.attribute}.run({given})  {BAD}{what}\n" for given, what in bad[:8]),
    )

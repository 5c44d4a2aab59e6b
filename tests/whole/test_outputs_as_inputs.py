"""What an endpoint answered goes into the next call as it is: in the emitted client, and for both type checkers."""

from __future__ import annotations

import asyncio
import importlib
import sys
from typing import TYPE_CHECKING, Any

import pytest
from fal_server import FalServer
from support import CASES, Project
from support.static import CHECKERS, error_lines, lines_marked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ID, PACKAGE = "fal-ai/case/outputs-as-inputs", "flowing_typed"
PICTURE = {"url": "https://v3.fal.media/a.png", "content_type": "image/png"}
ANSWER: dict[str, Any] = {
    "messages": [
        {"role": "user", "content": "a", "replies": [{"role": "assistant", "content": [{"text": "b"}]}]},
        {"role": "assistant", "content": [{"text": "c", "image_url": "data:,4"}], "from": "me", "copy": True},
    ],
    "turn": {"text": "d", "thread": {"turns": [{"text": "e"}], "scenes": [{"image": PICTURE}]}},
    "scene": {"image": PICTURE, "settings": {"mood": "calm", "more": [1]}},
    "notes": {"text": "f"},
}
CODE = f"""
from {PACKAGE} import AsyncFal, Fal
from {PACKAGE}.endpoints.case.outputs_as_inputs import Message, MessageParam


def good(fal: Fal, mine: MessageParam) -> None:
    model = fal.case.outputs_as_inputs
    out = model.run(prompt="a")
    model.run(prompt="b", messages=out.messages)
    model.run(prompt="b", messages=tuple(out.messages))
    model.run(prompt="b", messages=[*out.messages, {{"role": "user", "content": "x"}}, mine])
    model.run(prompt="b", messages=[{{"role": "user", "content": "x"}}])
    model.run(prompt="b", messages=None)
    model.run(prompt="b", either=out.messages[0])
    model.run(prompt="b", either=out.messages)
    model.run(prompt="b", either="x", by_name={{"a": out.messages[0], "b": mine}})
    model.run(prompt="b", by_name={{message.role: message for message in out.messages}})
    if out.turn is not None and out.scene is not None and out.turn.thread is not None:
        model.run(prompt="b", turn=out.turn, scene=out.scene)
        model.run(prompt="b", turn={{"text": "a", "thread": out.turn.thread}})
        model.run(prompt="b", turn={{"text": "a", "thread": {{"turns": [out.turn, {{"text": "b"}}]}}}})
    model.run(prompt="b", anything=out)


def bad(fal: Fal, other: list[Message | str]) -> None:
    model = fal.case.outputs_as_inputs
    out = model.run(prompt="a")
    model.run(prompt="b", messages=out)  # BAD
    model.run(prompt="b", messages=out.messages[0])  # BAD
    model.run(prompt="b", messages=other)  # BAD
    model.run(prompt="b", messages=[out.turn])  # BAD
    model.run(prompt="b", messages=[{{"role": "judge", "content": "x"}}])  # BAD
    model.run(prompt="b", messages=[{{"role": "user"}}])  # BAD
    model.run(prompt="b", messages=[{{"role": "user", "content": "x", "new": 1}}])  # BAD
    model.run(prompt="b", by_name=out.messages)  # BAD
    model.run(prompt="b", turn=out.scene)  # BAD
    model.run(prompt="b", size=out.messages[0])  # BAD


async def same(fal: AsyncFal) -> None:
    model = fal.case.outputs_as_inputs
    first = await model.subscribe(prompt="a")
    await model.subscribe(prompt="b", messages=first.messages)
    await model.subscribe(prompt="b", messages=first.notes)  # BAD
"""


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a client of the one document."""
    project = Project(tmp_path_factory.mktemp("flowing"), f'package = "{PACKAGE}"')
    project.put(ID, (CASES / "outputs-as-inputs.json").read_text(encoding="utf-8"))
    project.regenerate()
    sys.path.insert(0, str(project.output))
    yield project.output
    sys.path.remove(str(project.output))
    for name in [name for name in sys.modules if name.split(".")[0] == PACKAGE]:
        del sys.modules[name]


@pytest.fixture
def settings(packages: Path, server: FalServer) -> dict[str, Any]:
    hosts = importlib.import_module(PACKAGE).Hosts
    return {"credentials": "id:secret", "hosts": hosts(run=server.run_url, queue=server.queue_url)}


@pytest.fixture(scope="module")
def _server() -> Iterator[FalServer]:
    with FalServer() as running:
        yield running


@pytest.fixture
def server(_server: FalServer) -> FalServer:
    _server.begin()
    _server.plan(ID, output=ANSWER)
    return _server


def flows(out: Any) -> dict[str, Any]:
    """Inputs of the second call, from what the first one answered."""
    return {
        "messages": out.messages,
        "either": (out.messages[1], {"role": "user", "content": "mine"}),
        "by_name": {"a": out.messages[0]},
        "turn": {"text": "new", "thread": out.turn.thread},
        "scene": out.scene,
        "notes": out.notes,
        "anything": [out.turn],
    }


SENT = {
    "prompt": "b",
    "messages": ANSWER["messages"],
    "either": [ANSWER["messages"][1], {"role": "user", "content": "mine"}],
    "by_name": {"a": ANSWER["messages"][0]},
    "turn": {"text": "new", "thread": ANSWER["turn"]["thread"]},
    "scene": ANSWER["scene"],
    "notes": ANSWER["notes"],
    "anything": [ANSWER["turn"]],
}


def test_an_answer_goes_in_again(settings: dict[str, Any], server: FalServer) -> None:
    with importlib.import_module(PACKAGE).Fal(**settings) as fal:
        model = fal.case.outputs_as_inputs
        out = model.subscribe(prompt="a")
        model.submit(prompt="b", **flows(out))
    assert server.requests("POST", ID)[1].json == SENT
    assert out.model_dump(exclude_unset=True) == ANSWER


def test_an_answer_goes_in_again_awaited(settings: dict[str, Any], server: FalServer) -> None:
    async def main() -> Any:
        async with importlib.import_module(PACKAGE).AsyncFal(**settings) as fal:
            model = fal.case.outputs_as_inputs
            out = await model.subscribe(prompt="a")
            await model.run(prompt="b", **flows(out))
            return out

    out = asyncio.run(main())
    assert server.requests("POST", ID)[1].json == SENT
    assert out.model_dump(exclude_unset=True) == ANSWER


@pytest.mark.slow
@pytest.mark.parametrize("checker", CHECKERS)
def test_what_type_checkers_say(packages: Path, tmp_path: Path, checker: str) -> None:
    found = error_lines(checker, tmp_path, CODE, packages)
    assert found.keys() == lines_marked(CODE), found

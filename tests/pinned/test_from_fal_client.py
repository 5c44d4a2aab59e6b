"""FROM_FAL_CLIENT.md: its samples run and print what it says, on both sides, and its tables have every name."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from itertools import pairwise
from typing import TYPE_CHECKING

import fal_typed
import pytest
from fal_server import Reply
from fal_server.plan import completed, in_progress, queued
from fal_server.secure import deployed
from fal_server.stream import event

from . import fal_client_names
from .catalog import PINNED, ROOT
from .documents import document
from .test_examples import PHOTO, RESULT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Any

    from fal_server.secure import Deployment

PAGE = (ROOT / "generated" / "FROM_FAL_CLIENT.md").read_text(encoding="utf-8")
_FOUND = re.finditer(r"^```python\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?", PAGE, re.DOTALL | re.MULTILINE)
BLOCKS = [(PAGE.count("\n", 0, found.start(1)) + 1, found[1], found[2] or "") for found in _FOUND]
URL = "https://v3.fal.media/files/panda/Zq8mK0vXw2.png"
LOGS = ("loading the model", "drawing")
# Neither client has variables for the hosts of files: read when Python starts, this puts the fake ones in their place.
STORAGE = """
import fal_client.client
from fal_typed._runtime import session
from fal_typed._runtime.http import hosts
fal_client.client.REST_URL, fal_client.client.CDN_URL = {rest!r}, {cdn!r}
real = hosts.hosts_from_environment
def fake():
    given = real()
    return hosts.Hosts(run=given.run, queue=given.queue, rest={rest!r}, cdn={cdn!r})
session.hosts_from_environment = fake
"""


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """fal-client speaks nothing but https."""
    with deployed(tmp_path_factory.mktemp("ca")) as deployment:
        yield deployment


def leading_to(url: str, output: Any) -> Any:
    """An output of one file, which is at a URL."""
    if isinstance(output, dict):
        return {key: url if key == "url" else leading_to(url, value) for key, value in output.items()}
    return [leading_to(url, item) for item in output[:1]] if isinstance(output, list) else output


# --- the samples -----------------------------------------------------------------------------------------------------


def test_each_sample_has_two_sides() -> None:
    sides = ["fal_client" if "import fal_client" in code else "fal_typed" for _, code, _ in BLOCKS]
    assert sides == ["fal_client", "fal_typed"] * 5
    fences = re.findall(r"^```(\w+)$", PAGE, re.MULTILINE)
    assert fences.count("python") == len(BLOCKS)
    assert fences.count("text") == sum(bool(shown) for *_, shown in BLOCKS) == 8


@pytest.mark.sampled(5)
@pytest.mark.parametrize(("line", "code", "shown"), BLOCKS, ids=[f"line {line}" for line, *_ in BLOCKS])
def test_a_sample_prints_what_the_page_says(
    secure: Deployment, line: int, code: str, shown: str, tmp_path: Path
) -> None:
    server = secure.server
    server.reset()
    edits = "photo.png" in code
    if edits:
        server.storage.pages["result.png"] = Reply(200, RESULT)
    for entry in PINNED:
        known = document(entry.id)
        url = f"{server.storage.cdn_url}/files/result.png" if edits else URL
        output = leading_to(url, known.sample(known.output, full=True))
        states = [queued(1), in_progress(LOGS[0]), in_progress(*LOGS), completed(*LOGS)]
        server.plan(entry.id, output=output, states=states)
        server.stream(f"{entry.id}/stream", event({"step": 1}), event({"step": 2}))
    (tmp_path / "photo.png").write_bytes(PHOTO)
    (tmp_path / "sitecustomize.py").write_text(
        STORAGE.format(rest=server.storage.rest_url, cdn=server.storage.cdn_url), encoding="utf-8"
    )
    environment = {**secure.environment, "PYTHONPATH": os.pathsep.join((str(ROOT / "generated"), str(tmp_path)))}
    ran = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, ""), f"line {line}\n{ran.stdout}{ran.stderr}"
    assert ran.stdout == shown
    if edits:
        assert (tmp_path / "result.png").read_bytes() == RESULT
        assert [stored.content for stored in server.storage.files.values()] == [PHOTO]


def test_both_sides_of_a_sample_print_the_same() -> None:
    """But for the logs, of which the page says so."""
    for (_, theirs, said), (_, ours, told) in [*pairwise(BLOCKS)][::2]:
        assert "import fal_client" in theirs
        assert "fal_typed" in ours
        assert (said == told) != ("log" in theirs)


# --- the tables ------------------------------------------------------------------------------------------------------


def rows() -> list[tuple[str, str]]:
    """The first and the second cell of each row of the tables."""
    found = re.findall(r"^\| (.*?) \| (.*) \|$", PAGE.partition("## Every name")[2], re.MULTILINE)
    return [cells for cells in found if cells not in (("fal-client", "here"), ("---", "---"))]


def test_the_tables_have_every_name_and_no_other() -> None:
    """A name in ticks in a first cell; `argument=` before `of`, and its functions behind."""
    names: list[str] = []
    arguments: list[tuple[str, str]] = []
    for first, _ in rows():
        given, _, owners = first.partition(" of ")
        ticked = re.findall(r"`([^`]+)`", given)
        assert re.sub(r"`[^`]+`", "", first).replace(" of ", "").replace(", ", "") == "", first
        if ticked[0].endswith("="):
            arguments += [(name.removesuffix("="), of) for name in ticked for of in re.findall(r"`([^`]+)`", owners)]
        else:
            assert not owners
            names += ticked
    assert len(names) == len(set(names))
    assert len(arguments) == len(set(arguments))
    known = fal_client_names.names() | fal_client_names.variables()
    assert known - set(names) == set(), "fal-client has these, and the page does not"
    assert set(names) - known == set(), "the page has these, and fal-client does not"
    taken = fal_client_names.argument_names()
    assert taken - set(arguments) == set(), "fal-client takes these, and the page does not say"
    assert set(arguments) - taken == set(), "the page has these, and fal-client does not take them"


def test_every_row_says_what_is_here() -> None:
    for first, second in rows():
        assert second.strip(), first
        assert second.startswith("None") <= (second == "None" or second[4] in ":;"), second


def test_what_replaces_a_name_is_there() -> None:
    public = {*fal_typed.__all__, "None"}
    named = {name for _, cell in rows() for code in re.findall(r"`([^`]+)`", cell) for name in named_in(code)}
    assert {"Fal", "AsyncFal", "DeadlineExceededError", "data_uri"} <= named
    assert named - public - {"Path", "BytesIO"} == set()


def named_in(code: str) -> set[str]:
    """The classes of ours that some code names, and functions of the package."""
    return {*re.findall(r"\b[A-Z][A-Za-z]*[a-z]\b", re.sub(r'"[^"]*"', "", code)), *re.findall(r"\bdata_uri\b", code)}


def test_every_option_of_the_tables_is_one() -> None:
    import inspect

    options = inspect.signature(fal_typed.Fal("a:b").flux_1.schnell.with_options).parameters
    named = re.findall(r"\.with_options\((\w+)=", PAGE)
    assert {"timeout", "headers", "poll_interval"} <= set(named) <= set(options)
    settings = re.findall(r"\bFal\((\w+)=", PAGE)
    assert {"credentials", "http_timeout"} <= set(settings) <= set(inspect.signature(fal_typed.Fal).parameters)


def test_the_page_is_of_the_installed_version() -> None:
    import fal_client

    assert f"fal-client {fal_client.__version__}" in PAGE


def test_the_hint_it_shows_is_what_is_said() -> None:
    with pytest.raises(fal_typed.InvalidInputError) as caught:
        fal_typed.Fal("a:b").flux_1.schnell.run(prompt="x", with_logs=True)  # type: ignore[call-arg] # pyright: ignore
    assert f"`{caught.value.problems[0]}`" in PAGE

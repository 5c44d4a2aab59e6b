"""The kernel of a notebook, and what it sends to the page: one output, which changes and is empty in the end."""

from __future__ import annotations

import os
import sys
from queue import Empty
from typing import TYPE_CHECKING, Any

import pytest
from fal_server.waiting import PATIENCE
from jupyter_client.manager import KernelManager
from runtime.progress.wanted import VARIABLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_client.blocking.client import BlockingKernelClient

SHOWING = """
import threading, time
from runtime.progress.display import DISPLAY
from runtime.progress.wanted import place

def show(what):
    with DISPLAY.showing(what, "downloading", place(None)) as line:
        line.move("x", 1, 4)
        time.sleep(0.5)
"""
THREADS = """
threads = [threading.Thread(target=show, args=("<cat>.png",)) for _ in range(20)]
for one in threads: one.start()
for one in threads: one.join()
"""


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[BlockingKernelClient]:
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    manager = KernelManager()
    manager.start_kernel()
    client = manager.blocking_client()
    try:
        client.start_channels()
        client.wait_for_ready(timeout=PATIENCE)
        yield client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def run(client: BlockingKernelClient, code: str) -> list[tuple[str, dict[str, Any]]]:
    """The outputs of a cell, as the page gets them."""
    request = client.execute(code)
    outputs: list[tuple[str, dict[str, Any]]] = []
    while True:
        try:
            message = client.get_iopub_msg(timeout=PATIENCE)
        except Empty:
            raise AssertionError("the kernel says nothing") from None
        if message["parent_header"].get("msg_id") != request:
            continue
        kind, content = message["msg_type"], message["content"]
        if kind == "status" and content["execution_state"] == "idle":
            return outputs
        if kind not in ("status", "execute_input"):
            outputs.append((kind, content))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # of other people's code
def test_one_output_which_is_empty_in_the_end(client: BlockingKernelClient) -> None:
    assert run(client, SHOWING) == []
    for cell in ("show('<cat>.png')", THREADS):
        outputs = run(client, cell)
        assert {kind for kind, _ in outputs} == {"display_data", "update_display_data"}
        assert [kind for kind, _ in outputs].count("display_data") == 1
        assert len({content["transient"]["display_id"] for _, content in outputs}) == 1
        html = outputs[0][1]["data"]["text/html"]
        assert "&lt;cat&gt;.png" in html
        assert 'value="0.250"' in html
        assert outputs[-1][1]["data"] == {"text/plain": "", "text/html": ""}


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_nothing_where_it_is_switched_off(client: BlockingKernelClient) -> None:
    code = f"import os; os.environ[{VARIABLE!r}] = '0'\nfrom runtime.progress.wanted import place\nprint(place(True))"
    assert run(client, code) == [("stream", {"name": "stdout", "text": "None\n"})]

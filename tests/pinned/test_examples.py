"""The Python blocks of the pages that call something are run as they stand, against the fake server."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from fal_server import Reply
from fal_server.secure import deployed
from fal_server.stream import event
from pages.printed import is_as_shown
from pages.ways import blocks

from .catalog import PINNED, ROOT
from .documents import document

if TYPE_CHECKING:
    from pathlib import Path

    from fal_server import FalServer
    from pages.collect import Block

CALLING = blocks("call")
BESIDE = blocks("fal-client")
SCHNELL = "fal-ai/flux-1/schnell"


def test_the_readme_of_the_package_has_an_example() -> None:
    assert [block for block in CALLING if block.page == "generated/README.md"]


# There are no variables for the hosts of files: read when Python starts, this puts the fake ones in their place.
STORAGE = """
from fal_typed._runtime import session
from fal_typed._runtime.http import hosts
real = hosts.hosts_from_environment
def fake():
    given = real()
    return hosts.Hosts(run=given.run, queue=given.queue, rest={rest!r}, cdn={cdn!r})
session.hosts_from_environment = fake
"""
PHOTO, RESULT = b"\x89PNG the photo", b"\x89PNG the result"


@pytest.mark.sampled(3)
@pytest.mark.parametrize("block", CALLING, ids=[block.where for block in CALLING])
def test_a_readme_block_runs(server: FalServer, block: Block, tmp_path: Path) -> None:
    for entry in PINNED:
        known = document(entry.id)
        server.stream(f"{entry.id}/stream", event({"images": []}), event(known.sample(known.output, full=True)))
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("FAL_")},
        "PYTHONPATH": os.pathsep.join((str(ROOT / "generated"), str(tmp_path))),
        "FAL_KEY": "key-id:very-secret",
        "FAL_RUN_HOST": server.run_url,
        "FAL_QUEUE_RUN_HOST": server.queue_url,
    }
    (tmp_path / "sitecustomize.py").write_text(
        STORAGE.format(rest=server.storage.rest_url, cdn=server.storage.cdn_url), encoding="utf-8"
    )
    (tmp_path / "photo.png").write_bytes(PHOTO)
    server.storage.pages["result.png"] = Reply(200, RESULT)
    for plan in server.plans.values():
        plan.output = _shown_in_the_readme(f"{server.storage.cdn_url}/files/result.png", plan.output)
    code, shown = block.code, block.shown or ""
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], env=environment, cwd=tmp_path, capture_output=True, text=True
    )
    if shown.startswith("Traceback"):
        assert (ran.returncode, ran.stdout) == (1, "")
        assert is_as_shown(shown, ran.stderr), f"{block.where}\n{ran.stderr}"
        assert not server.requests("POST"), f"{block.where} sent something"
        return
    assert (ran.returncode, ran.stderr) == (0, ""), f"{block.where}\n{ran.stdout}{ran.stderr}"
    # A schema is read from the package: nothing is asked.
    assert bool(server.requests("POST")) is ("input_schema()" not in code), f"{block.where} called nothing, or too much"
    if ".download(" in code:
        assert (tmp_path / "result.png").read_bytes() == RESULT
        assert [stored.content for stored in server.storage.files.values()] == [PHOTO]
    if "download_all(" in code:
        assert {path.read_bytes() for path in (tmp_path / "results").iterdir()} == {RESULT}
    if shown:
        assert is_as_shown(shown, ran.stdout), f"{block.where}\n{ran.stdout}"


def _shown_in_the_readme(url: str, output: Any) -> Any:
    """An output as the README shows it: files are at a URL that there is, and pictures have the usual size."""
    if isinstance(output, dict):
        known = {"url": url, "width": 1024, "height": 768}
        return {key: known.get(key, _shown_in_the_readme(url, value)) for key, value in output.items()}
    return [_shown_in_the_readme(url, item) for item in output] if isinstance(output, list) else output


@pytest.mark.parametrize("block", BESIDE, ids=[block.where for block in BESIDE])
def test_what_fals_own_client_does(block: Block, tmp_path: Path) -> None:
    """It sends what nobody asked it to check, and fal has the work."""
    known = document(SCHNELL)
    with deployed(tmp_path) as deployment:
        output = _shown_in_the_readme("https://v3.fal.media/a.png", known.sample(known.output, full=True))
        deployment.server.plan(SCHNELL, output=output)
        ran = subprocess.run(
            [sys.executable, "-c", block.code], env=deployment.environment, capture_output=True, text=True
        )
        assert (ran.returncode, ran.stderr) == (0, "")
        assert is_as_shown(block.shown or "", ran.stdout)
        (accepted,) = deployment.server.accepted
    assert accepted.input == {"prompt": "a red panda", "image_siz": "square"}
    assert "image_siz" not in known.input["properties"]


def test_a_block_edits_a_photo() -> None:
    assert [block for block in CALLING if 'Path("photo.png")' in block.code and ".download(" in block.code]

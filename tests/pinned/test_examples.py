"""The Python blocks of the two READMEs are run as they stand, against the fake server."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from fal_server import Reply
from fal_server.stream import event
from fal_server.webhooks import KeyServer, new_key, sign
from fal_typed.webhooks import WebhookVerifier

from .catalog import PINNED, ROOT
from .documents import document

if TYPE_CHECKING:
    from pathlib import Path

    from fal_server import FalServer

READMES = [path for path in (ROOT / "README.md", ROOT / "generated" / "README.md") if path.exists()]


def blocks(path: Path) -> list[tuple[str, str, str]]:
    """Every Python block that uses the package: where it stands, the code, and the output printed below it."""
    text = path.read_text(encoding="utf-8")
    found = re.finditer(r"^```python\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?", text, re.DOTALL | re.MULTILINE)
    where = path.relative_to(ROOT)
    return [
        (f"{where}:{text.count(chr(10), 0, match.start(1)) + 1}", match[1], match[2] or "")
        for match in found
        if "fal_typed" in match[1]
    ]


BLOCKS = [block for path in READMES for block in blocks(path)]
# What calls nothing itself: an application, which a test calls.
CALLING = [block for block in BLOCKS if "FalProxy" not in block[1]]


def test_the_readme_of_the_package_has_an_example() -> None:
    assert [where for where, *_ in BLOCKS if where.startswith("generated/")]


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


def block_with(word: str) -> str:
    """The code of the one block that has a word in it."""
    (code,) = [code for _where, code, _shown in BLOCKS if word in code]
    return code


@pytest.mark.parametrize(("where", "code", "shown"), CALLING, ids=[where for where, *_ in CALLING])
def test_a_readme_block_runs(server: FalServer, where: str, code: str, shown: str, tmp_path: Path) -> None:
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
        plan.output = _leading_to(f"{server.storage.cdn_url}/files/result.png", plan.output)
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], env=environment, cwd=tmp_path, capture_output=True, text=True
    )
    assert (ran.returncode, ran.stderr) == (0, ""), f"{where}\n{ran.stdout}{ran.stderr}"
    assert server.requests("POST"), f"{where} called nothing"
    if ".download(" in code:
        assert (tmp_path / "result.png").read_bytes() == RESULT
        assert [stored.content for stored in server.storage.files.values()] == [PHOTO]
    if shown:  # the first line tells what a real model made
        assert ran.stdout.splitlines()[1:] == shown.splitlines()[1:]


def _leading_to(url: str, output: Any) -> Any:
    """An output whose files are at a URL that there is."""
    if isinstance(output, dict):
        return {key: url if key == "url" else _leading_to(url, value) for key, value in output.items()}
    return [_leading_to(url, item) for item in output] if isinstance(output, list) else output


def test_a_block_edits_a_photo() -> None:
    assert [where for where, code, _ in BLOCKS if 'Path("photo.png")' in code and ".download(" in code]


def test_the_webhook_of_the_readme_knows_fal(
    server: FalServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    variables = {"FAL_KEY": "a:b", "FAL_RUN_HOST": server.run_url, "FAL_QUEUE_RUN_HOST": server.queue_url}
    for name, text in variables.items():
        monkeypatch.setenv(name, text)
    names: dict[str, Any] = {}
    exec(block_with("WebhookVerifier"), names)
    assert server.requests("POST")[0].query == {"fal_webhook": "https://my.app/fal"}
    key = new_key(1)
    body = json.dumps({"request_id": "r-1", "status": "OK", "payload": {"images": [{"url": "https://a/b.png"}]}})
    with KeyServer(key) as keys:
        names["verifier"] = WebhookVerifier(keys.url)
        assert names["on_webhook"](sign(key, body.encode()), body.encode()) == 200
        assert capsys.readouterr().out.splitlines()[-1] == "r-1 https://a/b.png"
        assert names["on_webhook"](sign(new_key(2), body.encode()), body.encode()) == 401

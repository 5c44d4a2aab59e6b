"""Headless Chromium: what it makes of a page."""

from __future__ import annotations

import json
import os
import re
import shutil
import ssl
import subprocess
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import trustme
from fal_typed._runtime.testing.messages import Request
from fal_typed._runtime.testing.service.files import Files
from javascript.node import missing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ADVICE = "no Chromium is here, to look at a notebook with: apt-get install chromium"
WIDTH, HEIGHT = 1100, 5000
# In the page, behind everything else: what the browser has loaded, and whether anything ran that should not.
_LOOK = """<pre id="found"></pre><script>
const box = (one) => { const b = one.getBoundingClientRect(); return [b.x, b.y, b.width, b.height]; };
const picture = (one) => ({src: one.src.slice(0, 60), width: one.naturalWidth, box: box(one)});
const player = (one) => ({src: one.src, ready: one.readyState, box: box(one)});
const told = () => ({
  images: [...document.images].map(picture),
  players: [...document.querySelectorAll("video,audio")].map(player),
  ran: window.ran ?? null,
  width: document.documentElement.scrollWidth,
});
const write = () => { document.getElementById("found").textContent = JSON.stringify(told()); };
window.addEventListener("load", () => { write(); setTimeout(write, 2000); });
</script>"""


@dataclass(frozen=True)
class Seen:
    """What a browser made of a page.

    Attributes:
        images: Each picture's URL, shortened, its own width, and its box on the page in pixels.
        players: Each film's and sound's URL, how far it is loaded (`readyState`), and its box.
        ran: What a script set that should not have run; None where none did.
        width: Of the page, in pixels: above `WIDTH`, something stands out of it.
        screenshot: A PNG of the page.
    """

    images: list[dict[str, Any]]
    players: list[dict[str, Any]]
    ran: object
    width: int
    screenshot: Path


def needed_browser() -> str:
    """The path of a Chromium, or the end of the test that needs it."""
    found = next((path for path in map(shutil.which, NAMES) if path), None)
    return found or missing(ADVICE)


def look(page: str, folder: Path) -> Seen:
    """Have a browser show a page. The files of the fake are there, and nothing else is on its network.

    Args:
        page: HTML.
        folder: For the page, the screenshot and what the browser keeps.
    """
    program = needed_browser()
    path, screenshot = folder / "page.html", folder / "page.png"
    path.write_text(page + _LOOK, encoding="utf-8")
    with _files_of_the_fake(folder) as port:
        options = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
            "--force-device-scale-factor=1",
            "--ignore-certificate-errors",
            f"--host-resolver-rules=MAP v3.fal.media:443 127.0.0.1:{port},MAP * ~NOTFOUND,EXCLUDE 127.0.0.1",
            f"--window-size={WIDTH},{HEIGHT}",
            f"--user-data-dir={folder / 'browser'}",
            "--virtual-time-budget=8000",
        ]
        dom = _ran([program, *options, "--dump-dom", path.as_uri()])
        _ran([program, *options, f"--screenshot={screenshot}", path.as_uri()])
    found = re.search(r'<pre id="found">(.+?)</pre>', dom, re.DOTALL)
    assert found is not None, dom[-2_000:]
    return Seen(**json.loads(unescape(found[1])), screenshot=screenshot)


def _ran(command: list[str]) -> str:
    ran = subprocess.run(command, capture_output=True, text=True, timeout=240, env={**os.environ, "LC_ALL": "C.UTF-8"})
    assert ran.returncode == 0, ran.stderr[-2_000:]
    return ran.stdout


@contextmanager
def _files_of_the_fake(folder: Path) -> Iterator[int]:
    """A server of the files that the fake's outputs name, over https; its port."""
    files = Files()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Request("GET", f"https://v3.fal.media{self.path}", headers)
            answer = files.answer(request, self.path.lstrip("/"))
            self.send_response(answer.status)
            for name, value in {**answer.headers, "content-length": str(len(answer.body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing."""

    issued = trustme.CA().issue_cert("v3.fal.media")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with issued.private_key_and_cert_chain_pem.tempfile(dir=str(folder)) as pem:
        context.load_cert_chain(pem)
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()

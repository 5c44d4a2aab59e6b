"""A browser with a site in it: what it asks for, what its console says, and whether anything ran that should not."""

from __future__ import annotations

import gzip
import importlib.util
import io
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from javascript.node import missing
from notebook.browser import needed_browser

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

PHONE, DESK = 390, 1_400  # pixels
_HEIGHTS = {PHONE: 844, DESK: 900}
# Before anything of a page: what a document's script would set, or call.
_SENTINEL = "window.ran = []; window.alert = window.confirm = window.prompt = (text) => { window.ran.push(text); };"


@dataclass
class Visit:
    """Somebody at a page, and all that happened since they came.

    Attributes:
        page: To drive.
        root: The URL of the site's folder, with a slash at its end.
        requests: The URL of everything that was asked for.
        complaints: Errors and warnings of the console, scripts that failed, requests that found nothing.
        dialogs: What a dialog said.
    """

    page: Page
    root: str
    requests: list[str] = field(default_factory=list[str])
    complaints: list[str] = field(default_factory=list[str])
    dialogs: list[str] = field(default_factory=list[str])

    def go(self, path: str) -> None:
        """Open a page of the site."""
        self.page.goto(self.root + path)

    def search(self, text: str) -> None:
        """Type into the search box, key by key, and wait for what is found."""
        self.page.keyboard.press("/")
        self.page.keyboard.type(text)
        self.page.locator("#results [role=option]").first.wait_for(state="visible")

    def results(self) -> list[str]:
        """What the list shows: the name, why, and the kind of each, as one line."""
        return [" ".join(text.split()) for text in self.page.locator("#results [role=option]").all_inner_texts()]

    def foreign(self) -> list[str]:
        """Requests that left the site."""
        return [url for url in self.requests if not url.startswith((self.root, "data:"))]

    def ran(self) -> list[str]:
        """What a stranger's script said, if one ran."""
        return [*self.page.evaluate("window.ran"), *self.dialogs]

    def stands_out(self) -> int:
        """By how many pixels the page is wider than its window."""
        return self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")

    def clean(self) -> None:
        """Fail where something is wrong that nobody would see."""
        assert not self.complaints, self.complaints
        assert self.foreign() == []
        assert self.ran() == []


@contextmanager
def browser() -> Iterator[Browser]:
    """The Chromium of the system, driven by playwright; none is downloaded."""
    if importlib.util.find_spec("playwright") is None:
        missing("playwright, which drives a browser, is not here: pip install playwright")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=needed_browser(), args=["--no-sandbox"])
        yield found
        found.close()


@contextmanager
def visit(browser: Browser, root: str, *, width: int = DESK, dark: bool = False, **settings: Any) -> Iterator[Visit]:
    """A window of its own, which knows nothing of others. `settings` are those of `Browser.new_context`."""
    size: Any = {"width": width, "height": _HEIGHTS.get(width, 900)}
    scheme: Any = "dark" if dark else "light"
    context = browser.new_context(viewport=size, color_scheme=scheme, **settings)
    context.add_init_script(_SENTINEL)
    if not root.startswith("file:"):
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=_origin(root))
    page = context.new_page()
    found = Visit(page, root)
    _listen(context, found)
    yield found
    context.close()


def _listen(context: BrowserContext, found: Visit) -> None:
    context.on("request", lambda request: found.requests.append(request.url))
    context.on("requestfailed", lambda request: _failed(found, request.url, request.failure or ""))
    context.on("response", lambda response: _answered(found, response.status, response.url))
    context.on("weberror", lambda error: found.complaints.append(str(error.error)))
    context.on("console", lambda message: _said(found, message.type, message.text))
    context.on("dialog", lambda dialog: (found.dialogs.append(dialog.message), dialog.dismiss()))


def _failed(found: Visit, url: str, why: str) -> None:
    if "ERR_ABORTED" not in why:  # the browser went to another page meanwhile
        found.complaints.append(f"{url}: {why}")


def _answered(found: Visit, status: int, url: str) -> None:
    if status >= 400:
        found.complaints.append(f"{status} {url}")


def _said(found: Visit, kind: str, text: str) -> None:
    if kind in {"error", "warning"}:
        found.complaints.append(f"{kind}: {text}")


def _origin(url: str) -> str:
    return "{0.scheme}://{0.netloc}".format(urlsplit(url))


@contextmanager
def served(folder: Path, *, below: str = "") -> Iterator[str]:
    """A server of a folder on loopback, which packs texts as others do; the URL of `below`, with a slash at its end."""

    class Handler(SimpleHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def send_head(self) -> Any:
            packed = self.path.endswith((".js", ".css", ".html")) and "gzip" in self.headers.get("accept-encoding", "")
            path = Path(self.translate_path(self.path))
            if not packed or not path.is_file():
                return super().send_head()
            body = gzip.compress(path.read_bytes(), 6)
            self.send_response(200)
            self.send_header("content-type", self.guess_type(path))
            self.send_header("content-encoding", "gzip")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            return io.BytesIO(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing."""

    handler = partial(Handler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/{below}"
        server.shutdown()
        thread.join()

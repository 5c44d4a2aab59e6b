"""The search of a reference of 1,440 endpoints beside Pagefind's: sizes, bytes loaded, time from a key to its result.

Pagefind is measured over the same pages where its program is: `PAGEFIND=path`, or `pip install pagefind_bin`.
"""

from __future__ import annotations

import gzip
import importlib.util
import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from corpus.folder import IS_HERE, WHY_SKIPPED
from measured import ROOT, project_of
from support.browsing import browser, served, visit

from generator import pipeline
from generator.diagnostics import Findings
from generator.project.settings import load_settings
from generator.site.collect import collect
from generator.site.pages import pages
from generator.site.search import search

if TYPE_CHECKING:
    from playwright.sync_api import Browser, CDPSession
    from support.browsing import Visit

ENDPOINTS, ROUNDS, GOAL = 1440, 7, 200
QUERIES = ("mask", "schnell", "portrait_16_9", "guidance scale")
# A line from afar: ms for an answer to begin, and bytes a second (20 Mbit).
LATENCY, THROUGHPUT = 40, 2_500_000
POLICY = "script-src 'self'"
# The box, as if its first key came at once with the focus; and what a page would do to ask Pagefind.
OURS = """async (query) => {
  const box = document.getElementById("search");
  const list = document.getElementById("results");
  const from = performance.now();
  const painted = new Promise((done) => {
    const look = () => list.querySelector("[role=option]") && requestAnimationFrame(() => setTimeout(done));
    new MutationObserver(look).observe(list, {childList: true});
  });
  box.focus();
  box.value = query;
  box.dispatchEvent(new Event("input", {bubbles: true}));
  await painted;
  return performance.now() - from;
}"""
PAGEFIND = """async (query) => {
  const from = performance.now();
  window.pagefind ??= await import(new URL("pagefind/pagefind.js", document.baseURI).href);
  const found = await window.pagefind.search(query);
  const first = await found.results[0]?.data();
  const shown = document.createElement("p");
  shown.textContent = first?.url;
  document.body.append(shown);
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  return performance.now() - from;
}"""

pytestmark = [pytest.mark.bench, pytest.mark.timeout(1800)]


def built(project: Path, folder: Path) -> None:
    """The site of a project, as far as a search needs it: pages, scripts, the index."""
    settings = load_settings(project)
    facts = collect(pipeline.understand(settings, Findings()), settings)
    start = time.perf_counter()
    index = search(facts)
    say(f"search(): {time.perf_counter() - start:.2f} s for {len(facts.endpoints)} endpoints")
    shutil.copytree(ROOT / "templates" / "site" / "assets", folder / "assets")
    for path, text in {**pages(facts, None), **index}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8", errors="replace")


def pagefind() -> str | None:
    """The program, where there is one."""
    if given := os.environ.get("PAGEFIND"):
        return given
    spec = importlib.util.find_spec("pagefind_bin")
    found = Path(spec.origin).parent / "pagefind" if spec and spec.origin else None
    return str(found) if found and found.is_file() else shutil.which("pagefind")


def say(text: str) -> None:
    sys.stdout.write(text + "\n")


def size(paths: list[Path]) -> str:
    read = [path.read_bytes() for path in paths]
    packed = sum(min(len(one), len(gzip.compress(one, 6))) for one in read)
    return f"{len(read)} files, {sum(map(len, read)) / 1000:,.0f} kB, {packed / 1000:,.0f} kB as sent"


def cost(browser: Browser, root: str, ask: str, *, far: bool = False) -> tuple[list[float], list[float], list[str]]:
    """Milliseconds until the first result: of a browser that has nothing yet, and from then on; and what it loaded."""
    cold: list[float] = []
    warm: list[float] = []
    loaded: list[str] = []
    for number in range(ROUNDS):
        with visit(browser, root) as one:
            one.go("index.html")
            one.page.wait_for_load_state("networkidle")
            loaded = one.requests
            loaded.clear()
            if far:
                slow(one)
            query, *others = QUERIES[number % len(QUERIES) :] + QUERIES[: number % len(QUERIES)]
            cold.append(one.page.evaluate(ask, query))
            first = list(loaded)
            warm += [one.page.evaluate(ask, other) for other in others]
            loaded = first
    return cold, warm, loaded


def slow(one: Visit) -> None:
    session: CDPSession = one.page.context.new_cdp_session(one.page)
    limits: dict[str, Any] = {"offline": False, "latency": LATENCY}
    limits |= {"downloadThroughput": THROUGHPUT, "uploadThroughput": THROUGHPUT}
    session.send("Network.emulateNetworkConditions", limits)


def told(name: str, times: list[float]) -> str:
    return f"  {name}: best {min(times):.0f} ms, median {statistics.median(times):.0f}, worst {max(times):.0f}"


def report(browser: Browser, name: str, folder: Path, roots: dict[str, str], ask: str) -> None:
    say(f"{name}")
    for place, root in roots.items():
        try:
            cold, warm, loaded = cost(browser, root, ask, far="afar" in place)
        except Exception as error:
            say(f"  {place}: does not work: {str(error).splitlines()[0]}")
            continue
        files = [folder / url.removeprefix(root).partition("?")[0] for url in loaded if url.startswith(root)]
        say(f"  {place}: until the first result {size(files)}")
        say("  " + told("cold", cold))
        say("  " + told("warm", warm))


def test_first_result(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if not IS_HERE:
        pytest.skip(WHY_SKIPPED)
    folder = tmp_path / "site"
    with capsys.disabled(), browser() as chromium, served(folder) as root:
        say(f"\n{ENDPOINTS} endpoints, {ROUNDS} rounds; goal {GOAL} ms")
        built(project_of(tmp_path / "project", ENDPOINTS), folder)
        afar = f"http, {LATENCY} ms and 20 Mbit/s afar"
        roots = {"http": root, afar: root, "file": folder.as_uri() + "/"}
        scripts = [folder / "assets" / name for name in ("find.js", "search-index.js")]
        say(f"index: {size(scripts[1:])}")
        report(chromium, "ours", folder, roots, OURS)
        program = pagefind()
        if program is None:
            say("Pagefind is not here: pip install pagefind_bin")
            return
        start = time.perf_counter()
        subprocess.run([program, "--site", str(folder), "--root-selector", "main"], check=True, capture_output=True)
        say(f"pagefind: {time.perf_counter() - start:.1f} s")
        say(f"its files: {size([path for path in (folder / 'pagefind').rglob('*') if path.is_file()])}")
        report(chromium, "Pagefind, with the policy of the pages", folder, {"http": root}, PAGEFIND)
        index = folder / "index.html"
        text = index.read_text(encoding="utf-8").replace(POLICY, f"{POLICY} 'wasm-unsafe-eval'")
        index.write_text(text, encoding="utf-8")
        report(chromium, "Pagefind, with 'wasm-unsafe-eval'", folder, roots, PAGEFIND)

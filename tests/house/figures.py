"""How the house is laid out, how far a reader walks, and how much is written twice: `make figures`.

`python tests/house/figures.py [CHECKOUT]` measures another checkout in the same way; by default this one.
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from difflib import SequenceMatcher
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from house.layout import circles, files_per_folder, floors, graph, rooms

REPOSITORY = Path(__file__).resolve().parents[2]


class Walk(NamedTuple):
    """What one call of a user goes through in the package's own code.

    Attributes:
        calls: How often a function is entered, or a generator gone on with.
        files: In how many files.
        moves: How often that is in another file than the time before. Coming back by a return is no move.
    """

    calls: int
    files: int
    moves: int


class Share(NamedTuple):
    """How many of the lines of synchronous code are those of the asynchronous again."""

    twins: int
    lines: int

    @property
    def percent(self) -> float:
        """The share in percent."""
        return 100 * self.twins / self.lines


# The first call imports what it needs; what a reader follows is the second one. The queue answers as fal's does, the
# model as its document says.
_TRACED = """
import json, os, sys
import fal_typed, httpx

OUTPUT = {"images": [{"url": "https://v3.fal.media/a.png", "width": 64, "height": 64, "content_type": "image/png"}],
          "timings": {}, "seed": 7, "has_nsfw_concepts": [False], "prompt": "x"}
BASE = "https://queue.fal.run/fal-ai/flux-1/requests/r"
URLS = {"status_url": f"{BASE}/status", "response_url": BASE, "cancel_url": f"{BASE}/cancel"}

def answer(request):
    if request.method == "POST":
        return httpx.Response(200, json={"request_id": "r", **URLS})
    is_status = request.url.path.endswith("/status")
    return httpx.Response(200, json={"status": "COMPLETED", "request_id": "r"} if is_status else OUTPUT)

root = os.path.dirname(fal_typed.__file__) + os.sep
entered = []

def note(frame, event, argument):
    if event == "call" and frame.f_code.co_filename.startswith(root):
        entered.append(frame.f_code.co_filename)

with fal_typed.Fal("a:b", http_client=httpx.Client(transport=httpx.MockTransport(answer))) as fal:
    fal.flux_1.schnell.subscribe(prompt="x")
    sys.setprofile(note)
    fal.flux_1.schnell.subscribe(prompt="x")
    sys.setprofile(None)
moves = sum(one != other for one, other in zip(entered, entered[1:]))
print(json.dumps([len(entered), len(set(entered)), moves]))
"""


def subscribe_walk(checkout: Path = REPOSITORY) -> Walk:
    """The walk of one `fal.flux_1.schnell.subscribe(prompt=…)` that is done when it is first asked about."""
    command = [sys.executable, "-c", _TRACED]
    ran = subprocess.run(command, env={"PYTHONPATH": str(checkout / "generated")}, capture_output=True, check=True)
    return Walk(*json.loads(ran.stdout))


# What turns asynchronous code into the synchronous one, as tools that generate one of the other do it.
_WORDS = (
    (r"\basync (?=def|with|for)", ""),
    (r"\bawait ", ""),
    (r"Async(?=[A-Z])", ""),
    (r"\b(_?)async_(?=\w)", r"\1"),
    (r"\baclos(e|ing)\b", r"clos\1"),
    (r"\b__a(enter|exit|iter|next)__\b", r"__\1__"),
    (r"\banext\b", "next"),
    (r"\ba(iter_\w+|download(?:_file)?)\b", r"\1"),
    (r"\basynchronous", "synchronous"),
    (r"\basyncio\.sleep\b", "time.sleep"),
)


def twin_share(checkout: Path = REPOSITORY) -> Share:
    """The share of lines that are written twice, over all that has an asynchronous other half.

    Lines that are not blank count: code, imports and docstrings. A line is a twin if the other half has it, too, in the
    same order, once the words that make code asynchronous are replaced.
    """
    shares = twins_by_file(checkout).values()
    return Share(sum(one.twins for one in shares), sum(one.lines for one in shares))


def twins_by_file(checkout: Path = REPOSITORY) -> dict[str, Share]:
    """The same for each synchronous file with an asynchronous one beside it, and for downloads, which are in one."""
    found: dict[str, Share] = {}
    for path in sorted((checkout / "templates" / "runtime").rglob("*.py")):
        text, beside = path.read_text(encoding="utf-8"), path.with_name(f"async_{path.name}")
        if beside.exists():
            found[f"{path.parent.name}/{path.name}"] = _shared(text, beside.read_text(encoding="utf-8"))
        elif path.name == "download_steps.py":
            found[f"{path.parent.name}/{path.name}"] = _shared(*_halves(text))
    return found


def _shared(sync: str, other: str) -> Share:
    lines = _lines(sync)
    blocks = SequenceMatcher(a=lines, b=_lines(_synchronous(other)), autojunk=False).get_matching_blocks()
    return Share(sum(block.size for block in blocks), len(lines))


def _halves(text: str) -> tuple[str, str]:
    """The functions of a file that have an asynchronous twin in it, and the twins."""
    functions = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    twins = {node.name: node for node in functions if isinstance(node, ast.AsyncFunctionDef)}
    pairs = [(node, twins[f"a{node.name}"]) for node in functions if f"a{node.name}" in twins]
    one, other = ("\n".join(ast.get_source_segment(text, pair[at]) or "" for pair in pairs) for at in (0, 1))
    return one, other


def _synchronous(text: str) -> str:
    for pattern, replacement in _WORDS:
        text = re.sub(pattern, replacement, text)
    return text


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def main() -> None:
    """Print the table."""
    checkout = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else REPOSITORY
    walk, share = subscribe_walk(checkout), twin_share(checkout)
    rows: list[tuple[str, str]] = []
    for package in (checkout / "generator", checkout / "templates" / "runtime"):
        folders, modules, sheet = files_per_folder(package), graph(package), rooms(package)
        around = circles(modules)
        rows += [
            (f"{package.name}: files", str(sum(folders.values()))),
            (f"{package.name}: files at its top", str(folders["."])),
            (f"{package.name}: most files in a folder", str(max(folders.values()))),
            (f"{package.name}: rooms, and floors of them", f"{len(sheet)}, {floors(sheet)}"),
            (f"{package.name}: floors of modules", str(floors(modules))),
            (f"{package.name}: circles (modules in them)", f"{len(around)} ({sum(map(len, around))})"),
        ]
    rows += [
        ("one subscribe: calls", str(walk.calls)),
        ("one subscribe: files", str(walk.files)),
        ("one subscribe: moves between files", str(walk.moves)),
        ("twin lines", f"{share.twins} of {share.lines} ({share.percent:.0f} %)"),
    ]
    rows += [(f"  {name}", f"{one.twins} of {one.lines}") for name, one in twins_by_file(checkout).items()]
    for name, value in rows:
        sys.stdout.write(f"{name:40}{value}\n")


if __name__ == "__main__":
    main()

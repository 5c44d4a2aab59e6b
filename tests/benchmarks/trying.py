"""A feature, tried: the same thing done with each client in a process of its own, and what our server saw of it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fal_server.secure import KEY
from peers import PEERS, peer_commands
from pinned.documents import document

from generator.site.comparison.facts import Tried

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fal_server import Seen
    from fal_server.secure import Deployment

ROOT = Path(__file__).resolve().parents[2]
ENDPOINT = "fal-ai/flux-1/schnell"
TYPED, OFFICIAL, OPENAPI, DATAMODEL = "fal-typed", "fal-client", "openapi-python-client", "datamodel-code-generator"
_MODULE = "queue_open_api_for_fal_aiflux_1_schnell_client"
# What a program begins with.
BEGINS = {
    TYPED: "import fal_typed\nfrom fal_typed import AsyncFal, Fal\nfal = Fal()\n",
    OFFICIAL: f"import fal_client\nENDPOINT = {ENDPOINT!r}\n",
    OPENAPI: f"""\
import os
from {_MODULE} import Client
from {_MODULE}.api.default import get_fal_ai_flux_1_schnell_requests_request_id as get
from {_MODULE}.api.default import post_fal_ai_flux_1_schnell as post
from {_MODULE}.models import SchnellTextToImageInput as Input
from {_MODULE}.models import SchnellTextToImageInputImageSizeType1 as Size
client = Client(base_url=os.environ.get("QUEUE", ""), raise_on_unexpected_status=True)
""",
    DATAMODEL: """\
import os
import c
import m
client = c.Client(base_url=os.environ.get("QUEUE", ""), api_key_auth=os.environ.get("FAL_KEY", ""))
""",
}
_ENDS = """
import json, sys, traceback
try:
    told = {"value": attempt(), "error": ""}
except BaseException as error:
    told = {"value": None, "error": f"{type(error).__name__}: {error}"}
sys.stdout.write("\\n" + json.dumps(told, default=repr))
"""


@dataclass(frozen=True)
class Outcome:
    """What came of a program.

    Attributes:
        value: What it returned, as JSON has it.
        error: Class and message of what it raised; empty if it raised nothing.
        seen: The requests that arrived.
        submitted: How many requests fal would have billed.
    """

    value: Any
    error: str
    seen: tuple[Seen, ...]
    submitted: int

    @property
    def told(self) -> str:
        """In words."""
        return f"{self.arrived} {self.raised}"

    @property
    def raised(self) -> str:
        """What went wrong, in words."""
        return sentence(f"It raised {short(self.error)}") if self.error else "It raised nothing."

    @property
    def arrived(self) -> str:
        """What the server saw, in words."""
        bodies = [one.body.decode(errors="replace") for one in self.seen if one.body]
        last = f", the last with {short(bodies[-1], 80)}" if bodies else ""
        return sentence(f"{count(len(self.seen), 'request')} arrived{last}") if self.seen else "No request arrived."


def count(number: int, what: str) -> str:
    """A number of things."""
    return f"{number} {what}{'s' if number != 1 else ''}"


def short(text: str, most: int = 140) -> str:
    """A text as one line, cut, without what is another one each time: the server's address, and a request's number."""
    line = re.sub(r"https?://127\.0\.0\.1:\d+", "https://fal.test", " ".join(text.split()))
    line = re.sub(r"\breq-\d+", "req-1", line)
    return line.rstrip(".") if len(line) <= most else line[: most - 1] + "…"


def sentence(text: str) -> str:
    """A text with its full stop."""
    return text if text.endswith("…") else f"{text}."


class Trial:
    """Runs programs against a server that has nothing else to do.

    Args:
        deployment: The server.
        folder: Where what the other generators make is put.
    """

    def __init__(self, deployment: Deployment, folder: Path) -> None:
        self.server = deployment.server
        self.variables = {**deployment.variables, "QUEUE": self.server.queue_url, "URL": self.server.url}
        self._folder = folder
        self.paths = {TYPED: ROOT / "generated", OFFICIAL: folder, OPENAPI: folder / "o", DATAMODEL: folder}

    def generate(self) -> None:
        """Have the other generators make a client of the endpoint's document."""
        environment = {**os.environ, "PATH": f"{PEERS / 'bin'}:{os.environ['PATH']}"}
        for command in peer_commands(ROOT / "specs" / f"{ENDPOINT}.json", self._folder).values():
            subprocess.run(command, check=True, capture_output=True, env=environment, cwd=self._folder)

    def python(self, who: str) -> str:
        """The Python that has what a client needs."""
        return str(PEERS / "bin" / "python") if who == OPENAPI else sys.executable

    def start(self, who: str, code: str, **variables: str) -> subprocess.Popen[str]:
        """Start a program, which is the body of a function."""
        program = f"{BEGINS[who]}\ndef attempt():\n{textwrap.indent(textwrap.dedent(code), '    ')}\n{_ENDS}"
        kept = {name: text for name, text in os.environ.items() if not name.startswith("FAL_")}
        environment = {**kept, **self.variables, **variables, "PYTHONPATH": str(self.paths[who])}
        command = [self.python(who), "-c", program]
        return subprocess.Popen(
            command, env=environment, cwd=self._folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def of(self, who: str, code: str, plan: Mapping[str, Any] | None = None) -> Outcome:
        """Run a program to its end.

        Args:
            who: Which client's.
            code: The body of a function, as which it is run.
            plan: How the endpoint behaves, if not as usual.
        """
        self.begin(plan)
        return self.ended(self.start(who, code))

    def ended(self, process: subprocess.Popen[str]) -> Outcome:
        """Wait for the end of a program."""
        try:
            out, err = process.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
        return self._outcome(out, err)

    def begin(self, plan: Mapping[str, Any] | None = None) -> None:
        """Have the server forget what it saw, and behave so."""
        known = document(ENDPOINT)
        self.server.begin()
        self.server.plan(ENDPOINT, **{"output": known.sample(known.output, full=True), **(plan or {})})

    def _outcome(self, out: str, err: str) -> Outcome:
        """What a program said, with what the server saw until now."""
        assert out.strip(), err
        said = json.loads(out.rpartition("\n")[2])
        error = said["error"].replace(KEY, "the key")
        assert not error.startswith(("NameError", "ImportError", "ModuleNotFoundError", "SyntaxError")), error
        return Outcome(said["value"], error, tuple(self.server.seen), len(self.server.accepted))

    def each(
        self, programs: Mapping[str, str], plan: Callable[[], Mapping[str, Any]] | None = None
    ) -> dict[str, Outcome]:
        """Run a program of each client, one after the other."""
        return {who: self.of(who, code, plan and plan()) for who, code in programs.items()}


def answer(who: str, verdict: bool | str, seen: str, *shown_by: str) -> Tried:
    """What was seen of a client; tests are named for ours alone."""
    word = {True: "yes", False: "no"}.get(verdict, verdict)  # type: ignore[call-overload]
    return Tried(who=who, verdict=word, seen=seen, shown_by=shown_by if who == TYPED else ())

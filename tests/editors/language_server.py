"""A conversation with pyright's language server, as an editor has it, and what it costs the server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import Self

CAPABILITIES = {
    "textDocument": {
        "completion": {"completionItem": {"documentationFormat": ["markdown"], "snippetSupport": False}},
        "hover": {"contentFormat": ["markdown"]},
        "publishDiagnostics": {},
    }
}


class LanguageServer:
    """The language server, about the files of a folder.

    Args:
        folder: Where the programs are.
        packages: Where the packages are that they use.
    """

    def __init__(self, folder: Path, packages: Path) -> None:
        (folder / "pyrightconfig.json").write_text(json.dumps({"extraPaths": [str(packages)]}), encoding="utf-8")
        command = [sys.executable, "-m", "pyright.langserver", "--stdio"]
        self._process = subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._asked = 0
        self._examined: dict[str, int] = {}
        folders = [{"uri": folder.as_uri(), "name": "it"}]
        self.ask(
            "initialize", processId=None, rootUri=folder.as_uri(), capabilities=CAPABILITIES, workspaceFolders=folders
        )
        self.tell("initialized")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.ask("shutdown")
        self.tell("exit")
        self._process.communicate(timeout=30)

    def tell(self, method: str, **params: Any) -> None:
        """Say something that needs no answer."""
        self._send({"method": method, "params": params})

    def ask(self, method: str, **params: Any) -> Any:
        """Ask something, and answer what it asks meanwhile with nothing."""
        self._asked += 1
        self._send({"id": self._asked, "method": method, "params": params})
        while True:
            message = self._next()
            if "method" not in message and message.get("id") == self._asked:
                assert "error" not in message, message
                return message["result"]

    def wait_until_examined(self, path: Path, version: int) -> None:
        """Wait for what it finds wrong with a version of a file: then it has looked at all of it."""
        while self._examined.get(path.as_uri(), -1) < version:
            self._next()

    def seconds(self) -> float:
        """Seconds of processors that the server has had so far. Needs Linux."""
        ticks = 0
        waiting = [self._process.pid]
        while waiting:
            one = waiting.pop()
            fields = Path(f"/proc/{one}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
            for task in Path(f"/proc/{one}/task").glob("*/children"):
                waiting += map(int, task.read_text(encoding="utf-8").split())
        return ticks / os.sysconf("SC_CLK_TCK")

    def _next(self) -> dict[str, Any]:
        message = self._read()
        if "method" in message and "id" in message:
            wanted = message["params"].get("items", []) if message["method"] == "workspace/configuration" else None
            self._send({"id": message["id"], "result": None if wanted is None else [{} for _ in wanted]})
        if message.get("method") == "textDocument/publishDiagnostics":
            self._examined[message["params"]["uri"]] = message["params"].get("version") or 0
        return message

    def _send(self, message: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._process.stdin.flush()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        length = 0
        while line := self._process.stdout.readline().strip():
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        assert length, "the language server has ended"
        message: dict[str, Any] = json.loads(self._process.stdout.read(length))
        return message


class Program:
    """A program that is open in the editor, with the cursor at its end.

    Args:
        server: The language server.
        path: The program's file, in the server's folder.
        code: What is in it.
    """

    def __init__(self, server: LanguageServer, path: Path, code: str) -> None:
        self._server, self._path, self._code, self._version = server, path, code, 1
        path.write_text(code, encoding="utf-8")
        document = {"uri": path.as_uri(), "languageId": "python", "version": 1, "text": code}
        server.tell("textDocument/didOpen", textDocument=document)

    def wait(self) -> None:
        """Wait until the server has looked at all of it."""
        self._server.wait_until_examined(self._path, self._version)

    def type(self, more: str) -> None:
        """Write more at its end."""
        self._code += more
        self._version += 1
        document = {"uri": self._path.as_uri(), "version": self._version}
        self._server.tell("textDocument/didChange", textDocument=document, contentChanges=[{"text": self._code}])

    def completions(self) -> list[dict[str, Any]]:
        """What is offered at its end, in the order in which an editor shows it."""
        answer = self._ask("textDocument/completion")
        items: list[dict[str, Any]] = answer["items"] if isinstance(answer, dict) else answer or []
        return sorted(items, key=lambda one: one.get("sortText", one["label"]))

    def offered(self) -> list[str]:
        """The words that are offered at its end."""
        return [one["label"] for one in self.completions()]

    def about(self, label: str) -> str:
        """What an editor shows beside one of the words that are offered."""
        (item,) = [one for one in self.completions() if one["label"] == label]
        documentation = self._server.ask("completionItem/resolve", **item).get("documentation") or {"value": ""}
        return str(documentation["value"])

    def hover(self) -> str:
        """What an editor shows where the mouse is on the last word."""
        answer = self._ask("textDocument/hover", back=1)
        return str(answer["contents"]["value"]) if answer else ""

    def _ask(self, method: str, back: int = 0) -> Any:
        lines = self._code.split("\n")
        position = {"line": len(lines) - 1, "character": len(lines[-1]) - back}
        return self._server.ask(method, textDocument={"uri": self._path.as_uri()}, position=position)

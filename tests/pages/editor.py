"""What an editor is offered: a conversation with pyright's language server, as far as completion needs one."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


def offered(folder: Path, code: str, packages: Path) -> list[str]:
    """What pyright offers behind the end of a program, in the order in which an editor shows it.

    Args:
        folder: Where to write the program.
        code: The program.
        packages: Where the package is that it uses.
    """
    path = folder / "panda.py"
    path.write_text(code, encoding="utf-8")
    (folder / "pyrightconfig.json").write_text(json.dumps({"extraPaths": [str(packages)]}), encoding="utf-8")
    lines = code.split("\n")
    document = {"uri": path.as_uri(), "languageId": "python", "version": 1, "text": code}
    position = {"line": len(lines) - 1, "character": len(lines[-1])}
    with Server(folder) as server:
        server.tell("textDocument/didOpen", textDocument=document)
        answer = server.ask("textDocument/completion", textDocument={"uri": path.as_uri()}, position=position)
    items = answer["items"] if isinstance(answer, dict) else answer
    return [one["label"] for one in sorted(items, key=lambda one: one.get("sortText", one["label"]))]


class Server:
    """The language server, about the files of a folder."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-m", "pyright.langserver", "--stdio"]
        self._process = subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._asked = 0
        folders = [{"uri": folder.as_uri(), "name": "it"}]
        self.ask("initialize", processId=None, rootUri=folder.as_uri(), capabilities={}, workspaceFolders=folders)
        self.tell("initialized")

    def __enter__(self) -> Server:
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
            message = self._read()
            if "method" not in message and message.get("id") == self._asked:
                assert "error" not in message, message
                return message["result"]
            if "method" in message and "id" in message:
                wanted = message["params"].get("items", []) if message["method"] == "workspace/configuration" else None
                self._send({"id": message["id"], "result": None if wanted is None else [{} for _ in wanted]})

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

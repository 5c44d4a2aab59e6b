"""A document that points elsewhere: at files, at hosts. Nothing is opened for it, and nobody is asked."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from support import REPOSITORY, STRING, Project, document, obj, run_cli, spawn

if TYPE_CHECKING:
    from collections.abc import Callable

Capture = pytest.CaptureFixture[str]

# Python tells a hook of every file that is opened, every process and every socket (PEP 578).
WATCHED = """
import json, sys
seen = []
def watch(event, arguments):
    if event == "open" or event.startswith(("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "http.",
                                            "urllib.", "ftplib.", "webbrowser.")):
        seen.append([event, str(arguments[0])])
sys.addaudithook(watch)
from generator.cli import main
sys.argv = ["generator", "--project", sys.argv[1], "regenerate"]
try:
    main()
finally:
    print(json.dumps(seen))
"""


def targets(secret: Path) -> list[str]:
    """Ways to write where a file is, and where somebody listens."""
    return [
        secret.as_uri(), f"file:{secret}", f"file://localhost{secret}#/a", str(secret), "../../secret.json",
        "secret.json#/components/schemas/A", "http://127.0.0.1:9/x.json", "https://fal.ai/x.json#/X", "//127.0.0.1/x",
        "ftp://127.0.0.1/x", "data:application/json,{}", "jar:file:/x!/y", "#/info/title", "#/components/responses/A",
        f"#/components/schemas/{secret.as_uri()}", f"#/components/schemas/..%2F..%2F{secret.name}",
    ]  # fmt: skip


def pointing(target: str) -> dict[str, Any]:
    """A document that has a target wherever some tool or other would look it up."""
    mapping = {"propertyName": "k", "mapping": {"a": target}}
    inner = {"$ref": target, "$id": target, "$schema": target, "externalDocs": {"url": target}}
    own = {
        "it": {"$ref": target},
        "of": {"type": "array", "items": {"$ref": target}},
        "one": {"oneOf": [{"$ref": target}, {**STRING, **inner}], "discriminator": mapping},
        "all": {"allOf": [{"$ref": target}]},
        "example": {**STRING, "examples": [{"$ref": target}], "default": target},
        "dynamic": {"$dynamicRef": target, "$recursiveRef": target, "externalValue": target},
    }
    data = document("fal-ai/x", input=obj(own), output={"$ref": target})
    data |= {"$schema": target, "$id": target, "jsonSchemaDialect": target, "servers": [{"url": target}]}
    data["externalDocs"] = {"url": target}
    data["paths"]["/fal-ai/x"]["$ref"] = target
    return data


def opened(project: Project) -> list[tuple[str, str]]:
    """What a run opens, starts and asks, besides the project, Python's own files and what we are made of."""
    done = spawn(["-c", WATCHED, str(project.root)], cwd=project.root)
    assert done.code == 0, done.err
    ours = [str(project.root.resolve()), str(REPOSITORY), sys.prefix, sys.base_prefix, str(Path(sys.executable).parent)]
    seen: list[tuple[str, str]] = [(event, path) for event, path in json.loads(done.out)]
    return [one for one in seen if not any(one[1].startswith(f"{folder}/") for folder in ours)]


@pytest.fixture
def secret(project: Project) -> Path:
    """A file in the project's folder, and not of the project."""
    path = project.root.parent / "secret.json"
    path.write_text('{"type": "string", "description": "x9secret"}', encoding="utf-8")
    (project.root / "secret.json").write_bytes(path.read_bytes())
    return path


@pytest.mark.slow
def test_nothing_is_opened_and_nobody_is_asked(project: Project, secret: Path) -> None:
    for number, target in enumerate(targets(secret)):
        project.put(f"fal-ai/x/{number}", json.dumps(pointing(target)))
    project.add("fal-ai/x")
    elsewhere = opened(project)
    calm = Project(project.root.parent / "calm")
    calm.add("fal-ai/x")
    known = {(event, "" if event == "open" else path) for event, path in opened(calm)}
    # ruff works in a temporary folder, and is the only process.
    temporary = {(event, "") for event, path in elsewhere if event == "open" and "secret" not in path}
    assert {event for event, _ in known} <= {"open", "subprocess.Popen"}
    assert {one for one in elsewhere if one[0] != "open" or "secret" in one[1]} <= known
    assert temporary <= known
    assert "x9secret" not in "".join(project.tree().values())


@pytest.mark.slow
def test_the_hook_sees_a_file_and_a_host(project: Project, secret: Path) -> None:
    """The proof can fail."""
    project.add("fal-ai/x")
    code = f"import socket, pathlib; pathlib.Path({str(secret)!r}).read_text(); socket.socket().close()\n"
    broken = WATCHED.replace("from generator.cli import main\n", "from generator.cli import main\n" + code)
    found = json.loads(spawn(["-c", broken, str(project.root)], cwd=project.root).out)
    assert ["open", str(secret)] in found
    assert any(event == "socket.__new__" for event, _ in found)


TOLD: dict[str, Callable[[Path], str]] = {
    "a file": lambda secret: secret.as_uri(),
    "a path": str,
    "a path upwards": lambda _: "../../secret.json",
    "a host": lambda _: "http://127.0.0.1:9/x.json",
    "another place of the document": lambda _: "#/info/title",
}


@pytest.mark.parametrize("name", TOLD)
def test_a_reference_that_is_not_followed_is_told(name: str, project: Project, secret: Path, capsys: Capture) -> None:
    target = TOLD[name](secret)
    project.add("fal-ai/x", input=obj({"it": {"$ref": target}}))
    done = run_cli(project, capsys, "regenerate")
    assert (done.code, done.err.count("[foreign-ref]")) == (0, 1)
    assert f"reference to '{target[:20]}" in done.err.replace("<project>", str(project.root))

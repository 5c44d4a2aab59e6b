"""Small documents in fal's form, projects made of them, and three ways to run the generator."""

from __future__ import annotations

import copy
import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
import typer.main
from jinja2 import BytecodeCache, Environment

from generator import cli, pipeline
from generator.diagnostics import Diagnostic, Findings
from generator.emit import templates
from generator.parse.load import Document
from generator.parse.normalize import NAMES_ALONE, Normalized, normalize
from generator.parse.resolve import resolve
from generator.project.settings import load_settings

if TYPE_CHECKING:
    from types import CodeType

    from jinja2.bccache import Bucket

    from generator.project.file_inputs import FileTable
    from generator.shapes import Property, Shape

REPOSITORY = Path(__file__).parents[2]
SPECS = REPOSITORY / "specs"
CASES = REPOSITORY / "tests" / "cases"
PINNED = sorted(path.relative_to(SPECS).with_suffix("").as_posix() for path in SPECS.glob("*/**/*.json"))

STRING: dict[str, Any] = {"type": "string"}
INTEGER: dict[str, Any] = {"type": "integer"}
QUEUE_STATUS = {"type": "object", "required": ["status"], "properties": {"status": {"type": "string"}}}


def ref(name: str) -> dict[str, Any]:
    """A reference to a component."""
    return {"$ref": f"#/components/schemas/{name}"}


def obj(properties: dict[str, Any], *, required: list[str] | None = None, **more: Any) -> dict[str, Any]:
    """An object schema; the properties keep the order in which they are written."""
    order = {"x-fal-order-properties": list(properties)} if properties else {}
    return {"type": "object", "properties": properties, **({"required": required} if required else {}), **order, **more}


def document(
    endpoint_id: str,
    *,
    input: Any = None,
    output: Any = None,
    components: dict[str, Any] | None = None,
    about: str = "",
) -> dict[str, Any]:
    """A document in fal's skeleton (FAL_OPENAPI.md, section 1)."""
    base = "".join(p[:1].upper() + p[1:] for p in endpoint_id.partition("/")[2].replace("/", "-").split("-"))
    url = f"https://fal.ai/models/{endpoint_id}"
    metadata = {"endpointId": endpoint_id, "category": "text-to-image", "documentationUrl": f"{url}/api"}
    answer = {"description": "The request status.", "content": {"application/json": {"schema": ref("QueueStatus")}}}
    body = {"required": True, "content": {"application/json": {"schema": ref(f"{base}Input")}}}
    result = {"description": "Result.", "content": {"application/json": {"schema": ref(f"{base}Output")}}}
    schemas: dict[str, Any] = {
        "QueueStatus": copy.deepcopy(QUEUE_STATUS),
        f"{base}Input": obj({"prompt": STRING}, required=["prompt"]) if input is None else input,
        f"{base}Output": obj({"seed": INTEGER}, required=["seed"]) if output is None else output,
    }
    return {
        "openapi": "3.0.4",
        "info": {
            "title": f"Queue OpenAPI for {endpoint_id}",
            "version": "1.0.0",
            "x-fal-metadata": {**metadata, **({"about": about} if about else {})},
        },
        "components": {"schemas": {**schemas, **(components or {})}},
        "paths": {
            f"/{endpoint_id}/requests/{{request_id}}/status": {"get": {"responses": {"200": answer}}},
            f"/{endpoint_id}/requests/{{request_id}}/cancel": {"put": {"responses": {"200": {}}}},
            f"/{endpoint_id}": {"post": {"requestBody": body, "responses": {"200": answer}}},
            f"/{endpoint_id}/requests/{{request_id}}": {"get": {"responses": {"200": result}}},
        },
        "servers": [{"url": "https://queue.fal.run"}],
    }


def pretty(value: Any) -> str:
    """A document's text, as the specs are printed."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


# --- stages alone ----------------------------------------------------------------------------------------------------


def read(
    data: Any, findings: Findings | None = None, *, endpoint_id: str = "fal-ai/it", files: FileTable = NAMES_ALONE
) -> Normalized:
    """A document through resolve and normalize."""
    findings = Findings() if findings is None else findings
    path = f"specs/{endpoint_id}.json"
    resolved = resolve(Document(id=endpoint_id, path=path, text=pretty(data), data=data), findings)
    assert resolved is not None
    normalized = normalize(resolved, findings, files)
    assert normalized is not None
    return normalized


@dataclass
class Read:
    """What one schema, the input property `it`, became."""

    property: Property
    codes: list[str]
    whole: Normalized
    found: tuple[Diagnostic, ...]

    @property
    def shape(self) -> Shape:
        return self.property.shape


def read_schema(schema: Any, components: dict[str, Any] | None = None, **more: Any) -> Read:
    """Normalize one schema that stands in an input's property `it`."""
    findings = Findings()
    whole = read(document("fal-ai/it", input=obj({"it": schema}), components=components, **more), findings)
    found = findings.all()
    return Read(whole.objects[whole.input].properties[0], [d.code.value for d in found], whole, found)


class Compiled(BytecodeCache):
    """Templates by their text: to compile them is half the time of a small run, and tests make hundreds of those."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._codes[bucket.key, bucket.checksum] = bucket.code


templates.Environment = partial(Environment, bytecode_cache=Compiled())  # type: ignore[assignment,misc]


# --- projects --------------------------------------------------------------------------------------------------------


@dataclass
class Project:
    """A repository with specs, and what the generator makes of it."""

    root: Path
    settings_text: str = ""
    specs: Path = field(init=False)
    output: Path = field(init=False)

    def __post_init__(self) -> None:
        self.specs, self.output = self.root / "specs", self.root / "generated"
        self.specs.mkdir(parents=True, exist_ok=True)
        (self.root / "pyproject.toml").write_text(f"[tool.fal-typed]\n{self.settings_text}\n", encoding="utf-8")

    def copied(self, root: Path) -> Project:
        """The same project in another folder: documents, output, and what the next run need not render again."""
        shutil.copytree(self.root, root, symlinks=True)
        return Project(root, self.settings_text)

    def path(self, endpoint_id: str) -> Path:
        return self.specs / f"{endpoint_id}.json"

    def add(self, endpoint_id: str, **parts: Any) -> Path:
        """Write a document of our own form."""
        return self.put(endpoint_id, pretty(document(endpoint_id, **parts)))

    def put(self, endpoint_id: str, text: str) -> Path:
        """Write any text as an endpoint's document."""
        path = self.path(endpoint_id)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def pinned(self, *ids: str) -> Project:
        """Copy pinned documents of the repository (all by default)."""
        for endpoint_id in ids or PINNED:
            self.put(endpoint_id, (SPECS / f"{endpoint_id}.json").read_text(encoding="utf-8"))
        return self

    def listed(self) -> Project:
        """Copy what the repository says of its endpoints beside their documents."""
        listed = (SPECS / "endpoints.toml").read_text(encoding="utf-8")
        (self.specs / "endpoints.toml").write_text(listed, encoding="utf-8")
        return self

    def plan(self, *, force: bool = False) -> pipeline.Result:
        return pipeline.run(load_settings(self.root), force=force)

    def regenerate(self, *, force: bool = False) -> pipeline.Result:
        settings = load_settings(self.root)
        result = pipeline.run(settings, force=force)
        pipeline.write(settings, result)
        return result

    def tree(self) -> dict[str, str]:
        """Every file of the output by path, without Python's caches."""
        files = (p for p in sorted(self.output.rglob("*")) if p.is_file() and "__pycache__" not in p.parts)
        return {p.relative_to(self.output).as_posix(): p.read_bytes().decode() for p in files}

    def module(self, path: str) -> str:
        """The text of an emitted module of the package."""
        return (self.output / "fal_typed" / path).read_text(encoding="utf-8")


def sources(tree: dict[str, str]) -> dict[str, str]:
    """A tree without the manifest and without the runtime, which is a copy."""
    return {path: text for path, text in tree.items() if path != "manifest.json" and "/_runtime/" not in path}


@dataclass(frozen=True)
class Done:
    """What a command did."""

    code: int
    out: str
    err: str


def _laid_out_once(app: typer.Typer) -> Any:
    """The commands as they are parsed: a process lays them out for one run, and the tests run a thousand."""
    return _of_so_many(app, len(app.registered_commands))


_lay_out = typer.main.get_command


@cache
def _of_so_many(app: typer.Typer, commands: int) -> Any:
    return _lay_out(app)


def run_in(root: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> Done:
    """The command line about the project in a folder, in this process."""
    capsys.readouterr()
    before, sys.argv = sys.argv, ["generator", "--project", str(root), *arguments]
    try:
        with pytest.raises(SystemExit) as exit_, mock.patch.object(typer.main, "get_command", _laid_out_once):
            cli.main()
    finally:
        sys.argv = before
    out, err = capsys.readouterr()
    return Done(int(exit_.value.code or 0), out, err)


def run_cli(project: Project, capsys: pytest.CaptureFixture[str], *arguments: str) -> Done:
    """The command line about a project, which is shown as `<project>`."""
    done = run_in(project.root, capsys, *arguments)
    root = str(project.root)
    return Done(done.code, done.out.replace(root, "<project>"), done.err.replace(root, "<project>"))


def hear_interrupts() -> None:
    """For `preexec_fn`: a job in the background ignores Ctrl-C, and so would whatever it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def spawn(code_or_module: list[str], *, cwd: Path, hash_seed: str = "0") -> Done:
    """A Python of its own, with the repository importable."""
    environment = {
        **os.environ,
        "PYTHONPATH": f"{REPOSITORY}{os.pathsep}{REPOSITORY / 'tests'}",
        "PYTHONHASHSEED": hash_seed,
        "NO_COLOR": "1",
    }
    done = subprocess.run(
        [sys.executable, *code_or_module],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    return Done(done.returncode, done.stdout, done.stderr)

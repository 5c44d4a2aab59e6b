"""A batch of documents through the generator, and what must hold of all that comes out."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.json_text import is_text

if TYPE_CHECKING:
    from support import Project

# Below the number from which datamodel-code-generator gets processes of its own: starting them takes longer.
BATCH = 50
IMPORTER = Path(__file__).with_name("importer.py")
SPEC = {"id", "path"}
CALLED = re.compile(r"(?!\.)[A-Za-z0-9_.-]+(/(?!\.)[A-Za-z0-9_.-]+)+")
CLASS = re.compile(r"(Async)?[A-Z]\w*")


def modules(tree: dict[str, str], *, stubs: bool = False) -> dict[str, str]:
    """The emitted modules outside of the runtime, by path, and perhaps those that are for type checkers alone."""
    ends = (".py", ".pyi") if stubs else (".py",)
    return {path: code for path, code in tree.items() if path.endswith(ends) and "/_runtime/" not in path}


def deeds(code: str) -> set[str]:
    """What code does, told without the generator's own grammar: its forms, what it imports from outside, its calls."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(code.encode())):
        found.add(type(node).__name__)
        if isinstance(node, ast.ImportFrom) and not node.level:
            found |= {f"from {node.module} import {alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {f"import {alias.name}" for alias in node.names}
        elif isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            found.add("call of a class" if CLASS.fullmatch(name) and name not in ("Field", "EndpointSpec") else name)
        elif isinstance(node, ast.Attribute):
            found.add(f".{node.attr}")
    return found


def constants(code: str) -> set[Any]:
    """Every string in the code."""
    return {n.value for n in ast.walk(ast.parse(code)) if isinstance(n, ast.Constant) and isinstance(n.value, str)}


def generate(project: Project, documents: dict[str, Any]) -> dict[str, set[str]]:
    """Generate the endpoints; the documents of which something is said, by the codes of the diagnostics."""
    for endpoint_id, data in documents.items():
        project.put(endpoint_id, json.dumps(data))
    found: dict[str, set[str]] = {}
    for diagnostic in project.regenerate().diagnostics:
        found.setdefault(diagnostic.code.value, set()).add(diagnostic.source.path)
    return found


def odd_paths(tree: dict[str, str]) -> list[str]:
    """Modules whose endpoint is called at a path that is more, or less, than segments of an id's characters."""
    specs = [
        (path, {keyword.arg: ast.literal_eval(keyword.value) for keyword in node.keywords if keyword.arg in SPEC})
        for path, code in modules(tree, stubs=True).items()
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "EndpointSpec"
    ]
    assert all({"id"} <= spec.keys() <= SPEC for _, spec in specs)  # the path stands there where it is not the id
    return [f"{path}: {spec}" for path, spec in specs if not all(map(CALLED.fullmatch, spec.values()))]


def lost_members(documents: dict[str, Any], project: Project) -> list[str]:
    """Enum members of the inputs' property `mode` that no module has as they are."""
    lost: list[str] = []
    for endpoint_id, data in documents.items():
        path = project.output / "fal_typed/endpoints" / f"{endpoint_id.partition('/')[2]}.py"
        if path.is_file():
            wanted = next(
                set(one["properties"]["mode"]["enum"])
                for name, one in data["components"]["schemas"].items()
                if name.endswith("Input") and isinstance(one, dict) and "mode" in one.get("properties", {})
            )
            wanted = wanted if all(is_text(member) for member in wanted) else set()  # then any value is taken
            lost += [f"{endpoint_id}: {member!r}" for member in wanted - constants(path.read_text(encoding="utf-8"))]
    return lost


def deeds_of_importing(project: Project) -> list[str]:
    """What importing every module does besides defining; see `importer.py`."""
    names = [path.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for path in modules(project.tree())]
    done = subprocess.run(
        [sys.executable, "-B", str(IMPORTER), str(project.output), "fal_typed", *names],
        cwd=project.root, capture_output=True, text=True, check=False, timeout=240,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    found: list[str] = json.loads(done.stdout)
    return found

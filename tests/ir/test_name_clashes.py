"""Names that meet in one emitted module: none hides another."""

from __future__ import annotations

import ast
import builtins

import pytest
from support import REPOSITORY, Project, document, obj, read, ref

from generator.ir.identifiers import RESERVED_CLASSES
from generator.ir.lower import lower_endpoint
from generator.ir.name import endpoint_name
from generator.ir.share import share
from generator.project.type_lock import TypesLock

# --- names that meet in one emitted module ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ids", "classes"),
    [
        (["fal-ai/x", "fal-ai/async-x"], {"X", "AsyncX", "AsyncAsyncX"}),
        (["async/tts/v1", "bria/x"], {"TtsV1", "X"}),
        (["fal-ai/flux/dev", "fal-ai/flux-namespace"], {"FluxDev", "FluxNamespace"}),
        (["fal-ai/root", "fal-ai/registry"], {"Registry"}),
    ],
)
def test_no_emitted_module_binds_a_name_twice(ids: list[str], classes: set[str], project: Project) -> None:
    """What the second of two equal imports or classes hides is lost to run time or to type checkers."""
    for endpoint_id in ids:
        project.add(endpoint_id)
    project.regenerate()
    for path, text in project.tree().items():
        if not path.endswith(".py") or "/_runtime/" in path:
            continue
        bound: list[str] = []
        tree = ast.parse(text)
        guarded = [s for n in tree.body if isinstance(n, ast.If) for s in n.body]
        for node in [*tree.body, *guarded]:
            if isinstance(node, ast.ImportFrom | ast.Import):
                bound += [alias.asname or alias.name for alias in node.names]
            elif isinstance(node, ast.ClassDef):
                bound.append(node.name)
        assert sorted(bound) == sorted(set(bound)), path
    assert all(f"class {name}(" in "".join(project.tree().values()) for name in classes)


@pytest.mark.parametrize("component", sorted(RESERVED_CLASSES | {"TypeAlias", "XOutput", "AsyncX", "X"}))
def test_a_component_never_hides_what_its_module_uses(component: str) -> None:
    own = "class" if component == "XOutput" else component
    data = document("fal-ai/x", output=obj({"a": ref(own)}), components={own: obj({"b": {"type": "string"}})})
    one = read(data, endpoint_id="fal-ai/x")
    lowered = lower_endpoint(one, endpoint_name("fal-ai/x"), share([one], TypesLock()))
    taken = [*(i.alias for i in lowered.imports), *(c.name for c in lowered.classes), "X", "AsyncX"]
    assert len(set(taken)) == len(taken)
    template = (REPOSITORY / "templates" / "endpoint.py.jinja").read_text(encoding="utf-8")
    imported = {
        word.strip()
        for line in template.splitlines()
        if line.startswith("from ") and "{{ import" not in line
        for word in line.partition(" import ")[2].split(",")
    }
    aliases = {i.alias for i in lowered.imports}
    assert not aliases & imported
    assert not any(hasattr(builtins, alias) for alias in aliases)

"""Writes what a user of one package would have written: calls that try every input, and reads of every output.

The calls come from the document by itself (`Schemas`), the reads from the annotations of the emitted code.
"""

from __future__ import annotations

import ast
import json
from dataclasses import dataclass, field
from math import inf, nextafter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.schemas import Schemas
from corpus.valid import least, text
from generator.ir.name import EndpointName, endpoint_name

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class Written:
    """What was written for one endpoint.

    Attributes:
        text: A module that calls it and reads its output.
        calls: The input of every call.
        reads: How many fields of outputs are read.
    """

    text: str
    calls: list[dict[str, Any]]
    reads: int


def write(package: Path, endpoint_id: str, document: dict[str, Any]) -> Written:
    """Write for an endpoint of an emitted package, from the document that it was made of."""
    name = endpoint_name(endpoint_id)
    schemas = Schemas(document)
    tried = attempts(schemas.standard(schemas.input, closed=True))
    calls = list({json.dumps(given): given for given in tried}.values())
    found = Reads(package, name)
    call = f"fal.{'.'.join(name.path)}"
    lines = [f"from {package.name} import Fal", *sorted(found.imports), "", "", "def calls(fal: Fal) -> None:"]
    lines += [f"    out: {found.output} = {call}.run({_arguments(calls[0])})"]
    lines += [f"    {call}.submit({_arguments(given)})" for given in calls]
    return Written("\n".join([*lines, *found.lines, ""]), calls, found.count)


def _arguments(given: dict[str, Any]) -> str:
    return ", ".join(f"{name}={value!r}" for name, value in given.items())


# --- calls -----------------------------------------------------------------------------------------------------------


def attempts(standard: Any) -> Iterator[Any]:
    """The plainest value that a schema allows, then one for each thing that it says can be: members, ends, null."""
    yield least(standard)
    if not isinstance(standard, dict):
        return
    yield from standard.get("enum", [])
    for part in standard.get("anyOf", standard.get("allOf", [])):
        yield from attempts(part)
    match standard.get("type"):
        case "object":
            base = least(standard)
            for name, part in standard.get("properties", {}).items():
                yield from ({**base, name: value} for value in attempts(part))
        case "array" if "prefixItems" not in standard:
            fewest = max(1, standard.get("minItems", 0))
            yield from ([value] * fewest for value in attempts(standard.get("items")))
            yield from ([least(standard.get("items"))] * standard[end] for end in ("maxItems",) if end in standard)
        case "string":
            most = standard.get("maxLength")
            yield from (text(standard[end], most) for end in ("minLength", "maxLength") if end in standard)
        case "integer" | "number":
            yield from _ends(standard)
        case "boolean":
            yield False
        case _:
            pass


def _ends(standard: dict[str, Any]) -> Iterator[int | float]:
    """The least and the greatest number that a schema allows, where it says so."""
    whole = standard["type"] == "integer"
    for inclusive, exclusive, way in (("minimum", "exclusiveMinimum", -1), ("maximum", "exclusiveMaximum", 1)):
        if inclusive in standard:
            end = standard[inclusive]
            yield int(end) if whole else end
        elif exclusive in standard:
            end = standard[exclusive]
            yield int(end) - way if whole else nextafter(end, -way * inf)


# --- reads -----------------------------------------------------------------------------------------------------------


@dataclass
class Reads:
    """A function for each class that an endpoint answers with: every field of it, under the annotation that it has."""

    package: Path
    name: EndpointName
    output: str = ""
    count: int = 0
    imports: set[str] = field(default_factory=set)
    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        below = self.package.joinpath("endpoints", *self.name.path)
        waiting, seen = [below / "__init__.py" if below.is_dir() else below.with_suffix(".py")], set[Path]()
        while waiting:
            file = waiting.pop()
            if file not in seen:
                seen.add(file)
                waiting += self._module(file, shared=file.parent == self.package / "models")

    def _module(self, file: Path, *, shared: bool) -> list[Path]:
        """Read the classes of a module: the endpoint's own, or one of shared types; it leads to further ones."""
        public = ".".join((self.package.name, *(["models"] if shared else ["endpoints", *self.name.path])))
        further: list[Path] = []
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ImportFrom):
                further += self._imported(node, shared=shared)
            elif isinstance(node, ast.ClassDef):
                self._class(node, public)
        return further

    def _imported(self, node: ast.ImportFrom, *, shared: bool) -> list[Path]:
        """The modules of shared types behind an import; what `typing` has is imported as it was."""
        module = node.module or ""
        if module == "typing":
            self.imports |= {f"from typing import {one.name}" for one in node.names}
        if module.startswith("models._") or (shared and node.level == 1):
            names = (f"{one.name} as {one.asname}" if one.asname else one.name for one in node.names)
            self.imports |= {f"from {self.package.name}.models import {name}" for name in names}
            return [self.package / "models" / f"{module.removeprefix('models.')}.py"]
        return []

    def _class(self, node: ast.ClassDef, public: str) -> None:
        if node.name == self.name.class_name:
            (run,) = (one for one in node.body if isinstance(one, ast.FunctionDef) and one.name == "run")
            assert run.returns is not None
            self.output = ast.unparse(run.returns)
            return
        if ast.unparse(node.bases[0]).startswith(("TypedDict", "AsyncEndpoint[")):
            return
        fields = [one for one in node.body if isinstance(one, ast.AnnAssign)]
        self.imports.add(f"from {public} import {node.name}")
        self.lines += ["", "", f"def read_{node.name}(it: {node.name}) -> None:"]
        self.lines += [] if fields else ["    pass"]
        for one in fields:
            name = ast.unparse(one.target)
            self.lines.append(f"    {name}: {ast.unparse(_plain(one.annotation))} = it.{name}")
            self.count += 1


def _plain(annotation: ast.expr) -> ast.expr:
    """An annotation without what only pydantic reads."""
    if isinstance(annotation, ast.Subscript) and ast.unparse(annotation.value) == "Annotated":
        assert isinstance(annotation.slice, ast.Tuple)
        return annotation.slice.elts[0]
    return annotation

"""Writes an `llms.txt` from the source of an emitted module, as fal's site would from its document.

It parses and never imports, and shares nothing with the verification: where both make the same of the emitted code,
neither has made it up.
"""

from __future__ import annotations

import ast
import json
import textwrap
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

PLAIN = {"str": "string", "int": "integer", "float": "float", "bool": "boolean", "Any": "any", "Mapping": "object"}
PLAIN |= {"FileInput": "string", "FileOrName": "string", "LocalFile": "string"}
REQUIRED = "Documented as required."
WRAPPERS = ("Required", "Annotated")


@dataclass
class Member:
    """A field as its source has it."""

    name: str
    annotation: ast.expr
    required: bool
    prose: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    keywords: dict[str, Any] = field(default_factory=dict)


def write_llms(package: Path, endpoint: str, module: str) -> str:
    """The page of one endpoint.

    Args:
        package: The folder of the emitted package.
        endpoint: The endpoint's id.
        module: Its module below `endpoints`.
    """
    path = package.joinpath("endpoints", *module.split("."))
    tree = parsed(path / "__init__.py" if path.is_dir() else path.with_suffix(".py"))
    spec = next(node.value for node in tree.body if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call))
    roots = {keyword.arg: keyword.value.id for keyword in spec.keywords if isinstance(keyword.value, ast.Name)}
    classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    lines = ["# It", "", "> About it", "", "## Overview", "", f"- **Model ID**: `{endpoint}`", "- **Kind**: inference"]
    for section, verb in (("input", "accepts the following input parameters"), ("output", "returns")):
        cls = classes.get(roots.get(section, ""))
        lines += ["", f"### {section.title()} Schema", "", f"The API {verb}:", "", ""]
        lines += [line for one in members(cls) for line in text_of(one)] if cls is not None else []
        lines += ["", "**Required Parameters Example**:", "", "```json", "{}", "```", ""]
    return "\n".join([*lines, "## Usage Examples", "", "- **`not_a_field`** (`string`, _required_)", ""])


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def members(cls: ast.ClassDef) -> list[Member]:
    found: list[Member] = []
    for node in cls.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            annotation = node.annotation
            if isinstance(annotation, ast.Constant):
                annotation = ast.parse(str(annotation.value), mode="eval").body
            typed_dict = any(keyword.arg == "total" for keyword in cls.keywords)
            required = "Required[" in ast.unparse(annotation) if typed_dict else node.value is None
            found.append(one := Member(node.target.id, annotation, required))
            wrapped(one.annotation, one.keywords)
            one.name = one.keywords.get("alias", one.name)
        elif found and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            take_apart(found[-1], textwrap.dedent("    " + str(node.value.value)))
    return found


def take_apart(one: Member, text: str) -> None:
    """The docstring: prose, then paragraphs of facts."""
    paragraphs = [p.strip() for p in text.strip().split("\n\n")]
    for mark in ("Example: `", "Default: `", "Server default: `"):
        for paragraph in paragraphs[-2:]:
            body = paragraph.removeprefix("Deprecated. ").removeprefix(REQUIRED).strip()
            one.required = one.required or REQUIRED in paragraph
            if body.startswith(mark):
                fact, rest = body[len(mark) : body.rindex("`")], body[body.rindex("`") + 1 :]
                one.facts[mark.split()[-2].lower().rstrip(":")] = continued(fact) if rest.startswith(" …") else fact
    first = ("Example: `", "Default: `", "Server default: `", "Deprecated.", REQUIRED, "Range: ", "Length: ", "Here, ")
    first += ("File limits: ",)
    while paragraphs and paragraphs[-1].startswith(first):
        paragraphs.pop()
    one.prose = "\n\n".join(paragraphs)


def continued(literal: str) -> str:
    """A long example that begins with what a docstring shows of it."""
    value, more = ast.literal_eval(literal), "and so on " * 40
    whole = (
        value + more if isinstance(value, str) else {**value, more: 1} if isinstance(value, dict) else [*value, more]
    )
    return repr(whole)


def wrapped(node: ast.expr, keywords: dict[str, Any]) -> ast.expr:
    """What stands inside `Required` and `Annotated`, and the arguments of the `Field` beside it."""
    while isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id in WRAPPERS:
        inner = node.slice
        if isinstance(inner, ast.Tuple):
            call = inner.elts[1]
            if isinstance(call, ast.Call):  # a check of our own is a plain name
                keywords.update({k.arg or "": ast.literal_eval(k.value) for k in call.keywords})
            inner = inner.elts[0]
        node = inner
    return node


def alternatives(node: ast.expr) -> list[ast.expr]:
    """The members of a union but `None`."""
    if isinstance(node, ast.BinOp):
        return [*alternatives(node.left), *alternatives(node.right)]
    return [] if isinstance(node, ast.Constant) and node.value is None else [node]


def label(node: ast.expr, name: str) -> str:
    node = wrapped(node, {})
    if isinstance(node, ast.BinOp):  # a URL, and a file that is sent as one
        return " | ".join(dict.fromkeys(label(one, "") for one in alternatives(node)))
    title = "".join(word.title() for word in name.split("_"))
    if isinstance(node, ast.Subscript):
        assert isinstance(node.value, ast.Name)
        if node.value.id == "Literal":
            return f"{title}Enum"
        if node.value.id == "OrModel":  # pages know one type for both directions
            assert isinstance(node.slice, ast.Tuple)
            return label(node.slice.elts[0], name)
        if node.value.id in ("dict", "Mapping"):
            return title or "object"
        return f"list<{label(node.slice, '')}>"
    assert isinstance(node, ast.Name)
    return PLAIN.get(node.id, node.id.removesuffix("Param"))


def text_of(one: Member) -> list[str]:
    """A field's lines."""
    inner = alternatives(wrapped(one.annotation, {}))
    single = wrapped(inner[0], one.keywords) if len(inner) == 1 else None
    named = label(single if single is not None else one.annotation, one.name)
    default = as_json(one.facts.get("default"))
    suffix = "" if default in (None, "false", "0", "null") or default[0] in "[{" else f" Default value: `{default}`"
    prose = [line and f"  {line}" for line in (one.prose + suffix).split("\n")] if one.prose or suffix else []
    mark = "_required_" if one.required else "_optional_"
    lines = [f"- **`{one.name}`** (`{named}`, {mark}){':' if prose else ''}", *prose]
    if default is not None:
        lines.append(f"  - Default: `{default}`")
    if isinstance(single, ast.Subscript) and named.endswith("Enum"):
        options = ast.literal_eval(
            ast.Tuple(single.slice.elts if isinstance(single.slice, ast.Tuple) else [single.slice], ast.Load())
        )
        lines.append(f"  - Options: {', '.join(f'`{json.dumps(one, ensure_ascii=False)}`' for one in options)}")
    if single is not None and "ge" in one.keywords and "le" in one.keywords:
        lines.append(f"  - Range: `{one.keywords['ge']}` to `{one.keywords['le']}`")
    if named.startswith("list<") and single is not None:
        lines.append(f"  - Array of {named[5:-1]}")
    elif single is None and len(inner) > 1:
        lines.append(f"  - One of: {named}")
    if "example" in one.facts:
        another = ', "another"' * (
            len(one.facts["example"]) <= 300
        )  # of a long one and a short one, the short is shown
        lines.append(f"  - Examples: {as_json(one.facts['example'])}{another}")
    return [*lines, ""]


def as_json(literal: str | None) -> str | None:
    if literal is None:
        return None
    return json.dumps(ast.literal_eval(literal), ensure_ascii=False, separators=(",", ":"))

"""What the emitted docstrings tell of fields. At run time those of attributes are gone: they are read in the source."""

from __future__ import annotations

import ast
import inspect
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from ..describe import Beginning, Value, squeezed

if TYPE_CHECKING:
    from pathlib import Path

    from ...json_text import Json

_DEFAULT = re.compile(r"(?:Server d|D)efault: `(.*)`\.(?= Range: | Length: |$)")
_LIMITS = re.compile(r"(?:Range|Length): [^`]*\.")
_FILE_LIMITS = re.compile(r"File limits: .*\.")
_EXAMPLE = re.compile(r"Example: `(.*)`( … \([\d,]+ characters\))?\.")
# What the endpoint says otherwise of a type that it shares: it is about another field than this one.
_OWN_WORDS = re.compile(r"Here, `\w+\.\w+`: .*")
_REQUIRED = "Documented as required."
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[-+]?\d+)?")


@dataclass(frozen=True, slots=True)
class FieldDoc:
    """A field's docstring, taken apart.

    Attributes:
        description: The prose.
        default: The default that it names.
        example: The example that it gives, or the beginning of a long one.
        limits: The numbers of its range.
        required: Whether it says that the documentation calls the field required, although it need not be given.
    """

    description: str = ""
    default: Value | None = None
    example: Value | None = None
    limits: frozenset[float] = frozenset()
    required: bool = False


def field_docs(path: Path) -> dict[str, dict[str, FieldDoc]]:
    """Every class of a module with its fields, in the order of the source."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name: _fields(node) for node in tree.body if isinstance(node, ast.ClassDef)}


def _fields(node: ast.ClassDef) -> dict[str, FieldDoc]:
    found: dict[str, FieldDoc] = {}
    for statement, following in zip(node.body, [*node.body[1:], None], strict=True):
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            found[statement.target.id] = parse_doc(_docstring(following))
    return found


def _docstring(node: ast.stmt | None) -> str:
    match node:
        case ast.Expr(value=ast.Constant(value=str(text))):
            return text
        case _:
            return ""


def parse_doc(text: str) -> FieldDoc:
    """A docstring's parts: the facts stand behind the description, each kind a paragraph of its own."""
    paragraphs = inspect.cleandoc(text).split("\n\n")
    facts = FieldDoc()
    example = None
    if match := _EXAMPLE.fullmatch(paragraphs[-1]):
        example = _value(match[1])
        if example is not None and match[2]:
            example = Beginning(example.json)
        paragraphs.pop()
    if paragraphs and _FILE_LIMITS.fullmatch(paragraphs[-1]):  # no page shows them
        paragraphs.pop()
    if paragraphs and (found := _facts(paragraphs[-1])) is not None:
        facts = found
        paragraphs.pop()
    while paragraphs and _OWN_WORDS.fullmatch(paragraphs[-1]):
        paragraphs.pop()
    return replace(facts, description=squeezed(" ".join(paragraphs)), example=example)


def _facts(text: str) -> FieldDoc | None:
    """What a paragraph of facts says; None if it is prose."""
    rest = text.removeprefix("Deprecated.").strip()
    required = rest.startswith(_REQUIRED)
    rest = rest.removeprefix(_REQUIRED).strip()
    default = None
    if match := _DEFAULT.match(rest):
        default = _value(match[1])
        rest = rest[match.end() :].strip()
    if rest and not _LIMITS.fullmatch(rest):
        return None
    if not rest and rest == text:
        return None
    numbers = _NUMBER.findall(rest) if rest.startswith("Range") else []
    return FieldDoc(default=default, limits=frozenset(map(float, numbers)), required=required)


def _value(literal: str) -> Value | None:
    """The value of a Python literal."""
    try:
        return Value(cast("Json", ast.literal_eval(literal)))
    except (ValueError, SyntaxError):
        return None

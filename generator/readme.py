"""What the emitted README shows: the simplest calls that the documents have examples for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.shapes import ArrayShape, RefShape
from generator.share import Kind

if TYPE_CHECKING:
    from generator import ir


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A call to show.

    Attributes:
        id: The endpoint's id; its first two segments are `app`.
        module: The attribute path, and the module below `endpoints`.
        arguments: The required inputs, as code.
        output_name: The class of the output.
        shown: The expression to print of an output called `out`.
    """

    id: str
    module: str
    arguments: str
    output_name: str
    shown: str

    @property
    def app(self) -> str:
        """Owner and name."""
        return "/".join(self.id.split("/")[:2])


def examples(api: ir.Api) -> tuple[Example | None, Example | None]:
    """The simplest endpoint to show, and the simplest that streams; None where there is none."""
    files = {module.cls.name for module in api.shared if module.cls.is_file}
    found: list[tuple[int, str, Example]] = []
    streaming: list[tuple[int, str, Example]] = []
    for node in api.nodes:
        if node.endpoint is None or not can_be_shown(node.endpoint):
            continue
        one = _example(node, node.endpoint, files)
        cost = len(root_of(node.endpoint).fields) + len(f"fal.{one.module}.subscribe({one.arguments})") // 100
        found.append((cost, f"fal.{one.module}.subscribe({one.arguments})", one))
        if node.endpoint.streams:
            streaming.append(found[-1])
    return _least(found), _least(streaming)


def can_be_shown(endpoint: ir.Endpoint) -> bool:
    """Whether an endpoint can stand in examples: in one of them `webhook_url` is the client's, and never an input's."""
    return endpoint.example is not None and not endpoint.deprecated and "webhook_url" in endpoint.options


def _least(found: list[tuple[int, str, Example]]) -> Example | None:
    return min(found, key=lambda each: each[:2])[2] if found else None


def _example(node: ir.Node, endpoint: ir.Endpoint, files: set[str]) -> Example:
    return Example(
        id=endpoint.id,
        module=".".join(node.path),
        arguments=", ".join(f"{name}={one.text}" for name, one in endpoint.example or ()),
        output_name=endpoint.output_name,
        shown=_shown(endpoint, files),
    )


def root_of(endpoint: ir.Endpoint) -> ir.Class:
    """The input's class."""
    return next(cls for cls in endpoint.classes if cls.name == endpoint.input_name)


def files_of(endpoint: ir.Endpoint, shared: set[str]) -> list[tuple[str, str | None]]:
    """The fields of the output, each with the expression that leads to its first file, if it holds files.

    Args:
        endpoint: The endpoint; an output of several kinds has no fields.
        shared: The shared classes that are files.
    """
    output = next((cls for cls in endpoint.classes if cls.name == endpoint.output_name), None)
    aliases = {one.alias for one in endpoint.imports if one.kind is Kind.MODELS and one.name in shared}
    aliases |= {cls.name for cls in endpoint.classes if cls.is_file}
    return [(field.name, _file(field, aliases)) for field in (output.fields if output else ())]


def _file(field: ir.Field, aliases: set[str]) -> str | None:
    match field.shape:
        case RefShape(name=name) if name in aliases:
            return f"out.{field.name}"
        case ArrayShape(items=RefShape(name=name)) if name in aliases:
            return f"out.{field.name}[0]"
        case _:
            return None


def _shown(endpoint: ir.Endpoint, shared: set[str]) -> str:
    """What to print of an output: the URL of its first field if that is a file or a list of them, else the field."""
    fields = files_of(endpoint, shared)
    if not fields:
        return "out"
    name, file = fields[0]
    return f"out.{name}" if file is None else f"{file}.url"

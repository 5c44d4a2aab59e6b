"""The README's example with a file: a call that takes one and answers with one (a part of stage render)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.shapes import ArrayShape, RefShape, Shape, StringShape, UnionShape

if TYPE_CHECKING:
    from generator import ir


def file_example(api: ir.Api) -> tuple[str, str] | None:
    """A call with a file of one's own, and the file in its output; None where no endpoint has both.

    The one with the fewest inputs, of those that must be given a file and have an example of everything else.
    """
    files = {module.cls.name for module in api.shared if module.cls.is_file}
    found: list[tuple[int, str, str]] = []
    for node in api.nodes:
        if node.endpoint is None or node.endpoint.example is None or node.endpoint.deprecated:
            continue
        taken, output = _taken(node.endpoint), _given(node.endpoint, files)
        if taken and output:
            call = f"fal.{'.'.join(node.path)}.subscribe({_arguments(node.endpoint.example, taken)})"
            found.append((len(_root(node.endpoint).fields), call, output))
    return min(found)[1:] if found else None


def _root(endpoint: ir.Endpoint) -> ir.Class:
    return next(cls for cls in endpoint.classes if cls.name == endpoint.input_name)


def _taken(endpoint: ir.Endpoint) -> dict[str, str]:
    """The inputs that must be given and take a file, with one."""
    required = (field for field in _root(endpoint).fields if field.required)
    return {field.name: text for field in required if (text := _file_for(field.shape)) is not None}


def _file_for(shape: Shape) -> str | None:
    match shape:
        case StringShape(takes_file=True):
            return 'Path("photo.png")'
        case ArrayShape(items=StringShape(takes_file=True)):
            return '[Path("photo.png")]'
        case UnionShape(members=members):
            return next((text for member in members if (text := _file_for(member)) is not None), None)
        case _:
            return None


def _arguments(example: tuple[tuple[str, ir.Shown], ...], taken: dict[str, str]) -> str:
    return ", ".join(f"{name}={taken.get(name, one.text)}" for name, one in example)


def _given(endpoint: ir.Endpoint, files: set[str]) -> str | None:
    """The first file of the output."""
    output = next((cls for cls in endpoint.classes if cls.name == endpoint.output_name), None)
    aliases = {one.alias for one in endpoint.imports if one.name in files}
    aliases |= {cls.name for cls in endpoint.classes if cls.is_file}
    for field in output.fields if output else ():
        match field.shape:
            case RefShape(name=name) if name in aliases:
                return f"out.{field.name}"
            case ArrayShape(items=RefShape(name=name)) if name in aliases:
                return f"out.{field.name}[0]"
            case _:
                continue
    return None

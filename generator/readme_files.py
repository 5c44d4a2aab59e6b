"""The README's example with a file: a call that takes one and answers with one (a part of stage render)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.readme import can_be_shown, files_of, root_of
from generator.shapes import ArrayShape, Shape, StringShape, UnionShape

if TYPE_CHECKING:
    from generator import ir


def file_example(api: ir.Api) -> tuple[str, str] | None:
    """A call with a file of one's own, and the file in its output; None where no endpoint has both.

    The one with the fewest inputs, of those that must be given a file and have an example of everything else.
    """
    files = {module.cls.name for module in api.shared if module.cls.is_file}
    found: list[tuple[int, str, str]] = []
    for node in api.nodes:
        if node.endpoint is None or not can_be_shown(node.endpoint):
            continue
        taken = _taken(node.endpoint)
        output = next((file for _, file in files_of(node.endpoint, files) if file is not None), None)
        if taken and output:
            call = f"fal.{'.'.join(node.path)}.subscribe({_arguments(node.endpoint.example or (), taken)})"
            found.append((len(root_of(node.endpoint).fields), call, output))
    return min(found)[1:] if found else None


def _taken(endpoint: ir.Endpoint) -> dict[str, str]:
    """The inputs that must be given and take a file, with one."""
    required = (field for field in root_of(endpoint).fields if field.required)
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

"""Which inputs take a file, as far as one document tells: exceptions of its endpoint, and files that nothing knows of.

A part of stage normalize; what holds for every document alike (names, marks, the table) is applied in stage lower.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from ..codes import Code
from ..diagnostics import Source, quoted
from ..project.file_inputs import Takes
from ..shapes import taking_file
from .structure import mentions

if TYPE_CHECKING:
    from ..diagnostics import Findings
    from ..project.file_inputs import FileTable
    from ..shapes import ObjectDef, Property
    from .resolve import Resolved

# The word, and not a part of an address or a name.
_URL = re.compile(r"(?<![\w./-])urls?(?![\w-])", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?]\s+(?=[A-Z])")
_ADDRESS = re.compile(r'"https?://')


def tell_files(
    objects: dict[str, ObjectDef], root: str, resolved: Resolved, files: FileTable, findings: Findings
) -> dict[str, ObjectDef]:
    """The object types, with what their inputs take in this endpoint alone.

    Args:
        objects: A document's object types.
        root: The input among them.
        resolved: The document.
        files: What is known of inputs that take files.
        findings: Where an input is reported that takes a URL by its description, and a text by all that is known.
    """
    told = dict(objects)
    for name in _reached(root, objects):
        texts = {prop.wire_name: prop for prop in objects[name].properties if taking_file(prop.shape) != prop.shape}
        for wire, prop in texts.items():
            exception = files.told(name, wire, resolved.document.id)
            otherwise = files.takes(name, wire, marked=prop.marked)
            if exception is not None:
                texts[wire] = _excepted(prop, exception, otherwise)
            elif _seems_file(prop, name, files):
                _report(prop, name, resolved, findings)
            if (exception or otherwise) is Takes.TEXT:
                texts[wire] = replace(texts[wire], media=None)
        properties = tuple(texts.get(prop.wire_name, prop) for prop in objects[name].properties)
        told[name] = replace(objects[name], properties=properties)
    return told


def _reached(root: str, objects: dict[str, ObjectDef]) -> list[str]:
    """The object types of the input, the root first."""
    reached = {root: None}
    waiting = [root]
    while waiting:
        new = [name for name in mentions(objects[waiting.pop()]) if name not in reached]
        reached |= dict.fromkeys(new)
        waiting += new
    return list(reached)


def _excepted(prop: Property, exception: Takes, otherwise: Takes) -> Property:
    """A property with its exception: it makes a type of the endpoint's own, and so is none where nothing differs."""
    return prop if exception is otherwise else replace(prop, exception=exception.value)


def _seems_file(prop: Property, component: str, files: FileTable) -> bool:
    """Whether an input that is a text by its name speaks of a URL, and nobody has said that it is none."""
    known = files.told(component, prop.wire_name) is not None
    if known or files.takes(component, prop.wire_name, marked=prop.marked) is not Takes.TEXT:
        return False
    shown = [*prop.prose.examples, prop.default or ""]
    return speaks_of_url(prop.prose.description) or any(map(_ADDRESS.search, shown))


def speaks_of_url(description: str) -> bool:
    """Whether the first sentence of a description has the word URL."""
    end = _SENTENCE_END.search(description)
    return _URL.search(description, 0, end.start() if end else len(description)) is not None


def _report(prop: Property, component: str, resolved: Resolved, findings: Findings) -> None:
    source = Source(path=resolved.document.path, pointer=prop.pointer)
    key = quoted(f"{component}.{prop.wire_name}")
    findings.add(
        Code.PERHAPS_FILE,
        f"{quoted(prop.wire_name)} speaks of a URL, and is a text by its name",
        source,
        fix=f'say in file-inputs.toml whether it takes a file: {key} = "why" under [files] or [not-files]',
    )

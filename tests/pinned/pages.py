"""What these tests need of the stored documentation pages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from generator.docs.describe import Text
from generator.docs.pages.api_page import read_page as read_text
from generator.docs.pages.api_text import Example, schema_parts

from .catalog import ROOT

FOLDER = ROOT / "tests" / "docs" / "pages"


@dataclass(frozen=True)
class Page:
    """What a page says of its endpoint.

    Attributes:
        input: The example input.
        output: The example output; empty where the page's "Output" is.
        fields: The names of the inputs, in order.
        enums: The members listed for an input, by its name.
    """

    input: dict[str, Any]
    output: dict[str, Any]
    fields: list[str]
    enums: dict[str, list[str]]


@cache
def read_page(endpoint_id: str) -> Page:
    """The stored page of an endpoint; tests/docs/ tries the reader."""
    text = (FOLDER / f"{endpoint_id.replace('/', '__')}.page.txt").read_text(encoding="utf-8")
    reading = read_text(text)
    assert not reading.problems
    fields = reading.description.input
    assert isinstance(fields, tuple)
    examples: list[Any] = [part.value.json for part in schema_parts(text)[0] if isinstance(part, Example)]
    enums = {str(one.name): one.enum.text.split(", ") for one in fields if isinstance(one.enum, Text)}
    return Page(examples[0], {} if len(examples) == 1 else examples[1], [str(one.name) for one in fields], enums)

"""Which inputs of the real documents take a file: none is missed, and every entry of the table is used."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from corpus.corpus import REPOSITORY, normalized
from generator.parse.structure import mentions
from generator.project.file_inputs import FileTable, is_named_as_file, read_file_table
from generator.project.settings import load_settings
from generator.shapes import ArrayShape, StringShape, UnionShape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.parse.normalize import Normalized
    from generator.shapes import Property, Shape


class Found(NamedTuple):
    """A text among the inputs."""

    component: str
    property: Property

    @property
    def name(self) -> str:
        return f"{self.component}.{self.property.wire_name}"

    def takes_file(self, table: FileTable) -> bool:
        return table.takes_file(self.component, self.property.wire_name, marked=self.property.marked)


def texts() -> Iterator[Found]:
    """Every input of every document that is a text or a list of texts."""
    for one in normalized().values():
        for component in _inputs(one):
            definition = one.objects[component]
            yield from (Found(definition.wire_name, p) for p in definition.properties if _is_text(p.shape))


def _inputs(one: Normalized) -> list[str]:
    seen: dict[str, None] = {}
    waiting = [one.input]
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen[name] = None
            waiting += mentions(one.objects[name])
    return list(seen)


def _is_text(shape: Shape) -> bool:
    match shape:
        case StringShape():
            return True
        case ArrayShape(items=inner):
            return _is_text(inner)
        case UnionShape(members=members):
            return any(_is_text(member) for member in members)
        case _:
            return False


TABLE = read_file_table(load_settings(REPOSITORY))


def test_names_tell_most_of_them() -> None:
    files = [one for one in texts() if one.takes_file(TABLE)]
    by_name = [one for one in files if is_named_as_file(one.property.wire_name)]
    assert len(files) > 400
    assert len(by_name) > 0.85 * len(files)


def test_no_input_that_speaks_of_a_url_is_missed() -> None:
    spoken = re.compile(r"\burls?\b", re.IGNORECASE)
    assert [
        one.name for one in texts() if spoken.search(one.property.prose.description) and not one.takes_file(TABLE)
    ] == []


def test_every_entry_of_the_table_is_used() -> None:
    seen = {key for one in texts() for key in (one.name, one.property.wire_name)}
    assert (TABLE.files.keys() | TABLE.not_files.keys()) <= seen


def test_no_mark_is_needed_in_these_documents_and_none_says_otherwise() -> None:
    """fal marks what the names say already: a mark on anything else would be news, and part of the type's structure."""
    assert {one.name for one in texts() if one.property.marked} == set()

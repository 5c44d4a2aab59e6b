"""Which inputs of the real documents take a file: none is missed, and every entry of the table is used."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

import pytest

from corpus.corpus import REPOSITORY, normalized
from generator.diagnostics import Findings
from generator.parse.files import speaks_of_url, tell_files
from generator.parse.structure import mentions
from generator.project.file_inputs import FileTable, Takes, is_named_as_file, read_file_table
from generator.project.settings import load_settings
from generator.shapes import ArrayShape, StringShape, UnionShape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.diagnostics import Diagnostic
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
        takes = table.takes(self.component, self.property.wire_name, marked=self.property.marked)
        return takes is not Takes.TEXT


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
NAMES_ALONE = FileTable()
# Entries about inputs that these 360 documents do not have: other documents of fal's and its TypeScript client do.
ELSEWHERE = {
    "ReferenceImageInput.reference",
    "AvatarIVBackground.value",
    *("image_source", "resume_from_checkpoint", "garment_image", "model_image"),
    *("insight_face_model_path", "unet_name", "base_1_5_model_repo", "base_sdxl_model_repo"),
    *(
        f"fal-ai/lora{one}:{key}"
        for one in ("", "/image-to-image", "/inpaint")
        for key in ("model_name", "IPAdapter.path")
    ),
}


@pytest.mark.usefixtures("the_corpus_is_here")
def test_names_tell_most_of_them() -> None:
    files = [one for one in texts() if one.takes_file(TABLE)]
    by_name = [one for one in files if is_named_as_file(one.property.wire_name)]
    assert len(files) > 400
    assert len(by_name) > 0.85 * len(files)


def test_no_input_that_speaks_of_a_url_is_missed() -> None:
    """Also not one that does so behind the first sentence, which the diagnostic does not read."""
    spoken = re.compile(r"\burls?\b", re.IGNORECASE)
    assert [
        one.name for one in texts() if spoken.search(one.property.prose.description) and not one.takes_file(TABLE)
    ] == []


@pytest.mark.usefixtures("the_corpus_is_here")
def test_the_first_sentence_finds_most_files_and_nothing_else() -> None:
    """How good the rule of the diagnostic is: tried on inputs whose answer is known."""
    files = [one for one in texts() if one.takes_file(TABLE)]
    rest = [one for one in texts() if not one.takes_file(TABLE)]
    assert len(rest) > 600
    assert [one.name for one in rest if speaks_of_url(one.property.prose.description)] == []
    assert sum(speaks_of_url(one.property.prose.description) for one in files) > 0.8 * len(files)


def test_without_the_table_the_diagnostic_would_name_what_is_in_it() -> None:
    """`list --quality` over all documents: with the table there is nothing to say, without it there is."""
    found = {one.source.pointer.rpartition("/")[2] for one in _diagnostics(NAMES_ALONE)}
    assert found == {"path"}, "the others speak of a URL in a later sentence, or not at all"
    assert _diagnostics(TABLE) == []


def _diagnostics(table: FileTable) -> list[Diagnostic]:
    findings = Findings()
    for one in normalized().values():
        tell_files(one.objects, one.input, one.resolved, table, findings)
    return list(findings.all())


@pytest.mark.usefixtures("the_corpus_is_here")
def test_every_entry_of_the_table_is_used() -> None:
    seen = {key for one in texts() for key in (one.name, one.property.wire_name)}
    assert TABLE.entries.keys() - seen == ELSEWHERE


@pytest.mark.usefixtures("the_corpus_is_here")
def test_what_takes_nothing_but_a_url_has_no_other_example_or_default() -> None:
    """A default that is empty says that there is no file."""
    other: set[tuple[str, str]] = set()
    for one in texts():
        prop = one.property
        if TABLE.takes(one.component, prop.wire_name, marked=prop.marked) is Takes.FILE:
            shown = [json.loads(text) for text in (*prop.prose.examples, prop.default or "[]")]
            values = [value for each in shown for value in (each if isinstance(each, list) else [each])]
            other |= {(one.name, text) for text in values if text is not None and not re.match("https?://|data:", text)}
    assert other == {("VideoBackgroundRemovalRealtimeInput.image_url", "")}


def test_no_mark_is_needed_in_these_documents_and_none_says_otherwise() -> None:
    """fal marks what the names say already: a mark on anything else would be news, and part of the type's structure."""
    assert {one.name for one in texts() if one.property.marked} == set()

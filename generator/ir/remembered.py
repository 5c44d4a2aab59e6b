"""What documents were found to say: each is read once, and again only where more of it is needed than is remembered."""

# design: What does one changed document cost?

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, cast

from ..codes import Code
from ..diagnostics import DefectError, Diagnostic, Findings, Source
from ..node import Node
from ..parse.about import About, deprecation
from ..parse.json_schema import schemas
from ..parse.parse import parse
from ..project.cache import key_of
from ..project.spec_lock import content_hash
from ..project.stored import restore, store
from .known import Kind, Known, Outline, know, objects_of
from .limited_places import file_marks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ..json_text import Json, JsonText
    from ..parse.load import Document
    from ..parse.normalize import Normalized
    from ..project.cache import Cache
    from ..project.file_inputs import FileTable
    from ..shapes import ObjectDef

    # The stages that look at one document alone.
    Read = Callable[[Document, Findings], Normalized | None]
    Spread = Callable[[Callable[[list[Document]], list["Learnt"]], list[Document]], list["Learnt"]]

    # A gist as JSON.
    _Outlines = dict[str, dict[str, tuple[str, str, list[str]]]]
    _Stored = tuple[str, _Outlines | None, list[tuple[str, str, str, str, int | None, str]], list[str]]

_NOWHERE = Node(None, "")
_CODES = {one.value: one for one in Code}


class Gist(NamedTuple):
    """What is remembered of a document.

    Attributes:
        content: The hash of its content; empty where it has none.
        outlines: Of its types; None where it cannot be read.
        found: What is wrong with it.
        about: What editors say of it.
    """

    content: str
    outlines: Mapping[Kind, Mapping[str, Outline]] | None
    found: tuple[Diagnostic, ...]
    about: About = About()


class Learnt(NamedTuple):
    """What came of reading a document: what is remembered of it; the whole, where it can be read, and its schemas."""

    gist: Gist
    whole: Normalized | None
    schemas: JsonText | None


class Remembered:
    """Reads documents, or remembers what they say.

    Args:
        readings: What was found in documents, by id and key.
        definitions: Definitions that were asked for, by the key of their document.
        read: The stages that read a document.
        files: What is known of inputs that take files.
    """

    def __init__(self, readings: Cache, definitions: Cache, read: Read, files: FileTable) -> None:
        self._readings = readings
        self._definitions = definitions
        self._learn = partial(_learn_each, read=read, files=files)
        self._known: dict[str, Gist] = {}
        self._whole: dict[str, Normalized] = {}
        self._schemas: dict[str, JsonText] = {}

    def unknown(self, documents: Iterable[Document]) -> list[Document]:
        """The documents of which nothing is remembered; what is known of the others is at hand behind this."""
        missing: list[Document] = []
        for one in documents:
            text = self._readings.get(one.key, one.id)
            if text is None:
                missing.append(one)
            else:
                self._known[one.id] = _restored(text)
        return missing

    def learn(self, documents: list[Document], spread: Spread) -> None:
        """Read documents, and remember what they say.

        Args:
            documents: Those of which nothing is remembered.
            spread: What has the parts of some work done.
        """
        for document, learnt in zip(documents, spread(self._learn, documents), strict=True):
            self._known[document.id] = learnt.gist
            self._readings.put(document.key, _stored(learnt.gist), document.id)
            self._keep(document, learnt)

    def know(self, document: Document, findings: Findings) -> Known | None:
        """What must be known of a document to decide about all. None, with a finding, where it cannot be read."""
        gist = self._known[document.id]
        findings.extend(gist.found)
        if gist.outlines is None:
            return None

        def define(kind: Kind, wire: str) -> ObjectDef:
            return self._define(document, kind, wire)

        origin = key_of(document.key, str(document.streams), document.vanished)
        about = gist.about._replace(deprecated=deprecation(document.id, document.vanished))
        return Known(id=document.id, origin=origin, outlines=gist.outlines, define=define, about=about)

    def content(self, document: Document) -> str:
        """The hash of a document's content."""
        return self._known[document.id].content

    def whole(self, document: Document) -> Normalized:
        """All that a document says, but for where it stands there.

        Raises:
            DefectError: It cannot be read, although it was.
        """
        if document.id not in self._whole:
            self._keep(document, *self._learn([document]))
        if document.id not in self._whole:
            raise DefectError(f"{document.path} was readable and is not, unchanged")
        return self._whole[document.id]

    def schemas(self, document: Document) -> JsonText:
        """What a document says of its input and its output, as JSON Schema.

        Raises:
            DefectError: It cannot be read, although it was.
        """
        if document.id not in self._schemas:
            self.whole(document)
        return self._schemas[document.id]

    def _keep(self, document: Document, learnt: Learnt) -> None:
        if learnt.whole is not None:
            self._whole[document.id] = learnt.whole
        if learnt.schemas is not None:
            self._schemas[document.id] = learnt.schemas

    def _define(self, document: Document, kind: Kind, wire: str) -> ObjectDef:
        name = f"{kind.value} {wire}"
        text = self._definitions.get(name, document.key)
        if text is not None:
            return restore(json.loads(text))
        definition = objects_of(self.whole(document), kind)[wire]
        self._definitions.put(name, json.dumps(store(definition)), document.key)
        return definition


def _learn_each(documents: list[Document], read: Read, files: FileTable) -> list[Learnt]:
    return [_learn(one, read, files) for one in documents]


def _learn(document: Document, read: Read, files: FileTable) -> Learnt:
    """Read a document with the stages that read one."""
    findings = Findings()
    whole = read(document, findings)
    if whole is None:
        parsed = parse(document, Findings())
        return Learnt(Gist("" if parsed is None else content_hash(parsed.data), None, findings.all()), None, None)
    known = know(whole)
    gist = Gist(content_hash(whole.resolved.document.data), known.outlines, findings.all(), known.about)
    return Learnt(gist, _light(whole), schemas(whole.resolved, *file_marks(whole, files)))


def _light(whole: Normalized) -> Normalized:
    """The same without the data that it was made from, which is most of it and nobody looks at any more."""
    resolved = whole.resolved
    metadata = Node(resolved.metadata.value, resolved.document.path)
    return replace(
        whole,
        resolved=replace(
            resolved,
            document=replace(resolved.document, text="", data=None),
            components=dict.fromkeys(resolved.components, _NOWHERE),
            input=_NOWHERE,
            output=_NOWHERE,
            metadata=metadata,
        ),
    )


def _stored(gist: Gist) -> str:
    found: list[Json] = [
        [one.code.value, one.message, one.source.path, one.source.pointer, one.source.line, one.fix]
        for one in gist.found
    ]
    outlines: Json = None
    if gist.outlines is not None:
        outlines = {
            kind.value: {wire: [one.name, one.digest, list(one.mentions)] for wire, one in of.items()}
            for kind, of in gist.outlines.items()
        }
    return json.dumps([gist.content, outlines, found, [*gist.about._replace(deprecated="")]])


def _restored(text: str) -> Gist:
    content, outlines, found, about = cast("_Stored", json.loads(text))
    known = None
    if outlines is not None:
        known = {
            Kind(kind): {wire: Outline(name, digest, tuple(refs)) for wire, (name, digest, refs) in of.items()}
            for kind, of in outlines.items()
        }
    return Gist(content, known, tuple(_diagnostic(*one) for one in found), About(*about))


def _diagnostic(code: str, message: str, path: str, pointer: str, line: int | None, fix: str) -> Diagnostic:
    source = Source(path=path, pointer=pointer, line=line)
    return Diagnostic(code=_CODES[code], message=message, source=source, fix=fix)

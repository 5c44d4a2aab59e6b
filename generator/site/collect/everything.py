"""Everything the pages show, made of what the pipeline understood: `collect`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ...diagnostics import visible
from ...ir.classes import names_of_fields
from ...ir.lower import note_of, scopes
from ...ir.share import Kind
from ...literals import readable
from ...parse.about import about, deprecation
from ...parse.load import is_stream
from ...parse.structure import reached
from ...project.releases import read_releases
from ...project.settings import Layout, RuntimePart
from ...shapes import RefShape, references
from ..facts import EndpointFacts, SharedType, SiteFacts
from ..markdown import safe_link
from ..skill import read_skill
from .fields import ROOM, Place, Unfolding
from .given import Giver
from .history import History, changelog
from .page_names import page_names
from .samples import Call, printed, samples
from .siblings import with_siblings
from .skipped import skipped
from .takes import takes

if TYPE_CHECKING:
    from ...ir.name import EndpointName
    from ...parse.normalize import Normalized
    from ...pipeline import Understood
    from ...project.settings import Settings


def collect(found: Understood, settings: Settings) -> SiteFacts:
    """What the site shows.

    Args:
        found: What the documents say.
        settings: The project's.

    Raises:
        SettingsError: The releases are not as they should be.
    """
    releases = read_releases(settings)
    history = History(releases)
    shared = found.sharing.shared.values()
    named = {kind: page_names(one.name for one in shared if one.key.kind is kind) for kind in Kind}
    endpoints = (_Endpoint(one, found, settings, named).facts(history) for one in found.named.endpoints)
    return SiteFacts(
        title=settings.package.replace("_", "-"),
        package=settings.package,
        install=f"pip install {_installed(settings)}",
        version=releases.version,
        repository=settings.published.repository,
        thumbnails=False,
        endpoints=with_siblings(endpoints),
        types=_shared(found, settings.package, named),
        guides=(),
        changelog=changelog(releases),
        skill=read_skill(settings),
        skipped=skipped(found, settings),
    )


class _Endpoint:
    """What is told of one endpoint."""

    def __init__(
        self, one: Normalized, found: Understood, settings: Settings, named: dict[Kind, dict[str, str]]
    ) -> None:
        self._one, self._found, self._package = one, found, settings.package
        self._command, self._pages = _command(settings), named
        self._name: EndpointName = found.named.names[one.id]
        self._scopes = dict(zip((Kind.PARAMS, Kind.MODELS), scopes(one, self._name), strict=True))

    def facts(self, history: History) -> EndpointFacts:
        """All of it but its siblings."""
        one, name = self._one, self._name
        metadata, document, said = one.resolved.metadata, one.resolved.document, about(one)
        models, input_ = self._unfolding(Kind.MODELS), self._unfolding(Kind.PARAMS).type(one.input)
        outputs = list(dict.fromkeys(references(one.output)))
        typed = is_stream(one.id) and any(one.objects[wire].properties for wire in outputs)
        root = one.objects[one.input]
        category, output_type = plain(said.category), models.name_of(one.output)
        return EndpointFacts(
            id=one.id,
            owner=one.id.partition("/")[0],
            attribute="fal." + ".".join(name.path),
            category=category,
            summary=plain(said.sentence) or category,
            prose=metadata.get("about").text(),
            documentation=safe_link(said.documentation) or "",
            thumbnail=safe_link(metadata.get("thumbnailUrl").text()) or "",
            called_as="" if one.resolved.path == one.id else one.resolved.path,
            deprecated=deprecation(one.id, document.vanished),
            streams=document.streams,
            event=output_type if typed and document.streams else "",
            untyped=not root.properties and root.extra is not None,
            input=input_,
            outputs=tuple(models.type(wire) for wire in outputs),
            output_type=output_type,
            samples=samples(self._call(typed=typed)),
            takes=takes(input_),
            siblings=(),
            since=history.since(one.id),
            changes=history.changes(one.id),
        )

    def _call(self, *, typed: bool) -> Call:
        one = self._one
        giver = Giver(one.objects, self._scopes[Kind.PARAMS], self._found.files)
        given = giver.required(one.input)
        file = next((each for each in given if each.file), None) or giver.file(one.input)
        names: dict[str, str] = {}
        if isinstance(one.output, RefShape):
            names = names_of_fields(one.objects[one.output.name], Kind.MODELS, self._scopes[Kind.MODELS])
        shown, has_files = printed(one.output, one.objects, names)
        streams = one.resolved.document.streams
        return Call(self._package, self._command, self._name, given, file, shown, has_files, streams, typed)

    def _unfolding(self, kind: Kind) -> Unfolding:
        own = f"{self._package}.endpoints.{'.'.join(self._name.path)}"
        places: dict[str, Place] = {}
        for wire, name in self._scopes[kind].items():
            shared = self._found.sharing.find(self._one.id, kind, wire)
            if shared is None:
                places[wire] = Place(name=name, module=own)
            else:
                module, page = f"{self._package}.{kind.value}", self._pages[kind].get(shared.name, "")
                places[wire] = Place(name=name, module=module, shared=shared.name, page=page)
        return Unfolding(self._one.objects, places, kind, self._found.files)


def _shared(found: Understood, package: str, named: dict[Kind, dict[str, str]]) -> tuple[SharedType, ...]:
    """The shared types: what they mention goes by the names of the shared ones."""
    shared = sorted(found.sharing.shared.values(), key=lambda one: (one.key.kind.value, one.name))
    types: list[SharedType] = []
    for kind in Kind:
        objects = {one.name: one.definition for one in shared if one.key.kind is kind}
        for one in shared:
            if one.key.kind is not kind:
                continue
            module = f"{package}.{kind.value}"
            places = {
                name: Place(name=name, module=module, shared=name, page=named[kind].get(name, ""))
                for name in reached([one.name], objects)
            }
            note = note_of(one.definition, one.key, f"`{one.key.name}`", found.sharing)
            unfolded = Unfolding(objects, places, kind, found.files, ROOM // 10).type(one.name)
            types.append(SharedType(type=unfolded, note=note, used_by=one.endpoints))
    return tuple(sorted(types, key=lambda one: (one.type.kind, one.type.name)))


def _command(settings: Settings) -> str:
    """What runs the package from a shell; empty where it has no part that does."""
    if settings.layout is Layout.PROJECT:
        return settings.package.replace("_", "-")
    return f"python -m {settings.package}.cli" if RuntimePart.CLI in settings.parts else ""


# What a client needs that is kept in a repository and not installed.
_NEEDED = "httpx httpx-sse pydantic sniffio typing_extensions"


def _installed(settings: Settings) -> str:
    """What pip is given for the package; where that is not told, the folder that it is generated into."""
    client = settings.published.client
    if settings.layout is Layout.PACKAGE:
        return _NEEDED
    if "://" in client:
        return f"'{settings.package.replace('_', '-')} @ {client}'"
    return client or f"./{settings.shown(settings.output)}"


# What Markdown marks a line with: pictures and links, emphasis and code, and what makes a line more than one.
_LINKED = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*\)")
_MARKS = re.compile(r"\*\*|`+|^(#{1,6}|[-*+>]|\d+[.)])\s+")


def plain(text: str) -> str:
    """A document's words as one line of plain text, without the marks of Markdown."""
    line = " ".join(readable(text).split())
    return visible(_MARKS.sub("", _LINKED.sub(r"\1", line)))

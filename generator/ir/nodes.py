"""What is to be emitted, decided to the last name: frozen, and free of JSON, Jinja and the file system.

Every named thing has its Python name and its wire name. Stages behind `lower` read this and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..diagnostics import Source  # noqa: TC001  (the tests look at the fields' types)
from ..json_text import JsonText  # noqa: TC001
from ..media_limits import MediaLimits  # noqa: TC001
from ..project.releases import Release  # noqa: TC001
from ..shapes import Media, Prose, Shape  # noqa: TC001
from .share import Kind  # noqa: TC001


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A value that is shown as code, in a docstring or in the README.

    Attributes:
        text: The code.
        value: What it must evaluate to.
    """

    text: str
    value: JsonText


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of a class.

    Attributes:
        shape: Its type; references are names in the class's module.
        required: Whether a caller must give it (inputs), or the server promises it (outputs).
        doc: What its docstring says.
        facts: Lines behind that, to be shown as they are: default, range, example.
        shown: The values among the facts.
        quoted: Whether its annotation names a class that is not defined yet where it stands.
    """

    name: str
    wire_name: str
    shape: Shape
    required: bool
    doc: str
    facts: tuple[str, ...]
    shown: tuple[Shown, ...]
    quoted: bool
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Class:
    """A `TypedDict` (params) or a pydantic model (models).

    Attributes:
        is_file: Whether it is an output file.
        media: What kind of file that is, if it is known.
        extra: What further properties may be, where the document welcomes them.
    """

    name: str
    wire_name: str
    kind: Kind
    is_file: bool
    media: Media | None
    extra: Shape | None
    fields: tuple[Field, ...]
    doc: str
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """A shared class that a module uses.

    Attributes:
        kind: The package it comes from.
        module: The module in there.
        name: Its class.
        alias: What this module calls it, and exports it as.
    """

    kind: Kind
    module: str
    name: str
    alias: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedModule:
    """A module of `params` or `models`, with its one class."""

    kind: Kind
    module: str
    cls: Class
    imports: tuple[Import, ...]
    endpoints: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """An endpoint's own part of its module.

    Attributes:
        id: What users know it by.
        path: Where it is called; for an alias document another id.
        classes: The classes that live here, each behind those it mentions; the roots are last of their kind.
        output: The output: a reference to a root, or a union of them.
        options: The verbs' own options that no input has the name of.
        inputs: A line about each input.
        example: The required inputs and an example of each, if the document has one for each.
        renamed: Whether some input has a wire name that differs from its Python name.
        media: What files must be like, by their places on the wire: `image_url`, `elements.*.video_url`.
        untyped: Whether nothing is known of the input, so that any keyword goes.
        deprecated: What its callers are told, where fal does not list it any more.
        streams: Whether it can stream.
        typed_events: Whether the document tells of what it streams: it does where it is the document of a stream.
    """

    id: str
    path: str
    input_name: str
    output_name: str
    output: Shape
    classes: tuple[Class, ...]
    imports: tuple[Import, ...]
    options: tuple[str, ...]
    inputs: tuple[str, ...]
    example: tuple[tuple[str, Shown], ...] | None
    renamed: bool
    media: tuple[tuple[str, MediaLimits], ...]
    untyped: bool
    streams: bool
    typed_events: bool
    prose: Prose
    category: str
    documentation: str
    source: Source
    deprecated: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """An endpoint whose module is as an earlier run made it: all of it that others look at.

    Attributes:
        id: What users know it by.
        path: Its document.
        imports: What the module takes from `params` and `models`.
        exports: The types that it exports.
        kinds: The kinds of classes with fields that it has.
        deprecated: As that of an endpoint.
        showing: How the README would show it, as JSON; null where it cannot.
    """

    id: str
    path: str
    imports: tuple[Import, ...]
    exports: frozenset[str]
    kinds: frozenset[Kind]
    deprecated: str
    showing: JsonText


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A step further down the attribute path.

    Attributes:
        name: The attribute, and the module.
        class_name: The sync class in that module.
        alias: What the parent's module calls it.
        doc: What is said of it.
    """

    name: str
    class_name: str
    alias: str
    doc: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeNode:
    """A module below `endpoints`: an endpoint, the parent of others, or both. The path of the root is empty.

    Attributes:
        doc: What is said of it: of an endpoint what it does, of any other what is below it.
        finished: The endpoint, where its module is as an earlier run made it and nothing makes it anew.
        kept: The endpoint's document could not be read this time; its module stays as it was.
    """

    path: tuple[str, ...]
    class_name: str
    endpoint: Endpoint | None
    children: tuple[Child, ...]
    doc: str
    finished: Finished | None = None
    kept: bool = False

    @property
    def is_endpoint(self) -> bool:
        """Whether it is more than the parent of others."""
        return self.kept or self.endpoint is not None or self.finished is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryEntry:
    """A line of the registry: an endpoint's id and where it lives."""

    id: str
    module: str
    class_name: str
    alias: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A shared class that the last release took away, and that goes by its old name until the next.

    Attributes:
        kind: The package it was in.
        name: What it was called there.
        module: The module that has what is in its place, relative to that package.
        now: The name in there.
    """

    kind: Kind
    name: str
    module: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """Everything that is emitted. `version` is the package's; `releases` begins with the last."""

    package: str
    version: str
    releases: tuple[Release, ...]
    shared: tuple[SharedModule, ...]
    nodes: tuple[TreeNode, ...]
    registry: tuple[RegistryEntry, ...]
    kept_types: tuple[Import, ...]
    moved: tuple[Moved, ...]

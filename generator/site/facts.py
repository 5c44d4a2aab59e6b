"""What the pages show: frozen, decided to the last word, and free of HTML, Markdown of our own, JSON and the disk.

`collect` makes it of what the pipeline understood. Pages for people, the `.md` beside them and the index of the search
read this and nothing else, so they cannot tell different things.

Texts named *prose* are a document's own words: strangers' Markdown, which `markdown.py` alone makes HTML of.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldFacts:
    """A field of an input or an output.

    Attributes:
        name: In Python.
        wire_name: In JSON.
        type: As Python writes it, members of an enum left out: `int | None`, `list[Image]`, `Literal[…]`.
        required: Whether a caller must give it (inputs), or fal promises it (outputs).
        default: As Python code; None where the document gives none.
        members: The values of an enum, as Python code, in the document's order.
        limits: Of numbers, texts and lists, in words: `1 to 12`, `at most 4 items`.
        file: What kind of file may be given for it (`image`, `audio`, `video`, `file`); empty where it takes none.
        file_limits: What such a file must be like, in words.
        prose: What the document says of it.
        example: As Python code; None where the document gives none.
        deprecated: Whether the document says so.
        types: The types below it, to be unfolded in place: those of a union are several.
    """

    name: str
    wire_name: str
    type: str
    required: bool
    default: str | None = None
    members: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    file: str = ""
    file_limits: tuple[str, ...] = ()
    prose: str = ""
    example: str | None = None
    deprecated: bool = False
    types: tuple[TypeFacts, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeFacts:
    """A type with fields.

    Attributes:
        name: What the endpoint's module calls it.
        kind: `params` (what callers give) or `models` (what fal answers).
        module: Where it is imported from: `fal_typed.models`, `fal_typed.endpoints.flux_1.schnell`.
        shared: Its name among the shared types (`SizedImage`), which has a page; empty for one of the endpoint's own.
        page: What that page is called, where another type's name differs in case alone; empty where it is the name.
        again: Whether it stands further up already: it leads back to itself, and its fields are not told again.
        extra: What further keys may be, as Python writes it; empty where none are told of.
    """

    name: str
    kind: str
    module: str
    shared: str = ""
    page: str = ""
    prose: str = ""
    again: bool = False
    extra: str = ""
    fields: tuple[FieldFacts, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A piece of code to copy: whole, as it runs.

    Attributes:
        label: What it shows, in a word or two: `sync`, `async`, `submit`, `stream`, `with a file`, `shell`.
        language: `python` or `bash`.
    """

    label: str
    language: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sibling:
    """An endpoint of the same app, and how its input and output differ from this one's.

    Attributes:
        differences: Sentences with code in backticks: "also takes `mask_url`", "`num_images` is 1, not 4".
        count: How many there are, of which the sentences tell the first.
    """

    id: str
    category: str
    differences: tuple[str, ...]
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedChange:
    """What a release said of an endpoint: `text` is our own Markdown, as the changelog has it."""

    version: str
    date: str
    verdict: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointFacts:
    """An endpoint.

    Attributes:
        id: fal's.
        owner: The first segment of the id.
        attribute: How it is reached: `fal.flux_1.schnell`.
        category: fal's word for what it does; empty where the document does not tell.
        summary: The first sentence of `prose` as plain text of one line; the category, where there is none.
        documentation: fal's page; https, or empty.
        thumbnail: The URL of fal's picture of it; https, or empty.
        called_as: The id that its requests go to, where that is another.
        deprecated: What its callers are told, where fal does not list it any more; else empty.
        streams: Whether it streams.
        event: The type of its events, where the document tells.
        untyped: Whether nothing is known of its input.
        input: Its input.
        outputs: Its output: one type, or those of a union; none where the output is of no such type.
        output_type: The output as Python writes it.
        samples: Calls with the document's own example.
        takes: The kinds of input it takes, as people look for them: `a mask`, `an image`, `a seed`, `a prompt` ….
        siblings: The nearest of the same app, nearest first.
        since: The release it came with; None where none has it yet.
        changes: What releases said of it, the last one first.
    """

    id: str
    owner: str
    attribute: str
    category: str
    summary: str
    prose: str
    documentation: str
    thumbnail: str
    called_as: str
    deprecated: str
    streams: bool
    event: str
    untyped: bool
    input: TypeFacts
    outputs: tuple[TypeFacts, ...]
    output_type: str
    samples: tuple[Sample, ...]
    takes: tuple[str, ...]
    siblings: tuple[Sibling, ...]
    since: ReleasedChange | None
    changes: tuple[ReleasedChange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedType:
    """A type that several endpoints use.

    Attributes:
        type: It; its name is the shared one.
        note: How it differs from the type with the plain name, if that is another; plain text with code in backticks.
        used_by: The ids of the endpoints.
    """

    type: TypeFacts
    note: str
    used_by: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """A page written by hand.

    Attributes:
        slug: Its name in the site: `batch`.
        title: Its first heading.
        text: Our own Markdown, with links as the repository has them.
        source: The file it comes from, relative to the project: `generated/BATCH.md`.
    """

    slug: str
    title: str
    text: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFacts:
    """Everything that is shown.

    Attributes:
        title: Of the site.
        package: What is imported: `fal_typed`.
        install: What installs it, as a line for a shell.
        version: Of the package.
        repository: Its https address; empty where there is none.
        thumbnails: Whether pictures from other hosts are shown.
        endpoints: By id.
        types: Shared ones, by kind and name.
        guides: In the order in which they are shown.
        changelog: Our own Markdown; empty before the first release.
        url: Where the site is published: https, with a slash at its end; empty where that is not known.
        skill: The skill that the package carries, as it has it; empty where it has none.
        skipped: Endpoints that are covered but have no page, each with the reason.
    """

    title: str
    package: str
    install: str
    version: str
    repository: str
    thumbnails: bool
    endpoints: tuple[EndpointFacts, ...]
    types: tuple[SharedType, ...]
    guides: tuple[Guide, ...]
    changelog: str
    url: str = ""
    skill: str = ""
    skipped: tuple[tuple[str, str], ...] = ()

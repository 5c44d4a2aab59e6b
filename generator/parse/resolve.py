"""Stage resolve: where a document says what goes in and what comes out, and what its references point at.

Roots are found by following the document's paths, never by a name: of two components whose name ends in `Input`
the wrong one is often the nearer. Only references into `#/components/schemas` are followed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

from ..codes import Code
from ..diagnostics import Source, quoted
from ..node import Node
from ..project.ids import called_id, post_paths, posted_path, shortest

if TYPE_CHECKING:
    from ..diagnostics import Findings
    from .load import Document

_COMPONENTS = "#/components/schemas/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """A document whose roots are known.

    Attributes:
        path: Where the request is posted, without the slash in front; for an alias document not the id.
        input: The schema of the request body.
        output: The schema of the result.
        components: The definitions that references may name.
    """

    document: Document
    path: str
    input: Node
    output: Node
    components: dict[str, Node]
    metadata: Node

    @property
    def source(self) -> Source:
        """The document as a whole."""
        return Source(path=self.document.path)


def resolve(document: Document, findings: Findings) -> Resolved | None:
    """Find a document's roots. None, with an error among the findings, where it has no request to post."""
    root = Node(document.data, document.path)
    version = root.get("openapi").value
    if not isinstance(version, str) or not version.startswith("3."):
        findings.add(
            Code.NOT_OPENAPI,
            "not an OpenAPI 3 document: it has no `openapi` version that begins with 3",
            root.source,
            fix="fetch the endpoint's document again",
        )
        return None
    post = posted_path(document.id, root.get("paths").members())
    if post is None:
        _report_uncallable(root.get("paths"), findings)
        return None
    schemas = root.get("components", "schemas")
    return Resolved(
        document=document,
        path=called_id(post),
        input=_json_schema(root.get("paths", post, "post", "requestBody")),
        output=_output(root.get("paths"), post),
        components={name: schemas.get(name) for name in schemas.members()},
        metadata=root.get("info", "x-fal-metadata"),
    )


def _report_uncallable(paths: Node, findings: Findings) -> None:
    """Say why no path can be posted to: there is none, or none that is an endpoint's."""
    path = shortest(post_paths(paths.members()))
    if path is None:
        findings.add(
            Code.NO_POST_PATH,
            "no path with a `post` operation: there is nothing to call",
            paths.source,
            fix="fetch the endpoint's document again",
        )
        return
    findings.add(
        Code.BAD_PATH,
        f"{quoted(path)} is not the path of an endpoint: nothing is posted there",
        paths.get(path).source,
        fix="it must be `/owner/name…`, of letters, digits, `-`, `_` and `.` alone; fetch the document again",
    )


def _output(paths: Node, post: str) -> Node:
    """The result's schema: fal answers a post with a queue status, and the output is got by request id."""
    for path in paths.members():
        operation = paths.get(path, "get")
        if path.startswith(post.rstrip("/") + "/requests/") and path.endswith("}") and operation.members():
            return _answer(operation)
    return _answer(paths.get(post, "post"))


def _answer(operation: Node) -> Node:
    responses = operation.get("responses")
    status = min((code for code in responses.members() if code.startswith("2")), default="200")
    return _json_schema(responses.get(status))


def _json_schema(body: Node) -> Node:
    return body.get("content", "application/json", "schema")


def component_of(reference: str) -> str | None:
    """The component a `$ref` names, as it is written, or None where it points anywhere else."""
    if not reference.startswith(_COMPONENTS):
        return None
    return reference.removeprefix(_COMPONENTS)


def find_component(resolved: Resolved, reference: Node, findings: Findings) -> str | None:
    """The name of the component that a `$ref` points at, or None, with a finding, where there is none.

    fal writes names into references unescaped; other writers escape them (RFC 6901, percent-encoding).
    """
    text = reference.text()
    name = component_of(text)
    if name is None:
        findings.add(
            Code.FOREIGN_REF, f"reference to {quoted(text)} is not followed; any value is taken", reference.source
        )
        return None
    unescaped = unquote(name).replace("~1", "/").replace("~0", "~")
    for candidate in (name, unescaped):
        if candidate in resolved.components:
            return candidate
    is_root = reference.source.pointer.startswith("/paths/")
    findings.add(
        Code.MISSING_ROOT if is_root else Code.DANGLING_REF,
        f"{'root' if is_root else 'component'} {quoted(name)} does not exist; any value is taken",
        reference.source,
    )
    return None

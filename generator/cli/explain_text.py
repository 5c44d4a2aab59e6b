"""`explain`: what a diagnostic means, and where a type is used and why it is or is not shared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..diagnostics import Code
from ..ir.identifiers import class_name
from ..ir.share import Kind
from ..project.ids import LONGEST_ID, LONGEST_SEGMENT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..ir.share import Group, Sharing

# What it means, and what to do. A page for each code would say no more.
CODES: dict[Code, str] = {
    Code.NOT_JSON: "The document is not JSON (or no UTF-8 text). The endpoint stays as it was; the others are "
    "written. Fetch the document again, or repair it at the line that is named.",
    Code.NOT_OPENAPI: "The document is JSON, but no OpenAPI 3 document: it has no `openapi` version. fal answers so "
    "where it cannot expand an endpoint. The endpoint stays as it was. Fetch it again later.",
    Code.NO_POST_PATH: "No path of the document has a `post` operation, so there is nothing to call. The endpoint "
    "stays as it was.",
    Code.BAD_PATH: "The document says to post to a path that is no endpoint's: one with a query, a fragment, a host, a "
    "dot segment or other characters than an id has. The client would send the key and the input there, so it is not "
    "believed. The endpoint stays as it was. Where another path of the document is an endpoint's, that one is taken.",
    Code.NO_DOCUMENT: "endpoints.toml lists an endpoint whose document is not there. Add the document, or take the "
    "table out of endpoints.toml.",
    Code.BAD_ID: "The path of a document below specs/ is its endpoint's id, and this is none: an id has two segments "
    f"or more, of letters, digits, `-`, `_` and `.`; up to {LONGEST_SEGMENT} characters each, and {LONGEST_ID} in all.",
    Code.NAME_CLASH: "Two ids lead to one Python path (case, `-`, `_` and `.` do not tell names apart). The endpoint "
    "that had the path before keeps it; the other is left out.",
    Code.NO_PARENT: "An endpoint below another one, whose own document cannot be read: its module stays as it was, a "
    "plain module, and cannot have children. Repair the parent's document.",
    Code.NOT_LOCKED: "A document is not what specs/lock.json says: somebody edited it, took it away, or put it there "
    "by hand. `regenerate --locked` refuses it. `fetch` the endpoint again, or restore the file from version control; "
    "spacing and key order do not count.",
    Code.OVER_LIMIT: "The document is far larger, deeper or more entangled than any real one, and might exhaust time "
    "or memory. The endpoint stays as it was. Of the limits, the document's size is a setting: max_document_mib.",
    Code.LINK_OUT: "A document that is a link out of specs/, or stands behind one. It is not read, and the endpoint "
    "stays as it was. Put the document itself there.",
    Code.REFUSED_MODULE: "The module made from the document would do something else than define types, or does not say "
    "what the document says: a default, an enum member or a description would read as something else. It was not "
    "written; the endpoint (of a shared type: every endpoint that uses it) stays as it was. A document cannot cause "
    "this by itself: some writer or template of the generator is wrong, and the document shows it.",
    Code.MISSING_ROOT: "The document names a component for its input or output that it does not have. Repaired: any "
    "value is taken there.",
    Code.DANGLING_REF: "A reference names a component that the document does not have. Repaired: any value is taken.",
    Code.FOREIGN_REF: "A reference leads out of `#/components/schemas`. It is never followed: any value is taken.",
    Code.CIRCULAR_REF: "A reference that leads back to itself without an object in between has no meaning. Repaired: "
    "any value is taken.",
    Code.UNKNOWN_TYPE: "A `type` that JSON Schema does not have. Repaired: any value is taken.",
    Code.UNSUPPORTED_KEYWORD: "A keyword of JSON Schema that Python types cannot express. What else the schema says "
    "stays; the client is less strict than the document, and fal checks the rest.",
    Code.BAD_KEYWORD: "A keyword whose value JSON Schema does not allow. Repaired: it is left out.",
    Code.LOST_PROPERTIES: "`properties` is no object, so no field of the type is known. Repaired: any field is taken. "
    "No real document is so: this one is damaged. Fetch it again, or restore it from version control; `diff` says "
    "which fields are gone.",
    Code.UNKNOWN_REQUIRED: "`required` names what is no property of the same type. Repaired: it is left out, and calls "
    "go without it. Where the property was lost, fetch the document again.",
    Code.IGNORED_KEYWORD: "A keyword that restricts a value stands beside `$ref`, `allOf`, `anyOf` or `oneOf`, and "
    "only what those lead to was read. The client is less strict than the document, and fal checks the rest.",
    Code.BAD_PATTERN: "A regular expression that the client's engine (Rust's) does not compile, such as a look-ahead. "
    "Repaired: the client does not check it.",
    Code.TUPLE_AS_MAPPING: "`items` is an object with positions for keys: a list that JavaScript spread. Repaired: "
    "read as the tuple that was meant.",
    Code.DEFAULT_MISMATCH: "A default that its own schema does not allow. It is documented as it is; defaults are "
    "never sent, so it does no harm.",
    Code.PERHAPS_FILE: "An input that is a text by its name, and whose description or example speaks of a URL: perhaps "
    "it takes a file. A text it stays until specs/file-inputs.toml says so: under [files] where nothing but a file "
    "goes, under [files-or-names] where a name or an id does as well, under [not-files] where no file is meant.",
    Code.DUPLICATE_KEY: "An object of the document has a key twice. Repaired as JSON readers do: the last one is "
    "taken.",
    Code.MORE: "There is more to say about a document than anybody reads. What is not shown was repaired like what is.",
    Code.UNLISTED_DOCUMENT: "A document below specs/ that endpoints.toml does not list: it is not generated.",
    Code.EDITED_FILE: "A generated file was edited by hand. It stays as it is until you take the change out or run "
    "with --force, which loses it.",
    Code.FOREIGN_FILE: "A file in the output folder that this generator did not write. It stays as it is; with "
    "--force it is overwritten if it is in the way.",
    Code.UNREADABLE_PAGE: "A line of a documentation page that `verify-docs` cannot place, or a page that is none. "
    "What stands there is not compared, so the run fails. If the line is damaged, repair or fetch the page again; if "
    "fal has a new form, generator/docs/ must learn it.",
}


def explain_code(name: str) -> str | None:
    """What a diagnostic means, by the code in its brackets; None if there is no such code."""
    code = next((code for code in Code if code.value == name), None)
    return None if code is None else f"{code.value} ({code.severity.value})\n\n{CODES[code]}"


def explain_type(name: str, groups: Iterable[Group], sharing: Sharing) -> list[str]:
    """A paragraph for each structure that goes by a name: its uses, and why it is where it is.

    Args:
        name: A component's name in the documents, or a shared class (`Image2`).
        groups: The definitions of all endpoints, by structure.
        sharing: Which of them are shared.
    """
    wanted = class_name(name)
    found: list[str] = []
    for group in groups:
        shared = sharing.shared.get(group.key)
        if wanted == group.key.name or (shared is not None and shared.name == wanted):
            where = _where(group) if shared is None else f"{shared.key.kind.value}.{shared.name}: {_why(group)}"
            found.append("\n".join([where, *(f"  {endpoint}" for endpoint in sorted(group.members))]))
    return sorted(found)


def _why(group: Group) -> str:
    count = len(group.members)
    used = "one endpoint" if count == 1 else f"{count} endpoints"
    return f"pinned in types.lock, structure {group.key.digest[:8]}, used by {used}"


def _where(group: Group) -> str:
    endpoint = min(group.members)
    why = (
        "it leads back to itself through other types, or to the root"
        if len(group.members) > 1
        else "another structure has the name, and only one endpoint uses this one"
    )
    kind = "input" if group.key.kind is Kind.PARAMS else "output"
    return f"{group.key.name}, {kind} of {endpoint}: in the endpoint's module, because {why}"

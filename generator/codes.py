"""The table of diagnostics: a row for each kind. Whoever adds one adds a row, and nothing else."""

from __future__ import annotations

from enum import Enum


class Severity(Enum):
    """Whether what the diagnostic is about could still be generated."""

    WARNING = "warning"
    ERROR = "error"


class Code(Enum):
    """Every kind of diagnostic, a row each: what programs and `explain` know it by, its severity, and what it means.

    The first of them never changes. The last says what to do, too: a page for each code would say no more.

    Attributes:
        severity: An error keeps its endpoint (or file) out of the output; a warning does not.
        meaning: What `explain` says.
    """

    _value_: str
    severity: Severity
    meaning: str

    def __new__(cls, value: str, severity: Severity, meaning: str) -> Code:
        """A row of the table."""
        code = object.__new__(cls)
        code._value_, code.severity, code.meaning = value, severity, meaning
        return code

    # The endpoint cannot be generated; it is left as it was, and the others are written.
    NOT_JSON = (
        "not-json",
        Severity.ERROR,
        (
            "The document is not JSON (or no UTF-8 text). The endpoint stays as it was; the others are written. Fetch "
            "the document again, or repair it at the line that is named."
        ),
    )
    NOT_OPENAPI = (
        "not-openapi",
        Severity.ERROR,
        (
            "The document is JSON, but no OpenAPI 3 document: it has no `openapi` version. fal answers so where it "
            "cannot expand an endpoint. The endpoint stays as it was. Fetch it again later."
        ),
    )
    NO_POST_PATH = (
        "no-post-path",
        Severity.ERROR,
        "No path of the document has a `post` operation, so there is nothing to call. The endpoint stays as it was.",
    )
    BAD_PATH = (
        "bad-path",
        Severity.ERROR,
        (
            "The document says to post to a path that is no endpoint's: one with a query, a fragment, a host, a dot "
            "segment or other characters than an id has. The client would send the key and the input there, so it is "
            "not believed. The endpoint stays as it was. Where another path of the document is an endpoint's, that one "
            "is taken."
        ),
    )
    NO_DOCUMENT = (
        "no-document",
        Severity.ERROR,
        (
            "endpoints.toml lists an endpoint whose document is not there. Add the document, or take the table out of "
            "endpoints.toml."
        ),
    )
    BAD_ID = (
        "bad-id",
        Severity.ERROR,
        (
            "The path of a document below specs/ is its endpoint's id, and this is none: an id has two segments or "
            "more, of letters, digits, `-`, `_` and `.`; up to 200 characters each, and 400 in all."
        ),
    )
    NAME_CLASH = (
        "name-clash",
        Severity.ERROR,
        (
            "Two ids lead to one Python path (case, `-`, `_` and `.` do not tell names apart). The endpoint that had "
            "the path before keeps it; the other is left out."
        ),
    )
    NO_PARENT = (
        "no-parent",
        Severity.ERROR,
        (
            "An endpoint below another one, whose own document cannot be read: its module stays as it was, a plain "
            "module, and cannot have children. Repair the parent's document."
        ),
    )
    NOT_LOCKED = (
        "not-locked",
        Severity.ERROR,
        (
            "A document is not what specs/lock.json says: somebody edited it, took it away, or put it there by hand. "
            "`regenerate --locked` refuses it. `fetch` the endpoint again, or restore the file from version control; "
            "spacing and key order do not count."
        ),
    )
    OVER_LIMIT = (
        "over-limit",
        Severity.ERROR,
        (
            "The document is far larger, deeper or more entangled than any real one, and might exhaust time or memory. "
            "The endpoint stays as it was. Of the limits, the document's size is a setting: max_document_mib."
        ),
    )
    LINK_OUT = (
        "link-out",
        Severity.ERROR,
        (
            "A document that is a link out of specs/, or stands behind one. It is not read, and the endpoint stays as "
            "it was. Put the document itself there."
        ),
    )
    REFUSED_MODULE = (
        "refused-module",
        Severity.ERROR,
        (
            "The module made from the document would do something else than define types, or does not say what the "
            "document says: a default, an enum member or a description would read as something else. It was not "
            "written; the endpoint (of a shared type: every endpoint that uses it) stays as it was. A document cannot "
            "cause this by itself: some writer or template of the generator is wrong, and the document shows it."
        ),
    )

    # Repairs: real documents have these faults, and the endpoint works all the same.
    MISSING_ROOT = (
        "missing-root",
        Severity.WARNING,
        (
            "The document names a component for its input or output that it does not have. Repaired: any value is "
            "taken there."
        ),
    )
    DANGLING_REF = (
        "dangling-ref",
        Severity.WARNING,
        "A reference names a component that the document does not have. Repaired: any value is taken.",
    )
    FOREIGN_REF = (
        "foreign-ref",
        Severity.WARNING,
        "A reference leads out of `#/components/schemas`. It is never followed: any value is taken.",
    )
    CIRCULAR_REF = (
        "circular-ref",
        Severity.WARNING,
        (
            "A reference that leads back to itself without an object in between has no meaning. Repaired: any value is "
            "taken."
        ),
    )
    UNKNOWN_TYPE = (
        "unknown-type",
        Severity.WARNING,
        "A `type` that JSON Schema does not have. Repaired: any value is taken.",
    )
    UNSUPPORTED_KEYWORD = (
        "unsupported-keyword",
        Severity.WARNING,
        (
            "A keyword of JSON Schema that Python types cannot express. What else the schema says stays; the client is "
            "less strict than the document, and fal checks the rest."
        ),
    )
    BAD_KEYWORD = (
        "bad-keyword",
        Severity.WARNING,
        "A keyword whose value JSON Schema does not allow. Repaired: it is left out.",
    )
    LOST_PROPERTIES = (
        "lost-properties",
        Severity.WARNING,
        (
            "`properties` is no object, so no field of the type is known. Repaired: any field is taken. No real "
            "document is so: this one is damaged. Fetch it again, or restore it from version control; `diff` says "
            "which fields are gone."
        ),
    )
    UNKNOWN_REQUIRED = (
        "unknown-required",
        Severity.WARNING,
        (
            "`required` names what is no property of the same type. Repaired: it is left out, and calls go without it. "
            "Where the property was lost, fetch the document again."
        ),
    )
    IGNORED_KEYWORD = (
        "ignored-keyword",
        Severity.WARNING,
        (
            "A keyword that restricts a value stands beside `$ref`, `allOf`, `anyOf` or `oneOf`, and only what those "
            "lead to was read. The client is less strict than the document, and fal checks the rest."
        ),
    )
    UNKNOWN_LIMIT = (
        "unknown-limit",
        Severity.WARNING,
        (
            "A limit of files in `x-fal` that this generator does not know. It is left out, and fal checks it; "
            "generator/media_limits.py lists those that are known."
        ),
    )
    BAD_PATTERN = (
        "bad-pattern",
        Severity.WARNING,
        (
            "A regular expression that the client's engine (Rust's) does not compile, such as a look-ahead. Repaired: "
            "the client does not check it."
        ),
    )
    TUPLE_AS_MAPPING = (
        "tuple-as-mapping",
        Severity.WARNING,
        (
            "`items` is an object with positions for keys: a list that JavaScript spread. Repaired: read as the tuple "
            "that was meant."
        ),
    )
    DEFAULT_MISMATCH = (
        "default-mismatch",
        Severity.WARNING,
        (
            "A default that its own schema does not allow. It is documented as it is; defaults are never sent, so it "
            "does no harm."
        ),
    )
    PERHAPS_FILE = (
        "perhaps-file",
        Severity.WARNING,
        (
            "An input that is a text by its name, and whose description or example speaks of a URL: perhaps it takes a "
            "file. A text it stays until specs/file-inputs.toml says so: under [files] where nothing but a file goes, "
            "under [files-or-names] where a name or an id does as well, under [not-files] where no file is meant."
        ),
    )
    DUPLICATE_KEY = (
        "duplicate-key",
        Severity.WARNING,
        "An object of the document has a key twice. Repaired as JSON readers do: the last one is taken.",
    )
    MORE = (
        "more",
        Severity.WARNING,
        "There is more to say about a document than anybody reads. What is not shown was repaired like what is.",
    )
    UNLISTED_DOCUMENT = (
        "unlisted-document",
        Severity.WARNING,
        "A document below specs/ that endpoints.toml does not list: it is not generated.",
    )

    # About files of the output, not about documents.
    EDITED_FILE = (
        "edited-file",
        Severity.ERROR,
        (
            "A generated file was edited by hand. It stays as it is until you take the change out or run with --force, "
            "which loses it."
        ),
    )
    FOREIGN_FILE = (
        "foreign-file",
        Severity.WARNING,
        (
            "A file in the output folder that this generator did not write. It stays as it is; with --force it is "
            "overwritten if it is in the way."
        ),
    )

    # About pages of fal's documentation.
    UNREADABLE_PAGE = (
        "unreadable-page",
        Severity.ERROR,
        (
            "A line of a documentation page that `verify-docs` cannot place, or a page that is none. What stands there "
            "is not compared, so the run fails. If the line is damaged, repair or fetch the page again; if fal has a "
            "new form, generator/docs/ must learn it."
        ),
    )

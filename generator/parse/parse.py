"""Stage parse: a document's text as JSON, if it is some and within the limits."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from ..codes import Code
from ..diagnostics import MESSAGES, Source, quoted
from ..json_text import NotJsonError, duplicate_keys
from ..json_text import parse as parse_json
from ..limits import FIX, excess
from .load import NOT_JSON_FIX

if TYPE_CHECKING:
    from ..diagnostics import Findings
    from .load import Document

# Of a repeated key; a hundred findings may have one each, and the line alone leads there too.
_LONGEST_POINTER = 20_000


def parse(document: Document, findings: Findings) -> Document | None:
    """A document with its data. None, with a finding, where it has none that can be used."""
    text, shown = document.text, document.path
    duplicates: list[str] = []
    too_much = excess(text.encode("utf-8", "surrogatepass"), text)
    if too_much is not None:
        findings.add(Code.OVER_LIMIT, too_much.message, Source(path=shown, line=too_much.line), fix=FIX)
        return None
    try:
        data = parse_json(text, duplicates)
    except NotJsonError as error:
        findings.add(Code.NOT_JSON, str(error), Source(path=shown, line=error.line or 1), fix=NOT_JSON_FIX)
        return None
    if duplicates:
        _report_duplicates(text, shown, findings)
    return replace(document, data={} if data is None else data)


def _report_duplicates(text: str, shown: str, findings: Findings) -> None:
    for pointer, line in islice(duplicate_keys(text), MESSAGES + 1):
        source = Source(path=shown, pointer=pointer if len(pointer) <= _LONGEST_POINTER else "", line=line)
        key = pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~")
        findings.add(Code.DUPLICATE_KEY, f"the key {quoted(key)} is here a second time; the last one is taken", source)

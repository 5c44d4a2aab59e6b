"""The data that the package carries: the schemas of its endpoints, compressed into one file of text.

The file is base64, line by line, of one stream of xz; in it there is a line for each endpoint, by id: the id, a tab,
both schemas as JSON. Nothing of it is ever executed. Another version of xz may compress the same otherwise: a file
that holds what is wanted stays as it is.
"""

# design: Which schemas travel with the package?

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING

from ..diagnostics import DefectError
from ..literals import comment
from ..project.cache import key_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from ..json_text import JsonText
    from ..project.cache import Cache

PATH = "_schemas.txt"
_LINE = re.compile(r"[\w.-]+(/[\w.-]+)+\t[ -~]+", re.ASCII)
_BYTES = 90  # of a line, which has 120 characters then
_PRESET = 4  # the highest takes twice as long, for a tenth less
_MOST = 1 << 30  # bytes to decompress; ours are some five thousand for each endpoint


def carried(
    wanted: Mapping[str, str],
    kept: Collection[str],
    there: str | None,
    header: str,
    make: Callable[[str], JsonText],
    cache: Cache,
) -> str:
    """The text of the file.

    Args:
        wanted: What the schemas of each endpoint are made of, as a key, by id.
        kept: The ids of endpoints that stay as they are, because their documents cannot be read.
        there: The file as it is, if it is ours.
        header: What its first line says.
        make: What makes the schemas of an endpoint.
        cache: A hash of each endpoint's line, and of the file that all of them gave.
    """
    known = {one: cache.get(key, one) for one, key in wanted.items()}
    if there is not None and None not in known.values() and cache.get(_of_all(known, kept, header)) == key_of(there):
        return there
    before = unpacked(there, header)
    lines = {one: before[one] for one in kept if one in before}
    for one, key in wanted.items():
        line = before.get(one)
        if line is None or known[one] != key_of(line):
            line = f"{one}\t{make(one)}"
            known[one] = key_of(line)
            cache.put(key, key_of(line), one)
        lines[one] = line
    text = there if there is not None and lines == before else packed(lines, header)
    cache.put(_of_all(known, kept, header), key_of(text))
    return text


def _of_all(known: Mapping[str, str | None], kept: Collection[str], header: str) -> str:
    return key_of(header, sorted(kept), [f"{one} {known[one]}" for one in sorted(known)])


def packed(lines: Mapping[str, str], header: str) -> str:
    """The text of a file.

    Args:
        lines: The line of each endpoint, by id.
        header: What its first line says.

    Raises:
        DefectError: A line is none.
    """
    import lzma

    for one, line in lines.items():
        if not _LINE.fullmatch(line) or not line.startswith(f"{one}\t"):
            raise DefectError(f"the schemas of {one} are no line of printable ASCII")
    data = lzma.compress("".join(f"{lines[one]}\n" for one in sorted(lines)).encode(), preset=_PRESET)
    rows = [base64.b64encode(data[at : at + _BYTES]).decode() for at in range(0, len(data), _BYTES)]
    return "\n".join([f"# {comment(header)}", *rows, ""])


def unpacked(text: str | None, header: str) -> dict[str, str]:
    """The line of each endpoint, by id; none where the text is not as `packed` wrote it."""
    import lzma

    first, _, rows = (text or "").partition("\n")
    if first != f"# {comment(header)}":
        return {}
    reader = lzma.LZMADecompressor(format=lzma.FORMAT_XZ)
    try:
        data = reader.decompress(base64.b64decode(rows.replace("\n", ""), validate=True), _MOST)
        lines = data.decode("ascii").splitlines() if reader.eof and not reader.unused_data else []
    except (binascii.Error, lzma.LZMAError, EOFError, ValueError):
        return {}
    return {line.partition("\t")[0]: line for line in lines}

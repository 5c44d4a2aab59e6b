"""The data that the package carries: the schemas of its endpoints, compressed into one file of text.

The file has a line for each endpoint, by id: the id, a tab, both schemas as JSON. Some fifty of them at a time are
compressed by xz and stand there as a paragraph of base64, so that one changed document costs the work for its paragraph
alone. Nothing of it is ever executed. Another version of xz may compress the same otherwise: a paragraph that holds
what is wanted stays as it is.
"""

# design: Which schemas travel with the package?

from __future__ import annotations

import base64
import binascii
import re
import zlib
from types import MappingProxyType
from typing import TYPE_CHECKING

from ..diagnostics import DefectError
from ..literals import comment
from ..project.cache import key_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from ..json_text import JsonText
    from ..project.cache import Cache

_LINE = re.compile(r"[\w.-]+(/[\w.-]+)+\t[ -~]+", re.ASCII)
_BYTES = 90  # of a line, which has 120 characters then
_PRESET = 2  # a sixth more bytes than by 6, in a third of the time
_PARAGRAPH = 48  # endpoints, on average
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
    paragraphs = _paragraphs(there, header)
    before = _by_id(paragraphs)
    lines = {one: before[one] for one in kept if one in before}
    for one, key in wanted.items():
        line = before.get(one)
        if line is None or known[one] != key_of(line):
            line = f"{one}\t{make(one)}"
            known[one] = key_of(line)
            cache.put(key, key_of(line), one)
        lines[one] = line
    text = there if there is not None and lines == before else packed(lines, header, paragraphs)
    cache.put(_of_all(known, kept, header), key_of(text))
    return text


def _of_all(known: Mapping[str, str | None], kept: Collection[str], header: str) -> str:
    return key_of(header, sorted(kept), [f"{one} {known[one]}" for one in sorted(known)])


def packed(lines: Mapping[str, str], header: str, before: Mapping[tuple[str, ...], str] = MappingProxyType({})) -> str:
    """The text of a file.

    Args:
        lines: The line of each endpoint, by id.
        header: What its first line says.
        before: Paragraphs as they were, by the lines in them.

    Raises:
        DefectError: A line is none.
    """
    for one, line in lines.items():
        if not _LINE.fullmatch(line) or not line.startswith(f"{one}\t"):
            raise DefectError(f"the schemas of {one} are no line of printable ASCII")
    paragraphs = [before.get(each) or _compressed(each) for each in _cut(lines)]
    return f"# {comment(header)}\n" + "\n\n".join(paragraphs) + "\n"


def _cut(lines: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    """The lines of each paragraph. Where one begins, the id alone says: a new endpoint moves no other one."""
    found: list[str] = []
    for one in sorted(lines):
        if found and zlib.crc32(one.encode()) % _PARAGRAPH == 0:
            yield tuple(found)
            found = []
        found.append(lines[one])
    yield tuple(found)


def _compressed(lines: tuple[str, ...]) -> str:
    import lzma

    data = lzma.compress("".join(f"{line}\n" for line in lines).encode(), preset=_PRESET)
    return "\n".join(base64.b64encode(data[at : at + _BYTES]).decode() for at in range(0, len(data), _BYTES))


def unpacked(text: str | None, header: str) -> dict[str, str]:
    """The line of each endpoint, by id; none where the text is not as `packed` wrote it."""
    return _by_id(_paragraphs(text, header))


def _by_id(paragraphs: Mapping[tuple[str, ...], str]) -> dict[str, str]:
    return {line.partition("\t")[0]: line for lines in paragraphs for line in lines}


def _paragraphs(text: str | None, header: str) -> dict[tuple[str, ...], str]:
    """The paragraphs of a file, by the lines in them; none where one is not as `packed` wrote it."""
    import lzma

    first, _, rest = (text or "").partition("\n")
    if first != f"# {comment(header)}":
        return {}
    found: dict[tuple[str, ...], str] = {}
    for paragraph in rest.removesuffix("\n").split("\n\n"):
        reader = lzma.LZMADecompressor(format=lzma.FORMAT_XZ)
        try:
            data = reader.decompress(base64.b64decode(paragraph.replace("\n", ""), validate=True), _MOST)
            lines = data.decode("ascii").splitlines()
        except (binascii.Error, lzma.LZMAError, EOFError, ValueError):
            return {}
        if not reader.eof or reader.unused_data:
            return {}
        found[tuple(lines)] = paragraph
    return found

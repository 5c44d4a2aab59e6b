"""The schemas of the package's endpoints, as their documents say them: read from the package when first asked for."""

# design: Which schemas travel with the package?

import base64
import json
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pkgutil import get_data
from typing import Any, Literal

_FILE = "_schemas.txt"
_DIALECT = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
_LONGEST_ID = 1 << 10  # bytes
# The file of each package, as far as it was read.
_read: dict[str, "_File"] = {}


@dataclass(frozen=True, slots=True)
class Schemas:
    """What an endpoint takes and what it answers with, as JSON Schema 2020-12; they are shared, and not to be changed.

    Attributes:
        input: Of the input; properties are in fal's order, and references lead to its own `$defs`.
        output: The same of the output.
        category: What fal files the model under, e.g. `text-to-image`; None where the document does not tell.
        description: What the document says of the model, in paragraphs of any text.
        documentation: The URL of the model's page.
    """

    input: Mapping[str, Any]
    output: Mapping[str, Any]
    category: str | None = None
    description: str | None = None
    documentation: str | None = None


@lru_cache(maxsize=256)
def schemas_of(package: str, endpoint_id: str) -> Schemas | None:
    """The schemas of an endpoint, or None where the package does not have it.

    The first call for one of some fifty endpoints decompresses those of all of them; any thread may call.

    Args:
        package: The package's name, e.g. `fal_typed`.
        endpoint_id: The endpoint's id.

    Raises:
        FileNotFoundError: The package does not have the file that they are in.
        RuntimeError: This Python was built without `lzma`, or the file is not as it was made.
    """
    text = _line_of(package, endpoint_id)
    if text is None:
        return None
    both = json.loads(text)  # one that an earlier generator made tells nothing about the model
    return Schemas(input=_DIALECT | both["input"], output=_DIALECT | both["output"], **both.get("about", {}))


def new_schema(package: str, endpoint_id: str, side: Literal["input", "output"]) -> dict[str, Any] | None:
    """One of an endpoint's schemas, which nobody else has; for the arguments and errors see `schemas_of`."""
    text = _line_of(package, endpoint_id)
    return None if text is None else _DIALECT | json.loads(text)[side]


def _line_of(package: str, endpoint_id: str) -> bytes | None:
    try:
        from lzma import LZMAError
    except ImportError:
        raise RuntimeError(
            "this Python was built without `lzma`, which the schemas of the endpoints are compressed with; "
            "install liblzma's headers (xz-devel, liblzma-dev), and build Python anew"
        ) from None
    try:
        # Two threads may both read the same; neither waits for the other, also not in a forked child.
        if package not in _read:
            _read[package] = _File(_data_of(package))
        return _read[package].line_of(endpoint_id)
    except (ValueError, LZMAError) as error:
        raise RuntimeError(f"{package}/{_FILE} is not as it was generated ({error}); install it anew") from None


def _data_of(package: str) -> bytes:
    try:
        data = get_data(package, _FILE)
    except OSError:
        data = None
    if data is None:
        raise FileNotFoundError(f"{package} has no {_FILE}, or was loaded by something that reads no files")
    return data


class _File:
    """Paragraphs of some fifty endpoints, in the order of their ids: one is decompressed when it is asked for.

    Args:
        data: What is in the file.

    Raises:
        ValueError: It is no such file.
        LZMAError: It is none either.
    """

    def __init__(self, data: bytes) -> None:
        from lzma import LZMADecompressor

        paragraphs = data.replace(b"\r", b"").partition(b"\n")[2].split(b"\n\n")
        self._paragraphs = [base64.b64decode(each) for each in paragraphs]
        begins = [LZMADecompressor().decompress(each, _LONGEST_ID) for each in self._paragraphs]
        self._first_ids = [each.partition(b"\t")[0].decode() for each in begins]
        self._lines: dict[int, dict[str, bytes]] = {}

    def line_of(self, endpoint_id: str) -> bytes | None:
        """The JSON of an endpoint; raises as the class does."""
        at = bisect_right(self._first_ids, endpoint_id) - 1
        if at < 0:
            return None
        if at not in self._lines:
            from lzma import decompress

            rows = decompress(self._paragraphs[at]).splitlines()
            self._lines[at] = {key.decode(): text for key, _, text in (row.partition(b"\t") for row in rows)}
        return self._lines[at].get(endpoint_id)

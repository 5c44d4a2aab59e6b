"""The schemas of the package's endpoints, as their documents say them: read from the package when first asked for."""

# design: Which schemas travel with the package?

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pkgutil import get_data
from typing import Any

_FILE = "_schemas.txt"
_DIALECT = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
# By package, each endpoint's JSON by its id.
_read: dict[str, dict[str, bytes]] = {}


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

    The first call in a process reads those of all endpoints, some milliseconds for a hundred; any thread may call.

    Args:
        package: The package's name, e.g. `fal_typed`.
        endpoint_id: The endpoint's id.

    Raises:
        FileNotFoundError: The package does not have the file that they are in.
        RuntimeError: This Python was built without `lzma`, or the file is not as it was made.
    """
    text = _lines_of(package).get(endpoint_id)
    if text is None:
        return None
    both = json.loads(text)  # one that an earlier generator made tells nothing about the model
    return Schemas(input=_DIALECT | both["input"], output=_DIALECT | both["output"], **both.get("about", {}))


def _lines_of(package: str) -> Mapping[str, bytes]:
    if package not in _read:
        # Two threads may both read it; neither waits for the other, also not in a forked child.
        _read[package] = _decompressed(package)
    return _read[package]


def _decompressed(package: str) -> dict[str, bytes]:
    try:
        import lzma
    except ImportError:
        raise RuntimeError(
            "this Python was built without `lzma`, which the schemas of the endpoints are compressed with; "
            "install liblzma's headers (xz-devel, liblzma-dev), and build Python anew"
        ) from None
    try:
        data = get_data(package, _FILE)
    except OSError:
        data = None
    if data is None:
        raise FileNotFoundError(f"{package} has no {_FILE}, or was loaded by something that reads no files")
    try:
        paragraphs = data.replace(b"\r", b"").partition(b"\n")[2].split(b"\n\n")
        rows = b"".join(lzma.decompress(base64.b64decode(each)) for each in paragraphs).splitlines()
    except (ValueError, lzma.LZMAError) as error:
        raise RuntimeError(f"{package}/{_FILE} is not as it was generated ({error}); install it anew") from None
    return {key.decode(): text for key, _, text in (row.partition(b"\t") for row in rows)}

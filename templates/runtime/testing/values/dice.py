"""Numbers that look like chance and are the same in every process: no state, only what they are asked for."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from .kinds import is_list, is_object


def seed_of(endpoint_id: str, input: Any) -> str:
    """What a call has for its own: the same for inputs that are equal as JSON."""
    text = json.dumps(_canonical(input), sort_keys=True, separators=(",", ":"), default=repr)
    return sha256(f"{endpoint_id}\n{text}".encode("utf-8", "surrogatepass")).hexdigest()


def rolled(seed: str, place: str, sides: int) -> int:
    """A number below `sides` for a place of an output."""
    return int.from_bytes(sha256(f"{seed}\n{place}".encode("utf-8", "surrogatepass")).digest()[:16], "big") % sides


def token(seed: str, place: str, length: int = 12) -> str:
    """Letters and digits for a place of an output."""
    digest = sha256(f"{seed}\ntoken {place}".encode("utf-8", "surrogatepass")).hexdigest()
    return (digest * (length // len(digest) + 1))[:length]


def _canonical(value: Any) -> Any:
    """1.0 is 1."""
    if is_object(value):
        return {str(key): _canonical(one) for key, one in value.items()}
    if is_list(value):
        return [_canonical(one) for one in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value

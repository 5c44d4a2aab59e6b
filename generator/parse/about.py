"""A document in short: what an editor says of an endpoint before anything of it is opened."""

# design: What do editors show of the tree of endpoints?

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING, NamedTuple

from ..literals import paragraphs

if TYPE_CHECKING:
    from .normalize import Normalized

_LONGEST = 200  # characters of a sentence
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")


class About(NamedTuple):
    """A document in short.

    Attributes:
        category: What kind of model it is, as fal says.
        sentence: The first of its description.
        documentation: The address of its page.
        deprecated: What its callers are told, where fal does not list it any more.
    """

    category: str = ""
    sentence: str = ""
    documentation: str = ""
    deprecated: str = ""


def about(one: Normalized) -> About:
    """A document in short."""
    metadata, document = one.resolved.metadata, one.resolved.document
    words = next(iter(paragraphs(metadata.get("about").text())), "")
    return About(
        category=metadata.get("category").text(),
        sentence="" if words == document.id else textwrap.shorten(sentence(words), _LONGEST, placeholder=" …"),
        documentation=metadata.get("documentationUrl").text(),
        deprecated=deprecation(document.id, document.vanished),
    )


def sentence(text: str) -> str:
    """The first sentence of a line."""
    return _SENTENCE.split(text, maxsplit=1)[0]


def deprecation(endpoint_id: str, vanished: str) -> str:
    """What callers of an endpoint are told that fal does not list any more; empty where it does.

    Args:
        endpoint_id: Its id.
        vanished: Since when, if it is so.
    """
    if not vanished:
        return ""
    return f"fal has not listed {endpoint_id} since {vanished}: calls may fail, and a later release removes it."

"""Documents for a site that must bear everything: the cases, the attacks, and hostile prose in every place."""

from __future__ import annotations

from itertools import cycle
from typing import Any

from hostile.attacks import ATTACKS, PAYLOADS
from hostile_prose import HOSTILE
from support import CASES, document, obj, ref

_PAGES = (*HOSTILE.values(), '"><script>alert(1)</script>', "' onmouseover='alert(1)", "</code></pre><img src=x>")
# What a page could lead to, and a picture be of.
_ADDRESSES = (
    "javascript:alert(1)",
    "http://example.com/a",
    "//example.com/a",
    "data:text/html,x",
    "https://example.com/\"onerror='alert(1)",
    "https://example.com/a b",
    "https://user@example.com/",
    "https://example.com/<script>",
    " https://example.com/\n",
    "https://",
)


def awkward_documents() -> dict[str, Any]:
    """A document, or its text, by its endpoint."""
    cases = {f"fal-ai/case/{path.stem}": path.read_text(encoding="utf-8") for path in sorted(CASES.glob("*.json"))}
    payloads = zip(ATTACKS.items(), cycle(PAYLOADS.values()), strict=False)
    attacks = {f"fal-ai/{name}": attack(f"fal-ai/{name}", payload) for (name, (_, attack)), payload in payloads}
    return {**cases, **attacks, **hostile_documents()}


def hostile_documents() -> dict[str, Any]:
    """Each hostile text in every place that somebody else writes."""
    made = {f"fal-ai/words/n{number}": _everywhere(number, text) for number, text in enumerate(_PAGES)}
    for number, address in enumerate(_ADDRESSES):
        data = document(f"fal-ai/addresses/n{number}")
        data["info"]["x-fal-metadata"] |= {
            "documentationUrl": address,
            "thumbnailUrl": address,
            "playgroundUrl": address,
        }
        made[f"fal-ai/addresses/n{number}"] = data
    return made


def _everywhere(number: int, text: str) -> dict[str, Any]:
    endpoint_id = f"fal-ai/words/n{number}"
    words = {"title": text, "description": text, "examples": [text], "default": text}
    input_ = obj(
        {
            "prompt": {"type": "string", **words},
            text: {"type": "string", **words},
            "mode": {"enum": [text, "other", f"{text} more"], "description": text},
            "image_url": {"type": "string", **words},
            "part": {"allOf": [ref("Part")], "description": text},
            "parts": {"type": "array", "items": ref("Part"), "maxItems": 3, "description": text},
        },
        required=["prompt"],
        description=text,
    )
    output = obj(
        {"text": {"type": "string", **words}, "part": ref("Part"), text: {"type": "integer"}}, description=text
    )
    part = obj({"name": {"type": "string", **words}, "again": ref("Part")}, description=text, title=text)
    data = document(endpoint_id, input=input_, output=output, components={"Part": part}, about=text)
    data["info"]["title"] = text
    data["info"]["x-fal-metadata"] |= {"category": text, "documentationUrl": text, "thumbnailUrl": text}
    return data

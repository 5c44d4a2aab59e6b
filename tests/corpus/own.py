"""Documents of our own in the shapes that the real ones have, for whoever has none of those: the cases and the pinned.

`test_reach.py` holds them to it: each way through `generator/parse` and `generator/ir` that a real document takes, one
of these takes too.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).parents[2]
CASES = REPOSITORY / "tests" / "cases"
SPECS = REPOSITORY / "specs"
# Ids in the forms that real ones have, and the case that is read under each.
IDS = {
    "fal-ai/2d-case": "bounds",
    "fal-ai/case/v1.5": "maps",
    "fal-ai/case/v15": "maps",  # the same class as that of 1.5
    "fal-ai/case/talk/stream": "arrays",
    "fal-ai/case/quiet/stream": "free-form-output",
}
# Whose documents they are besides: what three have, two share while the third is away.
OWNERS = ("ours", "theirs")
# What no real document has, and the second reading of the tests (`schemas.py`) cannot read, or does not follow.
UNLIKE = {
    "all-of-several": "allOf of more than one",
    "file-limits": "types in a circle",
    "discriminator": "oneOf whose members are told apart",
    "odd-component-names": "names alike but for case in one document",
    "output-of-no-kind": "an output that is no object",
    "outputs-as-inputs": "types in a circle",
    "recursive": "types in a circle",
    "type-list": "a list of types, in the manner of OpenAPI 3.1",
}
# An id that fal has in two spellings: one of them has to go.
CLASH = ("Ours/case/maps", "ours/case/maps")


@cache
def every() -> dict[str, dict[str, Any]]:
    """All of them by id: cases, the whole ones for other owners too (so there are types to share), pinned."""
    cases = {file.stem: _read(file) for file in sorted(CASES.glob("*.json"))}
    return {
        **{f"fal-ai/case/{name}": data for name, data in cases.items()},
        **{f"{owner}/case/{name}": cases[name] for owner in OWNERS for name in cases if _is_whole(cases[name])},
        **{endpoint_id: cases[name] for endpoint_id, name in IDS.items()},
        **{
            file.relative_to(SPECS).with_suffix("").as_posix(): _read(file)
            for file in sorted(SPECS.glob("*/**/*.json"))
        },
    }


@cache
def whole() -> dict[str, dict[str, Any]]:
    """Those in which nothing is wrong, and nothing unlike real ones."""
    like = {one: data for one, data in sorted(every().items()) if one.rpartition("/")[2] not in UNLIKE}
    return {one: data for one, data in like.items() if is_whole(one)}


def is_whole(endpoint_id: str) -> bool:
    """Whether the generator finds nothing wrong with one of them."""
    return endpoint_id in _pinned() or _is_whole(every()[endpoint_id])


def ids() -> list[str]:
    """Their ids, and one that clashes with another."""
    return sorted({*every(), *CLASH})


@cache
def _pinned() -> dict[str, dict[str, Any]]:
    files = sorted(SPECS.glob("*/**/*.json"))
    return {file.relative_to(SPECS).with_suffix("").as_posix(): _read(file) for file in files}


def _read(file: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return data


def _is_whole(case: dict[str, Any]) -> bool:
    return "x-case" in case and not case["x-case"]["finds"]

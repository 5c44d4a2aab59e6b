"""What templates call: small decisions about how much of something is shown at once, and how it is worded."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from ..places import slug

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..facts import EndpointFacts, ReleasedChange, Sample, TypeFacts

MOST_MEMBERS = 8
"""So many members of an enum are shown; more are folded."""
LONGEST_VALUE = 90
"""So long may a default or an example be; a longer one is folded."""
MOST_USERS = 24
"""So many endpoints are named at once where all of them have something in common."""
MOST_SHOWN = 40
"""Up to so many endpoints the overview names each of them, with what it is for."""
_MOST_GIVEN = 6
_LONGEST_WHOLE = 20
_LONGEST_BEGINNING = 40
# A prompt that stands as the example of all says what is asked for, and is read at a glance.
_SHORTEST_PROMPT, _LONGEST_PROMPT = 16, 80
_PROMPT = re.compile(r'\bprompt="([^"]*)"')
_CALLED = re.compile(r"\b(fal(?:\.\w+)+)\.subscribe\(")
# The pieces that a name is broken into: all of it, in order.
_WORDS = re.compile(r"[A-Z]*[^/_.\[|A-Z]*[/_.\[| ]*", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """A sample and the id that its button copies by."""

    id: str
    label: str
    language: str
    code: str


def plural(count: int, singular: str) -> str:
    """`1 endpoint`, `1,440 endpoints`."""
    if count == 1:
        return f"1 {singular}"
    return f"{count:,} {singular[:-1]}ies" if re.search("[^aeiou]y$", singular) else f"{count:,} {singular}s"


def breakable(name: str) -> Markup:
    """A name that a narrow page breaks where its words end: `photographic_`, `characteristics`."""
    if len(name) <= _LONGEST_WHOLE:
        return escape(name)
    return Markup("<wbr>").join(filter(None, _WORDS.findall(name)))


def beginning(value: str) -> str:
    """How a long value begins, in one line."""
    return " ".join(value[:_LONGEST_BEGINNING].split()) + "…"


def is_long(value: str) -> bool:
    """Whether a value would push aside what stands around it."""
    return len(value) > LONGEST_VALUE or "\n" in value


def anchors(kind: str, types: Sequence[TypeFacts]) -> tuple[dict[str, str], ...]:
    """The ids of fields: a dict by their names in JSON for each type.

    Args:
        kind: `params` or `models`.
        types: Those of one page; where several have a field of one name, the first gets the plain id.
    """
    taken: set[str] = set()
    found: list[dict[str, str]] = []
    for one in types:
        wire_names = [field.wire_name for field in one.fields]
        found.append({name: _free(field_anchor(kind, name), taken) for name in wire_names})
    return tuple(found)


def field_anchor(kind: str, wire_name: str) -> str:
    """The id of a field in the page of its endpoint."""
    return f"{'in' if kind == 'params' else 'out'}-{re.sub('[^A-Za-z0-9_.-]', '_', wire_name)}"


def _free(wanted: str, taken: set[str]) -> str:
    free, number = wanted, 1
    while free in taken:
        number += 1
        free = f"{wanted}-{number}"
    taken.add(free)
    return free


def snippets(samples: Iterable[Sample]) -> tuple[Snippet, ...]:
    """Samples with ids that are the same for the same labels, so that a link to one stays right."""
    taken: set[str] = set()
    return tuple(
        Snippet(
            id=_free("code-" + re.sub("[^a-z0-9]+", "-", one.label.lower()).strip("-"), taken),
            label=one.label,
            language=one.language,
            code=one.code,
        )
        for one in samples
    )


def own_words(endpoint: EndpointFacts) -> str:
    """What the document says beyond the summary that stands above it already; empty where it says no more."""
    first, _, others = endpoint.prose.strip().partition("\n\n")
    return others if " ".join(first.split()) == endpoint.summary else endpoint.prose


def releases(endpoint: EndpointFacts) -> tuple[ReleasedChange, ...]:
    """What releases said of it, the last one first, down to the one that it came with."""
    came = (endpoint.since,) if endpoint.since and endpoint.since not in endpoint.changes else ()
    return (*endpoint.changes, *came)


def by_category(endpoints: Iterable[EndpointFacts]) -> list[tuple[str, str, list[EndpointFacts]]]:
    """Endpoints by category, each with the anchor of its part: the largest first; those without one stand last."""
    parts: dict[str, list[EndpointFacts]] = {}
    for one in endpoints:
        parts.setdefault(one.category, []).append(one)
    taken: set[str] = set()
    return [
        (name or "without a category", _free(f"of-{slug(name)}", taken), those)
        for name, those in sorted(parts.items(), key=lambda part: (not part[0], -len(part[1]), part[0]))
    ]


def shown_first(endpoints: Sequence[EndpointFacts], most: int) -> tuple[EndpointFacts, ...]:
    """The first few; all, where a link to the rest would lead to one more."""
    return tuple(endpoints if len(endpoints) <= most + 1 else endpoints[:most])


def gives(endpoint: EndpointFacts) -> tuple[str, ...]:
    """What its output has, by the names of its first fields and `…` for more; nothing where that is not one type."""
    fields = endpoint.outputs[0].fields if len(endpoint.outputs) == 1 else ()
    names = tuple(one.name for one in fields)
    return names if len(names) <= _MOST_GIVEN else (*names[:_MOST_GIVEN], "…")


def hostname(url: str) -> Markup:
    """The host of an https address, for people."""
    return escape(url.removeprefix("https://").partition("/")[0])


def example(endpoints: Sequence[EndpointFacts], skill: str = "") -> EndpointFacts | None:
    """Whose sample stands in the overview: the example that the package carries already, else one that reads well.

    That is one that makes a picture, with a URL to print, of words alone, as most people come for: words enough to
    tell what is asked for, and few enough to be read.

    Args:
        endpoints: All of them.
        skill: The skill that the package carries.
    """
    sampled = [one for one in endpoints if one.samples and not one.deprecated]
    called = _CALLED.search(skill)
    known = next((one for one in sampled if called and one.attribute == called[1]), None)
    plain = [one for one in sampled if one.category == "text-to-image" and "an image" not in one.takes]
    return known or min(plain or sampled, key=_reading, default=None)


def _reading(endpoint: EndpointFacts) -> tuple[bool, bool, int, int, str]:
    """How hard the sample of an endpoint is to read: what is easiest is least."""
    code = endpoint.samples[0].code
    prompt = _PROMPT.search(code)
    is_telling = prompt is not None and _SHORTEST_PROMPT <= len(prompt[1]) <= _LONGEST_PROMPT
    return not is_telling, ".url)" not in code, len(code.splitlines()), len(endpoint.input.fields), endpoint.id

"""What programs read first: `llms.txt`, which leads to the texts, and `llms-full.txt`, which has them all in short."""

# design: What is in `llms.txt`?

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from . import places
from .markdown import line_text
from .md_fields import short_list
from .md_words import block, code, to

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .facts import EndpointFacts, SharedType, SiteFacts
    from .pages.frame import EndpointGroup, Site

# Bytes that a program reads at once without harm.
LONGEST = 150_000
_ABOUT = "fal.ai's models from Python: a typed client, and what each endpoint takes and gives back."


def llms(site: Site) -> str:
    """`llms.txt`, in the form of llmstxt.org: a line for each endpoint; for each category, where those are too many."""
    whole = _llms(site, each=True)
    return whole if len(whole.encode()) <= LONGEST else _llms(site, each=False)


def _llms(site: Site, *, each: bool) -> str:
    facts, page = site.facts, site.facts.url or places.LLMS
    lines = [*_head(facts), "", "## First", ""]
    if facts.skill:
        told = "how endpoints are called, what it costs, files, tests"
        lines.append(f"- [The rules of a call]({facts.url}{places.SKILL}): {told}")
    index = facts.url + places.text_of(places.INDEX)
    lines.append(f"- [All endpoints]({index}): by what they do, what they take, and who owns them")
    lines += _endpoints(site, page) if each else _groups("Endpoints by what they do", site.categories, page)
    if not each:
        lines += _groups("Endpoints by owner", site.owners, page)
    lines += _groups("Endpoints by what they take", site.takes, page)
    if facts.guides:
        lines += ["", "## Guides", ""]
        lines += [f"- {to(page, places.guide_page(one.slug), line_text(one.title))}" for one in facts.guides]
    lines += ["", "## Optional", ""]
    lines.append(f"- [Everything in one file]({facts.url}{places.LLMS_FULL}): the rules, and each endpoint in short")
    if facts.changelog:
        lines.append(f"- [Changelog]({facts.url}{places.text_of(places.CHANGELOG)}): what each release changed")
    if site.compared:
        lines.append(f"- [ClientComparison]({facts.url}{places.text_of(places.COMPARISON)}): this client beside others")
    return "\n".join(lines) + "\n"


def _head(facts: SiteFacts) -> list[str]:
    return [f"# {line_text(facts.title)}", "", f"> {_ABOUT} It is imported as {code(facts.package)}."]


def _groups(title: str, groups: tuple[EndpointGroup, ...], page: str) -> Iterator[str]:
    if groups:
        yield from ("", f"## {title}", "")
    for one in groups:
        count = len(one.endpoints)
        yield f"- {to(page, one.path, line_text(one.title))}: {count} endpoint{'' if count == 1 else 's'}"


def _endpoints(site: Site, page: str) -> Iterator[str]:
    for title, endpoints in _by_category(site):
        yield from ("", f"## {title}", "")
        for one in endpoints:
            told = "; ".join(each for each in ("deprecated" if one.deprecated else "", line_text(one.summary)) if each)
            yield f"- {to(page, places.endpoint_page(one.id), line_text(one.id))}{f': {told}' if told else ''}"


def _by_category(site: Site) -> Iterator[tuple[str, list[EndpointFacts]]]:
    """Each endpoint once: an endpoint has one category, or none."""
    for group in site.categories:
        yield line_text(group.title), list(group.endpoints)
    rest = [one for one in site.facts.endpoints if not one.category]
    if rest:
        yield "Of no category", rest


def llms_full(site: Site) -> str:
    """`llms-full.txt`: the rules, the shared types once, and each endpoint with its fields and one call."""
    facts = site.facts
    parts = ["\n".join(_head(facts)), f"Install it with {code(facts.install)}."]
    if facts.skill:
        parts.append(without_front_matter(facts.skill))
    for kind, title in (("params", "Shared types that are given"), ("models", "Shared types that are answered")):
        types = [one for one in facts.types if one.type.kind == kind]
        if types:
            parts += [f"# {title}", *map(_type, types)]
    for title, endpoints in _by_category(site):
        parts += [f"# {title}", *map(_endpoint, endpoints)]
    return "\n\n".join(parts) + "\n"


def without_front_matter(skill: str) -> str:
    """The skill below what only a program that collects skills reads."""
    return re.sub(r"\A---\n.*?\n---\n", "", skill, flags=re.DOTALL).strip()


def _type(one: SharedType) -> str:
    fields = "\n".join(short_list(one.type)) or "It has no fields."
    return f"## {code(f'{one.type.module}.{one.type.name}')}\n\n{fields}"


def _endpoint(one: EndpointFacts) -> str:
    lines = [f"## {code(one.id)}", "", f"{code(one.attribute)}. {line_text(one.summary)}".rstrip()]
    if one.deprecated:
        lines += ["", f"Deprecated: {line_text(one.deprecated)}"]
    sample = next((each for each in one.samples if each.language == "python"), None)
    if sample is not None:
        lines += ["", block(sample.code, "python")]
    inputs = ["any JSON"] if one.untyped else short_list(one.input) or ["nothing"]
    lines += ["", f"Takes ({code(one.input.name)}):", "", *inputs]
    if one.streams:
        called = f"with {one.attribute}.stream(…) as events:"
        lines += ["", f"It streams {code(one.event or 'dict[str, Any]')}: {code(called)}"]
    lines += ["", f"Gives {code(one.output_type)}{':' if any(each.fields for each in one.outputs) else '.'}"]
    for each in one.outputs:
        if each.fields:
            is_alone = len(one.outputs) == 1
            lines += ["", *([] if is_alone else [f"{code(each.name)}:", ""]), *short_list(each)]
    return "\n".join(lines)

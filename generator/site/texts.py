"""The site as text, for programs that write Python: an `.md` beside each page, and what leads to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .. import places as files
from ..emit.templates import environment, in_template
from . import places
from .comparison import comparison_page
from .llms import llms, llms_full
from .markdown import line_text, prose_text
from .md_fields import field_list
from .md_links import linked
from .md_words import block, code, quoted, to
from .pages.frame import site_of
from .pages.linking import from_changelog, from_guide
from .pages.views import gives

if TYPE_CHECKING:
    from .comparison import ClientComparison
    from .facts import EndpointFacts, SharedType, Sibling, SiteFacts
    from .pages.frame import EndpointGroup, Site

_WORDS: dict[str, Any] = {
    "block": block,
    "code": code,
    "gives": gives,
    "len": len,
    "line": line_text,
    "places": places,
    "to": to,
}


def texts(facts: SiteFacts, comparison: ClientComparison | None) -> dict[str, str]:
    """Every text of the site.

    Args:
        facts: What they say.
        comparison: With other clients; None leaves its page out.

    Returns:
        Markdown by path from the site's root.

    Raises:
        TemplateError: A template is no Jinja, or names what there is not.
    """
    writer = _Writer(site_of(facts, compared=comparison is not None))
    pages = {places.INDEX: writer.index()}
    pages |= {places.endpoint_page(one.id): writer.endpoint(one) for one in facts.endpoints}
    pages |= {places.type_page(one.type.kind, one.type.name, one.type.page): writer.type(one) for one in facts.types}
    pages |= writer.lists()
    for guide in facts.guides:
        page = places.guide_page(guide.slug)
        pages[page] = linked(guide.text, from_guide(facts, page, guide.source))
    if facts.changelog:
        pages[places.CHANGELOG] = linked(facts.changelog, from_changelog(facts))
    if comparison is not None:
        pages[places.COMPARISON] = comparison_page(comparison)[1]
    made = {places.text_of(page): f"{text.strip()}\n" for page, text in pages.items()}
    if facts.skill:
        made[places.SKILL] = facts.skill
    return made | {places.LLMS: llms(writer.site), places.LLMS_FULL: llms_full(writer.site)}


class _Writer:
    """Writes the pages of one site.

    Args:
        site: What every page may show.
    """

    def __init__(self, site: Site) -> None:
        self.site = site
        self._by_id = {one.id: one for one in site.facts.endpoints}
        self._environment = environment(files.TEMPLATES, {})
        self._environment.globals.update(_WORDS)

    def _text(self, name: str, page: str, **context: Any) -> str:
        template = f"site/{name}.md.jinja"
        with in_template(files.TEMPLATES, template):
            return self._environment.get_template(template).render(page=page, facts=self.site.facts, **context)

    def index(self) -> str:
        """The overview."""
        return self._text("index", places.INDEX, site=self.site)

    def endpoint(self, one: EndpointFacts) -> str:
        """The page of an endpoint."""
        page = places.endpoint_page(one.id)
        return self._text(
            "endpoint",
            page,
            endpoint=one,
            prose=quoted(prose_text(one.prose)),
            inputs=field_list(one.input, page),
            outputs=[(each, field_list(each, page)) for each in one.outputs],
            siblings=[(each, differences(each)) for each in one.siblings],
        )

    def type(self, one: SharedType) -> str:
        """The page of a shared type."""
        page = places.type_page(one.type.kind, one.type.name, one.type.page)
        prose, fields = quoted(prose_text(one.type.prose)), field_list(one.type, page)
        users = [self._by_id[each] for each in one.used_by if each in self._by_id]
        return self._text("type", page, shared=one, prose=prose, fields=fields, users=users)

    def lists(self) -> dict[str, str]:
        """The pages of what endpoints have in common, by path."""
        found: list[tuple[str, EndpointGroup]] = [("", one) for one in (*self.site.categories, *self.site.owners)]
        found += [("Takes ", one) for one in self.site.takes]
        return {one.path: self._text("list", one.path, group=one, before=before) for before, one in found}


def differences(one: Sibling) -> str:
    """How a sibling differs, as it stands behind its id."""
    told = [line_text(each, in_table=False) for each in one.differences]
    more = one.count - len(told)
    return "; ".join([*told, *([f"{more} more"] if more > 0 else [])])

"""Makes the pages: which there are, and which template shows what. What stands where, the templates say."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from ... import places as project_places
from ...diagnostics import visible
from ...emit.templates import environment, in_template
from .. import places
from ..comparison import comparison_page
from ..markdown import line_html, own_html, prose_html
from . import views
from .code import highlighted
from .frame import PageFrame, site_of
from .linking import from_changelog, from_guide, nowhere
from .written import headings_of, pieces

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from markupsafe import Markup

    from ..comparison import ClientComparison
    from ..facts import Guide, SiteFacts
    from ..markdown import PageHeading
    from .frame import EndpointGroup, Site

_GLOBALS: dict[str, Any] = {
    "anchors": views.anchors,
    "beginning": views.beginning,
    "breakable": cache(views.breakable),
    "gives": views.gives,
    "highlighted": cache(highlighted),
    "by_category": views.by_category,
    "hostname": views.hostname,
    "is_long": views.is_long,
    "len": len,
    "line": cache(line_html),
    "nowhere": nowhere,
    "own": own_html,
    "own_words": views.own_words,
    "places": places,
    "plural": views.plural,
    "prose": cache(prose_html),
    "releases": views.releases,
    "shown_first": views.shown_first,
    "snippets": views.snippets,
    "visible": visible,
    "MOST_SHOWN": views.MOST_SHOWN,
    "MOST_MEMBERS": views.MOST_MEMBERS,
    "MOST_USERS": views.MOST_USERS,
}


@dataclass(frozen=True, slots=True)
class _Shown:
    """A page, the template that shows it, and what the template is given besides."""

    page: PageFrame
    template: str
    context: dict[str, object]


def pages(facts: SiteFacts, comparison: ClientComparison | None = None) -> dict[str, str]:
    """Every page of the site.

    Args:
        facts: What they say.
        comparison: With others; None leaves its page out.

    Returns:
        HTML by path from the site's root.

    Raises:
        TemplateError: A template is no Jinja, or names what there is not.
    """
    site = site_of(facts, compared=comparison is not None)
    found = [*_overview(site), *_endpoints(site), *_types(site), *_lists(site), *_written(site)]
    if comparison is not None:
        found.append(_comparison(site, comparison))
    render = _renderer(project_places.TEMPLATES)
    return {one.page.path: render(one) for one in found}


def _renderer(folder: Path) -> Callable[[_Shown], str]:
    """What makes HTML of a page: text that is no Markup is escaped, whoever wrote it."""
    html = environment(folder, {}).overlay(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    html.globals.update(_GLOBALS)

    def render(shown: _Shown) -> str:
        with in_template(folder, shown.template):
            return html.get_template(shown.template).render(page=shown.page, site=shown.page.site, **shown.context)

    return render


def _overview(site: Site) -> Iterator[_Shown]:
    facts = site.facts
    about = f"{views.plural(len(facts.endpoints), 'endpoint')} of fal.ai, typed in Python: inputs, outputs and samples."
    index = PageFrame(path=places.INDEX, title=facts.title, about=about, site=site)
    yield _Shown(
        index,
        "site/index.html.jinja",
        {
            "first": views.example(facts.endpoints, facts.skill),
            "all_named": all(one.category for one in facts.endpoints),
        },
    )
    lost = PageFrame(path=places.NOT_FOUND, title="There is no such page", about=about, site=site, section="")
    yield _Shown(lost, "site/404.html.jinja", {})


def _endpoints(site: Site) -> Iterator[_Shown]:
    for one in site.facts.endpoints:
        about = one.summary or one.category or one.id
        page = PageFrame(path=places.endpoint_page(one.id), title=one.id, about=about, site=site)
        yield _Shown(page, "site/endpoint.html.jinja", {"endpoint": one})


def _types(site: Site) -> Iterator[_Shown]:
    known = {one.id: one for one in site.facts.endpoints}
    for one in site.facts.types:
        given = "an input" if one.type.kind == "params" else "an output"
        about = (
            f"{one.type.name}, {given} of {views.plural(len(one.used_by), 'endpoint')}: every field, and who uses it."
        )
        page = PageFrame(
            path=places.type_page(one.type.kind, one.type.name, one.type.page),
            title=one.type.name,
            about=about,
            site=site,
        )
        users = [known[user] for user in one.used_by if user in known]
        yield _Shown(page, "site/type.html.jinja", {"shared": one, "users": users})


def _lists(site: Site) -> Iterator[_Shown]:
    kinds: tuple[tuple[str, tuple[EndpointGroup, ...], str], ...] = (
        ("Category", site.categories, "{}"),
        ("Owner", site.owners, "{}"),
        ("Takes", site.takes, "Takes {}"),
    )
    for kind, groups, title in kinds:
        for group in groups:
            named = title.format(group.title)
            about = (
                f"{named}: {views.plural(len(group.endpoints), 'endpoint')} of fal.ai, with what each takes and gives."
            )
            page = PageFrame(path=group.path, title=named, about=about, site=site)
            yield _Shown(page, "site/list.html.jinja", {"group": group, "kind": kind})


def _written(site: Site) -> Iterator[_Shown]:
    facts = site.facts
    for guide in facts.guides:
        path, about = places.guide_page(guide.slug), f"{guide.title}: a guide to {facts.package}."
        page = PageFrame(path=path, title=guide.title, about=about, site=site, section="guides")
        yield _document(page, own_html(guide.text, from_guide(facts, path, guide.source)), guide)
    if facts.changelog:
        about = f"What each release of {facts.package} changed."
        page = PageFrame(path=places.CHANGELOG, title="Changelog", about=about, site=site, section="changelog")
        yield _document(page, own_html(facts.changelog, from_changelog(facts)))


def _comparison(site: Site, comparison: ClientComparison) -> _Shown:
    about = "This client beside others: what each of them does, and what it costs."
    page = PageFrame(path=places.COMPARISON, title="Comparison", about=about, site=site, section="comparison")
    body = comparison_page(comparison)[0]
    return _document(page, (body, headings_of(body)))


def _document(page: PageFrame, written: tuple[Markup, tuple[PageHeading, ...]], guide: Guide | None = None) -> _Shown:
    body, headings = written
    return _Shown(page, "site/document.html.jinja", {"body": pieces(body), "headings": headings, "guide": guide})

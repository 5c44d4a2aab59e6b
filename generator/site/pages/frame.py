"""What is around every page, and what all of them are told: groups of endpoints, and who stands beside whom.

Made once for a site; a page adds its own path, so that what leads away from it is relative.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from .. import places

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ..facts import EndpointFacts, SharedType, SiteFacts

_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:{pictures}; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'"
)
_LONGEST_DESCRIPTION = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointGroup:
    """Endpoints with something in common, and their page.

    Attributes:
        title: What they have in common, in the words of the documents; of several that share the page, all.
        path: The page.
        endpoints: By id.
    """

    title: str
    path: str
    endpoints: tuple[EndpointFacts, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What every page may show.

    Attributes:
        categories: The largest first, as the others.
        apps: Those of one app, by its id: the first two segments.
        compared: Whether there is a comparison.
    """

    facts: SiteFacts
    categories: tuple[EndpointGroup, ...]
    owners: tuple[EndpointGroup, ...]
    takes: tuple[EndpointGroup, ...]
    apps: dict[str, tuple[EndpointFacts, ...]]
    compared: bool

    @property
    def policy(self) -> str:
        """The Content-Security-Policy: nothing inline, nothing from elsewhere but pictures where a setting says so."""
        return _POLICY.format(pictures=" https:" if self.facts.thumbnails else "")

    def types_of(self, kind: str) -> tuple[SharedType, ...]:
        """The shared types of a kind: `params` or `models`."""
        return tuple(one for one in self.facts.types if one.type.kind == kind)

    def beside(self, endpoint: EndpointFacts) -> tuple[EndpointFacts, ...]:
        """The endpoints of its app, itself among them."""
        return self.apps[app_of(endpoint.id)]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFrame:
    """A page, as its template sees it.

    Attributes:
        path: From the site's root.
        title: What it is called, without the site's name.
        about: What search engines show below its title.
        section: The entry of the header that it belongs to.
    """

    path: str
    title: str
    about: str
    site: Site = field(repr=False)
    section: str = "reference"

    @property
    def root(self) -> str:
        """Leads to the site's root; ends with a slash."""
        return self._anywhere or "../" * self.path.count("/") or "./"

    @property
    def full_title(self) -> str:
        """With the site's name behind it."""
        name = self.site.facts.title
        return self.title if self.title == name else f"{self.title} · {name}"

    @property
    def description(self) -> str:
        """What it is about, cut where search engines would."""
        words = " ".join(self.about.split())
        if len(words) <= _LONGEST_DESCRIPTION:
            return words
        return words[:_LONGEST_DESCRIPTION].rsplit(" ", 1)[0].rstrip(".,;: ") + "…"

    def to(self, target: str) -> str:
        """What leads to another path of the site."""
        return self._anywhere + target if self._anywhere else places.link(self.path, target)

    @property
    def canonical(self) -> str:
        """Where it is published; empty where that is not told, or it is nobody's address."""
        url = self.site.facts.url
        return url + ("" if self.path == places.INDEX else self.path) if url and self.path != places.NOT_FOUND else ""

    @property
    def _anywhere(self) -> str:
        """The site's root on its host, for the page that a server shows in place of any other; else empty."""
        return urlsplit(self.site.facts.url).path if self.path == places.NOT_FOUND else ""


def app_of(endpoint_id: str) -> str:
    """The first two segments of an id."""
    return "/".join(endpoint_id.split("/")[:2])


def site_of(facts: SiteFacts, *, compared: bool) -> Site:
    """What every page may show.

    Args:
        facts: All there is to say.
        compared: Whether there is a page that compares.
    """
    apps: dict[str, list[EndpointFacts]] = {}
    for one in facts.endpoints:
        apps.setdefault(app_of(one.id), []).append(one)
    return Site(
        facts=facts,
        categories=_groups(facts.endpoints, lambda one: (one.category,) if one.category else (), places.category_page),
        owners=_groups(facts.endpoints, lambda one: (one.owner,), places.owner_page),
        takes=_groups(facts.endpoints, lambda one: one.takes, places.takes_page),
        apps={app: tuple(those) for app, those in apps.items()},
        compared=compared,
    )


def _groups(
    endpoints: Iterable[EndpointFacts], names_of: Callable[[EndpointFacts], Iterable[str]], page: Callable[[str], str]
) -> tuple[EndpointGroup, ...]:
    """The groups, one a page: names that differ in what a path cannot say share theirs."""
    found: dict[str, tuple[set[str], dict[str, EndpointFacts]]] = {}
    for one in endpoints:
        for name in names_of(one):
            names, members = found.setdefault(page(name), (set(), {}))
            names.add(name)
            members[one.id] = one
    groups = [
        EndpointGroup(title=", ".join(sorted(names)), path=path, endpoints=tuple(members.values()))
        for path, (names, members) in found.items()
    ]
    return tuple(sorted(groups, key=lambda group: (-len(group.endpoints), group.path)))

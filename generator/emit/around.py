"""The project around the package: its metadata, its pages, and what they are told about where it comes from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..project.changelog import sections
from ..project.settings import RuntimePart
from .readme import examples, telling_example

if TYPE_CHECKING:
    from ..ir import nodes
    from ..project.changelog import Section
    from ..project.releases import Release
    from ..project.settings import Published, Settings

# The project's `.gitignore`. hatchling packs the nearest one into the sdist: its own, so that the bytes do not depend
# on where it is built.
IGNORED = "__pycache__/\n*.egg-info/\n/build/\n/dist/\n"


@dataclass(frozen=True, slots=True)
class Around:
    """What the templates of the project see.

    Attributes:
        api: What is emitted.
        published: Where the package comes from, as far as it is set.
        output: The folder of the project in its repository.
    """

    api: nodes.Api
    published: Published
    output: str

    @property
    def templates(self) -> dict[str, str]:
        """The template of each file, by its path."""
        files = {"pyproject.toml": "project.toml.jinja", "README.md": "README.md.jinja"}
        files |= {"FROM_FAL_CLIENT.md": "FROM_FAL_CLIENT.md.jinja", "TESTING.md": "TESTING.md.jinja"}
        files |= {"COMMAND_LINE.md": "COMMAND_LINE.md.jinja", "BATCH.md": "BATCH.md.jinja"}
        return files | ({"CHANGELOG.md": "CHANGELOG.md.jinja"} if self.api.releases else {})

    @property
    def context(self) -> dict[str, Any]:
        """What they see."""
        example, streaming, with_file = examples(self.api)
        return {
            "api": self.api,
            "distribution": distribution(self.api),
            "published": self.published,
            "authors": [one.rstrip(">").partition(" <")[::2] for one in self.published.authors],
            "install": self.install,
            "page": self.page,
            "example": example,
            "streaming": streaming,
            "file_example": with_file,
            "deprecated": {
                one.id for node in self.api.nodes if (one := node.endpoint or node.finished) and one.deprecated
            },
            "chapters": [_chapter(one) for one in self.api.releases],
        }

    def install(self, extra: str = "") -> str:
        """What pip is given for the package, with one of its extras, as a shell takes it."""
        client, extras = self.published.client, f"[{extra}]" if extra else ""
        if "://" in client:
            return f"'{distribution(self.api)}{extras} @ {client}'"
        return f"'{client or '.'}{extras}'" if extras else client or "."

    def page(self, path: str) -> str:
        """The address of a page of the project: in the repository where that is known, which a package index needs."""
        if not self.published.repository:
            return path
        return f"{self.published.repository}/blob/v{self.api.version}/{self.output}/{path}"


def skill(api: nodes.Api, settings: Settings) -> dict[str, Any]:
    """What the template of the skill sees: nothing that differs between a package that is published and one vendored.

    Args:
        api: What is emitted.
        settings: The project's.
    """
    return {
        **Around(api, settings.published, settings.shown(settings.output)).context,
        "example": telling_example(api),
        "name": re.sub("[^a-z0-9]+", "-", api.package.lower()).strip("-") or "fal",
        "can_run": RuntimePart.CLI in settings.parts,
        "can_test": RuntimePart.TESTING in settings.parts,
        "site": settings.site.url,
    }


def distribution(api: nodes.Api) -> str:
    """The name that the package is published under."""
    return api.package.replace("_", "-")


def _chapter(release: Release) -> tuple[Release, tuple[Section, ...]]:
    return release, sections(release.entries)

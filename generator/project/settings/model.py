"""What a project is told in its settings."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from ..catalogue import Filters


class SettingsError(Exception):
    """A setting is wrong; nothing was read or written (exit code 2)."""


class Layout(Enum):
    """What is generated: a project to publish, or the package alone, to vendor."""

    PROJECT = "project"
    PACKAGE = "package"


class RuntimePart(Enum):
    """What of the runtime a vendored client has if it asks for it; a project to publish has all."""

    TESTING = "testing"
    CLI = "cli"


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """Where packages come from and who answers for them; empty is what is not published.

    Attributes:
        client: What pip is given for the client: a name on a package index, a git address, a wheel.
        generator: The same for the generator.
        repository: The https address of the repository.
        authors: Who answers for it, each as `Name <mail>`.
    """

    client: str = ""
    generator: str = ""
    repository: str = ""
    authors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteSettings:
    """What the site is told.

    Attributes:
        title: Of every page; empty is the package's name.
        url: Where it is published: https, and a slash at its end; empty where that is not known.
        thumbnails: Whether pages show pictures from other hosts.
        comparison: The file of figures that the page of comparison is made of; None leaves that page out.
    """

    title: str = ""
    url: str = ""
    thumbnails: bool = False
    comparison: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where things are and what they are called.

    Attributes:
        root: The folder of the `pyproject.toml`.
        package: Import name of what is generated.
        output: Where it goes.
        layout: A publishable project, or the package alone.
        specs: The folder of the documents.
        endpoints: The ids of the endpoints to cover, where they are listed here.
        catalogue: The part of fal's catalogue to cover, where that is said here.
        parts: What of the runtime there is, besides what calls need.
        max_document_mib: The size up to which a document is read, in MiB.
        published: Where the packages come from.
        site: What the site is told.
        is_new: Nothing of this is written yet: the first endpoint that is listed writes it.
        read: What was in `pyproject.toml` when this was read.
    """

    root: Path
    package: str
    output: Path
    layout: Layout
    specs: Path
    endpoints: tuple[str, ...] | None = None
    catalogue: Filters | None = None
    parts: frozenset[RuntimePart] = frozenset(RuntimePart)
    max_document_mib: int = 16
    published: Published = Published()
    site: SiteSettings = SiteSettings()
    is_new: bool = field(default=False, compare=False)
    read: bytes = field(default=b"", compare=False, repr=False)

    @property
    def pyproject(self) -> Path:
        """The file that the settings are in."""
        return self.root / "pyproject.toml"

    def refuse_stale(self) -> None:
        """Make sure that nobody changed the settings since they were read; asked by who writes, under the run's lock.

        Raises:
            SettingsError: Somebody did.
        """
        if read_pyproject(self.pyproject) != self.read:
            raise SettingsError(f"{self.pyproject}: it was changed meanwhile; run the same command again")

    def shown(self, path: Path) -> str:
        """A path as the user would type it: relative to the project, with forward slashes."""
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else path.as_posix()


def read_pyproject(path: Path) -> bytes:
    """What stands in a `pyproject.toml`, line ends as they are; nothing, where there is none."""
    return path.read_bytes() if path.is_file() else b""
